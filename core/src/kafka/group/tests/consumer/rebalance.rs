//! Joins, and how partitions move because of them.

use super::super::lab::{at, secs};
use super::lab::{BEAT, Lab, id, lab, lab_with, tp};
use crate::kafka::group::consumer::{
    ConsumerGroupSettings, ConsumerGroupState, Effect, MemberEpoch, MemberState,
};
use crate::time::SimDuration;
use ConsumerGroupState::{Assigning, Dead, Reconciling, Stable};
use MemberState as Is;

fn stable(partitions: u16, clients: u16) -> Lab {
    let mut lab = lab(partitions);
    for client in 1..=clients {
        lab.start(client);
    }
    lab.run_until(at(30_000));
    assert_eq!(lab.state().0, Stable);
    lab
}

#[test]
fn a_group_that_nobody_has_joined_is_dead() {
    assert_eq!(lab(3).state().0, Dead);
}

/// Groups begin at epoch 1, with an empty target: the first one that is computed is of epoch 2.
#[test]
fn the_first_member_has_everything_with_its_first_answer() {
    let mut lab = lab(3);
    lab.start(1);
    assert_eq!(lab.state(), (Stable, 2, 2));
    assert_eq!(lab.member(id(1, 0)), Some((Is::Stable, 2)));
    lab.run_until(at(0));
    assert_eq!(lab.owned(), [[0, 1, 2]]);
}

#[test]
fn what_moves_is_first_given_up_then_given() {
    let mut lab = stable(6, 1);
    lab.clients.get_mut(&1).unwrap().revokes_in = secs(2);
    lab.start(2);
    assert_eq!(lab.state(), (Reconciling, 3, 3));
    assert_eq!(lab.member(id(2, 0)), Some((Is::UnreleasedPartitions, 3)));

    // The owner hears of it with its next heartbeat, which has just gone.
    lab.run_until(at(35_000));
    assert_eq!(lab.member(id(1, 0)), Some((Is::UnrevokedPartitions, 2)));
    assert_eq!(lab.owned()[0], [0, 1, 2, 3, 4, 5]);
    assert_eq!(lab.group.partition_epoch(tp(5)), Some(MemberEpoch(2)));

    lab.run_until(at(37_000));
    assert_eq!(lab.member(id(1, 0)), Some((Is::Stable, 3)));
    assert_eq!(lab.owned()[0], [0, 1, 2]);
    assert_eq!(lab.group.partition_epoch(tp(5)), None);
    assert_eq!(lab.state().0, Reconciling);

    // The newcomer asks again at 40 s.
    lab.run_until(at(40_000));
    assert_eq!(lab.owned(), [[0, 1, 2], [3, 4, 5]]);
    assert_eq!(lab.state(), (Stable, 3, 3));
}

#[test]
fn a_member_that_need_not_move_never_hears_of_it() {
    let mut lab = lab_with(
        ConsumerGroupSettings {
            assignment_interval: SimDuration::ZERO,
            ..ConsumerGroupSettings::default()
        },
        &[3],
    );
    lab.start(1);
    lab.start(2);
    lab.run_until(at(20_000));
    assert_eq!(lab.owned(), [vec![0, 1], vec![2]]);
    lab.happened.clear();
    lab.start(3);
    lab.run_until(at(40_000));
    assert_eq!(lab.owned(), [[0], [1], [2]]);
    let first_is_asked_once = lab.happened.iter().filter(|(_, effect)| {
        matches!(effect, Effect::RevocationPending { member, .. } if *member == id(1, 0))
    });
    assert_eq!(first_is_asked_once.count(), 1);
    lab.happened.clear();
    lab.start(4);
    lab.run_until(at(60_000));
    let moved = |(_, effect): &&_| matches!(effect, Effect::Given { .. } | Effect::Released { .. });
    assert_eq!(lab.happened.iter().filter(moved).count(), 0, "it is idle");
    assert_eq!(lab.state().0, Stable);
}

