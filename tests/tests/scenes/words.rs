//! What the scenes of the page promise in their words comes true in their runs.

use broker_lab_core::MessageId;
use broker_lab_core::guarantee::Guarantee;
use broker_lab_core::story;
use broker_lab_core::trace::{DeliveryWhat, What};
use broker_lab_core::world::Place;

use crate::play::{Lane, Play};

use Guarantee::{
    EveryTeam, NoDuplicateSends, NothingLost, OneConsumer, OrderPerKey, ProcessedOnce,
};

fn sorted(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers
}

fn place_of(numbers: &[u32], number: u32) -> usize {
    let place = numbers.iter().position(|its| *its == number);
    place.expect("it is there")
}

#[test]
fn competing_workers() {
    let scene = Play::of("competing-workers");
    let queue = scene.lane("queue");
    queue.breaks(&[OrderPerKey]);
    assert_eq!(queue.metrics().deliveries, 12);
    let finished = queue.finished();
    assert_eq!(sorted(finished.clone()), (1..=12).collect::<Vec<_>>());
    assert!(place_of(&finished, 6) < place_of(&finished, 4));
    let begun = queue.all(|what| match what {
        What::WorkStarted { message, .. } => Some(message.0),
        _ => None,
    });
    assert!(place_of(&begun, 4) < place_of(&begun, 6));
    // What it says to try.
    let last = |scene: &Play| {
        let lane = scene.lane("queue");
        lane.times(|what| matches!(what, What::WorkFinished { .. }).then_some(()))
            .last()
            .map(|(at, ())| *at)
    };
    let faster = scene.with(r#"{ "at": "2s", "add": "worker" }"#);
    assert!(last(&faster) < last(&scene));
    assert_eq!(faster.lane("queue").metrics().deliveries, 12);
    let crashed = scene.with(r#"{ "at": "3s", "crash": "worker-2" }"#);
    assert_eq!(crashed.lane("queue").metrics().deliveries, 13);
    assert_eq!(crashed.lane("queue").metrics().processed, 12);
}

#[test]
fn dead_letters_and_back() {
    let scene = Play::of("dead-letters-and-back");
    let queue = scene.lane("queue");
    queue.breaks(&[]);
    assert_eq!(queue.dead_letters(), [3, 7, 7]);
    let counts = |number| {
        let receives = queue.receive_times(number).into_iter();
        receives.map(|(_, count)| count).collect::<Vec<_>>()
    };
    assert_eq!(counts(3), [1, 2, 1]);
    assert_eq!(counts(7), [1, 2, 1, 2]);
    let moved = queue.times(|what| match what {
        What::Moved { message, .. } => Some(message.0),
        _ => None,
    });
    assert_eq!(moved, [(22_000, 3), (23_000, 7)]);
    assert_eq!(queue.message(3).place.now, Place::Deleted);
    assert!(queue.is_in(7, "orders-dlq"));
    assert_eq!(queue.metrics().processed, 9);
    // Nobody receives, nothing moves.
    let idle = scene.with(r#"{ "at": "10500ms", "crash": "worker-1" }"#);
    let idle = idle.with(r#"{ "at": "10500ms", "crash": "worker-2" }"#);
    assert_eq!(idle.lane("queue").dead_letters(), [0_u32; 0]);
}

#[test]
fn fifo_stuck_group() {
    let scene = Play::of("fifo-stuck-group");
    let (standard, fifo) = (scene.lane("standard"), scene.lane("fifo"));
    standard.breaks(&[OrderPerKey]);
    fifo.breaks(&[]);
    let bens = |numbers: Vec<u32>| {
        let bens = numbers.into_iter().filter(|its| its % 3 == 2);
        bens.collect::<Vec<_>>()
    };
    assert_eq!(bens(standard.finished()), [5, 8, 11, 2]);
    assert_eq!(bens(fifo.finished()), [2, 5, 8, 11]);
    for lane in [standard, fifo] {
        let counts = lane.receive_times(2).into_iter().map(|(_, count)| count);
        assert_eq!(counts.collect::<Vec<_>>(), [1, 2, 3]);
    }
    // At 9 s only ben's orders are left.
    let world = fifo.queues(9_000);
    let left = world
        .unsettled()
        .filter(|(_, _, message)| message.place.now != Place::Deleted);
    let left: Vec<u32> = left.map(|(message, _, _)| message.0).collect();
    assert_eq!(left, [2, 5, 8, 11]);
    let third = scene.with(r#"{ "at": "2s", "add": "fifo-worker" }"#);
    let third = third.lane("fifo");
    assert!(third.receive_times(5) >= fifo.receive_times(5));
    assert_eq!(bens(third.finished()), [2, 5, 8, 11]);
}

#[test]
fn fair_queue() {
    let scene = Play::of("fair-queue");
    let (plain, fair) = (scene.lane("plain"), scene.lane("fair"));
    let noisy = |lane: Lane<'_>| {
        lane.all(|what| match what {
            What::TenantNoisy { tenant, .. } => Some(scene.cast().keys.name(tenant)),
            _ => None,
        })
    };
    assert_eq!(noisy(plain).len(), 0);
    assert_eq!(noisy(fair), ["bigco"]);
    let wait = |lane: Lane<'_>, number| {
        let (at, _) = lane.receive_times(number)[0];
        let sent = lane.message(number).sent_at;
        at - sent.as_millis()
    };
    // Jobs 19, 20 and 21 are those of ada, ben and cleo.
    assert!((8_500..9_000).contains(&wait(plain, 19)));
    assert!((900..1_100).contains(&wait(fair, 19)));
    let place = |lane: Lane<'_>| {
        let finished = lane.finished();
        [19, 20, 21].map(|number| place_of(&finished, number))
    };
    assert_eq!(place(plain), [18, 19, 20]);
    assert!(place(fair).into_iter().all(|place| place < 12));
    let last = |lane: Lane<'_>| {
        let times = lane.times(|what| matches!(what, What::WorkFinished { .. }).then_some(()));
        times.last().unwrap().0
    };
    assert!(last(plain).abs_diff(last(fair)) < 100);
    for lane in [plain, fair] {
        lane.breaks(&[]);
        assert_eq!(lane.metrics().processed, 21);
    }
}

#[test]
fn fan_out() {
    let scene = Play::of("fan-out");
    let (topic, log) = (scene.lane("topic"), scene.lane("log"));
    topic.breaks(&[]);
    log.breaks(&[]);
    assert!(EveryTeam.concerns(scene.cast().lane(topic.id()).unwrap()));
    assert_eq!(topic.metrics().deliveries, 18);
    assert_eq!(log.metrics().deliveries, 24);
    let filtered = topic.all(|what| match what {
        What::FilteredOut { message, .. } => Some(message.0),
        _ => None,
    });
    assert_eq!(filtered, [3, 4, 7, 8, 11, 12]);
    // Two copies are worked on, and neither of them again.
    let story = story::of_message(scene.trace(), scene.cast(), topic.id(), MessageId(2));
    let begins = story
        .iter()
        .filter(|line| line.text.contains("begins to work"));
    assert_eq!(begins.count(), 2);
    assert!(!story.iter().any(|line| line.text.contains("again")));
    let crashed = scene.with(r#"{ "at": "1500ms", "crash": "biller-1" }"#);
    let deleted = |scene: &Play| {
        let lane = scene.lane("topic");
        lane.times(|what| match what {
            What::Deleted { queue, message, .. } if queue.0 == 1 => Some(message),
            _ => None,
        })
    };
    assert_eq!(deleted(&crashed), deleted(&scene));
}

#[test]
fn topic_cannot_deliver() {
    let scene = Play::of("topic-cannot-deliver");
    let (lost, kept) = (scene.lane("lost"), scene.lane("kept"));
    // Who counts ben's third order has not had his second.
    lost.breaks(&[NothingLost, OrderPerKey, EveryTeam]);
    kept.breaks(&[OrderPerKey]);
    let given_up = |lane: Lane<'_>| {
        lane.all(|what| match what {
            What::Delivery {
                what: DeliveryWhat::GivenUp { message, .. },
            } => Some(message.0),
            _ => None,
        })
    };
    assert_eq!(given_up(lost), [5, 6, 7, 8, 9]);
    assert_eq!(given_up(kept), [5, 6, 7, 8, 9]);
    let undelivered = kept.queues(30_000).queues[2];
    assert_eq!(undelivered.visible, 5);
    for lane in [lost, kept] {
        // Billing does all twelve, and the last of those that came late first.
        let billed = lane.all(|what| match what {
            What::Deleted { queue, message, .. } if queue.0 == 0 => Some(message.0),
            _ => None,
        });
        assert_eq!(billed, [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11]);
    }
    let stories = [lost, kept].map(|lane| {
        let story = story::of_message(scene.trace(), scene.cast(), lane.id(), MessageId(5));
        let lines = story.into_iter().map(|line| line.text);
        lines.collect::<Vec<_>>().join("; ")
    });
    assert!(stories[0].contains("lost for to-count"), "{}", stories[0]);
    assert!(
        stories[1].contains("stored in undelivered"),
        "{}",
        stories[1]
    );
    let tenth = story::of_message(scene.trace(), scene.cast(), kept.id(), MessageId(10));
    let attempts = tenth.iter().filter(|line| line.text.starts_with("attempt"));
    assert!(attempts.count() >= 6);
    let earlier = scene.with(r#"{ "at": "4250ms", "allow": "to-count" }"#);
    assert_eq!(given_up(earlier.lane("kept")), [5, 6, 7]);
    // A move task does not take back what an SQS queue has not set aside.
    let moved = r#"{ "at": "20s", "start_message_move_task": { "source": "undelivered" } }"#;
    let refused = scene
        .with(moved)
        .lane("kept")
        .all(|what| matches!(what, What::MoveTaskRefused { .. }).then_some(()));
    assert_eq!(refused.len(), 1);
}

#[test]
fn delete_before_work() {
    let scene = Play::of("delete-before-work");
    let (before, after) = (scene.lane("before"), scene.lane("after"));
    before.breaks(&[NothingLost]);
    after.breaks(&[]);
    assert_eq!(sorted(before.finished()), [1, 2, 4, 5, 6, 7, 8]);
    assert_eq!(before.message(3).place.now, Place::Deleted);
    assert_eq!(before.message(3).starts, 1);
    assert_eq!(sorted(after.finished()), (1..=8).collect::<Vec<_>>());
    let receives = after.receive_times(3);
    assert_eq!(receives.len(), 2);
    assert!(receives[1].0 >= receives[0].0 + 8_000, "its time ran out");
}

#[test]
fn late_delete() {
    let scene = Play::of("late-delete");
    let (standard, fifo) = (scene.lane("standard"), scene.lane("fifo"));
    standard.breaks(&[ProcessedOnce, OneConsumer]);
    fifo.breaks(&[ProcessedOnce]);
    let ignored = |lane: Lane<'_>| {
        lane.all(|what| match what {
            What::DeleteIgnored { message, .. } => Some(message.0),
            _ => None,
        })
    };
    let failed = |lane: Lane<'_>| {
        lane.all(|what| match what {
            What::DeleteFailed { message, .. } => Some(message.0),
            _ => None,
        })
    };
    assert_eq!(ignored(standard), [2]);
    assert_eq!(failed(standard), [0_u32; 0]);
    assert_eq!(ignored(fifo), [0_u32; 0]);
    assert_eq!(failed(fifo), [1, 2]);
    assert_eq!(standard.finished(), [1, 2, 2]);
    assert_eq!(sorted(fifo.finished()), [1, 1, 2, 2]);
    // Order 1 was to be had when its late delete came.
    let deleted = standard.times(|what| match what {
        What::Deleted { message, .. } if message.0 == 1 => Some(()),
        _ => None,
    });
    let before = standard.queues(deleted[0].0 - 1);
    let order = before.message(MessageId(1)).unwrap();
    assert!(matches!(order.place.now, Place::Visible(_)));
}

