//! How a worker, a function or a consumer does its work, under the names that SQS, Lambda and Kafka
//! have for it.

use broker_lab_core::SimDuration;
use broker_lab_core::scenario::{
    CommitCall, CommitWhen, ConsumerGroup, DeleteWhen, EventSourceMapping, GroupProtocol, Lane,
    OnFailure, OnShareFailure, ShareAcknowledgementMode, ShareAcquireMode, ShareGroup, System,
    Workers,
};

use crate::stage::words::setting;

type Field = (&'static str, String);

/// What is set for a team of a lane.
pub(super) fn of(lane: &Lane, team: usize) -> Vec<Field> {
    let sqs = match lane.system() {
        Some(System::Sqs(sqs)) => sqs,
        Some(System::Kafka(kafka)) => {
            let share = team.checked_sub(kafka.groups.len());
            return match (kafka.groups.get(team), share) {
                (Some(group), _) => of_group(group),
                (None, Some(n)) => kafka
                    .share_groups
                    .get(n)
                    .map(of_share_group)
                    .unwrap_or_default(),
                (None, None) => Vec::new(),
            };
        }
        None => return Vec::new(),
    };
    match sqs.workers.get(team) {
        Some(workers) => of_workers(workers),
        None => {
            let function = team.checked_sub(sqs.workers.len());
            let mapping = function.and_then(|n| sqs.event_source_mappings.get(n));
            mapping.map(of_function).unwrap_or_default()
        }
    }
}

fn of_workers(workers: &Workers) -> Vec<Field> {
    let mut fields = vec![
        ("queue", workers.queue.clone()),
        (
            "MaxNumberOfMessages",
            workers.max_number_of_messages.to_string(),
        ),
        ("WaitTimeSeconds", setting(workers.wait_time)),
        (
            "deletes",
            String::from(match workers.delete {
                DeleteWhen::AfterWork => "after the work",
                DeleteWhen::BeforeWork => "before the work",
                DeleteWhen::Never => "never",
            }),
        ),
    ];
    if workers.delete_delay > SimDuration::ZERO {
        let delay = setting(workers.delete_delay);
        fields.push(("delete delay", format!("{delay} after the work")));
    }
    if let Some(timeout) = workers.visibility_timeout {
        fields.push(("VisibilityTimeout", setting(timeout)));
    }
    if workers.concurrency > 1 {
        fields.push(("at the same time", workers.concurrency.to_string()));
    }
    if let Some(heartbeat) = &workers.heartbeat {
        let (every, to) = (setting(heartbeat.every), setting(heartbeat.extends_to));
        fields.push(("heartbeat", format!("every {every}, extends to {to}")));
    }
    if let Some(back_off) = &workers.back_off {
        let (base, max) = (setting(back_off.base), setting(back_off.max));
        fields.push((
            "back-off",
            format!("{base}, then twice as long each time, at most {max}"),
        ));
    }
    if workers.gives_back {
        fields.push((
            "on failure",
            String::from("gives back: visibility timeout 0"),
        ));
    }
    if workers.idempotent {
        let memory = "remembers what its team has finished, and skips it";
        fields.push(("idempotent", String::from(memory)));
    }
    fields
}

fn of_function(mapping: &EventSourceMapping) -> Vec<Field> {
    let provisioned = mapping.provisioned_poller_config.as_ref();
    let pollers = provisioned.map(|config| {
        let (least, most) = (config.minimum_pollers, config.maximum_pollers);
        ("MinimumPollers, MaximumPollers", format!("{least}, {most}"))
    });
    let reports = if mapping.report_batch_item_failures {
        "ReportBatchItemFailures"
    } else {
        "none: a batch succeeds or fails as a whole"
    };
    let mut fields = vec![
        ("queue", mapping.queue.clone()),
        ("BatchSize", mapping.batch_size.to_string()),
        (
            "MaximumBatchingWindow",
            setting(mapping.maximum_batching_window),
        ),
        ("FunctionResponseTypes", String::from(reports)),
        ("Timeout", setting(mapping.timeout)),
    ];
    if let Some(limit) = mapping.maximum_concurrency {
        fields.push(("MaximumConcurrency", limit.to_string()));
    }
    if let Some(limit) = mapping.reserved_concurrency {
        fields.push(("ReservedConcurrency", limit.to_string()));
    }
    fields.extend(pollers);
    fields
}

fn of_share_group(group: &ShareGroup) -> Vec<Field> {
    let mode = match group.share_acknowledgement_mode {
        ShareAcknowledgementMode::Implicit => "implicit",
        ShareAcknowledgementMode::Explicit => "explicit",
    };
    let acquire = match group.share_acquire_mode {
        ShareAcquireMode::BatchOptimized => "batch_optimized",
        ShareAcquireMode::RecordLimit => "record_limit",
    };
    let failure = match group.on_failure {
        OnShareFailure::Accept => String::from("ACCEPT, as if it were done"),
        OnShareFailure::Release => String::from("RELEASE"),
        OnShareFailure::Reject => String::from("REJECT"),
        OnShareFailure::Retry => {
            format!("works on it again after {}", setting(group.retry_backoff))
        }
    };
    vec![
        ("group.id", group.name.clone()),
        (
            "share.session.timeout.ms",
            setting(group.share_session_timeout),
        ),
        (
            "share.heartbeat.interval.ms",
            setting(group.share_heartbeat_interval),
        ),
        (
            "share.record.lock.duration.ms",
            setting(group.share_record_lock_duration),
        ),
        (
            "share.delivery.count.limit",
            group.share_delivery_count_limit.to_string(),
        ),
        (
            "share.auto.offset.reset",
            group.share_auto_offset_reset.to_string(),
        ),
        ("share.acknowledgement.mode", String::from(mode)),
        ("share.acquire.mode", String::from(acquire)),
        ("max.poll.records", group.max_poll_records.to_string()),
        ("on failure", failure),
    ]
}

fn of_group(group: &ConsumerGroup) -> Vec<Field> {
    let mut fields = vec![("group.id", group.name.clone())];
    match group.group_protocol {
        GroupProtocol::Classic => {
            let assignors = group.assignors().iter();
            let assignors: Vec<String> = assignors.map(|its| its.name().to_owned()).collect();
            fields.extend([
                ("group.protocol", String::from("classic")),
                ("partition.assignment.strategy", assignors.join(", ")),
                ("session.timeout.ms", setting(group.session_timeout)),
                ("heartbeat.interval.ms", setting(group.heartbeat_interval)),
            ]);
        }
        GroupProtocol::Consumer => {
            let assignor = group.group_remote_assignor.unwrap_or_default();
            fields.extend([
                ("group.protocol", String::from("consumer")),
                ("group.remote.assignor", assignor.name().to_owned()),
            ]);
        }
    }
    if group.static_membership || !group.group_instance_ids.is_empty() {
        let own = String::from("set: they are static members");
        fields.push(("group.instance.id", own));
    }
    fields.extend([
        ("max.poll.interval.ms", setting(group.max_poll_interval)),
        ("max.poll.records", group.max_poll_records.to_string()),
        ("enable.auto.commit", group.enable_auto_commit.to_string()),
    ]);
    if group.enable_auto_commit {
        let interval = setting(group.auto_commit_interval);
        fields.push(("auto.commit.interval.ms", interval));
    } else {
        let when = match group.commit.unwrap_or_default() {
            CommitWhen::AfterRecord => "after the work on each record",
            CommitWhen::AfterPoll => "after the work on all records of a poll",
            CommitWhen::BeforeWork => "before the work on each record",
            CommitWhen::Never => "never",
        };
        let call = match group.commit_call {
            CommitCall::Sync => "commitSync()",
            CommitCall::Async => "commitAsync()",
        };
        fields.push((call, String::from(when)));
    }
    let reset = group.auto_offset_reset.to_string();
    fields.push(("auto.offset.reset", reset));
    let failure = match group.on_failure {
        OnFailure::Retry => format!("reads it again after {}", setting(group.retry_backoff)),
        OnFailure::SeekBack => format!(
            "seeks back in its partition and polls again after {}: what the poll had of others is passed over",
            setting(group.retry_backoff)
        ),
        OnFailure::Skip => String::from("goes on: the record is skipped"),
    };
    fields.push(("on failure", failure));
    fields
}
