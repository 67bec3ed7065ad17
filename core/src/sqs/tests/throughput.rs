//! Calls of a FIFO queue in a second.

use super::super::{
    Action, FifoAttributes, FifoThroughputLimit, MessageGroup, RequestThrottled, Throughput,
};
use super::*;

#[test]
fn a_fifo_queue_takes_300_calls_a_second_for_each_action() {
    let fifo = QueueAttributes::fifo();
    let mut throughput = Throughput::default();
    let mut call = |millis, action| {
        let now = SimTime::from_millis(millis);
        throughput.call(now, &fifo, (action, 10))
    };
    for place in 0..300 {
        assert_eq!(call(500 + place, Action::Send), Ok(()));
    }
    assert_eq!(call(900, Action::Send), Err(RequestThrottled));
    assert_eq!(call(1_499, Action::Send), Err(RequestThrottled));
    assert_eq!(call(900, Action::Receive), Ok(()));
    assert_eq!(call(1_500, Action::Send), Ok(()));
}

/// A queue with high throughput.
fn high() -> QueueAttributes {
    QueueAttributes {
        fifo: Some(FifoAttributes {
            fifo_throughput_limit: FifoThroughputLimit::PerMessageGroupId,
            ..FifoAttributes::default()
        }),
        ..QueueAttributes::default()
    }
}

#[test]
fn with_high_throughput_each_group_has_calls_of_its_own() {
    let high = high();
    let mut throughput = Throughput::default();
    let mut call = |group, action| {
        let group = Some(MessageGroup(group));
        throughput.call_in_group(SimTime::ZERO, &high, group, (action, 1))
    };
    for group in [1, 2] {
        for _ in 0..300 {
            assert_eq!(call(group, Action::Send), Ok(()));
        }
        assert_eq!(call(group, Action::Send), Err(RequestThrottled));
        assert_eq!(call(group, Action::Delete), Ok(()));
    }
}

#[test]
fn others_are_not_throttled() {
    let high = high();
    for queue in [QueueAttributes::default(), high] {
        let mut throughput = Throughput::default();
        for _ in 0..1_000 {
            let sent = throughput.call(SimTime::ZERO, &queue, (Action::Send, 1));
            assert_eq!(sent, Ok(()));
        }
    }
}
