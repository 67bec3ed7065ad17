//! What the scene is about, what to try, and what in it is not as on a real system.

use broker_lab_core::Scenario;
use broker_lab_core::kafka::defaults;
use broker_lab_core::scenario::{ShareGroup, System};
use yew::prelude::{Html, html};

use super::placed::classed;
use crate::lab::Lab;
use crate::link::presets;
use crate::stage::words;

pub(crate) fn explain(lab: &Lab) -> Html {
    lab.with_run(|run| page(run.scenario()))
}

fn page(scenario: &Scenario) -> Html {
    let suggestions = if scenario.suggestions.is_empty() {
        presets::TRY.map(str::to_owned).into()
    } else {
        scenario.suggestions.clone()
    };
    let legend = LEGEND.into_iter().filter(|(kind, ..)| kind.is_in(scenario));
    let latency = words::setting(scenario.network.latency);
    let model = MODEL.iter().filter(|(kind, _)| kind.is_in(scenario));
    let unlike = shortened(scenario)
        .into_iter()
        .chain([format!(
            "Every hop over the network takes {latency}: an approximation."
        )])
        .chain(model.map(|(_, line)| (*line).to_owned()));
    html! {
        <>
            <h3>{ &scenario.title }</h3>
            { for scenario.description.iter().map(|line| html! { <p>{ line }</p> }) }
            <h3>{ "Try it" }</h3>
            <ol class="try">{ for suggestions.into_iter().map(item) }</ol>
            <h3>{ "How to read it" }</h3>
            <ul class="legend">{ for legend.map(|(_, sample, words)| html! {
                <li><span class={classed("sample", &[sample])}></span>{ words }</li>
            }) }</ul>
            <h3>{ "Not as in production" }</h3>
            <ul class="plain">{ for unlike.map(item) }</ul>
            <p><a href="truth.html">{ "How true it is, with figures" }</a></p>
        </>
    }
}

fn item(line: String) -> Html {
    html! { <li>{ line }</li> }
}

/// A sample of a look, and what it means.
const LEGEND: [(Kind, &str, &str); 8] = [
    (
        Kind::Sqs,
        "ring",
        "dashed with a ring: hidden from other workers; the ring is the time left",
    ),
    (
        Kind::Fifo,
        "hatch",
        "hatched row: its group is blocked; what is faded cannot be received yet",
    ),
    (
        Kind::Kafka,
        "fade",
        "faded: finished by every group, and still in the log",
    ),
    (
        Kind::Kafka,
        "committed",
        "filled triangle: committed offset, where a new owner reads on",
    ),
    (
        Kind::Kafka,
        "position",
        "hollow triangle: position, what the consumer will be handed next",
    ),
    (
        Kind::Both,
        "echo",
        "second outline: somebody had begun to work on it before",
    ),
    (
        Kind::Sqs,
        "pips",
        "dots under it: how often it was received, of how often it may be",
    ),
    (
        Kind::Sqs,
        "dead",
        "stroke through it: in the dead-letter queue",
    ),
];

/// Where a look can be seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqs,
    /// In a queue lane whose producers name message groups.
    Fifo,
    Kafka,
    Both,
}

impl Kind {
    fn is_in(self, scenario: &Scenario) -> bool {
        scenario.lanes.iter().any(|lane| match lane.system() {
            Some(System::Sqs(sqs)) => match self {
                Self::Sqs | Self::Both => true,
                Self::Fifo => sqs.takes_only_groups(),
                Self::Kafka => false,
            },
            Some(System::Kafka(_)) => matches!(self, Self::Kafka | Self::Both),
            None => false,
        })
    }
}

/// What the simulation leaves out, said on the page.
const MODEL: [(Kind, &str); 3] = [
    (
        Kind::Sqs,
        "Unless the experiment says otherwise, the queue gives the oldest message first (last what was received three times or more) and misses no delete; a real standard queue can redeliver and reorder.",
    ),
    (
        Kind::Kafka,
        "A consumer has one request for records on its way at a time; what a broker does takes no time of its own, only the network does.",
    ),
    (
        Kind::Kafka,
        "Transactions, retention and compaction are not simulated yet, and a group's coordinator does not depend on a broker: it goes on when brokers stop.",
    ),
];

/// The settings that are not the real defaults, because the scene would take too long with them.
fn shortened(scenario: &Scenario) -> Vec<String> {
    let mut lines = Vec::new();
    for lane in &scenario.lanes {
        match lane.system() {
            Some(System::Sqs(sqs)) => {
                for queue in &sqs.queues {
                    let timeout = queue.visibility_timeout;
                    if timeout != broker_lab_core::sqs::limits::VISIBILITY_TIMEOUT_DEFAULT {
                        lines.push(format!(
                            "{}: visibility timeout {} (default 30 s).",
                            queue.name,
                            words::setting(timeout)
                        ));
                    }
                    let kept = queue.message_retention_period;
                    if kept < broker_lab_core::sqs::limits::MESSAGE_RETENTION_PERIOD_DEFAULT {
                        lines.push(format!(
                            "{}: messages are kept {} (default 4 days).",
                            queue.name,
                            words::setting(kept)
                        ));
                    }
                    if [queue.redelivers, queue.reorders, queue.short_poll_misses]
                        .iter()
                        .any(|chance| chance.0 > 0)
                    {
                        lines.push(format!(
                            "{}: what it does by chance is a model; AWS gives no rates.",
                            queue.name
                        ));
                    }
                }
                if sqs.fair || !sqs.event_source_mappings.is_empty() {
                    lines.push(String::from(
                        "What AWS leaves open of fair queues and of how Lambda scales is a model.",
                    ));
                }
            }
            Some(System::Kafka(kafka)) => {
                for group in &kafka.groups {
                    let session = group.session_timeout;
                    if session != defaults::SESSION_TIMEOUT {
                        lines.push(format!(
                            "{}: session timeout {} (default 45 s).",
                            group.name,
                            words::setting(session)
                        ));
                    }
                }
                for group in &kafka.share_groups {
                    lines.extend(share_settings(group));
                }
                let delay = kafka.group_initial_rebalance_delay;
                let line = format!(
                    "group.initial.rebalance.delay.ms is {} (default 3 s).",
                    words::setting(delay)
                );
                if delay != defaults::GROUP_INITIAL_REBALANCE_DELAY && !lines.contains(&line) {
                    lines.push(line);
                }
            }
            None => {}
        }
    }
    lines
}

/// What a share group has that is not as Kafka has it by default.
fn share_settings(group: &ShareGroup) -> impl Iterator<Item = String> {
    let lengths = [
        (
            "record lock",
            group.share_record_lock_duration,
            defaults::SHARE_RECORD_LOCK_DURATION,
        ),
        (
            "session timeout",
            group.share_session_timeout,
            defaults::SHARE_SESSION_TIMEOUT,
        ),
        (
            "heartbeat interval",
            group.share_heartbeat_interval,
            defaults::SHARE_HEARTBEAT_INTERVAL,
        ),
    ];
    let changed = lengths.into_iter().filter(|(_, its, usual)| its != usual);
    changed.map(|(what, its, usual)| {
        let (its, usual) = (words::setting(its), words::setting(usual));
        format!("{}: {what} {its} (default {usual}).", group.name)
    })
}
