//! What the scene is about, what to try, and what in it is not as on a real system.

use broker_lab_core::scenario::System;
use yew::prelude::{Html, html};

use super::placed::classed;
use crate::lab::Lab;
use crate::link::presets;
use crate::stage::words;

pub(crate) fn explain(lab: &Lab) -> Html {
    let (title, description, suggestions, shortened, latency) = lab.with_run(|run| {
        let scenario = run.scenario();
        (
            scenario.title.clone(),
            scenario.description.clone(),
            scenario.suggestions.clone(),
            shortened(scenario),
            words::setting(scenario.network.latency),
        )
    });
    let suggestions = if suggestions.is_empty() {
        presets::TRY.map(str::to_owned).into()
    } else {
        suggestions
    };
    let unlike = shortened
        .into_iter()
        .chain([format!(
            "Every hop over the network takes {latency}: an approximation."
        )])
        .chain(MODEL.map(str::to_owned));
    html! {
        <>
            <h3>{ title }</h3>
            { for description.into_iter().map(|line| html! { <p>{ line }</p> }) }
            <h3>{ "Try it" }</h3>
            <ol class="try">{ for suggestions.into_iter().map(item) }</ol>
            <h3>{ "How to read it" }</h3>
            <ul class="legend">{ for LEGEND.into_iter().map(|(sample, words)| html! {
                <li><span class={classed("sample", &[sample])}></span>{ words }</li>
            }) }</ul>
            <h3>{ "Not as in production" }</h3>
            <ul class="plain">{ for unlike.map(item) }</ul>
        </>
    }
}

fn item(line: String) -> Html {
    html! { <li>{ line }</li> }
}

/// A sample of a look, and what it means.
const LEGEND: [(&str, &str); 7] = [
    (
        "ring",
        "dashed with a ring: hidden from other workers; the ring is the time left",
    ),
    (
        "fade",
        "faded: finished by every group, and still in the log",
    ),
    (
        "committed",
        "filled triangle: committed offset, where a new owner reads on",
    ),
    (
        "position",
        "hollow triangle: position, what the consumer will be handed next",
    ),
    (
        "echo",
        "second outline: somebody had begun to work on it before",
    ),
    (
        "pips",
        "dots under it: how often it was received, of how often it may be",
    ),
    ("dead", "stroke through it: in the dead-letter queue"),
];

/// What the simulation leaves out, said on the page.
const MODEL: [&str; 3] = [
    "The queue gives the oldest message first (last what was received three times or more) and misses no delete; a real standard queue can redeliver and reorder.",
    "A consumer fetches when it polls, not ahead, and is not thrown out for polling late (max.poll.interval.ms).",
    "Replication and brokers that fail are not simulated yet: a record can be read once its leader has it.",
];

/// The settings that are not the real defaults, because the scene would take too long with them.
fn shortened(scenario: &broker_lab_core::Scenario) -> Vec<String> {
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
                }
            }
            Some(System::Kafka(kafka)) => {
                for group in &kafka.groups {
                    let session = group.session_timeout;
                    if session != broker_lab_core::kafka::defaults::SESSION_TIMEOUT {
                        lines.push(format!(
                            "{}: session timeout {} (default 45 s).",
                            group.name,
                            words::setting(session)
                        ));
                    }
                }
                let delay = kafka.group_initial_rebalance_delay;
                if delay != broker_lab_core::kafka::defaults::GROUP_INITIAL_REBALANCE_DELAY {
                    lines.push(format!(
                        "group.initial.rebalance.delay.ms is {} (default 3 s).",
                        words::setting(delay)
                    ));
                }
            }
            None => {}
        }
    }
    lines
}
