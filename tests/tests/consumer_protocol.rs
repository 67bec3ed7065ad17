//! Groups of the consumer protocol (KIP-848) as a person would tell what happens to them.

use broker_lab_core::scenario::GroupProtocol;
use broker_lab_core::trace::{CommitRefusal, ConsumerGroupWhat, Event, What};
use broker_lab_core::world::{GroupPhase, Holding, KafkaWorld, LaneWorld};
use broker_lab_core::{ActorId, Run, Scenario, SimDuration, SimTime, TopicPartition};
use broker_lab_tests::checkers::{self, Seen};

/// A group with these settings, whose work takes so long, and commands.
fn run(takes: &str, group: &str, commands: &str) -> Run {
    let document = format!(
        r#"{{ "version": 1, "title": "Epochs", "seed": 1, "horizon": "40s",
             "network": {{ "latency": "5ms" }},
             "workload": {{
               "producers": [{{ "name": "shop", "rate": "8/s", "count": 120,
                                "keys": ["ada", "ben", "cho", "dee", "eve", "fay", "gus"] }}],
               "work": {{ "takes": "{takes}" }} }},
             "lanes": [{{ "name": "log", "kafka": {{
               "group_consumer_session_timeout": "6s",
               "group_consumer_heartbeat_interval": "500ms",
               "topics": [{{ "name": "orders", "partitions": 4 }}],
               "groups": [{{ "name": "billing", "topics": ["orders"], "group_protocol": "consumer",
                             "auto_offset_reset": "earliest", "max_poll_records": 1,
                             "enable_auto_commit": false, "commit": "after_record", {group} }}]
             }} }}],
             "commands": [{commands}] }}"#
    );
    let run = Run::complete(Scenario::from_json(&document).expect("a sound document"));
    let seen = Seen {
        scenario: run.scenario(),
        cast: run.cast(),
        trace: run.trace(),
    };
    checkers::all(seen).unwrap();
    run
}

fn events(run: &Run) -> impl Iterator<Item = &Event> {
    run.trace().iter()
}

/// When something happened for the first time.
fn first(run: &Run, is_it: impl Fn(What) -> bool) -> SimTime {
    let event = events(run).find(|event| is_it(event.what));
    event.expect("it happened").at
}

fn at(millis: u64) -> SimTime {
    SimTime::from_millis(millis)
}

fn log_at(run: &Run, time: SimTime) -> KafkaWorld {
    match run.world_at(time).lanes.first() {
        Some(LaneWorld::Kafka(world)) => world.clone(),
        _ => panic!("a log lane"),
    }
}

const FIRST: ActorId = ActorId(0);
const SECOND: ActorId = ActorId(1);

#[test]
fn only_what_moves_stops() {
    let run = run(
        "20ms",
        r#""members": 1"#,
        r#"{ "at": "3s", "add": "billing" }"#,
    );
    let joins = first(
        &run,
        |what| matches!(what, What::JoinSent { actor } if actor == SECOND),
    );
    let takes_over = first(
        &run,
        |what| matches!(what, What::Assigned { actor, .. } if actor == SECOND),
    );
    // It is given something only when the other one has given it up, with its next heartbeat.
    let waited = takes_over.since(joins);
    assert!(waited >= SimDuration::from_millis(500) && waited < SimDuration::from_millis(1_600));
    let revoked = events(&run).filter(|event| matches!(event.what, What::Revoked { .. }));
    assert_eq!(revoked.count(), 2);
    let reads_on = events(&run).filter(|event| {
        let polls = matches!(event.what, What::Polled { actor, .. } if actor == FIRST);
        polls && event.at > joins && event.at < takes_over
    });
    assert!(reads_on.count() > 0);
    let lost = events(&run).filter(|event| matches!(event.what, What::Lost { .. }));
    assert_eq!(lost.count(), 0);
}

#[test]
fn a_crash_is_noticed_when_the_session_ends() {
    let run = run(
        "20ms",
        r#""members": 2"#,
        r#"{ "at": "10s", "crash": "billing-2" }"#,
    );
    let expires = first(&run, |what| matches!(what, What::SessionExpired { .. }));
    assert!(expires > at(15_000) && expires <= at(16_005), "{expires}");
    let taken_over = events(&run).find(|event| {
        event.at > at(10_000)
            && matches!(event.what, What::Assigned { actor, .. } if actor == FIRST)
    });
    let taken_over = taken_over.expect("it is taken over").at;
    assert!(taken_over > expires && taken_over < at(18_500));
}

