//! What members say of records, at the leader, and what it does as events.

use super::side::Request;
use super::state::{Acknowledged, member_of};
use crate::ids::{GroupId, TopicPartition};
use crate::kafka::lane::{KafkaLane, Step};
use crate::kafka::share::{AcknowledgeType, AcknowledgementBatch, ShareEffect};
use crate::time::SimTime;
use crate::trace::{Millis, ShareWhat};

impl KafkaLane {
    /// Notes what a request says of records: for each partition all of it, or nothing. The
    /// partitions that were spoken of.
    pub(super) fn take_acknowledgements(
        &mut self,
        step: &mut Step<'_>,
        request: &mut Request,
    ) -> Vec<TopicPartition> {
        let actor = request.client.actor;
        let mut said = std::mem::take(&mut request.acknowledged);
        said.sort_unstable_by_key(|it| (it.partition, it.offset));
        let mut partitions = Vec::new();
        for of_one in said.chunk_by(|a, b| a.partition == b.partition) {
            let Some(partition) = of_one.first().map(|it| it.partition) else {
                continue;
            };
            partitions.push(partition);
            let group = self.share.groups.get_mut(request.group);
            let Some(sharing) = group.and_then(|group| group.partitions.get_mut(&partition)) else {
                continue;
            };
            let result = sharing.partition.acknowledge(
                step.now,
                member_of(request.client),
                &batches(of_one),
                &mut sharing.effects,
            );
            if result.is_err() {
                for it in of_one {
                    let offset = it.offset;
                    let refused = match it.said {
                        AcknowledgeType::Renew => ShareWhat::RenewalRefused {
                            actor,
                            partition,
                            offset,
                        },
                        _ => ShareWhat::Refused {
                            actor,
                            partition,
                            offset,
                        },
                    };
                    step.out.event(refused.into());
                }
            }
            self.report_share_partition(step, (request.group, partition));
        }
        partitions
    }

    /// What a share partition did, as events.
    pub(super) fn report_share_partition(
        &mut self,
        step: &mut Step<'_>,
        (index, partition): (usize, TopicPartition),
    ) {
        if let Some(group) = self.share.groups.get_mut(index)
            && let Some(sharing) = group.partitions.get_mut(&partition)
        {
            for effect in sharing.effects.drain(..) {
                let what = event_of((step.now, group.id), partition, effect);
                step.out.event(what.into());
            }
        }
        self.note_locks(step, (index, partition));
    }
}

fn event_of(
    (now, group): (SimTime, GroupId),
    partition: TopicPartition,
    effect: ShareEffect,
) -> ShareWhat {
    match effect {
        ShareEffect::Acquired {
            offset,
            member,
            delivery_count,
            lock_until,
        } => ShareWhat::Acquired {
            actor: member.actor,
            partition,
            offset,
            delivery_count: u8::try_from(delivery_count).unwrap_or(u8::MAX),
            lock: Millis::from(lock_until.since(now)),
        },
        ShareEffect::Acknowledged { offset, member } => ShareWhat::Acknowledged {
            actor: member.actor,
            partition,
            offset,
        },
        ShareEffect::Renewed {
            offset,
            member,
            lock_until,
        } => ShareWhat::Renewed {
            actor: member.actor,
            partition,
            offset,
            lock: Millis::from(lock_until.since(now)),
        },
        ShareEffect::Released {
            offset,
            member,
            end,
        } => ShareWhat::Released {
            actor: member.actor,
            partition,
            offset,
            end,
        },
        ShareEffect::Archived {
            offset,
            member,
            end,
        } => ShareWhat::Archived {
            actor: member.actor,
            partition,
            offset,
            end,
        },
        ShareEffect::Ignored { offset, member } => ShareWhat::Ignored {
            actor: member.actor,
            partition,
            offset,
        },
        ShareEffect::StartMoved { start } => ShareWhat::StartMoved {
            group,
            partition,
            offset: start,
        },
    }
}

/// What is said of records that follow each other makes one batch, of one type if it is the same
/// for all.
fn batches(said: &[Acknowledged]) -> Vec<AcknowledgementBatch> {
    let runs = said.chunk_by(|a, b| a.offset.next() == b.offset);
    let batch = |run: &[Acknowledged]| {
        let (first, last) = (run.first()?, run.last()?);
        let mut types: Vec<AcknowledgeType> = run.iter().map(|it| it.said).collect();
        if types.iter().all(|said| *said == first.said) {
            types.truncate(1);
        }
        Some(AcknowledgementBatch {
            first: first.offset,
            last: last.offset,
            types,
        })
    };
    runs.filter_map(batch).collect()
}
