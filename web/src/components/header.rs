//! The top of the page: the name, the experiment, light or dark.

use yew::prelude::{Callback, Event, Html, TargetCast as _, html};

use super::click::acts;
use crate::link::presets::{self, Preset, Shelf};
use crate::store::{Action, Tab, Theme};

pub(crate) struct Props<'a> {
    /// The name of the preset on stage; empty for something else.
    pub(crate) preset: &'a str,
    pub(crate) title: &'a str,
    pub(crate) theme: Theme,
    /// What the panel shows when it is opened.
    pub(crate) tab: Tab,
    pub(crate) dispatch: &'a Callback<Action>,
    pub(crate) on_preset: &'a Callback<String>,
    pub(crate) on_file: &'a Callback<web_sys::File>,
}

pub(crate) fn header(props: &Props<'_>) -> Html {
    let on_change = {
        let emit = props.on_preset.clone();
        Callback::from(move |event: Event| {
            let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
            emit.emit(select.value());
        })
    };
    let on_file = {
        let emit = props.on_file.clone();
        Callback::from(move |event: Event| {
            let input: web_sys::HtmlInputElement = event.target_unchecked_into();
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                emit.emit(file);
            }
            input.set_value("");
        })
    };
    let on_theme = acts(props.dispatch, Action::NextTheme);
    let own = presets::ALL
        .iter()
        .all(|preset| preset.name != props.preset);
    let option = |preset: &Preset| {
        html! {
            <option value={preset.name} selected={preset.name == props.preset}>{ preset.title }</option>
        }
    };
    let theme = format!("Colours: {}. Change", props.theme.label());
    html! {
        <header class="top">
            <h1><a class="logo" href="#" aria-label="Broker Lab, start">
                <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true"><rect width="22" height="22" rx="6" fill="currentColor" /><circle class="dot" cx="7" cy="8" r="2.4" /><path class="lines" d="M12 8h5M5 14h3M10 14h3M15 14h2" /></svg>
                <span>{ "Broker Lab" }</span>
            </a></h1>
            <select class="btn pick" aria-label="experiment" onchange={on_change}>
                if own { <option selected=true value="">{ props.title }</option> }
                { for Shelf::ALL.map(|shelf| html! {
                    <optgroup label={shelf.label()}>{ for shelf.presets().map(option) }</optgroup>
                }) }
            </select>
            <nav>
                <button class="btn more" onclick={acts(props.dispatch, Action::ShowTab(props.tab))} aria-label="Open the panel: explain, inspect, guarantees, metrics">{ "Panel" }</button>
                <label class="btn open" title="Open an experiment from a file">{ "Open" }<input type="file" aria-label="Open a file" accept=".json,application/json" onchange={on_file} /></label>
                <button class="btn theme" onclick={on_theme} aria-label={theme.clone()} title={theme}>
                    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6" /><path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor" /></svg>
                </button>
            </nav>
        </header>
    }
}
