//! `max.poll.interval.ms`, freezing, slowness: members that are alive and do not poll.

use broker_lab_core::guarantee::{Guarantee, Verdict};
use broker_lab_core::trace::{CommitRefusal, RebalanceReason, What};
use broker_lab_core::{LaneId, SimTime};

use crate::words::{Lab, Play, p};

fn refusals(play: &Play) -> Vec<(u64, (u16, CommitRefusal))> {
    play.all(|what| match what {
        What::CommitRefused { actor, error, .. } => Some((actor.0, error)),
        _ => None,
    })
}

/// As in the recording slow-range: both members are thrown out in turn, and nothing gets on.
#[test]
fn work_longer_than_max_poll_interval_is_a_livelock() {
    let play = Lab {
        partitions: 1,
        group: r#""members": 2, "max_poll_interval": "3s""#,
        producer: r#""rate": "10/s", "start": "2s", "count": 1, "keys": ["ada"]"#,
        work: "5s",
        ..Lab::default()
    }
    .run();
    let left = play.all(|what| match what {
        What::MaxPollExceeded { actor } => Some(actor.0),
        _ => None,
    });
    let (polled, _) = play.all(|what| matches!(what, What::Polled { .. }).then_some(()))[0];
    assert_eq!(left[0], (polled + 3_000, 0));
    assert_eq!(left[1].1, 1, "then the other one: {left:?}");
    let refused = refusals(&play);
    assert!(refused.len() > 3, "{refused:?}");
    assert!(
        refused
            .iter()
            .all(|(_, (_, error))| *error == CommitRefusal::NotInGroup)
    );
    // It finds out at its next poll: right after the refused commit it has lost its partition.
    let lost = play.all(|what| match what {
        What::Lost { actor, partition } if partition == p(0) => Some(actor.0),
        _ => None,
    });
    assert_eq!(lost[0], (polled + 5_000, 0));
    assert_eq!(play.committed(0), None);
    let reasons = play.what(|what| match what {
        What::RebalanceStarted { actor, reason, .. } => Some((actor.map(|a| a.0), reason)),
        _ => None,
    });
    assert!(reasons.contains(&(Some(0), RebalanceReason::MemberLeft)));
}

#[test]
fn polling_in_time_is_enough_however_long_all_of_it_takes() {
    let play = Lab {
        partitions: 1,
        group: r#""max_poll_interval": "3s""#,
        producer: r#""rate": "10/s", "start": "2s", "count": 10, "keys": ["ada"]"#,
        work: "2500ms",
        horizon: "40s",
        ..Lab::default()
    }
    .run();
    assert!(
        !play
            .events()
            .any(|event| matches!(event.what, What::MaxPollExceeded { .. }))
    );
    assert_eq!(play.committed(0), Some(10));
}

/// Ten records of a second each in one batch: the same as one of ten seconds.
#[test]
fn a_batch_counts_as_a_whole() {
    let play = Lab {
        partitions: 1,
        group: r#""max_poll_interval": "5s", "max_poll_records": 500,
                  "enable_auto_commit": false, "commit": "after_poll""#,
        producer: r#""rate": "100/s", "start": "0s", "count": 10, "keys": ["ada"]"#,
        work: "1s",
        commands: r#"{ "at": "10ms", "freeze": "billing-1" }, { "at": "1s", "thaw": "billing-1" }"#,
        ..Lab::default()
    }
    .run();
    assert!(
        play.events()
            .any(|event| matches!(event.what, What::MaxPollExceeded { .. }))
    );
    assert_eq!(play.committed(0), None);
}

/// As in the recording freeze-range: the record is processed twice, the zombie's commit is refused.
#[test]
fn a_frozen_member_goes_on_as_a_zombie() {
    let play = Lab {
        partitions: 2,
        group: r#""members": 2"#,
        producer: r#""rate": "5/s", "start": "2s", "count": 20, "keys": ["ada", "ben", "cy", "dot"]"#,
        work: "400ms",
        commands: r#"{ "at": "4100ms", "freeze": "billing-1" }, { "at": "20s", "thaw": "billing-1" }"#,
        ..Lab::default()
    }
    .run();
    let expired = play.first(|what| matches!(what, What::SessionExpired { .. }));
    assert!((9_600..10_200).contains(&expired), "{expired}");
    let finishes = play.all(|what| match what {
        What::WorkFinished { actor, message, .. } => Some((actor.0, message.0)),
        _ => None,
    });
    let zombie = finishes
        .iter()
        .find(|(at, (actor, _))| *at >= 20_000 && *actor == 0);
    let (at, (_, message)) = zombie.expect("it finishes its record");
    assert!(*at < 20_400, "{at}: what was left of the work");
    let by_the_other = finishes
        .iter()
        .any(|(at, what)| *at < 20_000 && *what == (1, *message));
    assert!(by_the_other, "{message} was done by the other one");
    let (_, (who, error)) = refusals(&play)[0];
    assert_eq!(who, 0);
    assert!(
        matches!(
            error,
            CommitRefusal::NotInGroup | CommitRefusal::UnknownMemberId
        ),
        "{error}"
    );
    let told = play.callbacks(0, 20_000);
    assert!(told.starts_with("!0 #"), "{told}");
    let end = SimTime::from_millis(30_000);
    let once = play
        .0
        .guarantees()
        .verdict(LaneId(0), Guarantee::ProcessedOnce, end);
    assert!(matches!(once, Verdict::Broken { .. }));
}

#[test]
fn a_short_pause_does_no_harm() {
    let play = Lab {
        group: r#""members": 2"#,
        commands: r#"{ "at": "10s", "freeze": "billing-1" }, { "at": "14s", "thaw": "billing-1" }"#,
        ..Lab::default()
    }
    .run();
    assert_eq!(play.callbacks(0, 10_000), "");
    assert_eq!(play.callbacks(1, 10_000), "");
    assert_eq!(refusals(&play), []);
    let by_it = |what| matches!(what, What::Polled { actor, .. } if actor.0 == 0);
    let during = |at: u64| (10_001..14_000).contains(&at);
    let polls = play.all(|what| by_it(what).then_some(()));
    assert!(!polls.iter().any(|(at, ())| during(*at)));
    assert!(polls.iter().any(|(at, ())| *at >= 14_000));
}

#[test]
fn a_slow_member_takes_so_many_times_as_long() {
    let play = Lab {
        partitions: 1,
        commands: r#"{ "at": "10s", "slow_down": { "consumer": "billing-1", "times": 20 } },
                     { "at": "20s", "slow_down": { "consumer": "billing-1", "times": 1 } }"#,
        ..Lab::default()
    }
    .run();
    let takes = play.all(|what| match what {
        What::WorkStarted { takes, .. } => Some(takes.0),
        _ => None,
    });
    let in_time = |from: u64, to: u64| {
        let inside = takes.iter().filter(move |(at, _)| (from..to).contains(at));
        inside
            .map(|(_, takes)| *takes)
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(in_time(0, 10_000), [50].into());
    assert_eq!(in_time(10_000, 20_000), [1_000].into());
    assert_eq!(in_time(20_000, 30_000), [50].into());
}
