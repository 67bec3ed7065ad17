//! Redrive tasks: what can be a source, what is moved when, and how a task ends.

use super::super::{
    CancelMoveTaskError, DeduplicationId, ErrorCode, MessageGroup, MoveFailure, MoveTask,
    MoveTaskHandle, MoveTaskRequest, MoveTaskStatus, StartMoveTaskError,
};
use super::*;

const OTHER: QueueId = QueueId(2);

/// [`JOBS`] with its dead-letter queue [`DEAD`], in which the messages lie; and [`OTHER`].
#[track_caller]
fn with_dead(bodies: &[&'static str]) -> Lab {
    let mut lab = lab().with_redrive(1);
    assert_eq!(lab.service.add_queue(QueueAttributes::default()), OTHER);
    for body in bodies {
        lab.send(body);
        lab.receive_one();
    }
    // The timeout is over, and the next receive moves them all.
    lab.at(30_000);
    assert!(lab.receive().is_empty());
    lab
}

fn to_other(rate: i64) -> MoveTaskRequest {
    MoveTaskRequest {
        destination: Some(OTHER),
        max_number_of_messages_per_second: Some(rate),
    }
}

impl Lab {
    fn try_move(
        &mut self,
        source: QueueId,
        request: MoveTaskRequest,
    ) -> Result<MoveTaskHandle, StartMoveTaskError> {
        self.call(|service, now, effects| service.start_move_task(now, source, request, effects))
    }

    #[track_caller]
    fn start_move(&mut self, request: MoveTaskRequest) -> MoveTaskHandle {
        self.try_move(DEAD, request).unwrap()
    }

    fn cancel(&mut self, handle: MoveTaskHandle) -> Result<u32, CancelMoveTaskError> {
        self.call(|service, now, effects| service.cancel_move_task(now, handle, effects))
    }

    #[track_caller]
    fn latest_move(&self) -> MoveTask {
        self.service.list_move_tasks(DEAD, None).unwrap()[0]
    }

    #[track_caller]
    fn delete_queue(&mut self, queue: QueueId) {
        self.call(|service, now, effects| service.delete_queue(now, queue, effects))
            .unwrap();
    }

    /// When what was moved.
    fn moves(&self) -> Vec<(u64, &'static str)> {
        let moves = self.told.iter().filter_map(|(at, effect)| match effect {
            Effect::Moved { body, .. } => Some((at.as_millis(), *body)),
            _ => None,
        });
        moves.collect()
    }
}

#[test]
fn a_moved_message_is_new() {
    let mut lab = with_dead(&["m1"]);
    lab.at(40_000).start_move(MoveTaskRequest::default());
    assert_eq!(lab.counts(DEAD), [0, 0, 0]);
    let moved = lab.at(41_000).receive_one();
    assert_eq!((moved.body, moved.receive_count), ("m1", 1));
    assert_eq!(moved.sent_at, SimTime::from_millis(40_000));
    assert_eq!(moved.first_received_at, SimTime::from_millis(41_000));
    assert_eq!((moved.dead_letter_source, moved.redrives), (None, 1));
}

/// The retention starts anew; a message that had 4 days, less half a minute, now has 4 days.
#[test]
fn its_retention_starts_anew() {
    let mut lab = with_dead(&["m1"]);
    lab.start_move(MoveTaskRequest::default());
    let days = 4 * 86_400_000;
    assert_eq!(lab.at(days + 29_999).counts(JOBS), [1, 0, 0]);
    assert_eq!(lab.at(days + 30_000).counts(JOBS), [0, 0, 0]);
}

#[test]
fn the_rate_is_kept_evenly_oldest_first() {
    let mut lab = with_dead(&["m1", "m2", "m3"]);
    lab.start_move(to_other(2));
    lab.at(60_000);
    let moves = [(30_000, "m1"), (30_500, "m2"), (31_000, "m3")];
    assert_eq!(lab.moves(), moves);
    let task = lab.latest_move();
    assert_eq!(task.status, MoveTaskStatus::Completed);
    assert_eq!((task.moved, task.to_move), (3, 3));
    assert_eq!(bodies(&lab.receive_from(OTHER)), ["m1", "m2", "m3"]);
}

#[test]
fn a_rate_is_1_to_500() {
    let mut lab = with_dead(&[]);
    for rate in [0, 501, -1] {
        let refused = lab.try_move(DEAD, to_other(rate)).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidParameterValue);
    }
    for rate in [1, 500] {
        lab.start_move(to_other(rate));
    }
}

