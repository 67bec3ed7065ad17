//! Seek and pause, and what an admin does: offsets and partitions.

use broker_lab_core::trace::{ConsumerError, PositionOrigin, What};

use crate::words::{Lab, Play, p};

fn one(commands: &'static str) -> Play {
    with(r#""members": 1"#, commands)
}

fn with(group: &'static str, commands: &'static str) -> Play {
    Lab {
        partitions: 2,
        group,
        producer: r#""rate": "4/s", "start": "2s", "count": 8, "keys": ["ada", "ben", "cy", "dot"]"#,
        work: "50ms",
        commands,
        ..Lab::default()
    }
    .run()
}

fn is_refused(play: &Play) -> bool {
    play.events()
        .any(|event| matches!(event.what, What::OffsetResetRefused { .. }))
}

/// As in the recording replay-range.
#[test]
fn who_seeks_to_the_beginning_reads_everything_again() {
    let play = one(r#"{ "at": "10s", "seek": { "consumer": "billing-1", "to_beginning": true } }"#);
    for partition in 0..2 {
        let read = play.read(partition);
        let (first, again) = read.split_at(read.len() / 2);
        assert_eq!(first, again);
        assert!(!first.is_empty());
        assert_eq!(play.committed(partition), first.last().map(|last| last + 1));
    }
    let sought = play.what(|what| match what {
        What::PositionSet {
            origin: PositionOrigin::Seek,
            offset,
            ..
        } => Some(offset.0),
        _ => None,
    });
    assert_eq!(sought, [0, 0]);
    assert_eq!(play.callbacks(0, 1_000), "", "no rebalance");
}

#[test]
fn a_seek_waits_for_the_work_in_hand() {
    let play = Lab {
        partitions: 1,
        producer: r#""rate": "10/s", "start": "2s", "count": 5, "keys": ["ada"]"#,
        work: "3s",
        commands: r#"{ "at": "4s", "seek": { "consumer": "billing-1", "topic": "orders",
                                             "partition": 0, "to_offset": 3 } }"#,
        ..Lab::default()
    }
    .run();
    assert_eq!(play.read(0)[..2], [0, 3]);
    let sought = play.first(|what| {
        matches!(
            what,
            What::PositionSet {
                origin: PositionOrigin::Seek,
                ..
            }
        )
    });
    let finished = play.first(|what| matches!(what, What::WorkFinished { .. }));
    assert!(
        sought >= finished && sought < finished + 100,
        "{finished} {sought}"
    );
}

