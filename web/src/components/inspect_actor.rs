//! A worker or consumer: what it does, how it stands with its group, and what it can be asked for.

use broker_lab_core::scenario::{GroupProtocol, Lane};
use broker_lab_core::world::{
    ActorState, ActorWorld, KafkaWorld, LaneWorld, MemberPhase, MemberWorld,
};
use broker_lab_core::{ActorId, LaneCast, LaneId, Offset};
use yew::prelude::{Html, html};

use super::actor_card::{Hands, Verb, verb, verbs};
use super::click::edits;
use super::habits;
use super::inspect::{Field, Props};
use super::metrics::list;
use crate::lab::Edit;
use crate::stage::view::Status;
use crate::stage::words;

/// How many times as long the work of a consumer takes that is slowed down here.
const SLOW: u32 = 4;

/// What the page shows.
struct Page {
    name: String,
    status: Status,
    fields: Vec<Field>,
    consumer: Option<Consumer>,
}

/// What a consumer of a consumer group can be asked for.
struct Consumer {
    is_slow: bool,
    owns: bool,
    has_paused: bool,
}

fn page(props: &Props<'_>, lane: LaneId, actor: ActorId) -> Option<Page> {
    props.lab.with_world(|run, world, _| {
        let cast = run.cast().lane(lane)?;
        let world = world.lanes.get(lane.index())?;
        let actors = match world {
            LaneWorld::Sqs(sqs) => &sqs.actors,
            LaneWorld::Kafka(kafka) => &kafka.actors,
        };
        let found = actors.get(actor.index())?;
        let document = run.scenario().lanes.get(lane.index())?;
        let mut fields = work(found, &run.cast().noun);
        let consumer = match world {
            LaneWorld::Kafka(kafka) => member(actor, (found, kafka), cast),
            LaneWorld::Sqs(_) => None,
        };
        let consumer = consumer.map(|(membership, consumer)| {
            fields.extend(membership);
            consumer
        });
        fields.extend(settings(document, cast, actor));
        Some(Page {
            name: cast.actor(actor).to_owned(),
            status: status(found),
            fields,
            consumer,
        })
    })
}

fn settings(document: &Lane, cast: &LaneCast, actor: ActorId) -> Vec<Field> {
    let team = cast.actors.get(actor.index()).map(|actor| actor.team);
    team.map_or_else(Vec::new, |team| habits::of(document, team.into()))
}

fn work(actor: &ActorWorld, noun: &str) -> Vec<Field> {
    let mut fields = vec![
        ("state", in_words(actor.state)),
        ("finished", words::counted(actor.done, noun)),
    ];
    for task in actor.tasks() {
        let since = words::clock(task.started);
        fields.push(("in hand", format!("{noun} {}, since {since}", task.message)));
    }
    if actor.slow > 1 {
        fields.push(("slowed down", format!("{} times as long", actor.slow)));
    }
    fields
}

/// How a member of a consumer group stands with it.
fn member(
    actor: ActorId,
    (found, world): (&ActorWorld, &KafkaWorld),
    cast: &LaneCast,
) -> Option<(Vec<Field>, Consumer)> {
    let id = cast.group_of(actor)?;
    if world.share_group(id).is_some() {
        return None;
    }
    let group = world.groups.get(id.index())?;
    let membership = world.members.get(actor.index())?;
    let mut fields = vec![("membership", membership_in_words(membership, found))];
    if group.protocol == GroupProtocol::Consumer
        && let Some(known) = membership.known
    {
        let epoch = known
            .epoch
            .map_or_else(|| "left for a while".to_owned(), |epoch| epoch.to_string());
        fields.push(("member epoch", format!("{epoch}, {}", known.state)));
    } else if let Some(generation) = membership.generation {
        let name = match group.protocol {
            GroupProtocol::Classic => "generation",
            GroupProtocol::Consumer => "member epoch",
        };
        fields.push((name, generation.to_string()));
    }
    if let Some((error, at)) = membership.failed {
        fields.push(("failed", format!("{error}, at {}", words::clock(at))));
    }
    let (mut owns, mut has_paused) = (false, false);
    for (partition, reading) in cast.topic_partitions().zip(&group.reading) {
        if reading.owner.now != Some(actor) {
            continue;
        }
        owns = true;
        has_paused |= reading.paused.is_some();
        let offset =
            |offset: Option<Offset>| offset.map_or_else(|| "-".to_owned(), |its| its.to_string());
        let (position, committed) = (offset(reading.position.now), offset(reading.committed.now));
        let paused = if reading.paused.is_some() {
            ", paused"
        } else {
            ""
        };
        let name = cast.partition(partition);
        fields.push((
            "owns",
            format!("{name}: position {position}, committed {committed}{paused}"),
        ));
    }
    let consumer = Consumer {
        is_slow: found.slow > 1,
        owns,
        has_paused,
    };
    Some((fields, consumer))
}