#[test]
fn only_a_dead_letter_queue_can_be_the_source() {
    let mut lab = with_dead(&[]);
    let refused = lab.try_move(JOBS, to_other(1));
    assert_eq!(refused, Err(StartMoveTaskError::NotADeadLetterQueue));
    lab.set(JOBS, &[AttributeChange::RedrivePolicy(None)])
        .unwrap();
    let refused = lab.try_move(DEAD, to_other(1));
    assert_eq!(refused, Err(StartMoveTaskError::NotADeadLetterQueue));
}

#[test]
fn source_and_destination_have_to_exist() {
    let mut lab = with_dead(&[]);
    let nowhere = MoveTaskRequest {
        destination: Some(NOWHERE),
        ..MoveTaskRequest::default()
    };
    for refused in [lab.try_move(DEAD, nowhere), lab.try_move(NOWHERE, nowhere)] {
        let code = refused.unwrap_err().code();
        assert_eq!(code, ErrorCode::ResourceNotFoundException);
    }
}

#[test]
fn one_task_runs_per_source() {
    let mut lab = with_dead(&["m1", "m2"]);
    lab.start_move(to_other(1));
    let refused = lab.try_move(DEAD, to_other(1));
    assert_eq!(refused, Err(StartMoveTaskError::AlreadyRunning));
    lab.at(31_000).start_move(to_other(1));
    let tasks = lab.service.list_move_tasks(DEAD, Some(10)).unwrap();
    let started: Vec<u64> = tasks.iter().map(|it| it.started_at.as_millis()).collect();
    assert_eq!(started, [31_000, 30_000]);
}

#[test]
fn cancelled_a_task_leaves_what_has_moved_and_what_has_not() {
    let mut lab = with_dead(&["m1", "m2", "m3"]);
    let handle = lab.start_move(to_other(1));
    assert_eq!(lab.at(31_500).cancel(handle), Ok(2));
    assert_eq!(lab.latest_move().status, MoveTaskStatus::Cancelling);
    assert_eq!(lab.cancel(handle), Err(CancelMoveTaskError::NotRunning));
    lab.at(40_000);
    assert_eq!(lab.latest_move().status, MoveTaskStatus::Cancelled);
    assert_eq!(lab.counts(OTHER), [2, 0, 0]);
    assert_eq!(lab.counts(DEAD), [1, 0, 0]);
    let unknown = lab.cancel(MoveTaskHandle(7)).unwrap_err();
    assert_eq!(unknown.code(), ErrorCode::ResourceNotFoundException);
}

#[test]
fn a_handle_is_read_as_it_is_printed() {
    let handle = MoveTaskHandle(12);
    assert_eq!(handle.to_string().parse(), Ok(handle));
    for text in ["", "foobared", "task-", "task-x"] {
        let no_handle = text.parse::<MoveTaskHandle>().unwrap_err();
        assert_eq!(no_handle.code(), ErrorCode::InvalidParameterValue, "{text}");
    }
}

#[test]
fn a_task_fails_when_its_destination_is_deleted() {
    let mut lab = with_dead(&["m1", "m2", "m3"]);
    lab.start_move(to_other(1));
    lab.at(30_500).delete_queue(OTHER);
    lab.at(40_000);
    let task = lab.latest_move();
    let failed = MoveTaskStatus::Failed(MoveFailure::NonExistentQueue);
    assert_eq!((task.status, task.moved), (failed, 1));
    assert_eq!(lab.counts(DEAD), [2, 0, 0]);
}

/// Troubleshooting dead-letter queue redrive (DG).
#[test]
fn what_was_sent_to_the_dead_letter_queue_itself_goes_nowhere_by_itself() {
    let mut lab = with_dead(&["m1"]);
    let request = SendRequest::new("m2");
    lab.call(|service, now, effects| service.send(now, DEAD, request, effects))
        .unwrap();
    lab.start_move(MoveTaskRequest::default());
    lab.at(40_000);
    let failure = MoveFailure::CouldNotDetermineMessageSource;
    assert_eq!(lab.latest_move().status, MoveTaskStatus::Failed(failure));
    assert_eq!(lab.counts(DEAD), [1, 0, 0]);
    lab.start_move(to_other(1));
    assert_eq!(lab.counts(OTHER), [1, 0, 0]);
}

