//! A consumer group: its box and head; the cards of its members lie on it.

use yew::prelude::{Callback, Html, MouseEvent, html};

use super::placed::{classed, placed};
use crate::stage::layout::{GroupBox, Rect};
use crate::stage::view::{GroupView, Rebalancing};

/// `setting` is a shortened setting that a person has to know of; what was recorded gets no more
/// consumers.
pub(crate) fn group_box(
    name: &str,
    place: &GroupBox,
    (view, setting, lag): (&GroupView, &str, &str),
    (on_name, on_add): (Callback<MouseEvent>, Option<Callback<MouseEvent>>),
) -> Html {
    let state = match view.rebalancing {
        Rebalancing::Yes => "rebalancing",
        Rebalancing::No => "",
    };
    let note = match view.rebalancing {
        Rebalancing::Yes => view.note.clone(),
        Rebalancing::No => format!("{} · {setting}", view.note),
    };
    let hue = super::placed::hue(view.group);
    let head = Rect {
        x: place.head.x - place.frame.x,
        y: place.head.y - place.frame.y,
        ..place.head
    };
    html! {
        <section key={name.to_owned()} class={classed("group", &[hue, state])} style={placed(place.frame)} data-group={name.to_owned()}>
            <div class="group-head" style={placed(head)}>
                <p>
                    <button class="name" onclick={on_name} title={format!("Inspect {name}")}>{ name }</button>
                    <span class="lag" title="records not yet committed: log end minus committed offset">{ lag.to_owned() }</span>
                    if let Some(on_add) = on_add {
                        <button class="verb" onclick={on_add} aria-label={format!("Add a consumer to {name}")}>{ "Add" }</button>
                    }
                </p>
                <p class="group-note" title="generation: rises with every rebalance; session: how long a member may be silent before it counts as dead">{ note }</p>
            </div>
        </section>
    }
}
