//! What the rebalance listeners of a classic group were called with.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::deeds;
use super::facts::{Compared, Sides};
use super::processed;

/// A call as a fact writes it.
#[derive(Debug, Deserialize)]
struct Written {
    member: String,
    what: String,
    partitions: Option<Vec<(String, u32)>>,
    count: Option<usize>,
    generation: Option<u32>,
}

/// A call with partitions.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Call {
    what: String,
    partitions: Vec<String>,
    generation: Option<u32>,
}

/// Something of each member, one after the other.
type ByMember<T> = BTreeMap<String, Vec<T>>;

/// The calls of each member.
type Calls = ByMember<Call>;

/// Of each member, the calls with partitions are exact: their order, and the partitions that each
/// names. How many calls named none depends on milliseconds. The generation of an assignment is
/// exact, too, unless consumers were started together: one that joins before another has fetched its
/// assignment starts a generation that nobody hears of, so that all numbers of the group can be
/// higher or lower, by at most one for each consumer that did not start alone.
pub(super) fn compare(value: &Value, sides: Sides<'_>) -> Result<Compared, String> {
    let written: Vec<Written> = serde_json::from_value(value.clone())
        .map_err(|error| format!("its value is of another form: {error}"))?;
    if written.iter().all(|call| call.partitions.is_none()) {
        return compare_counts(&written, sides);
    }
    let mut recorded = Calls::new();
    for call in written {
        let partitions = call
            .partitions
            .ok_or("it counts partitions, and names none")?;
        let mut partitions: Vec<String> = partitions
            .iter()
            .map(|(topic, number)| format!("{topic}-{number}"))
            .collect();
        partitions.sort_unstable();
        let (what, generation) = (call.what, call.generation);
        note(&mut recorded, &call.member, (what, partitions, generation));
    }
    let mut ours = Calls::new();
    for call in &sides.ours.callbacks {
        let what = call.what.word().to_owned();
        let of_call = (what, call.partitions.clone(), call.generation);
        note(&mut ours, &call.member, of_call);
    }
    let together = deeds::bursts(sides.recording).into_iter();
    let together = together.filter(|(group, _)| *group == sides.group);
    let most: usize = together.map(|(_, burst)| burst.len() - 1).sum();
    if processed::is_livelocked(sides.recorded) {
        return Ok(turn_by_turn((&recorded, &ours), in_words));
    }
    let exact = are_the_same(&recorded, &ours, i64::try_from(most).unwrap_or(0));
    if !exact && deeds::is_by_chance(sides.recording, sides.group) {
        let counts = |calls: &Calls| {
            let each = calls.iter().map(|(member, calls)| {
                let counts = calls
                    .iter()
                    .map(|call| (call.what.clone(), call.partitions.len()));
                (member.clone(), counts.collect())
            });
            each.collect::<Counts>()
        };
        return Ok(compared_counts(&counts(&recorded), &counts(&ours)));
    }
    Ok(Compared {
        holds: exact,
        recorded: in_words(&recorded),
        ours: in_words(&ours),
        bound: if most == 0 {
            String::from("exact, but for calls with no partitions")
        } else {
            format!(
                "exact, but for calls with no partitions; generations shifted by at most {most}"
            )
        },
    })
}

/// How many partitions each call of each member named.
type Counts = ByMember<(String, usize)>;

/// Where facts count partitions: what happens to how many, member by member.
fn compare_counts(written: &[Written], sides: Sides<'_>) -> Result<Compared, String> {
    let mut recorded = Counts::new();
    for call in written {
        let count = call
            .count
            .ok_or("a call has neither partitions nor a count")?;
        if count > 0 {
            let calls = recorded.entry(call.member.clone()).or_default();
            calls.push((call.what.clone(), count));
        }
    }
    let mut ours = Counts::new();
    for call in &sides.ours.callbacks {
        let calls = ours.entry(call.member.clone()).or_default();
        calls.push((call.what.word().to_owned(), call.partitions.len()));
    }
    if processed::is_livelocked(sides.recorded) {
        return Ok(turn_by_turn((&recorded, &ours), counts_in_words));
    }
    Ok(compared_counts(&recorded, &ours))
}

/// In a livelock the same turns follow each other: each member's calls are the same for as long as
/// both sides go on, and one side may go on for some turns more. A turn is two calls.
fn turn_by_turn<T: PartialEq>(
    (recorded, ours): (&ByMember<T>, &ByMember<T>),
    words: impl Fn(&ByMember<T>) -> String,
) -> Compared {
    let agree = |member: &String| {
        let both = recorded.get(member).zip(ours.get(member));
        both.is_some_and(|(a, b)| {
            let apart = a.len().abs_diff(b.len());
            apart <= 2 * processed::TURNS && a.iter().zip(b).all(|(a, b)| a == b)
        })
    };
    Compared {
        holds: recorded.keys().chain(ours.keys()).all(agree),
        recorded: words(recorded),
        ours: words(ours),
        bound: format!(
            "call by call, {} turns more or less of a livelock",
            processed::TURNS
        ),
    }
}

/// Random member ids decide who of several gives something up: what members go through is the same,
/// whoever of them it is, and in all as much is assigned, revoked and lost.
fn compared_counts(recorded: &Counts, ours: &Counts) -> Compared {
    let sums = |side: &Counts| {
        let mut sums: BTreeMap<String, usize> = BTreeMap::new();
        for (what, count) in side.values().flatten() {
            *sums.entry(what.clone()).or_default() += count;
        }
        sums
    };
    Compared {
        holds: sums(recorded) == sums(ours),
        recorded: counts_in_words(recorded),
        ours: counts_in_words(ours),
        bound: String::from("as many in all; random member ids decide who"),
    }
}

fn counts_in_words(side: &Counts) -> String {
    let of_members = side.iter().map(|(member, calls)| {
        let calls = calls.iter().map(|(what, count)| format!("{what} {count}"));
        format!("{member}: {}", calls.collect::<Vec<_>>().join(", "))
    });
    of_members.collect::<Vec<_>>().join("; ")
}

fn note(
    calls: &mut Calls,
    member: &str,
    (what, partitions, generation): (String, Vec<String>, Option<u32>),
) {
    if !partitions.is_empty() {
        calls.entry(member.to_owned()).or_default().push(Call {
            what,
            partitions,
            generation,
        });
    }
}

/// Whether both sides are the same when all generations of ours are shifted by the same number, at
/// most `most` up or down.
fn are_the_same(recorded: &Calls, ours: &Calls, most: i64) -> bool {
    let shifted = |by: i64| {
        let mut calls = ours.clone();
        for call in calls.values_mut().flatten() {
            let number = call.generation.map(|number| i64::from(number) + by);
            call.generation = number.and_then(|number| u32::try_from(number).ok());
        }
        calls
    };
    (-most..=most).any(|by| shifted(by) == *recorded)
}

/// `c1: assigned orders-0 orders-1 (2), revoked orders-0 orders-1`
fn in_words(calls: &Calls) -> String {
    let words = |call: &Call| {
        let generation = call.generation.map(|number| format!(" ({number})"));
        let (what, partitions) = (&call.what, call.partitions.join(" "));
        format!("{what} {partitions}{}", generation.unwrap_or_default())
    };
    let of_members = calls.iter().map(|(member, calls)| {
        let calls: Vec<String> = calls.iter().map(words).collect();
        format!("{member}: {}", calls.join(", "))
    });
    of_members.collect::<Vec<_>>().join("; ")
}
