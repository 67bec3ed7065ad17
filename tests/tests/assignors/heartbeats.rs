//! Groups of the consumer protocol whose members are led to one target after another, each at its
//! own pace.

use broker_lab_core::kafka::group::consumer::{
    AssignedPartition, CurrentAssignment, Heartbeat, MemberEpoch, MemberState, SubscriptionChange,
    Target, reconcile,
};
use broker_lab_core::{TopicId, TopicPartition};
use proptest::prelude::*;

use crate::groups::cases;

const PARTITIONS: u16 = 6;

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// Another target: per partition the member that is to have it.
    Target(Vec<usize>),
    /// The member revokes what it has to, and says so.
    Obeys(usize),
    /// The member says what it owns, which is still all it had.
    Insists(usize),
    /// The member says nothing about what it owns.
    Beats(usize),
}

fn steps() -> impl Strategy<Value = (usize, Vec<Step>)> {
    (1..=4_usize).prop_flat_map(|members| {
        let owners = prop::collection::vec(0..members, usize::from(PARTITIONS));
        let step = prop_oneof![
            1 => owners.prop_map(Step::Target),
            4 => (0..members).prop_map(Step::Obeys),
            2 => (0..members).prop_map(Step::Insists),
            2 => (0..members).prop_map(Step::Beats),
        ];
        (Just(members), prop::collection::vec(step, 1..60))
    })
}

/// The coordinator's view of the members, and what each really reads.
struct Group {
    members: Vec<CurrentAssignment>,
    reads: Vec<Vec<TopicPartition>>,
    owners: Vec<usize>,
    epoch: MemberEpoch,
}

impl Group {
    fn new(members: usize) -> Self {
        Self {
            members: vec![CurrentAssignment::default(); members],
            reads: vec![Vec::new(); members],
            owners: vec![0; usize::from(PARTITIONS)],
            epoch: MemberEpoch(1),
        }
    }

    fn target(&self, place: usize) -> Vec<TopicPartition> {
        let owned = (0..PARTITIONS).zip(&self.owners);
        owned
            .filter(|(_, owner)| **owner == place)
            .map(|(number, _)| TopicPartition::new(0, number))
            .collect()
    }

    fn beat(&mut self, place: usize, owned: Option<&[TopicPartition]>) {
        let holds = |member: &CurrentAssignment, partition| {
            let held = member.assigned.iter().chain(&member.pending_revocation);
            held.map(|held| held.partition)
                .any(|held| held == partition)
        };
        let partition_epoch = |partition| {
            let mut members = self.members.iter();
            let holder = members.find(|member| holds(member, partition))?;
            Some(holder.member_epoch)
        };
        let target = Target {
            epoch: self.epoch,
            partitions: &self.target(place),
        };
        let heartbeat = Heartbeat {
            subscribed: &[TopicId(0)],
            subscription: SubscriptionChange::Same,
            owned,
        };
        let next = reconcile(&self.members[place], target, heartbeat, partition_epoch);
        if let Some(next) = next {
            self.members[place] = next;
        }
        // What it is given it reads at once; what it is to give up it reads until it obeys.
        let assigned = assigned(&self.members[place]);
        for partition in assigned {
            if !self.reads[place].contains(&partition) {
                self.reads[place].push(partition);
            }
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Target(owners) => {
                self.owners.clone_from(owners);
                self.epoch = self.epoch.next();
            }
            &Step::Obeys(place) => {
                self.reads[place] = assigned(&self.members[place]);
                let owned = self.reads[place].clone();
                self.beat(place, Some(&owned));
            }
            &Step::Insists(place) => {
                let owned = self.reads[place].clone();
                self.beat(place, Some(&owned));
            }
            &Step::Beats(place) => self.beat(place, None),
        }
    }

    /// No partition is read by two.
    fn has_one_reader_each(&self) -> bool {
        (0..PARTITIONS).all(|number| {
            let partition = TopicPartition::new(0, number);
            let readers = self.reads.iter().filter(|reads| reads.contains(&partition));
            readers.count() <= 1
        })
    }
}

fn assigned(member: &CurrentAssignment) -> Vec<TopicPartition> {
    let held = |held: &AssignedPartition| held.partition;
    member.assigned.iter().map(held).collect()
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn no_partition_is_read_by_two_and_all_arrive((members, steps) in steps()) {
        let mut group = Group::new(members);
        for step in &steps {
            group.step(step);
            prop_assert!(group.has_one_reader_each(), "after {step:?}");
        }
        // Once targets rest, three rounds do: give up, get, get what others gave up later.
        for _ in 0..3 {
            for place in 0..members {
                group.step(&Step::Obeys(place));
                group.step(&Step::Obeys(place));
            }
        }
        for (place, member) in group.members.iter().enumerate() {
            prop_assert_eq!(member.state, MemberState::Stable);
            prop_assert_eq!(member.member_epoch, group.epoch);
            prop_assert_eq!(assigned(member), group.target(place));
        }
    }

    #[test]
    fn an_epoch_never_goes_back((members, steps) in steps()) {
        let mut group = Group::new(members);
        for step in &steps {
            let before: Vec<_> = group.members.iter().map(|m| m.member_epoch).collect();
            group.step(step);
            for (before, member) in before.into_iter().zip(&group.members) {
                prop_assert!(before <= member.member_epoch);
                prop_assert!(member.previous_member_epoch <= member.member_epoch);
                prop_assert!(member.assigned.iter().all(|held| held.epoch <= member.member_epoch));
            }
        }
    }
}
