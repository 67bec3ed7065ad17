//! Which records were worked on, in which order, by whom, and which of them more than once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use broker_lab_core::{SimDuration, SimTime};
use serde_json::Value;

use super::deeds;
use super::facts::{Compared, Sides};
use super::shown::{Done, GroupShown};

/// What an automatic commit may be late by: it is made by a poll, and is on its way for a while.
const LATE: SimDuration = SimDuration::from_millis(200);
/// A record that is worked on so often is in a livelock: nobody can commit it.
const LIVELOCK: usize = 3;
/// By how many turns a livelock may be cut off earlier or later by the end of the play.
pub(super) const TURNS: usize = 2;

/// Records that one member worked on, one offset after the other.
struct Stretch<'a> {
    done: Vec<&'a Done>,
}

impl Stretch<'_> {
    fn member(&self) -> &str {
        &self.done[0].member
    }

    fn from(&self) -> u32 {
        self.done[0].offset
    }

    fn last(&self) -> &Done {
        self.done[self.done.len() - 1]
    }

    fn began(&self) -> SimTime {
        self.done[0].at
    }
}

impl fmt::Display for Stretch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from(), self.last().offset);
        write!(f, "{} {from}", self.member())?;
        if from == to {
            Ok(())
        } else {
            write!(f, "-{to}")
        }
    }
}

/// Cuts a partition's work where another member goes on, or the same one somewhere else.
fn stretches(done: &[Done]) -> Vec<Stretch<'_>> {
    let goes_on = |a: &Done, b: &Done| a.member == b.member && a.offset + 1 == b.offset;
    let cut = done.chunk_by(goes_on);
    cut.map(|part| Stretch {
        done: part.iter().collect(),
    })
    .collect()
}

/// The offsets of each partition, in their order and without those that come again, are exact; so
/// are what is left out, who works on each stretch of a partition, and where a member seeks to.
/// Where one member takes over from another depends on milliseconds: it has to lie between the same
/// two deeds, and what comes again is at most what was not committed, see [`most_repeated`]. Where
/// random member ids decide who gets what, only the offsets and what comes again are compared.
pub(super) fn compare(value: &Value, sides: Sides<'_>) -> Result<Compared, String> {
    let written: BTreeMap<String, Vec<(u32, String)>> = serde_json::from_value(value.clone())
        .map_err(|error| format!("its value is of another form: {error}"))?;
    let said = sides.recorded.processed.iter().map(|(partition, done)| {
        let done = done.iter().map(|done| (done.offset, done.member.clone()));
        (partition.clone(), done.collect())
    });
    if written != said.collect::<BTreeMap<_, Vec<_>>>() {
        return Err(String::from("it is not what the recording's events say"));
    }
    let mut faults = Vec::new();
    for partition in partitions(sides) {
        if let Err(fault) = compare_partition(&partition, sides) {
            faults.push(format!("{partition}: {fault}"));
        }
    }
    let mut ours = in_words(sides.ours);
    if !faults.is_empty() {
        ours = format!("{ours} ({})", faults.join("; "));
    }
    Ok(Compared {
        holds: faults.is_empty(),
        recorded: in_words(sides.recorded),
        ours,
        bound: String::from(if deeds::passes_over(sides.recording, sides.group) {
            "offsets exact up to the first that is passed over, in order and once from there on"
        } else if deeds::is_by_chance(sides.recording, sides.group) {
            "offsets exact, again at most what was not committed; random member ids decide who"
        } else {
            "offsets and members exact, a take-over between the same two actions, again at most what was not committed"
        }),
    })
}

fn partitions(sides: Sides<'_>) -> BTreeSet<String> {
    let recorded = sides.recorded.processed.keys();
    recorded
        .chain(sides.ours.processed.keys())
        .cloned()
        .collect()
}

fn compare_partition(partition: &str, sides: Sides<'_>) -> Result<(), String> {
    let done = |group: &'_ GroupShown| group.processed.get(partition).cloned().unwrap_or_default();
    let (recorded, ours) = (done(sides.recorded), done(sides.ours));
    let who = |done: &[Done]| {
        let pairs = done.iter().map(|done| (done.offset, done.member.clone()));
        pairs.collect::<Vec<_>>()
    };
    if who(&recorded) == who(&ours) && begin_together(sides, &recorded, &ours) {
        return Ok(());
    }
    let (firsts, our_firsts) = (firsts(&recorded), firsts(&ours));
    if deeds::passes_over(sides.recording, sides.group) {
        return agree_until_passed_over(&firsts, &our_firsts)
            .then_some(())
            .ok_or_else(|| format!("offsets {our_firsts:?} in place of {firsts:?}"));
    }
    if firsts != our_firsts {
        return Err(format!("offsets {our_firsts:?} in place of {firsts:?}"));
    }
    let (recorded_parts, our_parts) = (stretches(&recorded), stretches(&ours));
    if deeds::is_by_chance(sides.recording, sides.group) {
        let all = [&recorded_parts, &our_parts];
        let mut pairs = all.into_iter().flat_map(|parts| parts.windows(2));
        return pairs.try_for_each(|pair| check_repeats(sides, pair));
    }
    let turns = recorded_parts.len().abs_diff(our_parts.len());
    let may_differ = if is_livelock(&recorded) { TURNS } else { 0 };
    if turns > may_differ {
        let (theirs, ours) = (recorded_parts.len(), our_parts.len());
        return Err(format!("{ours} stretches in place of {theirs}"));
    }
    for (theirs, ours) in recorded_parts.iter().zip(&our_parts) {
        if theirs.member() != ours.member() {
            return Err(format!("{ours} in place of {theirs}"));
        }
    }
    let deeds = deeds::times(sides.recording, sides.group);
    let hand_overs = recorded_parts.windows(2).zip(our_parts.windows(2));
    for (theirs, ours) in hand_overs {
        compare_hand_over(sides, &deeds, (theirs, ours))?;
    }
    Ok(())
}

