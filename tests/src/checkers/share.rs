//! Share groups: what may happen to a record, and when.

use std::collections::BTreeMap;

use broker_lab_core::scenario::{AutoOffsetReset, ShareGroup};
use broker_lab_core::trace::{LockEnd, PositionOrigin, ShareWhat, What};
use broker_lab_core::{
    ActorId, GroupId, LaneCast, LaneId, LaneKind, Offset, SimDuration, SimTime, TopicPartition,
};

use super::{Seen, Verdict, broken};

/// A record as its events tell.
#[derive(Clone, Copy, Debug, Default)]
struct Record {
    /// Who has it, and until when.
    held: Option<(ActorId, SimTime)>,
    deliveries: u32,
    done: bool,
}

/// A share partition as its events tell.
#[derive(Debug)]
struct Sharing {
    start: usize,
    records: Vec<Record>,
}

/// One share group, with what the log has at the time.
struct Group<'a> {
    settings: &'a ShareGroup,
    group: GroupId,
    ends: BTreeMap<TopicPartition, usize>,
    partitions: BTreeMap<TopicPartition, Sharing>,
}

/// A record is acquired by one member at a time, with a lock of the group's length, at most as
/// often as the group allows; only who has it says what becomes of it; a lock ends when it is due
/// and not later; the start offset is that of the first record that is not done, and never goes
/// back; there are never more records in flight than the group allows.
///
/// # Errors
///
/// The first event that breaks the rule.
pub fn records_go_through_their_states(seen: Seen<'_>) -> Verdict {
    for (lane, cast) in seen.lanes(LaneKind::Kafka) {
        let written = seen.scenario.lanes.get(lane.index());
        let written = written.and_then(|lane| lane.kafka.as_ref());
        let groups = written.iter().flat_map(|lane| &lane.share_groups);
        for (number, settings) in (cast.first_share_group..).zip(groups) {
            let group = Group {
                settings,
                group: GroupId(number),
                ends: BTreeMap::new(),
                partitions: BTreeMap::new(),
            };
            group.check(seen, lane, cast)?;
        }
    }
    Ok(())
}

