//! What is checked again and again: names, counts, what must be known or stand alone.

use crate::scenario::fault::Inspector;
use crate::scenario::limits;

pub(super) fn name_fault(name: &str) -> Option<String> {
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let allowed = !name.is_empty() && name.len() <= limits::NAME_CHARS && name.chars().all(sound);
    (!allowed).then(|| {
        let shown: String = name.chars().take(limits::NAME_CHARS).collect();
        format!(
            "\"{shown}\" is not 1 to {} of the letters a-z, A-Z, digits and - _ .",
            limits::NAME_CHARS
        )
    })
}

pub(super) fn name(i: &mut Inspector, field: &str, written: &str) {
    if let Some(what) = name_fault(written) {
        i.at(field, |i| i.fault(what));
    }
}

/// `written` has to be one of `names`; if it is not, the first few of them are named.
pub(super) fn known(i: &mut Inspector, field: &str, written: &str, names: &[&str]) {
    const NAMED: usize = 12;
    if names.contains(&written) {
        return;
    }
    let more = if names.len() > NAMED { ", …" } else { "" };
    let named = names.get(..NAMED).unwrap_or(names).join(", ");
    i.at(field, |i| {
        i.fault(format_args!("\"{written}\" is not one of {named}{more}"));
    });
}

pub(super) fn length(i: &mut Inspector, written: &str, limit: usize) {
    if written.chars().count() > limit {
        i.fault(format_args!("longer than {limit} characters"));
    }
}

pub(super) fn count(
    i: &mut Inspector,
    field: &str,
    len: usize,
    range: std::ops::RangeInclusive<usize>,
) {
    if !range.contains(&len) {
        let (low, high) = range.into_inner();
        i.at(field, |i| {
            i.fault(format_args!(
                "has {len} entries, allowed are {low}..={high}"
            ));
        });
    }
}

pub(super) fn unique<'a>(i: &mut Inspector, place: &str, names: impl Iterator<Item = &'a str>) {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    for pair in names.windows(2) {
        if let [name, next] = pair
            && name == next
        {
            i.at(place, |i| {
                i.fault(format_args!("the name \"{name}\" stands twice"));
            });
        }
    }
}
