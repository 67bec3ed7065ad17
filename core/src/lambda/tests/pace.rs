//! How many invocations run at the same time.

use super::*;

/// It takes two seconds.
fn slow(_: &[Held]) -> Does {
    Does::Ends(2_000, Ended::Returned(Answer::Empty))
}

fn single() -> MappingRequest {
    MappingRequest {
        batch_size: Some(1),
        ..MappingRequest::default()
    }
}

fn backlog(lab: &mut Lab, messages: u32) {
    for _ in 0..messages {
        lab.send("m");
    }
}

#[test]
fn it_starts_with_five() {
    let mut lab = lab(single(), slow);
    backlog(&mut lab, 100);
    assert_eq!((lab.running.len(), lab.counts()), (5, [95, 5]));
}

/// 300 a minute: five more in a second.
#[test]
fn a_backlog_adds_five_a_second() {
    let mut lab = lab(single(), slow);
    backlog(&mut lab, 1_000);
    for (second, most) in [(1, 10), (2, 15), (10, 55)] {
        lab.at(second * 1_000);
        assert_eq!(lab.mapping.running(), most, "{second} s");
        assert!(lab.running.len() <= usize::try_from(most).unwrap());
    }
}

#[test]
fn there_are_never_more_than_1250() {
    let mut lab = lab(single(), slow);
    backlog(&mut lab, 200_000);
    lab.at(240_000);
    assert_eq!(lab.mapping.running(), 1_205);
    lab.at(300_000);
    assert_eq!((lab.mapping.running(), lab.most_running), (1_250, 1_250));
}

#[test]
fn a_maximum_concurrency_is_kept_and_stops_the_fetching() {
    let request = MappingRequest {
        maximum_concurrency: Some(3),
        ..single()
    };
    let mut lab = lab(request, slow);
    backlog(&mut lab, 200);
    lab.at(60_000);
    assert_eq!((lab.most_running, lab.mapping.running()), (3, 3));
    assert_eq!(lab.counts()[1], 3);
}

#[test]
fn a_trickle_does_not_scale_up() {
    let mut lab = lab(single(), returns);
    for second in 1..60 {
        lab.at(second * 1_000).send("m");
    }
    assert_eq!(lab.mapping.running(), 5);
}

#[test]
fn when_the_backlog_is_gone_it_goes_back_to_five_and_in_quiet_to_two() {
    let mut lab = lab(single(), slow);
    backlog(&mut lab, 300);
    lab.at(10_000);
    assert!(lab.mapping.running() > 40);
    lab.at(60_000);
    assert_eq!((lab.counts(), lab.mapping.running()), ([0, 0], 5));
    lab.at(200_000);
    assert_eq!(lab.mapping.running(), 2);
    // It wakes with five.
    backlog(&mut lab, 20);
    assert_eq!(lab.running.len(), 5);
}

#[test]
fn with_a_maximum_concurrency_quiet_does_not_go_down_to_two() {
    let request = MappingRequest {
        maximum_concurrency: Some(4),
        ..single()
    };
    let mut lab = lab(request, returns);
    assert_eq!(lab.at(600_000).mapping.running(), 4);
}

/// Our model of "reduces its concurrency".
#[test]
fn failures_take_processes_away_down_to_two() {
    let mut lab = lab(single(), throws);
    backlog(&mut lab, 1_000);
    lab.at(5_000);
    assert_eq!(lab.mapping.running(), 2);
}

#[test]
fn a_receive_of_ten_is_a_batch_of_ten() {
    let mut lab = lab(MappingRequest::default(), slow);
    backlog(&mut lab, 1_000);
    lab.at(100_000);
    assert_eq!(lab.counts(), [0, 0]);
    // The first five messages each ended a long poll.
    assert_eq!(lab.batches.len(), 5 + 995_usize.div_ceil(10));
}

/// The groups are SQS's affair: it hides a group that is being worked on. Here each process that
/// has messages has another poll beside it.
#[test]
fn a_fifo_mapping_polls_beside_what_it_works_on() {
    let request = MappingRequest {
        queue_type: QueueType::Fifo,
        ..single()
    };
    let mut lab = lab(request, slow);
    backlog(&mut lab, 7);
    assert_eq!((lab.running.len(), lab.mapping.running()), (7, 8));
}