impl Group<'_> {
    fn check(mut self, seen: Seen<'_>, lane: LaneId, cast: &LaneCast) -> Verdict {
        for (index, event) in seen.events(lane) {
            let result = match event.what {
                What::Appended { partition, .. } => {
                    *self.ends.entry(partition).or_default() += 1;
                    Ok(())
                }
                What::Share { what } => self.see(event.at, what, cast),
                _ => Ok(()),
            };
            result.map_err(|why| broken(index, event, why))?;
            self.locks_have_ended(event.at)
                .map_err(|why| broken(index, event, why))?;
        }
        Ok(())
    }

    /// No lock lasts beyond its end. What happens at that very moment may come first.
    fn locks_have_ended(&self, now: SimTime) -> Verdict {
        let all = self.partitions.values().flat_map(|its| &its.records);
        match all
            .clone()
            .find(|r| r.held.is_some_and(|(_, until)| until < now))
        {
            Some(record) => Err(format!("{record:?} is still locked")),
            None => Ok(()),
        }
    }

    fn see(&mut self, at: SimTime, what: ShareWhat, cast: &LaneCast) -> Verdict {
        match what {
            ShareWhat::PartitionStarted {
                group,
                partition,
                offset,
                origin,
            } if group == self.group => self.begin(partition, offset, origin),
            ShareWhat::StartMoved {
                group,
                partition,
                offset,
            } if group == self.group => {
                let sharing = self.partitions.get_mut(&partition).ok_or("not begun")?;
                let first = sharing.records.iter().position(|record| !record.done);
                let first = first.unwrap_or(sharing.records.len());
                let before = std::mem::replace(&mut sharing.start, offset.index());
                if first != offset.index() || before >= offset.index() {
                    return Err(format!("it was {before}, {first} is the first not done"));
                }
                Ok(())
            }
            ShareWhat::GroupChanged { .. }
            | ShareWhat::PartitionStarted { .. }
            | ShareWhat::StartMoved { .. } => Ok(()),
            _ => {
                let Some((actor, partition, offset)) = place(what) else {
                    return Ok(());
                };
                if cast.group_of(actor) == Some(self.group) {
                    self.record(at, (actor, what), (partition, offset))
                } else {
                    Ok(())
                }
            }
        }
    }

    fn begin(
        &mut self,
        partition: TopicPartition,
        offset: Offset,
        origin: PositionOrigin,
    ) -> Verdict {
        let end = self.ends.get(&partition).copied().unwrap_or(0);
        let sound = match (self.settings.share_auto_offset_reset, origin) {
            (AutoOffsetReset::Earliest, PositionOrigin::Earliest) => offset.0 == 0,
            (AutoOffsetReset::Latest, PositionOrigin::Latest) => offset.index() == end,
            (AutoOffsetReset::ByDuration { .. }, PositionOrigin::ByDuration) => {
                offset.index() <= end
            }
            _ => false,
        };
        let done = Record {
            done: true,
            ..Record::default()
        };
        let sharing = Sharing {
            start: offset.index(),
            records: vec![done; offset.index()],
        };
        if self.partitions.insert(partition, sharing).is_some() || !sound {
            return Err(format!("begins twice, or not where it should ({end})"));
        }
        Ok(())
    }

    fn record(
        &mut self,
        at: SimTime,
        (actor, what): (ActorId, ShareWhat),
        (partition, offset): (TopicPartition, Offset),
    ) -> Verdict {
        let limit = self.settings.share_delivery_count_limit;
        let lock = self.settings.share_record_lock_duration;
        let end = self.ends.get(&partition).copied().unwrap_or(0);
        let sharing = self.partitions.get_mut(&partition).ok_or("not begun")?;
        let is_new = offset.index() == sharing.records.len();
        if matches!(what, ShareWhat::Acquired { .. }) && is_new {
            let most = self.settings.share_partition_max_record_locks as usize;
            if offset.index() - sharing.start >= most || offset.index() >= end {
                let start = sharing.start;
                return Err(format!("starts at {start}, the log ends at {end}"));
            }
            sharing.records.push(Record::default());
        }
        let start = sharing.start;
        let record = sharing.records.get_mut(offset.index());
        let record = record.ok_or("never acquired")?;
        let before = *record;
        let is_its = before.held.is_some_and(|(who, _)| who == actor);
        let sound = match what {
            ShareWhat::Acquired {
                delivery_count,
                lock: length,
                ..
            } => {
                record.held = Some((actor, at + lock));
                record.deliveries += 1;
                before.held.is_none()
                    && !before.done
                    && record.deliveries == u32::from(delivery_count)
                    && record.deliveries <= limit
                    && SimDuration::from(length) == lock
            }
            ShareWhat::Renewed { lock: length, .. } => {
                record.held = Some((actor, at + lock));
                is_its && SimDuration::from(length) == lock
            }
            ShareWhat::Acknowledged { .. } => {
                (record.held, record.done) = (None, true);
                is_its
            }
            ShareWhat::Released { end, .. } => {
                record.held = None;
                is_its && before.deliveries < limit && ends_in_time(before, at, end)
            }
            ShareWhat::Archived { end, .. } => {
                (record.held, record.done) = (None, true);
                let is_over = end == LockEnd::Rejected || before.deliveries == limit;
                is_its && is_over && ends_in_time(before, at, end)
            }
            ShareWhat::Ignored { .. } => offset.index() < start,
            _ => true,
        };
        if sound {
            Ok(())
        } else {
            Err(format!("it was {before:?}, the start offset {start}"))
        }
    }
}

/// A lock runs out when it is due, and is given up before.
fn ends_in_time(record: Record, at: SimTime, end: LockEnd) -> bool {
    record.held.is_some_and(|(_, until)| match end {
        LockEnd::LockTimeout => until == at,
        _ => at <= until,
    })
}

fn place(what: ShareWhat) -> Option<(ActorId, TopicPartition, Offset)> {
    match what {
        ShareWhat::Acquired {
            actor,
            partition,
            offset,
            ..
        }
        | ShareWhat::Acknowledged {
            actor,
            partition,
            offset,
        }
        | ShareWhat::Released {
            actor,
            partition,
            offset,
            ..
        }
        | ShareWhat::Archived {
            actor,
            partition,
            offset,
            ..
        }
        | ShareWhat::Renewed {
            actor,
            partition,
            offset,
            ..
        }
        | ShareWhat::Refused {
            actor,
            partition,
            offset,
        }
        | ShareWhat::RenewalRefused {
            actor,
            partition,
            offset,
        }
        | ShareWhat::Ignored {
            actor,
            partition,
            offset,
        } => Some((actor, partition, offset)),
        _ => None,
    }
}
