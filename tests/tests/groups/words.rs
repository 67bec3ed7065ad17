//! The words of these tests: one topic, one group, and what happened to whom.

use broker_lab_core::trace::{Event, What};
use broker_lab_core::{ActorId, Run, Scenario, SimTime, TopicPartition};

/// A run of one log lane: so many partitions of `orders`, fields of the group `billing`, what is
/// sent and worked on, and commands. Sessions end after 6 s, heartbeats come every 500 ms, and
/// everything is there from the start.
pub(crate) struct Lab {
    pub(crate) partitions: u32,
    pub(crate) group: &'static str,
    pub(crate) producer: &'static str,
    pub(crate) work: &'static str,
    /// Failures of the workload.
    pub(crate) failures: &'static str,
    pub(crate) lane: &'static str,
    pub(crate) commands: &'static str,
    pub(crate) horizon: &'static str,
}

impl Default for Lab {
    fn default() -> Self {
        Self {
            partitions: 4,
            group: r#""members": 1"#,
            producer: r#""rate": "10/s", "start": "2s", "keys": ["ada", "ben", "cy", "dot", "eli", "fay"]"#,
            work: "50ms",
            failures: "",
            lane: "",
            commands: "",
            horizon: "30s",
        }
    }
}

impl Lab {
    pub(crate) fn run(&self) -> Play {
        let Self {
            partitions,
            group,
            producer,
            work,
            failures,
            lane,
            commands,
            horizon,
        } = self;
        let defaults = [
            (r#""session_timeout""#, r#""session_timeout": "6s", "#),
            (
                r#""heartbeat_interval""#,
                r#""heartbeat_interval": "500ms", "#,
            ),
            (r#""max_poll_records""#, r#""max_poll_records": 1, "#),
            (
                r#""auto_offset_reset""#,
                r#""auto_offset_reset": "earliest", "#,
            ),
            (
                r#""commit""#,
                r#""commit": "after_record", "enable_auto_commit": false, "#,
            ),
        ];
        let is_missing = |(field, _): &&(&str, &str)| {
            let is_given = group.contains(field);
            let is_implied = *field == r#""commit""# && group.contains(r#""enable_auto_commit""#);
            !is_given && !is_implied
        };
        let rest: String = defaults
            .iter()
            .filter(is_missing)
            .map(|(_, value)| *value)
            .collect();
        let topics = if lane.contains(r#""topics""#) {
            String::new()
        } else {
            format!(r#""topics": [{{ "name": "orders", "partitions": {partitions} }}],"#)
        };
        let reads = if group.contains(r#""topics""#) {
            ""
        } else {
            r#""topics": ["orders"],"#
        };
        let document = format!(
            r#"{{ "version": 1, "title": "A group", "seed": 1, "horizon": "{horizon}",
                 "workload": {{ "producers": [{{ "name": "checkout", {producer} }}],
                                "work": {{ "takes": "{work}" }}, "failures": [{failures}] }},
                 "lanes": [{{ "name": "log", "kafka": {{ "group_initial_rebalance_delay": "0s",
                   {topics} {lane}
                   "groups": [{{ "name": "billing", {reads} {rest} {group} }}] }} }}],
                 "commands": [{commands}] }}"#
        );
        let scenario = Scenario::from_json(&document);
        Play(Run::complete(
            scenario.unwrap_or_else(|why| panic!("{why}\n{document}")),
        ))
    }
}

/// What happened.
pub(crate) struct Play(pub(crate) Run);

impl Play {
    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.0.trace().iter()
    }

    /// All events for which `wanted` has something to say, with the millisecond they happened at.
    pub(crate) fn all<T>(&self, wanted: impl Fn(What) -> Option<T>) -> Vec<(u64, T)> {
        self.events()
            .filter_map(|event| Some((event.at.as_millis(), wanted(event.what)?)))
            .collect()
    }

    /// The same, without the times.
    pub(crate) fn what<T>(&self, wanted: impl Fn(What) -> Option<T>) -> Vec<T> {
        self.all(wanted).into_iter().map(|(_, what)| what).collect()
    }

    /// When the first such event happened, in milliseconds.
    pub(crate) fn first(&self, wanted: impl Fn(What) -> bool) -> u64 {
        let found = self.events().find(|event| wanted(event.what));
        found.expect("it happened").at.as_millis()
    }

    /// What the listeners of a consumer hear from the moment `from` (in milliseconds) on: `+p` of a
    /// partition that it got, `-p` of one that it gave up, `!p` of one that it lost, `#g` of a
    /// generation that it has its part of.
    pub(crate) fn callbacks(&self, who: u16, from: u64) -> String {
        let who = ActorId(who);
        let told = self
            .events()
            .filter(|event| event.at >= SimTime::from_millis(from));
        let told = told.filter_map(|event| match event.what {
            What::Synced { actor, generation } if actor == who => Some(format!("#{generation}")),
            What::Assigned {
                actor, partition, ..
            } if actor == who => Some(format!("+{}", partition.partition)),
            What::Revoked { actor, partition } if actor == who => {
                Some(format!("-{}", partition.partition))
            }
            What::Lost { actor, partition } if actor == who => {
                Some(format!("!{}", partition.partition))
            }
            _ => None,
        });
        told.collect::<Vec<_>>().join(" ")
    }

    /// When records of a partition were polled, in milliseconds.
    pub(crate) fn polls(&self, partition: u16) -> Vec<u64> {
        let polls = self.all(|what| match what {
            What::Polled { partition: of, .. } if of == p(partition) => Some(()),
            _ => None,
        });
        polls.into_iter().map(|(at, ())| at).collect()
    }

    /// The last committed offset of a partition of `orders`.
    pub(crate) fn committed(&self, partition: u16) -> Option<u32> {
        let commits = self.what(|what| match what {
            What::Committed {
                partition: of,
                offset,
                ..
            }
            | What::OffsetReset {
                partition: of,
                offset,
                ..
            } if of == p(partition) => Some(offset.0),
            _ => None,
        });
        commits.last().copied()
    }

    /// The offsets of a partition that were polled, in order.
    pub(crate) fn read(&self, partition: u16) -> Vec<u32> {
        let polled = self.what(|what| match what {
            What::Polled {
                partition: of,
                from,
                to,
                ..
            } if of == p(partition) => Some(from.0..to.0),
            _ => None,
        });
        polled.into_iter().flatten().collect()
    }

    /// The trace of a stretch, in words: for the message of a test that fails.
    pub(crate) fn between(&self, from: u64, to: u64) -> String {
        let inside = |event: &&Event| (from..=to).contains(&event.at.as_millis());
        let lines = self.events().filter(inside).map(Event::to_string);
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// A partition of `orders`.
pub(crate) fn p(partition: u16) -> TopicPartition {
    TopicPartition::new(0, partition)
}
