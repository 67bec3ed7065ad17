//! Documents changed at random never make the reader, the check or a run panic.

use std::ops::Range;

use broker_lab_core::{Run, Scenario};
use broker_lab_tests::random::{self, Dice};
use proptest::prelude::*;

/// One change to the text of a document: cut out, doubled, replaced by something else.
fn mutate(text: &str, dice: &mut Dice) -> String {
    const INSERTS: [&str; 16] = [
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "-1",
        "0",
        "1e9",
        "18446744073709551616",
        "\"0s\"",
        "\\u0000",
        "true",
        "\u{1f600}",
    ];
    let place = |dice: &mut Dice| {
        let mut at = dice.below(text.len() as u64 + 1) as usize;
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (a, b) = (place(dice), place(dice));
    let Range { start, end } = a.min(b)..a.max(b).min(a.min(b) + 40);
    let end = (end..=text.len())
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or(start);
    match dice.below(4) {
        0 => format!("{}{}", &text[..start], &text[end..]),
        1 => format!("{}{}", &text[..end], &text[start..]),
        2 => format!("{}{}{}", &text[..start], dice.pick(&INSERTS), &text[end..]),
        _ => format!(
            "{}{}{}",
            &text[..start],
            dice.pick(&INSERTS),
            &text[start..]
        ),
    }
}

/// One value of a document replaced by another one that could stand there.
fn change_a_value(text: &str, dice: &mut Dice) -> String {
    const NUMBERS: [&str; 7] = ["0", "1", "2", "999", "1000", "1001", "4294967295"];
    const LENGTHS: [&str; 6] = ["0s", "1us", "1ms", "13h", "15d", "18446744073709551615us"];
    let values: Vec<Range<usize>> = text
        .match_indices(':')
        .filter_map(|(colon, _)| {
            let rest = &text[colon + 1..];
            let end = rest.find([',', '}', ']'])?;
            let is_value = rest.starts_with(|c: char| c == '"' || c.is_ascii_digit());
            is_value.then_some(colon + 1..colon + 1 + end)
        })
        .collect();
    let Range { start, end } = dice.pick(&values);
    let value = if text[start..end].starts_with('"') {
        format!("\"{}\"", dice.pick(&LENGTHS))
    } else {
        dice.pick(&NUMBERS).to_owned()
    };
    format!("{}{value}{}", &text[..start], &text[end..])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3_000) })]

    #[test]
    fn a_mutated_document_is_sound_or_has_faults(seed in any::<u64>(), changes in 1..6_usize) {
        let mut text = random::scenario(seed).to_json();
        let mut dice = Dice::new(seed, "mutations");
        for _ in 0..changes {
            text = if dice.once_in(2) { mutate(&text, &mut dice) } else { change_a_value(&text, &mut dice) };
        }
        match Scenario::from_json(&text) {
            Ok(scenario) => {
                prop_assert_eq!(Scenario::from_json(&scenario.to_json()), Ok(scenario.clone()));
                // Whatever passes can be simulated, for a while at least.
                let mut run = Run::new(scenario);
                run.advance(300);
            }
            Err(faults) => {
                prop_assert!(!faults.0.is_empty());
                prop_assert!(faults.0.iter().all(|fault| !fault.what.is_empty()));
            }
        }
    }
}
