//! Who stops, who goes on, and in which steps partitions change hands.

use broker_lab_core::trace::{CommitRefusal, What};

use crate::words::{Lab, Play, p};

/// A second consumer joins at 10 s.
fn join(group: &'static str) -> Play {
    Lab {
        group,
        commands: r#"{ "at": "10s", "add": "billing" }"#,
        ..Lab::default()
    }
    .run()
}

#[test]
fn an_eager_member_gives_everything_up_and_gets_most_of_it_again() {
    for strategy in ["range", "sticky"] {
        let group = match strategy {
            "range" => r#""partition_assignment_strategy": ["range"]"#,
            _ => r#""partition_assignment_strategy": ["sticky"]"#,
        };
        let play = join(group);
        assert_eq!(
            play.callbacks(0, 10_000),
            "-0 -1 -2 -3 #2 +0 +1",
            "{strategy}"
        );
        assert_eq!(play.callbacks(1, 10_000), "#2 +2 +3", "{strategy}");
        let stops = play.first(|what| matches!(what, What::Revoked { .. }));
        let goes_on = play.callbacks_at(stops);
        let polled = |partition| play.polls(partition).into_iter();
        for partition in 0..4 {
            let during = polled(partition).any(|at| (stops..goes_on).contains(&at));
            assert!(
                !during,
                "{strategy}: {partition} is polled while the group stands still"
            );
        }
    }
}

