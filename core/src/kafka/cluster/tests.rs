//! Rules of the cluster, one by one.

use super::leader::{IsrSettings, LeaderState};
use super::log::{PartitionLog, ReplicaLog};
use super::placement::place;
use super::registration::{Change, Elected, Election, PartitionRegistration};
use crate::ids::{BrokerId, LeaderEpoch, Offset};
use crate::random::{Purpose, Random};
use crate::time::{SimDuration, SimTime};

const fn brokers<const N: usize>(numbers: [u16; N]) -> [BrokerId; N] {
    let mut all = [BrokerId(0); N];
    let mut n = 0;
    while n < N {
        all[n] = BrokerId(numbers[n]);
        n += 1;
    }
    all
}

#[test]
fn each_partition_begins_one_broker_further_on_and_every_broker_leads_as_often() {
    let placed = place((5, 3), (7, 0), 5);
    for pair in placed.windows(2) {
        assert_eq!(pair[0][1..], pair[1][..2]);
    }
    let mut leaders: Vec<BrokerId> = placed.iter().map(|replicas| replicas[0]).collect();
    leaders.sort_unstable();
    assert_eq!(leaders, brokers([0, 1, 2, 3, 4]));
    // After as many partitions as brokers, another order.
    let more = place((5, 3), (7, 0), 200);
    let mut leads = [0; 5];
    for replicas in &more {
        let mut apart = replicas.clone();
        apart.sort_unstable();
        apart.dedup();
        assert_eq!(
            apart.len(),
            3,
            "no broker has two replicas of one partition"
        );
        leads[replicas[0].index()] += 1;
    }
    assert_eq!(leads, [40; 5]);
    assert_ne!(more[..5], more[5..10]);
    let others = (0..20).filter(|seed| place((5, 3), (*seed, 0), 5) != placed);
    assert!(others.count() > 10, "the seed decides where it begins");
}

fn partition() -> PartitionRegistration {
    PartitionRegistration::new(brokers([0, 1, 2]).to_vec())
}

fn fence(
    partition: &mut PartitionRegistration,
    broker: u16,
    (min_isr, election): (usize, Election),
    alive: &[u16],
) -> Option<Elected> {
    let mut isr = partition.isr.clone();
    isr.retain(|its| its.0 != broker);
    let change = Change {
        isr,
        unclean_shutdown: &[],
        election,
        min_isr,
    };
    let changed = partition.change(change, |broker| alive.contains(&broker.0));
    changed.leader
}

#[test]
fn the_first_live_replica_in_sync_leads_and_the_epoch_rises() {
    let mut partition = partition();
    let elected = fence(&mut partition, 0, (2, Election::Online), &[1, 2]);
    assert_eq!(elected, Some(Elected::Clean));
    assert_eq!(partition.leader, Some(BrokerId(1)));
    assert_eq!(partition.isr, brokers([1, 2]));
    assert_eq!(partition.leader_epoch, LeaderEpoch(1));
    // One that does not lead goes: no new epoch.
    assert_eq!(fence(&mut partition, 2, (1, Election::Online), &[1]), None);
    assert_eq!(partition.leader_epoch, LeaderEpoch(1));
    assert!(partition.elr.is_empty(), "one in sync is enough here");
}

#[test]
fn who_leaves_a_set_that_is_too_small_stays_eligible_and_can_lead() {
    let mut partition = partition();
    fence(&mut partition, 1, (2, Election::Online), &[0, 2]);
    fence(&mut partition, 2, (2, Election::Online), &[0]);
    assert_eq!(
        (partition.isr.as_slice(), partition.elr.as_slice()),
        (&brokers([0])[..], &brokers([2])[..])
    );
    fence(&mut partition, 0, (2, Election::Online), &[]);
    assert_eq!(partition.leader, None);
    assert_eq!(
        (partition.isr.len(), partition.elr.as_slice()),
        (0, &brokers([0, 2])[..])
    );
    // An eligible one is back.
    let isr = partition.isr.clone();
    let change = Change {
        isr,
        unclean_shutdown: &[],
        election: Election::Online,
        min_isr: 2,
    };
    let changed = partition.change(change, |broker| broker == BrokerId(2));
    assert_eq!(changed.leader, Some(Elected::Clean));
    assert_eq!(
        (partition.leader, partition.isr.as_slice()),
        (Some(BrokerId(2)), &brokers([2])[..])
    );
    assert_eq!(partition.elr, brokers([0]));
}

