//! One lane: its head, its floor with boxes and marks, its caption.

use std::rc::Rc;

use broker_lab_core::scenario::{Command, System};
use broker_lab_core::{ActorId, LaneId, SimTime};
use yew::prelude::{
    Callback, Html, MouseEvent, NodeRef, Properties, UseStateHandle, component, html,
    use_effect_with, use_node_ref, use_state_eq,
};

use super::actor_card::{ActorCard, Verb};
use super::group_box::GroupBox;
use super::log_floor::{LogFloor, wire_path};
use super::placed::px;
use super::queue_floor::QueueFloor;
use crate::browser::{Surface, floor_point, on_resize};
use crate::lab::Lab;
use crate::stage::layout::{Body, Card, LaneLayout, Rect, Room};
use crate::stage::view::{Glance, LaneView, Status};
use crate::stage::words;
use crate::store::{Action, Selection};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) lane: LaneId,
    /// When, and of which run: what the lane shows depends on nothing else.
    pub(crate) now: SimTime,
    pub(crate) run: u32,
    /// Light or dark: marks are painted anew when it changes.
    pub(crate) theme: crate::store::Theme,
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
    let view = layout.as_ref().and_then(|layout| view(props, layout));
    let head = props.lab.with_run(|run| {
        let document = run.scenario().lanes.get(props.lane.index())?;
        Some(match document.system()? {
            System::Sqs(_) => (words::capital(&document.name), "SQS standard queue"),
            System::Kafka(_) => (words::capital(&document.name), "Kafka topic"),
        })
    });
    let (title, system) = head.unwrap_or_default();
    let proof = view
        .as_ref()
        .map(|view| view.proof.clone())
        .unwrap_or_default();
    let caption = view
        .as_ref()
        .map(|view| view.caption.clone())
        .unwrap_or_default();
    html! {
        <section class="lane" data-lane={title.to_ascii_lowercase()} aria-label={format!("{title}, {system}")}>
            <h2>{ title }<small>{ system }</small></h2>
            <p class="proof" data-proof="">{ proof.before }<b>{ proof.key }</b>{ proof.after }</p>
            <div class="room" ref={room}>
                { layout.map(|layout| floor(props, &layout, view.as_ref(), &canvas)).unwrap_or_default() }
            </div>
            <p class="say" aria-live="polite">{ caption.text }{ " " }<span class="term">{ caption.term }</span></p>
        </section>
    }
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
    let on = (canvas.clone(), props.run, has_layout, props.theme);
    use_effect_with(on, move |(canvas, ..)| {
        lab.set_surface(lane, Surface::on(canvas));
        move || lab.set_surface(lane, None)
    });
}

fn view(props: &Props, layout: &LaneLayout) -> Option<LaneView> {
    props.lab.with_world(|run, world, now| {
        let cast = run.cast();
        let glance = Glance {
            cast: cast.lane(props.lane)?,
            noun: &cast.noun,
            world: world.lanes.get(props.lane.index())?,
            now,
        };
        Some(LaneView::new(layout, glance))
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
            if let Some(at) = floor_point(&event)
                && let Some(message) = lab.message_at(lane, at)
            {
                dispatch.emit(Action::Select(Selection::Message(lane, message)));
            }
        })
    };
    html! {
        <div class="floor" style={size} {onclick}>
            <svg class="wires" aria-hidden="true" viewBox={format!("0 0 {} {}", px(layout.width), px(layout.height))}>
                { for layout.wires.iter().map(|wire| html! { <path d={wire_path(wire)} /> }) }
            </svg>
            { producers(props, layout.producers) }
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
            .map(|p| format!("{} {noun}s in {}", p.rate.count, words::setting(p.rate.per)))
            .collect();
        (
            words::list(&names),
            rates.first().filter(|_| rates.len() == 1).cloned(),
        )
    });
    let rate = rate.map(|rate| rate.replace(" in 1 s", "/s"));
    html! {
        <div class="producer" style={super::placed::placed(frame)}>
            <b>{ names }</b><span>{ rate.unwrap_or_default() }</span>
        </div>
    }
}