#[test]
fn an_offset_that_the_log_does_not_have_is_reset() {
    let seek = r#"{ "at": "10s", "seek": { "consumer": "billing-1", "to_offset": 99 } }"#;
    let earliest = one(seek);
    let read = earliest.read(0);
    assert_eq!(
        read.iter().filter(|offset| **offset == 0).count(),
        2,
        "{read:?}"
    );
    let latest = with(r#""members": 1, "auto_offset_reset": "latest""#, seek);
    assert!(latest.read(0).iter().filter(|offset| **offset == 0).count() <= 1);
    let none = Lab {
        partitions: 1,
        group: r#""auto_offset_reset": "none""#,
        producer: r#""rate": "4/s", "start": "2s", "count": 8, "keys": ["ada"]"#,
        commands: r#"{ "at": "1s", "reset_offsets": { "group": "billing", "topic": "orders", "to_earliest": true } },
                     { "at": "3s", "restart": "billing-1" },
                     { "at": "10s", "seek": { "consumer": "billing-1", "to_offset": 99 } }"#,
        ..Lab::default()
    }
    .run();
    let failed = none.what(|what| match what {
        What::ConsumerFailed { error, .. } => Some(error),
        _ => None,
    });
    let expected = [
        ConsumerError::NoOffsetForPartition,
        ConsumerError::OffsetOutOfRange,
    ];
    assert_eq!(failed, expected);
}

#[test]
fn a_paused_partition_is_not_read_and_the_member_stays() {
    let play = Lab {
        partitions: 2,
        commands: r#"{ "at": "10s", "pause": { "consumer": "billing-1", "topic": "orders", "partition": 0 } },
                     { "at": "20s", "resume": { "consumer": "billing-1", "topic": "orders", "partition": 0 } }"#,
        group: r#""members": 1, "max_poll_interval": "4s""#,
        work: "10ms",
        ..Lab::default()
    }
    .run();
    let polls = |partition| {
        let polls = play.polls(partition).into_iter();
        polls.filter(|at| (10_200..20_000).contains(at)).count()
    };
    assert_eq!(polls(0), 0);
    assert!(polls(1) > 20);
    assert_eq!(play.callbacks(0, 1_000), "");
    let mut read = play.read(0);
    let all = read.len();
    read.dedup();
    assert_eq!(read.len(), all);
    assert!(play.polls(0).iter().any(|at| *at > 20_000));
}

#[test]
fn everything_can_be_paused_without_leaving_the_group() {
    let play = Lab {
        group: r#""members": 1, "max_poll_interval": "2s""#,
        commands: r#"{ "at": "10s", "pause": { "consumer": "billing-1" } },
                     { "at": "25s", "resume": { "consumer": "billing-1" } }"#,
        ..Lab::default()
    }
    .run();
    assert_eq!(play.callbacks(0, 1_000), "");
    let all: Vec<u64> = (0..4).flat_map(|partition| play.polls(partition)).collect();
    assert!(!all.iter().any(|at| (10_200..25_000).contains(at)));
    assert!(all.iter().any(|at| *at > 25_000));
}

#[test]
fn offsets_of_a_group_with_members_cannot_be_reset() {
    let play =
        one(r#"{ "at": "10s", "reset_offsets": { "group": "billing", "to_earliest": true } }"#);
    assert!(is_refused(&play));
    let reset = |what| matches!(what, What::OffsetReset { .. });
    assert!(!play.events().any(|event| reset(event.what)));
}

#[test]
fn offsets_of_an_empty_group_are_reset_and_read_from_there() {
    let after = |reset: &'static str| {
        let play = with(r#""members": 1"#, reset);
        assert!(!is_refused(&play));
        [play.committed(0), play.committed(1)]
    };
    // Four records each, all committed.
    let read = one("");
    let ends = [read.committed(0).unwrap(), read.committed(1).unwrap()];
    assert_eq!(ends[0] + ends[1], 8);
    let all = |offset: [u32; 2]| offset.map(Some);
    assert_eq!(
        after(
            r#"{ "at": "8s", "remove": "billing-1" },
                 { "at": "9s", "reset_offsets": { "group": "billing", "to_earliest": true } }"#
        ),
        all([0, 0])
    );
    assert_eq!(
        after(
            r#"{ "at": "8s", "remove": "billing-1" },
                 { "at": "9s", "reset_offsets": { "group": "billing", "to_offset": 1 } }"#
        ),
        all([1, 1])
    );
    assert_eq!(
        after(
            r#"{ "at": "8s", "remove": "billing-1" },
                 { "at": "9s", "reset_offsets": { "group": "billing", "shift_by": -1 } }"#
        ),
        all([ends[0] - 1, ends[1] - 1])
    );
    assert_eq!(
        after(
            r#"{ "at": "8s", "remove": "billing-1" },
                 { "at": "9s", "reset_offsets": { "group": "billing", "shift_by": 100 } }"#
        ),
        all(ends)
    );
    assert_eq!(
        after(
            r#"{ "at": "8s", "remove": "billing-1" },
                 { "at": "9s", "reset_offsets": { "group": "billing", "topic": "orders",
                                                  "partition": 1, "to_earliest": true } }"#
        ),
        all([ends[0], 0])
    );
    assert_eq!(
        after(
            r#"{ "at": "8s", "remove": "billing-1" },
                 { "at": "9s", "reset_offsets": { "group": "billing", "by_duration": "1h" } }"#
        ),
        all([0, 0])
    );
    let replay = one(r#"{ "at": "8s", "remove": "billing-1" },
           { "at": "9s", "reset_offsets": { "group": "billing", "to_earliest": true } },
           { "at": "10s", "restart": "billing-1" }"#);
    let twice: Vec<u32> = (0..ends[0]).chain(0..ends[0]).collect();
    assert_eq!(replay.read(0), twice);
}

#[test]
fn an_offset_that_is_not_there_cannot_be_shifted() {
    let play = with(
        r#""members": 0"#,
        r#"{ "at": "9s", "reset_offsets": { "group": "billing", "topic": "orders", "shift_by": 1 } }"#,
    );
    assert!(is_refused(&play));
}

/// The metadata of everybody are as old as the run, and renewed every four seconds.
#[test]
fn new_partitions_are_seen_when_metadata_are_renewed() {
    let play = Lab {
        partitions: 1,
        lane: r#""metadata_max_age": "4s","#,
        commands: r#"{ "at": "9s", "create_partitions": { "topic": "orders", "partitions": 3 } }"#,
        ..Lab::default()
    }
    .run();
    assert_eq!(
        play.first(|what| matches!(what, What::PartitionsAdded { .. })),
        9_000
    );
    assert_eq!(
        play.first(|what| matches!(what, What::PartitionsSeen { .. })),
        12_000
    );
    // The producer's first message was at 2 s.
    let by_producer = play.first(|what| matches!(what, What::PartitionsSeenByProducer { .. }));
    assert_eq!(by_producer, 10_000);
    assert_eq!(play.callbacks(0, 9_000), "-0 #2 +0 +1 +2");
    let keys = play.all(|what| match what {
        What::Appended { partition, .. } => Some(partition),
        _ => None,
    });
    assert!(keys.iter().all(|(at, to)| *at > 10_000 || *to == p(0)));
    assert!(keys.iter().any(|(_, to)| *to == p(2)));
}

#[test]
fn latest_skips_what_came_before_the_group_saw_the_partition() {
    let play = Lab {
        partitions: 1,
        lane: r#""metadata_max_age": "4s","#,
        group: r#""auto_offset_reset": "latest""#,
        commands: r#"{ "at": "9s", "create_partitions": { "topic": "orders", "partitions": 3 } }"#,
        ..Lab::default()
    }
    .run();
    let first = play.read(1).into_iter().chain(play.read(2)).min();
    assert!(first.is_some_and(|first| first > 0), "{first:?}");
}
