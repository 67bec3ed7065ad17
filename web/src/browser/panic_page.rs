//! When something went wrong that never should: what happened, and a way to start again. The
//! page behind it is no longer driven, so this is made without it.

use std::panic;

use gloo_events::EventListener;
use js_sys::WebAssembly::RuntimeError;
use wasm_bindgen::JsCast as _;
use web_sys::ErrorEvent;

/// From now on a panic, which ends in a trap, shows a page in place of a dead one. A build for
/// debugging also writes the panic to the console; one for release traps without a word.
pub fn install() {
    if cfg!(debug_assertions) {
        panic::set_hook(Box::new(console_error_panic_hook::hook));
    }
    let Some(window) = web_sys::window() else {
        return;
    };
    let listener = EventListener::new(&window, "error", |event| {
        if let Some(event) = event.dyn_ref::<ErrorEvent>()
            && event.error().is_instance_of::<RuntimeError>()
        {
            show(&event.message());
        }
    });
    // It listens as long as the page lives.
    listener.forget();
}

fn show(what: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else {
        return;
    };
    let (Some(body), Ok(page)) = (document.body(), document.create_element("div")) else {
        return;
    };
    page.set_class_name("panic");
    page.set_text_content(Some(&format!(
        "Broker Lab has stopped: {what}. That is a mistake of ours. Load the page again to start anew."
    )));
    if page.set_attribute("role", "alert").is_ok() && body.append_child(&page).is_err() {
        // Nothing more can be done, and the console has it all.
    }
}
