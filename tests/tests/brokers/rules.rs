//! One rule after the other, in small documents.

use broker_lab_core::guarantee::{Guarantee, Verdict};
use broker_lab_core::trace::{
    AcksKind, ClusterWhat, ElectionKind, ProduceError, ProducerWhat, What,
};
use broker_lab_core::world::{BrokerState, SendOutcome};
use broker_lab_core::{LaneId, MessageId, Run, Scenario, SimTime};

use crate::runs::{acknowledged, log, standing, told};

/// Three brokers and a partition with three replicas, the first of them on broker 1.
#[derive(Clone, Copy)]
struct Lab<'a> {
    topic: &'a str,
    lane: &'a str,
    producer: &'a str,
    commands: &'a str,
}

impl Default for Lab<'_> {
    fn default() -> Self {
        Self {
            topic: r#""min_insync_replicas": 2"#,
            lane: r#""controllers": 3"#,
            producer: r#""rate": "10/s", "count": 60, "keys": ["ada"], "start": "1s""#,
            commands: "",
        }
    }
}

impl Lab<'_> {
    fn run(self) -> Run {
        let Lab {
            topic,
            lane,
            producer,
            commands,
        } = self;
        let text = format!(
            r#"{{ "version": 1, "seed": 3, "horizon": "60s",
            "workload": {{ "producers": [{{ "name": "checkout", {producer} }}], "work": {{ "takes": "10ms" }} }},
            "lanes": [{{ "name": "log", "kafka": {{ "brokers": 3, {lane},
                "topics": [{{ "name": "orders", "partitions": 1, "replication_factor": 3,
                              "replica_assignment": [[1, 2, 3]], {topic} }}],
                "groups": [{{ "name": "billing", "topics": ["orders"], "auto_offset_reset": "earliest" }}] }} }}],
            "commands": [{commands}] }}"#
        );
        Run::complete(Scenario::from_json(&text).expect("a sound document"))
    }
}

fn cluster(run: &Run, wanted: impl Fn(ClusterWhat) -> bool) -> Vec<SimTime> {
    let events = run.trace().iter();
    let times = events.filter_map(|event| match event.what {
        What::Cluster { what } if wanted(what) => Some(event.at),
        _ => None,
    });
    times.collect()
}

fn errors(run: &Run) -> Vec<ProduceError> {
    let events = run.trace().iter();
    let mut errors: Vec<ProduceError> = events
        .filter_map(|event| match event.what {
            What::Producer {
                what: ProducerWhat::Retried { error, .. } | ProducerWhat::Failed { error, .. },
            } => Some(error),
            _ => None,
        })
        .collect();
    errors.dedup();
    errors
}

fn second(at: u64) -> SimTime {
    SimTime::from_micros(at * 1_000_000)
}

#[test]
fn a_killed_leader_is_missed_for_its_session_and_a_stopped_one_is_not() {
    let elected = |what| {
        matches!(
            what,
            ClusterWhat::LeaderElected {
                leader: Some(_),
                ..
            }
        )
    };
    let killed = Lab {
        commands: r#"{ "at": "3s", "kill_broker": 1 }"#,
        ..Lab::default()
    }
    .run();
    let at = cluster(&killed, elected)[0].since(second(3)).as_millis();
    // The session of 9 s, less the age of the last heartbeat.
    assert!((7_000..=9_000).contains(&at), "{at}");
    let stopped = Lab {
        commands: r#"{ "at": "3s", "stop_broker": 1 }"#,
        ..Lab::default()
    }
    .run();
    let at = cluster(&stopped, elected)[0].since(second(3)).as_millis();
    assert!(at < 50, "{at}");
    for run in [killed, stopped] {
        assert_eq!(acknowledged(&run).len(), 60);
        assert!(standing(&run).values().all(|times| *times == 1));
        let verdict = run
            .guarantees()
            .verdict(LaneId(0), Guarantee::NothingLost, second(59));
        assert!(matches!(verdict, Verdict::Kept), "{verdict:?}");
    }
}

#[test]
fn with_too_few_in_sync_a_write_is_refused_and_what_is_committed_can_be_read() {
    let run = Lab {
        lane: r#""broker_session_timeout": "3s", "producers": [{ "delivery_timeout": "4s" }]"#,
        producer: r#""rate": "1/s", "count": 20, "keys": ["ada"], "start": "1s""#,
        commands: r#"{ "at": "4500ms", "kill_broker": 2 }, { "at": "4500ms", "kill_broker": 3 }"#,
        ..Lab::default()
    }
    .run();
    let errors = errors(&run);
    assert!(
        errors.contains(&ProduceError::NotEnoughReplicas),
        "{errors:?}"
    );
    assert!(errors.contains(&ProduceError::Timeout), "{errors:?}");
    let world = run.world_at(second(50));
    let world = log(&world);
    assert_eq!(world.cluster.brokers[1].state.now, BrokerState::Down);
    let replicas = &world.partitions[0].replicas;
    assert_eq!((replicas.isr.len(), replicas.elr.len()), (1, 1));
    // Written before the sets shrank, and not refused: they wait for a watermark that does not move.
    assert!(replicas.high_watermark.index() < world.partitions[0].log.len());
    assert_eq!(
        world.outcome(MessageId(20)),
        SendOutcome::Failed(ProduceError::Timeout)
    );
    assert!(world.cluster.lost.is_empty());
}