fn body(props: &Props, layout: &LaneLayout, view: &LaneView) -> Html {
    let Some(cast) = props
        .lab
        .with_run(|run| run.cast().lane(props.lane).cloned().map(Rc::new))
    else {
        return Html::default();
    };
    let cards = layout
        .body
        .cards()
        .zip(&view.cards)
        .filter(|(_, view)| view.status != Status::Absent);
    let cards = cards.map(|(place, view)| card(props, place, view, cast.actor(view.actor)));
    let document = props
        .lab
        .with_run(|run| run.scenario().lanes.get(props.lane.index()).cloned());
    let floor = match (&layout.body, document) {
        (Body::Queue(body), Some(document)) => document.sqs.map(|sqs| {
            let noun = props.lab.with_run(|run| run.cast().noun.clone());
            html! {
                <QueueFloor document={Rc::new(sqs)} cast={cast.clone()} layout={body.clone()}
                    queues={view.queues.clone()} {noun} />
            }
        }),
        (Body::Log(body), Some(document)) => document.kafka.map(|kafka| {
            let groups = body.groups.iter().zip(&view.groups).zip(&kafka.groups);
            let groups = groups.map(|((place, view), settings)| {
                let setting = format!("session {}", words::setting(settings.session_timeout));
                html! {
                    <GroupBox key={settings.name.clone()} name={settings.name.clone()} place={place.clone()}
                        view={view.clone()} {setting} on_add={on_add(props, &settings.name)} />
                }
            });
            let groups: Html = groups.collect();
            html! {
                <>
                    <LogFloor document={Rc::new(kafka)} cast={cast.clone()} layout={body.clone()}
                        rows={view.rows.clone()} cursors={view.cursors.clone()} />
                    { groups }
                </>
            }
        }),
        _ => None,
    };
    let add = match &layout.body {
        Body::Queue(body) => cast
            .teams
            .first()
            .map(|team| add_button(props, body.cards.first(), team)),
        Body::Log(_) => None,
    };
    html! { <>{ floor.unwrap_or_default() }{ for cards }{ add.unwrap_or_default() }</> }
}

/// A small button over the first worker's card.
fn add_button(props: &Props, first: Option<&Card>, team: &str) -> Html {
    let Some(first) = first else {
        return Html::default();
    };
    let place = format!("right:0;top:{}px", px(first.frame.y - 32.0));
    let emit = on_add(props, team);
    let onclick = Callback::from(move |_: MouseEvent| emit.emit(()));
    html! {
        <button class="verb add" style={place} {onclick} aria-label={format!("Add a {team}")}>{ format!("Add a {team}") }</button>
    }
}

fn on_add(props: &Props, team: &str) -> Callback<()> {
    let (lab, dispatch, team) = (props.lab.clone(), props.dispatch.clone(), team.to_owned());
    Callback::from(move |()| {
        let add = Some(team.clone());
        edit(&lab, &dispatch, |at| Command {
            at,
            add,
            ..Command::default()
        });
    })
}

fn card(props: &Props, place: &Card, view: &crate::stage::view::CardView, name: &str) -> Html {
    let on_verb = {
        let (lab, dispatch, name) = (props.lab.clone(), props.dispatch.clone(), name.to_owned());
        Callback::from(move |verb: Verb| {
            let name = Some(name.clone());
            edit(&lab, &dispatch, |at| {
                let mut command = Command {
                    at,
                    ..Command::default()
                };
                match verb {
                    Verb::Crash => command.crash = name,
                    Verb::Restart => command.restart = name,
                    Verb::Remove => command.remove = name,
                }
                command
            });
        })
    };
    let on_select = {
        let (dispatch, lane, actor): (_, _, ActorId) =
            (props.dispatch.clone(), props.lane, place.actor);
        Callback::from(move |()| dispatch.emit(Action::Select(Selection::Actor(lane, actor))))
    };
    html! {
        <ActorCard key={name.to_owned()} name={name.to_owned()} view={view.clone()} frame={place.frame}
            {on_verb} {on_select} />
    }
}

/// Carries out a command now; what is wrong with it is said.
pub(crate) fn edit(
    lab: &Lab,
    dispatch: &Callback<Action>,
    command: impl FnOnce(broker_lab_core::SimDuration) -> Command,
) {
    if let Err(faults) = lab.edit(command) {
        dispatch.emit(Action::Trouble(faults.to_string().into()));
    }
}
