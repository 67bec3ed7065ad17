//! Logs, positions and committed offsets.

use std::collections::BTreeMap;

use broker_lab_core::scenario::{
    AutoOffsetReset, CommitWhen, ConsumerGroup, GroupProtocol, OnFailure,
};
use broker_lab_core::trace::{ConsumerGroupWhat, Event, PositionOrigin, What};
use broker_lab_core::{
    ActorId, LaneCast, LaneId, LaneKind, MessageId, Offset, PartitionId, ProducerId, SimTime,
    TopicPartition,
};

use super::{Seen, Verdict, broken};

type Logs = BTreeMap<TopicPartition, Vec<MessageId>>;

/// Offsets of a partition are 0, 1, 2 and so on in the order of appending; a record is appended
/// once, one latency after it was sent; messages of one producer and key are in one partition, in the
/// order in which they were sent, as long as the producer does not see the topic grow and the document
/// names no partition.
///
/// # Errors
///
/// The first event that breaks the rule.
pub fn offsets_are_dense(seen: Seen<'_>) -> Verdict {
    for (lane, _) in seen.lanes(LaneKind::Kafka) {
        let mut logs = Logs::new();
        let mut on_the_way = Vec::new();
        let mut partition_of = BTreeMap::new();
        // How often each producer has seen the topic grow.
        let mut grown: BTreeMap<ProducerId, u32> = BTreeMap::new();
        for (index, event) in seen.events(lane) {
            match event.what {
                What::Sent { producer, message } => {
                    let grown = grown.get(&producer).copied();
                    on_the_way.push((message, event.at, (producer, grown)));
                }
                What::Appended {
                    partition,
                    offset,
                    message,
                } => {
                    let log = logs.entry(partition).or_default();
                    if offset.index() != log.len() {
                        return Err(broken(index, event, format_args!("{} is next", log.len())));
                    }
                    log.push(message);
                    // One latency for all: what was sent first is appended first.
                    let first = (!on_the_way.is_empty()).then(|| on_the_way.remove(0));
                    let latency = seen.scenario.network.latency;
                    let due =
                        first.filter(|(id, at, _)| *id == message && *at + latency == event.at);
                    let Some((.., sender)) = due else {
                        return Err(broken(index, event, format_args!("{first:?} is next")));
                    };
                    if named_partitions(seen, message).contains(&Some(partition.partition)) {
                        continue;
                    }
                    let key = seen.trace.message(message).and_then(|message| message.key);
                    let its = *partition_of.entry((sender, key)).or_insert(partition);
                    if its != partition {
                        return Err(broken(index, event, format_args!("its key is in {its}")));
                    }
                }
                // Found out as it sends a message, the last one here.
                What::PartitionsSeenByProducer { producer, .. } => {
                    let times = grown.entry(producer).or_default();
                    *times += 1;
                    if let Some((.., sender)) = on_the_way.last_mut() {
                        *sender = (producer, Some(*times));
                    }
                }
                _ => {}
            }
        }
        let horizon = SimTime::ZERO + seen.scenario.horizon;
        let late = |(_, at, _): &&(_, _, _)| *at + seen.scenario.network.latency <= horizon;
        if let Some((message, ..)) = on_the_way.iter().find(late) {
            return Err(format!("message {message:?} was never appended"));
        }
    }
    Ok(())
}

/// The partitions that the document names for a message, if it names messages one by one: those of
/// all that its producer sends at that time with that key.
fn named_partitions(seen: Seen<'_>, message: MessageId) -> Vec<Option<PartitionId>> {
    let Some(sent) = seen.trace.message(message) else {
        return Vec::new();
    };
    let producer = seen.scenario.workload.producers.get(sent.producer.index());
    let key = sent.key.map(|key| seen.cast.keys.name(key));
    let sends = producer.iter().flat_map(|producer| &producer.sends);
    sends
        .filter(|send| SimTime::ZERO + send.at == sent.sent_at && send.key.as_deref() == key)
        .map(|send| {
            send.partition
                .map(|p| PartitionId(p.try_into().unwrap_or(u16::MAX)))
        })
        .collect()
}

