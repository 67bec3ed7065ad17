//! Plays a recording in our engine.
//!
//! Processes that are started at the same moment are up in whatever order the machine has them up,
//! some tenths of a second apart; who joins a group first, and which of them before the first
//! rebalance is over, is no matter of Kafka's. So the play is made with the times at which the
//! recorded processes were up, and, if not every fact holds, with each other order in which those
//! started together can join, alone or side by side. All facts have to hold in one and the same
//! play.

use broker_lab_core::{LaneId, Recording, Run, Scenario, SimDuration};

use super::cluster::ClusterShown;
use super::facts::{Fact, Plays, compare};
use super::shown::Shown;
use super::{FactOutcome, deeds};

/// Consumers that join one after the other: time enough for a rebalance with heartbeats every
/// 0.5 s to be over.
const APART: SimDuration = SimDuration::from_millis(700);
/// More consumers than these are played as they were recorded only.
const MOST_TOGETHER: usize = 4;
/// Likewise the moments at which brokers send their heartbeats and are up after a start: a play of
/// brokers is tried with so many seeds, which decide that.
const SEEDS: u32 = 40;
/// How many orders are tried at most: those of four consumers are 75.
const MOST_ORDERS: usize = 100;

/// What comes of each fact in the play in which most of them hold.
pub(super) fn outcomes(recording: &Recording, facts: &[Fact]) -> Vec<FactOutcome> {
    let starts = recording.starts();
    if let Err(lacking) = recording.scenario(&starts) {
        let skipped = |_: &Fact| FactOutcome::Skipped(lacking.to_string());
        return facts.iter().map(skipped).collect();
    }
    let recorded = Shown::recorded(recording);
    let mut best: Option<(usize, Vec<FactOutcome>)> = None;
    let seeds = if deeds::has_brokers(recording) {
        0..SEEDS
    } else {
        0..1
    };
    let tries = seeds.flat_map(|seed| {
        let orders = orders(recording, &starts).into_iter();
        orders.map(move |starts| (seed, starts))
    });
    for (seed, starts) in tries {
        let outcomes = play((recording, seed), &starts, (&recorded, facts));
        let held = outcomes.iter().filter(|outcome| holds(outcome)).count();
        if best.as_ref().is_none_or(|(most, _)| held > *most) {
            best = Some((held, outcomes));
        }
        if held == facts.len() {
            break;
        }
    }
    best.map(|(_, outcomes)| outcomes).unwrap_or_default()
}

fn holds(outcome: &FactOutcome) -> bool {
    matches!(outcome, FactOutcome::Compared(compared) if compared.holds)
}

fn play(
    (recording, seed): (&Recording, u32),
    starts: &[SimDuration],
    (recorded, facts): (&Shown, &[Fact]),
) -> Vec<FactOutcome> {
    let scenario = match recording.scenario(starts) {
        Ok(scenario) => Scenario { seed, ..scenario },
        Err(lacking) => {
            let skipped = |_: &Fact| FactOutcome::Skipped(lacking.to_string());
            return facts.iter().map(skipped).collect();
        }
    };
    if let Err(faults) = scenario.check() {
        let unknown = |_: &Fact| FactOutcome::Unknown(faults.to_string());
        return facts.iter().map(unknown).collect();
    }
    let run = Run::complete(scenario);
    let ours = Shown::of(&run, LaneId(0));
    let cluster = ClusterShown::of(&run, recording);
    let plays = Plays {
        recording,
        recorded,
        ours: &ours,
        cluster: &cluster,
    };
    let outcome = |fact: &Fact| match compare(fact, plays) {
        Ok(compared) => FactOutcome::Compared(compared),
        Err(why) => FactOutcome::Unknown(why),
    };
    facts.iter().map(outcome).collect()
}

/// The times of starts that are tried, the recorded ones first.
fn orders(recording: &Recording, starts: &[SimDuration]) -> Vec<Vec<SimDuration>> {
    let mut all = vec![starts.to_vec()];
    for (_, burst) in deeds::bursts(recording) {
        if burst.len() > MOST_TOGETHER {
            continue;
        }
        let first = burst.iter().filter_map(|n| starts.get(*n)).min().copied();
        let first = first.unwrap_or_default();
        let mut more = Vec::new();
        for ranks in ranks(burst.len()) {
            for before in &all {
                let mut times = before.clone();
                for (n, rank) in burst.iter().zip(&ranks) {
                    times[*n] = first + APART.times(*rank);
                }
                more.push(times);
            }
        }
        all.extend(more);
    }
    all.truncate(MOST_ORDERS);
    all
}

/// Every way to put `count` consumers in a row, several of them at one place or not: of each, its
/// place.
fn ranks(count: usize) -> Vec<Vec<u64>> {
    let mut all: Vec<Vec<u64>> = vec![Vec::new()];
    for _ in 0..count {
        all = all
            .iter()
            .flat_map(|row| (0..count as u64).map(move |rank| [&row[..], &[rank]].concat()))
            .collect();
    }
    // No place is left out: 0 and 2 is the same row as 0 and 1.
    let has_no_hole = |row: &Vec<u64>| {
        let most = row.iter().max().copied().unwrap_or(0);
        (0..=most).all(|rank| row.contains(&rank))
    };
    all.retain(has_no_hole);
    all
}
