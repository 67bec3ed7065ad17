//! Queues and workers, topics and groups.

use broker_lab_core::kafka::assignor::{Assignor, ServerAssignor};
use broker_lab_core::scenario::{
    AutoOffsetReset, BackOff, CommitCall, CommitWhen, ConsumerGroup, DeduplicationScope,
    DeleteWhen, EventSourceMapping, FifoThroughputLimit, GroupMember, GroupProtocol, Heartbeat,
    KafkaLane, OnFailure, Percent, ProvisionedPollerConfig, Queue, RedriveAllowPolicy,
    RedrivePermission, RedrivePolicy, SnsTopic, SqsLane, Subscription, SubscriptionRedrivePolicy,
    Topic, Workers,
};

use super::dice::{Dice, millis, secs};
use super::shape::Shape;
use super::share;

pub(super) fn queue_lane(shape: &Shape, latency: u64) -> SqsLane {
    let dice = &mut shape.dice("queue lane");
    let dead_letters = dice.once_in(2);
    let (orders, dlq) = (shape.queue("orders"), shape.queue("orders-dlq"));
    let mut queues = vec![queue(&orders, dice)];
    let mut workers = vec![workers("worker", &orders, shape.workers, (latency, dice))];
    if dead_letters {
        queues[0].redrive_policy = Some(RedrivePolicy {
            dead_letter_target: dlq.clone(),
            max_receive_count: 1 + dice.below(4) as u32,
        });
        let mut dead_letters = queue(&dlq, dice);
        dead_letters.redrive_allow_policy = dice.once_in(3).then(|| RedriveAllowPolicy {
            redrive_permission: RedrivePermission::ByQueue,
            source_queues: vec![orders.clone()],
        });
        queues.push(dead_letters);
        if dice.once_in(3) {
            workers.push(self::workers("mender", &dlq, 1, (latency, dice)));
        }
    }
    if dice.once_in(4) {
        workers.push(self::workers("auditor", &orders, 1, (latency, dice)));
    }
    let mut send_to = dice.once_in(4).then(|| orders.clone());
    let mut topics = Vec::new();
    if dice.once_in(4) {
        let copies = shape.queue("copies");
        queues.push(queue(&copies, dice));
        workers.push(self::workers("reader", &copies, 2, (latency, dice)));
        let mut topic = topic(shape, [orders, copies], dice);
        if dice.once_in(2) {
            let undelivered = shape.queue("undelivered");
            queues.push(queue(&undelivered, dice));
            failing(&mut topic, &undelivered, dice);
        }
        topics.push(topic);
        send_to = Some(shape.queue("events"));
    }
    if latency < 5 {
        // What nobody is in time to delete would go round and round with hardly any time between.
        for queue in &mut queues {
            queue.visibility_timeout = queue.visibility_timeout.max(millis(500));
        }
    }
    let function = (dice.once_in(4)).then(|| function(&queues[0], dice));
    SqsLane {
        event_source_mappings: function.flatten().into_iter().collect(),
        queues,
        topics,
        send_to,
        fair: dice.once_in(4),
        workers,
    }
}