/// Our choice: a task moves what is visible at its start and still is when its turn comes.
#[test]
fn what_somebody_holds_or_has_deleted_is_not_moved() {
    let mut lab = with_dead(&["m1", "m2", "m3"]);
    lab.start_move(to_other(1));
    let request = ReceiveRequest {
        max_number_of_messages: 1,
        ..short_poll()
    };
    let waiter = lab.at(30_100).ask(DEAD, request);
    assert_eq!(bodies(&lab.got(waiter)), ["m2"]);
    lab.at(70_000);
    assert_eq!(lab.moves(), [(30_000, "m1"), (31_000, "m3")]);
    assert_eq!(lab.latest_move().status, MoveTaskStatus::Completed);
    assert_eq!(lab.counts(DEAD), [1, 0, 0]);
}

/// Our choice: a moved message is a new one, so the delay of its queue holds for it.
#[test]
fn a_moved_message_has_the_delay_of_its_queue() {
    let mut lab = with_dead(&["m1"]);
    lab.set(OTHER, &[AttributeChange::DelaySeconds(5)]).unwrap();
    lab.start_move(to_other(1));
    assert_eq!(lab.counts(OTHER), [0, 0, 1]);
    assert_eq!(lab.at(35_000).counts(OTHER), [1, 0, 0]);
}

#[test]
fn a_moved_message_ends_a_wait() {
    let mut lab = with_dead(&["m1"]);
    let waiter = lab.wait(20);
    lab.at(31_000).start_move(MoveTaskRequest::default());
    assert_eq!(lab.answers().last(), Some(&(31_000, waiter, vec!["m1"])));
}

/// [`JOBS`] and [`OTHER`] are FIFO queues, and [`DEAD`] is the dead-letter queue of the first.
fn fifo() -> Lab {
    let mut lab = lab();
    lab.service = Service::new();
    for _ in 0..3 {
        lab.service.add_queue(QueueAttributes::fifo());
    }
    lab.with_redrive(1)
}

impl Lab {
    /// A message of a group, with an id of its own.
    #[track_caller]
    fn send_to_group(&mut self, queue: QueueId, body: &'static str, group: u32) {
        let request = SendRequest {
            group: Some(MessageGroup(group)),
            deduplication_id: Some(DeduplicationId(u32::from(body.as_bytes()[1]))),
            ..SendRequest::new(body)
        };
        self.call(|service, now, effects| service.send(now, queue, request, effects))
            .unwrap();
    }
}

#[test]
fn a_fifo_message_keeps_its_group_and_gets_a_new_place_in_it() {
    let mut lab = fifo();
    lab.send_to_group(JOBS, "m1", 7);
    lab.receive_one();
    lab.at(30_000);
    assert!(lab.receive().is_empty());
    // Sent meanwhile, this one goes first.
    lab.send_to_group(JOBS, "m2", 7);
    lab.start_move(MoveTaskRequest::default());
    let got = lab.receive();
    assert_eq!(bodies(&got), ["m2", "m1"]);
    assert_eq!(got[1].group, Some(MessageGroup(7)));
    assert!(got[0].sequence_number < got[1].sequence_number);
}

#[test]
fn a_fifo_queue_does_not_take_a_moved_message_for_a_duplicate() {
    let mut lab = fifo();
    lab.send_to_group(JOBS, "m1", 7);
    lab.receive_one();
    lab.at(30_000).receive();
    // Within five minutes of the send.
    lab.start_move(MoveTaskRequest::default());
    assert_eq!(lab.counts(JOBS), [1, 0, 0]);
}

#[test]
fn source_and_destination_are_of_one_type() {
    let mut lab = fifo();
    let standard = lab.service.add_queue(QueueAttributes::default());
    let request = MoveTaskRequest {
        destination: Some(standard),
        ..MoveTaskRequest::default()
    };
    let refused = lab.try_move(DEAD, request);
    assert_eq!(refused, Err(StartMoveTaskError::OtherType));
}

/// What waits behind a message in flight is not moved past it.
#[test]
fn a_task_keeps_the_order_of_a_group_that_is_being_worked_on() {
    let mut lab = fifo();
    for (body, group) in [("m1", 1), ("m2", 1), ("m3", 2)] {
        lab.send_to_group(DEAD, body, group);
    }
    let one = ReceiveRequest {
        max_number_of_messages: 1,
        ..short_poll()
    };
    lab.ask(DEAD, one);
    lab.start_move(to_other(500));
    lab.at(60_000);
    assert_eq!(bodies(&lab.receive_from(OTHER)), ["m3"]);
    assert_eq!(lab.counts(DEAD), [2, 0, 0]);
    lab.start_move(to_other(500));
    lab.at(61_000);
    assert_eq!(bodies(&lab.receive_from(OTHER)), ["m1", "m2"]);
}
