//! The counts of each lane at the playhead.

use broker_lab_core::metrics::Metrics as Counts;
use yew::prelude::{Html, html};

use crate::lab::Lab;
use crate::stage::words::thousands;

/// A row: what it counts, in full, and how it is read from the counts.
type Row = (&'static str, &'static str, fn(&Counts) -> u64);

const ROWS: [Row; 7] = [
    ("Sent", "messages sent by the producers", |c| c.sent.into()),
    (
        "Handed out",
        "times a message was given to a worker or consumer",
        |c| c.deliveries.into(),
    ),
    (
        "Processed",
        "messages whose work was finished; in a log, summed over its groups",
        |c| c.processed.into(),
    ),
    (
        "Processed again",
        "times the work on a message was finished again",
        |c| c.processed_again.into(),
    ),
    (
        "Visible",
        "ApproximateNumberOfMessages, exact here; a log has none",
        |c| c.waiting.into(),
    ),
    (
        "In flight",
        "ApproximateNumberOfMessagesNotVisible, exact here; a log has none",
        |c| c.in_flight.into(),
    ),
    (
        "Lag",
        "records not yet committed, summed over the groups; a queue has none",
        |c| c.lag,
    ),
];

pub(crate) fn metrics(lab: &Lab) -> Html {
    let (names, counts): (Vec<String>, Vec<Counts>) = lab.with_world(|run, world, _| {
        let names = run.cast().lanes.iter().map(|lane| lane.name.clone());
        (
            names.collect(),
            world.lanes.iter().map(Counts::of).collect(),
        )
    });
    let row = |(label, exactly, count): &Row| {
        html! {
            <tr key={*label} data-metric={*label}>
                <th scope="row" title={*exactly}>{ *label }</th>
                { for counts.iter().map(|counts| html! {
                    <td>{ thousands(u32::try_from(count(counts)).unwrap_or(u32::MAX)) }</td>
                }) }
            </tr>
        }
    };
    html! {
        <>
            <table class="metrics">
                <thead><tr><td></td>{ for names.iter().map(|name| html! { <th scope="col">{ name.clone() }</th> }) }</tr></thead>
                <tbody>{ for ROWS.iter().map(row) }</tbody>
            </table>
            <p class="hint">{ "On AWS the two queue counts are approximate; here they are exact." }</p>
        </>
    }
}
