//! Single requests, in the states where their answers differ.

use super::lab::{Lab, at, lab, secs};
use crate::ids::{ActorId, Generation, Offset, TopicId, TopicPartition};
use crate::kafka::group::MemberId;
use crate::kafka::group::classic::{
    CommitError, CommitRequest, Effect, GroupState, HeartbeatError, JoinError, LeaveError,
    MemberAssignment, RebalancePhase, RebalanceReason, SyncError, SyncRequest,
};

fn id(actor: u16, incarnation: u32) -> MemberId {
    MemberId {
        actor: ActorId(actor),
        incarnation,
    }
}

fn join(lab: &mut Lab, actor: u16, member: Option<MemberId>) -> Vec<Effect> {
    let mut request = lab.join_request(actor);
    request.member = member;
    let mut effects = Vec::new();
    lab.group.join(lab.now, request, &mut effects);
    effects
}

fn sync(lab: &mut Lab, member: MemberId, generation: u32) -> Vec<Effect> {
    let request = SyncRequest {
        caller: member.into(),
        generation: Generation(generation),
        assignments: Vec::new(),
    };
    let mut effects = Vec::new();
    lab.group.sync(lab.now, request, &mut effects);
    effects
}

fn advance(lab: &mut Lab, millis: u64) -> Vec<Effect> {
    lab.now = at(millis);
    let mut effects = Vec::new();
    lab.group.advance(lab.now, &mut effects);
    effects
}

/// Members 1 and 2, both joined and told generation 1, at 6 s.
fn completing() -> Lab {
    let mut lab = lab(4);
    for actor in [1, 2] {
        join(&mut lab, actor, None);
        join(&mut lab, actor, Some(id(actor, 0)));
    }
    advance(&mut lab, 6_000);
    assert_eq!(lab.state(), (GroupState::CompletingRebalance, 1));
    lab
}

/// The same when the leader has synced, and member 2 has not.
fn stable() -> Lab {
    let mut lab = completing();
    sync(&mut lab, id(1, 0), 1);
    assert_eq!(lab.state(), (GroupState::Stable, 1));
    lab
}

#[test]
fn a_first_join_is_told_a_member_id_and_adds_nobody() {
    let mut lab = lab(4);
    let required = |incarnation| {
        vec![Effect::JoinAnswered {
            member: id(1, incarnation),
            answer: Err(JoinError::MemberIdRequired),
        }]
    };
    assert_eq!(join(&mut lab, 1, None), required(0));
    assert_eq!(join(&mut lab, 1, None), required(1));
    assert_eq!(lab.state(), (GroupState::Empty, 0));
    assert_eq!(lab.group.next_timeout(), Some(at(45_000)));
    assert_eq!(advance(&mut lab, 45_000), []);
    assert_eq!(lab.group.next_timeout(), None);
}

#[test]
fn a_rebalance_waits_for_a_member_id_that_was_given_out_until_its_session_is_over() {
    let mut lab = stable();
    sync(&mut lab, id(2, 0), 1);
    join(&mut lab, 3, None);
    // The leader starts a rebalance and member 2 joins too, so that all members have joined.
    join(&mut lab, 1, Some(id(1, 0)));
    join(&mut lab, 2, Some(id(2, 0)));
    assert_eq!(lab.state(), (GroupState::PreparingRebalance, 1));
    advance(&mut lab, 51_000);
    assert_eq!(lab.state(), (GroupState::CompletingRebalance, 2));
    assert_eq!(lab.group.members(), [id(1, 0), id(2, 0)]);
}

#[test]
fn an_unknown_member_is_refused_everywhere() {
    let mut lab = stable();
    let stranger = id(9, 9);
    assert_eq!(
        join(&mut lab, 9, Some(stranger)),
        [Effect::JoinAnswered {
            member: stranger,
            answer: Err(JoinError::UnknownMemberId)
        }]
    );
    assert_eq!(
        sync(&mut lab, stranger, 1),
        [Effect::SyncAnswered {
            member: stranger,
            answer: Err(SyncError::UnknownMemberId)
        }]
    );
    let heartbeat = lab.group.heartbeat(lab.now, stranger, Generation(1));
    assert_eq!(heartbeat, Err(HeartbeatError::UnknownMemberId));
    let leave = lab.group.leave(lab.now, stranger, &mut Vec::new());
    assert_eq!(leave, Err(LeaveError::UnknownMemberId));
}

#[test]
fn a_join_that_is_sent_again_gets_the_same_answer() {
    let mut lab = completing();
    let again = join(&mut lab, 2, Some(id(2, 0)));
    let [Effect::JoinAnswered { answer, .. }] = again.as_slice() else {
        panic!("one answer, not {again:?}");
    };
    assert_eq!(answer.as_ref().unwrap().generation, Generation(1));
    assert_eq!(answer.as_ref().unwrap().members, []);
    assert_eq!(lab.state(), (GroupState::CompletingRebalance, 1));
}

#[test]
fn a_leader_that_joins_again_starts_a_rebalance_and_a_follower_does_not() {
    let mut lab = stable();
    join(&mut lab, 2, Some(id(2, 0)));
    assert_eq!(lab.state(), (GroupState::Stable, 1));
    let effects = join(&mut lab, 1, Some(id(1, 0)));
    let reason = RebalanceReason::LeaderRejoined(id(1, 0));
    assert_eq!(effects[0], Effect::RebalanceStarted { reason });
    assert_eq!(lab.state(), (GroupState::PreparingRebalance, 1));
}

