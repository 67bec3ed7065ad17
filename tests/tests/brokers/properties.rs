//! What holds whatever fails.

use std::collections::BTreeMap;

use broker_lab_core::scenario::Command;
use broker_lab_core::trace::{ClusterWhat, ProducerWhat, TraceHash, What};
use broker_lab_core::world::World;
use broker_lab_core::{
    Batch, MessageId, Offset, Record, Run, Scenario, SimTime, Simulation, TopicPartition,
};
use broker_lab_tests::random::{Faults, cluster_scenario};
use proptest::prelude::*;

use crate::runs::{acknowledged, fold, has_cut_off, log, standing, told};

fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        cases: count,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn complete(seed: u64, faults: Faults) -> Run {
    let scenario = cluster_scenario(seed, faults);
    scenario.check().expect("a sound document");
    Run::complete(scenario)
}

/// Both kinds of faults.
fn any_faults() -> impl Strategy<Value = Faults> {
    prop_oneof![Just(Faults::OneAtATime), Just(Faults::Any)]
}

proptest! {
    #![proptest_config(cases(24))]

    /// With acks=all, min.insync.replicas=2 of 3 and idempotence, whatever happens to one broker at a
    /// time: what was acknowledged is there, once, and nothing else fails.
    #[test]
    fn acknowledged_writes_survive_any_single_broker_failure(seed in any::<u64>()) {
        let run = complete(seed, Faults::OneAtATime);
        let standing = standing(&run);
        for message in acknowledged(&run) {
            prop_assert_eq!(standing.get(&message), Some(&1), "seed {}, {:?}", seed, message);
        }
        let world = run.world_at(run.simulated_until());
        prop_assert!(log(&world).cluster.lost.is_empty());
        prop_assert!(standing.values().all(|times| *times == 1), "seed {}: twice", seed);
        for producer in &log(&world).producers {
            prop_assert_eq!(producer.failed, 0, "seed {}", seed);
        }
        prop_assert!(acknowledged(&run).len() > 100);
    }

    /// The high watermark never passes what a replica has that is in sync, and of a partition it goes
    /// back only with a new leader.
    #[test]
    fn the_high_watermark_is_behind_every_replica_in_sync(seed in any::<u64>(), faults in any_faults()) {
        let run = complete(seed, faults);
        let mut watermarks = BTreeMap::<TopicPartition, Offset>::new();
        let mut wrong = None;
        fold(&run, |world, what| match what {
            What::Cluster { what: ClusterWhat::HighWatermarkMoved { partition, offset } } => {
                let replicas = &world.partitions[world.flat_index(partition)].replicas;
                let ends = replicas.isr.iter().filter_map(|broker| replicas.on(*broker));
                if ends.clone().any(|replica| replica.log.end() < offset) {
                    wrong.get_or_insert(format!("{partition} {offset}: {replicas:?}"));
                }
                let before = watermarks.insert(partition, offset);
                if before.is_some_and(|before| before >= offset) {
                    wrong.get_or_insert(format!("{partition} goes back to {offset}"));
                }
            }
            What::Cluster { what: ClusterWhat::LeaderBegan { partition, .. } } => {
                watermarks.remove(&partition);
            }
            _ => {}
        });
        prop_assert_eq!(wrong, None, "seed {}", seed);
    }

    /// Below the high watermark all replicas in sync have the same records, and the leader's log is as
    /// long as its replica says.
    #[test]
    fn replicas_agree_below_the_high_watermark(seed in any::<u64>(), faults in any_faults()) {
        let run = complete(seed, faults);
        let mut wrong = None;
        let mut n = 0_u32;
        fold(&run, |world, what| {
            n += 1;
            if !matches!(what, What::Cluster { .. }) || !n.is_multiple_of(7) {
                return;
            }
            for partition in &world.partitions {
                let replicas = &partition.replicas;
                let in_sync = replicas.isr.iter().filter_map(|broker| replicas.on(*broker));
                let logs: Vec<_> = in_sync.map(|replica| &replica.log).collect();
                for pair in logs.windows(2) {
                    let both = pair[0].end().min(pair[1].end()).min(replicas.high_watermark);
                    if pair[0].common_end(pair[1]) < both {
                        wrong.get_or_insert(format!("{pair:?} {both}"));
                    }
                }
            }
        });
        prop_assert_eq!(wrong, None, "seed {}", seed);
    }

    /// An idempotent producer: in each partition its records stand once, in the order in which they
    /// were sent, as long as nothing was cut off and nothing was given up.
    #[test]
    fn idempotence_keeps_order_and_writes_once(seed in any::<u64>()) {
        let run = complete(seed, Faults::OneAtATime);
        prop_assume!(!has_cut_off(&run));
        let world = run.world_at(run.simulated_until());
        for partition in &log(&world).partitions {
            let mut last = BTreeMap::new();
            for record in partition.log.iter() {
                let message = run.trace().message(record.message).expect("it was sent");
                let before = last.insert(message.producer, record.message);
                prop_assert!(before < Some(record.message), "seed {}: {:?}", seed, record.message);
            }
        }
    }

    /// Each record that is sent with acks is called back once, or is still under way.
    #[test]
    fn every_callback_comes_once(seed in any::<u64>(), faults in any_faults()) {
        let run = complete(seed, faults);
        let mut called = BTreeMap::<MessageId, &str>::new();
        for event in run.trace().iter() {
            let (message, how) = match event.what {
                What::Producer { what: ProducerWhat::Acknowledged { message, .. } } => (message, "acknowledged"),
                What::Producer { what: ProducerWhat::Failed { message, .. } } => (message, "failed"),
                _ => continue,
            };
            let before = called.insert(message, how);
            prop_assert_eq!(before, None, "seed {}: {:?} {}", seed, message, how);
        }
    }

    /// Consumers read nothing that is not below the high watermark.
    #[test]
    fn readers_stay_below_the_high_watermark(seed in any::<u64>(), faults in any_faults()) {
        let run = complete(seed, faults);
        let mut highest = BTreeMap::<TopicPartition, Offset>::new();
        for event in run.trace().iter() {
            match event.what {
                What::Cluster { what: ClusterWhat::HighWatermarkMoved { partition, offset } } => {
                    let highest = highest.entry(partition).or_default();
                    *highest = offset.max(*highest);
                }
                What::Polled { partition, to, .. } => {
                    prop_assert!(highest.get(&partition) >= Some(&to), "seed {}: {}", seed, event);
                }
                _ => {}
            }
        }
    }

    /// The same document is the same run; the world by seeking is the world by folding; a command added
    /// is the document edited; and a run goes over as bytes.
    #[test]
    fn a_run_of_brokers_is_the_same_however_it_is_made(seed in any::<u64>(), faults in any_faults(), part in 0_u64..1_000) {
        let scenario = cluster_scenario(seed, faults);
        let run = Run::complete(scenario.clone());
        let at = SimTime::from_micros(run.simulated_until().as_micros() / 1_000 * part);
        let mut folded = World::new(run.cast());
        run.trace().iter().take_while(|event| event.at <= at).for_each(|event| folded.fold(event));
        prop_assert_eq!(format!("{:?}", run.world_at(at)), format!("{folded:?}"));

        let command = Command {
            at: at.since(SimTime::ZERO),
            kill_broker: Some(1),
            ..Command::default()
        };
        let mut edited = run.with_command(command.clone()).expect("a sound command");
        while edited.advance(100_000).is_none() {}
        let mut document = scenario.clone();
        document.commands.push(command);
        let fresh = Run::complete(document);
        prop_assert_eq!(TraceHash::of(edited.trace()), TraceHash::of(fresh.trace()), "seed {}", seed);

        let read = Scenario::from_bytes(&scenario.to_bytes());
        prop_assert_eq!(read.as_ref(), Some(&scenario));
        let read = Scenario::from_json(&scenario.to_json()).map_err(|faults| faults.to_string());
        prop_assert_eq!(read.as_ref(), Ok(&scenario));
        let mut simulation = Simulation::new(scenario);
        let mut record = Record::new(simulation.scenario().clone());
        let mut stop = None;
        while stop.is_none() {
            let mut batch = Batch::default();
            simulation.advance(3_000, &mut batch);
            let read = Batch::from_bytes(&batch.to_bytes());
            prop_assert_eq!(read.as_ref(), Some(&batch));
            record.extend(&batch);
            stop = batch.stop;
        }
        prop_assert_eq!(TraceHash::of(record.trace()), TraceHash::of(run.trace()));
        prop_assert!(!told(&run).is_empty());
    }
}
