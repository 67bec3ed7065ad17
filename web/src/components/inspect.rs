//! The thing that is selected: its fields under their real names, and its story.

use broker_lab_core::cast::QueueKind;
use broker_lab_core::story::{self, Line};
use broker_lab_core::world::{ActorState, LaneWorld, MessageWorld, Place, SqsWorld};
use broker_lab_core::{ActorId, CopyId, LaneCast, LaneId, MessageId, QueueId, Record, SimTime};
use yew::prelude::{Callback, Html, html};

use super::actor_card::{Hands, verbs};
use super::click::{acts, edits, plays};
use super::habits;
use super::inspect_queue::of_queue;
use super::placed::classed;
use crate::lab::{Edit, Lab};
use crate::player::PlayerCommand;
use crate::stage::layout::{Body, LaneLayout};
use crate::stage::queue_rows;
use crate::stage::view::Status;
use crate::stage::words;
use crate::store::{Action, Selection};

pub(crate) struct Props<'a> {
    pub(crate) lab: &'a Lab,
    pub(crate) now: SimTime,
    pub(crate) selection: Option<Selection>,
    pub(crate) dispatch: &'a Callback<Action>,
}

/// Messages looked through for the one that a message is blocked behind.
const LOOKED_THROUGH: usize = 5_000;

