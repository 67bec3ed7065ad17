//! A consumer group: how it stands with each partition, as `kafka-consumer-groups --describe`
//! prints it, and what its consumers are set to.

use broker_lab_core::kafka::assignor::Assignor;
use broker_lab_core::scenario::GroupProtocol;
use broker_lab_core::world::{GroupPhase, GroupWorld, KafkaWorld, LaneWorld, ShareGroupWorld};
use broker_lab_core::{Generation, GroupId, LaneCast, LaneId, Offset, TopicId};
use yew::prelude::{Html, html};

use super::click::edits;
use super::habits;
use super::inspect::{Field, Props};
use super::metrics::list;
use crate::lab::{Edit, Lab, ResetTo};
use crate::stage::words;

/// What a group's page shows.
struct Page {
    name: String,
    told: Told,
    admin: Option<Admin>,
    habits: Vec<Field>,
}

/// What a tool of Kafka prints of a group.
struct Told {
    kind: &'static str,
    tool: &'static str,
    columns: Columns,
    fields: Vec<Field>,
    rows: Vec<Row>,
}

/// The names of the columns of a table, and what they are in full.
type Columns = [(&'static str, &'static str); 5];

/// How a group stands with one partition.
type Row = [String; 5];

const SHARE_COLUMNS: Columns = [
    ("partition", "a partition that the group reads"),
    (
        "start",
        "START-OFFSET (SPSO): the first record that is not done",
    ),
    (
        "end",
        "end offset (SPEO): behind the last record that was ever acquired",
    ),
    ("lag", "LAG: records that are not done (KIP-1226)"),
    ("members", "who fetches from it"),
];

const COLUMNS: Columns = [
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
        let (told, lag) = (kafka.share_group(group), kafka.lag(group));
        let known = Known {
            lag: cast.tells_commits(group).then_some(lag),
            group_epoch: (!cast.is_recorded()).then_some(found.group_epoch),
        };
        let told = match told {
            Some(share) => Told {
                kind: "share group",
                tool: "kafka-share-groups",
                columns: SHARE_COLUMNS,
                fields: share_fields(share, lag),
                rows: share_rows(share, kafka, cast),
            },
            None => Told {
                kind: "consumer group",
                tool: "kafka-consumer-groups",
                columns: COLUMNS,
                fields: fields(found, known),
                rows: rows(found, kafka, (cast, known)),
            },
        };
        let is_share = kafka.share_group(group).is_some();
        Some(Page {
            name: cast.group(group).to_owned(),
            admin: (!is_share).then(|| admin(found, kafka, cast)),
            told,
            habits: habits::of(document, group.index()),
        })
    })
}

/// What a recording may not tell.
#[derive(Clone, Copy)]
struct Known {
    lag: Option<u64>,
    group_epoch: Option<Generation>,
}

/// A number that a recording may not tell.
fn told(number: Option<impl ToString>) -> String {
    number.map_or_else(|| String::from("not recorded"), |number| number.to_string())
}

fn fields(group: &GroupWorld, known: Known) -> Vec<Field> {
    let state = match group.phase {
        GroupPhase::Empty => String::from("Empty: no members; its offsets stay"),
        GroupPhase::Rebalancing { since, .. } => {
            format!(
                "{}, rebalancing since {}",
                group.state(),
                words::clock(since)
            )
        }
        GroupPhase::Stable => String::from("Stable"),
    };
    let mut fields = vec![("STATE", state)];
    if group.protocol == GroupProtocol::Consumer {
        fields.push(("group epoch", told(known.group_epoch)));
        fields.push(("target epoch", group.generation.to_string()));
    } else {
        fields.push(("generation", group.generation.to_string()));
        let assignor = group.assignor.map(Assignor::name);
        fields.push(("ASSIGNMENT-STRATEGY", assignor.unwrap_or("-").to_owned()));
    }
    fields.extend([
        ("lag", told(known.lag)),
        ("handed out", group.deliveries.to_string()),
        ("processed", group.processed.to_string()),
        ("processed again", group.processed_again.to_string()),
    ]);
    fields
}

