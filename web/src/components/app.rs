//! The whole page: the store, the lab, and what is around the lanes.

use std::rc::Rc;

use broker_lab_core::{LaneId, SimDuration, SimTime};
use web_sys::File;
use yew::platform::spawn_local;
use yew::prelude::{
    Callback, DragEvent, Html, Properties, Reducible, UseReducerHandle, component, html,
    use_callback, use_effect_with, use_reducer, use_state,
};

use super::click::acts;
use super::header::{self, header};
use super::keys::use_keys;
use super::lane::Lane;
use super::panel::{self, panel};
use super::transport::Transport;
use crate::browser;
use crate::engine::{self, Running};
use crate::lab::Lab;
use crate::later;
use crate::link::address::{self, Document};
use crate::link::presets;
use crate::player::PlayerCommand;
use crate::store::{Action, State};

/// The state as the reducer keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Store(State);

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let next = Self(self.0.reduced(action));
        // The same Rc means nothing has changed, and nothing is rendered.
        if *self == next { self } else { Rc::new(next) }
    }
}

/// What the page begins with.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct First {
    /// The experiment on stage.
    pub lab: Lab,
    /// The name of its preset; empty for another document.
    pub preset: &'static str,
    /// The moment to show.
    pub at: SimDuration,
    /// What was wrong with what was asked for.
    pub trouble: Option<String>,
}

impl First {
    /// The experiment of the address, or the opening scene and what is wrong with the address.
    pub async fn of_address() -> Self {
        let hash = browser::hash();
        if hash.is_empty() {
            return Self::opening();
        }
        match bring(Wanted::Address(hash)).await {
            Ok((run, preset, at)) => Self {
                lab: Lab::new(run),
                preset,
                at,
                trouble: None,
            },
            Err(trouble) => Self {
                trouble: Some(format!(
                    "{trouble}\nThis is the opening scene in its place."
                )),
                ..Self::opening()
            },
        }
    }

    /// The opening scene.
    #[must_use]
    pub fn opening() -> Self {
        Self {
            lab: Lab::new(Running::opening()),
            preset: presets::ALL[0].name,
            at: SimDuration::ZERO,
            trouble: None,
        }
    }
}

