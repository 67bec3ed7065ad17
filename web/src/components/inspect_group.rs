//! A consumer group: how it stands with each partition, as `kafka-consumer-groups --describe`
//! prints it, and what its consumers are set to.

use broker_lab_core::world::{GroupPhase, GroupWorld, KafkaWorld, LaneWorld};
use broker_lab_core::{GroupId, LaneCast, LaneId, Offset};
use yew::prelude::{Html, html};

use super::click::edits;
use super::habits;
use super::inspect::{Field, Props};
use super::metrics::list;
use crate::lab::Edit;
use crate::stage::words;

/// What a group's page shows.
struct Page {
    name: String,
    fields: Vec<Field>,
    rows: Vec<Row>,
    habits: Vec<Field>,
}

/// How a group stands with one partition.
type Row = [String; 5];

const COLUMNS: [(&str, &str); 5] = [
    ("partition", "a partition that the group reads"),
    ("current", "CURRENT-OFFSET: the committed offset"),
    ("end", "LOG-END-OFFSET: what the next record will get"),
    ("lag", "LAG: log end minus committed offset"),
    ("consumer", "CONSUMER-ID: who owns it"),
];

fn page(props: &Props<'_>, lane: LaneId, group: GroupId) -> Option<Page> {
    props.lab.with_world(|run, world, _| {
        let cast = run.cast().lane(lane)?;
        let LaneWorld::Kafka(kafka) = world.lanes.get(lane.index())? else {
            return None;
        };
        let found = kafka.groups.get(group.index())?;
        let document = run.scenario().lanes.get(lane.index())?;
        Some(Page {
            name: cast.group(group).to_owned(),
            fields: fields(found, kafka.lag(group)),
            rows: rows(found, kafka, cast),
            habits: habits::of(document, group.index()),
        })
    })
}

fn fields(group: &GroupWorld, lag: u64) -> Vec<Field> {
    let state = match group.phase {
        GroupPhase::Empty => String::from("Empty: no members; its offsets stay"),
        GroupPhase::Rebalancing { since, .. } => {
            format!("rebalancing since {}", words::clock(since))
        }
        GroupPhase::Stable => String::from("Stable"),
    };
    vec![
        ("STATE", state),
        ("generation", group.generation.to_string()),
        ("lag", lag.to_string()),
        ("handed out", group.deliveries.to_string()),
        ("processed", group.processed.to_string()),
        ("processed again", group.processed_again.to_string()),
    ]
}

fn rows(group: &GroupWorld, kafka: &KafkaWorld, cast: &LaneCast) -> Vec<Row> {
    let pairs = group.reading.iter().zip(&kafka.partitions);
    let all = cast.topic_partitions().zip(pairs);
    let mine = all
        .filter(|(_, (reading, _))| reading.owner.now.is_some() || reading.committed.now.is_some());
    mine.map(|(partition, (reading, log))| {
        let end = log.log.len();
        let none = || String::from("-");
        let committed = reading.committed.now.map(Offset::index);
        [
            cast.partition(partition).to_string(),
            committed.map_or_else(none, |offset| offset.to_string()),
            end.to_string(),
            committed.map_or_else(none, |offset| end.saturating_sub(offset).to_string()),
            reading
                .owner
                .now
                .map_or_else(none, |owner| cast.actor(owner).to_owned()),
        ]
    })
    .collect()
}

pub(super) fn of_group(props: &Props<'_>, lane: LaneId, group: GroupId) -> Html {
    let Some(page) = page(props, lane, group) else {
        return html! { <p class="hint">{ "It does not exist in the present run." }</p> };
    };
    let add = Edit::Add(page.name.clone());
    html! {
        <div class="inspect" data-group-page={page.name.clone()}>
            <h3>{ &page.name }<span class="dim">{ " · consumer group" }</span></h3>
            <p class="acts">
                <button class="btn" onclick={edits(props.lab, add)} title="One more consumer with the same group.id">{ "Add a consumer" }</button>
            </p>
            { list("counts", page.fields) }
            <h4>{ "Offsets" }</h4>
            if page.rows.is_empty() {
                <p class="hint">{ "No partition has an owner or a committed offset yet." }</p>
            } else {
                <table class="offsets">
                    <thead><tr>{ for COLUMNS.iter().map(|(name, title)| html! { <th key={*name} scope="col" title={*title}>{ *name }</th> }) }</tr></thead>
                    <tbody>{ for page.rows.into_iter().map(row) }</tbody>
                </table>
                <p class="hint">{ "As kafka-consumer-groups --describe prints them, for the partitions that somebody owns or has committed." }</p>
            }
            <h4>{ "Settings of its consumers" }</h4>
            { list("", page.habits) }
        </div>
    }
}

fn row(cells: Row) -> Html {
    let key = cells.first().cloned().unwrap_or_default();
    html! { <tr {key}>{ for cells.into_iter().map(|cell| html! { <td>{ cell }</td> }) }</tr> }
}
