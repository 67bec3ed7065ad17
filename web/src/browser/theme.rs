//! Light and dark: set on the page, and read back for what is painted.

use gloo_events::EventListener;

use crate::lab::Motion;
use crate::paint::Palette;
use crate::store::Theme;

/// Sets the colours of the page.
pub fn apply(theme: Theme) {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    let Some(root) = root else { return };
    let done = match theme {
        Theme::System => root.remove_attribute("data-theme"),
        Theme::Light => root.set_attribute("data-theme", "light"),
        Theme::Dark => root.set_attribute("data-theme", "dark"),
    };
    debug_assert!(done.is_ok(), "the root takes attributes");
}

/// Tells of it whenever the system goes from light to dark or back.
#[must_use]
pub fn on_system_change(tell: impl Fn() + 'static) -> Option<EventListener> {
    let query = web_sys::window()?.match_media("(prefers-color-scheme: dark)");
    let query = query.ok()??;
    Some(EventListener::new(&query, "change", move |_| tell()))
}

/// Whether the system asks for less motion.
#[must_use]
pub fn motion() -> Motion {
    let query = web_sys::window().and_then(|window| {
        window
            .match_media("(prefers-reduced-motion: reduce)")
            .ok()?
    });
    if query.is_some_and(|query| query.matches()) {
        Motion::Steps
    } else {
        Motion::Smooth
    }
}

/// The colours of marks, from the custom properties of the page.
#[must_use]
pub fn palette() -> Palette {
    let style = web_sys::window().and_then(|window| {
        let root = window.document()?.document_element()?;
        window.get_computed_style(&root).ok()?
    });
    let colour = |name: &str| {
        let value = style
            .as_ref()
            .and_then(|style| style.get_property_value(name).ok());
        value
            .as_deref()
            .and_then(parse)
            .unwrap_or([128, 128, 128, 255])
    };
    Palette {
        keys: ["--k1", "--k2", "--k3", "--k4", "--k5", "--k6"].map(colour),
        on_key: colour("--on-key"),
        ink: colour("--ink"),
        ink_2: colour("--ink-2"),
        ink_3: colour("--ink-3"),
        line_2: colour("--line-2"),
        bad: colour("--bad"),
    }
}

/// A colour as tokens.css writes it: `#rgb` or `#rrggbb`.
fn parse(text: &str) -> Option<[u8; 4]> {
    let digits = text.trim().strip_prefix('#')?;
    let digit = |n: usize| u8::from_str_radix(digits.get(n..=n)?, 16).ok();
    let pair = |n: usize| u8::from_str_radix(digits.get(n..n + 2)?, 16).ok();
    match digits.len() {
        3 => Some([digit(0)? * 17, digit(1)? * 17, digit(2)? * 17, 255]),
        6 => Some([pair(0)?, pair(2)?, pair(4)?, 255]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_they_are_written() {
        assert_eq!(parse(" #2f6fde"), Some([0x2f, 0x6f, 0xde, 255]));
        assert_eq!(parse("#fff"), Some([255; 4]));
        assert_eq!(parse("red"), None);
    }
}