/// What an admin can do to a consumer group.
struct Admin {
    /// Offsets are reset only while a group has no members.
    is_empty: bool,
    /// Its topics, and how many partitions each would have with one more.
    grown: Vec<(String, u16)>,
    /// The topics of the lane, and what the group would read if that one were changed.
    changes: Vec<(String, bool, Vec<String>)>,
}

fn admin(found: &GroupWorld, kafka: &KafkaWorld, cast: &LaneCast) -> Admin {
    let topics = (0_u16..).map(TopicId).zip(&cast.partitions);
    let counted = topics.map(|(topic, _)| {
        let count = kafka.partition_count(topic);
        (topic, u16::try_from(count).unwrap_or(u16::MAX))
    });
    let counted: Vec<(TopicId, u16)> = counted.collect();
    let read: Vec<String> = counted
        .iter()
        .filter(|(topic, _)| found.subscription.contains(topic))
        .map(|(topic, _)| cast.topic(*topic).to_owned())
        .collect();
    let grown = counted
        .iter()
        .filter(|(topic, _)| found.subscription.contains(topic));
    let grown = grown.map(|(topic, count)| (cast.topic(*topic).to_owned(), count + 1));
    let changes = counted.iter().map(|(topic, _)| {
        let name = cast.topic(*topic).to_owned();
        let is_read = found.subscription.contains(topic);
        let mut wanted = read.clone();
        wanted.retain(|other| *other != name);
        if !is_read {
            wanted.push(name.clone());
        }
        (name, is_read, wanted)
    });
    Admin {
        is_empty: found.phase == GroupPhase::Empty,
        grown: grown.collect(),
        changes: changes
            .filter(|(_, _, wanted)| !wanted.is_empty())
            .collect(),
    }
}

fn rows(group: &GroupWorld, kafka: &KafkaWorld, (cast, known): (&LaneCast, Known)) -> Vec<Row> {
    let pairs = group.reading.iter().zip(&kafka.partitions);
    let all = cast.topic_partitions().zip(pairs);
    let mine = all
        .filter(|(_, (reading, _))| reading.owner.now.is_some() || reading.committed.now.is_some());
    mine.map(|(partition, (reading, log))| {
        let end = log.log.len();
        let none = || String::from("-");
        let committed = reading.committed.now.map(Offset::index);
        let lag = committed.filter(|_| known.lag.is_some());
        [
            cast.partition(partition).to_string(),
            committed.map_or_else(none, |offset| offset.to_string()),
            end.to_string(),
            lag.map_or_else(none, |offset| end.saturating_sub(offset).to_string()),
            reading
                .owner
                .now
                .map_or_else(none, |owner| cast.actor(owner).to_owned()),
        ]
    })
    .collect()
}

fn share_fields(group: &ShareGroupWorld, lag: u64) -> Vec<Field> {
    vec![
        ("members", group.members.to_string()),
        ("group epoch", group.epoch.to_string()),
        ("lag", lag.to_string()),
        ("acquired", group.acquired.to_string()),
        ("available again", group.available_again.to_string()),
        ("acknowledged", group.acknowledged.to_string()),
        ("archived", group.archived.to_string()),
    ]
}

fn share_rows(group: &ShareGroupWorld, kafka: &KafkaWorld, cast: &LaneCast) -> Vec<Row> {
    let pairs = group.partitions.iter().zip(&kafka.partitions);
    let all = cast.topic_partitions().zip(pairs);
    let begun = all.filter_map(|(partition, (its, log))| {
        let start = its.start.now?;
        let members = its.fetchers.iter();
        let members: Vec<String> = members.map(|id| cast.actor(*id).to_owned()).collect();
        Some([
            cast.partition(partition).to_string(),
            start.to_string(),
            its.end.to_string(),
            its.lag(log.log.len()).to_string(),
            members.join(" "),
        ])
    });
    begun.collect()
}