/// Whether the offsets are the same up to the first that is passed over on either side, and go on in
/// their order.
fn agree_until_passed_over(recorded: &[u32], ours: &[u32]) -> bool {
    let whole = |offsets: &[u32]| {
        let pairs = offsets.iter().zip(offsets.first().copied().unwrap_or(0)..);
        pairs.take_while(|(offset, next)| *offset == next).count()
    };
    let is_rising = |offsets: &[u32]| offsets.is_sorted_by(|a, b| a < b);
    whole(recorded) == whole(ours)
        && recorded.first() == ours.first()
        && is_rising(recorded)
        && is_rising(ours)
}

/// What is committed is behind the last record that was worked on, on both sides.
pub(super) fn compare_last(value: &Value, sides: Sides<'_>) -> Result<Compared, String> {
    let recorded: BTreeMap<String, u32> = serde_json::from_value(value.clone())
        .map_err(|error| format!("its value is of another form: {error}"))?;
    let follows = |group: &GroupShown, committed: &BTreeMap<String, u32>| {
        let last = group.processed.iter();
        let last = last.filter_map(|(partition, done)| {
            let last = done.iter().map(|done| done.offset).max()?;
            Some((partition.clone(), last + 1))
        });
        last.collect::<BTreeMap<_, _>>() == *committed
    };
    let ours = &sides.ours.committed;
    let words = |side: &BTreeMap<String, u32>| serde_json::to_string(side).unwrap_or_default();
    Ok(Compared {
        holds: follows(sides.recorded, &recorded)
            && follows(sides.ours, ours)
            && recorded.keys().eq(ours.keys()),
        recorded: words(&recorded),
        ours: words(ours),
        bound: String::from("behind the last record that was worked on, in the same partitions"),
    })
}

/// Whether each stretch begins between the same two deeds on both sides.
fn begin_together(sides: Sides<'_>, recorded: &[Done], ours: &[Done]) -> bool {
    let deeds = deeds::times(sides.recording, sides.group);
    let pairs = stretches(recorded).into_iter().zip(stretches(ours));
    pairs.into_iter().all(|(theirs, ours)| {
        deeds::before(&deeds, theirs.began()) == deeds::before(&deeds, ours.began())
    })
}

/// Where one stretch ends and the next begins, on both sides.
fn compare_hand_over(
    sides: Sides<'_>,
    deeds: &[SimTime],
    (theirs, ours): (&[Stretch<'_>], &[Stretch<'_>]),
) -> Result<(), String> {
    let ([_, their_next], [our_last, our_next]) = (theirs, ours) else {
        return Ok(());
    };
    if our_last.member() == our_next.member() && our_next.from() != their_next.from() {
        return Err(format!("{our_next} in place of {their_next}"));
    }
    let (at, our_at) = (their_next.began(), our_next.began());
    if deeds::before(deeds, at) != deeds::before(deeds, our_at) {
        return Err(format!(
            "{our_next} at {our_at}, in the recording at {at}, which is after another action"
        ));
    }
    for side in [theirs, ours] {
        check_repeats(sides, side)?;
    }
    Ok(())
}

/// Another member begins at most so far back.
fn check_repeats(sides: Sides<'_>, side: &[Stretch<'_>]) -> Result<(), String> {
    let [last, next] = side else { return Ok(()) };
    let repeated = (last.last().offset + 1).saturating_sub(next.from());
    let most = most_repeated(sides, last.last(), &last.done);
    if last.member() != next.member() && repeated > most {
        return Err(format!(
            "{repeated} records come again, at most {most} were not committed"
        ));
    }
    Ok(())
}

/// How many of the records that a member has worked on can be uncommitted after `last`: those of
/// one interval of its automatic commits, or the one that it is about to commit itself.
fn most_repeated(sides: Sides<'_>, last: &Done, done: &[&Done]) -> u32 {
    let Some(interval) = auto_commit_interval(sides) else {
        return 1;
    };
    let within = done
        .iter()
        .filter(|done| done.at + interval + LATE >= last.at);
    u32::try_from(within.count()).unwrap_or(u32::MAX)
}

