//! Checks a document that could be read: every fault, with its place and what is allowed.

use super::fault::Inspector;
use super::{Command, ConsumerGroup, Faults, KafkaLane, Lane, Producer, Scenario, SqsLane, limits};
use crate::cast::Cast;
use crate::kafka::defaults;
use crate::sqs::limits as sqs_limits;
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
        if self.title.chars().count() > limits::TITLE_CHARS {
            inspector.at("title", |i| {
                i.fault(format_args!(
                    "longer than {} characters",
                    limits::TITLE_CHARS
                ));
            });
        }
        name(&mut inspector, "noun", &self.noun);
        inspector.within("horizon", self.horizon, limits::HORIZON);
        inspector.at("network", |i| {
            i.within("latency", self.network.latency, limits::LATENCY)
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
        let messages: u64 = workload
            .producers
            .iter()
            .map(|p| planned(p, self.horizon))
            .sum();
        if messages > limits::MESSAGES {
            i.at("producers", |i| {
                i.fault(format_args!(
                    "{messages} messages until the horizon, allowed are {}",
                    limits::MESSAGES
                ));
            });
        }
        i.at("work", |i| {
            i.within("takes", workload.work.takes, limits::WORK)
        });
        count(i, "failures", workload.failures.len(), limits::FAILURES);
        i.each("failures", &workload.failures, |i, failure| {
            if failure.always && failure.times.is_some() {
                i.fault("has both always and times: give one of them");
            }
        });
    }

    fn check_commands(&self) -> Result<(), Faults> {
        let mut i = Inspector::default();
        let cast = Cast::of(self);
        for (n, lane) in cast.lanes.iter().enumerate() {
            if lane.actors.len() > limits::ACTORS {
                i.at(format_args!("lanes[{n}]"), |i| {
                    i.fault(format_args!(
                        "{} workers or consumers, allowed are {}",
                        lane.actors.len(),
                        limits::ACTORS
                    ));
                });
            }
        }
        i.each("commands", &self.commands, |i, command| {
            self.check_command(i, &cast, command)
        });
        i.finish()
    }

    fn check_command(&self, i: &mut Inspector, cast: &Cast, command: &Command) {
        i.within("at", command.at, SimDuration::ZERO..=self.horizon);
        let actors = [
            ("crash", &command.crash),
            ("restart", &command.restart),
            ("remove", &command.remove),
        ];
        let mut given = 0;
        for (verb, target) in actors {
            let Some(target) = target else { continue };
            given += 1;
            let actors = cast.lanes.iter().flat_map(|lane| &lane.actors);
            let names: Vec<&str> = actors.map(|actor| actor.name.as_str()).collect();
            known(i, verb, target, &names);
        }
        if let Some(team) = &command.add {
            given += 1;
            let teams = cast.lanes.iter().flat_map(|lane| &lane.teams);
            known(
                i,
                "add",
                team,
                &teams.map(String::as_str).collect::<Vec<_>>(),
            );
        }
        if let Some(key) = &command.send {
            given += 1;
            name(i, "send", key);
            if self.workload.producers.is_empty() {
                i.at("send", |i| i.fault("needs a producer, and there is none"));
            }
        }
        given += usize::from(command.poison.is_some());
        if given != 1 {
            i.fault(format_args!(
                "has {given} commands, exactly one of crash, restart, remove, add, poison, send is allowed"
            ));
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
    // Rounding down of send times can put one more before the horizon.
    while workload::send_time(producer, planned)
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

fn check_lane(i: &mut Inspector, lane: &Lane) {
    name(i, "name", &lane.name);
    match (&lane.sqs, &lane.kafka) {
        (Some(sqs), None) => i.at("sqs", |i| check_sqs(i, sqs)),
        (None, Some(kafka)) => i.at("kafka", |i| check_kafka(i, kafka)),
        (None, None) => i.fault("names no system: give sqs or kafka"),
        (Some(_), Some(_)) => i.fault("names two systems: give either sqs or kafka"),
    }
}

fn check_sqs(i: &mut Inspector, lane: &SqsLane) {
    let names: Vec<&str> = lane.queues.iter().map(|q| q.name.as_str()).collect();
    count(i, "queues", names.len(), limits::QUEUES);
    unique(i, "queues", names.iter().copied());
    if let Some(target) = &lane.send_to {
        known(i, "send_to", target, &names);
    }
    i.each("queues", &lane.queues, |i, queue| {
        name(i, "name", &queue.name);
        i.within(
            "visibility_timeout",
            queue.visibility_timeout,
            sqs_limits::VISIBILITY_TIMEOUT,
        );
        i.within("delay", queue.delay, sqs_limits::DELAY);
        let retention = queue.message_retention_period;
        i.within(
            "message_retention_period",
            retention,
            sqs_limits::MESSAGE_RETENTION_PERIOD,
        );
        let wait = queue.receive_message_wait_time;
        i.within("receive_message_wait_time", wait, sqs_limits::WAIT_TIME);
        if let Some(policy) = &queue.redrive_policy {
            i.at("redrive_policy", |i| {
                known(i, "dead_letter_target", &policy.dead_letter_target, &names);
                if policy.dead_letter_target == queue.name {
                    i.at("dead_letter_target", |i| i.fault("is the queue itself"));
                }
                i.within(
                    "max_receive_count",
                    policy.max_receive_count,
                    sqs_limits::MAX_RECEIVE_COUNT,
                );
            });
        }
    });
    i.each("workers", &lane.workers, |i, workers| {
        name(i, "name", &workers.name);
        i.within("count", workers.count, 0..=1_000);
        known(i, "queue", &workers.queue, &names);
        let number = workers.max_number_of_messages;
        i.within(
            "max_number_of_messages",
            number,
            sqs_limits::MAX_NUMBER_OF_MESSAGES,
        );
        i.within("wait_time", workers.wait_time, sqs_limits::WAIT_TIME);
    });
}

fn check_kafka(i: &mut Inspector, lane: &KafkaLane) {
    i.within("brokers", lane.brokers, limits::BROKERS);
    let delay = lane.group_initial_rebalance_delay;
    i.within(
        "group_initial_rebalance_delay",
        delay,
        SimDuration::ZERO..=SimDuration::from_secs(600),
    );
    let names: Vec<&str> = lane.topics.iter().map(|t| t.name.as_str()).collect();
    count(i, "topics", names.len(), limits::TOPICS);
    unique(i, "topics", names.iter().copied());
    if let Some(target) = &lane.send_to {
        known(i, "send_to", target, &names);
    }
    i.each("topics", &lane.topics, |i, topic| {
        name(i, "name", &topic.name);
        i.within("partitions", topic.partitions, limits::PARTITIONS);
        i.within(
            "replication_factor",
            topic.replication_factor,
            1..=lane.brokers.max(1),
        );
    });
    let partitions: u64 = lane.topics.iter().map(|t| u64::from(t.partitions)).sum();
    if partitions > u64::from(*limits::PARTITIONS.end()) {
        i.at("topics", |i| {
            i.fault(format_args!(
                "{partitions} partitions in all, allowed are {}",
                limits::PARTITIONS.end()
            ));
        });
    }
    count(i, "groups", lane.groups.len(), limits::GROUPS);
    i.each("groups", &lane.groups, |i, group| {
        check_group(i, group, &names)
    });
}

fn check_group(i: &mut Inspector, group: &ConsumerGroup, topics: &[&str]) {
    name(i, "name", &group.name);
    i.within("members", group.members, 0..=1_000);
    if group.topics.is_empty() {
        i.at("topics", |i| {
            i.fault("is empty: a group subscribes to at least one topic")
        });
    }
    for topic in &group.topics {
        known(i, "topics", topic, topics);
    }
    unique(i, "topics", group.topics.iter().map(String::as_str));
    let range = defaults::GROUP_MIN_SESSION_TIMEOUT..=defaults::GROUP_MAX_SESSION_TIMEOUT;
    i.within("session_timeout", group.session_timeout, range);
    let hour = SimDuration::from_secs(3_600);
    let millisecond = SimDuration::from_millis(1);
    i.within(
        "heartbeat_interval",
        group.heartbeat_interval,
        SimDuration::from_millis(100)..=hour,
    );
    if group.heartbeat_interval >= group.session_timeout {
        i.at("heartbeat_interval", |i| {
            i.fault(format_args!(
                "{} is not below the session_timeout of {}",
                group.heartbeat_interval, group.session_timeout
            ));
        });
    }
    i.within(
        "max_poll_interval",
        group.max_poll_interval,
        millisecond..=hour.times(24),
    );
    i.within("max_poll_records", group.max_poll_records, 1..=1_000_000);
    i.within(
        "auto_commit_interval",
        group.auto_commit_interval,
        millisecond..=hour,
    );
    i.within("retry_backoff", group.retry_backoff, millisecond..=hour);
    if group.enable_auto_commit && group.commit.is_some() {
        i.at("commit", |i| i.fault("needs \"enable_auto_commit\": false"));
    }
    if !group.enable_auto_commit && group.commit.is_none() {
        i.at("commit", |i| {
            i.fault("is missing: with \"enable_auto_commit\": false give \"after_record\", \"after_poll\" or \"before_work\"");
        });
    }
}

/// What can be told apart by name on the stage and in commands: worker sets and groups.
fn team_names(lane: &Lane) -> impl Iterator<Item = &str> {
    let workers = lane
        .sqs
        .iter()
        .flat_map(|sqs| &sqs.workers)
        .map(|w| w.name.as_str());
    let groups = lane
        .kafka
        .iter()
        .flat_map(|kafka| &kafka.groups)
        .map(|g| g.name.as_str());
    workers.chain(groups)
}

fn name_fault(name: &str) -> Option<String> {
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let allowed = !name.is_empty() && name.len() <= limits::NAME_CHARS && name.chars().all(sound);
    (!allowed).then(|| {
        let shown: String = name.chars().take(limits::NAME_CHARS).collect();
        format!(
            "\"{shown}\" is not 1 to {} of the letters a-z, A-Z, digits and - _ .",
            limits::NAME_CHARS
        )
    })
}

fn name(i: &mut Inspector, field: &str, written: &str) {
    if let Some(what) = name_fault(written) {
        i.at(field, |i| i.fault(what));
    }
}

/// `written` has to be one of `names`; if it is not, the first few of them are named.
fn known(i: &mut Inspector, field: &str, written: &str, names: &[&str]) {
    const NAMED: usize = 12;
    if names.contains(&written) {
        return;
    }
    let more = if names.len() > NAMED { ", …" } else { "" };
    let named = names.get(..NAMED).unwrap_or(names).join(", ");
    i.at(field, |i| {
        i.fault(format_args!("\"{written}\" is not one of {named}{more}"));
    });
}

fn count(i: &mut Inspector, field: &str, len: usize, range: std::ops::RangeInclusive<usize>) {
    if !range.contains(&len) {
        let (low, high) = range.into_inner();
        i.at(field, |i| {
            i.fault(format_args!(
                "has {len} entries, allowed are {low}..={high}"
            ))
        });
    }
}

fn unique<'a>(i: &mut Inspector, place: &str, names: impl Iterator<Item = &'a str>) {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    for pair in names.windows(2) {
        if let [name, next] = pair
            && name == next
        {
            i.at(place, |i| {
                i.fault(format_args!("the name \"{name}\" stands twice"))
            });
        }
    }
}
