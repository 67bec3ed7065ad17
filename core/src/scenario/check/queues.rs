//! Checks queue lanes: queues and workers.

use super::lanes::at_most_all_actors;
use super::words::{count, known, name, unique};
use crate::lambda::limits as lambda_limits;
use crate::scenario::fault::Inspector;
use crate::scenario::{
    DeduplicationScope, DeleteWhen, EventSourceMapping, FifoThroughputLimit, Percent, Queue,
    RedriveAllowPolicy, RedrivePermission, SnsTopic, SqsLane, Subscription, Workers, limits,
};
use crate::sqs::limits as sqs_limits;
use crate::time::SimDuration;

pub(super) fn check_sqs(i: &mut Inspector, lane: &SqsLane) {
    let names: Vec<&str> = lane.queues.iter().map(|q| q.name.as_str()).collect();
    count(i, "queues", names.len(), limits::QUEUES);
    let topics = lane.topics.iter().map(|topic| topic.name.as_str());
    let both: Vec<&str> = names.iter().copied().chain(topics).collect();
    unique(i, "queues (and topics)", both.iter().copied());
    if let Some(target) = &lane.send_to {
        known(i, "send_to", target, &both);
    }
    check_topics(i, lane, &names);
    i.each("queues", &lane.queues, |i, queue| {
        check_queue(i, queue);
        check_redrive(i, lane, queue);
    });
    count(i, "workers", lane.workers.len(), limits::WORKER_SETS);
    let invocations = lane
        .event_source_mappings
        .iter()
        .map(EventSourceMapping::invocations);
    at_most_all_actors(i, "workers", lane.workers.iter().map(|w| w.count));
    at_most_all_actors(i, "event_source_mappings", invocations);
    i.each("workers", &lane.workers, |i, workers| {
        check_workers(i, workers);
        known(i, "queue", &workers.queue, &names);
    });
    let mappings = &lane.event_source_mappings;
    count(i, "event_source_mappings", mappings.len(), limits::MAPPINGS);
    i.each("event_source_mappings", mappings, |i, mapping| {
        name(i, "function_name", &mapping.function_name);
        known(i, "queue", &mapping.queue, &names);
        let queue = lane.queues.iter().find(|queue| queue.name == mapping.queue);
        if let Some(queue) = queue {
            check_mapping(i, mapping, queue);
        }
    });
}

/// What Lambda itself checks; and lengths are whole seconds, as it has them.
fn check_mapping(i: &mut Inspector, mapping: &EventSourceMapping, queue: &Queue) {
    let lengths = [
        ("maximum_batching_window", mapping.maximum_batching_window),
        ("timeout", mapping.timeout),
    ];
    for (field, length) in lengths {
        if SimDuration::from_secs(length.as_secs()) != length {
            i.at(field, |i| {
                i.fault(format_args!("{length} is not in whole seconds"));
            });
        }
    }
    for error in mapping.settings(queue).err().unwrap_or_default() {
        i.fault(error);
    }
    if let Some(config) = &mapping.provisioned_poller_config {
        let most = limits::PROVISIONED_INVOCATIONS / lambda_limits::INVOCATIONS_PER_POLLER;
        i.at("provisioned_poller_config", |i| {
            let pollers = config.minimum_pollers;
            i.within("minimum_pollers", pollers, 0..=most);
        });
    }
    if let Some(reserved) = mapping.reserved_concurrency {
        i.within("reserved_concurrency", reserved, 0..=1_000);
    }
}

