//! The boxes of a queue lane.

use broker_lab_core::LaneCast;
use broker_lab_core::scenario::SqsLane;
use yew::prelude::{Html, html};

use super::placed::placed;
use crate::stage::layout::{QueueBox, QueueLayout, Rect};
use crate::stage::view::QueueView;
use crate::stage::words;

pub(crate) struct Props<'a> {
    pub(crate) document: &'a SqsLane,
    pub(crate) cast: &'a LaneCast,
    pub(crate) layout: &'a QueueLayout,
    pub(crate) queues: &'a [QueueView],
    pub(crate) noun: &'a str,
}

pub(crate) fn queue_floor(props: &Props<'_>) -> Html {
    let layout = &props.layout;
    html! {
        <>
            <div class="broker" style={placed(layout.broker)}></div>
            { for layout.queues.iter().map(|found| queue(found, props)) }
            { for layout.aside.iter().map(|found| aside(found, props)) }
            if layout.uncounted > 0 {
                <p class="uncounted">{ format!("and {} more workers", layout.uncounted) }</p>
            }
        </>
    }
}

fn queue(found: &QueueBox, props: &Props<'_>) -> Html {
    let view = props
        .queues
        .get(found.queue.index())
        .cloned()
        .unwrap_or_default();
    let Some(document) = props.document.queues.get(found.queue.index()) else {
        return Html::default();
    };
    let label = |row: Rect| placed(Rect::new(14.0, row.y, row.x - 18.0, row.h));
    let timeout = words::setting(document.visibility_timeout);
    html! {
        <div key={document.name.clone()} class="queue" data-queue={document.name.clone()}>
            <div class="head" style={placed(found.head)}>
                <b class="mono">{ document.name.clone() }</b>
                <span class="chip" title="VisibilityTimeout: how long a received message stays hidden">{ format!("visibility timeout {timeout}") }</span>
                if let Some(policy) = &document.redrive_policy {
                    <span class="chip extra" title="maxReceiveCount of the redrive policy">{ format!("max receives {}", policy.max_receive_count) }</span>
                }
            </div>
            <span class="row-label" style={label(found.visible)}>{ "visible" }</span>
            <div class="slots" style={placed(found.visible)}>
                if view.visible == 0 {
                    <span class="empty">{ "empty" }</span>
                }
                <span class="end" data-count="visible">{ words::thousands(view.visible) }</span>
            </div>
            <span class="row-label" style={label(found.in_flight)}>{ "in flight, hidden" }</span>
            <div class="slots" style={placed(found.in_flight)}>
                if view.in_flight == 0 {
                    <span class="empty">{ "none" }</span>
                }
                <span class="end note" data-count="in-flight" data-value={view.in_flight.to_string()}>{ view.note }</span>
            </div>
        </div>
    }
}

fn aside(found: &QueueBox, props: &Props<'_>) -> Html {
    let view = props
        .queues
        .get(found.queue.index())
        .cloned()
        .unwrap_or_default();
    let name = props.cast.queue(found.queue).to_owned();
    let frame = Rect::new(0.0, found.head.y, props.layout.broker.w, found.head.h);
    let sources = props
        .document
        .queues
        .iter()
        .filter_map(|queue| queue.redrive_policy.as_ref());
    let limit = sources
        .filter(|p| p.dead_letter_target == name)
        .map(|p| p.max_receive_count)
        .min();
    let rule = limit.map_or_else(String::new, |limit| format!("past {limit} receives"));
    html! {
        <div key={name.clone()} class="aside" style={placed(frame)} data-queue={name.clone()}>
            <b class="mono">{ name }</b>
            if view.visible == 0 {
                <span class="note">{ format!("empty · {rule}") }</span>
            } else {
                <span class="note end">{ words::counted(view.visible, props.noun) }</span>
            }
        </div>
    }
}
