//! Facts of brokers, replicas and producers: what was acknowledged, what can be read, who leads.

use broker_lab_core::recording::{Deed, NodeDeed, Saying};
use broker_lab_core::trace::{ClusterWhat, ProducerWhat, What};
use broker_lab_core::world::LaneWorld;
use broker_lab_core::{MessageId, ProducerId, Recording, Run, SimDuration, SimTime};
use serde_json::{Value, json};

use super::facts::{Compared, Fact};

/// The recorder asked the controller every 0.4 to 0.5 s: what lasted for less may not have been
/// seen.
const SEEN: SimDuration = SimDuration::from_millis(500);

/// What our play shows of its brokers.
#[derive(Clone, Debug, Default)]
pub(super) struct ClusterShown {
    acknowledged: Vec<String>,
    /// What can be read when the recording's readers read, in the order of the log.
    reads: Vec<Vec<Record>>,
    /// Where the log ends when the last of them does.
    end: u32,
    leaders: Vec<(SimTime, i64)>,
    isr_sizes: Vec<(SimTime, i64)>,
}

/// A record as a fact has it.
#[derive(Clone, Debug)]
struct Record {
    offset: u32,
    key: Option<String>,
    value: String,
}

impl ClusterShown {
    /// What our play shows.
    pub(super) fn of(run: &Run, recording: &Recording) -> Self {
        let values = recording.values();
        let mut sent = vec![0; values.len()];
        let mut of = std::collections::BTreeMap::<MessageId, String>::new();
        let factor = recording
            .topics
            .first()
            .map_or(1, |topic| topic.replication_factor);
        let mut shown = Self {
            isr_sizes: vec![(SimTime::ZERO, factor.into())],
            ..Self::default()
        };
        let cast = run.cast().lane(broker_lab_core::LaneId(0));
        let first = cast.and_then(|lane| lane.replicas.first()?.first().copied());
        shown
            .leaders
            .extend(first.map(|broker| (SimTime::ZERO, node(broker))));
        for event in run.trace().iter() {
            match event.what {
                What::Sent { producer, message } => {
                    let ProducerId(producer) = producer;
                    let producer = usize::from(producer);
                    let value = values.get(producer).and_then(|v| v.get(sent[producer]));
                    of.insert(message, value.cloned().unwrap_or_default());
                    sent[producer] += 1;
                }
                What::Producer {
                    what: ProducerWhat::Acknowledged { message, .. },
                } => shown.acknowledged.extend(of.get(&message).cloned()),
                What::Cluster { what } => shown.take(event.at, what),
                _ => {}
            }
        }
        let read = recording.events.iter();
        for said in read.filter(|said| said.what == Saying::ReadAll) {
            let (records, end) = readable(run, said.at, &of);
            shown.reads.push(records);
            shown.end = end;
        }
        shown
    }

    fn take(&mut self, at: SimTime, what: ClusterWhat) {
        let size = self.isr_sizes.last().map_or(0, |(_, size)| *size);
        match what {
            ClusterWhat::LeaderElected { leader, .. } => {
                self.leaders.push((at, leader.map_or(-1, node)));
            }
            ClusterWhat::JoinedIsr { .. } => self.isr_sizes.push((at, size + 1)),
            ClusterWhat::LeftIsr { .. } => self.isr_sizes.push((at, size - 1)),
            _ => {}
        }
    }

    fn lost(&self) -> Vec<String> {
        let readable = self.values(self.reads.len().saturating_sub(1));
        let lost = self.acknowledged.iter();
        lost.filter(|value| !readable.contains(value))
            .cloned()
            .collect()
    }

    fn values(&self, read: usize) -> Vec<String> {
        let read = self.reads.get(read).into_iter().flatten();
        read.map(|record| record.value.clone()).collect()
    }
}

fn node(broker: broker_lab_core::BrokerId) -> i64 {
    broker.node().into()
}

