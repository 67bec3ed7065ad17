//! What happens without anybody doing anything, and when a member goes.

use super::lab::{at, lab, member};
use crate::ids::Offset;
use crate::kafka::share::AcknowledgeType::{Accept, Release};
use crate::kafka::share::ShareEffect;
use crate::trace::LockEnd;

#[test]
fn a_lock_runs_out_and_the_record_is_available_again() {
    let mut lab = lab(2);
    lab.fetch(0, 1);
    lab.now = at(1_000);
    lab.fetch(1, 1);
    assert_eq!(lab.partition.next_timeout(), Some(at(3_000)));
    lab.go_on(2_999);
    assert_eq!(lab.effects, []);
    lab.go_on(3_000);
    let (offset, member) = (Offset(0), member(0));
    let end = LockEnd::LockTimeout;
    assert_eq!(
        lab.effects,
        [ShareEffect::Released {
            offset,
            member,
            end
        }]
    );
    assert_eq!(lab.states(), ".1");
    lab.go_on(4_000);
    assert_eq!(
        (lab.states().as_str(), lab.partition.next_timeout()),
        ("..", None)
    );
}

#[test]
fn a_record_is_archived_when_its_lock_runs_out_for_the_last_time() {
    let mut lab = lab(1).limit(2);
    lab.fetch(0, 1);
    lab.go_on(3_000);
    assert_eq!(lab.fetch(0, 1), [(0, 2)]);
    lab.go_on(6_000);
    let (offset, member) = (Offset(0), member(0));
    let end = LockEnd::LockTimeout;
    let archived = ShareEffect::Archived {
        offset,
        member,
        end,
    };
    assert_eq!(
        lab.effects,
        [archived, ShareEffect::StartMoved { start: Offset(1) }]
    );
    assert_eq!((lab.fetch(0, 1), lab.window()), (vec![], (1, 1)));
}

/// The lock of a record that was acknowledged out of a batch ends with it, the others' go on.
#[test]
fn acknowledging_part_of_a_batch_leaves_the_other_locks() {
    let mut lab = lab(3);
    lab.fetch(0, 3);
    lab.say(0, (1, 1), Accept).unwrap();
    assert_eq!(lab.partition.locks.len(), 2);
    lab.go_on(3_000);
    assert_eq!(lab.states(), ".+.");
}

/// KAFKA-19972: the delivery count is not taken back, so that a record that kills its consumers
/// comes to an end.
#[test]
fn a_member_that_goes_releases_all_that_it_had() {
    let mut lab = lab(6).limit(2);
    lab.fetch(0, 2);
    lab.fetch(1, 2);
    lab.fetch(0, 2);
    lab.say(0, (1, 1), Release).unwrap();
    assert_eq!(lab.states(), "0.1100");
    lab.effects.clear();
    lab.partition.release_member(member(0), &mut lab.effects);
    assert_eq!(lab.states(), "..11..");
    assert_eq!(lab.partition.locks.len(), 1, "the batch of member 1");
    assert_eq!(lab.fetch(1, 500), [(0, 2), (1, 2), (4, 2), (5, 2)]);
    lab.partition.release_member(member(1), &mut lab.effects);
    assert_eq!((lab.states().as_str(), lab.window()), ("..--", (2, 6)));
}
