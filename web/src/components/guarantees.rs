//! What is promised, lane by lane, and whether it holds at the playhead.

use broker_lab_core::guarantee::{Guarantee, Verdict};
use broker_lab_core::{LaneId, SimTime};
use yew::prelude::{Html, html};

use super::click::plays;
use crate::lab::Lab;
use crate::player::PlayerCommand;
use crate::stage::words;

/// What a guarantee says, and what exactly is checked.
const fn sentence(guarantee: Guarantee) -> (&'static str, &'static str) {
    match guarantee {
        Guarantee::NothingLost => (
            "Nothing is lost",
            "No message is gone for good without its work being finished: by each group of a log, and behind each queue that is sent to.",
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
            <p class="hint">{ "✓ kept: nothing that is still to come in this run can break it. ✗ broken: the time leads to the first counterexample. So far: it holds up to now." }</p>
        </>
    }
}

fn verdict_cell(verdict: Verdict, lab: &Lab) -> Html {
    match verdict {
        Verdict::SoFar => html! { <span class="open">{ "· so far" }</span> },
        Verdict::Kept => html! { <span class="kept">{ "✓ kept" }</span> },
        Verdict::Broken { at, .. } => {
            let onclick = plays(lab, PlayerCommand::Hold(at));
            html! {
                <span class="broke">{ "✗ " }<button class="link" {onclick} title="Go to the first counterexample">{ words::clock(at) }</button></span>
            }
        }
    }
}
