//! The panel at the side, or the sheet from below: explain, inspect, guarantees, metrics.

use yew::prelude::{Callback, Html, MouseEvent, Properties, classes, component, html};

use super::explain::Explain;
use super::guarantees::Guarantees;
use super::inspect::Inspect;
use super::metrics::Metrics;
use crate::lab::Lab;
use crate::store::{Action, Sheet, State, Tab};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) state: State,
    pub(crate) dispatch: Callback<Action>,
}

#[component]
pub(crate) fn Panel(props: &Props) -> Html {
    let state = &props.state;
    let open = state.sheet == Sheet::Open;
    let close = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::CloseSheet))
    };
    let (lab, now, run) = (props.lab.clone(), state.now, state.run);
    let dispatch = props.dispatch.clone();
    html! {
        <aside class={classes!("panel", open.then_some("open"))} aria-label="panel">
            <div class="tabs" role="tablist">
                { for Tab::ALL.iter().map(|tab| tab_button(*tab, props)) }
                <button class="close" onclick={close} aria-label="Close the panel">{ "✕" }</button>
            </div>
            <div class="pane" role="tabpanel" aria-label={state.tab.label()}>
                { match state.tab {
                    Tab::Explain => html! { <Explain {lab} {run} /> },
                    Tab::Inspect => html! { <Inspect {lab} {now} {run} selection={state.selection} {dispatch} /> },
                    Tab::Guarantees => html! { <Guarantees {lab} {now} {run} /> },
                    Tab::Metrics => html! { <Metrics {lab} {now} {run} /> },
                } }
            </div>
        </aside>
    }
}

fn tab_button(tab: Tab, props: &Props) -> Html {
    let on = props.state.tab == tab;
    let dispatch = props.dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::ShowTab(tab)));
    html! {
        <button key={tab.label()} role="tab" aria-selected={on.to_string()} class={classes!(on.then_some("on"))} {onclick}>{ tab.label() }</button>
    }
}