#[test]
fn a_cooperative_member_keeps_what_it_has_and_hands_the_rest_over_in_two_steps() {
    let play = join(r#""partition_assignment_strategy": ["cooperative-sticky"]"#);
    assert_eq!(play.callbacks(0, 10_000), "#2 -2 -3 #3");
    assert_eq!(play.callbacks(1, 10_000), "#2 #3 +2 +3");
    let generations = play.what(|what| match what {
        What::GenerationStarted {
            generation,
            members,
            ..
        } => Some((generation.0, members)),
        _ => None,
    });
    assert_eq!(generations, [(1, 1), (2, 2), (3, 2)]);
}

#[test]
fn partitions_that_do_not_move_are_read_while_a_cooperative_group_rebalances() {
    let play = Lab {
        group: r#""partition_assignment_strategy": ["cooperative-sticky"], "heartbeat_interval": "3s""#,
        commands: r#"{ "at": "10s", "add": "billing" }"#,
        ..Lab::default()
    }
    .run();
    let starts = play.first(|what| matches!(what, What::RebalanceStarted { .. }));
    assert!(starts < 1_000, "the first one is that of the first member");
    // The second rebalance waits for the heartbeat of the newcomer, three seconds.
    let ends = play.callbacks_at_last();
    let during = |partition| {
        let polls = play.polls(partition);
        polls
            .iter()
            .filter(|at| (10_100..ends).contains(*at))
            .count()
    };
    assert!(during(0) + during(1) > 10, "{}", play.between(10_000, ends));
    let refused = play.what(|what| match what {
        What::CommitRefused { error, .. } => Some(error),
        _ => None,
    });
    assert!(
        !refused.is_empty(),
        "a commit comes while the group rebalances"
    );
    let of_rebalance = |error: &CommitRefusal| *error == CommitRefusal::RebalanceInProgress;
    assert!(refused.iter().all(of_rebalance), "{refused:?}");
    let lost = |what| matches!(what, What::Lost { .. });
    assert!(!play.events().any(|event| lost(event.what)));
}

#[test]
fn the_default_list_is_range_and_eager() {
    let listed = join(r#""partition_assignment_strategy": ["range", "cooperative-sticky"]"#);
    let default = join(r#""members": 1"#);
    for play in [&listed, &default] {
        let chosen = play.what(|what| match what {
            What::ProtocolChosen { assignor, .. } => Some(assignor.name()),
            _ => None,
        });
        assert_eq!(chosen, ["range"]);
        assert_eq!(play.callbacks(0, 10_000), "-0 -1 -2 -3 #2 +0 +1");
    }
}

#[test]
fn a_cooperative_group_takes_over_from_a_crashed_member_in_one_step() {
    let play = Lab {
        group: r#""members": 2, "partition_assignment_strategy": ["cooperative-sticky"]"#,
        commands: r#"{ "at": "10s", "crash": "billing-2" }"#,
        ..Lab::default()
    }
    .run();
    let first = play.callbacks(0, 10_000);
    assert!(first.starts_with('#') && !first.contains('-'), "{first}");
    assert_eq!(first.matches('+').count(), 2, "{first}");
    assert_eq!(first.matches('#').count(), 1, "{first}");
    let at = play.callbacks_at(10_000);
    assert!((15_500..17_000).contains(&at), "{at}");
}

#[test]
fn a_member_that_leaves_is_not_waited_for() {
    for strategy in [
        r#""members": 2, "partition_assignment_strategy": ["cooperative-sticky"]"#,
        r#""members": 2, "partition_assignment_strategy": ["sticky"]"#,
        r#""members": 2, "partition_assignment_strategy": ["roundrobin"]"#,
    ] {
        let play = Lab {
            group: strategy,
            commands: r#"{ "at": "10s", "remove": "billing-2" }"#,
            ..Lab::default()
        }
        .run();
        let at = play.callbacks_at(10_001);
        assert!(at < 10_700, "{at}: the next heartbeat of the other one");
        let owners = play.what(|what| match what {
            What::Assigned {
                actor, partition, ..
            } => Some((partition, actor.0)),
            _ => None,
        });
        assert!(owners.iter().rev().take(2).all(|(_, actor)| *actor == 0));
    }
}

/// Eager: everybody stands still until the slowest member has polled.
#[test]
fn an_eager_rebalance_waits_for_the_work_in_hand_and_all_wait_with_it() {
    let play = Lab {
        group: r#""members": 2"#,
        work: "3s",
        commands: r#"{ "at": "10s", "add": "billing" }"#,
        ..Lab::default()
    }
    .run();
    let joins = play.all(|what| match what {
        What::JoinSent { actor } => Some(actor.0),
        _ => None,
    });
    let late: Vec<_> = joins.iter().filter(|(at, _)| *at >= 10_000).collect();
    let [(_, 2), (first, _), (second, _), ..] = late.as_slice() else {
        panic!("{late:?}");
    };
    let ends = play.callbacks_at(10_000);
    assert!(*first > 10_000 && *second >= *first, "{late:?}");
    assert!(
        ends >= *second && ends < *second + 100,
        "{ends} after {late:?}"
    );
}

#[test]
fn a_changed_subscription_makes_the_group_rebalance() {
    let topics = r#""topics": [{ "name": "orders", "partitions": 2 }, { "name": "audit", "partitions": 1 }],"#;
    for (group, expected) in [
        (r#""members": 1"#, "-0 -1 #2 +0 +0 +1"),
        (
            r#""members": 1, "partition_assignment_strategy": ["cooperative-sticky"]"#,
            "#2 +0",
        ),
    ] {
        let play = Lab {
            lane: topics,
            group,
            commands: r#"{ "at": "10s", "subscribe": { "group": "billing", "topics": ["orders", "audit"] } }"#,
            ..Lab::default()
        }
        .run();
        let told = play.callbacks(0, 10_000);
        let mut told: Vec<&str> = told.split(' ').collect();
        let mut expected: Vec<&str> = expected.split(' ').collect();
        told.sort_unstable();
        expected.sort_unstable();
        assert_eq!(told, expected);
    }
}

#[test]
fn a_cooperative_member_gives_up_only_the_topic_that_it_left() {
    let play = Lab {
        lane: r#""topics": [{ "name": "orders", "partitions": 2 }, { "name": "audit", "partitions": 1 }],"#,
        group: r#""topics": ["orders", "audit"],
                  "partition_assignment_strategy": ["cooperative-sticky"]"#,
        commands: r#"{ "at": "10s", "subscribe": { "group": "billing", "topics": ["orders"] } }"#,
        ..Lab::default()
    }
    .run();
    let told = play.events().filter(|event| event.at.as_millis() >= 10_000);
    let given_up: Vec<_> = told
        .filter_map(|event| match event.what {
            What::Revoked { partition, .. } => Some(partition),
            _ => None,
        })
        .collect();
    assert_eq!(given_up.len(), 1);
    assert_ne!(given_up[0].topic, p(0).topic);
}

impl Play {
    /// When a member next has its part of a generation, from the moment `from` on.
    pub(crate) fn callbacks_at(&self, from: u64) -> u64 {
        let synced = self.all(|what| matches!(what, What::Synced { .. }).then_some(()));
        let next = synced.into_iter().map(|(at, ())| at).find(|at| *at >= from);
        next.expect("a generation")
    }

    fn callbacks_at_last(&self) -> u64 {
        let synced = self.all(|what| matches!(what, What::Synced { .. }).then_some(()));
        synced.last().expect("a generation").0
    }
}