/// What a reader gets that reads everything at `at`.
fn readable(
    run: &Run,
    at: SimTime,
    of: &std::collections::BTreeMap<MessageId, String>,
) -> (Vec<Record>, u32) {
    let world = run.world_at(at);
    let Some(LaneWorld::Kafka(log)) = world.lanes.first() else {
        return (Vec::new(), 0);
    };
    let mut records = Vec::new();
    let mut end = 0;
    for partition in &log.partitions {
        end += u32::try_from(partition.log.len()).unwrap_or(u32::MAX);
        let readable = partition.replicas.high_watermark.index();
        for (offset, record) in (0..).zip(partition.log.iter()).take(readable) {
            let key = run.trace().message(record.message).and_then(|its| its.key);
            records.push(Record {
                offset,
                key: key.map(|key| run.cast().keys.name(key).to_owned()),
                value: of.get(&record.message).cloned().unwrap_or_default(),
            });
        }
    }
    (records, end)
}

/// Compares a fact of this kind; `None` if it is none.
pub(super) fn compare(
    fact: &Fact,
    (recording, ours): (&Recording, &ClusterShown),
) -> Option<Compared> {
    let last = ours.reads.len().saturating_sub(1);
    let ours = match fact.fact.as_str() {
        "acknowledged" => json!(ours.acknowledged),
        "readable_meanwhile" => json!(ours.values(0)),
        "readable_at_end" => json!(ours.values(last)),
        "readable_twice" => {
            let mut values = ours.values(last);
            values.sort_unstable();
            let twice = values.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
            json!(twice.map(|same| same[0].clone()).collect::<Vec<_>>())
        }
        "acknowledged_and_lost" => json!(ours.lost()),
        "log" => {
            let records = ours.reads.last().into_iter().flatten();
            let records = records.map(|its| json!([its.offset, its.key, its.value]));
            json!(records.collect::<Vec<_>>())
        }
        "end_offset" => json!(ours.end),
        "leaders" => return Some(seen(&fact.value, &ours.leaders)),
        "isr_sizes" => return Some(seen(&fact.value, &ours.isr_sizes)),
        "leader_moved_within_ms" => return moved(&fact.value, (recording, ours)),
        _ => return None,
    };
    Some(Compared::exact((&fact.value, &ours), Value::to_string))
}

/// The states one after the other; one that lasted for less than [`SEEN`] may have been overlooked,
/// and one that is as the one before is not told.
fn seen(recorded: &Value, ours: &[(SimTime, i64)]) -> Compared {
    let wanted: Vec<i64> = serde_json::from_value(recorded.clone()).unwrap_or_default();
    let mut told: Vec<(i64, bool)> = Vec::new();
    for (n, (at, state)) in ours.iter().enumerate() {
        let until = ours.get(n + 1).map(|(until, _)| *until);
        let is_short = until.is_some_and(|until| until.since(*at) < SEEN);
        told.push((*state, is_short));
    }
    Compared {
        holds: fits(&wanted, &told, None),
        recorded: recorded.to_string(),
        ours: json!(told.iter().map(|(state, _)| state).collect::<Vec<_>>()).to_string(),
        bound: String::from("what lasted for less than 0.5 s may be missing"),
    }
}

fn fits(wanted: &[i64], told: &[(i64, bool)], before: Option<i64>) -> bool {
    let Some(((state, is_short), rest)) = told.split_first() else {
        return wanted.is_empty();
    };
    let is_seen = if before == Some(*state) {
        fits(wanted, rest, before)
    } else {
        wanted.first() == Some(state) && fits(&wanted[1..], rest, Some(*state))
    };
    is_seen || (*is_short && fits(wanted, rest, before))
}

/// From the clean stop to the next leader: some 150 ms of network and processes, which are no matter
/// of Kafka's rules; what is, is that it does not wait for the session to end.
fn moved(recorded: &Value, (recording, ours): (&Recording, &ClusterShown)) -> Option<Compared> {
    let stop = recording.actions.iter().find_map(|action| {
        let is_stop = matches!(
            action.deed,
            Deed::Node {
                deed: NodeDeed::Stop,
                ..
            }
        );
        is_stop.then_some(SimTime::ZERO + action.at)
    })?;
    let moved = ours
        .leaders
        .iter()
        .find(|(at, _)| *at > stop)?
        .0
        .since(stop);
    let session = recording.broker_session_timeout?;
    let bound = SimDuration::from_micros(session.as_micros() / 4);
    Some(Compared {
        holds: moved < bound && recorded.as_u64()? < bound.as_millis(),
        recorded: recorded.to_string(),
        ours: moved.as_millis().to_string(),
        bound: format!("both below a quarter of the broker's session, {bound}"),
    })
}
