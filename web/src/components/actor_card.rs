//! A worker or consumer: what it does, and what can be done to it.

use yew::AttrValue;
use yew::prelude::{Callback, Html, MouseEvent, Properties, classes, component, html};

use super::placed::placed;
use crate::stage::layout::Rect;
use crate::stage::view::{CardView, Status};

/// What can be done to a worker or consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Crash,
    Restart,
    Remove,
}

impl Verb {
    const fn label(self) -> &'static str {
        match self {
            Self::Crash => "Crash",
            Self::Restart => "Restart",
            Self::Remove => "Remove",
        }
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) name: AttrValue,
    pub(crate) view: CardView,
    pub(crate) frame: Rect,
    /// What a crash does that a person should know beforehand: said by a screen reader.
    pub(crate) on_verb: Callback<Verb>,
    pub(crate) on_select: Callback<()>,
}

#[component]
pub(crate) fn ActorCard(props: &Props) -> Html {
    let view = &props.view;
    let (verbs, class): (&[Verb], _) = match view.status {
        Status::Absent => (&[], "absent"),
        Status::Crashed => (&[Verb::Restart], "down"),
        Status::Stopped => (&[Verb::Restart], "gone"),
        Status::Idle => (&[Verb::Crash, Verb::Remove], "idle"),
        Status::Working | Status::Waiting => (&[Verb::Crash, Verb::Remove], ""),
    };
    let on_select = {
        let emit = props.on_select.clone();
        Callback::from(move |_: MouseEvent| emit.emit(()))
    };
    html! {
        <section class={classes!("card", class)} style={placed(props.frame)} data-actor={props.name.clone()}>
            <button class="name" onclick={on_select} title={format!("Inspect {}", props.name)}>{ props.name.clone() }</button>
            <div class="meter" aria-hidden="true"><i style={format!("width:{}%", view.meter)}></i></div>
            <p class="line">{ view.line.clone() }</p>
            <div class="verbs">
                { for verbs.iter().map(|verb| verb_button(*verb, props)) }
            </div>
        </section>
    }
}

fn verb_button(verb: Verb, props: &Props) -> Html {
    let emit = props.on_verb.clone();
    let onclick = Callback::from(move |_: MouseEvent| emit.emit(verb));
    let label = verb.label();
    html! {
        <button key={label} class="verb" {onclick} aria-label={format!("{label} {}", props.name)}>{ label }</button>
    }
}
