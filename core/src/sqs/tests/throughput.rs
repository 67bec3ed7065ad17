//! Calls of a FIFO queue in a second.

use super::super::{Action, FifoAttributes, FifoThroughputLimit, RequestThrottled, Throughput};
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

#[test]
fn others_are_not_throttled() {
    let high = QueueAttributes {
        fifo: Some(FifoAttributes {
            fifo_throughput_limit: FifoThroughputLimit::PerMessageGroupId,
            ..FifoAttributes::default()
        }),
        ..QueueAttributes::default()
    };
    for queue in [QueueAttributes::default(), high] {
        let mut throughput = Throughput::default();
        for _ in 0..1_000 {
            let sent = throughput.call(SimTime::ZERO, &queue, (Action::Send, 1));
            assert_eq!(sent, Ok(()));
        }
    }
}
