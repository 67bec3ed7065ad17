//! One lane: its head, its floor with boxes and marks, its caption.

use broker_lab_core::scenario::{GroupProtocol, KafkaLane, SqsLane, System};
use broker_lab_core::{LaneCast, LaneId, SimTime};
use yew::prelude::{
    Callback, Html, MouseEvent, NodeRef, Properties, UseStateHandle, component, html,
    use_effect_with, use_node_ref, use_state_eq,
};

use super::actor_card::{Hands, actor_card};
use super::click::{acts, edits};
use super::group_box::group_box;
use super::log_floor::{self, log_floor, wire_path};
use super::placed::{placed, px};
use super::queue_floor::{self, queue_floor};
use crate::browser::{Surface, clicked_actor, floor_point, on_resize};
use crate::lab::{Edit, Lab};
use crate::later;
use crate::stage::caption::Caption;
use crate::stage::layout::{Body, LaneLayout, LogLayout, Point, Rect, Room};
use crate::stage::view::{Glance, LaneView, Status};
use crate::stage::words;
use crate::store::{Action, Fetched, Selection};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) lane: LaneId,
    /// When, and of which run: what the lane shows depends on nothing else.
    pub(crate) now: SimTime,
    pub(crate) run: u32,
    /// Whether what happens can be said in words.
    pub(crate) fetched: Fetched,
    pub(crate) dispatch: Callback<Action>,
}

#[component]
pub(crate) fn Lane(props: &Props) -> Html {
    let room = use_node_ref();
    let canvas = use_node_ref();
    // The layout is the lab's; a change of the room is what makes the lane look again.
    let size = use_state_eq(|| (0, 0));
    use_room(props, &room, &size);
    use_surface(props, &canvas);
    let layout = props.lab.layout(props.lane);
    let said = layout.as_ref().and_then(|layout| said(props, layout));
    let (view, caption) =
        said.map_or_else(Default::default, |(view, caption)| (Some(view), caption));
    let head = props.lab.with_run(|run| {
        let document = run.scenario().lanes.get(props.lane.index())?;
        Some(match document.system()? {
            System::Sqs(sqs) => (words::capital(&document.name), sqs_kind(sqs)),
            System::Kafka(kafka) => (words::capital(&document.name), kafka_kind(kafka)),
        })
    });
    let (title, system) = head.unwrap_or_default();
    let recorded = props.lab.with_run(|run| {
        let cast = run.cast().lane(props.lane)?;
        cast.recorded.as_deref().map(words::recorded_from)
    });
    let note = recorded.as_ref().map(|_| words::RECORDED_NOTE);
    let system = recorded.as_deref().unwrap_or(system);
    let proof = view
        .as_ref()
        .map(|view| view.proof.clone())
        .unwrap_or_default();
    html! {
        <section class="lane" data-lane={title.to_ascii_lowercase()} aria-label={format!("{title}, {system}")}>
            <h2>{ title }<small title={note}>{ system.to_owned() }</small></h2>
            <p class="proof" data-proof="">{ proof.before }<b>{ proof.key }</b>{ proof.after }</p>
            <div class="room" ref={room} style={least_height(layout.as_deref())}>
                { layout.map(|layout| floor(props, &layout, view.as_ref(), &canvas)).unwrap_or_default() }
            </div>
            <p class="say" aria-live="polite">{ caption.text }{ " " }<span class="term">{ caption.term }</span></p>
        </section>
    }
}

/// What a queue lane is, in the words of AWS.
fn sqs_kind(lane: &SqsLane) -> &'static str {
    match (lane.topic(), lane.takes_only_groups()) {
        (Some(_), false) => "SNS topic, SQS queues",
        (Some(_), true) => "SNS FIFO topic, SQS queues",
        (None, true) => "SQS FIFO queue",
        (None, false) if lane.workers.is_empty() && !lane.event_source_mappings.is_empty() => {
            "SQS standard queue, Lambda"
        }
        (None, false) if lane.fair => "SQS fair queue",
        (None, false) => "SQS standard queue",
    }
}

