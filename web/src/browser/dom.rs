//! Events and measures of the page.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    Element, File, HashChangeEvent, KeyboardEvent, MouseEvent, PointerEvent, ResizeObserver,
    ResizeObserverEntry,
};
use yew::NodeRef;

/// Watches the size of an element until it is dropped.
pub struct SizeWatch {
    observer: ResizeObserver,
    _on_resize: Closure<dyn FnMut(js_sys::Array)>,
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl std::fmt::Debug for SizeWatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SizeWatch").finish_non_exhaustive()
    }
}

/// Tells the size of an element's content in CSS pixels, now and whenever it changes.
pub fn on_resize(node: &NodeRef, tell: impl Fn(f32, f32) + 'static) -> Option<SizeWatch> {
    let element: Element = node.cast()?;
    let on_resize = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        if let Ok(entry) = entries.get(0).dyn_into::<ResizeObserverEntry>() {
            let size = entry.content_rect();
            // Whole pixels: a scrollbar that comes and goes must not make a loop.
            tell(size.width().floor() as f32, size.height().floor() as f32);
        }
    });
    let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok()?;
    observer.observe(&element);
    Some(SizeWatch {
        observer,
        _on_resize: on_resize,
    })
}

/// The name of the worker or consumer whose card was clicked, outside its buttons.
#[must_use]
pub fn clicked_actor(event: &MouseEvent) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    if target.closest("button").ok()?.is_some() {
        return None;
    }
    target
        .closest("[data-actor]")
        .ok()??
        .get_attribute("data-actor")
}

/// Where on a lane's floor a click is, in CSS pixels; `None` on a control.
#[must_use]
pub fn floor_point(event: &MouseEvent) -> Option<(f32, f32)> {
    let target: Element = event.target()?.dyn_into().ok()?;
    if target.closest("button").ok()?.is_some() {
        return None;
    }
    let floor = target.closest(".floor").ok()??.get_bounding_client_rect();
    let x = f64::from(event.client_x()) - floor.left();
    let y = f64::from(event.client_y()) - floor.top();
    Some((x as f32, y as f32))
}

/// How far along the listening element a pointer is, 0 to 1. Keeps the pointer until it is let go.
#[must_use]
pub fn share_along(event: &PointerEvent) -> Option<f64> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let track = target.closest(".track").ok()??;
    if event.type_() == "pointerdown" && track.set_pointer_capture(event.pointer_id()).is_err() {
        // Without capture a drag ends at the edge, which is all right.
    }
    let place = track.get_bounding_client_rect();
    Some((f64::from(event.client_x()) - place.left()) / place.width().max(1.0))
}

/// Whether a pointer is pressed.
#[must_use]
pub fn is_pressed(event: &PointerEvent) -> bool {
    event.buttons() & 1 == 1
}

/// Tells of keys pressed outside of fields, without a modifier other than Shift; what answers
/// `true` has used the key.
#[must_use]
pub fn on_key(tell: impl Fn(&KeyboardEvent) -> bool + 'static) -> Option<EventListener> {
    let document = web_sys::window()?.document()?;
    let options = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(
        &document,
        "keydown",
        options,
        move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                return;
            };
            let typing = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok());
            let typing = typing.is_some_and(|element| {
                matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA")
                    || (element.tag_name() == "BUTTON"
                        && matches!(event.key().as_str(), " " | "Enter"))
            });
            if !typing && tell(event) {
                event.prevent_default();
            }
        },
    ))
}

/// The part of the address behind `#`, without it.
#[must_use]
pub fn hash() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok());
    hash.map(|hash| hash.trim_start_matches('#').to_owned())
        .unwrap_or_default()
}

/// Asks for something else by the address; whoever listens hears of it.
pub fn set_hash(hash: &str) {
    if let Some(window) = web_sys::window()
        && window.location().set_hash(hash).is_err()
    {
        // The address stays, and so does the experiment.
    }
}

/// The address no longer says what is on stage.
pub fn forget_hash() {
    if let Some(window) = web_sys::window()
        && let Ok(path) = window.location().pathname()
        && let Ok(history) = window.history()
        && history
            .replace_state_with_url(&JsValue::NULL, "", Some(&path))
            .is_err()
    {
        // A page from a file may not; then the address is only older than the stage.
    }
}

/// Tells of each change of the part of the address behind `#`.
#[must_use]
pub fn on_hash_change(tell: impl Fn() + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "hashchange", move |event| {
        if event.dyn_ref::<HashChangeEvent>().is_some() {
            tell();
        }
    }))
}

/// The text of a file.
///
/// # Errors
///
/// A message if it cannot be read.
pub async fn read_file(file: File) -> Result<String, String> {
    let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
    let text: Result<JsValue, JsValue> = text;
    text.ok()
        .and_then(|text| text.as_string())
        .ok_or_else(|| format!("The file {} cannot be read.", file.name()))
}

/// Writes what the window is called.
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}
