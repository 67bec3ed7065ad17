//! A checked document as bytes: the page gets it so from the engine, and needs no reader of JSON.

use super::{
    AutoOffsetReset, BackOff, Command, CommitCall, CommitWhen, ConsumerGroup, CreatePartitions,
    DeduplicationScope, DeleteWhen, EventSourceMapping, Failure, FifoThroughputLimit, GroupMember,
    GroupProtocol, Heartbeat, KafkaLane, KeyChoice, Lane, Network, NewRedrivePolicy, OnFailure,
    PartitionsOf, Percent, Producer, ProvisionedPollerConfig, Queue, Rate, RedriveAllowPolicy,
    RedrivePermission, RedrivePolicy, ResetOffsets, Scenario, Seek, SendAt, SetQueueAttributes,
    SlowDown, SlowWork, SnsTopic, SqsLane, StartMessageMoveTask, Subscribe, Subscription,
    SubscriptionRedrivePolicy, Topic, Unreachable, Work, Workers, Workload,
};
use crate::bytes::{Bytes as _, Reader, enums, structs, wrapped};

impl Scenario {
    /// The document as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// What [`Scenario::to_bytes`] wrote; `None` if these bytes are not that.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut from = Reader::new(bytes);
        let scenario = <Self as crate::bytes::Bytes>::read(&mut from);
        from.is_done().then_some(scenario)
    }
}

wrapped!(Percent, NewRedrivePolicy);

structs! {
    Scenario { version, title, description, suggestions, noun, seed, horizon, network, workload, lanes, commands }
    Network { latency }
    Workload { producers, work, failures }
    Producer { name, rate, count, start, keys, key_choice, sends }
    SendAt { at, key, topic, partition }
    Work { takes, varies, slow }
    SlowWork { message, key, takes }
    Failure { message, key, chance, always, times }
    Lane { name, sqs, kafka, recorded }
    Command { at, crash, restart, remove, add, poison, send, resend, set_queue_attributes, purge, start_message_move_task, cancel_message_move_task, deny, allow, unreachable, freeze, thaw, slow_down, subscribe, kill_broker, stop_broker, start_broker, freeze_broker, thaw_broker, kill_controller, start_controller, set_topic, set_producer, set_link, lose_next_answer, seek, pause, resume, reset_offsets, create_partitions }
    SlowDown { consumer, times }
    Subscribe { group, topics }
    PartitionsOf { consumer, topic, partition }
    Seek { consumer, topic, partition, to_beginning, to_end, to_offset }
    ResetOffsets { group, topic, partition, to_earliest, to_latest, to_offset, shift_by, by_duration }
    CreatePartitions { topic, partitions }
    Rate { count, per }
    SnsTopic { name, content_based_deduplication, subscriptions }
    Subscription { queue, raw_message_delivery, filter_policy, redrive_policy, delivery_errors }
    SubscriptionRedrivePolicy { dead_letter_target }
    Unreachable { queue, lasts }
    EventSourceMapping { function_name, queue, batch_size, maximum_batching_window, maximum_concurrency, provisioned_poller_config, reserved_concurrency, report_batch_item_failures, timeout }
    ProvisionedPollerConfig { minimum_pollers, maximum_pollers }
    SetQueueAttributes { queue, visibility_timeout, delay, message_retention_period, receive_message_wait_time, maximum_message_size, redrive_policy, redrive_allow_policy, content_based_deduplication, deduplication_scope, fifo_throughput_limit }
    StartMessageMoveTask { source, destination, max_number_of_messages_per_second }
    SqsLane { queues, topics, send_to, fair, workers, event_source_mappings }
    Queue { name, visibility_timeout, delay, message_retention_period, receive_message_wait_time, maximum_message_size, redrive_policy, redrive_allow_policy, content_based_deduplication, deduplication_scope, fifo_throughput_limit, redelivers, reorders, short_poll_misses }
    RedriveAllowPolicy { redrive_permission, source_queues }
    RedrivePolicy { dead_letter_target, max_receive_count }
    Workers { name, count, queue, max_number_of_messages, wait_time, visibility_timeout, concurrency, delete, delete_delay, heartbeat, back_off, gives_back, idempotent }
    Heartbeat { every, extends_to }
    BackOff { base, max }
    KafkaLane { brokers, group_initial_rebalance_delay, group_min_session_timeout, metadata_max_age, topics, send_to, groups, share_groups, group_consumer_session_timeout, group_consumer_heartbeat_interval, group_consumer_assignment_interval, controllers, replica_lag_time_max, broker_session_timeout, broker_heartbeat_interval, auto_leader_rebalance_enable, leader_imbalance_check_interval, producers }
    Topic { name, partitions, replication_factor, replica_assignment, min_insync_replicas, unclean_leader_election_enable }
    GroupMember { name, start, takes }
    ConsumerGroup { name, topics, members, consumers, session_timeout, heartbeat_interval, max_poll_interval, max_poll_records, enable_auto_commit, auto_commit_interval, commit, auto_offset_reset, on_failure, retry_backoff, group_protocol, group_remote_assignor, partition_assignment_strategy, static_membership, group_instance_ids, commit_call, commit_on_revoke }
}

enums! {
    KeyChoice { 0 InTurn {} 1 Random {} else Self::InTurn }
    DeduplicationScope { 0 Queue {} 1 MessageGroup {} else Self::Queue }
    FifoThroughputLimit { 0 PerQueue {} 1 PerMessageGroupId {} else Self::PerQueue }
    RedrivePermission { 0 AllowAll {} 1 DenyAll {} 2 ByQueue {} else Self::AllowAll }
    DeleteWhen { 0 AfterWork {} 1 BeforeWork {} 2 Never {} else Self::AfterWork }
    GroupProtocol { 0 Classic {} 1 Consumer {} else Self::Classic }
    CommitWhen { 0 AfterRecord {} 1 AfterPoll {} 2 BeforeWork {} 3 Never {} else Self::AfterRecord }
    CommitCall { 0 Sync {} 1 Async {} else Self::Sync }
    AutoOffsetReset { 0 Latest {} 1 Earliest {} 2 None {} 3 ByDuration { length } else Self::Latest }
    OnFailure { 0 Retry {} 1 Skip {} 2 SeekBack {} else Self::Retry }
}