/// What a log lane is, in the words of Kafka.
fn kafka_kind(lane: &KafkaLane) -> &'static str {
    match (lane.groups.is_empty(), lane.share_groups.is_empty()) {
        (true, false) => "Kafka share group",
        _ => "Kafka topic",
    }
}

/// The room is at least as high as the floor needs, and depends on nothing else of the floor.
fn least_height(layout: Option<&LaneLayout>) -> String {
    let least = layout.map_or(0.0, |layout| layout.least_height);
    format!("min-height:{}px", px(least))
}

/// Tells the lab how much room there is, now and whenever it changes.
#[yew::hook]
fn use_room(props: &Props, room: &NodeRef, size: &UseStateHandle<(i32, i32)>) {
    let (lab, lane, size) = (props.lab.clone(), props.lane, size.setter());
    use_effect_with((room.clone(), props.run), move |(room, _)| {
        let observer = on_resize(room, move |width, height| {
            lab.set_room(lane, Room { width, height });
            size.set((width as i32, height as i32));
        });
        move || drop(observer)
    });
}

/// Gives the lab what the marks are painted on.
#[yew::hook]
fn use_surface(props: &Props, canvas: &NodeRef) {
    let (lab, lane) = (props.lab.clone(), props.lane);
    let has_layout = props.lab.layout(props.lane).is_some();
    let on = (canvas.clone(), props.run, has_layout);
    use_effect_with(on, move |(canvas, ..)| {
        lab.set_surface(lane, Surface::on(canvas));
        move || lab.set_surface(lane, None)
    });
}

/// What the boxes say, and what stands under the lane.
fn said(props: &Props, layout: &LaneLayout) -> Option<(LaneView, Caption)> {
    props.lab.with_world(|run, world, now| {
        let cast = run.cast();
        let glance = Glance {
            lane: props.lane,
            cast: cast.lane(props.lane)?,
            noun: &cast.noun,
            world: world.lanes.get(props.lane.index())?,
            trace: run.trace(),
            now,
        };
        Some((LaneView::new(layout, glance), later::caption(glance)))
    })
}

fn floor(props: &Props, layout: &LaneLayout, view: Option<&LaneView>, canvas: &NodeRef) -> Html {
    let size = format!(
        "width:{}px;height:{}px",
        px(layout.width),
        px(layout.height)
    );
    let onclick = {
        let (lab, lane, dispatch) = (props.lab.clone(), props.lane, props.dispatch.clone());
        Callback::from(move |event: MouseEvent| {
            let message = floor_point(&event)
                .and_then(|at| lab.message_at(lane, at))
                .map(|message| Selection::Message(lane, message));
            let clicked = message.or_else(|| {
                let name = clicked_actor(&event)?;
                let actor = lab.with_run(|run| run.cast().lane(lane)?.find_actor(&name))?;
                Some(Selection::Actor(lane, actor))
            });
            if let Some(clicked) = clicked {
                dispatch.emit(Action::Select(clicked));
            }
        })
    };
    html! {
        <div class="floor" style={size} {onclick}>
            <svg class="wires" aria-hidden="true" viewBox={format!("0 0 {} {}", px(layout.width), px(layout.height))}>
                { for layout.wires.iter().map(|wire| html! { <path d={wire_path(wire)} /> }) }
            </svg>
            { producers(props, Rect { x: 0.0, w: layout.width, ..layout.producers }) }
            { view.map(|view| body(props, layout, view)).unwrap_or_default() }
            <canvas ref={canvas.clone()} aria-hidden="true"></canvas>
        </div>
    }
}

fn producers(props: &Props, frame: Rect) -> Html {
    let (names, rate) = props.lab.with_run(|run| {
        let producers = &run.scenario().workload.producers;
        let names: Vec<String> = producers.iter().map(|p| p.name.clone()).collect();
        let noun = &run.scenario().noun;
        let rates: Vec<String> = producers
            .iter()
            .filter_map(|p| p.rate)
            .map(|rate| format!("{} {noun}s in {}", rate.count, words::setting(rate.per)))
            .collect();
        (
            words::list(&names),
            rates.first().filter(|_| rates.len() == 1).cloned(),
        )
    });
    let rate = rate.map(|rate| rate.replace(" in 1 s", "/s"));
    html! {
        <div class="producers" style={placed(frame)}>
            <p class="producer"><b>{ names }</b><span>{ rate.unwrap_or_default() }</span></p>
        </div>
    }
}

