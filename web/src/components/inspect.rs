//! The thing that is selected: its fields under their real names, and its story.

use broker_lab_core::story::{self, Line};
use broker_lab_core::world::LaneWorld;
use broker_lab_core::{LaneId, MessageId, SimTime};
use yew::prelude::{Callback, Html, html};

use super::click::{acts, edits, plays};
use super::copy_fields::{self, Spot};
use super::inspect_actor::of_actor;
use super::inspect_group::of_group;
use super::inspect_queue::of_queue;
use super::metrics::list;
use super::placed::classed;
use crate::lab::{Edit, Lab};
use crate::player::PlayerCommand;
use crate::stage::words;
use crate::store::{Action, Selection};

pub(crate) struct Props<'a> {
    pub(crate) lab: &'a Lab,
    pub(crate) now: SimTime,
    pub(crate) selection: Option<Selection>,
    pub(crate) dispatch: &'a Callback<Action>,
}

/// A field: its real name and its value.
pub(super) type Field = (&'static str, String);

pub(crate) fn inspect(props: &Props<'_>) -> Html {
    let page = match props.selection {
        None => html! {
            <p class="hint">{ "Click a message, a worker, a consumer, or the name of a queue or group. Or choose a message here:" }</p>
        },
        Some(Selection::Message(lane, message)) => of_message(props, lane, message),
        Some(Selection::Actor(lane, actor)) => of_actor(props, lane, actor),
        Some(Selection::Queue(lane, queue)) => of_queue(props, lane, queue),
        Some(Selection::Group(lane, group)) => of_group(props, lane, group),
    };
    // The list stays the same element, so that who walks it by keyboard keeps the focus.
    html! { <>{ picker(props) }<div class="page">{ page }</div></> }
}

/// All messages so far as buttons: the way to them by keyboard.
fn picker(props: &Props<'_>) -> Html {
    let (sent, noun) = props.lab.with_world(|run, world, _| {
        let sent = match world.lanes.first() {
            Some(LaneWorld::Sqs(sqs)) => sqs.sent,
            Some(LaneWorld::Kafka(kafka)) => kafka.sent,
            None => 0,
        };
        (sent, run.cast().noun.clone())
    });
    let button = |n: u32| {
        let message = Selection::Message(LaneId(0), MessageId(n));
        let onclick = acts(props.dispatch, Action::Select(message));
        let on = matches!(props.selection, Some(Selection::Message(_, MessageId(id))) if id == n);
        html! { <button key={n} class={classed("number", &[if on { "on" } else { "" }])} {onclick} aria-label={format!("{noun} {n}")}>{ n }</button> }
    };
    html! { <nav class="numbers" aria-label={format!("all {noun}s so far")}>{ for (1..=sent.min(60)).map(button) }</nav> }
}

fn of_message(props: &Props<'_>, lane: LaneId, message: MessageId) -> Html {
    let Some((title, key)) = props.lab.with_run(|run| {
        let known = run.trace().message(message)?;
        let key = known.key.map_or("", |key| run.cast().keys.name(key));
        Some((
            format!("{} {message}", words::capital(&run.cast().noun)),
            key.to_owned(),
        ))
    }) else {
        return html! { <p class="hint">{ "This message does not exist in the present run." }</p> };
    };
    let lanes = props.lab.with_run(|run| run.cast().lanes.len());
    let others = (0..lanes).filter_map(|n| u8::try_from(n).ok()).map(LaneId);
    let order = std::iter::once(lane).chain(others.filter(|other| *other != lane));
    let (poison, send) = (Edit::Poison(message), Edit::Send(key.clone()));
    let again = Edit::Resend(message);
    html! {
        <div class="inspect" data-message={message.to_string()}>
            <h3>{ title }<span class="dim">{ format!(" · key {key}") }</span></h3>
            <p class="acts">
                <button class="btn" onclick={edits(props.lab, poison)} title="From now on the work on it fails">{ "Make it poison" }</button>
                <button class="btn" onclick={edits(props.lab, send)} title="The producer sends another one with the same key">{ "Send one more" }</button>
                <button class="btn" onclick={edits(props.lab, again)} title="The producer sends this very one once more, as if it had heard no answer">{ "Send it again" }</button>
            </p>
            { for order.map(|lane| strand(props, lane, message)) }
        </div>
    }
}

/// One lane's part of a message's page.
fn strand(props: &Props<'_>, lane: LaneId, message: MessageId) -> Html {
    let (name, fields, lines) = props.lab.with_world(|run, world, now| {
        let name = run
            .cast()
            .lane(lane)
            .map(|lane| lane.name.clone())
            .unwrap_or_default();
        let lines = story::of_message(run.trace(), run.cast(), lane, message);
        let both = run.cast().lane(lane).zip(world.lanes.get(lane.index()));
        let layout = props.lab.layout(lane);
        let spot = |cast| Spot {
            run,
            cast,
            lane,
            layout: layout.as_deref(),
            now,
        };
        (
            name,
            both.map(|(cast, world)| fields(&spot(cast), world, message))
                .unwrap_or_default(),
            lines,
        )
    });
    html! {
        <section key={name.clone()} data-strand={name.clone()}>
            <h4>{ format!("In the {name}") }</h4>
            { list("", fields) }
            { story_list(props.lab, &lines, props.now) }
        </section>
    }
}

fn fields(spot: &Spot<'_>, world: &LaneWorld, message: MessageId) -> Vec<Field> {
    let run = spot.run;
    let Some(known) = run.trace().message(message) else {
        return Vec::new();
    };
    let key = known
        .key
        .map_or("null", |key| run.cast().keys.name(key))
        .to_owned();
    let value = format!("{} {message}", run.cast().noun);
    let time = words::clock(known.sent_at);
    match world {
        LaneWorld::Sqs(sqs) => {
            let mut fields = vec![("Body", format!("{value}, {key}"))];
            fields.extend(copy_fields::of(message, sqs, spot));
            fields
        }
        LaneWorld::Kafka(kafka) => {
            let mut fields = vec![
                ("headers", "none".to_owned()),
                ("key", key),
                ("value", value),
                ("timestamp", format!("{time} (CreateTime)")),
            ];
            if let Some((partition, offset)) = kafka.place(message) {
                fields.push(("partition", partition.partition.to_string()));
                fields.push(("offset", offset.to_string()));
            }
            fields
        }
    }
}

/// A story: what has happened, now, and what is to come in grey.
fn story_list(lab: &Lab, lines: &[Line], now: SimTime) -> Html {
    let present = lines.iter().rposition(|line| line.at <= now);
    let item = |(n, line): (usize, &Line)| {
        let class = match present {
            Some(present) if n < present => "",
            Some(present) if n == present => "now",
            _ => "next",
        };
        let onclick = plays(lab, PlayerCommand::Hold(line.at));
        html! {
            <li key={n} class={classed(class, &[])}>
                <button class="link" {onclick}>{ words::clock(line.at) }</button>
                <span>{ line.text.clone() }</span>
            </li>
        }
    };
    html! { <ol class="story">{ for lines.iter().enumerate().map(item) }</ol> }
}