/// The interval of automatic commits; nothing if the consumers of the group commit themselves.
fn auto_commit_interval(sides: Sides<'_>) -> Option<SimDuration> {
    let setting = |name| deeds::text_setting(sides.recording, sides.group, name);
    let is_on = setting("enable.auto.commit").is_some_and(|on| on == "true");
    let interval = deeds::setting(sides.recording, sides.group, "auto.commit.interval.ms");
    is_on.then(|| interval.unwrap_or(SimDuration::from_secs(5)))
}

/// The offsets in the order in which they were first worked on.
fn firsts(done: &[Done]) -> Vec<u32> {
    let mut seen = BTreeSet::new();
    let offsets = done.iter().map(|done| done.offset);
    offsets.filter(|offset| seen.insert(*offset)).collect()
}

fn times(done: &[Done]) -> BTreeMap<u32, usize> {
    let mut times = BTreeMap::new();
    for done in done {
        *times.entry(done.offset).or_default() += 1;
    }
    times
}

/// Whether one member after the other begins the same record, and none gets to its end in time.
pub(super) fn is_livelocked(group: &GroupShown) -> bool {
    group.processed.values().any(|done| is_livelock(done))
}

fn is_livelock(done: &[Done]) -> bool {
    times(done).values().any(|times| *times >= LIVELOCK)
}

/// The records that were worked on more than once, and how often: `orders-2@8` is offset 8.
fn repeats(group: &GroupShown) -> BTreeMap<String, usize> {
    let each = group.processed.iter().flat_map(|(partition, done)| {
        let again = times(done).into_iter().filter(|(_, times)| *times > 1);
        again.map(move |(offset, times)| (format!("{partition}@{offset}"), times))
    });
    each.collect()
}

/// With a consumer's own commits, exact; a livelock may have gone on for some turns more or less.
/// With automatic commits, what comes again is the end of what the member before had worked on, and
/// at most what one interval holds ([`compare`] sees to that): in each partition the last such
/// record is the same on both sides.
pub(super) fn compare_repeats(value: &Value, sides: Sides<'_>) -> Result<Compared, String> {
    let written: BTreeMap<String, usize> = serde_json::from_value(value.clone())
        .map_err(|error| format!("its value is of another form: {error}"))?;
    let (recorded, ours) = (repeats(sides.recorded), repeats(sides.ours));
    if written != recorded {
        return Err(String::from("it is not what the recording's events say"));
    }
    let words = |side: &BTreeMap<String, usize>| serde_json::to_string(side).unwrap_or_default();
    let mut compared = Compared::exact((&recorded, &ours), words);
    if auto_commit_interval(sides).is_some() {
        compared.bound = String::from("the same last record, at most one commit interval");
        compared.holds = partitions(sides)
            .iter()
            .all(|partition| tails_agree(partition, sides));
    } else if recorded.values().any(|times| *times >= LIVELOCK) {
        compared.bound = format!("the same records, {TURNS} turns more or less of a livelock");
        compared.holds = recorded.keys().eq(ours.keys())
            && recorded
                .values()
                .zip(ours.values())
                .all(|(a, b)| a.abs_diff(*b) <= TURNS);
    } else if !compared.holds && deeds::is_by_chance(sides.recording, sides.group) {
        compared.bound = String::from("each once more at most, at a take-over");
        let once_more = |side: &BTreeMap<String, usize>| side.values().all(|times| *times <= 2);
        compared.holds = once_more(&recorded)
            && once_more(&ours)
            && partitions(sides)
                .iter()
                .all(|partition| tails_are_sound(partition, sides));
    }
    Ok(compared)
}

/// Whether a partition is taken over as often on both sides, what comes again there ends at the same
/// record (a commit just before may leave nothing), and is no more than could be uncommitted.
fn tails_agree(partition: &str, sides: Sides<'_>) -> bool {
    let tails = [sides.recorded, sides.ours].map(|group| {
        let done = group
            .processed
            .get(partition)
            .map_or(&[][..], Vec::as_slice);
        let again = times(done).into_iter().filter(|(_, times)| *times > 1);
        let parts = stretches(done);
        let is_sound = parts
            .windows(2)
            .all(|pair| check_repeats(sides, pair).is_ok());
        let last = again.map(|(offset, _)| offset).next_back();
        (last, parts.len(), is_sound)
    });
    let [(recorded, parts, sound), (ours, our_parts, ours_sound)] = tails;
    let same = recorded.is_none() || ours.is_none() || recorded == ours;
    same && parts == our_parts && sound && ours_sound
}

/// Whether what comes again was not committed, on both sides.
fn tails_are_sound(partition: &str, sides: Sides<'_>) -> bool {
    [sides.recorded, sides.ours].iter().all(|group| {
        let done = group.processed.get(partition);
        let parts = stretches(done.map_or(&[][..], Vec::as_slice));
        parts
            .windows(2)
            .all(|pair| check_repeats(sides, pair).is_ok())
    })
}

fn in_words(group: &GroupShown) -> String {
    let partitions = group.processed.iter().map(|(partition, done)| {
        let parts = stretches(done);
        let parts: Vec<String> = parts.iter().map(Stretch::to_string).collect();
        format!("{partition}: {}", parts.join(", "))
    });
    partitions.collect::<Vec<_>>().join("; ")
}
