//! Static members (KIP-345).

use broker_lab_core::trace::{ConsumerError, What};

use crate::words::{Lab, Play};

fn rebalances(play: &Play) -> Vec<u64> {
    let starts = play.all(|what| matches!(what, What::RebalanceStarted { .. }).then_some(()));
    starts.into_iter().map(|(at, ())| at).collect()
}

/// As in the recording static-restart-range.
#[test]
fn a_static_member_that_is_back_in_time_disturbs_nobody() {
    for (gone, at) in [("remove", 8_500), ("crash", 8_500)] {
        let commands = match gone {
            "remove" => {
                r#"{ "at": "8500ms", "remove": "billing-1" }, { "at": "10s", "restart": "billing-1" }"#
            }
            _ => {
                r#"{ "at": "8500ms", "crash": "billing-1" }, { "at": "10s", "restart": "billing-1" }"#
            }
        };
        let play = Lab {
            partitions: 3,
            group: r#""members": 2, "static_membership": true"#,
            commands,
            ..Lab::default()
        }
        .run();
        assert!(
            rebalances(&play).iter().all(|start| *start < 1_000),
            "{gone}"
        );
        assert_eq!(play.callbacks(1, at), "", "{gone}");
        let gives_up = if gone == "remove" { "-0 -1 " } else { "" };
        assert_eq!(
            play.callbacks(0, at),
            format!("{gives_up}#1 +0 +1"),
            "{gone}"
        );
        let back = play.callbacks_at(at);
        assert!((10_000..10_100).contains(&back), "{back}");
    }
}

#[test]
fn a_static_member_that_is_away_too_long_is_out() {
    let play = Lab {
        partitions: 3,
        group: r#""members": 2, "static_membership": true"#,
        commands: r#"{ "at": "8500ms", "remove": "billing-1" }, { "at": "20s", "restart": "billing-1" }"#,
        ..Lab::default()
    }
    .run();
    let expired = play.first(|what| matches!(what, What::SessionExpired { .. }));
    assert!((14_000..14_600).contains(&expired), "{expired}");
    assert_eq!(
        rebalances(&play)
            .iter()
            .filter(|start| **start > 1_000)
            .count(),
        2
    );
}

/// Dynamic members: the same restart is two rebalances.
#[test]
fn a_dynamic_member_that_restarts_disturbs_everybody_twice() {
    let play = Lab {
        partitions: 3,
        group: r#""members": 2"#,
        commands: r#"{ "at": "8500ms", "remove": "billing-1" }, { "at": "10s", "restart": "billing-1" }"#,
        ..Lab::default()
    }
    .run();
    assert_eq!(
        rebalances(&play)
            .iter()
            .filter(|start| **start > 1_000)
            .count(),
        2
    );
}

#[test]
fn a_second_process_with_the_same_id_fences_the_first() {
    let play = Lab {
        group: r#""group_instance_ids": ["seat-1", "seat-1"]"#,
        commands: r#"{ "at": "10s", "add": "billing" }"#,
        ..Lab::default()
    }
    .run();
    let replaced = play.what(|what| match what {
        What::StaticMemberReplaced { actor, before, .. } => Some((actor.0, before.0)),
        _ => None,
    });
    assert_eq!(replaced, [(1, 0)]);
    let failed = play.all(|what| match what {
        What::ConsumerFailed { actor, error } => Some((actor.0, error)),
        _ => None,
    });
    assert_eq!(failed.len(), 1);
    let (at, what) = failed[0];
    assert_eq!(what, (0, ConsumerError::FencedInstanceId));
    assert!(
        (10_000..10_700).contains(&at),
        "{at}: its next heartbeat or commit"
    );
    assert_eq!(play.callbacks(1, 10_000), "#1 +0 +1 +2 +3");
    let dies = play.first(|what| matches!(what, What::ActorStopped { .. }));
    assert_eq!(dies, at);
}

/// KIP-62 and KIP-345: it falls silent, and its session ends.
#[test]
fn a_static_member_that_does_not_poll_is_not_replaced_before_its_session_ends() {
    let play = Lab {
        partitions: 1,
        group: r#""members": 2, "static_membership": true, "max_poll_interval": "3s""#,
        producer: r#""rate": "10/s", "start": "2s", "count": 1, "keys": ["ada"]"#,
        work: "20s",
        ..Lab::default()
    }
    .run();
    let silent = play.first(|what| matches!(what, What::MaxPollExceeded { .. }));
    let expired = play.first(|what| matches!(what, What::SessionExpired { .. }));
    assert!(
        (silent + 5_400..=silent + 6_000).contains(&expired),
        "{silent} {expired}"
    );
}
