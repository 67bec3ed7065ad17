//! What is known of brokers and producers: which records stand in logs, which were cut off, which
//! their producers were told of.

use litemap::LiteMap;

use super::Guarantee;
use super::lane::{LaneChecks, Moment};
use crate::chunked::Chunked;
use crate::ids::MessageId;
use crate::trace::{ClusterWhat, ProducerWhat};

/// What has become of the records that were sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Fates {
    /// In how many places each stands in the logs.
    standing: Chunked<u16>,
    /// Whether each was acknowledged with its offset.
    acknowledged: Chunked<bool>,
    /// Those that stood and were cut off, every one of their copies.
    cut: LiteMap<MessageId, ()>,
    /// Those that stand nowhere and that nobody will send again.
    given_up: LiteMap<MessageId, ()>,
    /// How many stand somewhere.
    placed: u32,
}

impl Fates {
    /// How many have come to a log, or never will.
    pub(super) fn settled(&self) -> u32 {
        let given_up = u32::try_from(self.given_up.len()).unwrap_or(u32::MAX);
        self.placed.saturating_add(given_up)
    }

    /// A record was appended, or is back.
    pub(super) fn place(&mut self, message: MessageId) {
        let count = slot(&mut self.standing, message, &0);
        if let Some(count) = count {
            *count = count.saturating_add(1);
            self.placed += u32::from(*count == 1);
        }
        if !self.cut.is_empty() || !self.given_up.is_empty() {
            self.cut.remove(&message);
            self.given_up.remove(&message);
        }
    }

    /// A record was cut off; whether it stands nowhere now, though it was acknowledged.
    fn cut(&mut self, message: MessageId) -> bool {
        let count = slot(&mut self.standing, message, &0);
        let Some(count) = count.filter(|count| **count > 0) else {
            return false;
        };
        *count -= 1;
        if *count > 0 {
            return false;
        }
        self.placed -= 1;
        self.cut.insert(message, ());
        self.is_acknowledged(message)
    }

    fn stands(&self, message: MessageId) -> bool {
        let index = message.index().checked_sub(1);
        let count = index.and_then(|index| self.standing.get(index));
        count.is_some_and(|count| *count > 0)
    }

    fn is_acknowledged(&self, message: MessageId) -> bool {
        let index = message.index().checked_sub(1);
        let heard = index.and_then(|index| self.acknowledged.get(index));
        heard.copied().unwrap_or(false)
    }
}

fn slot<'a, T: Clone>(list: &'a mut Chunked<T>, message: MessageId, fill: &T) -> Option<&'a mut T> {
    list.grow_to(message.index(), fill);
    list.get_mut(message.index().checked_sub(1)?)
}

impl LaneChecks {
    pub(super) fn see_cluster(&mut self, moment: Moment, what: ClusterWhat) {
        match what {
            ClusterWhat::CutOff {
                partition,
                offset,
                message,
            } => {
                let log = self.logs.entry(partition).or_default();
                log.truncate(offset.index().min(log.len()));
                let end = log.len();
                for reader in &mut self.readers {
                    reader.change_reading(partition, end, |reading| {
                        reading.behind = reading.behind.min(end);
                    });
                }
                if self.fates.cut(message) {
                    self.break_it(Guarantee::NothingLost, moment);
                }
            }
            ClusterWhat::Back {
                partition, message, ..
            } => self.append(partition, message),
            _ => {}
        }
    }

    pub(super) fn see_producer(&mut self, moment: Moment, what: ProducerWhat) {
        match what {
            ProducerWhat::Acknowledged {
                message,
                offset: Some(_),
                ..
            } => {
                if let Some(heard) = slot(&mut self.fates.acknowledged, message, &false) {
                    *heard = true;
                }
                if self.fates.cut.contains_key(&message) {
                    self.break_it(Guarantee::NothingLost, moment);
                }
            }
            // Its producer counts it as sent.
            ProducerWhat::Dropped { message, .. } => {
                self.fates.given_up.insert(message, ());
                self.break_it(Guarantee::NothingLost, moment);
            }
            // Its producer knows, and says so: what it does then is not ours to judge.
            ProducerWhat::Failed { message, .. } if !self.fates.stands(message) => {
                self.fates.given_up.insert(message, ());
            }
            _ => {}
        }
    }
}
