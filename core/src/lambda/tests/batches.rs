//! What a mapping does with the batches of a queue.

use super::super::response::stop_at_first;
use super::*;

fn plain() -> MappingRequest {
    MappingRequest::default()
}

fn with_window(batch_size: i64, seconds: i64) -> MappingRequest {
    MappingRequest {
        batch_size: Some(batch_size),
        maximum_batching_window: Some(seconds),
        ..plain()
    }
}

#[test]
fn a_success_deletes_the_batch() {
    let mut lab = lab(plain(), returns);
    lab.at(1_000).send("m1");
    assert_eq!(lab.batches, [(1_000, vec!["m1"], Some(Because::NoWindow))]);
    assert_eq!(lab.at(1_050).counts(), [0, 1]);
    assert_eq!(lab.at(1_100).counts(), [0, 0]);
}

#[test]
fn a_failed_batch_comes_back_when_its_visibility_timeout_is_over() {
    let mut lab = lab(plain(), throws);
    lab.at(1_000).send("m1");
    lab.at(32_000);
    assert_eq!(lab.times(), [1_000, 31_000]);
    let failed = |at| (at, vec!["m1"], LetGo::Failed);
    assert_eq!(lab.let_go, [failed(1_100), failed(31_100)]);
}

#[test]
fn a_function_that_does_not_end_is_stopped_at_its_timeout() {
    let mut lab = lab(plain(), |_| {
        Does::Ends(5_000, Ended::Returned(Answer::Empty))
    });
    lab.send("m1");
    lab.at(10_000);
    assert_eq!((lab.timed_out, lab.counts()), (1, [0, 1]));
    assert_eq!(lab.let_go, [(3_000, vec!["m1"], LetGo::Failed)]);
}

#[test]
fn only_the_messages_that_are_reported_come_back() {
    let request = MappingRequest {
        response_type: ResponseType::BatchItemFailures,
        ..with_window(10, 1)
    };
    let mut lab = lab(request, |batch| {
        let answer = stop_at_first(batch, |held| held.body == "m2");
        Does::Ends(100, Ended::Returned(answer))
    });
    for body in ["m1", "m2", "m3"] {
        lab.send(body);
    }
    lab.at(2_000);
    // Each message woke a process of its own, so each was a batch: m2 alone comes back.
    assert_eq!(lab.counts(), [0, 1]);
    assert_eq!(lab.let_go, [(1_100, vec!["m2"], LetGo::Failed)]);
}

/// Lambda's own processes compete for a trickle: a window fills batches only under load.
#[test]
fn a_window_gathers_what_several_receives_bring() {
    let request = MappingRequest {
        maximum_concurrency: Some(2),
        ..with_window(20, 5)
    };
    let mut lab = lab(request, returns);
    for _ in 0..4 {
        lab.send("m");
    }
    lab.at(60_000);
    let sizes: Vec<usize> = lab
        .batches
        .iter()
        .map(|(_, batch, _)| batch.len())
        .collect();
    assert_eq!(sizes.iter().sum::<usize>(), 4);
    assert_eq!(sizes, [2, 2]);
    assert_eq!(lab.times(), [5_000, 5_000]);
    assert_eq!(lab.counts(), [0, 0]);
}

#[test]
fn a_full_batch_does_not_wait_for_its_window() {
    let request = MappingRequest {
        maximum_concurrency: Some(2),
        ..with_window(2, 300)
    };
    let mut lab = lab(request, returns);
    for _ in 0..4 {
        lab.send("m");
    }
    let why: Vec<_> = lab.batches.iter().map(|(at, _, why)| (*at, *why)).collect();
    assert_eq!(why, [(0, Some(Because::BatchSize)); 2]);
}

#[test]
fn a_throttled_batch_is_tried_again_until_its_visibility_timeout_is_over() {
    let mut lab = lab(plain(), |_| Does::Throttled);
    lab.send("m1");
    lab.at(29_999);
    // Pauses of 1, 2, 4, 8 s; the next would end at 31 s.
    assert_eq!(lab.times(), [0, 1_000, 3_000, 7_000, 15_000]);
    lab.at(30_000);
    assert_eq!(lab.let_go, [(30_000, vec!["m1"], LetGo::Throttled)]);
    // The receive is spent: it is visible again, and received again at once.
    assert_eq!(lab.times().last(), Some(&30_000));
}

#[test]
fn disabled_it_lets_go_what_no_function_has() {
    let mut lab = lab(with_window(10, 5), returns);
    lab.send("m1");
    lab.at(1_000);
    lab.drive(|mapping, _, out| mapping.disable(out));
    assert_eq!(lab.let_go, [(1_000, vec!["m1"], LetGo::Disabled)]);
    assert_eq!(lab.mapping.running(), 0);
    lab.send("m2");
    lab.at(60_000);
    assert_eq!((lab.counts(), lab.batches.len()), ([2, 0], 0));
    assert_eq!(lab.mapping.next_timeout(), None);
    lab.drive(Mapping::enable);
    lab.at(70_000);
    assert_eq!(lab.counts(), [0, 0]);
}

#[test]
fn disabled_it_lets_a_running_function_end() {
    let mut lab = lab(plain(), returns);
    lab.send("m1");
    lab.drive(|mapping, _, out| mapping.disable(out));
    assert_eq!(lab.mapping.running(), 1);
    lab.at(100);
    assert_eq!((lab.counts(), lab.mapping.running()), ([0, 0], 0));
}

#[test]
fn a_late_end_of_an_invocation_is_not_looked_at() {
    let mut mapping = Mapping::new(checked(plain()));
    let mut out = Vec::new();
    mapping.enable(SimTime::ZERO, &mut out);
    let (process, number) = (ProcessId(0), 1);
    let delivered = Delivered {
        message: 7,
        bytes: 1,
        hidden_until: SimTime::MAX,
    };
    mapping.on_received(SimTime::ZERO, process, vec![delivered], &mut out);
    let invocation = Invocation { process, number };
    let timeout = mapping.next_timeout().unwrap();
    mapping.advance(SimTime::from_millis(3_000), &mut out);
    assert!(timeout <= SimTime::from_millis(3_000));
    assert!(out.contains(&Request::TimedOut { invocation }));
    out.clear();
    let late = Ended::Returned(Answer::Empty);
    mapping.on_ended(SimTime::from_millis(3_001), invocation, &late, &mut out);
    assert_eq!(out, []);
}

/// A batch of a FIFO queue that comes back takes with it what waits behind it.
#[test]
fn what_waits_behind_a_failed_fifo_batch_is_let_go_too() {
    let request = MappingRequest {
        queue_type: QueueType::Fifo,
        batch_size: Some(2),
        ..plain()
    };
    let mut mapping = Mapping::new(checked(request));
    let mut out = Vec::new();
    mapping.enable(SimTime::ZERO, &mut out);
    let delivered = |message| Delivered {
        message,
        bytes: 1,
        hidden_until: SimTime::from_millis(30_000),
    };
    let process = ProcessId(0);
    let three = [1, 2, 3].map(delivered).to_vec();
    mapping.on_received(SimTime::ZERO, process, three, &mut out);
    let invocation = Invocation { process, number: 1 };
    out.clear();
    mapping.on_ended(SimTime::ZERO, invocation, &Ended::Threw, &mut out);
    let failed = |messages: &[i32]| Request::LetGo {
        messages: messages.to_vec(),
        because: LetGo::Failed,
    };
    assert_eq!(out[..2], [failed(&[1, 2]), failed(&[3])]);
}
