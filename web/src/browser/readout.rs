//! The clock and the playhead: written each frame, past the virtual DOM.

use broker_lab_core::SimTime;
use web_sys::{Element, HtmlElement};
use yew::NodeRef;

use crate::stage::words;
use crate::timeline::TimeScale;

/// What shows the time.
#[derive(Debug)]
pub struct Readout {
    clock: Element,
    head: HtmlElement,
    past: Option<HtmlElement>,
    shown: String,
}

impl Readout {
    /// Writes into these elements, once they are there.
    #[must_use]
    pub fn on(clock: &NodeRef, head: &NodeRef) -> Option<Self> {
        let head: HtmlElement = head.cast()?;
        let past = head.previous_element_sibling();
        Some(Self {
            clock: clock.cast()?,
            past: past.and_then(|past| wasm_bindgen::JsCast::dyn_into(past).ok()),
            head,
            shown: String::new(),
        })
    }

    /// Shows the time.
    pub fn show(&mut self, now: SimTime, end: SimTime) {
        let clock = words::clock(now);
        if clock != self.shown {
            self.clock.set_text_content(Some(&clock));
            self.shown = clock;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share in hundredths of a percent"
        )]
        let hundredths = (TimeScale::new(end).share(now) * 10_000.0) as u32;
        let place = format!("{}.{:02}%", hundredths / 100, hundredths % 100);
        let style = self.head.style();
        if style.set_property("left", &place).is_err() {
            return;
        }
        if let Some(past) = &self.past
            && past.style().set_property("width", &place).is_err()
        {
            // The playhead alone tells it as well.
        }
    }
}
