//! The boxes of a queue lane.

use broker_lab_core::scenario::{EventSourceMapping, Queue, SqsLane};
use broker_lab_core::workload::KeyId;
use broker_lab_core::{Cast, LaneCast, LaneId, QueueId};
use yew::prelude::{Callback, Html, html};

use super::click::{acts, edits};
use super::placed::{classed, placed};
use crate::lab::{Edit, Lab};
use crate::stage::layout::{QueueBox, QueueLayout, QueueRow, Rect, RowKind};
use crate::stage::view::{Moving, QueueRowView, QueueView};
use crate::stage::words;
use crate::store::{Action, Selection};

pub(crate) struct Props<'a> {
    pub(crate) lab: &'a Lab,
    pub(crate) lane: LaneId,
    pub(crate) dispatch: &'a Callback<Action>,
    pub(crate) document: &'a SqsLane,
    pub(crate) cast: &'a Cast,
    pub(crate) names: &'a LaneCast,
    pub(crate) layout: &'a QueueLayout,
    pub(crate) queues: &'a [QueueView],
}

pub(crate) fn queue_floor(props: &Props<'_>) -> Html {
    let layout = &props.layout;
    html! {
        <>
            { for layout.topic.map(|frame| topic(frame, props.document)) }
            { for layout.brokers.iter().map(|broker| html! { <div class="broker" style={placed(*broker)}></div> }) }
            { for layout.queues.iter().map(|found| queue(found, props)) }
            { for layout.aside.iter().map(|found| aside(found, props)) }
            if layout.uncounted > 0 {
                <p class="uncounted">{ format!("and {} more workers", layout.uncounted) }</p>
            }
        </>
    }
}

fn topic(frame: Rect, document: &SqsLane) -> Html {
    let Some((_, topic)) = document.topic() else {
        return Html::default();
    };
    let note = format!(
        "SNS · a copy to each of {} queues",
        topic.subscriptions.len()
    );
    html! {
        <div class="topic" style={placed(frame)}><b class="mono">{ &topic.name }</b><span class="note">{ note }</span></div>
    }
}

/// The name of a queue, which opens its page.
fn name(queue: QueueId, props: &Props<'_>) -> Html {
    let name = props.names.queue(queue).to_owned();
    let selection = Selection::Queue(props.lane, queue);
    let onclick = acts(props.dispatch, Action::Select(selection));
    html! {
        <button class="mono name" {onclick} title={format!("Inspect {name}")}>{ name }</button>
    }
}

fn queue(found: &QueueBox, props: &Props<'_>) -> Html {
    let index = found.queue.index();
    let Some((document, view)) = props
        .document
        .queues
        .get(index)
        .zip(props.queues.get(index))
    else {
        return Html::default();
    };
    let chip = |(n, (words, title)): (usize, Chip)| {
        let class = classed("chip", &[if n > 0 { "extra" } else { "" }]);
        html! { <span {class} {title}>{ words }</span> }
    };
    html! {
        <div key={document.name.clone()} class="queue" data-queue={document.name.clone()}>
            <div class="head" style={placed(found.head)}>
                { name(found.queue, props) }
                if !view.gone.is_empty() {
                    <span class="chip bad" title="Expired: their retention period ended before anybody deleted them. Not delivered: SNS has given them up. Throttled: calls that the queue refused for their rate">{ &view.gone }</span>
                }
                { for chips((document, view), props.document).into_iter().enumerate().map(chip) }
            </div>
            { for found.rows.iter().zip(&view.rows).map(|(place, row)| messages(place, (row, view), props)) }
        </div>
    }
}

