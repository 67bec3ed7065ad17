//! The same document is the same run, however it is made.

use broker_lab_core::guarantee::Guarantee;
use broker_lab_core::scenario::{Command, Scenario};
use broker_lab_core::trace::{Event, TraceHash};
use broker_lab_core::world::World;
use broker_lab_core::{LaneId, Run, SimTime};
use proptest::prelude::*;

use crate::strategy::{cases, long_shapes, shapes};

fn hash(run: &Run) -> TraceHash {
    TraceHash::of(run.trace())
}

fn finish(mut run: Run) -> Run {
    while run.advance(100_000).is_none() {}
    run
}

/// The world after the first `count` events, folded from the start.
fn folded(run: &Run, count: usize) -> World {
    let mut world = World::new(run.cast());
    run.trace()
        .iter()
        .take(count)
        .for_each(|event| world.fold(event));
    world
}

fn seeks_to_what_was_folded(run: &Run, part: u64) -> Result<(), TestCaseError> {
    let at = SimTime::from_micros(run.simulated_until().as_micros() / 1_000 * part);
    let by_folding = folded(run, run.trace().count_until(at));
    prop_assert_eq!(format!("{:?}", run.world_at(at)), format!("{by_folding:?}"));
    Ok(())
}

/// Two runs tell the same, in everything that is shown of them.
fn same(edited: &Run, fresh: &Run) -> Result<(), TestCaseError> {
    prop_assert_eq!(edited.scenario(), fresh.scenario());
    let differing = edited
        .trace()
        .iter()
        .zip(fresh.trace().iter())
        .position(|(a, b)| a != b);
    let at = |run: &Run| {
        differing
            .and_then(|n| run.trace().get(n))
            .map(Event::to_string)
    };
    prop_assert_eq!(at(edited), at(fresh), "event {:?}", differing);
    prop_assert_eq!(edited.trace().len(), fresh.trace().len());
    prop_assert_eq!(edited.stop(), fresh.stop());
    prop_assert_eq!(edited.simulated_until(), fresh.simulated_until());
    prop_assert_eq!(edited.cast(), fresh.cast());
    let end = fresh.simulated_until();
    for (n, _) in (0..).zip(&fresh.cast().lanes) {
        for guarantee in Guarantee::ALL {
            let verdict = |run: &Run| run.guarantees().verdict(LaneId(n), guarantee, end);
            prop_assert_eq!(
                verdict(edited),
                verdict(fresh),
                "lane {} {:?}",
                n,
                guarantee
            );
        }
    }
    let world = |run: &Run| format!("{:?}", run.world_at(end));
    prop_assert_eq!(world(edited), world(fresh));
    Ok(())
}

/// `commands` given one after the other to a run of the rest, each compared with a fresh run.
fn edit(scenario: &Scenario, commands: &[Command]) -> Result<Run, TestCaseError> {
    let mut run = Run::complete(scenario.clone());
    for command in commands {
        let edited = run.with_command(command.clone());
        // A command may speak of one whom a later one adds.
        let Ok(edited) = edited else { continue };
        run = finish(edited);
        same(&run, &Run::complete(run.scenario().clone()))?;
    }
    Ok(run)
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn the_same_scenario_gives_the_same_trace(shape in shapes()) {
        let first = Run::complete(shape.scenario());
        prop_assert_eq!(hash(&first), hash(&Run::complete(shape.scenario())));
    }

    #[test]
    fn slices_of_any_size_give_the_same_trace(
        shape in shapes(),
        slices in prop::collection::vec(1..2_000_u32, 1..20),
    ) {
        let whole = Run::complete(shape.scenario());
        let mut run = Run::new(shape.scenario());
        let mut slices = slices.into_iter().cycle();
        while run.advance(slices.next().unwrap_or(1)).is_none() {}
        same(&run, &whole)?;
    }

    #[test]
    fn a_world_by_seeking_is_the_world_by_folding(shape in shapes(), parts in prop::collection::vec(0..=1_000_u64, 4)) {
        let run = Run::complete(shape.scenario());
        for part in parts {
            seeks_to_what_was_folded(&run, part)?;
        }
    }

    #[test]
    fn commands_given_one_by_one_are_the_edited_document(shape in shapes()) {
        let mut scenario = shape.scenario();
        let commands = std::mem::take(&mut scenario.commands);
        edit(&scenario, &commands)?;
    }
}

proptest! {
    #![proptest_config(cases(12))]

    /// Long enough for several checkpoints: an edit goes on from one of them.
    #[test]
    fn commands_given_one_by_one_to_a_long_run_are_the_edited_document(shape in long_shapes()) {
        let mut scenario = shape.scenario();
        let commands = std::mem::take(&mut scenario.commands);
        edit(&scenario, &commands)?;
    }

    #[test]
    fn a_world_of_a_long_run_by_seeking_is_the_world_by_folding(
        shape in long_shapes(),
        parts in prop::collection::vec(0..=1_000_u64, 3),
    ) {
        let run = Run::complete(shape.scenario());
        for part in parts {
            seeks_to_what_was_folded(&run, part)?;
        }
    }
}
