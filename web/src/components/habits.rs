//! How a worker or a function does its work, under the names that SQS and Lambda have for it.

use broker_lab_core::scenario::{DeleteWhen, EventSourceMapping, Lane, System, Workers};

use crate::stage::words::setting;

type Field = (&'static str, String);

/// What is set for a team of a queue lane; nothing for a group of a log.
pub(super) fn of(lane: &Lane, team: usize) -> Vec<Field> {
    let Some(System::Sqs(sqs)) = lane.system() else {
        return Vec::new();
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
    fields
}