/// A field: its real name and its value.
type Field = (&'static str, String);

pub(crate) fn inspect(props: &Props<'_>) -> Html {
    let page = match props.selection {
        None => html! {
            <p class="hint">{ "Click a message, a worker, a consumer or a queue's name. Or choose a message here:" }</p>
        },
        Some(Selection::Message(lane, message)) => of_message(props, lane, message),
        Some(Selection::Actor(lane, actor)) => of_actor(props, lane, actor),
        Some(Selection::Queue(lane, queue)) => of_queue(props, lane, queue),
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
                <button class="btn" onclick={edits(props.lab, send)} title="The producer sends one more with the same key">{ "Send one more" }</button>
                <button class="btn" onclick={edits(props.lab, again)} title="The producer sends this very one once more, as if it had heard no answer">{ "Send it again" }</button>
            </p>
            { for order.map(|lane| strand(props, lane, message)) }
        </div>
    }
}

/// One lane's part of a message's page.
fn strand(props: &Props<'_>, lane: LaneId, message: MessageId) -> Html {
    let (name, fields, lines) = props.lab.with_world(|run, world, _| {
        let name = run
            .cast()
            .lane(lane)
            .map(|lane| lane.name.clone())
            .unwrap_or_default();
        let lines = story::of_message(run.trace(), run.cast(), lane, message);
        let both = run.cast().lane(lane).zip(world.lanes.get(lane.index()));
        let layout = props.lab.layout(lane);
        (
            name,
            both.map(|both| fields((run, layout.as_deref()), both, message))
                .unwrap_or_default(),
            lines,
        )
    });
    html! {
        <section key={name.clone()} data-strand={name.clone()}>
            <h4>{ format!("In the {name}") }</h4>
            <dl>{ for fields.into_iter().map(|(name, value)| html! { <><dt>{ name }</dt><dd>{ value }</dd></> }) }</dl>
            { story_list(props.lab, &lines, props.now) }
        </section>
    }
}

fn fields(
    (run, layout): (&Record, Option<&LaneLayout>),
    (lane, world): (&LaneCast, &LaneWorld),
    message: MessageId,
) -> Vec<Field> {
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
            let names = |queue: QueueId| lane.queue(queue).to_owned();
            for (copy, found) in sqs.copies(message) {
                if sqs.copies(message).count() > 1 {
                    fields.push(("message", format!("copy {}", copy.0 + 1)));
                }
                fields.extend(of_copy((run, layout), sqs, (message, copy), found, names));
            }
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

/// What a queue knows of a message, or of one copy of it.
fn of_copy(
    (run, layout): (&Record, Option<&LaneLayout>),
    sqs: &SqsWorld,
    (id, copy): (MessageId, CopyId),
    message: &MessageWorld,
    name: impl Fn(QueueId) -> String,
) -> Vec<Field> {
    let mut state = place(message.place.now).to_owned();
    let mut fields = vec![
        ("SentTimestamp", words::clock(message.sent_at)),
        ("ApproximateReceiveCount", message.receives.to_string()),
    ];
    let Some(queue) = message.place.now.queue() else {
        fields.push(("state", state));
        return fields;
    };
    fields.push(("queue", name(queue)));
    if matches!(message.place.now, Place::InFlight(_)) {
        let handle = format!("{id}.{}", message.receives_here);
        fields.push(("ReceiptHandle", handle));
    }
    if message.origin != queue && message.receives > message.receives_here {
        fields.push(("DeadLetterQueueSource", name(message.origin)));
    }
    let is_fifo = sqs.queues.get(queue.index()).map(|queue| queue.kind) == Some(QueueKind::Fifo);
    if is_fifo {
        let known = run.trace().message(id);
        let key = known.and_then(|message| message.key);
        let group = key.map_or("", |key| run.cast().keys.name(key));
        fields.push(("MessageGroupId", group.to_owned()));
        fields.push((
            "SequenceNumber",
            format!("the {}. to arrive", message.arrival),
        ));
        if let (Some(Body::Queue(body)), Place::Visible(_)) =
            (layout.map(|layout| &layout.body), message.place.now)
            && let Some(other) =
                queue_rows::behind(body, (sqs, run.trace()), (id, copy), LOOKED_THROUGH)
        {
            state = format!("visible, blocked behind {other} of its group");
        }
    }
    fields.push(("state", state));
    if let Some(at) = sqs.expires_at(message) {
        fields.push(("expires at", words::clock(at)));
    }
    fields
}

const fn place(place: Place) -> &'static str {
    match place {
        Place::Nowhere => "not sent yet",
        Place::Sent => "on its way to the queue",
        Place::Delayed(_) => "delayed",
        Place::Visible(_) => "visible",
        Place::InFlight(_) => "in flight, hidden",
        Place::Deleted => "deleted",
        Place::Expired => "expired",
        Place::Purged => "purged",
        Place::FilteredOut => "left out by the filter policies",
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

fn of_actor(props: &Props<'_>, lane: LaneId, actor: ActorId) -> Html {
    let Some((name, done, hand, (state, habits))) = props.lab.with_world(|run, world, _| {
        let name = run.cast().lane(lane)?.actor(actor).to_owned();
        let actors = match world.lanes.get(lane.index())? {
            LaneWorld::Sqs(sqs) => &sqs.actors,
            LaneWorld::Kafka(kafka) => &kafka.actors,
        };
        let found = actors.get(actor.index())?;
        let hand = found.tasks();
        let noun = &run.cast().noun;
        let hand = hand.map(|task| {
            format!(
                "{noun} {}, since {}",
                task.message,
                words::clock(task.started)
            )
        });
        let document = run.scenario().lanes.get(lane.index())?;
        let team = run.cast().lane(lane)?.actors.get(actor.index())?.team;
        let habits = habits::of(document, team.into());
        Some((
            name,
            found.done,
            hand.collect::<Vec<_>>(),
            (found.state, habits),
        ))
    }) else {
        return html! { <p class="hint">{ "It does not exist in the present run." }</p> };
    };
    let noun = props.lab.with_run(|run| run.cast().noun.clone());
    html! {
        <div class="inspect" data-actor-page={name.clone()}>
            <h3>{ &name }</h3>
            <p class="acts">{ verbs(Hands { lab: props.lab, dispatch: props.dispatch }, &name, status(state), "btn") }</p>
            <dl>
                <dt>{ "state" }</dt><dd>{ in_words(state) }</dd>
                <dt>{ "finished" }</dt><dd>{ words::counted(done, &noun) }</dd>
                { for hand.into_iter().map(|task| html! { <><dt>{ "in hand" }</dt><dd>{ task }</dd></> }) }
                { for habits.into_iter().map(|(name, value)| html! { <><dt>{ name }</dt><dd>{ value }</dd></> }) }
            </dl>
        </div>
    }
}

const fn status(state: ActorState) -> Status {
    match state {
        ActorState::Absent => Status::Absent,
        ActorState::Running { .. } => Status::Working,
        ActorState::Crashed { .. } => Status::Crashed,
        ActorState::Stopped { .. } => Status::Stopped,
    }
}

fn in_words(state: ActorState) -> String {
    match state {
        ActorState::Absent => "not there yet".to_owned(),
        ActorState::Running { since } => format!("running since {}", words::clock(since)),
        ActorState::Crashed { at } => format!("crashed at {}", words::clock(at)),
        ActorState::Stopped { at } => format!("left at {}", words::clock(at)),
    }
}
