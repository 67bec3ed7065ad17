//! Checks a document that could be read: every fault, with its place and what is allowed.

mod brokers;
mod commands;
mod groups;
mod lanes;
mod producers;
mod queues;
mod recorded;
mod share;
mod words;

use lanes::{check_lane, team_names};
use words::{count, length, name, unique};

use super::fault::Inspector;
use super::{Faults, Producer, Scenario, limits};
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
        // A recording has names of its own, which are those of its simulation, too.
        let simulated = self.lanes.iter().filter(|lane| lane.recorded.is_none());
        let teams = simulated.flat_map(team_names);
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
        self.check_producer_names(&mut inspector);
        // What commands name can be looked up only in lanes that are sound.
        inspector.finish()?;
        self.check_recordings()?;
        self.check_commands()
    }

    fn check_workload(&self, i: &mut Inspector) {
        let workload = &self.workload;
        count(i, "producers", workload.producers.len(), limits::PRODUCERS);
        i.each("producers", &workload.producers, |i, producer| {
            self.check_producer(i, producer);
        });
        unique(
            i,
            "producers",
            workload.producers.iter().map(|p| p.name.as_str()),
        );
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
            count(i, "slow", workload.work.slow.len(), limits::SLOW);
            i.each("slow", &workload.work.slow, |i, rule| {
                i.within("takes", rule.takes, limits::WORK);
            });
        });
        count(i, "failures", workload.failures.len(), limits::FAILURES);
        i.each("failures", &workload.failures, |i, failure| {
            if failure.always && failure.times.is_some() {
                i.fault("has both always and times: give one of them");
            }
        });
    }
}

/// How many messages a producer sends until the horizon.
pub(crate) fn planned(producer: &Producer, horizon: SimDuration) -> u64 {
    let Some(left) = horizon.as_micros().checked_sub(producer.start.as_micros()) else {
        return 0;
    };
    if !producer.sends.is_empty() {
        let sent = producer.sends.iter().filter(|send| send.at <= horizon);
        return u64::try_from(sent.count()).unwrap_or(u64::MAX);
    }
    let Some(rate) = producer.rate else {
        return 0;
    };
    let per = u128::from(rate.per.as_micros().max(1));
    let by_rate = u128::from(left) * u128::from(rate.count) / per + 1;
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