/// A member that is still giving up goes straight to the newest target.
#[test]
fn targets_that_were_overtaken_are_skipped() {
    let mut lab = stable(6, 1);
    lab.clients.get_mut(&1).unwrap().revokes_in = secs(20);
    lab.start(2);
    lab.run_until(at(36_000));
    assert_eq!(lab.member(id(1, 0)), Some((Is::UnrevokedPartitions, 2)));
    lab.start(3);
    lab.run_until(at(54_999));
    assert_eq!(lab.member(id(1, 0)), Some((Is::UnrevokedPartitions, 2)));
    // It gives up what was asked for first; then it is asked for what the third one gets.
    lab.run_until(at(55_000));
    assert_eq!(lab.member(id(1, 0)), Some((Is::UnrevokedPartitions, 2)));
    lab.run_until(at(75_000));
    assert_eq!(lab.member(id(1, 0)), Some((Is::Stable, 4)));
    lab.run_until(at(90_000));
    assert_eq!(lab.owned(), [[0, 1], [2, 3], [4, 5]]);
    assert_eq!(lab.state(), (Stable, 4, 4));
}

/// Whoever comes within a second of the last target waits for the next one at the old epoch.
#[test]
fn a_target_stands_for_a_second() {
    let mut lab = lab(4);
    lab.start(1);
    lab.run_until(at(999));
    lab.start(2);
    assert_eq!(lab.state(), (Assigning, 3, 2));
    assert_eq!(lab.member(id(2, 0)), Some((Is::Stable, 2)));
    assert!(lab.group.target(id(2, 0)).is_empty());
    lab.run_until(at(4_999));
    assert_eq!(lab.state(), (Assigning, 3, 2), "nobody was heard of");
    lab.run_until(at(5_000));
    assert_eq!(lab.state(), (Reconciling, 3, 3));
    lab.run_until(at(12_000));
    assert_eq!(lab.owned(), [[0, 1], [2, 3]]);
}

#[test]
fn the_interval_is_over_to_the_moment() {
    let mut lab = lab(4);
    lab.start(1);
    lab.run_until(at(1_000));
    lab.start(2);
    assert_eq!(lab.state(), (Reconciling, 3, 3));
}

#[test]
fn members_that_come_together_get_one_target() {
    let mut lab = lab(6);
    for client in 1..=6 {
        lab.start(client);
    }
    assert_eq!(lab.state(), (Assigning, 7, 2));
    lab.run_until(at(30_000));
    let targets = lab.happened.iter().filter_map(|(_, effect)| match effect {
        Effect::TargetComputed { epoch } => Some(epoch.0),
        _ => None,
    });
    assert_eq!(targets.collect::<Vec<_>>(), [2, 7]);
    assert_eq!(lab.owned(), [[0], [1], [2], [3], [4], [5]]);
}

/// Its heartbeats do not prolong its time.
#[test]
fn a_member_that_does_not_give_up_is_thrown_out() {
    let mut lab = lab(2);
    lab.rebalance_timeout = secs(12);
    lab.start(1);
    lab.run_until(at(20_000));
    lab.clients.get_mut(&1).unwrap().revokes_in = secs(1_000);
    lab.start(2);
    lab.run_until(at(36_999));
    assert_eq!(lab.member(id(1, 0)), Some((Is::UnrevokedPartitions, 2)));
    lab.run_until(at(37_000));
    assert_eq!(lab.member(id(1, 0)), None);
    assert_eq!(lab.state(), (Assigning, 4, 3));
    // It hears of it with its next heartbeat, and joins again.
    lab.run_until(at(60_000));
    assert_eq!(lab.refused.len(), 1);
    assert_eq!(lab.owned(), [[0], [1]]);
    assert_eq!(lab.state().0, Stable);
}

#[test]
fn nothing_is_ever_two_members() {
    let mut lab = stable(7, 3);
    for client in 4..=9 {
        lab.clients
            .values_mut()
            .for_each(|c| c.revokes_in = secs(3));
        lab.start(client);
        for _ in 0..40 {
            lab.run_until(lab.now + SimDuration::from_millis(377));
            let mut owned: Vec<u16> = lab.owned().concat();
            let all = owned.len();
            owned.sort_unstable();
            owned.dedup();
            assert_eq!(owned.len(), all);
        }
    }
    lab.run_until(lab.now + BEAT.times(5));
    assert_eq!(lab.state().0, Stable);
    assert_eq!(lab.owned().concat().len(), 7);
}