#[test]
fn who_does_not_poll_leaves_and_joins_anew_as_the_same_member() {
    // The other one is quick and stays: in a group without members anybody can commit.
    let members = r#""consumers": [{ "name": "slow", "takes": "3s" }, { "name": "quick" }],
                     "max_poll_interval": "1s""#;
    let run = run("20ms", members, "");
    let leaves = first(&run, |what| matches!(what, What::MaxPollExceeded { .. }));
    let refused = events(&run).find_map(|event| match event.what {
        What::CommitRefused { actor, error, .. } => Some((event.at, actor, error)),
        _ => None,
    });
    let (refused_at, actor, error) = refused.expect("a commit is refused");
    assert_eq!(error, CommitRefusal::UnknownMemberId);
    assert!(refused_at > leaves);
    let joins = events(&run).find(|event| {
        event.at > refused_at && matches!(event.what, What::JoinSent { actor: who } if who == actor)
    });
    let joins = joins.expect("it joins again").at;
    let lost = events(&run).find(|event| {
        matches!(event.what, What::Lost { actor: who, .. } if who == actor) && event.at == joins
    });
    assert!(lost.is_some());
    let world = log_at(&run, joins + SimDuration::from_millis(50));
    assert_eq!(world.members[actor.index()].former, 0);
}

#[test]
fn who_stood_still_finishes_its_record_and_is_refused() {
    let run = run(
        "400ms",
        r#""members": 2"#,
        r#"{ "at": "9s", "freeze": "billing-1" }, { "at": "20s", "thaw": "billing-1" }"#,
    );
    let expires = first(&run, |what| matches!(what, What::SessionExpired { .. }));
    assert!(expires < at(16_000));
    let after: Vec<&Event> = events(&run)
        .filter(|event| event.at >= at(20_000))
        .collect();
    let place = |is_it: &dyn Fn(What) -> bool| after.iter().position(|event| is_it(event.what));
    let done = place(&|what| matches!(what, What::WorkFinished { actor, .. } if actor == FIRST));
    let refused =
        place(&|what| matches!(what, What::CommitRefused { actor, .. } if actor == FIRST));
    let lost = place(&|what| matches!(what, What::Lost { actor, .. } if actor == FIRST));
    let joins = place(&|what| matches!(what, What::JoinSent { actor } if actor == FIRST));
    assert!(done.is_some() && done < refused && refused < lost && lost < joins);
}

#[test]
fn a_static_member_comes_back_to_its_own() {
    let run = run(
        "20ms",
        r#""members": 2, "static_membership": true"#,
        r#"{ "at": "8s", "remove": "billing-1" }, { "at": "10s", "restart": "billing-1" }"#,
    );
    let away = |what| {
        matches!(
            what,
            What::ConsumerGroup {
                what: ConsumerGroupWhat::LeftForAWhile { .. }
            }
        )
    };
    assert_eq!(first(&run, away), at(8_005));
    let moves = |event: &&Event| {
        event.at > at(8_000)
            && matches!(event.what, What::Assigned { actor, .. } | What::Revoked { actor, .. }
                            if actor == SECOND)
    };
    assert_eq!(events(&run).filter(moves).count(), 0);
    let bumps = |what| {
        matches!(
            what,
            What::ConsumerGroup {
                what: ConsumerGroupWhat::EpochBumped { .. }
            }
        )
    };
    let bumps = events(&run).filter(|event| event.at > at(8_000) && bumps(event.what));
    assert_eq!(bumps.count(), 0);
    let back = |event: &&Event| {
        event.at > at(10_000)
            && matches!(event.what, What::Assigned { actor, .. } if actor == FIRST)
    };
    assert_eq!(events(&run).filter(back).count(), 2);
}

#[test]
fn two_with_one_instance_id_and_the_second_ends() {
    let run = run(
        "20ms",
        r#""members": 2, "group_instance_ids": ["seat", "seat"]"#,
        "",
    );
    let failed = |what| matches!(what, What::ConsumerFailed { actor, .. } if actor == SECOND);
    assert_eq!(first(&run, failed), at(10));
    assert!(
        !events(&run)
            .any(|event| matches!(event.what, What::Assigned { actor, .. } if actor == SECOND))
    );
}

