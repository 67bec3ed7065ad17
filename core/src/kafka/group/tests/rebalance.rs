//! Joins, crashes, leaves, and what they do to the others.

use std::collections::BTreeMap;

use super::lab::{Lab, at, lab, secs};
use crate::ids::ActorId;
use crate::kafka::group::MemberId;
use crate::kafka::group::classic::{Effect, GroupState, RebalancePhase, RebalanceReason};

fn id(actor: u16, incarnation: u32) -> MemberId {
    MemberId {
        actor: ActorId(actor),
        incarnation,
    }
}

fn stable(partitions: u16, consumers: u16) -> Lab {
    let mut lab = lab(partitions);
    for consumer in 1..=consumers {
        lab.start(consumer);
    }
    lab.run_until(at(10_000));
    assert_eq!(lab.state(), (GroupState::Stable, 1));
    lab
}

#[test]
fn a_join_while_stable_waits_for_the_next_heartbeats_of_the_others() {
    let mut lab = stable(6, 2);
    lab.start(3);
    assert_eq!(lab.state(), (GroupState::PreparingRebalance, 1));
    lab.run_until(at(13_000));
    assert_eq!(lab.state(), (GroupState::Stable, 2));
    assert_eq!(lab.shares(), [2, 2, 2]);
}

#[test]
fn a_crash_is_noticed_when_the_session_is_over() {
    let mut lab = stable(6, 3);
    // The last heartbeat was at 9 s, since the generation began at 3 s + 3 s.
    lab.crash(2);
    lab.run_until(at(53_999));
    assert_eq!(lab.state(), (GroupState::Stable, 1));
    lab.run_until(at(60_000));
    let timed_out = Effect::MemberTimedOut { member: id(2, 0) };
    assert_eq!(lab.when(|effect| *effect == timed_out), Some(at(54_000)));
    assert_eq!(lab.state(), (GroupState::Stable, 2));
    assert_eq!(lab.shares(), [3, 3]);
}

#[test]
fn a_restarted_consumer_is_a_new_member_beside_its_old_self() {
    let mut lab = stable(6, 2);
    lab.crash(2);
    lab.start(2);
    lab.run_until(at(20_000));
    assert_eq!(lab.state().0, GroupState::PreparingRebalance);
    assert_eq!(lab.group.members(), [id(1, 0), id(2, 0), id(2, 1)]);
    lab.run_until(at(60_000));
    assert_eq!(lab.state(), (GroupState::Stable, 2));
    assert_eq!(lab.group.members(), [id(1, 0), id(2, 1)]);
    assert_eq!(lab.shares(), [3, 3]);
}

#[test]
fn a_leave_starts_a_rebalance_at_once() {
    let mut lab = stable(6, 3);
    lab.leave(3);
    assert_eq!(lab.state(), (GroupState::PreparingRebalance, 1));
    let reason = RebalanceReason::MemberLeft(id(3, 0));
    let started = Effect::RebalanceStarted { reason };
    assert_eq!(lab.when(|effect| *effect == started), Some(at(10_000)));
    lab.run_until(at(13_000));
    assert_eq!(lab.state(), (GroupState::Stable, 2));
    assert_eq!(lab.shares(), [3, 3]);
}

#[test]
fn when_the_leader_leaves_the_next_in_order_leads() {
    let mut lab = stable(6, 3);
    assert_eq!(lab.group.leader(), Some(id(1, 0)));
    lab.leave(1);
    lab.run_until(at(13_000));
    assert_eq!(lab.group.leader(), Some(id(2, 0)));
    assert_eq!(lab.shares(), [3, 3]);
}

#[test]
fn the_last_member_to_leave_ends_a_generation() {
    let mut lab = stable(6, 1);
    lab.leave(1);
    assert_eq!(lab.state(), (GroupState::Empty, 2));
    assert_eq!(lab.group.leader(), None);
    assert_eq!(lab.group.next_timeout(), None);
}

/// A consumer that goes on with its heartbeats but does not join, as while it works on a poll.
#[test]
fn who_does_not_join_within_the_rebalance_timeout_is_thrown_out() {
    let mut lab = lab(6);
    lab.rebalance_timeout = secs(20);
    lab.start(1);
    lab.start(2);
    lab.run_until(at(10_000));
    let busy = lab.consumers.remove(&2).unwrap();
    lab.start(3);
    for second in [15, 20, 25] {
        lab.run_until(at(second * 1_000));
        let member = busy.member.unwrap();
        assert!(
            lab.group
                .heartbeat(lab.now, member, busy.generation.unwrap())
                .is_err()
        );
    }
    lab.run_until(at(40_000));
    let thrown_out = Effect::MemberTimedOutOfRebalance {
        member: id(2, 0),
        phase: RebalancePhase::Join,
    };
    assert_eq!(lab.when(|effect| *effect == thrown_out), Some(at(30_000)));
    assert_eq!(lab.state(), (GroupState::Stable, 2));
    assert_eq!(lab.shares(), [3, 3]);
}

/// Two members of one generation never own the same partition, whatever comes and goes.
#[test]
fn a_partition_has_one_owner_per_generation() {
    for seed in 0..200_u64 {
        let mut random = seed;
        let mut next = |below: u64| {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % below
        };
        let mut lab = lab(7);
        for _ in 0..40 {
            let consumer = u16::try_from(next(5)).unwrap();
            match (lab.consumers.contains_key(&consumer), next(2)) {
                (false, _) => lab.start(consumer),
                (true, 0) => lab.crash(consumer),
                (true, _) => lab.leave(consumer),
            }
            lab.run_until(lab.now + secs(next(30)));
            check_owners(&lab);
        }
        lab.run_until(lab.now + secs(600));
        check_owners(&lab);
        if !lab.consumers.is_empty() {
            assert_eq!(lab.state().0, GroupState::Stable, "seed {seed}");
            assert_eq!(lab.shares().iter().sum::<usize>(), 7, "seed {seed}");
        }
    }
}

fn check_owners(lab: &Lab) {
    let mut owners = BTreeMap::new();
    for (&consumer, known) in &lab.consumers {
        for &partition in &known.assigned {
            let before = owners.insert((known.generation, partition), consumer);
            assert_eq!(before, None, "{partition:?} in {:?}", known.generation);
        }
    }
}