fn check_topics(i: &mut Inspector, lane: &SqsLane, names: &[&str]) {
    count(i, "topics", lane.topics.len(), limits::SNS_TOPICS);
    i.each("topics", &lane.topics, |i, topic| {
        check_name(i, &topic.name);
        if topic.content_based_deduplication && !topic.is_fifo() {
            i.at("content_based_deduplication", |i| {
                i.fault("is for FIFO topics only, whose names end in .fifo");
            });
        }
        let subscriptions = &topic.subscriptions;
        count(
            i,
            "subscriptions",
            subscriptions.len(),
            limits::SUBSCRIPTIONS,
        );
        let queues = subscriptions.iter().map(|its| its.queue.as_str());
        unique(i, "subscriptions", queues);
        i.each("subscriptions", subscriptions, |i, subscription| {
            known(i, "queue", &subscription.queue, names);
            if subscription.queue.ends_with(".fifo") && !topic.is_fifo() {
                i.at("queue", |i| {
                    i.fault("is a FIFO queue: only FIFO topics deliver to it");
                });
            }
            if let Err(error) = subscription.policy() {
                i.at("filter_policy", |i| i.fault(error));
            }
            check_dead_letters(i, (topic, subscription), names);
        });
    });
}

/// Where SNS puts what it cannot deliver.
fn check_dead_letters(
    i: &mut Inspector,
    (topic, subscription): (&SnsTopic, &Subscription),
    names: &[&str],
) {
    let Some(policy) = &subscription.redrive_policy else {
        return;
    };
    i.at("redrive_policy", |i| {
        let target = &policy.dead_letter_target;
        known(i, "dead_letter_target", target, names);
        i.at("dead_letter_target", |i| {
            if *target == subscription.queue {
                i.fault("is the subscribed queue itself");
            }
            if target.ends_with(".fifo") != topic.is_fifo() {
                i.fault("is not of the topic's type: both are FIFO, or neither is");
            }
        });
    });
}

/// Names of queues and topics: only those of FIFO ones have a dot.
fn check_name(i: &mut Inspector, written: &str) {
    let plain = written.strip_suffix(".fifo").unwrap_or(written);
    name(i, "name", plain);
    if plain.contains('.') {
        i.at("name", |i| {
            i.fault("has a dot: only the .fifo at the end of a FIFO name is allowed");
        });
    }
}

fn check_queue(i: &mut Inspector, queue: &Queue) {
    check_name(i, &queue.name);
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
    check_size(i, Some(queue.maximum_message_size));
    if queue.is_fifo() {
        let chances = [
            ("redelivers", queue.redelivers),
            ("reorders", queue.reorders),
            ("short_poll_misses", queue.short_poll_misses),
        ];
        for (field, chance) in chances {
            if chance != Percent(0) {
                i.at(field, |i| i.fault("is for standard queues only"));
            }
        }
        if queue.fifo_throughput_limit == FifoThroughputLimit::PerMessageGroupId
            && queue.deduplication_scope == DeduplicationScope::Queue
        {
            i.at("fifo_throughput_limit", |i| {
                i.fault("per_message_group_id needs \"deduplication_scope\": \"message_group\"");
            });
        }
    } else {
        fifo_only(
            i,
            [
                queue.content_based_deduplication,
                queue.deduplication_scope != DeduplicationScope::Queue,
                queue.fifo_throughput_limit != FifoThroughputLimit::PerQueue,
            ],
        );
    }
}

pub(super) fn check_size(i: &mut Inspector, bytes: Option<u32>) {
    if let Some(bytes) = bytes {
        i.within("maximum_message_size", bytes, limits::MAXIMUM_MESSAGE_SIZE);
    }
}

/// Which of the attributes that only FIFO queues have are given to a standard queue.
pub(super) fn fifo_only(i: &mut Inspector, given: [bool; 3]) {
    let fields = [
        "content_based_deduplication",
        "deduplication_scope",
        "fifo_throughput_limit",
    ];
    for (field, _) in fields.into_iter().zip(given).filter(|(_, given)| *given) {
        i.at(field, |i| {
            i.fault("is for FIFO queues only, whose names end in .fifo");
        });
    }
}