/// A topic that the queues are subscribed to.
fn topic(shape: &Shape, queues: [String; 2], dice: &mut Dice) -> SnsTopic {
    let policies = [
        None,
        None,
        Some(r#"{"key":["ada",{"prefix":"b"}]}"#),
        Some(r#"{"key":[{"exists":false}]}"#),
        Some(r#"{"producer":[{"anything-but":"returns"}]}"#),
    ];
    SnsTopic {
        name: shape.queue("events"),
        content_based_deduplication: shape.is_fifo() && dice.once_in(2),
        subscriptions: queues
            .into_iter()
            .map(|queue| Subscription {
                queue,
                raw_message_delivery: dice.once_in(2),
                filter_policy: dice.pick(&policies).map(str::to_owned),
                ..Subscription::default()
            })
            .collect(),
    }
}

/// Lets deliveries fail, and puts some of what cannot be delivered aside.
fn failing(topic: &mut SnsTopic, undelivered: &str, dice: &mut Dice) {
    for subscription in &mut topic.subscriptions {
        subscription.delivery_errors = Percent(dice.pick(&[0, 0, 20, 70]));
        subscription.redrive_policy = dice.once_in(2).then(|| SubscriptionRedrivePolicy {
            dead_letter_target: undelivered.to_owned(),
        });
    }
}

/// A function, if the queue's visibility timeout leaves it a second.
fn function(queue: &Queue, dice: &mut Dice) -> Option<EventSourceMapping> {
    let most = queue.visibility_timeout.as_secs();
    let window = if queue.is_fifo() {
        0
    } else {
        dice.pick(&[0, 0, 1, 4])
    };
    let provisioned = dice.once_in(5);
    (most > 0).then(|| EventSourceMapping {
        function_name: String::from("resize"),
        queue: queue.name.clone(),
        batch_size: dice.pick(&[1, 3, 10]),
        maximum_batching_window: secs(window),
        maximum_concurrency: (!provisioned).then(|| dice.pick(&[2, 3, 6])),
        provisioned_poller_config: provisioned.then(|| ProvisionedPollerConfig {
            minimum_pollers: 2,
            maximum_pollers: dice.pick(&[2, 3]),
        }),
        reserved_concurrency: dice.once_in(4).then(|| dice.below(3) as u32),
        report_batch_item_failures: dice.once_in(2),
        timeout: secs(1 + dice.below(most)),
    })
}

fn queue(name: &str, dice: &mut Dice) -> Queue {
    let mut queue = Queue {
        name: name.to_owned(),
        visibility_timeout: millis(dice.pick(&[0, 500, 1_000, 3_000, 5_000, 10_000, 30_000])),
        ..Queue::default()
    };
    if dice.once_in(5) {
        queue.delay = secs(dice.pick(&[1, 3, 20]));
    }
    if dice.once_in(5) {
        queue.message_retention_period = secs(dice.pick(&[60, 75]));
    }
    if dice.once_in(5) {
        queue.receive_message_wait_time = secs(2);
    }
    if !queue.is_fifo() && dice.once_in(6) {
        queue.redelivers = Percent(dice.pick(&[10, 60]));
        queue.reorders = Percent(dice.pick(&[0, 40]));
        queue.short_poll_misses = Percent(dice.pick(&[0, 30]));
    }
    if queue.is_fifo() {
        // Deleting is too late on a FIFO queue then, over and over without any time between.
        queue.visibility_timeout = queue.visibility_timeout.max(millis(500));
        queue.content_based_deduplication = dice.once_in(3);
        if dice.once_in(3) {
            queue.deduplication_scope = DeduplicationScope::MessageGroup;
            queue.fifo_throughput_limit = dice.pick(&[
                FifoThroughputLimit::PerQueue,
                FifoThroughputLimit::PerMessageGroupId,
            ]);
        }
    }
    queue
}

fn workers(name: &str, queue: &str, count: u8, (latency, dice): (u64, &mut Dice)) -> Workers {
    let mut workers = Workers {
        name: name.to_owned(),
        count: count.into(),
        queue: queue.to_owned(),
        max_number_of_messages: dice.pick(&[1, 1, 2, 10]),
        ..Workers::default()
    };
    if dice.once_in(2) {
        // A short poll over a network that takes no time would never let time go on.
        let shortest = if latency < 5 { 1 } else { 0 };
        workers.wait_time = secs(dice.pick(&[shortest, 1, 5]));
    }
    if dice.once_in(3) {
        habits(&mut workers, dice);
    }
    workers
}

/// What people make of receive, work, delete.
fn habits(workers: &mut Workers, dice: &mut Dice) {
    workers.concurrency = dice.pick(&[1, 1, 2, 3, 12]);
    workers.delete = dice.pick(&[
        DeleteWhen::AfterWork,
        DeleteWhen::AfterWork,
        DeleteWhen::BeforeWork,
        DeleteWhen::Never,
    ]);
    workers.visibility_timeout = dice
        .once_in(3)
        .then(|| millis(dice.pick(&[500, 2_000, 20_000])));
    workers.heartbeat = dice.once_in(3).then(|| Heartbeat {
        every: millis(dice.pick(&[200, 1_000, 2_000])),
        extends_to: millis(dice.pick(&[0, 500, 3_000, 43_200_000])),
    });
    match dice.below(4) {
        0 => workers.gives_back = true,
        1 => {
            workers.back_off = Some(BackOff {
                base: millis(dice.pick(&[250, 1_000, 2_000])),
                max: secs(dice.pick(&[3, 900, 43_200])),
            });
        }
        _ => {}
    }
    if workers.delete == DeleteWhen::AfterWork && dice.once_in(3) {
        workers.delete_delay = millis(dice.pick(&[20, 800, 6_000]));
    }
    // Who neither works nor deletes would go round without any time between.
    workers.idempotent = workers.delete != DeleteWhen::Never && dice.once_in(3);
}

pub(super) fn log_lane(shape: &Shape) -> KafkaLane {
    let dice = &mut shape.dice("log lane");
    let partitions = u32::from(shape.partitions.max(1));
    let topic = |name: &str, partitions| Topic {
        name: name.to_owned(),
        partitions,
        replication_factor: 1,
        ..Topic::default()
    };
    let brokers = &mut shape.dice("consumer protocol");
    let mut lane = KafkaLane {
        brokers: 1 + dice.below(3) as u32,
        group_initial_rebalance_delay: millis(dice.pick(&[0, 0, 500, 3_000])),
        topics: vec![topic("orders", partitions)],
        group_consumer_session_timeout: secs(brokers.pick(&[6, 6, 10, 45])),
        group_consumer_heartbeat_interval: millis(brokers.pick(&[300, 500, 1_000, 5_000])),
        group_consumer_assignment_interval: millis(brokers.pick(&[0, 500, 1_000, 1_000, 4_000])),
        metadata_max_age: millis(dice.pick(&[500, 4_000, 300_000])),
        ..KafkaLane::default()
    };
    if dice.once_in(4) {
        lane.topics.push(topic("audit", 1 + dice.below(3) as u32));
        lane.send_to = dice.once_in(2).then(|| String::from("audit"));
    }
    for name in ["billing", "analytics"]
        .into_iter()
        .take(shape.groups.into())
    {
        let mut group = group(name, shape);
        let dice = &mut shape.dice(&format!("{name} protocol"));
        if dice.once_in(3) {
            keep_by_epochs(&mut group, dice);
        }
        if lane.topics.len() > 1 && dice.once_in(2) {
            group.topics.push(String::from("audit"));
        }
        lane.groups.push(group);
    }
    lane.share_groups.extend(share::group(shape, &lane));
    lane
}

/// Makes a group one of the consumer protocol, which knows fewer settings.
fn keep_by_epochs(group: &mut ConsumerGroup, dice: &mut Dice) {
    let default = ConsumerGroup::default();
    group.group_protocol = GroupProtocol::Consumer;
    group.group_remote_assignor = dice.pick(&[None, Some(ServerAssignor::Range)]);
    group.session_timeout = default.session_timeout;
    group.heartbeat_interval = default.heartbeat_interval;
    group.partition_assignment_strategy = Vec::new();
}

fn group(name: &str, shape: &Shape) -> ConsumerGroup {
    let dice = &mut shape.dice(name);
    let commit = dice.pick(&[
        None,
        None,
        Some(CommitWhen::AfterRecord),
        Some(CommitWhen::AfterPoll),
        Some(CommitWhen::BeforeWork),
        Some(CommitWhen::Never),
    ]);
    let by_itself = commit.is_some();
    let session_timeout = dice.pick(&[6, 6, 10, 45]);
    let consumers = consumers(name, shape);
    let heartbeat = dice.pick(&[500, 1_000, 2_000, 3_000, session_timeout * 1_000 - 1]);
    ConsumerGroup {
        name: name.to_owned(),
        topics: vec![String::from("orders")],
        members: if consumers.is_empty() {
            shape.members.into()
        } else {
            1
        },
        consumers,
        group_protocol: GroupProtocol::Classic,
        group_remote_assignor: None,
        session_timeout: secs(session_timeout),
        heartbeat_interval: millis(heartbeat),
        max_poll_interval: millis(dice.pick(&[200, 1_000, 5_000, 300_000, 300_000])),
        max_poll_records: dice.pick(&[1, 2, 5, 500]),
        enable_auto_commit: commit.is_none(),
        auto_commit_interval: millis(dice.pick(&[1, 500, 5_000])),
        commit,
        auto_offset_reset: dice.pick(&[
            AutoOffsetReset::Earliest,
            AutoOffsetReset::Earliest,
            AutoOffsetReset::Earliest,
            AutoOffsetReset::Latest,
            AutoOffsetReset::Latest,
            AutoOffsetReset::None,
            AutoOffsetReset::ByDuration { length: secs(5) },
        ]),
        on_failure: dice.pick(&[
            OnFailure::Retry,
            OnFailure::Retry,
            OnFailure::Skip,
            OnFailure::SeekBack,
        ]),
        retry_backoff: millis(dice.pick(&[20, 300, 1_000, 4_000])),
        partition_assignment_strategy: strategy(dice),
        static_membership: dice.once_in(4),
        group_instance_ids: if dice.once_in(8) {
            // Now and then two that fence each other.
            let twin = dice.pick(&["seat-1", "seat-2"]);
            ["seat-1", twin].map(str::to_owned).to_vec()
        } else {
            Vec::new()
        },
        commit_call: dice.pick(if by_itself {
            &[CommitCall::Sync, CommitCall::Sync, CommitCall::Async]
        } else {
            &[CommitCall::Sync]
        }),
        commit_on_revoke: by_itself && commit != Some(CommitWhen::BeforeWork) && dice.once_in(2),
    }
}

/// The members one by one, with their own names; some start later, some work at their own pace.
/// Commands find them by number, so the names are those that they would have anyway.
fn consumers(group: &str, shape: &Shape) -> Vec<GroupMember> {
    let dice = &mut shape.dice("consumers");
    if !dice.once_in(4) {
        return Vec::new();
    }
    let consumer = |number| GroupMember {
        name: format!("{group}-{number}"),
        start: millis(dice.pick(&[0, 0, 100, 3_000])),
        takes: dice.once_in(3).then(|| millis(dice.pick(&[300, 4_000]))),
    };
    (1..=shape.members).map(consumer).collect()
}

/// Cooperative more often than not: much can go on while it rebalances.
fn strategy(dice: &mut Dice) -> Vec<Assignor> {
    use Assignor::{CooperativeSticky, Range, RoundRobin, Sticky};
    dice.pick(&[
        vec![],
        vec![Range, CooperativeSticky],
        vec![RoundRobin],
        vec![Sticky],
        vec![CooperativeSticky],
        vec![CooperativeSticky],
        vec![CooperativeSticky],
        vec![CooperativeSticky, Sticky],
    ])
}
