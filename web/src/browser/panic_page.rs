//! When something went wrong that never should: what happened, and a way to start again. The
//! page behind it is no longer driven, so this is made without it.

use std::panic;

/// From now on a panic shows a page in place of a dead one, and goes to the console.
pub fn install() {
    panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let Some(document) = web_sys::window().and_then(|window| window.document()) else {
            return;
        };
        let (Some(body), Ok(page)) = (document.body(), document.create_element("div")) else {
            return;
        };
        page.set_class_name("panic");
        page.set_text_content(Some(&format!(
            "Broker Lab has stopped: {info}. The experiment is still in the address of this page; load the page again to go on."
        )));
        if page.set_attribute("role", "alert").is_ok() && body.append_child(&page).is_err() {
            // Nothing more can be done, and the console has it all.
        }
    }));
}