#[test]
fn acks_1_can_lose_what_was_acknowledged_and_the_trace_says_when() {
    let run = Lab {
        lane: r#""producers": [{ "acks": "1", "linger": "0ms" }]"#,
        producer: r#""rate": "20/s", "count": 100, "keys": ["ada"], "start": "1s""#,
        commands: r#"{ "at": "3s", "freeze_broker": 2 }, { "at": "3s", "freeze_broker": 3 },
                     { "at": "4s", "kill_broker": 1 },
                     { "at": "4200ms", "thaw_broker": 2 }, { "at": "4200ms", "thaw_broker": 3 },
                     { "at": "20s", "start_broker": 1 }"#,
        ..Lab::default()
    }
    .run();
    let world = run.world_at(second(50));
    let lost = &log(&world).cluster.lost;
    assert!((8..=20).contains(&lost.len()), "{}", lost.len());
    let began = cluster(&run, |what| matches!(what, ClusterWhat::LeaderBegan { .. }))[0];
    assert!(lost.iter().all(|lost| lost.at == began));
    let verdict = run
        .guarantees()
        .verdict(LaneId(0), Guarantee::NothingLost, second(50));
    assert!(
        matches!(verdict, Verdict::Broken { at, .. } if at == began),
        "{verdict:?}"
    );
    let standing = standing(&run);
    assert!(
        lost.iter()
            .all(|lost| !standing.contains_key(&lost.message))
    );
    let truncated = cluster(&run, |what| matches!(what, ClusterWhat::Truncated { .. }));
    assert_eq!(truncated.len(), 1);
    assert!(truncated[0] > second(20), "when the old leader is back");
}

#[test]
fn acks_0_loses_silently() {
    let run = Lab {
        lane: r#""producers": [{ "acks": "0", "linger": "0ms" }]"#,
        commands: r#"{ "at": "3s", "set_link": { "from": "broker-1", "to": "checkout", "loss": "50%" } }"#,
        ..Lab::default()
    }
    .run();
    assert_eq!(acknowledged(&run).len(), 60, "as soon as they are sent");
    let dropped = told(&run);
    let dropped = dropped
        .iter()
        .filter(|line| line.ends_with("got lost"))
        .count();
    assert!((10..=35).contains(&dropped), "{dropped}");
    assert_eq!(standing(&run).len(), 60 - dropped);
}

#[test]
fn a_lost_answer_makes_a_duplicate_unless_the_producer_is_idempotent() {
    for (idempotence, copies) in [("false", 2), ("true", 1)] {
        let lane = format!(r#""producers": [{{ "enable_idempotence": {idempotence} }}]"#);
        let run = Lab {
            lane: &lane,
            commands: r#"{ "at": "2s", "lose_next_answer": "checkout" }"#,
            ..Lab::default()
        }
        .run();
        let most = standing(&run).values().copied().max();
        assert_eq!(most, Some(copies), "{idempotence}");
        assert_eq!(acknowledged(&run).len(), 60);
    }
}

#[test]
fn without_idempotence_retries_change_the_order() {
    let order = |idempotence: &str, in_flight: u32| {
        let lane = format!(
            r#""producers": [{{ "linger": "0ms", "batch_size": 0, "enable_idempotence": {idempotence},
                "request_timeout": "300ms", "max_in_flight_requests_per_connection": {in_flight} }}]"#
        );
        let run = Lab {
            lane: &lane,
            producer: r#""rate": "100/s", "count": 600, "keys": ["ada"], "start": "1s""#,
            commands: r#"{ "at": "3s", "set_link": { "from": "broker-1", "to": "checkout", "loss": "20%" } },
                         { "at": "5s", "set_link": { "from": "broker-1", "to": "checkout" } }"#,
            ..Lab::default()
        }
        .run();
        let world = run.world_at(run.simulated_until());
        let log = &log(&world).partitions[0].log;
        let messages: Vec<MessageId> = log.iter().map(|record| record.message).collect();
        (messages.is_sorted(), messages.len())
    };
    let (sorted, len) = order("false", 5);
    assert!(!sorted && len > 600, "reordered, and some twice: {len}");
    assert_eq!(order("true", 5), (true, 600));
    let (_, len) = order("false", 1);
    assert!(
        len > 600,
        "one at a time keeps the order of what is new, not from duplicates"
    );
}