fn body(props: &Props, layout: &LaneLayout, view: &LaneView) -> Html {
    props
        .lab
        .with_run(|run| {
            let cast = run.cast().lane(props.lane)?;
            let document = run.scenario().lanes.get(props.lane.index())?;
            let floor = match (&layout.body, document.system()?) {
                (Body::Queue(layout), System::Sqs(document)) => queue_floor(&queue_floor::Props {
                    lab: &props.lab,
                    lane: props.lane,
                    dispatch: &props.dispatch,
                    document,
                    cast: run.cast(),
                    names: cast,
                    layout,
                    queues: &view.queues,
                }),
                (Body::Log(layout), System::Kafka(document)) => html! {
                    <>
                        { log_floor(&log_floor::Props {
                            document,
                            cast,
                            layout,
                            partitions: &view.partitions,
                            rows: &view.rows,
                            cursors: &view.cursors,
                        }) }
                        { for groups(props, layout, view, (document, cast)) }
                    </>
                },
                _ => return None,
            };
            let hands = Hands {
                lab: &props.lab,
                dispatch: &props.dispatch,
            };
            let cards = layout.body.cards().zip(&view.cards);
            let cards = cards.filter(|(_, view)| view.status != Status::Absent);
            let cards = cards.map(|(place, view)| {
                actor_card(
                    hands,
                    props.lane,
                    cast.actor(view.actor),
                    (view, place.frame),
                )
            });
            let adds = match &layout.body {
                Body::Queue(body) => body.adds.as_slice(),
                Body::Log(_) => &[],
            };
            let adds = adds.iter().filter_map(|(team, place)| {
                let team = cast.teams.get(usize::from(*team))?;
                Some(add_button(props, (team, layout.width), *place))
            });
            Some(html! { <>{ floor }{ for cards }{ for adds }</> })
        })
        .unwrap_or_default()
}

fn groups<'a>(
    props: &'a Props,
    layout: &'a LogLayout,
    view: &'a LaneView,
    (document, cast): (&'a KafkaLane, &'a LaneCast),
) -> impl Iterator<Item = Html> {
    let consumer = document.groups.iter().map(|group| {
        let session = match group.group_protocol {
            GroupProtocol::Classic => group.session_timeout,
            GroupProtocol::Consumer => document.group_consumer_session_timeout,
        };
        let session = words::setting(session);
        (&group.name, format!("session {session}"))
    });
    let share = document.share_groups.iter().map(|group| {
        let lock = words::setting(group.share_record_lock_duration);
        (&group.name, format!("lock {lock}"))
    });
    let groups = layout.groups.iter().zip(&view.groups);
    let is_recorded = props.lab.is_recorded(props.lane);
    groups
        .zip(consumer.chain(share))
        .map(move |((place, view), (name, setting))| {
            let selection = Selection::Group(props.lane, place.group);
            let on_name = acts(&props.dispatch, Action::Select(selection));
            let on_add = (!is_recorded).then(|| adds(props, name));
            let lag = if cast.tells_commits(place.group) {
                format!("lag {}", view.lag)
            } else {
                String::from("lag not recorded")
            };
            group_box(name, place, (view, &setting, &lag), (on_name, on_add))
        })
}

/// A small button over the cards of a worker set.
fn add_button(props: &Props, (team, width): (&str, f32), place: Point) -> Html {
    let place = format!("right:{}px;top:{}px", px(width - place.x), px(place.y));
    let words = format!("Add a {team}");
    html! {
        <button class="verb add" style={place} onclick={adds(props, team)} aria-label={words.clone()} title={words}>{ "Add" }</button>
    }
}

fn adds(props: &Props, team: &str) -> Callback<MouseEvent> {
    edits(&props.lab, Edit::Add(team.to_owned()))
}