/// Reading goes on where it stood, nothing is read that is not there, committed offsets never go
/// back unless somebody seeks or resets them, and below a committed offset all work is finished, if the group commits after the work.
///
/// Not so, by their own rules: `on_failure` skip, commits before the work, and what a seek, a reset
/// or `auto_offset_reset` leaves out. And a group of the consumer protocol without members takes
/// offsets from whoever was one, also older ones (`ConsumerGroup.validateOffsetCommit`).
///
/// # Errors
///
/// The first event that breaks the rule.
pub fn commits_follow_the_work(seen: Seen<'_>) -> Verdict {
    for (lane, cast) in seen.lanes(LaneKind::Kafka) {
        let written = seen.scenario.lanes.get(lane.index());
        let written = written.and_then(|lane| lane.kafka.as_ref());
        for (n, group) in written.iter().flat_map(|lane| &lane.groups).enumerate() {
            Reading::new(group, n).check(seen, lane, cast)?;
        }
    }
    Ok(())
}

/// One group's reading.
struct Reading<'a> {
    settings: &'a ConsumerGroup,
    number: usize,
    logs: Logs,
    finished: Vec<MessageId>,
    committed: BTreeMap<TopicPartition, Offset>,
    positions: BTreeMap<(ActorId, TopicPartition), Offset>,
    /// The highest offset that was ever sought: the log need not have it.
    sought: BTreeMap<TopicPartition, Offset>,
    /// The highest offset that was ever committed.
    highest: BTreeMap<TopicPartition, Offset>,
    /// Up to where a seek, a reset or `auto_offset_reset` may have left records out.
    left_out: BTreeMap<TopicPartition, Offset>,
    /// Who has a partition in the books of a coordinator of the consumer protocol.
    books: BTreeMap<TopicPartition, ActorId>,
}

impl<'a> Reading<'a> {
    const fn new(settings: &'a ConsumerGroup, number: usize) -> Self {
        Self {
            settings,
            number,
            logs: Logs::new(),
            finished: Vec::new(),
            committed: BTreeMap::new(),
            positions: BTreeMap::new(),
            sought: BTreeMap::new(),
            highest: BTreeMap::new(),
            left_out: BTreeMap::new(),
            books: BTreeMap::new(),
        }
    }

    fn check(mut self, seen: Seen<'_>, lane: LaneId, cast: &LaneCast) -> Verdict {
        let number = self.number;
        let is_ours = |actor| {
            cast.group_of(actor)
                .is_some_and(|group| group.index() == number)
        };
        for (index, event) in seen.events(lane) {
            self.see(event, is_ours)
                .map_err(|why| broken(index, event, why))?;
        }
        Ok(())
    }

