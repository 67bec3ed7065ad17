//! What the page says of the guarantees agrees with a computation without haste.

use broker_lab_core::guarantee::{Guarantee, Verdict};
use broker_lab_core::trace::Trace;
use broker_lab_core::{LaneId, Run, SimTime};
use broker_lab_tests::checkers::Seen;
use broker_lab_tests::checkers::naive::{self, Standing};
use proptest::prelude::*;

use crate::strategy::{cases, shapes, with_run};

/// What `standing` says at the moment `at`.
fn expected(standing: &Standing, trace: &Trace, (guarantee, at): (Guarantee, SimTime)) -> Verdict {
    let broken = standing.broken[guarantee as usize].map(|index| (index, trace.get(index)));
    match broken {
        Some((event, Some(broken))) if broken.at <= at => Verdict::Broken {
            event,
            at: broken.at,
        },
        None if standing.settled_since.is_some_and(|since| since <= at) => {
            match standing.set_aside[guarantee as usize] {
                0 => Verdict::Kept,
                messages => Verdict::SetAside { messages },
            }
        }
        _ => Verdict::SoFar,
    }
}

pub(crate) fn agree(run: &Run, seen: Seen<'_>, moments: &[SimTime]) -> Result<(), TestCaseError> {
    for (n, cast) in (0..).zip(&seen.cast.lanes) {
        let standing = naive::standing(seen, LaneId(n), cast);
        for (guarantee, at) in Guarantee::ALL
            .into_iter()
            .flat_map(|guarantee| moments.iter().map(move |at| (guarantee, *at)))
        {
            let told = run.guarantees().verdict(LaneId(n), guarantee, at);
            let naive = expected(&standing, seen.trace, (guarantee, at));
            prop_assert_eq!(
                told,
                naive,
                "lane {} {:?} at {}\n{}",
                n,
                guarantee,
                at,
                seen.scenario.to_json()
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn verdicts_agree_with_a_naive_computation(shape in shapes(), part in 0..=100_u64) {
        with_run(shape.scenario(), |run, seen| {
            let end = SimTime::ZERO + seen.scenario.horizon;
            let middle = SimTime::from_micros(end.as_micros() / 100 * part);
            agree(run, seen, &[end, middle])
        })?;
    }
}
