//! The whole page: the store, the lab, and what is around the lanes.

use std::rc::Rc;

use broker_lab_core::{LaneId, Scenario, SimDuration, SimTime};
use web_sys::File;
use yew::platform::spawn_local;
use yew::prelude::{
    Callback, DragEvent, Html, Reducible, UseReducerHandle, component, html, use_callback,
    use_effect_with, use_memo, use_reducer, use_state,
};

use super::click::acts;
use super::header::{self, header};
use super::keys::use_keys;
use super::lane::Lane;
use super::panel::{self, panel};
use super::transport::Transport;
use crate::browser;
use crate::lab::Lab;
use crate::link::address::{self, Wanted};
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

/// What the page begins with: the experiment of the address, or the opening scene and what is
/// wrong with the address.
fn first() -> (Wanted, Option<String>) {
    match address::read(&browser::hash()) {
        Ok(wanted) => (wanted, None),
        Err(trouble) => {
            let opening = address::read("").expect("the opening scene is sound: a test reads it");
            (
                opening,
                Some(format!(
                    "{trouble}\nThis is the opening scene in its place."
                )),
            )
        }
    }
}

/// The page.
#[component]
pub fn App() -> Html {
    let store = use_reducer(Store::default);
    let preset = use_state(|| "");
    let lab = use_memo((), |()| {
        let (wanted, trouble) = first();
        (Lab::new(wanted.scenario), wanted.preset, wanted.at, trouble)
    });
    let dispatch = {
        let dispatcher = store.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let open = {
        let (lab, preset) = (lab.0.clone(), preset.clone());
        use_callback(
            (),
            move |(scenario, name, at): (Scenario, &'static str, SimDuration), ()| {
                preset.set(name);
                lab.open(scenario);
                lab.play(PlayerCommand::Hold(SimTime::ZERO + at));
            },
        )
    };
    {
        let (preset, lab, dispatch) = (preset.clone(), Rc::clone(&lab), dispatch.clone());
        use_effect_with((), move |()| {
            let (lab, name, at, trouble) = &*lab;
            preset.set(*name);
            let listener = dispatch.clone();
            lab.listen(move |action| listener.emit(action));
            lab.play(PlayerCommand::Hold(SimTime::ZERO + *at));
            if let Some(trouble) = trouble {
                dispatch.emit(Action::Trouble(trouble.as_str().into()));
            }
        });
    }
    use_address(&open, &dispatch);
    use_keys(&lab.0, &dispatch);
    use_theme(&lab.0, &store);
    let on_file = on_file(&open, &dispatch);
    let on_preset = Callback::from(|name: String| browser::set_hash(&format!("scenario={name}")));
    let (title, lanes) = lab
        .0
        .with_run(|run| (run.scenario().title.clone(), run.cast().lanes.len()));
    browser::set_title(&format!("{title} · Broker Lab"));
    let state = &store.0;
    let lane = |n: usize| {
        let lane = LaneId(u8::try_from(n).unwrap_or(u8::MAX));
        html! {
            <Lane key={n} lab={lab.0.clone()} {lane} now={state.now} run={state.run}
                dispatch={dispatch.clone()} />
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
            { panel(&panel::Props { lab: &lab.0, state, dispatch: &dispatch }) }
            <Transport lab={lab.0.clone()} state={state.clone()} dispatch={dispatch.clone()} />
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

type Open = Callback<(Scenario, &'static str, SimDuration)>;

/// Opens what the address asks for whenever it changes.
#[yew::hook]
fn use_address(open: &Open, dispatch: &Callback<Action>) {
    let (open, dispatch) = (open.clone(), dispatch.clone());
    use_effect_with((), move |()| {
        let listener = browser::on_hash_change(move || match address::read(&browser::hash()) {
            Ok(wanted) => {
                dispatch.emit(Action::DismissTrouble);
                open.emit((wanted.scenario, wanted.preset, wanted.at));
            }
            Err(trouble) => dispatch.emit(Action::Trouble(stays(&trouble))),
        });
        move || drop(listener)
    });
}

fn on_file(open: &Open, dispatch: &Callback<Action>) -> Callback<File> {
    let (open, dispatch) = (open.clone(), dispatch.clone());
    Callback::from(move |file: File| {
        let (open, dispatch) = (open.clone(), dispatch.clone());
        spawn_local(async move {
            let name = file.name();
            let read = browser::read_file(file).await;
            let scenario = read.and_then(|text| {
                Scenario::from_json(&text).map_err(|faults| format!("The file {name}: {faults}"))
            });
            match scenario {
                Ok(scenario) => {
                    dispatch.emit(Action::DismissTrouble);
                    browser::forget_hash();
                    open.emit((scenario, "", SimDuration::ZERO));
                }
                Err(trouble) => dispatch.emit(Action::Trouble(stays(&trouble))),
            }
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
