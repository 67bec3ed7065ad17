//! What is promised, lane by lane, and whether it holds at the playhead.

use broker_lab_core::guarantee::{Guarantee, Verdict};
use broker_lab_core::scenario::{Queue, Scenario, System};
use broker_lab_core::{LaneId, SimTime};
use yew::prelude::{Html, html};

use super::click::plays;
use super::inspect::Field;
use super::metrics::list;
use crate::lab::Lab;
use crate::player::PlayerCommand;
use crate::stage::words;

/// What a guarantee says, and what exactly is checked.
const fn sentence(guarantee: Guarantee) -> (&'static str, &'static str) {
    match guarantee {
        Guarantee::NothingLost => (
            "Nothing is lost",
            "No message is gone for good without its work being finished: by each group of a log, and behind each queue that is sent to. What lies in a dead-letter queue undone is told apart.",
        ),
        Guarantee::ProcessedOnce => (
            "Processed only once",
            "The work on a message is not finished a second time; in a log, within a group.",
        ),
        Guarantee::OrderPerKey => (
            "In order for each key",
            "Messages of the same key are finished for the first time in the order they were sent; in a log, within a group.",
        ),
        Guarantee::OneConsumer => (
            "One consumer at a time",
            "The work on a message does not go on twice at the same time; in a log, within a group.",
        ),
        Guarantee::NoDuplicateSends => (
            "No duplicates from sends",
            "A message that its producer sends again is not stored twice in the same queue.",
        ),
        Guarantee::EveryTeam => (
            "Every kind of worker gets it",
            "The workers of every subscribed queue finish every message that its filter policy lets in.",
        ),
    }
}

pub(crate) fn guarantees(lab: &Lab, now: SimTime) -> Html {
    lab.judge();
    let names: Vec<String> = lab.with_run(|run| {
        run.cast()
            .lanes
            .iter()
            .map(|lane| lane.name.clone())
            .collect()
    });
    let row = |guarantee: Guarantee| {
        let (sentence, exactly) = sentence(guarantee);
        let cells = (0..names.len())
            .filter_map(|n| u8::try_from(n).ok())
            .map(|n| {
                let verdict = lab.with_run(|run| {
                    let lane = run.cast().lane(LaneId(n));
                    let concerned = lane.is_some_and(|lane| guarantee.concerns(lane));
                    concerned.then(|| run.guarantees().verdict(LaneId(n), guarantee, now))
                });
                let cell = verdict.map(|verdict| verdict_cell(verdict, lab));
                html! { <td key={n} data-lane={names[usize::from(n)].clone()}>{ for cell }</td> }
            });
        html! { <tr key={sentence} data-guarantee={sentence}><th scope="row" title={exactly}>{ sentence }</th>{ for cells }</tr> }
    };
    let shown = lab.with_run(|run| {
        let lanes = &run.cast().lanes;
        let concerns = |guarantee: &Guarantee| lanes.iter().any(|lane| guarantee.concerns(lane));
        let shown: Vec<Guarantee> = Guarantee::ALL.into_iter().filter(concerns).collect();
        shown
    });
    html! {
        <>
            <table class="guarantees">
                <thead><tr><td></td>{ for names.iter().map(|name| html! { <th scope="col">{ name.clone() }</th> }) }</tr></thead>
                <tbody>{ for shown.into_iter().map(row) }</tbody>
            </table>
            <p class="hint">{ "✓ kept: nothing that is still to come in this run can break it. ✗ broken: the time leads to the first counterexample. So far: it holds up to now. Set aside: in a dead-letter queue, neither done nor lost, as long as somebody looks after it in time." }</p>
            <h3>{ "What is promised" }</h3>
            { list("promises", lab.with_run(|run| promises(run.scenario()))) }
        </>
    }
}

/// What AWS and Kafka promise of what is in an experiment, whatever its run shows.
fn promises(scenario: &Scenario) -> Vec<Field> {
    let mut found = [false; PROMISES.len()];
    for lane in &scenario.lanes {
        match lane.system() {
            Some(System::Sqs(sqs)) => {
                let fifo = sqs.queues.iter().any(Queue::is_fifo);
                found[0] |= !sqs.queues.iter().all(Queue::is_fifo);
                found[1] |= fifo;
                found[2] |= !sqs.topics.is_empty();
                found[3] |= !sqs.event_source_mappings.is_empty();
            }
            Some(System::Kafka(_)) => found[4] = true,
            None => {}
        }
    }
    let promises = PROMISES.into_iter().zip(found);
    promises
        .filter(|(_, is)| *is)
        .map(|((who, what), _)| (who, String::from(what)))
        .collect()
}

const PROMISES: [(&str, &str); 5] = [
    (
        "standard queue",
        "Delivered at least once, sometimes more often. In about the order of sending. A send that is repeated is a second message. Kept until it is deleted or its retention period ends.",
    ),
    (
        "FIFO queue",
        "In order within a message group. A send that is repeated within 5 minutes is not stored again. But who does not delete before the visibility timeout ends is given the message again: a worker can still do it twice.",
    ),
    (
        "SNS topic",
        "A copy for each subscribed queue whose filter policy matches. From then on each copy is its queue's.",
    ),
    (
        "Lambda",
        "A batch at least once. What the function does not succeed with comes again, and with it what else was in the batch, unless it reports which items failed.",
    ),
    (
        "Kafka topic",
        "In order within a partition. A group that commits after the work is given each record at least once. Kept for the retention time, read or not.",
    ),
];

fn verdict_cell(verdict: Verdict, lab: &Lab) -> Html {
    match verdict {
        Verdict::SoFar => html! { <span class="open">{ "· so far" }</span> },
        Verdict::Kept => html! { <span class="kept">{ "✓ kept" }</span> },
        Verdict::SetAside { messages } => html! {
            <span class="set-aside" title="Neither done nor lost: in a dead-letter queue, until their retention period ends">{ format!("{messages} set aside") }</span>
        },
        Verdict::Broken { at, .. } => {
            let onclick = plays(lab, PlayerCommand::Hold(at));
            html! {
                <span class="broke">{ "✗ " }<button class="link" {onclick} title="Go to the first counterexample">{ words::clock(at) }</button></span>
            }
        }
    }
}