pub(super) fn of_group(props: &Props<'_>, lane: LaneId, group: GroupId) -> Html {
    let Some(page) = page(props, lane, group) else {
        return html! { <p class="hint">{ "It does not exist in the present run." }</p> };
    };
    let add = Edit::Add(page.name.clone());
    let is_recorded = props.lab.is_recorded(lane);
    let Told {
        kind,
        tool,
        columns,
        fields,
        rows,
    } = page.told;
    html! {
        <div class="inspect" data-group-page={page.name.clone()}>
            <h3>{ &page.name }<span class="dim">{ format!(" · {}", kind) }</span></h3>
            if is_recorded {
                <p class="hint">{ words::RECORDED }</p>
            } else {
                <p class="acts">
                    <button class="btn" onclick={edits(props.lab, add)} title="One more consumer with the same group.id">{ "Add a consumer" }</button>
                </p>
            }
            { list("counts", fields) }
            <h4>{ "Offsets" }</h4>
            if rows.is_empty() {
                <p class="hint">{ "No partition has an owner or a committed offset yet." }</p>
            } else {
                <table class="offsets">
                    <thead><tr>{ for columns.iter().map(|(name, title)| html! { <th key={*name} scope="col" title={*title}>{ *name }</th> }) }</tr></thead>
                    <tbody>{ for rows.into_iter().map(row) }</tbody>
                </table>
                <p class="hint">{ format!("As {tool} --describe prints them, for the partitions that the group has begun to read.") }</p>
            }
            { page.admin.filter(|_| !is_recorded).map(|admin| asks(props.lab, &page.name, &admin)).unwrap_or_default() }
            <h4>{ "Settings of its consumers" }</h4>
            { list("", page.habits) }
        </div>
    }
}

fn row(cells: Row) -> Html {
    let key = cells.first().cloned().unwrap_or_default();
    html! { <tr {key}>{ for cells.into_iter().map(|cell| html! { <td>{ cell }</td> }) }</tr> }
}

/// What an admin can do.
fn asks(lab: &Lab, group: &str, admin: &Admin) -> Html {
    let ask = |label: String, title: String, edit: Edit| {
        let onclick = edits(lab, edit);
        html! { <button key={label.clone()} class="btn" {onclick} {title}>{ label }</button> }
    };
    let reset = |label: &str, option: &str, to: ResetTo| {
        let edit = Edit::ResetOffsets {
            group: group.to_owned(),
            to,
        };
        let title = format!("kafka-consumer-groups --reset-offsets {option} --execute");
        let onclick = edits(lab, edit);
        html! { <button class="btn" {onclick} {title} disabled={!admin.is_empty}>{ label.to_owned() }</button> }
    };
    let grown = admin.grown.iter().map(|(topic, partitions)| {
        let edit = Edit::CreatePartitions {
            topic: topic.clone(),
            partitions: *partitions,
        };
        let title = format!("kafka-topics --alter --topic {topic} --partitions {partitions}");
        ask(format!("Add a partition to {topic}"), title, edit)
    });
    let changes = admin.changes.iter().map(|(topic, is_read, topics)| {
        let edit = Edit::Subscribe {
            group: group.to_owned(),
            topics: topics.clone(),
        };
        let verb = if *is_read { "Stop reading" } else { "Read" };
        let title = format!("subscribe() with {}", topics.join(", "));
        ask(format!("{verb} {topic}"), title, edit)
    });
    html! {
        <>
            <h4>{ "As an admin" }</h4>
            <p class="acts">
                { reset("Reset to the start", "--to-earliest", ResetTo::Earliest) }
                { reset("Reset to the end", "--to-latest", ResetTo::Latest) }
                { for grown }
                { for changes }
            </p>
            if !admin.is_empty {
                <p class="hint">{ "Kafka resets the offsets of a group only while it has no members: remove them first." }</p>
            }
        </>
    }
}