#[test]
fn twelve_records_without_a_key_go_to_one_partition() {
    let text = |size: u32| {
        format!(
            r#"{{ "version": 1, "seed": 7, "horizon": "20s",
            "workload": {{ "producers": [{{ "name": "checkout", "rate": "100/s", "count": 12 }}] }},
            "lanes": [{{ "name": "log", "kafka": {{ "topics": [{{ "name": "orders", "partitions": 6 }}],
                "producers": [{{ "batch_size": 1000, "value_size": {size} }}] }} }}] }}"#
        )
    };
    let used = |size| {
        let run = Run::complete(Scenario::from_json(&text(size)).expect("a sound document"));
        let world = run.world_at(run.simulated_until());
        let partitions = log(&world).partitions.iter();
        partitions
            .filter(|partition| !partition.log.is_empty())
            .count()
    };
    assert_eq!(used(10), 1, "no batch is full");
    assert!(used(900) > 2, "each fills one");
}

#[test]
fn an_unclean_election_loses_and_a_clean_one_waits() {
    let run = |unclean: &str| {
        let topic =
            format!(r#""min_insync_replicas": 1, "unclean_leader_election_enable": {unclean}"#);
        Lab {
            topic: &topic,
            commands: r#"{ "at": "3s", "kill_broker": 2 }, { "at": "3s", "kill_broker": 3 },
                         { "at": "6500ms", "kill_broker": 1 }, { "at": "16s", "start_broker": 2 }"#,
            lane: r#""broker_session_timeout": "3s", "broker_heartbeat_interval": "1s""#,
            ..Lab::default()
        }
        .run()
    };
    let waits = run("false");
    let world = waits.world_at(second(59));
    assert_eq!(log(&world).partitions[0].replicas.leader.now, None);
    assert!(log(&world).cluster.lost.is_empty());
    let loses = run("true");
    let world = loses.world_at(second(59));
    assert!(!log(&world).cluster.lost.is_empty());
    let unclean = cluster(&loses, |what| {
        matches!(
            what,
            ClusterWhat::LeaderElected {
                election: ElectionKind::Unclean,
                ..
            }
        )
    });
    assert_eq!(unclean.len(), 1);
}

#[test]
fn without_a_majority_of_controllers_nobody_is_elected() {
    let commands = r#"{ "at": "2s", "kill_controller": 1 }, { "at": "2s", "kill_controller": 2 },
                      { "at": "3s", "kill_broker": 1 }"#;
    let stuck = Lab {
        commands,
        ..Lab::default()
    }
    .run();
    let world = stuck.world_at(second(59));
    assert_eq!(log(&world).cluster.active_controller, None);
    let elected = |what| matches!(what, ClusterWhat::LeaderElected { .. });
    assert!(cluster(&stuck, elected).is_empty());
    let back = format!(r#"{commands}, {{ "at": "30s", "start_controller": 1 }}"#);
    let back = Lab {
        commands: &back,
        ..Lab::default()
    }
    .run();
    let at = cluster(&back, elected)[0];
    assert!(
        second(39) < at && at < second(42),
        "a new session for all: {at:?}"
    );
    assert_eq!(acknowledged(&back).len(), 60);
}

#[test]
fn the_preferred_leader_gets_its_partition_back() {
    let run = Lab {
        lane: r#""leader_imbalance_check_interval": "30s""#,
        commands: r#"{ "at": "3s", "stop_broker": 1 }, { "at": "5s", "start_broker": 1 }"#,
        ..Lab::default()
    }
    .run();
    let began = cluster(&run, |what| matches!(what, ClusterWhat::LeaderBegan { .. }));
    assert_eq!(began.len(), 2);
    assert!(began[1].since(second(30)).as_millis() < 100);
    assert!(standing(&run).values().all(|times| *times == 1));
}

#[test]
fn a_producer_can_be_told_to_wait_for_less() {
    let run = Lab {
        commands: r#"{ "at": "2s", "set_producer": { "producer": "checkout", "acks": "1" } }"#,
        ..Lab::default()
    }
    .run();
    let changed = run.trace().iter().any(|event| {
        matches!(
            event.what,
            What::Producer {
                what: ProducerWhat::SettingsChanged {
                    acks: AcksKind::One,
                    idempotence: false,
                    ..
                }
            }
        )
    });
    assert!(changed);
    assert_eq!(acknowledged(&run).len(), 60);
}

/// A document with one broker that says nothing of its producers: nothing is told of them, and a
/// record is readable as soon as its leader has it.
#[test]
fn one_broker_says_nothing_of_replicas() {
    let text = r#"{ "version": 1, "seed": 7, "horizon": "20s",
        "workload": { "producers": [{ "name": "checkout", "rate": "4/s", "keys": ["ada"] }] },
        "lanes": [{ "name": "log", "kafka": { "topics": [{ "name": "orders", "partitions": 2 }] } }] }"#;
    let run = Run::complete(Scenario::from_json(text).expect("a sound document"));
    assert_eq!(told(&run), [""; 0]);
    let world = run.world_at(second(10));
    for partition in &log(&world).partitions {
        assert_eq!(
            partition.replicas.high_watermark.index(),
            partition.log.len()
        );
    }
}
