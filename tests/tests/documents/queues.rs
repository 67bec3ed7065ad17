//! What is said of queues, topics, workers and functions that cannot be.

use crate::sound::{faults, refused, with};

/// The sound document with its first queue's settings begun by `settings`.
fn queue(settings: &str) -> String {
    with(
        "{\"name\":\"orders\",\"visibility_timeout\":\"10s\",",
        &format!("{{\"name\":\"orders\",\"visibility_timeout\":\"10s\",{settings},"),
    )
}

fn workers(settings: &str) -> String {
    with("\"count\":3,", &format!("\"count\":3,{settings},"))
}

fn lane(more: &str) -> String {
    with("\"workers\":[", &format!("{more},\"workers\":["))
}

fn command(command: &str) -> String {
    with("\"crash\":\"worker-3\"", command)
}

#[test]
fn queues_are_held_to_what_sqs_takes() {
    refused(
        &queue(r#""maximum_message_size":100,"redelivers":"101%""#),
        &[
            "lanes[0].sqs.queues[0].redelivers: \"101%\" is not a percentage: write a whole number from 0 to 100 and a percent sign, as in \"30%\"",
        ],
    );
    refused(
        &queue(r#""maximum_message_size":100,"content_based_deduplication":true"#),
        &[
            "lanes[0].sqs.queues[0].maximum_message_size: 100 is not in 1024..=1048576",
            "lanes[0].sqs.queues[0].content_based_deduplication: is for FIFO queues only, whose names end in .fifo",
        ],
    );
    refused(
        &with("\"name\":\"orders-dlq\"", "\"name\":\"orders.dlq\""),
        &[
            "lanes[0].sqs.queues[0].redrive_policy.dead_letter_target: \"orders-dlq\" is not one of orders, orders.dlq",
            "lanes[0].sqs.queues[1].name: has a dot: only the .fifo at the end of a FIFO name is allowed",
        ],
    );
    refused(
        &with(
            "{\"name\":\"orders-dlq\"}",
            r#"{"name":"orders-dlq","redrive_allow_policy":{"redrive_permission":"deny_all"}}"#,
        ),
        &[
            "lanes[0].sqs.queues[0].redrive_policy.dead_letter_target: the redrive_allow_policy of orders-dlq does not allow it",
        ],
    );
}

#[test]
fn fifo_queues_have_rules_of_their_own() {
    let fifo = with(
        "\"name\":\"orders\",\"vis",
        "\"name\":\"orders.fifo\",\"vis",
    )
    .replacen("\"queue\":\"orders\"", "\"queue\":\"orders.fifo\"", 1);
    refused(
        &fifo,
        &[
            "lanes[0].sqs.queues[0].redrive_policy.dead_letter_target: is not of the same type: both are FIFO queues, or neither is",
        ],
    );
    let alone = r#"{"version":1,"title":"t","seed":1,"horizon":"9s",
        "workload":{"producers":[{"name":"p","rate":"1/s"}]},
        "lanes":[{"name":"q","sqs":{"queues":[{"name":"a.fifo","reorders":"1%",
            "fifo_throughput_limit":"per_message_group_id"}]}}]}"#;
    refused(
        alone,
        &[
            "workload.producers[0].keys: is empty: a FIFO queue needs keys, which are its MessageGroupIds",
            "lanes[0].sqs.queues[0].reorders: is for standard queues only",
            "lanes[0].sqs.queues[0].fifo_throughput_limit: per_message_group_id needs \"deduplication_scope\": \"message_group\"",
        ],
    );
}

#[test]
fn workers_and_functions_are_held_to_what_they_can_do() {
    refused(
        &workers(r#""concurrency":0,"delete":"later""#),
        &["lanes[0].sqs.workers[0].delete: \"later\" is not one of after_work, before_work, never"],
    );
    refused(
        &workers(
            r#""concurrency":101,"heartbeat":{"every":"1ms","extends_to":"13h"},"back_off":{"base":"1s"},"gives_back":true"#,
        ),
        &[
            "lanes[0].sqs.workers[0].concurrency: 101 is not in 1..=100",
            "lanes[0].sqs.workers[0].heartbeat.every: 1ms is not in 100ms..=12h",
            "lanes[0].sqs.workers[0].heartbeat.extends_to: 13h is not in 0s..=12h",
            "lanes[0].sqs.workers[0]: has both back_off and gives_back: give one of them",
        ],
    );
    refused(
        &workers(r#""delete":"never","delete_delay":"2s""#),
        &["lanes[0].sqs.workers[0].delete_delay: needs \"delete\": \"after_work\""],
    );
    refused(
        &lane(
            r#""event_source_mappings":[{"function_name":"resize","queue":"orders","maximum_concurrency":5,"provisioned_poller_config":{"minimum_pollers":21}}]"#,
        ),
        &[
            "lanes[0].sqs.event_source_mappings[0]: MaximumConcurrency and provisioned mode exclude each other",
            "lanes[0].sqs.event_source_mappings[0].provisioned_poller_config.minimum_pollers: 21 is not in 0..=20",
        ],
    );
    refused(
        &lane(
            r#""event_source_mappings":[{"function_name":"resize","queue":"orders","batch_size":11,"timeout":"30s"}]"#,
        ),
        &[
            "lanes[0].sqs.event_source_mappings[0]: a BatchSize over 10 needs a MaximumBatchingWindowInSeconds of at least 1",
            "lanes[0].sqs.event_source_mappings[0]: the function's timeout is over the queue's VisibilityTimeout",
        ],
    );
}

#[test]
fn topics_are_held_to_what_sns_takes() {
    let topic = |more: &str| {
        lane(&format!(
            r#""topics":[{{"name":"events","subscriptions":[{{"queue":"orders"{more}}}]}}],"send_to":"events""#
        ))
    };
    assert_eq!(faults(&topic("")), [""; 0]);
    let told = faults(&topic(r#","filter_policy":"{\"key\":\"ada\"}""#));
    assert!(
        told.len() == 1
            && told[0].starts_with("lanes[0].sqs.topics[0].subscriptions[0].filter_policy: "),
        "{told:?}"
    );
    refused(
        &topic("}, {\"queue\": \"orders\""),
        &["lanes[0].sqs.topics[0].subscriptions: the name \"orders\" stands twice"],
    );
    let aside = |target: &str| {
        topic(&format!(
            r#","redrive_policy":{{"dead_letter_target":"{target}"}}"#
        ))
    };
    assert_eq!(faults(&aside("orders-dlq")), [""; 0]);
    refused(
        &aside("orders"),
        &[
            "lanes[0].sqs.topics[0].subscriptions[0].redrive_policy.dead_letter_target: is the subscribed queue itself",
        ],
    );
    refused(
        &aside("late.fifo"),
        &[
            "lanes[0].sqs.topics[0].subscriptions[0].redrive_policy.dead_letter_target: \"late.fifo\" is not one of orders, orders-dlq",
            "lanes[0].sqs.topics[0].subscriptions[0].redrive_policy.dead_letter_target: is not of the topic's type: both are FIFO, or neither is",
        ],
    );
}

#[test]
fn deliveries_are_kept_from_queues_that_have_a_topic() {
    refused(
        &command(r#""deny":"orders""#),
        &["commands[0].deny: needs a topic that the producers publish to, and there is none"],
    );
    let subscribed = |text: &str| {
        let topic = r#""topics":[{"name":"events","subscriptions":[{"queue":"orders"}]}],"send_to":"events","workers":["#;
        text.replacen("\"workers\":[", topic, 1)
    };
    assert_eq!(
        faults(&subscribed(&command(r#""allow":"orders""#))),
        [""; 0]
    );
    refused(
        &subscribed(&command(
            r#""unreachable":{"queue":"orders-dlq","lasts":"0s"}"#,
        )),
        &[
            "commands[0].unreachable.queue: \"orders-dlq\" is not one of orders",
            "commands[0].unreachable.lasts: 0s is not in 1ms..=7d",
        ],
    );
}

#[test]
fn commands_name_queues_and_values_that_there_are() {
    refused(
        &command(r#""purge":"order""#),
        &["commands[0].purge: \"order\" is not one of orders, orders-dlq"],
    );
    refused(
        &command(r#""set_queue_attributes":{"queue":"orders"}"#),
        &["commands[0].set_queue_attributes: changes nothing: give an attribute and its new value"],
    );
    refused(
        &command(
            r#""set_queue_attributes":{"queue":"orders","visibility_timeout":"1500ms","redrive_policy":"none"}"#,
        ),
        &[
            "commands[0].set_queue_attributes.redrive_policy: is no redrive policy; the empty text takes it off",
        ],
    );
    refused(
        &command(
            r#""set_queue_attributes":{"queue":"orders","visibility_timeout":"1500ms","delay":"901s","deduplication_scope":"queue"}"#,
        ),
        &[
            "commands[0].set_queue_attributes.visibility_timeout: 1500ms is not in whole seconds",
            "commands[0].set_queue_attributes.delay: 901s is not in 0s..=15m",
            "commands[0].set_queue_attributes.deduplication_scope: is for FIFO queues only, whose names end in .fifo",
        ],
    );
    refused(
        &command(
            r#""start_message_move_task":{"source":"dlq","max_number_of_messages_per_second":501}"#,
        ),
        &[
            "commands[0].start_message_move_task.source: \"dlq\" is not one of orders, orders-dlq",
            "commands[0].start_message_move_task.max_number_of_messages_per_second: 501 is not in 1..=500",
        ],
    );
    let again = vec![r#"{"at":"4s","resend":1}"#; 200].join(",");
    refused(
        &with("\"commands\":[", &format!("\"commands\":[{again},")),
        &["commands: 201 copies of one message, allowed are 200"],
    );
}
