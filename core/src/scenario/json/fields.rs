//! Which fields an object has, and which of them must be given.

use super::read::Read;
use super::reader::{Broken, Reader};
use crate::kafka::assignor::{Assignor, ServerAssignor};
use crate::recording::Recorded;
use crate::scenario::{
    AutoOffsetReset, BackOff, Command, CommitCall, CommitWhen, ConsumerGroup, CreatePartitions,
    DeduplicationScope, DeleteWhen, EventSourceMapping, Failure, FifoThroughputLimit, GroupMember,
    GroupProtocol, Heartbeat, KafkaLane, KeyChoice, Lane, Network, NewRedrivePolicy, OnFailure,
    PartitionsOf, Producer, ProvisionedPollerConfig, Queue, RedriveAllowPolicy, RedrivePermission,
    RedrivePolicy, ResetOffsets, Scenario, Seek, SendAt, SetQueueAttributes, SlowDown, SlowWork,
    SnsTopic, SqsLane, StartMessageMoveTask, Subscribe, Subscription, SubscriptionRedrivePolicy,
    Topic, Unreachable, Work, Workers, Workload,
};

/// The fields of a type: first those that must be given, then the others.
macro_rules! fields {
    ($name:ident: $($required:ident)*; $($optional:ident)*) => {
        impl Read for $name {
            fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
                const REQUIRED: &[&str] = &[$(stringify!($required)),*];
                const KNOWN: &[&str] =
                    &[$(stringify!($required),)* $(stringify!($optional)),*];
                json.object((KNOWN, REQUIRED.len()), &mut |name, json| match name {
                    $(stringify!($required) => self.$required.read(json),)*
                    $(stringify!($optional) => self.$optional.read(json),)*
                    _ => Ok(()),
                })
            }
        }
    };
}

fields! { Scenario: version horizon workload lanes; title description suggestions noun
seed network commands }
fields! { Network: latency; }
fields! { Workload: ; producers work failures }
fields! { Producer: name; rate count start keys key_choice sends }
fields! { SendAt: at; key topic partition }
fields! { Work: ; takes varies slow }
fields! { SlowWork: takes; message key }
fields! { Failure: ; message key chance always times }
fields! { Lane: name; sqs kafka recorded }
fields! { Command: at; crash restart remove add poison send resend set_queue_attributes purge start_message_move_task cancel_message_move_task deny allow unreachable freeze thaw slow_down kill_broker stop_broker start_broker freeze_broker thaw_broker kill_controller start_controller set_topic set_producer set_link lose_next_answer subscribe seek pause resume reset_offsets create_partitions }
fields! { Unreachable: queue lasts; }
fields! { SlowDown: consumer times; }
fields! { Subscribe: group topics; }
fields! { PartitionsOf: consumer; topic partition }
fields! { Seek: consumer; topic partition to_beginning to_end to_offset }
fields! { ResetOffsets: group; topic partition to_earliest to_latest to_offset shift_by by_duration }
fields! { CreatePartitions: topic partitions; }
fields! { StartMessageMoveTask: source; destination max_number_of_messages_per_second }
fields! { SetQueueAttributes: queue; visibility_timeout delay message_retention_period
receive_message_wait_time maximum_message_size redrive_policy redrive_allow_policy
content_based_deduplication deduplication_scope fifo_throughput_limit }
fields! { SqsLane: queues; topics send_to fair workers event_source_mappings }
fields! { SnsTopic: name subscriptions; content_based_deduplication }
fields! { Subscription: queue; raw_message_delivery filter_policy redrive_policy delivery_errors }
fields! { SubscriptionRedrivePolicy: dead_letter_target; }
fields! { EventSourceMapping: function_name queue; batch_size maximum_batching_window
maximum_concurrency provisioned_poller_config reserved_concurrency report_batch_item_failures timeout }
fields! { ProvisionedPollerConfig: ; minimum_pollers maximum_pollers }
fields! { Queue: name; visibility_timeout delay message_retention_period
receive_message_wait_time maximum_message_size redrive_policy redrive_allow_policy
content_based_deduplication deduplication_scope fifo_throughput_limit redelivers reorders
short_poll_misses }
fields! { RedriveAllowPolicy: redrive_permission; source_queues }
fields! { RedrivePolicy: dead_letter_target max_receive_count; }
fields! { Workers: name queue; count max_number_of_messages wait_time visibility_timeout concurrency
delete delete_delay heartbeat back_off gives_back idempotent }
fields! { Heartbeat: every extends_to; }
fields! { BackOff: base; max }
fields! { KafkaLane: topics; brokers group_initial_rebalance_delay group_min_session_timeout metadata_max_age send_to groups share_groups group_consumer_session_timeout group_consumer_heartbeat_interval group_consumer_assignment_interval controllers
replica_lag_time_max broker_session_timeout broker_heartbeat_interval auto_leader_rebalance_enable
leader_imbalance_check_interval producers }
fields! { Topic: name; partitions replication_factor replica_assignment min_insync_replicas
unclean_leader_election_enable }
fields! { GroupMember: name; start takes }
fields! { ConsumerGroup: name topics; members consumers session_timeout heartbeat_interval max_poll_interval max_poll_records enable_auto_commit auto_commit_interval commit group_protocol group_remote_assignor partition_assignment_strategy static_membership group_instance_ids commit_call commit_on_revoke
auto_offset_reset on_failure retry_backoff }

pub(super) use fields;

/// The names of the values of an enum.
macro_rules! names {
    ($name:ident: $($text:literal $variant:ident),*) => {
        impl Read for $name {
            fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
                match json.name(&[$($text),*])? {
                    $(Some($text) => *self = Self::$variant,)*
                    _ => {}
                }
                Ok(())
            }
        }
    };
}

pub(super) use names;

names! { DeleteWhen: "after_work" AfterWork, "before_work" BeforeWork, "never" Never }
names! { DeduplicationScope: "queue" Queue, "message_group" MessageGroup }
names! { FifoThroughputLimit: "per_queue" PerQueue, "per_message_group_id" PerMessageGroupId }
names! { RedrivePermission: "allow_all" AllowAll, "deny_all" DenyAll, "by_queue" ByQueue }
names! { KeyChoice: "in_turn" InTurn, "random" Random }
names! { GroupProtocol: "classic" Classic, "consumer" Consumer }
names! { CommitWhen: "after_record" AfterRecord, "after_poll" AfterPoll, "before_work" BeforeWork,
"never" Never }
names! { CommitCall: "sync" Sync, "async" Async }
names! { Assignor: "range" Range, "roundrobin" RoundRobin, "sticky" Sticky,
"cooperative-sticky" CooperativeSticky }
names! { ServerAssignor: "uniform" Uniform, "range" Range }
names! { OnFailure: "retry" Retry, "seek_back" SeekBack, "skip" Skip }

impl Read for AutoOffsetReset {
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        let what = "one of latest, earliest, none, by_duration:PT1H (ISO 8601)";
        if let Some(text) = json.text(what)? {
            match Self::parse(&text) {
                Some(value) => *self = value,
                None => json.fault(format!("\"{text}\" is not {what}")),
            }
        }
        Ok(())
    }
}

impl Read for NewRedrivePolicy {
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        if !json.is_text() {
            return self.0.insert(RedrivePolicy::default()).read(json);
        }
        let text = json.text("a redrive policy")?;
        if text.is_some_and(|text| !text.is_empty()) {
            json.fault("is no redrive policy; the empty text takes it off".to_owned());
        }
        Ok(())
    }
}

/// In the form of a recording; what that is, its own reader knows.
impl Read for Recorded {
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        self.read_json(json)
    }
}