/// Dead-letter queues: that they exist, are of the same type, and allow it.
fn check_redrive(i: &mut Inspector, lane: &SqsLane, queue: &Queue) {
    let names: Vec<&str> = lane.queues.iter().map(|q| q.name.as_str()).collect();
    if let Some(policy) = &queue.redrive_policy {
        i.at("redrive_policy", |i| {
            let target = &policy.dead_letter_target;
            known(i, "dead_letter_target", target, &names);
            if *target == queue.name {
                i.at("dead_letter_target", |i| i.fault("is the queue itself"));
            }
            let its = lane.queues.iter().find(|other| other.name == *target);
            if let Some(its) = its {
                if its.is_fifo() != queue.is_fifo() {
                    i.at("dead_letter_target", |i| {
                        i.fault("is not of the same type: both are FIFO queues, or neither is");
                    });
                }
                if !allows(its, &queue.name) {
                    i.at("dead_letter_target", |i| {
                        i.fault(format_args!(
                            "the redrive_allow_policy of {target} does not allow it"
                        ));
                    });
                }
            }
            i.within(
                "max_receive_count",
                policy.max_receive_count,
                sqs_limits::MAX_RECEIVE_COUNT,
            );
        });
    }
    check_allow_policy(i, queue.redrive_allow_policy.as_ref(), &names);
}

pub(super) fn check_allow_policy(
    i: &mut Inspector,
    policy: Option<&RedriveAllowPolicy>,
    names: &[&str],
) {
    let Some(policy) = policy else { return };
    i.at("redrive_allow_policy", |i| {
        let most = match policy.redrive_permission {
            RedrivePermission::ByQueue => sqs_limits::REDRIVE_SOURCES_MAX,
            RedrivePermission::AllowAll | RedrivePermission::DenyAll => 0,
        };
        count(i, "source_queues", policy.source_queues.len(), 0..=most);
        for source in &policy.source_queues {
            known(i, "source_queues", source, names);
        }
    });
}

fn allows(dead_letters: &Queue, source: &str) -> bool {
    let policy = dead_letters.redrive_allow_policy.as_ref();
    policy.is_none_or(|policy| match policy.redrive_permission {
        RedrivePermission::AllowAll => true,
        RedrivePermission::DenyAll => false,
        RedrivePermission::ByQueue => policy.source_queues.iter().any(|name| name == source),
    })
}

fn check_workers(i: &mut Inspector, workers: &Workers) {
    name(i, "name", &workers.name);
    i.within("count", workers.count, 0..=1_000);
    let number = workers.max_number_of_messages;
    i.within(
        "max_number_of_messages",
        number,
        sqs_limits::MAX_NUMBER_OF_MESSAGES,
    );
    i.within("wait_time", workers.wait_time, sqs_limits::WAIT_TIME);
    if let Some(timeout) = workers.visibility_timeout {
        i.within(
            "visibility_timeout",
            timeout,
            sqs_limits::VISIBILITY_TIMEOUT,
        );
    }
    i.within("concurrency", workers.concurrency, limits::CONCURRENCY);
    i.within("delete_delay", workers.delete_delay, limits::WORK);
    if workers.delete_delay > SimDuration::ZERO && workers.delete != DeleteWhen::AfterWork {
        i.at("delete_delay", |i| {
            i.fault("needs \"delete\": \"after_work\"");
        });
    }
    if let Some(heartbeat) = &workers.heartbeat {
        i.at("heartbeat", |i| {
            i.within("every", heartbeat.every, limits::HEARTBEAT);
            i.within(
                "extends_to",
                heartbeat.extends_to,
                sqs_limits::VISIBILITY_TIMEOUT,
            );
        });
    }
    if let Some(back_off) = &workers.back_off {
        i.at("back_off", |i| {
            i.within("base", back_off.base, sqs_limits::VISIBILITY_TIMEOUT);
            i.within("max", back_off.max, sqs_limits::VISIBILITY_TIMEOUT);
        });
        if workers.gives_back {
            i.fault("has both back_off and gives_back: give one of them");
        }
    }
}