#[test]
fn a_process_that_starts_again_is_another_member() {
    let run = run(
        "20ms",
        r#""members": 2"#,
        r#"{ "at": "8s", "crash": "billing-1" }, { "at": "9s", "restart": "billing-1" }"#,
    );
    let world = log_at(&run, at(10_000));
    assert_eq!(world.members[0].former, 1);
    let owned = world.groups[0].reading.iter();
    let owned = owned.filter(|reading| reading.owner.now == Some(FIRST));
    // One comes from the other member: what the former one has is nobody's until its session ends.
    assert_eq!(owned.count(), 1);
    let held = world.groups[0].reading.iter();
    let held = held.filter(|reading| reading.holder.is_some_and(|its| its.actor == FIRST));
    assert_eq!(held.count(), 3);
    let world = log_at(&run, at(20_000));
    assert_eq!(world.members[0].former, 0);
    assert_eq!(world.groups[0].phase, GroupPhase::Stable);
}

#[test]
fn the_world_keeps_the_books_of_the_coordinator() {
    let run = run(
        "200ms",
        r#""members": 1"#,
        r#"{ "at": "3s", "add": "billing" }"#,
    );
    let pending = events(&run).find_map(|event| match event.what {
        What::ConsumerGroup {
            what: ConsumerGroupWhat::RevocationPending { actor, partition },
        } => Some((event.at, actor, partition)),
        _ => None,
    });
    let (time, actor, partition): (_, _, TopicPartition) = pending.expect("something moves");
    let world = log_at(&run, time);
    let index = world.flat_index(partition);
    let group = &world.groups[0];
    assert_eq!(group.protocol, GroupProtocol::Consumer);
    assert_eq!((group.group_epoch.0, group.generation.0), (3, 3));
    assert!(matches!(group.phase, GroupPhase::Rebalancing { .. }));
    let reading = group.reading[index];
    let holder = reading.holder.expect("somebody has it");
    assert_eq!(
        (holder.actor, holder.holding),
        (actor, Holding::PendingRevocation)
    );
    assert_eq!(reading.target, Some(SECOND));
    assert_eq!(reading.owner.now, Some(FIRST));
    let known = world.members[0].known.expect("it is a member");
    assert_eq!(known.state.to_string(), "UNREVOKED_PARTITIONS");
    assert_eq!(known.epoch.map(|epoch| epoch.0), Some(2));
    let waiting = world.members[1].known.expect("it is a member");
    assert_eq!(waiting.state.to_string(), "UNRELEASED_PARTITIONS");
    assert_eq!(waiting.epoch.map(|epoch| epoch.0), Some(3));
}

#[test]
fn a_client_takes_only_the_settings_of_its_own_protocol() {
    let fault = |group: &str| {
        let document = format!(
            r#"{{ "version": 1, "horizon": "1s", "workload": {{}},
                 "lanes": [{{ "name": "log", "kafka": {{ "topics": [{{ "name": "orders" }}],
                   "groups": [{{ "name": "billing", "topics": ["orders"], {group} }}] }} }}] }}"#
        );
        Scenario::from_json(&document).map_err(|faults| faults.to_string())
    };
    let consumer = r#""group_protocol": "consumer""#;
    for (field, value) in [
        ("session_timeout", r#""10s""#),
        ("heartbeat_interval", r#""1s""#),
        ("partition_assignment_strategy", r#"["range"]"#),
    ] {
        let expected = format!(
            "lanes[0].kafka.groups[0].{field}: cannot be set with \"group_protocol\": \"consumer\""
        );
        let group = format!(r#"{consumer}, "{field}": {value}"#);
        assert_eq!(fault(&group).unwrap_err(), expected);
    }
    let classic = fault(r#""group_remote_assignor": "uniform""#).unwrap_err();
    assert!(
        classic.ends_with("cannot be set with \"group_protocol\": \"classic\""),
        "{classic}"
    );
    assert!(fault(&format!(r#"{consumer}, "group_remote_assignor": "range""#)).is_ok());
}
