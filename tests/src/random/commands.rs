//! Timed changes.

use broker_lab_core::SimDuration;
use broker_lab_core::scenario::{
    Command, CreatePartitions, DeduplicationScope, FifoThroughputLimit, NewRedrivePolicy,
    PartitionsOf, Queue, RedriveAllowPolicy, RedrivePermission, ResetOffsets, Scenario, Seek,
    SetQueueAttributes, SlowDown, SqsLane, StartMessageMoveTask, Subscribe, Unreachable,
};

use super::dice::{Dice, millis, secs};
use super::shape::Shape;
use super::workload::{any_key, any_moment};

/// Random commands for `scenario`, which has none yet.
pub(super) fn commands(shape: &Shape, scenario: &Scenario) -> Vec<Command> {
    let mut changed = scenario.clone();
    let mut dice = shape.dice("commands");
    for _ in 0..shape.commands {
        let next = command(shape, &changed, &mut dice);
        changed.commands.push(next);
    }
    changed.commands
}

/// One more command for `scenario`, decided by `dice`: what a click would add.
fn command(shape: &Shape, scenario: &Scenario, dice: &mut Dice) -> Command {
    if let Some(restart) = restart_of_the_last(scenario, dice) {
        return restart;
    }
    if shape.has_log_lane()
        && dice.once_in(16)
        && let Some(command) = growth(shape, scenario, dice)
    {
        return command;
    }
    if shape.has_log_lane()
        && dice.once_in(3)
        && let Some(command) = consumer_command(shape, scenario, dice)
    {
        return command;
    }
    let at = any_moment(shape, dice);
    let teams = teams(scenario);
    let kind = dice.below(16);
    if kind >= 12 && shape.has_queue_lane() {
        return queue_command(shape, scenario, (at, dice));
    }
    let kind = kind.min(11);
    if kind < 2 || teams.is_empty() {
        return if kind == 0 || scenario.workload.producers.is_empty() {
            let poison = Some(1 + dice.below(u64::from(shape.messages) * 2 + 4) as u32);
            Command {
                at,
                poison,
                ..Command::default()
            }
        } else {
            // Now and then a key that no producer has.
            let key = if dice.once_in(4) {
                String::from("zoe")
            } else {
                any_key(shape, dice)
            };
            Command {
                at,
                send: Some(key),
                ..Command::default()
            }
        };
    }
    let (team, size) = dice.pick(&teams);
    if kind == 2 || size == 0 {
        return Command {
            at,
            add: Some(team),
            ..Command::default()
        };
    }
    let actor = Some(format!("{team}-{}", 1 + dice.below(size)));
    match kind {
        3..=6 => Command {
            at,
            crash: actor,
            ..Command::default()
        },
        7..=9 => Command {
            at,
            restart: actor,
            ..Command::default()
        },
        _ => Command {
            at,
            remove: actor,
            ..Command::default()
        },
    }
}

/// What is done to a consumer.
fn consumer_command(shape: &Shape, scenario: &Scenario, dice: &mut Dice) -> Option<Command> {
    let logs = scenario.lanes.iter().filter_map(|lane| lane.kafka.as_ref());
    let groups: Vec<&str> = logs
        .flat_map(|lane| &lane.groups)
        .map(|group| group.name.as_str())
        .collect();
    let sizes = teams(scenario);
    let mut consumers = sizes
        .iter()
        .filter(|(name, size)| groups.contains(&name.as_str()) && *size > 0);
    let (group, size) = consumers.nth(dice.below(2) as usize)?;
    let consumer = format!("{group}-{}", 1 + dice.below(*size));
    let mut command = Command {
        at: any_moment(shape, dice),
        ..Command::default()
    };
    let of = PartitionsOf {
        consumer: consumer.clone(),
        topic: dice.once_in(2).then(|| String::from("orders")),
        partition: None,
    };
    match dice.below(12) {
        0..=2 => command.freeze = Some(consumer),
        3 => command.thaw = Some(consumer),
        4 => command.pause = Some(of),
        5 => command.resume = Some(of),
        6 | 7 => command.seek = Some(seek(consumer, dice)),
        8 | 9 => command.reset_offsets = Some(reset(group, dice)),
        10 => {
            command.subscribe = Some(Subscribe {
                group: group.clone(),
                topics: topics(scenario, dice),
            });
        }
        _ => {
            command.slow_down = Some(SlowDown {
                consumer,
                times: dice.pick(&[1, 2, 10]),
            });
        }
    }
    Some(command)
}

