//! Checks a document that could be read: every fault, with its place and what is allowed.

mod commands;
mod groups;
mod lanes;
mod queues;
mod words;

use lanes::{check_lane, team_names};
use words::{count, length, name, name_fault, unique};

use super::fault::Inspector;
use super::{Faults, Producer, Scenario, SqsLane, limits};
use crate::time::SimDuration;
use crate::workload;

impl Scenario {
    /// Checks everything that the types leave open.
    ///
    /// # Errors
    ///
    /// All that is wrong, in the order of the document.
    pub fn check(&self) -> Result<(), Faults> {
        let mut inspector = Inspector::default();
        inspector.within("version", self.version, limits::VERSION..=limits::VERSION);
        inspector.at("title", |i| length(i, &self.title, limits::TITLE_CHARS));
        for (field, texts) in [
            ("description", &self.description),
            ("suggestions", &self.suggestions),
        ] {
            count(&mut inspector, field, texts.len(), limits::PARAGRAPHS);
            inspector.each(field, texts, |i, text: &String| {
                length(i, text, limits::PARAGRAPH_CHARS);
            });
        }
        name(&mut inspector, "noun", &self.noun);
        inspector.within("horizon", self.horizon, limits::HORIZON);
        inspector.at("network", |i| {
            i.within("latency", self.network.latency, limits::LATENCY);
        });
        inspector.at("workload", |i| self.check_workload(i));
        count(&mut inspector, "lanes", self.lanes.len(), limits::LANES);
        inspector.each("lanes", &self.lanes, check_lane);
        unique(
            &mut inspector,
            "lanes",
            self.lanes.iter().map(|l| l.name.as_str()),
        );
        let teams = self.lanes.iter().flat_map(team_names);
        unique(
            &mut inspector,
            "lanes (workers and groups of all lanes)",
            teams,
        );
        count(
            &mut inspector,
            "commands",
            self.commands.len(),
            limits::COMMANDS,
        );
        // What commands name can be looked up only in lanes that are sound.
        inspector.finish()?;
        self.check_commands()
    }

    fn check_workload(&self, i: &mut Inspector) {
        let workload = &self.workload;
        count(i, "producers", workload.producers.len(), limits::PRODUCERS);
        i.each("producers", &workload.producers, check_producer);
        unique(
            i,
            "producers",
            workload.producers.iter().map(|p| p.name.as_str()),
        );
        let has_log = self.lanes.iter().any(|lane| lane.kafka.is_some());
        i.each("producers", &workload.producers, |i, producer| {
            if has_log && producer.keys.is_empty() {
                i.at("keys", |i| {
                    i.fault("is empty: a log lane needs keys (records without a key are not simulated yet)");
                });
            }
        });
        let messages = workload
            .producers
            .iter()
            .map(|p| planned(p, self.horizon))
            .fold(0, u64::saturating_add);
        if messages > limits::MESSAGES {
            i.at("producers", |i| {
                i.fault(format_args!(
                    "{messages} messages until the horizon, allowed are {}",
                    limits::MESSAGES
                ));
            });
        }
        i.at("work", |i| {
            i.within("takes", workload.work.takes, limits::WORK);
        });
        self.check_group_ids(i);
        count(i, "failures", workload.failures.len(), limits::FAILURES);
        i.each("failures", &workload.failures, |i, failure| {
            if failure.always && failure.times.is_some() {
                i.fault("has both always and times: give one of them");
            }
        });
    }
    /// A FIFO queue takes no message without a group, and the key is the group.
    fn check_group_ids(&self, i: &mut Inspector) {
        let lanes = self.lanes.iter().filter_map(|lane| lane.sqs.as_ref());
        let is_fifo = |lane: &SqsLane| lane.takes_only_groups();
        if lanes.into_iter().any(is_fifo) {
            i.each("producers", &self.workload.producers, |i, producer| {
                if producer.keys.is_empty() {
                    i.at("keys", |i| {
                        i.fault("is empty: a FIFO queue needs keys, which are its MessageGroupIds");
                    });
                }
            });
        }
    }
}

/// How many messages a producer sends until the horizon.
pub(crate) fn planned(producer: &Producer, horizon: SimDuration) -> u64 {
    let Some(left) = horizon.as_micros().checked_sub(producer.start.as_micros()) else {
        return 0;
    };
    let per = u128::from(producer.rate.per.as_micros().max(1));
    let by_rate = u128::from(left) * u128::from(producer.rate.count) / per + 1;
    let mut planned = u64::try_from(by_rate).unwrap_or(u64::MAX);
    if let Some(count) = producer.count {
        planned = planned.min(count.into());
    }
    // Rounding down of send times can put one more before the horizon. How far a document is over
    // the limit does not matter.
    while planned <= limits::MESSAGES
        && workload::send_time(producer, planned)
            .is_some_and(|at| at.as_micros() <= horizon.as_micros())
    {
        planned += 1;
    }
    planned
}

fn check_producer(i: &mut Inspector, producer: &Producer) {
    name(i, "name", &producer.name);
    count(i, "keys", producer.keys.len(), limits::KEYS);
    i.each("keys", &producer.keys, |i, key| {
        if let Some(what) = name_fault(key) {
            i.fault(what);
        }
    });
}