    fn see(&mut self, event: &Event, is_ours: impl Fn(ActorId) -> bool) -> Verdict {
        match event.what {
            What::Appended {
                partition, message, ..
            } => {
                self.logs.entry(partition).or_default().push(message);
            }
            What::WorkFinished { actor, message, .. } if is_ours(actor) => {
                self.finished.push(message)
            }
            What::Polled {
                actor,
                partition,
                from,
                to,
            } if is_ours(actor) => {
                let position = self.positions.insert((actor, partition), to);
                if position != Some(from) {
                    return Err(format!("its position is {position:?}"));
                }
                let end = self.logs.get(&partition).map_or(0, Vec::len);
                let most = self.settings.max_poll_records;
                if from >= to || to.index() > end || to.0 - from.0 > most {
                    return Err(format!("the log ends at {end}, {most} records at most"));
                }
            }
            What::PositionSet {
                actor,
                partition,
                offset,
                origin,
            } if is_ours(actor) => {
                return self.position(actor, partition, (offset, origin));
            }
            What::Revoked { actor, partition } | What::Lost { actor, partition }
                if is_ours(actor) =>
            {
                self.positions.remove(&(actor, partition));
            }
            What::ConsumerGroup {
                what: ConsumerGroupWhat::Given { actor, partition },
            } if is_ours(actor) => {
                self.books.insert(partition, actor);
            }
            What::ConsumerGroup {
                what: ConsumerGroupWhat::Released { actor, partition },
            } if is_ours(actor) => {
                self.books.remove(&partition);
            }
            What::ActorCrashed { actor } if is_ours(actor) => {
                self.positions.retain(|(owner, _), _| *owner != actor);
            }
            What::Committed {
                actor,
                partition,
                offset,
            } if is_ours(actor) => {
                return self.commit(actor, partition, offset);
            }
            What::OffsetReset {
                group,
                partition,
                offset,
            } if group.index() == self.number => {
                self.committed.insert(partition, offset);
                self.note_highest(partition, offset);
                self.leave_out(partition, offset);
                let end = self.logs.get(&partition).map_or(0, Vec::len);
                if offset.index() > end {
                    return Err(format!("the log ends at {end}"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn position(
        &mut self,
        actor: ActorId,
        partition: TopicPartition,
        (offset, origin): (Offset, PositionOrigin),
    ) -> Verdict {
        let before = self.positions.insert((actor, partition), offset);
        let committed = self.committed.get(&partition).copied();
        let end = self.logs.get(&partition).map_or(0, Vec::len);
        let reset = self.settings.auto_offset_reset;
        // A commit may have come while the answer was on its way.
        let sound = match origin {
            PositionOrigin::Committed => {
                let highest = self.highest.get(&partition).copied().max(committed);
                highest.is_some_and(|highest| offset <= highest)
            }
            PositionOrigin::Earliest => offset.0 == 0 && reset == AutoOffsetReset::Earliest,
            PositionOrigin::Latest => offset.index() <= end && reset == AutoOffsetReset::Latest,
            PositionOrigin::SeekBack => before.is_some_and(|before| offset < before),
            PositionOrigin::ByDuration => offset.index() <= end && self.resets_by_duration(),
            // To wherever somebody wished.
            PositionOrigin::Seek | PositionOrigin::Truncation => true,
        };
        if origin == PositionOrigin::Seek {
            let sought = self.sought.entry(partition).or_default();
            *sought = offset.max(*sought);
        }
        if !matches!(origin, PositionOrigin::Committed | PositionOrigin::SeekBack) {
            self.committed.remove(&partition);
            self.leave_out(partition, offset);
        }
        if sound {
            Ok(())
        } else {
            Err(format!(
                "it was {before:?}, committed is {committed:?}, the log ends at {end}"
            ))
        }
    }

    fn resets_by_duration(&self) -> bool {
        let reset = self.settings.auto_offset_reset;
        matches!(reset, AutoOffsetReset::ByDuration { .. })
    }

    fn leave_out(&mut self, partition: TopicPartition, offset: Offset) {
        let left_out = self.left_out.entry(partition).or_default();
        *left_out = offset.max(*left_out);
    }

    fn note_highest(&mut self, partition: TopicPartition, offset: Offset) {
        let highest = self.highest.entry(partition).or_default();
        *highest = offset.max(*highest);
    }

    fn commit(&mut self, actor: ActorId, partition: TopicPartition, offset: Offset) -> Verdict {
        let before = self.committed.insert(partition, offset);
        self.note_highest(partition, offset);
        let is_ours = self.settings.group_protocol == GroupProtocol::Classic
            || self.books.get(&partition) == Some(&actor);
        if is_ours && before.is_some_and(|before| before > offset) {
            return Err(format!("{before:?} was committed before"));
        }
        let log = self.logs.get(&partition).map_or(&[][..], Vec::as_slice);
        let is_sought = self
            .sought
            .get(&partition)
            .is_some_and(|sought| offset <= *sought);
        if offset.index() > log.len() && !is_sought {
            return Err(format!("the log ends at {}", log.len()));
        }
        let after_work = self.settings.commit != Some(CommitWhen::BeforeWork)
            && self.settings.on_failure == OnFailure::Retry;
        let left_out = self
            .left_out
            .get(&partition)
            .map_or(0, |offset| offset.index());
        let unfinished = log
            .iter()
            .take(offset.index())
            .skip(left_out)
            .find(|message| !self.finished.contains(message));
        match unfinished {
            Some(message) if after_work => Err(format!("{message:?} is below it and not finished")),
            _ => Ok(()),
        }
    }
}
