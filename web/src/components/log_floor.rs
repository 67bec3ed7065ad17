//! The boxes of a log lane: topics with their partitions, cells and cursors.

use broker_lab_core::LaneCast;
use broker_lab_core::scenario::KafkaLane;
use yew::prelude::{Html, html};

use super::placed::{classed, hue, placed, px};
use crate::stage::layout::{LogLayout, PartitionRow, Rect, TopicBox};
use crate::stage::view::{Cursor, CursorKind, Flow, RowView};

pub(crate) struct Props<'a> {
    pub(crate) document: &'a KafkaLane,
    pub(crate) cast: &'a LaneCast,
    pub(crate) layout: &'a LogLayout,
    /// How many partitions each topic has.
    pub(crate) partitions: &'a [usize],
    pub(crate) rows: &'a [RowView],
    pub(crate) cursors: &'a [Cursor],
}

pub(crate) fn log_floor(props: &Props<'_>) -> Html {
    let layout = &props.layout;
    let rows = layout
        .topics
        .iter()
        .flat_map(|topic| &topic.rows)
        .zip(props.rows)
        .filter(|(_, view)| view.flow != Flow::NotThere);
    html! {
        <>
            <div class="broker" style={placed(layout.broker)}></div>
            { for layout.topics.iter().map(|found| topic(found, props)) }
            { for rows.map(|(row, view)| partition(row, view, props)) }
            { for props.cursors.iter().map(|found| cursor(found, props)) }
        </>
    }
}

fn topic(found: &TopicBox, props: &Props<'_>) -> Html {
    let Some(document) = props.document.topics.get(found.topic.index()) else {
        return Html::default();
    };
    let count = props.partitions.get(found.topic.index());
    let count = count.copied().unwrap_or_default();
    let partitions = if count == 1 {
        "1 partition".to_owned()
    } else {
        format!("{count} partitions, by key")
    };
    html! {
        <div key={document.name.clone()} class="head" style={placed(found.head)} data-topic={document.name.clone()}>
            <b class="mono">{ document.name.clone() }</b>
            <span class="chip">{ partitions }</span>
            if document.replication_factor > 1 {
                <span class="chip extra" title="replication.factor: on how many brokers each record is kept">{ format!("replicas {}", document.replication_factor) }</span>
            }
            if found.uncounted > 0 {
                <span class="chip">{ format!("{} not shown", found.uncounted) }</span>
            }
        </div>
    }
}

fn partition(row: &PartitionRow, view: &RowView, props: &Props<'_>) -> Html {
    let name = props.cast.partition(row.partition).to_string();
    let state = match view.flow {
        Flow::Stopped(_) => "stopped",
        Flow::Moves(_) => "moves",
        Flow::Flows | Flow::NotThere => "",
    };
    html! {
        <div key={name.clone()} class="partition" data-partition={name.clone()}>
            <div class="row-label" style={placed(row.label)}>
                <b>{ name }</b>
                { match &view.flow {
                    Flow::Stopped(why) => html! { <em title={why.clone()}>{ "stopped" }</em> },
                    Flow::Moves(why) => html! { <em title={why.clone()}>{ "moves" }</em> },
                    _ if props.document.brokers > 1 => match view.leader {
                        Some(_) if !view.out_of_sync.is_empty() => html! {
                            <em title="in-sync replicas (ISR)">{ view.out_of_sync.clone() }</em>
                        },
                        Some(leader) => html! {
                            <span title={format!("broker {leader} is the leader of this partition")}>{ format!("b{leader} leads") }</span>
                        },
                        None => html! {
                            <em title="no broker leads this partition: nothing can be written or read">{ "no leader" }</em>
                        },
                    },
                    _ => Html::default(),
                } }
            </div>
            <div class={classed("cells", &[state])} style={placed(row.cells)}>
                { for (0..view.columns).map(|column| {
                    let offset = view.first + column;
                    let class = if offset < view.len { "" } else { "free" };
                    html! { <span key={column} class={classed("cell", &[class])}><u>{ offset }</u></span> }
                }) }
            </div>
        </div>
    }
}

fn cursor(found: &Cursor, props: &Props<'_>) -> Html {
    let group = props.cast.group(found.group);
    let (class, what) = match found.kind {
        CursorKind::Committed => ("committed", "committed offset"),
        CursorKind::Position => ("position", "position"),
        CursorKind::Start => ("committed", "share-partition start offset (SPSO)"),
        CursorKind::End => ("position", "share-partition end offset (SPEO)"),
    };
    let kind = found.kind as u8;
    let key = format!("{}-{}-{kind}", found.group, found.partition);
    let place = placed(Rect::new(found.x - 5.5, found.y, 11.0, 10.0));
    let title = format!("{group}: {what} {}", found.offset);
    html! {
        <svg {key} class={classed("cursor", &[class, hue(found.group)])} style={place}
            viewBox="0 0 11 10" role="img" aria-label={title.clone()} data-group={group.to_owned()}
            data-kind={class} data-row={found.partition.to_string()} data-offset={found.offset.to_string()}>
            <title>{ title }</title>
            <path d="M5.5 1 10.2 9H.8Z" />
        </svg>
    }
}

/// Where the line of a wire bends: straight down, or spread over what it leads to.
pub(crate) fn wire_path(wire: &crate::stage::layout::Wire) -> String {
    let (from, to) = (wire.from, wire.to);
    let middle = (from.y + to.y) / 2.0;
    format!(
        "M{} {}C{} {},{} {},{} {}",
        px(from.x),
        px(from.y),
        px(from.x),
        px(middle),
        px(to.x),
        px(middle),
        px(to.x),
        px(to.y)
    )
}