#[test]
fn an_unclean_shutdown_ends_eligibility_and_the_last_leader_leads_again() {
    let mut partition = partition();
    for (broker, alive) in [(1, &[0, 2][..]), (2, &[0]), (0, &[])] {
        fence(&mut partition, broker, (1, Election::Online), alive);
    }
    assert_eq!(
        (partition.leader, partition.elr.as_slice()),
        (None, &brokers([0])[..])
    );
    let back = brokers([0]);
    let change = Change {
        isr: Vec::new(),
        unclean_shutdown: &back,
        election: Election::Online,
        min_isr: 1,
    };
    let changed = partition.change(change, |broker| broker != BrokerId(0));
    assert_eq!(
        (changed.leader, partition.elr.len()),
        (None, 0),
        "1 and 2 are alive, and must not lead"
    );
    let change = Change {
        isr: Vec::new(),
        unclean_shutdown: &[],
        election: Election::Online,
        min_isr: 1,
    };
    let changed = partition.change(change, |_| true);
    assert_eq!(changed.leader, Some(Elected::Unclean));
    assert_eq!(
        (partition.leader, partition.isr.as_slice()),
        (Some(BrokerId(0)), &back[..])
    );
}

#[test]
fn an_unclean_election_takes_any_live_replica() {
    let mut partition = partition();
    fence(&mut partition, 1, (1, Election::Unclean), &[0]);
    fence(&mut partition, 2, (1, Election::Unclean), &[0]);
    let elected = fence(&mut partition, 0, (1, Election::Unclean), &[2]);
    assert_eq!(elected, Some(Elected::Unclean));
    assert_eq!(
        (partition.leader, partition.isr.as_slice()),
        (Some(BrokerId(2)), &brokers([2])[..])
    );
    assert!(partition.elr.is_empty());
}

#[test]
fn the_preferred_leader_is_elected_only_when_asked_for() {
    let mut partition = partition();
    fence(&mut partition, 0, (1, Election::Online), &[1, 2]);
    let isr = brokers([1, 2, 0]).to_vec();
    for (election, leader) in [(Election::Online, 1), (Election::Preferred, 0)] {
        let isr = isr.clone();
        let change = Change {
            isr,
            unclean_shutdown: &[],
            election,
            min_isr: 1,
        };
        partition.change(change, |_| true);
        assert_eq!(partition.leader, Some(BrokerId(leader)));
    }
}

/// Appends to the leader's log and to the records, in the epoch that it leads in.
fn append(log: &mut PartitionLog<u32>, leader: &mut ReplicaLog, record: u32) {
    log.push(record);
    leader.push();
}

#[test]
fn a_leader_that_comes_back_drops_what_it_alone_had() {
    let mut log = PartitionLog::default();
    let (mut old, mut new) = (ReplicaLog::default(), ReplicaLog::default());
    old.begin_epoch(LeaderEpoch(0));
    for record in 1..=5 {
        append(&mut log, &mut old, record);
    }
    new.copy_from(&old, Offset(3));
    let mut gone = Vec::new();
    log.change_leader((&old, &new), |_, record| gone.push(*record), |_, _| {});
    assert_eq!(gone, [4, 5]);
    new.begin_epoch(LeaderEpoch(1));
    append(&mut log, &mut new, 6);
    let diverging = new
        .divergence(old.latest_epoch(), old.end())
        .expect("they part");
    assert_eq!(
        (diverging.epoch, diverging.end),
        (Some(LeaderEpoch(0)), Offset(3))
    );
    assert_eq!(old.truncation_point(diverging), Offset(3));
    old.truncate(Offset(3));
    assert_eq!(new.divergence(old.latest_epoch(), old.end()), None);
    old.copy_from(&new, Offset(4));
    assert_eq!(old, new);
    assert_eq!(
        log.records().iter().copied().collect::<Vec<_>>(),
        [1, 2, 3, 6]
    );
}

#[test]
fn what_is_gone_can_come_back_with_the_replica_that_has_it() {
    let mut log = PartitionLog::default();
    let (mut one, mut two) = (ReplicaLog::default(), ReplicaLog::default());
    one.begin_epoch(LeaderEpoch(0));
    for record in 1..=4 {
        append(&mut log, &mut one, record);
    }
    two.copy_from(&one, Offset(2));
    log.change_leader((&one, &two), |_, _| {}, |_, _| {});
    two.begin_epoch(LeaderEpoch(1));
    append(&mut log, &mut two, 9);
    let mut back = Vec::new();
    log.change_leader(
        (&two, &one),
        |_, _| {},
        |offset, record| back.push((offset.0, *record)),
    );
    assert_eq!(back, [(2, 3), (3, 4)]);
    assert_eq!(
        log.records().iter().copied().collect::<Vec<_>>(),
        [1, 2, 3, 4]
    );
}

const SETTINGS: IsrSettings = IsrSettings {
    lag_time_max: SimDuration::from_secs(30),
    min_isr: 2,
};

fn leader(isr: &[BrokerId]) -> LeaderState {
    let followers = brokers([1, 2]).into_iter();
    LeaderState::new(
        (LeaderEpoch(0), Offset(0)),
        (isr.to_vec(), 0),
        followers,
        SimTime::ZERO,
    )
}

