//! What real share consumers were given, and how often, against ours with the same actions.

use std::collections::BTreeMap;
use std::path::PathBuf;

use broker_lab_core::recording::Saying;
use broker_lab_core::trace::{ShareWhat, What};
use broker_lab_core::{LaneId, Recording, Run};

/// Of each partition, what was acquired: offset, by whom, delivery count.
type Acquired = BTreeMap<String, Vec<(u32, String, u32)>>;

fn recording(name: &str) -> Recording {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/kafka-recordings");
    let text = std::fs::read_to_string(folder.join(name)).expect("the recording is there");
    Recording::from_json(&text).expect("a recording")
}

fn recorded(recording: &Recording) -> Acquired {
    let mut acquired = Acquired::new();
    for said in &recording.events {
        let Saying::Acquired(records) = &said.what else {
            continue;
        };
        for record in records {
            let place = format!("{}-{}", record.partition.topic, record.partition.partition);
            let delivery = record.delivery.expect("a delivery count");
            let one = (record.offset, said.who.clone(), delivery);
            acquired.entry(place).or_default().push(one);
        }
    }
    acquired
}

fn ours(recording: &Recording) -> (Run, Acquired) {
    let scenario = recording
        .scenario(&recording.starts())
        .expect("it can be played");
    scenario.check().expect("a sound document");
    let run = Run::complete(scenario);
    let mut acquired = Acquired::new();
    let cast = run.cast().lane(LaneId(0)).expect("one lane");
    for event in run.trace().iter() {
        if let What::Share {
            what:
                ShareWhat::Acquired {
                    actor,
                    partition,
                    offset,
                    delivery_count,
                    ..
                },
        } = event.what
        {
            let place = format!("{}-{}", cast.topic(partition.topic), partition.partition);
            let one = (
                offset.0,
                cast.actor(actor).to_owned(),
                delivery_count.into(),
            );
            acquired.entry(place).or_default().push(one);
        }
    }
    (run, acquired)
}

/// Accept, release until the limit, reject: the same records in the same order, with the same
/// delivery counts. What came with the same fetch depends on milliseconds.
#[test]
fn outcomes_are_those_of_the_recording() {
    let recording = recording("share-outcomes.json");
    let mut expected = recorded(&recording);
    let (run, mut ours) = ours(&recording);
    for acquired in [&mut expected, &mut ours] {
        let records = acquired.get_mut("jobs-0").expect("some");
        records.sort_unstable_by_key(|(offset, _, delivery)| (*offset, *delivery));
    }
    assert_eq!(ours, expected);
    let world = run.world_at(run.simulated_until());
    let broker_lab_core::world::LaneWorld::Kafka(kafka) = &world.lanes[0] else {
        panic!("a log lane");
    };
    let group = &kafka.share_groups[0];
    assert_eq!((group.acknowledged, group.archived), (4, 2));
}

/// The lock runs out after 3 s, the other member gets the record with delivery count 2, and the
/// late acknowledgement is taken without effect.
#[test]
fn a_lock_runs_out_as_in_the_recording() {
    let recording = recording("share-lock-timeout.json");
    let (run, ours) = ours(&recording);
    assert_eq!(ours, recorded(&recording));
    let ignored = run.trace().iter().any(|event| {
        let what = ShareWhat::Ignored {
            actor: broker_lab_core::ActorId(0),
            partition: broker_lab_core::TopicPartition::new(0, 0),
            offset: broker_lab_core::Offset(0),
        };
        event.what == What::Share { what }
    });
    assert!(ignored);
}

/// Nobody is idle on one partition, and each record is delivered once.
#[test]
fn members_share_one_partition_as_in_the_recording() {
    let recording = recording("share-basic.json");
    let counts = |acquired: &Acquired| -> Vec<(u32, u32)> {
        let records = acquired["jobs-0"].iter();
        records
            .map(|(offset, _, delivery)| (*offset, *delivery))
            .collect()
    };
    let (_, ours) = ours(&recording);
    assert_eq!(counts(&ours), counts(&recorded(&recording)));
    let by = |member: &str| {
        ours["jobs-0"]
            .iter()
            .filter(|(_, who, _)| who == member)
            .count()
    };
    assert!(["w1", "w2", "w3"].iter().all(|member| by(member) >= 4));
}

/// What the killed member had comes back to the other one, with the delivery count raised.
#[test]
fn a_crash_gives_the_records_back_as_in_the_recording() {
    let recording = recording("share-crash.json");
    let (_, ours) = ours(&recording);
    for acquired in [recorded(&recording), ours] {
        let again: Vec<_> = acquired
            .values()
            .flatten()
            .filter(|(_, _, delivery)| *delivery == 2)
            .collect();
        assert!(!again.is_empty() && again.iter().all(|(_, who, _)| who == "w2"));
        assert!(
            acquired
                .values()
                .flatten()
                .all(|(_, _, delivery)| *delivery <= 2)
        );
    }
}
