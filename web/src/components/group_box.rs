//! A consumer group: its box and head; the cards of its members lie on it.

use yew::AttrValue;
use yew::prelude::{Callback, Html, MouseEvent, Properties, classes, component, html};

use super::placed::placed;
use crate::stage::layout::{GroupBox as Place, Rect};
use crate::stage::view::{GroupView, Rebalancing};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) name: AttrValue,
    pub(crate) place: Place,
    pub(crate) view: GroupView,
    /// A shortened setting that a person has to know of.
    pub(crate) setting: AttrValue,
    pub(crate) on_add: Callback<()>,
}

#[component]
pub(crate) fn GroupBox(props: &Props) -> Html {
    let view = &props.view;
    let on_add = {
        let emit = props.on_add.clone();
        Callback::from(move |_: MouseEvent| emit.emit(()))
    };
    let state = match view.rebalancing {
        Rebalancing::Yes => "rebalancing",
        Rebalancing::No => "",
    };
    let hue = format!("g{}", view.group.0 % 4 + 1);
    let head = Rect {
        x: props.place.head.x - props.place.frame.x,
        y: props.place.head.y - props.place.frame.y,
        ..props.place.head
    };
    html! {
        <section class={classes!("group", hue, state)} style={placed(props.place.frame)} data-group={props.name.clone()}>
            <div class="group-head" style={placed(head)}>
                <p>
                    <b>{ props.name.clone() }</b>
                    <span class="lag" title="records not yet committed: log end minus committed offset">{ format!("lag {}", view.lag) }</span>
                    <button class="verb" onclick={on_add} aria-label={format!("Add a consumer to {}", props.name)}>{ "Add" }</button>
                </p>
                <p class="group-note">{ view.note.clone() }{ " · " }{ props.setting.clone() }</p>
            </div>
        </section>
    }
}