fn membership_in_words(member: &MemberWorld, actor: &ActorWorld) -> String {
    let text = match member.phase {
        MemberPhase::Joining { since } => {
            return format!("has asked to join, at {}", words::clock(since));
        }
        MemberPhase::Member => "in its group",
        MemberPhase::Outside if !actor.is_running() && member.counted => {
            "gone; its group counts it in until its session ends"
        }
        MemberPhase::Outside => "in no group",
    };
    text.to_owned()
}

pub(super) fn of_actor(props: &Props<'_>, lane: LaneId, actor: ActorId) -> Html {
    let Some(page) = page(props, lane, actor) else {
        return html! { <p class="hint">{ "It does not exist in the present run." }</p> };
    };
    let hands = Hands {
        lab: props.lab,
        dispatch: props.dispatch,
    };
    let consumer = page.consumer.filter(|_| page.status == Status::Working);
    html! {
        <div class="inspect" data-actor-page={page.name.clone()}>
            <h3>{ &page.name }</h3>
            if props.lab.is_recorded(lane) {
                <p class="hint">{ words::RECORDED }</p>
            } else {
                <p class="acts">
                    { verbs(hands, &page.name, page.status, "btn") }
                    { consumer.map(|consumer| asks(hands, &page.name, &consumer)).unwrap_or_default() }
                </p>
            }
            { list("", page.fields) }
        </div>
    }
}

/// What a card has no room for.
fn asks(hands: Hands<'_>, name: &str, consumer: &Consumer) -> Html {
    let ask = |label: &'static str, title: &'static str, edit: Edit| {
        let onclick = edits(hands.lab, edit);
        html! { <button key={label} class="btn" {onclick} {title}>{ label }</button> }
    };
    let own = || name.to_owned();
    let pace = if consumer.is_slow {
        let edit = Edit::SlowDown {
            consumer: own(),
            times: 1,
        };
        ask(
            "Usual pace",
            "Its work takes as long as that of the others",
            edit,
        )
    } else {
        let edit = Edit::SlowDown {
            consumer: own(),
            times: SLOW,
        };
        ask(
            "Slow down",
            "Its work takes four times as long from the next record on",
            edit,
        )
    };
    let paused = if consumer.has_paused {
        ask(
            "Resume",
            "KafkaConsumer.resume: it reads on",
            Edit::Resume(own()),
        )
    } else {
        ask(
            "Pause",
            "KafkaConsumer.pause: it polls, and gets nothing",
            Edit::Pause(own()),
        )
    };
    html! {
        <>
            { verb(hands, name, Verb::Freeze, "btn") }
            { pace }
            if consumer.owns {
                { paused }
                { ask("Replay", "KafkaConsumer.seekToBeginning: it reads all that it owns from the start", Edit::SeekToBeginning(own())) }
            }
        </>
    }
}

const fn status(actor: &ActorWorld) -> Status {
    match actor.state {
        ActorState::Running { .. } if actor.frozen.is_some() => Status::Frozen,
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
