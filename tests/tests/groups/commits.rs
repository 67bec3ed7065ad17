//! When offsets are committed, and where a group begins without one.

use broker_lab_core::trace::{ConsumerError, PositionOrigin, What};

use crate::words::{Lab, Play, p};

fn positions(play: &Play) -> Vec<(u64, (u32, PositionOrigin))> {
    play.all(|what| match what {
        What::PositionSet {
            partition,
            offset,
            origin,
            ..
        } if partition == p(0) => Some((offset.0, origin)),
        _ => None,
    })
}

fn one(group: &'static str, commands: &'static str) -> Play {
    Lab {
        partitions: 1,
        group,
        producer: r#""rate": "2/s", "start": "2s", "count": 20, "keys": ["ada"]"#,
        work: "100ms",
        commands,
        ..Lab::default()
    }
    .run()
}

#[test]
fn an_asynchronous_commit_is_not_waited_for() {
    let sync = one(r#""members": 1"#, "");
    let asynchronous = one(r#""commit_call": "async""#, "");
    assert_eq!(sync.committed(0), Some(20));
    assert_eq!(asynchronous.committed(0), Some(20));
    let gap = |play: &Play| {
        let finished = play.first(|what| matches!(what, What::WorkFinished { .. }));
        let fetch = play.polls(0)[1];
        fetch - finished
    };
    assert_eq!(
        gap(&sync),
        gap(&asynchronous),
        "the next record comes later than both"
    );
    let burst = |group| {
        let play = Lab {
            partitions: 1,
            group,
            producer: r#""rate": "1000/s", "start": "2s", "count": 20, "keys": ["ada"]"#,
            work: "100ms",
            ..Lab::default()
        }
        .run();
        play.all(|what| matches!(what, What::WorkFinished { .. }).then_some(()))
            .last()
            .unwrap()
            .0
    };
    // Ten milliseconds to the coordinator and back, for each but the last of twenty records.
    assert_eq!(
        burst(r#""max_poll_records": 500"#),
        burst(r#""max_poll_records": 500, "commit_call": "async""#) + 19 * 10
    );
}

#[test]
fn a_group_that_never_commits_begins_anew() {
    let play = one(
        r#""enable_auto_commit": false, "commit": "never""#,
        r#"{ "at": "20s", "crash": "billing-1" }, { "at": "21s", "restart": "billing-1" }"#,
    );
    assert_eq!(play.committed(0), None);
    let read = play.read(0);
    assert_eq!(read.iter().filter(|offset| **offset == 0).count(), 2);
}

#[test]
fn an_offset_outlives_the_members() {
    let play = one(
        r#""members": 1"#,
        r#"{ "at": "6s", "crash": "billing-1" }, { "at": "20s", "restart": "billing-1" }"#,
    );
    let empty = |what| matches!(what, What::GenerationStarted { members: 0, .. });
    assert!(play.first(empty) < 20_000);
    let (_, (offset, origin)) = positions(&play)[1];
    assert_eq!(origin, PositionOrigin::Committed);
    assert!(offset > 5);
    let mut read = play.read(0);
    read.dedup();
    assert_eq!(
        read,
        (0..20).collect::<Vec<_>>(),
        "at most the record in hand again"
    );
}

#[test]
fn a_manual_committer_can_commit_in_on_partitions_revoked() {
    let moves = |group| {
        Lab {
            partitions: 2,
            group,
            producer: r#""rate": "10/s", "start": "2s", "keys": ["ada", "ben", "cy", "dot"]"#,
            work: "10ms",
            commands: r#"{ "at": "10s", "add": "billing" }"#,
            ..Lab::default()
        }
        .run()
    };
    let again = |play: &Play| {
        let mut read: Vec<_> = play
            .read(0)
            .into_iter()
            .chain(play.read(1).into_iter().map(|o| o + 10_000))
            .collect();
        let all = read.len();
        read.sort_unstable();
        read.dedup();
        all - read.len()
    };
    let without = moves(r#""enable_auto_commit": false, "commit": "never""#);
    let with = moves(r#""enable_auto_commit": false, "commit": "never", "commit_on_revoke": true"#);
    assert!(again(&without) > 50);
    assert_eq!(again(&with), 0);
    let cooperative = moves(
        r#""enable_auto_commit": false, "commit": "never", "commit_on_revoke": true,
           "partition_assignment_strategy": ["cooperative-sticky"]"#,
    );
    assert_eq!(again(&cooperative), 0);
}

#[test]
fn an_eager_member_commits_automatically_before_it_gives_up_and_again_nothing() {
    let play = Lab {
        partitions: 2,
        group: r#""enable_auto_commit": true, "auto_commit_interval": "1h""#,
        commands: r#"{ "at": "10s", "add": "billing" }"#,
        work: "10ms",
        ..Lab::default()
    }
    .run();
    let commits = play.all(|what| matches!(what, What::Committed { .. }).then_some(()));
    let revoked = play.first(|what| matches!(what, What::Revoked { .. }));
    assert_eq!(commits.len(), 2);
    let latency = 5;
    assert!(
        commits.iter().all(|(at, ())| at + latency == revoked),
        "{commits:?} {revoked}"
    );
    for partition in 0..2 {
        let mut read = play.read(partition);
        let all = read.len();
        read.dedup();
        assert_eq!(read.len(), all);
    }
}

#[test]
fn without_an_offset_and_without_a_reset_a_consumer_fails() {
    let play = one(r#""auto_offset_reset": "none""#, "");
    let failed = play.what(|what| match what {
        What::ConsumerFailed { actor, error } => Some((actor.0, error)),
        _ => None,
    });
    assert_eq!(failed, [(0, ConsumerError::NoOffsetForPartition)]);
    assert!(
        play.events()
            .any(|event| matches!(event.what, What::ActorStopped { .. }))
    );
    assert_eq!(play.read(0), [0; 0]);
}

/// The group begins 12 s into the run; records came every half second from 2 s on.
#[test]
fn by_duration_begins_with_what_is_young_enough() {
    let late = |group| {
        Lab {
            partitions: 1,
            group,
            producer: r#""rate": "2/s", "start": "2s", "keys": ["ada"]"#,
            work: "10ms",
            commands: r#"{ "at": "12s", "add": "billing" }"#,
            ..Lab::default()
        }
        .run()
    };
    let first = |play: &Play| positions(play)[0].1;
    let duration = late(r#""members": 0, "auto_offset_reset": "by_duration:PT3S""#);
    // Asked at 12.035 s: what was sent from 9.035 s on is record 15 and up.
    assert_eq!(first(&duration), (15, PositionOrigin::ByDuration));
    let all = late(r#""members": 0, "auto_offset_reset": "by_duration:P1D""#);
    assert_eq!(first(&all), (0, PositionOrigin::ByDuration));
    let none = late(r#""members": 0, "auto_offset_reset": "by_duration:PT0S""#);
    let latest = late(r#""members": 0, "auto_offset_reset": "latest""#);
    assert_eq!(first(&none).0, first(&latest).0);
}
