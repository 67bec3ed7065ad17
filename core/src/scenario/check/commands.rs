//! Checks commands.

use super::brokers::check_broker_command;
use super::groups::check_log_command;
use super::queues::{check_allow_policy, check_size, fifo_only};
use super::words::{known, name, unique};
use crate::cast::{ActorCast, Cast, LaneCast, in_time_order};
use crate::scenario::fault::Inspector;
use crate::scenario::{Command, Faults, Queue, Scenario, SetQueueAttributes, SqsLane, limits};
use crate::sqs::limits as sqs_limits;
use crate::time::SimDuration;

/// What a command is told where nothing is simulated.
const NOBODY_HEARS: &str =
    "every lane is a recording, and stays as it is: a command needs a simulation beside it";

impl Scenario {
    pub(super) fn check_commands(&self) -> Result<(), Faults> {
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
        // A command names one of them: those of a group can have names of their own.
        let actors = cast.simulated().flat_map(|lane| &lane.actors);
        unique(
            &mut i,
            "lanes (workers and consumers of all lanes)",
            actors.map(|a| a.name.as_str()),
        );
        self.check_copies(&mut i);
        self.check_growth(&mut i);
        // Nothing more can be said of commands that no lane hears.
        if cast.simulated().next().is_none() {
            i.each("commands", &self.commands, |i, _| i.fault(NOBODY_HEARS));
            return i.finish();
        }
        i.each("commands", &self.commands, |i, command| {
            self.check_command(i, &cast, command);
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
        not_recorded(i, cast, command);
        for (verb, target) in actors {
            let Some(target) = target else { continue };
            given += 1;
            // An invocation of a function can only be killed.
            let by_hand = |lane: &LaneCast, actor: &ActorCast| {
                verb == "crash" || actor.team < lane.first_function
            };
            let actors = cast.simulated().flat_map(|lane| {
                let actors = lane.actors.iter();
                actors.filter(move |actor| by_hand(lane, actor))
            });
            let names: Vec<&str> = actors.map(|actor| actor.name.as_str()).collect();
            known(i, verb, target, &names);
        }
        if let Some(team) = &command.add {
            given += 1;
            let teams = cast.simulated().flat_map(|lane| {
                let by_hand = usize::from(lane.first_function);
                lane.teams.iter().take(by_hand)
            });
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
        given += usize::from(command.resend.is_some());
        given += self.check_queue_command(i, command);
        given += check_log_command(i, cast, command);
        given += check_broker_command(i, cast, command);
        if given != 1 {
            i.fault(format_args!(
                "has {given} commands, exactly one beside \"at\" is allowed"
            ));
        }
    }

    /// No message may have more copies than can be told apart.
    fn check_copies(&self, i: &mut Inspector) {
        let mut again: Vec<u32> = self.commands.iter().filter_map(|c| c.resend).collect();
        again.sort_unstable();
        let most = again.chunk_by(|a, b| a == b).map(<[u32]>::len).max();
        let lanes = self.lanes.iter().filter_map(|lane| lane.sqs.as_ref());
        let per_send = lanes.map(|lane| lane.destinations().count()).max();
        let most = (most.unwrap_or(0) + 1) * per_send.unwrap_or(0);
        if most > limits::COPIES {
            i.at("commands", |i| {
                i.fault(format_args!(
                    "{most} copies of one message, allowed are {}",
                    limits::COPIES
                ));
            });
        }
    }

    /// A topic can only grow, and a lane only so far.
    fn check_growth(&self, i: &mut Inspector) {
        for (n, written) in self.lanes.iter().enumerate() {
            let simulated = written
                .kafka
                .as_ref()
                .filter(|_| written.recorded.is_none());
            let Some(lane) = simulated else { continue };
            let topics = lane.topics.iter();
            let mut counts: Vec<_> = topics.map(|t| (t.name.as_str(), t.partitions)).collect();
            for command in in_time_order(&self.commands) {
                let Some(create) = &command.create_partitions else {
                    continue;
                };
                let its = counts.iter_mut().find(|(name, _)| *name == create.topic);
                let Some((_, count)) = its else { continue };
                if create.partitions <= *count {
                    i.at("commands", |i| {
                        i.fault(format_args!(
                            "create_partitions: {} cannot go from {count} to {} partitions, only to more",
                            create.topic, create.partitions
                        ));
                    });
                }
                *count = create.partitions.max(*count);
            }
            let all: u64 = counts.iter().map(|(_, count)| u64::from(*count)).sum();
            if all > u64::from(*limits::PARTITIONS.end()) {
                i.at(format_args!("lanes[{n}]"), |i| {
                    i.fault(format_args!(
                        "{all} partitions in all with those that commands add, allowed are {}",
                        limits::PARTITIONS.end()
                    ));
                });
            }
        }
    }

    /// Checks what a command does to queues; how many such things it does.
    fn check_queue_command(&self, i: &mut Inspector, command: &Command) -> usize {
        let lanes = self.lanes.iter().filter_map(|lane| lane.sqs.as_ref());
        let lanes: Vec<&SqsLane> = lanes.collect();
        let queues = lanes.iter().flat_map(|lane| &lane.queues);
        let names: Vec<&str> = queues.map(|queue| queue.name.as_str()).collect();
        let mut given = 0;
        let named = [
            ("purge", &command.purge),
            (
                "cancel_message_move_task",
                &command.cancel_message_move_task,
            ),
        ];
        for (field, queue) in named {
            let Some(queue) = queue else { continue };
            given += 1;
            known(i, field, queue, &names);
        }
        given += check_delivery_command(i, command, &lanes);
        if let Some(start) = &command.start_message_move_task {
            given += 1;
            i.at("start_message_move_task", |i| {
                known(i, "source", &start.source, &names);
                if let Some(destination) = &start.destination {
                    known(i, "destination", destination, &names);
                }
                if let Some(rate) = start.max_number_of_messages_per_second {
                    i.within(
                        "max_number_of_messages_per_second",
                        rate,
                        limits::MOVE_TASK_RATE,
                    );
                }
            });
        }
        if let Some(set) = &command.set_queue_attributes {
            given += 1;
            i.at("set_queue_attributes", |i| {
                known(i, "queue", &set.queue, &names);
                check_attributes(i, set);
                for lane in &lanes {
                    for queue in lane.queues.iter().filter(|queue| queue.name == set.queue) {
                        check_change(i, set, (lane, queue));
                    }
                }
            });
        }
        given
    }
}

/// What a command names must not be of a recording alone.
fn not_recorded(i: &mut Inspector, cast: &Cast, command: &Command) {
    let named = [
        ("crash", &command.crash),
        ("restart", &command.restart),
        ("remove", &command.remove),
        ("freeze", &command.freeze),
        ("thaw", &command.thaw),
        ("add", &command.add),
    ];
    let has = |lane: &LaneCast, name: &String| {
        lane.teams.contains(name) || lane.actors.iter().any(|actor| actor.name == *name)
    };
    for (verb, name) in named {
        let Some(name) = name else { continue };
        let mut recorded = cast.lanes.iter().filter(|lane| lane.is_recorded());
        if recorded.any(|lane| has(lane, name)) && !cast.simulated().any(|lane| has(lane, name)) {
            i.at(verb, |i| {
                i.fault(format_args!(
                    "{name} is of a recording, which stays as it is: edit the simulation beside it"
                ));
            });
        }
    }
}

/// Checks what a command does to the deliveries of topics; how many such things it does.
fn check_delivery_command(i: &mut Inspector, command: &Command, lanes: &[&SqsLane]) -> usize {
    let topics = lanes.iter().filter_map(|lane| lane.topic());
    let names: Vec<&str> = topics.flat_map(|(_, topic)| topic.queue_names()).collect();
    let mut given = 0;
    for (field, queue) in [("deny", &command.deny), ("allow", &command.allow)] {
        let Some(queue) = queue else { continue };
        given += 1;
        delivered_to(i, field, queue, &names);
    }
    if let Some(outage) = &command.unreachable {
        given += 1;
        i.at("unreachable", |i| {
            delivered_to(i, "queue", &outage.queue, &names);
            i.within("lasts", outage.lasts, limits::UNREACHABLE);
        });
    }
    given
}

/// `queue` has to be one that a topic delivers to.
fn delivered_to(i: &mut Inspector, field: &str, queue: &str, names: &[&str]) {
    if names.is_empty() {
        i.at(field, |i| {
            i.fault("needs a topic that the producers publish to, and there is none");
        });
    } else {
        known(i, field, queue, names);
    }
}

/// The values of changed attributes.
fn check_attributes(i: &mut Inspector, set: &SetQueueAttributes) {
    let lengths = [
        (
            "visibility_timeout",
            set.visibility_timeout,
            sqs_limits::VISIBILITY_TIMEOUT,
        ),
        ("delay", set.delay, sqs_limits::DELAY),
        (
            "message_retention_period",
            set.message_retention_period,
            sqs_limits::MESSAGE_RETENTION_PERIOD,
        ),
        (
            "receive_message_wait_time",
            set.receive_message_wait_time,
            sqs_limits::WAIT_TIME,
        ),
    ];
    for (field, length, range) in lengths {
        let Some(length) = length else { continue };
        i.within(field, length, range);
        if SimDuration::from_secs(length.as_secs()) != length {
            i.at(field, |i| {
                i.fault(format_args!("{length} is not in whole seconds"));
            });
        }
    }
    check_size(i, set.maximum_message_size);
    let unchanged = SetQueueAttributes {
        queue: set.queue.clone(),
        ..SetQueueAttributes::default()
    };
    if *set == unchanged {
        i.fault("changes nothing: give an attribute and its new value");
    }
}

/// Whether a queue can have what it is to have.
fn check_change(i: &mut Inspector, set: &SetQueueAttributes, (lane, queue): (&SqsLane, &Queue)) {
    let names: Vec<&str> = lane.queues.iter().map(|q| q.name.as_str()).collect();
    if let Some(policy) = set.redrive_policy.as_ref().and_then(|new| new.0.as_ref()) {
        i.at("redrive_policy", |i| {
            known(i, "dead_letter_target", &policy.dead_letter_target, &names);
            i.within(
                "max_receive_count",
                policy.max_receive_count,
                sqs_limits::MAX_RECEIVE_COUNT,
            );
        });
    }
    check_allow_policy(i, set.redrive_allow_policy.as_ref(), &names);
    if !queue.is_fifo() {
        fifo_only(
            i,
            [
                set.content_based_deduplication.is_some(),
                set.deduplication_scope.is_some(),
                set.fifo_throughput_limit.is_some(),
            ],
        );
    }
}
