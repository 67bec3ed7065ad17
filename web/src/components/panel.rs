//! The panel at the side, or the sheet from below: explain, inspect, guarantees, metrics.

use yew::prelude::{Callback, Html, html};

use super::click::acts;
use super::inspect::{self, inspect};
use super::placed::classed;
use super::{explain::explain, guarantees::guarantees, metrics::metrics};
use crate::lab::Lab;
use crate::later;
use crate::store::{Action, Sheet, State, Tab};

pub(crate) struct Props<'a> {
    pub(crate) lab: &'a Lab,
    pub(crate) state: &'a State,
    pub(crate) dispatch: &'a Callback<Action>,
}

pub(crate) fn panel(props: &Props<'_>) -> Html {
    let &Props {
        lab,
        state,
        dispatch,
    } = props;
    let open = state.sheet == Sheet::Open;
    let close = acts(dispatch, Action::CloseSheet);
    let pane = match (state.tab, later::here()) {
        (Tab::Explain, _) => explain(lab),
        (_, Some(later)) => (later.page)(props),
        (_, None) => html! { <p class="hint">{ "This page is being fetched." }</p> },
    };
    html! {
        <aside class={classed("panel", &[if open { "open" } else { "" }])} aria-label="panel">
            <div class="tabs" role="tablist">
                { for Tab::ALL.iter().map(|tab| tab_button(*tab, props)) }
            </div>
            <button class="close" onclick={close} aria-label="Close the panel">{ "✕" }</button>
            <div class="pane" role="tabpanel" tabindex="0" aria-label={state.tab.label()}>{ pane }</div>
        </aside>
    }
}

/// What the panel shows, beside the first page.
pub(crate) fn page(props: &Props<'_>) -> Html {
    let &Props {
        lab,
        state,
        dispatch,
    } = props;
    match state.tab {
        Tab::Explain => Html::default(),
        Tab::Inspect => inspect(&inspect::Props {
            lab,
            now: state.now,
            selection: state.selection,
            dispatch,
        }),
        Tab::Guarantees => guarantees(lab, state.now),
        Tab::Metrics => metrics(lab),
    }
}

fn tab_button(tab: Tab, props: &Props<'_>) -> Html {
    let on = props.state.tab == tab;
    let onclick = acts(props.dispatch, Action::ShowTab(tab));
    html! {
        <button key={tab.label()} role="tab" aria-selected={on.to_string()} class={classed("tab", &[if on { "on" } else { "" }])} {onclick}>{ tab.label() }</button>
    }
}