fn seek(consumer: String, dice: &mut Dice) -> Seek {
    let mut seek = Seek {
        consumer,
        partition: dice.once_in(2).then_some(0),
        ..Seek::default()
    };
    seek.topic = seek.partition.map(|_| String::from("orders"));
    match dice.below(4) {
        0 | 1 => seek.to_beginning = true,
        2 => seek.to_end = true,
        // Now and then one that the log does not have.
        _ => seek.to_offset = Some(dice.below(12) as u32),
    }
    seek
}

fn reset(group: &str, dice: &mut Dice) -> ResetOffsets {
    let mut reset = ResetOffsets {
        group: group.to_owned(),
        topic: dice.once_in(2).then(|| String::from("orders")),
        ..ResetOffsets::default()
    };
    match dice.below(5) {
        0 => reset.to_earliest = true,
        1 => reset.to_latest = true,
        2 => reset.to_offset = Some(dice.below(12) as u32),
        3 => reset.shift_by = Some(dice.below(9) as i32 - 4),
        _ => reset.by_duration = Some(secs(dice.below(20))),
    }
    reset
}

/// One or all topics of the log lane.
fn topics(scenario: &Scenario, dice: &mut Dice) -> Vec<String> {
    let logs = scenario.lanes.iter().filter_map(|lane| lane.kafka.as_ref());
    let names: Vec<String> = logs
        .flat_map(|lane| &lane.topics)
        .map(|topic| topic.name.clone())
        .collect();
    if dice.once_in(2) {
        vec![dice.pick(&names)]
    } else {
        names
    }
}

/// A topic of the log lane grows.
fn growth(shape: &Shape, scenario: &Scenario, dice: &mut Dice) -> Option<Command> {
    let grows = |command: &Command| command.create_partitions.is_some();
    let logs = scenario.lanes.iter().filter_map(|lane| lane.kafka.as_ref());
    let topic = logs.flat_map(|lane| &lane.topics).next()?;
    (!scenario.commands.iter().any(grows)).then(|| Command {
        at: any_moment(shape, dice),
        create_partitions: Some(CreatePartitions {
            topic: topic.name.clone(),
            partitions: topic.partitions + 1 + dice.below(3) as u32,
        }),
        ..Command::default()
    })
}

/// What is done to a queue, or to a send.
fn queue_command(
    shape: &Shape,
    scenario: &Scenario,
    (at, dice): (SimDuration, &mut Dice),
) -> Command {
    let queues = scenario.lanes.iter().filter_map(|lane| lane.sqs.as_ref());
    let queues: Vec<&Queue> = queues.flat_map(|lane| &lane.queues).collect();
    let queue = dice.pick(&queues);
    let mut command = Command {
        at,
        ..Command::default()
    };
    if dice.once_in(3) && deliver(scenario, &mut command, dice) {
        return command;
    }
    match dice.below(7) {
        0 => command.purge = Some(queue.name.clone()),
        3 | 4 => {
            // Now and then one that is no dead-letter queue.
            let source = queues.last().map_or(&queue.name, |queue| &queue.name);
            command.start_message_move_task = Some(StartMessageMoveTask {
                source: source.clone(),
                destination: dice.once_in(3).then(|| queues[0].name.clone()),
                max_number_of_messages_per_second: dice.pick(&[None, Some(1), Some(3)]),
            });
        }
        5 => command.cancel_message_move_task = Some(queue.name.clone()),
        1 | 2 => {
            let latest = u64::from(shape.messages) * 2 + 2;
            command.resend = Some(1 + dice.below(latest) as u32);
        }
        _ => command.set_queue_attributes = Some(attributes(queue, dice)),
    }
    command
}

/// What is done to the deliveries of a topic; whether there is one.
fn deliver(scenario: &Scenario, command: &mut Command, dice: &mut Dice) -> bool {
    let mut lanes = scenario.lanes.iter().filter_map(|lane| lane.sqs.as_ref());
    let topic = lanes.find_map(SqsLane::topic);
    let names = topic.map(|(_, topic)| topic.queue_names().map(str::to_owned).collect::<Vec<_>>());
    let Some(names) = names else { return false };
    let queue = dice.pick(&names);
    match dice.below(4) {
        0 => command.allow = Some(queue),
        1 => command.deny = Some(queue),
        _ => {
            let lasts = millis(dice.pick(&[1, 300, 4_000, 40_000]));
            command.unreachable = Some(Unreachable { queue, lasts });
        }
    }
    true
}