/// A few words, and what they mean in full.
type Chip = (String, &'static str);

/// What sets a queue apart, the most telling first: those that do not fit are not seen.
fn chips((queue, view): (&Queue, &QueueView), lane: &SqsLane) -> Vec<Chip> {
    let topic = lane.topic().map(|(_, topic)| topic);
    let mut subscriptions = topic.into_iter().flat_map(|topic| &topic.subscriptions);
    let filter = subscriptions
        .find(|its| its.queue == queue.name)
        .and_then(|its| its.filter_policy.as_ref());
    let mapping = lane
        .event_source_mappings
        .iter()
        .find(|mapping| mapping.queue == queue.name);
    let mut chips = Vec::new();
    if let Some(filter) = filter {
        chips.push((
            filter.replace(|c: char| "{}[]\"".contains(c), ""),
            "FilterPolicy of its subscription: only messages that match come into this queue",
        ));
    }
    if let Some(mapping) = mapping {
        chips.push((
            function(mapping),
            "Event source mapping: Lambda polls the queue and invokes the function with batches",
        ));
    }
    let timeout = words::setting(view.visibility_timeout);
    chips.push((
        format!("visibility timeout {timeout}"),
        "VisibilityTimeout: how long a received message stays hidden",
    ));
    if let Some(count) = view.max_receives {
        chips.push((
            format!("max receives {count}"),
            "maxReceiveCount of the redrive policy",
        ));
    }
    chips
}

fn function(mapping: &EventSourceMapping) -> String {
    let partial = if mapping.report_batch_item_failures {
        ", reports failures"
    } else {
        ""
    };
    format!("Lambda, batches of {}{partial}", mapping.batch_size)
}

fn messages(
    place: &QueueRow,
    (row, queue): (&QueueRowView, &QueueView),
    props: &Props<'_>,
) -> Html {
    let key = |key: Option<KeyId>| {
        key.map_or("others", |key| props.cast.keys.name(key))
            .to_owned()
    };
    let (label, count) = match place.kind {
        RowKind::Delayed => (String::from("delayed"), ("delayed", queue.delayed)),
        RowKind::Visible => (String::from("visible"), ("visible", queue.visible)),
        RowKind::InFlight => (
            String::from("in flight, hidden"),
            ("in-flight", queue.in_flight),
        ),
        RowKind::Tenant(tenant) => (key(tenant), ("tenant", 0)),
        RowKind::Group(group) => (key(group), ("group", 0)),
        RowKind::Dead => return Html::default(),
    };
    let is_note = place.kind != RowKind::Visible;
    let end = classed("end", &[if is_note { "note" } else { "" }]);
    let (kind, count) = count;
    let is_empty = count == 0 && !row.empty.is_empty();
    let named = matches!(place.kind, RowKind::Tenant(_) | RowKind::Group(_));
    html! {
        <>
            <span class={classed("row-label", &[if named { "mono" } else { "" }])} style={placed(place.label)} title={label.clone()}>
                <span>{ label }</span>
                if !row.state.is_empty() { <em>{ row.state }</em> }
            </span>
            <div class={classed("slots", &[row.state])} style={placed(place.area)}>
                if is_empty {
                    <span class="empty">{ row.empty }</span>
                }
                <span class={end} data-count={kind} data-value={count.to_string()}>{ &row.words }</span>
            </div>
        </>
    }
}

fn aside(found: &QueueBox, props: &Props<'_>) -> Html {
    let Some(view) = props.queues.get(found.queue.index()) else {
        return Html::default();
    };
    let name_of = props.names.queue(found.queue);
    let frame = Rect {
        w: found
            .rows
            .first()
            .map_or_else(|| found.head.right(), |row| row.area.right())
            - found.head.x,
        h: found.bottom() - found.head.y,
        ..found.head
    };
    let rule = view.past_receives;
    let rule = rule.map_or_else(
        || String::from("what SNS cannot deliver"),
        |limit| format!("past {limit} receives"),
    );
    let note = match (&view.moving, view.visible) {
        (Moving::Yes(words), _) => words.clone(),
        (Moving::No, 0) => format!("empty · {rule}"),
        (Moving::No, count) => words::counted(count, &props.cast.noun),
    };
    let (verb, edit, title) = match view.moving {
        Moving::Yes(_) => (
            "Stop",
            Edit::CancelMoveTask(name_of.to_owned()),
            "CancelMessageMoveTask: what has moved stays moved",
        ),
        Moving::No => (
            "Move back",
            Edit::StartMoveTask {
                source: name_of.to_owned(),
                rate: 1,
            },
            "StartMessageMoveTask, one a second: each goes back to its source as a new message",
        ),
    };
    // Only dead letters of queues can be moved back.
    let is_source = view.past_receives.is_some() && view.visible > 0;
    let has_verb = is_source || view.moving != Moving::No;
    html! {
        <div key={name_of.to_owned()} class="aside" style={placed(frame)} data-queue={name_of.to_owned()}>
            <div class="aside-head" style={format!("width:{}px;height:{}px", super::placed::px(found.head.w), super::placed::px(found.head.h))}>
                { name(found.queue, props) }
                <span class="note">{ note }</span>
                if has_verb {
                    <button class="verb" onclick={edits(props.lab, edit)} {title}>{ verb }</button>
                }
            </div>
        </div>
    }
}