/// A run, the name of its preset and the moment to show.
pub(crate) type Opened = (Running, &'static str, SimDuration);

/// Where an experiment is.
pub(crate) enum Wanted {
    /// The part of the address behind `#` tells it.
    Address(String),
    /// It is a document of the person's own.
    File(File),
}

async fn bring(wanted: Wanted) -> Result<Opened, String> {
    // At the same time, if it will be needed: all but the opening scene are simulated.
    let simulated = match &wanted {
        Wanted::Address(hash) => hash.contains("scenario=") || hash.contains("json="),
        Wanted::File(_) => true,
    };
    if simulated {
        engine::prepare();
    }
    let later = later::fetch().await?;
    (later.open)(wanted).await
}

/// Opens an experiment.
pub(crate) async fn open_wanted(wanted: Wanted) -> Result<Opened, String> {
    let (document, at) = match wanted {
        Wanted::Address(hash) => {
            let wanted = address::read(&hash)?;
            (wanted.document, wanted.at)
        }
        Wanted::File(file) => {
            let from = format!("The file {}", file.name());
            let text = browser::read_file(file).await?;
            (Document::Text { text, from }, SimDuration::ZERO)
        }
    };
    let run = Running::open(&document).await?;
    Ok((run, document.preset(), at))
}

/// The page.
#[component]
pub fn App(first: &First) -> Html {
    let store = use_reducer(Store::default);
    let preset = use_state(|| first.preset);
    let lab = first.lab.clone();
    let dispatch = {
        let dispatcher = store.dispatcher();
        use_callback((), move |action: Action, ()| {
            if action.shows_more() && later::here().is_none() {
                let dispatcher = dispatcher.clone();
                spawn_local(async move {
                    dispatcher.dispatch(Action::Fetched(later::fetch().await.err()));
                });
            }
            dispatcher.dispatch(action);
        })
    };
    let open = {
        let (lab, preset, dispatch) = (lab.clone(), preset.clone(), dispatch.clone());
        use_callback((), move |opened: Result<Opened, String>, ()| match opened {
            Ok((run, name, at)) => {
                dispatch.emit(Action::DismissTrouble);
                preset.set(name);
                lab.open(run);
                lab.play(PlayerCommand::Hold(SimTime::ZERO + at));
            }
            Err(trouble) => dispatch.emit(Action::Trouble(stays(&trouble))),
        })
    };
    {
        let (first, dispatch) = (first.clone(), dispatch.clone());
        use_effect_with((), move |()| {
            let listener = dispatch.clone();
            first.lab.listen(move |action| listener.emit(action));
            let listener = dispatch.clone();
            later::on_touch(move |missing| listener.emit(Action::Fetched(missing)));
            first
                .lab
                .play(PlayerCommand::Hold(SimTime::ZERO + first.at));
            if let Some(trouble) = &first.trouble {
                dispatch.emit(Action::Trouble(trouble.as_str().into()));
            }
        });
    }
    use_address(&open);
    use_keys(&lab, &dispatch);
    use_theme(&lab, &store);
    let on_file = on_file(&open);
    let on_preset = Callback::from(|name: String| browser::set_hash(&format!("scenario={name}")));
    let (title, lanes) = lab.with_run(|run| (run.scenario().title.clone(), run.cast().lanes.len()));
    browser::set_title(&format!("{title} · Broker Lab"));
    let state = &store.0;
    let lane = |n: usize| {
        let lane = LaneId(u8::try_from(n).unwrap_or(u8::MAX));
        html! {
            <Lane key={n} lab={lab.clone()} {lane} now={state.now} run={state.run}
                fetched={state.fetched} dispatch={dispatch.clone()} />
        }
    };
    html! {
        <div class="app" ondragover={Callback::from(|event: DragEvent| event.prevent_default())} ondrop={on_drop(&on_file)}>
            { header(&header::Props {
                preset: *preset,
                title: &title,
                theme: state.theme,
                tab: state.tab,
                dispatch: &dispatch,
                on_preset: &on_preset,
                on_file: &on_file,
            }) }
            { trouble(state, &dispatch) }
            <main class="stage" tabindex="-1">{ for (0..lanes).map(lane) }</main>
            { panel(&panel::Props { lab: &lab, state, dispatch: &dispatch }) }
            <Transport lab={lab.clone()} state={state.clone()} dispatch={dispatch.clone()} />
        </div>
    }
}

/// What was wrong, over the stage; the last good experiment stays under it.
fn trouble(state: &State, dispatch: &Callback<Action>) -> Html {
    let Some(text) = &state.trouble else {
        return Html::default();
    };
    let onclick = acts(dispatch, Action::DismissTrouble);
    html! {
        <div class="trouble" role="alert">
            <span class="broke" aria-hidden="true">{ "✗" }</span>
            <p>{ text.to_string() }</p>
            <button class="btn" {onclick}>{ "Dismiss" }</button>
        </div>
    }
}

/// What was wrong, and that nothing is lost by it.
fn stays(trouble: &str) -> Rc<str> {
    format!("{trouble}\nWhat was on stage before is still here.").into()
}

type Open = Callback<Result<Opened, String>>;

/// Opens what the address asks for whenever it changes.
#[yew::hook]
fn use_address(open: &Open) {
    let open = open.clone();
    use_effect_with((), move |()| {
        let listener = browser::on_hash_change(move || {
            let open = open.clone();
            spawn_local(async move {
                let asked = browser::hash();
                let opened = bring(Wanted::Address(asked.clone())).await;
                // What is asked for by now is opened by its own event.
                if browser::hash() == asked {
                    open.emit(opened);
                }
            });
        });
        move || drop(listener)
    });
}

fn on_file(open: &Open) -> Callback<File> {
    let open = open.clone();
    Callback::from(move |file: File| {
        let open = open.clone();
        spawn_local(async move {
            let opened = bring(Wanted::File(file)).await;
            if opened.is_ok() {
                browser::forget_hash();
            }
            open.emit(opened);
        });
    })
}

fn on_drop(on_file: &Callback<File>) -> Callback<DragEvent> {
    let emit = on_file.clone();
    Callback::from(move |event: DragEvent| {
        event.prevent_default();
        let files = event.data_transfer().and_then(|data| data.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            emit.emit(file);
        }
    })
}

#[yew::hook]
fn use_theme(lab: &Lab, store: &UseReducerHandle<Store>) {
    let lab = lab.clone();
    {
        let lab = lab.clone();
        use_effect_with((), move |()| {
            lab.set_motion(browser::motion());
            let listener = browser::on_system_change(move || lab.take_colours());
            move || drop(listener)
        });
    }
    use_effect_with(store.0.theme, move |theme| {
        browser::apply_theme(*theme);
        lab.take_colours();
    });
}
