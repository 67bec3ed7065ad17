//! Redrive tasks: what can be a source, what is moved when, and how a task ends.

use super::super::{
    CancelMoveTaskError, ErrorCode, MoveFailure, MoveTask, MoveTaskHandle, MoveTaskRequest,
    MoveTaskStatus, StartMoveTaskError,
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
