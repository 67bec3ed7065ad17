//! Share groups.

use broker_lab_core::scenario::{
    AutoOffsetReset, KafkaLane, OnShareFailure, Renew, ShareAcknowledge, ShareAcknowledgementMode,
    ShareAcquireMode, ShareCommit, ShareGroup, ShareMember, ShareOutcome,
};

use super::dice::{Dice, millis, secs};
use super::shape::Shape;

/// A share group beside the other groups of `lane`, in every other lane.
pub(super) fn group(shape: &Shape, lane: &KafkaLane) -> Option<ShareGroup> {
    let dice = &mut shape.dice("crew");
    if !dice.once_in(2) {
        return None;
    }
    let session = dice.pick(&[6_000, 10_000, 45_000]);
    let topics = lane.topics.iter().map(|topic| topic.name.clone());
    let mut group = ShareGroup {
        name: String::from("crew"),
        topics: topics.collect(),
        members: shape.members.into(),
        share_session_timeout: millis(session),
        share_heartbeat_interval: millis(dice.pick(&[500, 1_000, 5_000, session - 1])),
        share_record_lock_duration: secs(dice.pick(&[1, 2, 5, 30])),
        share_delivery_count_limit: dice.pick(&[2, 3, 5, 5, 10]),
        share_partition_max_record_locks: dice.pick(&[100, 2_000]),
        share_auto_offset_reset: dice.pick(&[
            AutoOffsetReset::Earliest,
            AutoOffsetReset::Earliest,
            AutoOffsetReset::Latest,
            AutoOffsetReset::ByDuration { length: secs(5) },
        ]),
        max_poll_records: dice.pick(&[1, 2, 5, 500]),
        share_acquire_mode: dice.pick(&[
            ShareAcquireMode::BatchOptimized,
            ShareAcquireMode::RecordLimit,
        ]),
        on_failure: dice.pick(&[OnShareFailure::Accept, OnShareFailure::Retry]),
        retry_backoff: millis(dice.pick(&[20, 300, 4_000])),
        ..ShareGroup::default()
    };
    if !dice.once_in(3) {
        explicit(&mut group, dice);
    }
    if dice.once_in(4) && shape.members > 0 {
        group.members = ShareGroup::default().members;
        group.consumers = (1..=shape.members).map(|n| member(n, dice)).collect();
    }
    Some(group)
}

/// A consumer with a name as a command would give it.
fn member(number: u8, dice: &mut Dice) -> ShareMember {
    ShareMember {
        name: format!("crew-{number}"),
        start: millis(dice.pick(&[0, 0, 1_000, 7_000])),
        takes: None,
        max_poll_records: dice.pick(&[None, None, Some(1), Some(20)]),
    }
}

/// What can be said of records one by one.
fn explicit(group: &mut ShareGroup, dice: &mut Dice) {
    group.share_acknowledgement_mode = ShareAcknowledgementMode::Explicit;
    group.commit = dice.pick(&[ShareCommit::NextPoll, ShareCommit::AfterRecord]);
    group.on_failure = dice.pick(&[
        OnShareFailure::Accept,
        OnShareFailure::Release,
        OnShareFailure::Release,
        OnShareFailure::Reject,
        OnShareFailure::Retry,
    ]);
    group.renew = dice.once_in(3).then(|| Renew {
        every: millis(dice.pick(&[200, 700, 2_000])),
    });
    for message in 1..=dice.below(4) as u32 {
        let acknowledge = dice.pick(&[
            ShareAcknowledge::Accept,
            ShareAcknowledge::Release,
            ShareAcknowledge::Reject,
            ShareAcknowledge::None,
        ]);
        let hold = millis(dice.pick(&[0, 500, 3_000, 40_000]));
        group.outcomes.push(ShareOutcome {
            message,
            acknowledge,
            hold: (acknowledge == ShareAcknowledge::None).then_some(hold),
            ..ShareOutcome::default()
        });
    }
}
