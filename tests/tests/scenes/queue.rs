//! What the words of some scenes promise.

use broker_lab_core::guarantee::Guarantee;
use broker_lab_core::trace::What;

use crate::play::{Lane, Play};

/// The numbers that a worker finished.
fn finished_by(lane: &Lane<'_>, worker: &str) -> Vec<u32> {
    let who = lane.actor(worker);
    let mut finished = lane.all(|what| match what {
        What::WorkFinished { actor, message, .. } if actor.index() == who => Some(message.0),
        _ => None,
    });
    finished.sort_unstable();
    finished
}

#[test]
fn to_a_queue_all_who_receive_are_the_same() {
    let all: Vec<u32> = (1..=12).collect();
    let play = Play::of("two-kinds-one-queue");
    let shared = play.lane("one-queue");
    let billed = finished_by(&shared, "biller-1");
    let packed = finished_by(&shared, "packer-1");
    assert!(!billed.is_empty() && !packed.is_empty());
    let mut either = [billed, packed].concat();
    either.sort_unstable();
    assert_eq!(either, all, "billed or packed, none both");
    assert_eq!(shared.deliveries(), 12);
    let missed = shared.counterexample(Guarantee::EveryTeam).what;
    let is_first = matches!(missed, What::Deleted { message, .. } if message.0 == 1);
    assert!(is_first, "{missed:?}");
    let topic = play.lane("topic");
    assert_eq!(finished_by(&topic, "bill-1"), all);
    assert_eq!(finished_by(&topic, "pack-1"), all);
    assert_eq!(topic.deliveries(), 24);
}

#[test]
fn looking_at_a_dead_letter_counts_and_a_move_starts_anew() {
    let play = Play::of("dead-letter-looked-at");
    let lane = play.lane("queue");
    let counts = [
        ("orders", 1),
        ("orders", 2),
        ("orders", 3),
        ("orders-dlq", 4),
        ("orders", 1),
    ];
    assert_eq!(lane.receives(3), counts);
    assert_eq!(lane.dead_letters(), [3]);
    // Visible again in the dead-letter queue, before it is taken back.
    let queues = lane.queues(20_000).queues;
    assert_eq!((queues[0].visible, queues[1].visible), (0, 1));
    let moved = lane.when(|what| matches!(what, What::Moved { .. }));
    assert_eq!(moved, Some(22_000));
    assert!(lane.done_at(3) > moved);
    let deleted = lane.all(|what| matches!(what, What::Deleted { .. }).then_some(()));
    assert_eq!(deleted.len(), 6);
}

#[test]
fn only_a_receive_moves_a_message_to_the_dead_letter_queue() {
    let scenario = "dead-letter-looked-at";
    let nobody_looks = Play::of(scenario).with(r#"{ "at": "0s", "remove": "review-1" }"#);
    let lane = nobody_looks.lane("queue");
    let counts = [("orders", 1), ("orders", 2), ("orders", 3), ("orders", 1)];
    assert_eq!(lane.receives(3)[..4], counts);
    assert_eq!(lane.dead_letters(), [3]);
    let [first, second] = [1, 2].map(|n| format!(r#"{{ "at": "13s", "remove": "worker-{n}" }}"#));
    let one_is_left = Play::of(scenario).with(&first);
    assert_eq!(one_is_left.lane("queue").dead_letters(), [3]);
    let nobody_is_left = Play::of(scenario).with(&first).with(&second);
    assert_eq!(nobody_is_left.lane("queue").dead_letters(), [] as [u32; 0]);
    assert_eq!(nobody_is_left.lane("queue").receives(3).len(), 3);
}

#[test]
fn while_a_quiet_tenant_has_a_job_waiting_it_is_given_first() {
    let play = Play::of("fair-queue");
    let lane = play.lane("fair");
    let is_quiet = |number: u32| lane.key(number) != "bigco";
    let (mut is_noisy, mut waiting, mut passed) = (false, Vec::new(), 0);
    for (_, what) in lane.events() {
        match what {
            What::TenantNoisy { .. } => is_noisy = true,
            What::Enqueued { message, .. } => waiting.push(message.0),
            What::Received { message, .. } => {
                waiting.retain(|number| *number != message.0);
                if is_quiet(message.0) {
                    passed += u32::from(waiting.iter().any(|number| !is_quiet(*number)));
                } else if is_noisy {
                    let behind = waiting.iter().find(|number| is_quiet(**number));
                    assert_eq!(behind, None, "{message:?} is given before it");
                }
            }
            _ => {}
        }
    }
    assert_eq!(passed, 3, "each of the quiet passes some of bigco's");
}
