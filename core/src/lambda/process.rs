//! One of a mapping's processes: it reads a batch, has the function invoked with it, and waits
//! for the end.

use super::gathering::Gathering;
use super::settings::Settings;
use crate::time::SimTime;

/// A process of a mapping, counted from 0. A number is used again when its process has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProcessId(pub u32);

/// One invocation of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Invocation {
    /// Whose batch it has.
    pub process: ProcessId,
    /// Counted from 1 for each process; a retry has a number of its own.
    pub number: u32,
}

/// A message that a receive has brought. `M` names it, with its receipt if need be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivered<M> {
    /// Which.
    pub message: M,
    /// Bytes of body and message attributes.
    pub bytes: u64,
    /// When its visibility timeout ends.
    pub hidden_until: SimTime,
}

#[derive(Clone, Debug)]
pub(super) struct Process<M> {
    pub(super) gathering: Gathering<Delivered<M>>,
    pub(super) receive: Receive,
    pub(super) state: State<M>,
    /// Invocations so far.
    pub(super) invocations: u32,
    /// When the timer for the end of the window is set.
    pub(super) window_timer: Option<SimTime>,
}

/// Whether a receive is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Receive {
    None,
    UnderWay { since: SimTime },
}

#[derive(Clone, Debug)]
pub(super) enum State<M> {
    /// It does not run.
    Off,
    /// It polls, and has or has not messages yet.
    Gathering,
    /// The function has its batch.
    Invoked {
        batch: Vec<Delivered<M>>,
        times_out_at: SimTime,
        throttled: u32,
    },
    /// The function did not take its batch, `throttled` times.
    Throttled {
        batch: Vec<Delivered<M>>,
        retry_at: SimTime,
        throttled: u32,
    },
}

impl<M> Process<M> {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            gathering: Gathering::new(settings),
            receive: Receive::None,
            state: State::Off,
            invocations: 0,
            window_timer: None,
        }
    }
}