fn attributes(queue: &Queue, dice: &mut Dice) -> SetQueueAttributes {
    let mut set = SetQueueAttributes {
        queue: queue.name.clone(),
        ..SetQueueAttributes::default()
    };
    match dice.below(9) {
        0 => set.visibility_timeout = Some(secs(dice.pick(&[1, 1, 4, 20]))),
        1 => set.delay = Some(secs(dice.pick(&[0, 2, 15]))),
        2 => set.message_retention_period = Some(secs(dice.pick(&[60, 70, 900]))),
        3 => set.receive_message_wait_time = Some(secs(dice.pick(&[0, 3]))),
        4 if queue.redrive_policy.is_some() => {
            let mut policy = queue.redrive_policy.clone();
            if let Some(policy) = &mut policy {
                policy.max_receive_count = 1 + dice.below(3) as u32;
            }
            let policy = policy.filter(|_| !dice.once_in(3));
            set.redrive_policy = Some(NewRedrivePolicy(policy));
        }
        5 if queue.is_fifo() => {
            set.content_based_deduplication = Some(dice.once_in(2));
        }
        6 if queue.is_fifo() => {
            // SQS refuses some of these: the limit needs the scope.
            let scopes = [DeduplicationScope::Queue, DeduplicationScope::MessageGroup];
            let limits = [
                FifoThroughputLimit::PerQueue,
                FifoThroughputLimit::PerMessageGroupId,
            ];
            set.deduplication_scope = dice.once_in(2).then(|| dice.pick(&scopes));
            set.fifo_throughput_limit = dice.once_in(2).then(|| dice.pick(&limits));
            let is_set = set.deduplication_scope.is_some() || set.fifo_throughput_limit.is_some();
            set.delay = (!is_set).then_some(secs(1));
        }
        7 => {
            let permissions = [
                RedrivePermission::AllowAll,
                RedrivePermission::DenyAll,
                RedrivePermission::ByQueue,
            ];
            let redrive_permission = dice.pick(&permissions);
            let by_queue = redrive_permission == RedrivePermission::ByQueue;
            set.redrive_allow_policy = Some(RedriveAllowPolicy {
                redrive_permission,
                source_queues: by_queue.then(|| queue.name.clone()).into_iter().collect(),
            });
        }
        _ => set.maximum_message_size = Some(dice.pick(&[1_024, 262_144])),
    }
    set
}

/// Whoever went down, or stands still, by the last command is often back soon.
fn restart_of_the_last(scenario: &Scenario, dice: &mut Dice) -> Option<Command> {
    let last = scenario.commands.last()?;
    let later = millis(dice.pick(&[0, 5, 100, 700, 3_000, 8_000, 20_000]));
    let mut back = Command {
        at: (last.at + later).min(scenario.horizon),
        ..Command::default()
    };
    match (&last.freeze, &last.crash, &last.remove) {
        (Some(frozen), ..) => back.thaw = Some(frozen.clone()),
        (_, Some(down), _) | (.., Some(down)) => back.restart = Some(down.clone()),
        _ => return None,
    }
    dice.once_in(2).then_some(back)
}

/// The worker sets and groups, with how many they get to have in all.
fn teams(scenario: &Scenario) -> Vec<(String, u64)> {
    let queues = scenario.lanes.iter().filter_map(|lane| lane.sqs.as_ref());
    let logs = scenario.lanes.iter().filter_map(|lane| lane.kafka.as_ref());
    let workers = queues
        .flat_map(|lane| &lane.workers)
        .map(|w| (&w.name, w.count));
    let groups = logs
        .flat_map(|lane| &lane.groups)
        .map(|g| (&g.name, g.size()));
    let shares = scenario
        .lanes
        .iter()
        .filter_map(|lane| lane.kafka.as_ref())
        .flat_map(|lane| &lane.share_groups)
        .map(|g| (&g.name, g.size()));
    let sized = workers.chain(groups).chain(shares).map(|(name, size)| {
        let added = scenario
            .commands
            .iter()
            .filter(|c| c.add.as_ref() == Some(name));
        (name.clone(), u64::from(size) + added.count() as u64)
    });
    sized.collect()
}
