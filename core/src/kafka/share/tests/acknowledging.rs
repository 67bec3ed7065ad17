//! Accept, release, reject, renew, and what is refused.

use super::lab::{at, lab, member};
use crate::ids::Offset;
use crate::kafka::share::AcknowledgeError::{InvalidRecordState, InvalidRequest};
use crate::kafka::share::AcknowledgeType::{Accept, Reject, Release, Renew};
use crate::kafka::share::ShareEffect;
use crate::trace::LockEnd;

#[test]
fn the_start_offset_moves_over_what_is_done() {
    let mut lab = lab(5);
    lab.fetch(0, 5);
    lab.say(0, (1, 2), Accept).unwrap();
    assert_eq!((lab.states().as_str(), lab.window()), ("0++00", (0, 5)));
    lab.say(0, (0, 0), Reject).unwrap();
    assert_eq!((lab.states().as_str(), lab.window()), ("00", (3, 5)));
    assert_eq!(
        lab.effects,
        [
            ShareEffect::Archived {
                offset: Offset(0),
                member: member(0),
                end: LockEnd::Rejected
            },
            ShareEffect::StartMoved { start: Offset(3) }
        ]
    );
    lab.say(0, (3, 4), Accept).unwrap();
    assert_eq!(lab.window(), (5, 5));
}

#[test]
fn each_record_of_a_batch_can_have_its_own_fate() {
    let mut lab = lab(4);
    lab.fetch(0, 4);
    lab.say_each(0, (0, 3), &[Release, Accept, Reject, Renew])
        .unwrap();
    assert_eq!(lab.states(), ".+-0");
    assert_eq!(lab.fetch(1, 4), [(0, 2)]);
}

#[test]
fn only_the_holder_can_acknowledge() {
    let mut lab = lab(4);
    lab.fetch(0, 2);
    lab.fetch(1, 2);
    assert_eq!(lab.say(1, (0, 0), Accept), Err(InvalidRecordState));
    lab.say(0, (0, 0), Release).unwrap();
    assert_eq!(lab.say(0, (0, 0), Accept), Err(InvalidRecordState));
    assert_eq!(lab.say(0, (1, 4), Accept), Err(InvalidRequest));
}

/// `SharePartition.rollbackOrProcessStateUpdates`: one wrong record, and nothing changes.
#[test]
fn a_refused_request_changes_nothing() {
    let mut lab = lab(4);
    lab.fetch(0, 2);
    lab.fetch(1, 2);
    assert_eq!(lab.say(0, (0, 3), Accept), Err(InvalidRecordState));
    assert_eq!((lab.states().as_str(), lab.effects.len()), ("0011", 0));
}

/// The real recording share-lock-timeout: the record is finished, so that the late
/// acknowledgement is taken, and nothing comes of it.
#[test]
fn a_late_acknowledgement_of_a_finished_record_is_taken_without_effect() {
    let mut lab = lab(1);
    lab.fetch(0, 1);
    lab.go_on(3_000);
    assert_eq!(lab.fetch(1, 1), [(0, 2)]);
    assert_eq!(
        lab.say(0, (0, 0), Accept),
        Err(InvalidRecordState),
        "not its any more"
    );
    lab.say(1, (0, 0), Accept).unwrap();
    lab.say(0, (0, 0), Accept).unwrap();
    let (offset, member) = (Offset(0), member(0));
    assert_eq!(lab.effects, [ShareEffect::Ignored { offset, member }]);
}

#[test]
fn a_renewed_lock_begins_anew() {
    let mut lab = lab(3);
    lab.fetch(0, 3);
    lab.go_on(2_000);
    lab.say(0, (0, 1), Renew).unwrap();
    lab.go_on(3_000);
    assert_eq!(lab.states(), "00.");
    assert_eq!(lab.partition.next_timeout(), Some(at(5_000)));
    lab.go_on(5_000);
    assert_eq!(lab.states(), "...");
    assert_eq!(lab.fetch(1, 3), [(0, 2), (1, 2), (2, 2)]);
}

/// A whole batch that is renewed keeps one state.
#[test]
fn a_batch_can_be_renewed_whole() {
    let mut lab = lab(3);
    lab.fetch(0, 3);
    lab.go_on(1_000);
    lab.say(0, (0, 2), Renew).unwrap();
    assert_eq!(lab.partition.locks.len(), 1);
    lab.go_on(3_999);
    assert_eq!(lab.states(), "000");
    lab.go_on(4_000);
    assert_eq!(lab.states(), "...");
}
