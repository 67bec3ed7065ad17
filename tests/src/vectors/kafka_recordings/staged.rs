//! Every recording of consumers as a lane on stage: its events must say what the recording says, and
//! the world that is folded from them must show its facts.

use std::collections::BTreeMap;

use broker_lab_core::guarantee::{Guarantee, Verdict};
use broker_lab_core::recording::{OpenError, open};
use broker_lab_core::trace::{LockEnd, ShareWhat, What};
use broker_lab_core::world::{KafkaWorld, LaneWorld};
use broker_lab_core::{GroupId, LaneCast, LaneId, Recording, Run, Scenario, SimTime};

use super::File;
use super::facts::Fact;
use super::shown::{Callback, Shown};
use crate::vectors::tally::Folder;

const FOLDER: Folder = Folder {
    name: "kafka-recordings",
    run: super::run,
};

/// The lane that was recorded comes first.
const LANE: LaneId = LaneId(0);

/// The recordings that can be shown, each as an experiment, with its facts; and how many cannot.
fn staged() -> (Vec<(Recording, Scenario, Vec<Fact>)>, usize) {
    let folder =
        std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/kafka-recordings");
    let (mut staged, mut others) = (Vec::new(), 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.ends_with(".json") {
            continue;
        }
        let text = FOLDER.text(&name);
        let recording = Recording::from_json(&text).unwrap();
        let File { facts } = serde_json::from_str(&text).unwrap();
        match open(&text) {
            Ok(scenario) => staged.push((recording, scenario, facts)),
            Err(error) => {
                assert!(matches!(error, OpenError::Unshown(_)), "{name}: {error}");
                let says_nothing = recording
                    .events
                    .iter()
                    .all(|said| recording.group_of(&said.who).is_none());
                assert!(says_nothing, "{name}: {error}");
                others += 1;
            }
        }
    }
    (staged, others)
}

fn world(run: &Run) -> KafkaWorld {
    match run.world_at(SimTime::MAX).lanes.swap_remove(LANE.index()) {
        LaneWorld::Kafka(kafka) => kafka,
        LaneWorld::Sqs(_) => panic!("it is a log"),
    }
}

#[test]
fn every_recording_of_consumers_comes_on_stage_and_stays_itself() {
    let (staged, others) = staged();
    assert_eq!((staged.len(), others), (36, 14));
    for (recording, scenario, _) in &staged {
        let again = Scenario::from_json(&scenario.to_json());
        assert_eq!(again.as_ref(), Ok(scenario), "{}", recording.id);
        let lane = &scenario.lanes[LANE.index()];
        let recorded = lane.recorded.as_ref().unwrap();
        assert_eq!(recorded.kafka_version(), "4.3.0");
        // What our engine lacks is named, and the recording stands alone.
        let beside = recording.scenario(&recording.starts());
        assert_eq!(scenario.lanes.len(), 1 + usize::from(beside.is_ok()));
    }
}

#[test]
fn its_events_are_what_the_recording_says() {
    for (recording, scenario, _) in staged().0 {
        let run = Run::complete(scenario);
        let (said, shown) = (Shown::recorded(&recording), Shown::of(&run, LANE));
        for (name, said) in &said.groups {
            let shown = &shown.groups[name];
            let what = format!("{}, {name}", recording.id);
            assert_eq!(shown.processed, said.processed, "{what}");
            assert_eq!(shown.refused, said.refused, "{what}");
            // A call with no partitions leaves no event.
            let calls = said
                .callbacks
                .iter()
                .filter(|call| !call.partitions.is_empty());
            let calls: Vec<&Callback> = calls.collect();
            assert_eq!(shown.callbacks.iter().collect::<Vec<_>>(), calls, "{what}");
        }
        let mut before = SimTime::ZERO;
        for event in run.trace().iter() {
            assert!(event.at >= before, "{}", recording.id);
            before = event.at;
        }
    }
}

/// The offsets that the world shows as committed, as facts write them.
fn committed(world: &KafkaWorld, cast: &LaneCast, group: GroupId) -> BTreeMap<String, u32> {
    let reading = cast
        .topic_partitions()
        .zip(&world.groups[group.index()].reading);
    let named = reading.filter_map(|(partition, reading)| {
        let name = format!("{}-{}", cast.topic(partition.topic), partition.partition);
        Some((name, reading.committed.now?.0))
    });
    named.collect()
}

