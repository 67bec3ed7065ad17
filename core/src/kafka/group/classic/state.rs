//! The state of a group, with the timer that each state needs.

use std::fmt;

use crate::time::{SimDuration, SimTime};

/// The state of a classic group as `kafka-consumer-groups --describe --state` prints it.
/// `ClassicGroupState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupState {
    /// No members. Committed offsets stay.
    Empty,
    /// The members are asked to join, and waited for.
    PreparingRebalance,
    /// All have joined; the leader's assignment is waited for.
    CompletingRebalance,
    /// Every member can get its assignment.
    Stable,
}

impl fmt::Display for GroupState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::PreparingRebalance => "PreparingRebalance",
            Self::CompletingRebalance => "CompletingRebalance",
            Self::Stable => "Stable",
        })
    }
}

/// A group's state with what only this state knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Empty,
    PreparingRebalance(JoinPhase),
    /// `sync_deadline`: when members that did not sync are removed; none once all have.
    CompletingRebalance {
        sync_deadline: Option<SimTime>,
    },
    /// Members may still fetch their assignment, so the deadline lives on.
    Stable {
        sync_deadline: Option<SimTime>,
    },
}

/// How long a group waits for joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JoinPhase {
    /// The group was empty: wait for strangers.
    Initial(InitialDelay),
    /// The group has members: wait for them, until then.
    Delayed { deadline: SimTime },
}

/// The wait of a group that was empty. KIP-134; `tryCompleteInitialRebalanceElseSchedule`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InitialDelay {
    /// When this stretch of waiting ends.
    pub(super) deadline: SimTime,
    /// How much may be waited after it.
    pub(super) remaining: SimDuration,
    /// Whether somebody joined during this stretch.
    pub(super) arrivals: Arrivals,
}

/// Whether a stretch of waiting brought new members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrivals {
    None,
    Some,
}

impl State {
    pub(super) const fn name(&self) -> GroupState {
        match self {
            Self::Empty => GroupState::Empty,
            Self::PreparingRebalance(_) => GroupState::PreparingRebalance,
            Self::CompletingRebalance { .. } => GroupState::CompletingRebalance,
            Self::Stable { .. } => GroupState::Stable,
        }
    }

    /// When this state ends by itself.
    pub(super) const fn deadline(&self) -> Option<SimTime> {
        match *self {
            Self::Empty => None,
            Self::PreparingRebalance(JoinPhase::Initial(InitialDelay { deadline, .. }))
            | Self::PreparingRebalance(JoinPhase::Delayed { deadline }) => Some(deadline),
            Self::CompletingRebalance { sync_deadline } | Self::Stable { sync_deadline } => {
                sync_deadline
            }
        }
    }
}