const fn at(seconds: u64) -> SimTime {
    SimTime::from_micros(seconds * 1_000_000)
}

#[test]
fn the_high_watermark_is_the_smallest_end_of_those_in_sync_as_their_fetches_tell_it() {
    let mut leader = leader(&brokers([0, 1, 2]));
    let next = |leader: &LeaderState, now, end| {
        leader.next_high_watermark((at(now), SETTINGS), Offset(end), |_| true)
    };
    assert_eq!(next(&leader, 1, 4), Some(Offset(0)));
    leader.fetched(BrokerId(1), (Offset(4), Offset(4)), at(1));
    assert_eq!(next(&leader, 1, 4), Some(Offset(0)));
    leader.fetched(BrokerId(2), (Offset(3), Offset(4)), at(1));
    assert_eq!(next(&leader, 1, 4), Some(Offset(3)));
    // With one in sync of two that are needed, nothing more is committed.
    leader.isr = brokers([0]).to_vec();
    assert_eq!(next(&leader, 100, 4), None);
}

#[test]
fn a_follower_falls_out_when_it_was_not_caught_up_for_too_long_and_joins_at_the_watermark() {
    let mut leader = leader(&brokers([0, 1, 2]));
    leader.fetched(BrokerId(1), (Offset(4), Offset(4)), at(10));
    leader.fetched(BrokerId(2), (Offset(4), Offset(4)), at(10));
    let out = |leader: &LeaderState, now, end| {
        leader
            .out_of_sync((at(now), SETTINGS), Offset(end))
            .collect::<Vec<_>>()
    };
    assert!(
        out(&leader, 100, 4).is_empty(),
        "it has everything, however long ago"
    );
    leader.fetched(BrokerId(1), (Offset(5), Offset(5)), at(35));
    assert!(out(&leader, 40, 5).is_empty());
    assert_eq!(out(&leader, 41, 5), brokers([2]));
    leader.isr = brokers([0, 1]).to_vec();
    assert!(!leader.can_join(BrokerId(2), Offset(5)));
    leader.fetched(BrokerId(2), (Offset(5), Offset(9)), at(42));
    assert!(
        leader.can_join(BrokerId(2), Offset(5)),
        "the watermark is enough"
    );
}

/// Three replicas, each with a plain list of records beside it: whoever leads, in whatever order, the
/// shared records are the leader's list, and after truncation a follower's list is the head of the
/// leader's.
#[test]
fn shared_records_are_those_of_the_replica_that_leads() {
    for seed in 0..400 {
        let mut chance = Random::new(seed, Purpose::Broker, 0);
        let mut log = PartitionLog::default();
        let mut replicas = vec![(ReplicaLog::default(), Vec::<u32>::new()); 3];
        let (mut leader, mut epoch) = (0, 0);
        replicas[0].0.begin_epoch(LeaderEpoch(0));
        for record in 0..150_u32 {
            let other = usize::try_from(chance.below(3)).unwrap();
            match chance.below(12) {
                0..4 => {
                    log.push(record);
                    replicas[leader].0.push();
                    replicas[leader].1.push(record);
                }
                4..8 if other != leader => {
                    let (leads, records) = replicas[leader].clone();
                    let (its, copied) = &mut replicas[other];
                    if leads.divergence(its.latest_epoch(), its.end()).is_none() {
                        let from = its.end();
                        let more = u32::try_from(chance.below(4)).unwrap();
                        its.copy_from(&leads, Offset(from.0 + more));
                        copied.extend_from_slice(&records[from.index()..its.end().index()]);
                        assert_eq!(copied[..], records[..copied.len()], "seed {seed}");
                    }
                }
                8..11 if other != leader => {
                    let leads = replicas[leader].0.clone();
                    let (its, copied) = &mut replicas[other];
                    if let Some(diverging) = leads.divergence(its.latest_epoch(), its.end()) {
                        let end = its.truncation_point(diverging);
                        let before = its.clone();
                        assert!(end <= its.end(), "seed {seed}");
                        its.truncate(end);
                        assert_ne!(*its, before, "seed {seed}: it asks for ever");
                        copied.truncate(end.index());
                    }
                }
                11 => {
                    let before = replicas[leader].0.clone();
                    let after = replicas[other].0.clone();
                    log.change_leader((&before, &after), |_, _| {}, |_, _| {});
                    leader = other;
                    epoch += 1;
                    replicas[leader].0.begin_epoch(LeaderEpoch(epoch));
                }
                _ => {}
            }
            let shared: Vec<u32> = log.records().iter().copied().collect();
            assert_eq!(shared, replicas[leader].1, "seed {seed}");
            assert_eq!(replicas[leader].0.end().index(), shared.len());
        }
    }
}