#[test]
fn lambda_partial_batch() {
    let scene = Play::of("lambda-partial-batch");
    let (whole, partial) = (scene.lane("whole"), scene.lane("partial"));
    whole.breaks(&[ProcessedOnce]);
    partial.breaks(&[]);
    assert_eq!(sorted(whole.dead_letters()), [1, 5, 9]);
    assert_eq!(partial.dead_letters(), [5]);
    assert_eq!(sorted(whole.finished()), [1, 1, 2, 3, 3, 4, 6, 7, 8, 10]);
    assert_eq!(sorted(partial.finished()), [1, 2, 3, 4, 6, 7, 8, 9, 10]);
    assert_eq!(whole.message(9).starts, 0);
    for number in [1, 5, 9] {
        assert_eq!(whole.receive_times(number).len(), 2);
        assert!(whole.is_in(number, "orders-dlq"));
    }
    for number in [1, 3, 7, 9] {
        assert_eq!(whole.receive_times(number).len(), 2, "its batch failed");
        assert_eq!(partial.receive_times(number).len(), 1);
    }
    assert_eq!(partial.receive_times(5).len(), 2);
}

#[test]
fn sent_twice() {
    let scene = Play::of("sent-twice");
    let (standard, fifo) = (scene.lane("standard"), scene.lane("fifo"));
    standard.breaks(&[ProcessedOnce, NoDuplicateSends]);
    fifo.breaks(&[]);
    assert_eq!(sorted(standard.finished()), [1, 2, 2, 3, 4, 4, 5, 6]);
    assert_eq!(sorted(fifo.finished()), [1, 2, 3, 4, 5, 6]);
    let swallowed = fifo.times(|what| match what {
        What::Deduplicated { message, .. } => Some(message.0),
        _ => None,
    });
    assert_eq!(swallowed, [(3_505, 2), (12_005, 4)]);
    for (at, number) in swallowed {
        let world = fifo.queues(at);
        let first = world.message(MessageId(number)).unwrap();
        assert_eq!(first.place.now, Place::Deleted);
        assert_eq!(world.copies(MessageId(number)).count(), 1);
        let copies = standard.queues(at);
        assert_eq!(copies.copies(MessageId(number)).count(), 2);
    }
    let crashed = scene.with(r#"{ "at": "1500ms", "crash": "fifo-worker-1" }"#);
    assert_eq!(crashed.lane("fifo").message(1).starts, 2);
}

#[test]
fn delay_and_expiry() {
    let scene = Play::of("delay-and-expiry");
    let queue = scene.lane("queue");
    queue.breaks(&[NothingLost]);
    assert_eq!(queue.finished(), [1, 2, 3]);
    let visible = queue.times(|what| match what {
        What::BecameVisible { message, .. } => Some(message.0),
        _ => None,
    });
    let expired = queue.times(|what| match what {
        What::Expired { message, .. } => Some(message.0),
        _ => None,
    });
    assert_eq!(visible.len(), 8);
    for (at, number) in visible {
        let sent = queue.message(number).sent_at.as_millis();
        assert_eq!(at, sent + 5_000);
    }
    let numbers: Vec<u32> = expired.iter().map(|(_, number)| *number).collect();
    assert_eq!(numbers, [4, 5, 6, 7, 8]);
    for (at, number) in expired {
        let sent = queue.message(number).sent_at.as_millis();
        assert_eq!(at, sent + 60_000);
        assert_eq!(queue.receive_times(number).len(), 0);
    }
    assert_eq!(queue.dead_letters(), [0_u32; 0]);
    let saved = scene.with(r#"{ "at": "50s", "add": "worker" }"#);
    assert_eq!(saved.lane("queue").metrics().processed, 8);
}

/// The scenes with a log beside the queue.
#[test]
fn a_timeout_that_is_too_short() {
    let scene = Play::of("timeout-too-short");
    let (queue, log) = (scene.lane("queue"), scene.lane("log"));
    queue.breaks(&[ProcessedOnce, OneConsumer]);
    log.breaks(&[]);
    assert_eq!(queue.metrics().processed_again, 6);
    assert_eq!(log.metrics().processed_again, 0);
}

#[test]
fn an_order_that_always_fails() {
    let scene = Play::of("poison");
    let queue = scene.lane("queue");
    assert_eq!(queue.dead_letters(), [4]);
    assert_eq!(queue.receive_times(4).len(), 3);
    assert_eq!(queue.metrics().processed, 11);
    assert!(scene.lane("log").metrics().lag > 0);
}

#[test]
fn a_worker_dies_a_consumer_dies() {
    let scene = Play::of("crash");
    let (queue, log) = (scene.lane("queue"), scene.lane("log"));
    assert_eq!(queue.metrics().processed, 12);
    assert_eq!(queue.metrics().deliveries, 13);
    assert!(log.metrics().processed_again > 0);
}

#[test]
fn one_workload() {
    let scene = Play::of("one-workload");
    assert_eq!(scene.lane("queue").metrics().deliveries, 12);
    assert_eq!(scene.lane("log").metrics().deliveries, 24);
    scene.lane("log").breaks(&[]);
}

#[test]
fn replay() {
    let scene = Play::of("replay");
    let (queue, log) = (scene.lane("queue"), scene.lane("log"));
    queue.breaks(&[]);
    log.breaks(&[ProcessedOnce]);
    let tries = log.all(|what| match what {
        What::OffsetResetRefused { .. } => Some(false),
        What::OffsetReset { offset, .. } => Some(offset.0 == 0),
        _ => None,
    });
    // Refused while somebody is there; then both partitions.
    assert_eq!(tries, [false, true, true]);
    let done = |lane: Lane<'_>| {
        let done = lane.all(|what| match what {
            What::WorkFinished { message, .. } => Some(message.0),
            _ => None,
        });
        sorted(done)
    };
    let once: Vec<u32> = (1..=12).collect();
    assert_eq!(done(queue), once);
    assert_eq!(done(log), sorted([once.clone(), once].concat()));
}

#[test]
fn rebalance_storm() {
    let scene = Play::of("rebalance-storm");
    let (greedy, modest) = (scene.lane("five-a-poll"), scene.lane("one-a-poll"));
    greedy.breaks(&[ProcessedOnce]);
    modest.breaks(&[]);
    let count =
        |lane: Lane<'_>, is_it: fn(What) -> bool| lane.all(|what| is_it(what).then_some(())).len();
    let too_slow = |what| matches!(what, What::MaxPollExceeded { .. });
    let refused = |what| matches!(what, What::CommitRefused { .. });
    let rebalances = |what| matches!(what, What::GenerationStarted { .. });
    assert_eq!(count(greedy, too_slow), 5);
    assert_eq!(count(greedy, refused), 5);
    assert_eq!(count(greedy, rebalances), 7);
    assert_eq!(count(modest, too_slow) + count(modest, refused), 0);
    assert_eq!(count(modest, rebalances), 1);
    // Nobody crashes in either.
    let crashes = |what| matches!(what, What::ActorCrashed { .. });
    assert_eq!(count(greedy, crashes) + count(modest, crashes), 0);
}

/// Real Kafka and we give the same partitions to the same consumers after the crash, and do a handful
/// of orders again; only when c1 has its first records is told to differ.
#[test]
fn the_same_crash_goes_the_same_way_on_real_kafka_and_here() {
    let play = Play::of("same-crash-recorded");
    let (real, simulated) = (play.lane("real"), play.lane("simulated"));
    let shared_out = |lane: Lane<'_>| {
        lane.all(|what| match what {
            What::Assigned {
                actor,
                partition,
                generation,
            } if generation.0 == 3 => Some((actor.0, partition.partition.0)),
            _ => None,
        })
    };
    let after = [(0, 0), (0, 1), (0, 2), (2, 3), (2, 4), (2, 5)];
    let first_of_taken_over = |lane: Lane<'_>| {
        lane.when(|what| matches!(what, What::Polled { actor, partition, .. } if actor.0 == 0 && partition.partition.0 == 2))
    };
    for (lane, again, at) in [(real, 4, 14_515), (simulated, 5, 13_506)] {
        assert_eq!(shared_out(lane), after, "{}", lane.name());
        assert_eq!(lane.metrics().processed_again, again, "{}", lane.name());
        assert_eq!(first_of_taken_over(lane), Some(at), "{}", lane.name());
    }
    let finished = real.finished();
    assert_eq!(finished.iter().filter(|order| **order == 24).count(), 2);
}
