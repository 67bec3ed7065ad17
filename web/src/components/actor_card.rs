//! A worker or consumer: what it does, and what can be done to it.

use broker_lab_core::LaneId;
use yew::prelude::{Callback, Html, html};

use super::click::{acts, edits};
use super::placed::{classed, placed};
use crate::lab::{Edit, Lab};
use crate::stage::layout::Rect;
use crate::stage::view::{CardView, Status};
use crate::store::{Action, Selection};

/// What can be done to a worker or consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Crash,
    Restart,
    Remove,
    Freeze,
    Thaw,
}

impl Verb {
    /// What can be done to one that is like this.
    pub(crate) const fn of(status: Status) -> &'static [Self] {
        match status {
            Status::Absent => &[],
            Status::Crashed | Status::Stopped => &[Self::Restart],
            Status::Frozen => &[Self::Thaw, Self::Crash],
            Status::Working | Status::Waiting | Status::Idle | Status::Stalled => {
                &[Self::Crash, Self::Remove]
            }
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Crash => "Crash",
            Self::Restart => "Restart",
            Self::Remove => "Remove",
            Self::Freeze => "Freeze",
            Self::Thaw => "Go on",
        }
    }

    fn edit(self, name: &str) -> Edit {
        let name = name.to_owned();
        match self {
            Self::Crash => Edit::Crash(name),
            Self::Restart => Edit::Restart(name),
            Self::Remove => Edit::Remove(name),
            Self::Freeze => Edit::Freeze(name),
            Self::Thaw => Edit::Thaw(name),
        }
    }
}

/// Who does something when a button is pressed.
#[derive(Clone, Copy)]
pub(crate) struct Hands<'a> {
    pub(crate) lab: &'a Lab,
    pub(crate) dispatch: &'a Callback<Action>,
}

pub(crate) fn actor_card(
    hands: Hands<'_>,
    lane: LaneId,
    name: &str,
    (view, frame): (&CardView, Rect),
) -> Html {
    let class = match view.status {
        Status::Absent => "absent",
        Status::Crashed => "down",
        Status::Frozen => "frozen",
        Status::Stopped => "gone",
        Status::Idle => "idle",
        Status::Stalled => "stalled",
        Status::Working | Status::Waiting => "",
    };
    let onclick = acts(
        hands.dispatch,
        Action::Select(Selection::Actor(lane, view.actor)),
    );
    html! {
        <section key={name.to_owned()} class={classed("card", &[class])} style={placed(frame)} data-actor={name.to_owned()}>
            <button class="name" {onclick} title={format!("Inspect {name}")}>{ name }</button>
            <div class="meter" aria-hidden="true"><i style={format!("width:{}%", view.meter)}></i></div>
            <p class="line">{ &view.line }</p>
            if !hands.lab.is_recorded(lane) {
                <div class="verbs">{ verbs(hands, name, view.status, "verb") }</div>
            }
        </section>
    }
}

/// A button for everything that can be done to a worker or consumer.
pub(crate) fn verbs(hands: Hands<'_>, name: &str, status: Status, class: &'static str) -> Html {
    Verb::of(status)
        .iter()
        .map(|one| verb(hands, name, *one, class))
        .collect()
}

/// A button for one of them.
pub(crate) fn verb(hands: Hands<'_>, name: &str, verb: Verb, class: &'static str) -> Html {
    let onclick = edits(hands.lab, verb.edit(name));
    let label = verb.label();
    html! {
        <button key={label} class={class} {onclick} aria-label={format!("{label} {name}")}>{ label }</button>
    }
}
