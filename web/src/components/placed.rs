//! The one inline style there is: a computed place on the floor of a lane.

use broker_lab_core::GroupId;
use yew::Classes;

use crate::stage::layout::Rect;

/// A box at its computed place.
pub(crate) fn placed(rect: Rect) -> String {
    format!(
        "left:{}px;top:{}px;width:{}px;height:{}px",
        px(rect.x),
        px(rect.y),
        px(rect.w),
        px(rect.h)
    )
}

/// A length in CSS pixels with one decimal, without float formatting.
#[expect(
    clippy::cast_possible_truncation,
    reason = "places on a screen are small"
)]
pub(crate) fn px(length: f32) -> String {
    let tenths = (length * 10.0).round() as i32;
    let sign = if tenths < 0 { "-" } else { "" };
    let tenths = tenths.unsigned_abs();
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

/// A class and others that may be empty. Called, and not expanded at each place as `classes!` is.
pub(crate) fn classed(always: &'static str, others: &[&'static str]) -> Classes {
    let mut classes = Classes::from(always);
    for other in others.iter().filter(|other| !other.is_empty()) {
        classes.push(*other);
    }
    classes
}

/// The class with a group's hue: there are four, then they repeat.
pub(crate) const fn hue(group: GroupId) -> &'static str {
    match group.0 % 4 {
        0 => "g1",
        1 => "g2",
        2 => "g3",
        _ => "g4",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_one_decimal() {
        assert_eq!(
            (px(12.34), px(-0.25), px(3.0)),
            ("12.3".to_owned(), "-0.3".to_owned(), "3.0".to_owned())
        );
    }
}
