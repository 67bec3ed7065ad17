//! The coordinator: epochs, targets, sessions.

use super::lab::{at, member};
use crate::ids::{GroupEpoch, TopicId, TopicPartition};
use crate::kafka::assignor::TopicMetadata;
use crate::kafka::share::{
    Heartbeat, HeartbeatAnswer, HeartbeatError, ShareGroup, ShareGroupEffect, ShareGroupSettings,
};

struct Lab {
    group: ShareGroup,
    topics: Vec<TopicMetadata>,
    effects: Vec<ShareGroupEffect>,
}

fn lab(partitions: u16) -> Lab {
    Lab {
        group: ShareGroup::new(ShareGroupSettings::default()),
        topics: vec![TopicMetadata::new(TopicId(0), partitions)],
        effects: Vec::new(),
    }
}

impl Lab {
    fn beat(&mut self, secs: u64, who: u16, epoch: u32) -> Result<HeartbeatAnswer, HeartbeatError> {
        let heartbeat = Heartbeat {
            member: member(who),
            epoch: GroupEpoch(epoch),
            topics: vec![TopicId(0)],
        };
        let now = at(secs * 1_000);
        self.group
            .heartbeat(now, heartbeat, &self.topics, &mut self.effects)
    }
}

fn answer(epoch: u32, assignment: Option<&[u16]>) -> Result<HeartbeatAnswer, HeartbeatError> {
    let partitions = assignment.map(|a| a.iter().map(|p| TopicPartition::new(0, *p)).collect());
    Ok(HeartbeatAnswer {
        epoch: GroupEpoch(epoch),
        assignment: partitions,
    })
}

/// The states of the partitions have to be initialized first.
#[test]
fn the_first_member_is_given_nothing_with_its_first_heartbeat() {
    let mut lab = lab(2);
    assert_eq!(lab.beat(0, 0, 0), answer(1, Some(&[])));
    assert_eq!(lab.beat(5, 0, 1), answer(2, Some(&[0, 1])));
    assert_eq!(lab.beat(10, 0, 2), answer(2, None));
}

#[test]
fn several_members_fetch_from_one_partition() {
    let mut lab = lab(1);
    lab.beat(0, 0, 0).unwrap();
    lab.beat(5, 0, 1).unwrap();
    assert_eq!(lab.beat(7, 1, 0), answer(3, Some(&[0])));
    assert_eq!(lab.beat(9, 2, 0), answer(4, Some(&[0])));
    assert_eq!(lab.beat(10, 0, 2), answer(4, None), "and nobody gave it up");
}

/// share.assignment.interval.ms: whoever joins too soon after the last target waits for the next.
#[test]
fn a_target_is_worked_out_at_most_once_an_interval() {
    let mut lab = lab(2);
    lab.beat(0, 0, 0).unwrap();
    assert_eq!(lab.beat(0, 1, 0), answer(1, Some(&[])));
    assert_eq!(lab.beat(0, 2, 0), answer(1, Some(&[])));
    // The group epoch is 3 by now, and the target for it has the initialized partitions.
    let first = lab.beat(5, 0, 1).unwrap();
    assert_eq!(first.epoch, GroupEpoch(3));
    let all: Vec<_> = [
        first,
        lab.beat(5, 1, 1).unwrap(),
        lab.beat(5, 2, 1).unwrap(),
    ]
    .into_iter()
    .map(|answer| answer.assignment.unwrap_or_default().len())
    .collect();
    assert_eq!(
        all.iter().sum::<usize>(),
        4,
        "each partition twice: {all:?}"
    );
}

#[test]
fn a_member_that_is_not_heard_of_is_forgotten() {
    let mut lab = lab(1);
    lab.beat(0, 0, 0).unwrap();
    lab.beat(2, 1, 0).unwrap();
    assert_eq!(lab.group.next_timeout(), Some(at(45_000)));
    lab.beat(40, 1, 2).unwrap();
    lab.effects.clear();
    lab.group.advance(at(45_000), &mut lab.effects);
    let (epoch, members) = (GroupEpoch(3), 1);
    assert_eq!(
        lab.effects,
        [
            ShareGroupEffect::SessionExpired { member: member(0) },
            ShareGroupEffect::EpochChanged { epoch, members }
        ]
    );
    assert_eq!(lab.beat(46, 0, 1), Err(HeartbeatError::UnknownMemberId));
    assert!(lab.beat(46, 0, 0).is_ok(), "but it can join again");
}

#[test]
fn a_member_leaves_at_once() {
    let mut lab = lab(2);
    lab.beat(0, 0, 0).unwrap();
    lab.beat(5, 0, 1).unwrap();
    lab.beat(7, 1, 0).unwrap();
    assert_eq!(lab.beat(10, 0, 2).unwrap().assignment.unwrap().len(), 1);
    lab.group.leave(member(1), &mut lab.effects).unwrap();
    assert_eq!(lab.beat(15, 0, 3), answer(4, Some(&[0, 1])));
    assert!(lab.group.leave(member(1), &mut lab.effects).is_err());
}

#[test]
fn a_member_with_a_wrong_epoch_is_fenced() {
    let mut lab = lab(1);
    lab.beat(0, 0, 0).unwrap();
    lab.beat(5, 0, 1).unwrap();
    assert!(
        lab.beat(6, 0, 1).is_ok(),
        "the answer was lost: the epoch before"
    );
    assert_eq!(lab.beat(7, 0, 9), Err(HeartbeatError::FencedMemberEpoch));
}

/// Partitions that come later are initialized and assigned too.
#[test]
fn a_topic_grows() {
    let mut lab = lab(1);
    lab.beat(0, 0, 0).unwrap();
    lab.beat(5, 0, 1).unwrap();
    lab.topics[0].partitions = 2;
    assert_eq!(lab.beat(10, 0, 2), answer(2, None));
    assert_eq!(lab.beat(15, 0, 2), answer(3, Some(&[0, 1])));
}
