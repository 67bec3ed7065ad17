//! The counts of each lane at the playhead.

use broker_lab_core::metrics::{Metrics as Counts, QueueMetrics};
use broker_lab_core::world::LaneWorld;
use broker_lab_core::{GroupId, QueueId, Record, SimTime};
use yew::prelude::{Html, html};

use super::inspect::Field;
use crate::lab::Lab;
use crate::stage::words::{seconds, thousands};

/// A row: what it counts, in full, and how it is read from the counts.
type Row = (&'static str, &'static str, fn(&Counts) -> u64);

/// The row that a recording may not tell.
const LAG: &str = "Lag";

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
        LAG,
        "records not yet committed, summed over the groups; a queue has none",
        |c| c.lag,
    ),
];

pub(crate) fn metrics(lab: &Lab) -> Html {
    // With each lane's counts, whether it is known at any time what is committed.
    type Lanes = (Vec<String>, Vec<(Counts, bool)>, Vec<Queue>);
    let (names, counts, queues): Lanes = lab.with_world(|run, world, now| {
        let names = run.cast().lanes.iter().map(|lane| lane.name.clone());
        let told = run.cast().lanes.iter().map(|lane| {
            let mut groups = (0_u16..).map(GroupId).take(lane.teams.len());
            groups.all(|group| lane.tells_commits(group))
        });
        (
            names.collect(),
            world.lanes.iter().map(Counts::of).zip(told).collect(),
            queues(run, &world.lanes, now),
        )
    });
    let has_queues = !queues.is_empty();
    let row = |(label, exactly, count): &Row| {
        html! {
            <tr key={*label} data-metric={*label}>
                <th scope="row" title={*exactly}>{ *label }</th>
                { for counts.iter().map(|(counts, told)| html! {
                    <td>{ if *told || *label != LAG { thousands(u32::try_from(count(counts)).unwrap_or(u32::MAX)) } else { String::from("not recorded") } }</td>
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
            { for queues.into_iter().map(queue) }
            if has_queues {
                <p class="hint">{ "CloudWatch gives a queue's metrics once a minute, and approximately. Here they are exact, at the playhead." }</p>
            }
        </>
    }
}

/// A queue's name and its metrics.
type Queue = (String, Vec<Field>);

fn queues(run: &Record, lanes: &[LaneWorld], now: SimTime) -> Vec<Queue> {
    let mut queues = Vec::new();
    let key_of = |message| run.trace().message(message).and_then(|known| known.key);
    for (lane, cast) in lanes.iter().zip(&run.cast().lanes) {
        let LaneWorld::Sqs(sqs) = lane else { continue };
        for (id, name) in (0..).map(QueueId).zip(&cast.places) {
            let metrics = QueueMetrics::of(sqs, (id, now), key_of);
            let fields = counts("ApproximateNumberOfMessagesVisible", &metrics);
            queues.push((format!("{}: {name}", cast.name), fields));
        }
    }
    queues
}

fn queue((name, fields): Queue) -> Html {
    html! {
        <section key={name.clone()} data-queue-metrics={name.clone()}>
            <h4>{ name }</h4>
            { list("counts", fields) }
        </section>
    }
}

/// Names and their values. `class`: `counts` where the values are short.
#[inline(never)]
pub(super) fn list(class: &'static str, fields: Vec<Field>) -> Html {
    html! {
        <dl class={class}>{ for fields.into_iter().map(|(name, value)| html! { <><dt>{ name }</dt><dd>{ value }</dd></> }) }</dl>
    }
}

/// The counts of a queue under AWS's names. `visible`: what the first is called, as an attribute
/// or as a metric. Those of quiet groups where a tenant is noisy.
pub(super) fn counts(visible: &'static str, metrics: &QueueMetrics) -> Vec<Field> {
    let number = |count: u32| thousands(count);
    let mut fields = vec![
        (visible, number(metrics.visible)),
        (
            "ApproximateNumberOfMessagesNotVisible",
            number(metrics.not_visible),
        ),
        (
            "ApproximateNumberOfMessagesDelayed",
            number(metrics.delayed),
        ),
        (
            "ApproximateAgeOfOldestMessage",
            seconds(metrics.age_of_oldest_message),
        ),
    ];
    if metrics.noisy_groups > 0 {
        fields.extend([
            (
                "ApproximateNumberOfNoisyGroups",
                number(metrics.noisy_groups),
            ),
            (
                "ApproximateNumberOfMessagesVisibleInQuietGroups",
                number(metrics.visible_in_quiet_groups),
            ),
            (
                "ApproximateAgeOfOldestMessageInQuietGroups",
                seconds(metrics.age_of_oldest_message_in_quiet_groups),
            ),
        ]);
    }
    fields
}
