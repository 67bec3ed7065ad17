//! A run goes over as bytes: the record made of them is the run's own.

use broker_lab_core::guarantee::Guarantee;
use broker_lab_core::trace::TraceHash;
use broker_lab_core::{Batch, LaneId, Record, Run, Scenario, Simulation};
use proptest::prelude::*;

use crate::strategy::{cases, shapes};

/// All batches of a run, of so many steps each.
fn batches(simulation: &mut Simulation, steps: u32) -> Vec<Batch> {
    let mut batches = Vec::new();
    loop {
        let mut batch = Batch::default();
        simulation.advance(steps, &mut batch);
        let stopped = batch.stop.is_some();
        batches.push(batch);
        if stopped {
            return batches;
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_record_made_of_bytes_is_that_of_the_run(shape in shapes(), steps in 1_u32..5_000) {
        let mut simulation = Simulation::new(shape.scenario());
        let mut record = Record::new(simulation.scenario().clone());
        for batch in batches(&mut simulation, steps) {
            let read = Batch::from_bytes(&batch.to_bytes());
            prop_assert_eq!(read.as_ref(), Some(&batch));
            record.extend(&batch);
        }
        let document = shape.scenario();
        let read = Scenario::from_bytes(&document.to_bytes());
        prop_assert_eq!(read.as_ref(), Some(&document));
        let run = Run::complete(document);
        prop_assert_eq!(TraceHash::of(record.trace()), TraceHash::of(run.trace()));
        prop_assert_eq!(record.stop(), run.stop());
        prop_assert_eq!(record.simulated_until(), run.simulated_until());
    }

    #[test]
    fn a_record_that_is_judged_late_is_judged_the_same(shape in shapes(), late in any::<prop::sample::Index>()) {
        let mut simulation = Simulation::new(shape.scenario());
        let document = simulation.scenario().clone();
        let (mut early, mut record) = (Record::new(document.clone()), Record::unjudged(document));
        let batches = batches(&mut simulation, 200);
        let late = late.index(batches.len());
        for (n, batch) in batches.iter().enumerate() {
            early.extend(batch);
            record.extend(batch);
            if n == late {
                record.judge();
            }
        }
        let end = early.simulated_until();
        let lanes = u8::try_from(early.cast().lanes.len()).unwrap();
        for lane in (0..lanes).map(LaneId) {
            for guarantee in Guarantee::ALL {
                let [one, other] = [&early, &record].map(|r| r.guarantees().verdict(lane, guarantee, end));
                prop_assert_eq!(one, other);
            }
        }
    }

    #[test]
    fn bytes_that_are_cut_or_changed_are_refused_or_read_but_never_a_panic(
        shape in shapes(), cut in any::<prop::sample::Index>(), flip in any::<(prop::sample::Index, u8)>()
    ) {
        let mut simulation = Simulation::new(shape.scenario());
        let Some(batch) = batches(&mut simulation, 50).pop() else { return Ok(()) };
        let mut bytes = batch.to_bytes();
        let kept = cut.index(bytes.len());
        prop_assert_eq!(Batch::from_bytes(&bytes[..kept]), None);
        let at = flip.0.index(bytes.len());
        bytes[at] ^= flip.1;
        if let Some(read) = Batch::from_bytes(&bytes) {
            prop_assert_eq!(Batch::from_bytes(&read.to_bytes()), Some(read));
        }
    }
}
