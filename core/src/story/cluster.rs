//! The story of a record among brokers and at its producer.

use super::Teller;
use crate::ids::{BrokerId, Offset, TopicPartition};
use crate::time::SimTime;
use crate::trace::{ClusterWhat, ElectionKind, ProducerWhat};

/// How far a record has come among the brokers.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// It can be read: more of the high watermark is no news.
    is_committed: bool,
    /// It was cut off, and is not back.
    is_gone: bool,
    /// It was acknowledged.
    is_acknowledged: bool,
    /// The followers that have it.
    copies: Vec<BrokerId>,
}

impl Standing {
    /// It stands in the log of its leader, once more perhaps.
    pub(super) fn appended(&mut self) {
        self.is_committed = false;
        self.is_gone = false;
        self.copies.clear();
    }

    /// What happened among the brokers, to a record that stands there, if it does.
    pub(super) fn follow(
        &mut self,
        teller: &mut Teller<'_>,
        at: SimTime,
        (what, place): (ClusterWhat, Option<(TopicPartition, Offset)>),
    ) {
        match what {
            ClusterWhat::CutOff { message, .. } if message == teller.message => {
                self.is_gone = true;
                let lost = if self.is_acknowledged {
                    "the new leader does not have it: it was acknowledged, and is lost"
                } else {
                    "the new leader does not have it"
                };
                teller.tell(at, String::from(lost));
            }
            ClusterWhat::Back { message, .. } if message == teller.message => {
                self.is_gone = false;
                teller.tell(at, String::from("the new leader has it: it is back"));
            }
            ClusterWhat::AppendedAside {
                broker, message, ..
            } if message == teller.message => teller.tell(
                at,
                format!(
                    "broker {} appends it, and leads no more: nobody else has it",
                    broker.node()
                ),
            ),
            _ => {
                if let Some(place) = place.filter(|_| !self.is_gone) {
                    self.follow_place(teller, at, (what, place));
                }
            }
        }
    }

    fn follow_place(
        &mut self,
        teller: &mut Teller<'_>,
        at: SimTime,
        (what, (partition, offset)): (ClusterWhat, (TopicPartition, Offset)),
    ) {
        match what {
            ClusterWhat::Replicated {
                partition: of,
                broker,
                end,
            } if of == partition && end > offset && !self.copies.contains(&broker) => {
                self.copies.push(broker);
                teller.tell(at, format!("broker {} has it too", broker.node()));
            }
            ClusterWhat::HighWatermarkMoved {
                partition: of,
                offset: end,
            } if of == partition && end > offset && !self.is_committed => {
                self.is_committed = true;
                teller.tell(
                    at,
                    String::from("all in-sync replicas have it: it can be read"),
                );
            }
            ClusterWhat::LeaderElected {
                partition: of,
                leader,
                election,
                ..
            } if of == partition => {
                let text = match (leader, election) {
                    (Some(leader), ElectionKind::Unclean) => format!(
                        "broker {} is to lead its partition, and may lack it",
                        leader.node()
                    ),
                    (Some(leader), _) => {
                        format!("broker {} is to lead its partition", leader.node())
                    }
                    (None, _) => String::from("its partition has no leader"),
                };
                teller.tell(at, text);
            }
            ClusterWhat::Truncated {
                partition: of,
                broker,
                end,
            } if of == partition && end <= offset => {
                self.copies.retain(|its| *its != broker);
                teller.tell(at, format!("broker {} drops it", broker.node()));
            }
            _ => {}
        }
    }

    /// What its producer hears.
    pub(super) fn hear(&mut self, teller: &mut Teller<'_>, at: SimTime, what: ProducerWhat) {
        match what {
            ProducerWhat::Acknowledged {
                message, offset, ..
            } if message == teller.message => {
                self.is_acknowledged = offset.is_some();
                let text = match (offset, self.is_gone) {
                    (Some(_), true) => "acknowledged, and lost already",
                    (Some(_), false) => "acknowledged: its producer knows that it is written",
                    (None, _) => "counted as sent: its producer waits for nothing",
                };
                teller.tell(at, String::from(text));
            }
            ProducerWhat::Failed { message, error, .. } if message == teller.message => {
                let text = format!("its producer gives up: {}", error.exception());
                teller.tell(at, text);
            }
            ProducerWhat::Dropped { message, .. } if message == teller.message => {
                teller.tell(at, String::from("lost on the way: nobody sends it again"));
            }
            _ => {}
        }
    }
}