#[test]
fn a_follower_with_another_subscription_starts_a_rebalance() {
    let mut lab = stable();
    let mut request = lab.join_request(2);
    request.member = Some(id(2, 0));
    request.subscription.topics.push(TopicId(1));
    let mut effects = Vec::new();
    lab.group.join(lab.now, request, &mut effects);
    let reason = RebalanceReason::SubscriptionChanged(id(2, 0));
    assert_eq!(effects[0], Effect::RebalanceStarted { reason });
}

#[test]
fn a_rebalance_while_completing_sends_those_that_synced_to_join_again() {
    let mut lab = completing();
    assert_eq!(sync(&mut lab, id(2, 0), 1), []);
    join(&mut lab, 3, None);
    let effects = join(&mut lab, 3, Some(id(3, 0)));
    assert!(effects.contains(&Effect::SyncAnswered {
        member: id(2, 0),
        answer: Err(SyncError::RebalanceInProgress)
    }));
    assert_eq!(
        sync(&mut lab, id(1, 0), 1),
        [Effect::SyncAnswered {
            member: id(1, 0),
            answer: Err(SyncError::RebalanceInProgress)
        }]
    );
}

#[test]
fn a_heartbeat_while_completing_is_fine_and_a_commit_is_not() {
    let mut lab = completing();
    let member = id(2, 0);
    let generation = Generation(1);
    assert_eq!(lab.group.heartbeat(lab.now, member, generation), Ok(()));
    let offsets = vec![(TopicPartition::new(0, 0), Offset(1))];
    let commit = CommitRequest {
        caller: member.into(),
        generation,
        offsets,
    };
    assert_eq!(
        lab.group.commit(lab.now, &commit),
        Err(CommitError::RebalanceInProgress)
    );
}

#[test]
fn while_a_member_waits_for_the_leader_its_session_does_not_end() {
    let mut lab = completing();
    sync(&mut lab, id(2, 0), 1);
    advance(&mut lab, 20_000);
    let leader = id(1, 0);
    lab.group.heartbeat(lab.now, leader, Generation(1)).unwrap();
    assert_eq!(advance(&mut lab, 64_999), []);
    let effects = advance(&mut lab, 65_000);
    assert_eq!(effects[0], Effect::MemberTimedOut { member: leader });
    assert_eq!(lab.group.members(), [id(2, 0)]);
    assert_eq!(lab.state(), (GroupState::PreparingRebalance, 1));
}

#[test]
fn an_assignment_holds_for_one_generation() {
    let mut lab = completing();
    let partitions = vec![TopicPartition::new(0, 3)];
    let request = SyncRequest {
        caller: id(1, 0).into(),
        generation: Generation(1),
        assignments: vec![MemberAssignment {
            member: id(2, 0),
            partitions: partitions.clone(),
        }],
    };
    lab.group.sync(lab.now, request, &mut Vec::new());
    assert_eq!(
        sync(&mut lab, id(2, 0), 1),
        [Effect::SyncAnswered {
            member: id(2, 0),
            answer: Ok(partitions.clone())
        }]
    );
    assert_eq!(lab.group.assignment(id(1, 0)), []);
    assert_eq!(lab.group.assignment(id(2, 0)), partitions);
    join(&mut lab, 1, Some(id(1, 0)));
    join(&mut lab, 2, Some(id(2, 0)));
    assert_eq!(lab.state(), (GroupState::CompletingRebalance, 2));
    assert_eq!(lab.group.assignment(id(2, 0)), []);
}

#[test]
fn who_does_not_sync_within_the_rebalance_timeout_is_thrown_out() {
    let mut lab = lab(4);
    lab.rebalance_timeout = secs(20);
    join(&mut lab, 1, None);
    join(&mut lab, 1, Some(id(1, 0)));
    advance(&mut lab, 3_000);
    let effects = advance(&mut lab, 23_000);
    assert_eq!(
        effects[0],
        Effect::MemberTimedOutOfRebalance {
            member: id(1, 0),
            phase: RebalancePhase::Sync
        }
    );
    assert_eq!(lab.state(), (GroupState::Empty, 2));
}

#[test]
fn a_new_member_whose_join_is_parked_for_five_minutes_is_told_to_begin_anew() {
    let mut lab = stable();
    lab.group
        .heartbeat(lab.now, id(2, 0), Generation(1))
        .unwrap();
    sync(&mut lab, id(2, 0), 1);
    lab.rebalance_timeout = secs(3_600);
    join(&mut lab, 3, None);
    join(&mut lab, 3, Some(id(3, 0)));
    let mut effects = Vec::new();
    for tick in 1..=300 {
        if tick == 100 {
            // It sends its join once more, which does not make it an older member.
            assert_eq!(join(&mut lab, 3, Some(id(3, 0))), []);
        }
        effects = advance(&mut lab, 6_000 + tick * 1_000);
        for member in [id(1, 0), id(2, 0)] {
            let answer = lab.group.heartbeat(lab.now, member, Generation(1));
            assert_eq!(answer, Err(HeartbeatError::RebalanceInProgress));
        }
    }
    assert_eq!(
        effects,
        [
            Effect::MemberTimedOut { member: id(3, 0) },
            Effect::JoinAnswered {
                member: id(3, 0),
                answer: Err(JoinError::UnknownMemberId)
            }
        ]
    );
}