#[test]
fn its_world_at_the_end_shows_the_facts() {
    let mut compared = 0;
    for (recording, scenario, facts) in staged().0 {
        let run = Run::complete(scenario);
        let (world, cast) = (world(&run), run.cast().lane(LANE).unwrap());
        for fact in facts {
            let what = format!("{} {} {}", recording.id, fact.fact, fact.group);
            let group = cast.teams.iter().position(|name| *name == fact.group);
            let group = GroupId(u16::try_from(group.unwrap_or(0)).unwrap());
            match fact.fact.as_str() {
                "end_offsets" => {
                    let ends: BTreeMap<usize, usize> = serde_json::from_value(fact.value).unwrap();
                    for (partition, end) in ends {
                        assert_eq!(world.partitions[partition].log.len(), end, "{what}");
                    }
                }
                "committed" => {
                    let kept: BTreeMap<String, u32> = serde_json::from_value(fact.value).unwrap();
                    assert_eq!(committed(&world, cast, group), kept, "{what}");
                }
                "processed" => {
                    let done: BTreeMap<String, Vec<(u32, String)>> =
                        serde_json::from_value(fact.value).unwrap();
                    let all: usize = done.values().map(Vec::len).sum();
                    let its = &world.groups[group.index()];
                    let shown = its.processed + its.processed_again;
                    assert_eq!(shown, u32::try_from(all).unwrap(), "{what}");
                }
                _ => continue,
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 112);
}

/// The recording `name` on stage, to its end.
fn run_of(name: &str) -> Run {
    Run::complete(open(&FOLDER.text(name)).unwrap())
}

/// What happens in the recorded lane: when, and what, as far as `pick` picks it.
fn picked<T>(run: &Run, pick: impl Fn(What) -> Option<T>) -> Vec<(u64, T)> {
    let events = run.trace().iter().filter(|event| event.lane == LANE);
    let picked = events.filter_map(|event| Some((event.at.as_micros() / 1_000, pick(event.what)?)));
    picked.collect()
}

#[test]
fn what_is_lost_in_one_lane_is_lost_in_the_other() {
    let mut pairs = 0;
    for (recording, scenario, _) in staged().0 {
        if scenario.lanes.len() == 1 {
            continue;
        }
        let run = Run::complete(scenario);
        let is_lost = |lane| {
            let verdict = run
                .guarantees()
                .verdict(lane, Guarantee::NothingLost, SimTime::MAX);
            matches!(verdict, Verdict::Broken { .. })
        };
        assert_eq!(is_lost(LANE), is_lost(LaneId(1)), "{}", recording.id);
        pairs += 1;
    }
    assert_eq!(pairs, 36);
}

/// The one that is killed had committed 8 of partition 2 for the last time: it polled offset 7 at
/// 9,105 ms and offset 8 at 9,306 ms, so that its position was 8 between the two. Everything else
/// shows when the others give their partitions up, and at the end.
#[test]
fn an_automatic_commit_is_told_of_where_it_shows() {
    let commits = picked(&run_of("crash-range.json"), |what| match what {
        What::Committed {
            actor,
            partition,
            offset,
        } => Some((actor.0, partition.partition.0, offset.0)),
        _ => None,
    });
    let end = 15_926 + 2_000;
    assert_eq!(
        commits,
        [
            (9_306, (1, 2, 8)),
            (13_198, (2, 5, 16)),
            (13_198, (2, 4, 8)),
            (13_690, (0, 1, 17)),
            (end, (0, 0, 0)),
            (end, (0, 1, 23)),
            (end, (0, 2, 33)),
            (end, (2, 3, 0)),
            (end, (2, 4, 11)),
            (end, (2, 5, 23)),
        ]
    );
}

#[test]
fn a_record_that_comes_again_was_not_accepted() {
    let run = run_of("share-crash.json");
    let of_order_4 = picked(&run, |what| match what {
        What::Share { what } => match what {
            ShareWhat::Acquired {
                partition,
                offset,
                delivery_count,
                ..
            } => Some((partition, offset, format!("delivered {delivery_count}"))),
            ShareWhat::Acknowledged {
                partition, offset, ..
            } => Some((partition, offset, String::from("accepted"))),
            ShareWhat::Released {
                partition,
                offset,
                end,
                ..
            } => {
                let why = if end == LockEnd::LockTimeout {
                    "lock"
                } else {
                    "session"
                };
                Some((partition, offset, format!("back: {why}")))
            }
            _ => None,
        },
        _ => None,
    });
    let of_order_4: Vec<(u64, &str)> = of_order_4
        .iter()
        .filter(|(_, (partition, offset, _))| (partition.partition.0, offset.0) == (0, 0))
        .map(|(at, (.., what))| (*at, what.as_str()))
        .collect();
    assert_eq!(
        of_order_4,
        [
            (5_041, "delivered 1"),
            (12_370, "back: lock"),
            (12_370, "delivered 2"),
            (12_391, "accepted"),
        ]
    );
}

/// It holds the record for 6 s and says nothing: for real clients as for ours two work on it.
#[test]
fn a_consumer_that_holds_a_record_works_on_it() {
    let work = picked(&run_of("share-lock-timeout.json"), |what| match what {
        What::WorkStarted { actor, message, .. } if message.0 == 1 => Some((actor.0, "starts")),
        What::WorkFailed { actor, .. } => Some((actor.0, "fails")),
        What::WorkFinished { actor, message, .. } if message.0 == 1 => Some((actor.0, "ends")),
        _ => None,
    });
    assert_eq!(
        work,
        [
            (4_721, (0, "starts")),
            (7_684, (1, "starts")),
            (7_686, (1, "ends")),
            (10_747, (0, "fails")),
        ]
    );
}

/// What tells that a session has ended is the rebalance that nobody else can have begun; if somebody
/// joined meanwhile, it is the end of that rebalance. A group that goes on with all has lost nobody.
#[test]
fn a_session_ends_where_it_shows() {
    let ends = |name: &str| {
        picked(&run_of(name), |what| match what {
            What::SessionExpired { actor, .. } => Some(actor.0),
            _ => None,
        })
    };
    assert_eq!(ends("crash-range.json"), [(13_198, 1)]);
    assert_eq!(ends("crash-consumer.json"), [(16_256, 1)]);
    assert_eq!(ends("commit-before-work-range.json"), [(8_459, 0)]);
    assert_eq!(ends("freeze-range.json"), [(11_873, 0)]);
    for nobody in [
        "leave-range",
        "join-consumer",
        "slow-range",
        "static-restart-range",
    ] {
        assert_eq!(ends(&format!("{nobody}.json")), []);
    }
}
