//! What only a touch asks for: what happens in words, the pages of the panel, edits, other
//! experiments.
//!
//! In the page that `cargo xtask dist` builds (`--cfg split`) all this is a WebAssembly file of
//! its own, fetched at the first touch or for a link: whatever can be reached from [`Later`] alone.
//! A plain build has it in its one file, behind the same door.

use std::cell::{Cell, OnceCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::Html;

use crate::components::{Opened, Wanted, open_wanted, panel};
use crate::engine;
use crate::lab::{Asked, Lab, carry_out};
use crate::stage::caption::{self, Caption};
use crate::stage::view::Glance;

/// An experiment that is being opened.
type Opening = Pin<Box<dyn Future<Output = Result<Opened, String>>>>;

/// The doors to it.
pub(crate) struct Later {
    /// A page of the panel beside the first.
    pub(crate) page: fn(&panel::Props<'_>) -> Html,
    /// What is going on in a lane.
    pub(crate) caption: fn(Glance<'_>) -> Caption,
    /// Carries out an edit.
    pub(crate) edit: fn(Lab, Asked),
    /// Opens another experiment.
    pub(crate) open: fn(Wanted) -> Opening,
}

static LATER: Later = Later {
    page: panel::page,
    caption: caption::of,
    edit: carry_out,
    open: |wanted| Box::pin(open_wanted(wanted)),
};

thread_local! {
    static HERE: OnceCell<&'static Later> = const { OnceCell::new() };
}

/// It, if it has been fetched.
pub(crate) fn here() -> Option<&'static Later> {
    HERE.with(|here| here.get().copied())
}

/// What is going on in a lane. Before it is here, that is how the opening scene begins.
pub(crate) fn caption(glance: Glance<'_>) -> Caption {
    match here() {
        Some(later) => (later.caption)(glance),
        None => caption::at_first(glance),
    }
}

/// Fetches it, if that was not done before.
///
/// # Errors
///
/// It cannot be fetched, in words; the next try can succeed.
pub(crate) async fn fetch() -> Result<&'static Later, String> {
    let later = match here() {
        Some(later) => later,
        None => open_door().await.map_err(|Missing| {
            String::from("The rest of the page could not be fetched. Try again.")
        })?,
    };
    Ok(HERE.with(|here| *here.get_or_init(|| later)))
}

/// The file is not to be had.
struct Missing;

#[cfg(split)]
impl From<wasm_split_helpers::SplitLoaderError> for Missing {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

#[cfg(split)]
#[wasm_split_helpers::wasm_split(later, fallible)]
fn open_door() -> Result<&'static Later, Missing> {
    Ok(&LATER)
}

#[cfg(not(split))]
async fn open_door() -> Result<&'static Later, Missing> {
    Ok(&LATER)
}

/// Has it fetched as soon as a person touches the page, and then the engine: the next click can
/// need both. Without that the first click waits a little longer. `tell` hears when it has come, or
/// the first time why it has not; the next touch tries again.
pub(crate) fn on_touch(tell: impl Fn(Option<String>) + 'static) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let tell = Rc::new(tell);
    let failed = Rc::new(Cell::new(false));
    for touch in ["pointerdown", "keydown"] {
        let (tell, failed) = (Rc::clone(&tell), Rc::clone(&failed));
        let listener = EventListener::new(&window, touch, move |_| {
            if here().is_some() {
                return engine::prepare();
            }
            let (tell, failed) = (Rc::clone(&tell), Rc::clone(&failed));
            spawn_local(async move {
                let missing = fetch().await.err();
                // After it, since it is smaller and everything needs it.
                engine::prepare();
                if missing.is_none() || !failed.replace(true) {
                    tell(missing);
                }
            });
        });
        // It listens as long as the page lives.
        listener.forget();
    }
}
