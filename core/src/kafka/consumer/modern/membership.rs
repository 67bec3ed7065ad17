//! What the client knows of its membership in a group of the consumer protocol.

use std::collections::VecDeque;

use crate::ids::{TopicId, TopicPartition};
use crate::kafka::consumer::membership::Preparation;
use crate::kafka::group::MemberId;
use crate::kafka::group::consumer::{HeartbeatError, HeartbeatResponse, MemberEpoch};
use crate::time::{SimDuration, SimTime};
use crate::trace::ConsumerError;

/// What the client of a group of the consumer protocol keeps of it. `AbstractMembershipManager`.
#[derive(Clone, Debug)]
pub(crate) struct Membership {
    /// Its member id, made when the process started.
    pub(super) member: MemberId,
    pub(super) phase: Phase,
    /// The epoch that the coordinator told it last; not above 0 while it is no member.
    pub(super) epoch: MemberEpoch,
    /// What it shall own, as it was told last.
    pub(super) target: Assignment,
    /// The number of the assignment that it has come to.
    pub(super) current: u32,
    /// What it is coming to while it commits for it.
    pub(super) coming_to: Option<Assignment>,
    pub(super) preparation: Preparation,
    /// What its heartbeats have said last.
    pub(super) said: Said,
    /// The number of its joining or leaving: an answer to a heartbeat before that is dropped.
    pub(super) attempt: u32,
    pub(super) in_flight: InFlight,
    /// `HeartbeatIntervalMs` of the last answer; zero before the first.
    pub(super) interval: SimDuration,
    /// When the next heartbeat is due, if nothing is to be said sooner.
    pub(super) heartbeat_at: SimTime,
    /// The number of the background thread's last alarm: an earlier one is dropped.
    pub(super) alarm: u32,
    /// Answers on their way to it, in order, with the attempt that they belong to.
    pub(super) on_the_wire: VecDeque<(u32, Result<HeartbeatResponse, HeartbeatError>)>,
    /// Why it cannot go on, to be told at the next poll.
    pub(super) failure: Option<ConsumerError>,
    /// At which epoch it asked for committed offsets.
    pub(super) asked_at: MemberEpoch,
}

/// An assignment, with its number among those that a member was told. `LocalAssignment`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Assignment {
    /// 0: it was told none since it joined.
    pub(super) number: u32,
    pub(super) partitions: Vec<TopicPartition>,
}

/// How far a client has come. `MemberState` of the clients; what lasts no time is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It has not asked to join, or has left for good.
    Unsubscribed,
    /// Its first heartbeat waits for an answer.
    Joining,
    /// It has what it was told to own, and the coordinator knows.
    Stable,
    /// It has to give up or to take over something in `poll()`.
    Reconciling,
    /// It has done so and says so with a heartbeat at once.
    Acknowledging,
    /// The coordinator does not know it any more: at the next poll it loses everything and joins.
    Fenced,
    /// It has left since it did not poll in time: likewise.
    Stale,
    /// It cannot go on.
    Fatal,
}

/// What heartbeats have said last: the same is not said again.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// The number of the assignment that it reported to own.
    pub(super) owned: u32,
    pub(super) topics: Vec<TopicId>,
}

/// Whether a heartbeat waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InFlight {
    No,
    Yes,
}

impl Membership {
    pub(crate) fn new(member: MemberId) -> Self {
        Self {
            member,
            phase: Phase::Unsubscribed,
            epoch: MemberEpoch::JOIN,
            target: Assignment::default(),
            current: 0,
            coming_to: None,
            preparation: Preparation::Needed,
            said: Said::default(),
            attempt: 0,
            in_flight: InFlight::No,
            interval: SimDuration::ZERO,
            heartbeat_at: SimTime::ZERO,
            alarm: 0,
            on_the_wire: VecDeque::new(),
            failure: None,
            asked_at: MemberEpoch::JOIN,
        }
    }

    /// Whether the coordinator has let it in, as far as it knows.
    pub(crate) const fn is_member(&self) -> bool {
        self.epoch.0 > MemberEpoch::JOIN.0
    }

    /// Whether it sends heartbeats. `shouldSkipHeartbeat`.
    pub(super) const fn beats(&self) -> bool {
        matches!(
            self.phase,
            Phase::Joining | Phase::Stable | Phase::Reconciling | Phase::Acknowledging
        )
    }

    /// Whether its next heartbeat does not wait for the interval. `shouldHeartbeatNow`.
    pub(super) const fn beats_at_once(&self) -> bool {
        matches!(self.phase, Phase::Joining | Phase::Acknowledging)
    }

    /// It is no member any more, or joins anew; what it was told does not hold.
    pub(super) fn step_back(&mut self, phase: Phase, epoch: MemberEpoch) {
        self.phase = phase;
        self.epoch = epoch;
        self.attempt += 1;
        self.in_flight = InFlight::No;
        self.target = Assignment::default();
        self.current = 0;
        self.coming_to = None;
        self.preparation = Preparation::Needed;
    }

    /// It is told what it shall own. `processAssignmentReceived`.
    pub(super) fn be_told(&mut self, partitions: Vec<TopicPartition>) {
        if self.target.number == 0 || self.target.partitions != partitions {
            self.target = Assignment {
                number: self.target.number + 1,
                partitions,
            };
        }
        self.compare();
    }

    /// Whether it has come to what it was told to own.
    pub(super) fn compare(&mut self) {
        match self.phase {
            _ if self.target.number != self.current => self.phase = Phase::Reconciling,
            // What it is coming to is finished first.
            Phase::Reconciling if self.coming_to.is_some() => {}
            _ => self.phase = Phase::Stable,
        }
    }
}
