//! The mapping as a whole: what goes in, what comes out.

mod pace;
mod processes;

use std::collections::BTreeSet;

use super::gathering::Because;
use super::process::{Delivered, Invocation, Process, ProcessId, Receive, State};
use super::response::{Ended, Fate, Pace, judge};
use super::scaling;
use super::settings::Settings;
use crate::time::{SimDuration, SimTime};

/// The first pause after a throttled invocation, doubled each time: our model.
const BACK_OFF: SimDuration = SimDuration::from_secs(1);
/// The longest pause: our model.
const BACK_OFF_MAX: SimDuration = SimDuration::from_secs(60);

/// What a mapping asks for, in order. `M` names a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request<M> {
    /// ReceiveMessage, to be answered by [`Mapping::on_received`] also if it brings nothing. The
    /// queue's own visibility timeout holds.
    Receive {
        /// For whom.
        process: ProcessId,
        /// MaxNumberOfMessages.
        max_number_of_messages: u8,
        /// WaitTimeSeconds. While a batch is gathered, what is left of its window: SQS takes whole
        /// seconds only, ours is exact.
        wait_time: SimDuration,
    },
    /// The connection of a receive is closed: its answer would come to nobody.
    HangUp {
        /// Whose.
        process: ProcessId,
    },
    /// The function is invoked. It ends by [`Mapping::on_ended`] or [`Mapping::on_throttled`].
    Invoke {
        /// Which invocation.
        invocation: Invocation,
        /// Its batch.
        messages: Vec<M>,
        /// Why now; none: it was throttled before.
        because: Option<Because>,
    },
    /// The function ran into its timeout and is stopped.
    TimedOut {
        /// Which invocation.
        invocation: Invocation,
    },
    /// The messages are deleted.
    Delete {
        /// Which.
        messages: Vec<M>,
    },
    /// Nothing is done with these any more: they are visible again when their timeouts end.
    LetGo {
        /// Which.
        messages: Vec<M>,
        /// Why.
        because: LetGo,
    },
    /// Another number of processes is wanted from now on.
    Scaled {
        /// How many.
        processes: u32,
    },
}

/// Why messages are let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetGo {
    /// Their function failed, or reported them.
    Failed,
    /// It was throttled until their visibility timeout was over.
    Throttled,
    /// The mapping was disabled.
    Disabled,
}

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Timer {
    /// An invocation's timeout or retry.
    Invocation(ProcessId),
    /// The end of a batch's window.
    Window(ProcessId),
    /// Another process may run.
    Grow,
}

/// Whether messages come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Demand {
    /// For a while none have.
    Quiet,
    /// They do.
    Active,
}

/// An event source mapping. `M` names a message.
#[derive(Clone, Debug)]
pub struct Mapping<M> {
    settings: Settings,
    processes: Vec<Process<M>>,
    /// Those that do not run.
    off: BTreeSet<ProcessId>,
    running: u32,
    /// How many are wanted; those over it end when they have nothing in hand.
    wanted: u32,
    /// Receives under way, by when they were made.
    receives: BTreeSet<(SimTime, ProcessId)>,
    timers: BTreeSet<(SimTime, Timer)>,
    /// Since when there has been a backlog, and how many processes there were then.
    backlog: Option<(SimTime, u32)>,
    /// When another process may run.
    grow_at: Option<SimTime>,
    demand: Demand,
    last_message_at: SimTime,
}

impl<M: Copy + PartialEq> Mapping<M> {
    /// A mapping that is not enabled yet.
    #[must_use]
    pub const fn new(settings: Settings) -> Self {
        Self {
            settings,
            processes: Vec::new(),
            off: BTreeSet::new(),
            running: 0,
            wanted: 0,
            receives: BTreeSet::new(),
            timers: BTreeSet::new(),
            backlog: None,
            grow_at: None,
            demand: Demand::Active,
            last_message_at: SimTime::ZERO,
        }
    }

    /// Its settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How many processes run: the most invocations that there can be now.
    #[must_use]
    pub const fn running(&self) -> u32 {
        self.running
    }

    /// Whether a process waits for the answer to a receive.
    #[must_use]
    pub fn is_receiving(&self, process: ProcessId) -> bool {
        let process = usize::try_from(process.0).ok();
        let process = process.and_then(|process| self.processes.get(process));
        process.is_some_and(|process| matches!(process.receive, Receive::UnderWay { .. }))
    }

    /// Enables it: it polls with as many processes as it starts with.
    pub fn enable(&mut self, now: SimTime, out: &mut Vec<Request<M>>) {
        if self.wanted == 0 {
            self.demand = Demand::Active;
            self.last_message_at = now;
            self.want(now, scaling::initial(&self.settings), out);
        }
    }

    /// Disables it: it polls no more and lets go what no function has. What a function has goes
    /// on to its end.
    pub fn disable(&mut self, out: &mut Vec<Request<M>>) {
        self.wanted = 0;
        self.end_backlog();
        let mut ids = Vec::new();
        for (number, process) in (0..).zip(&mut self.processes) {
            let id = ProcessId(number);
            let mut left = Vec::new();
            while !process.gathering.is_empty() {
                left.append(&mut process.gathering.take());
            }
            if let State::Throttled { batch, .. } = &mut process.state {
                left.append(batch);
            }
            if !left.is_empty() {
                out.push(Request::LetGo {
                    messages: names(&left),
                    because: LetGo::Disabled,
                });
            }
            if let Receive::UnderWay { since } = process.receive {
                process.receive = Receive::None;
                self.receives.remove(&(since, id));
                out.push(Request::HangUp { process: id });
            }
            if matches!(process.state, State::Gathering | State::Throttled { .. }) {
                ids.push(id);
            }
        }
        for id in ids {
            self.stop(id);
        }
        out.push(Request::Scaled { processes: 0 });
    }

    /// A receive is answered, with messages or without.
    pub fn on_received(
        &mut self,
        now: SimTime,
        id: ProcessId,
        messages: Vec<Delivered<M>>,
        out: &mut Vec<Request<M>>,
    ) {
        let Some(process) = self.process(id) else {
            return;
        };
        // A receive that was hung up has no answer.
        let Receive::UnderWay { since } = process.receive else {
            return;
        };
        process.receive = Receive::None;
        let came = !messages.is_empty();
        let idle = process.gathering.is_empty() && matches!(process.state, State::Gathering);
        for delivered in messages {
            process.gathering.push(now, delivered, delivered.bytes);
        }
        self.receives.remove(&(since, id));
        if came {
            self.messages_came(now, out);
        } else if idle {
            self.nothing_came(now, out);
        }
        self.go_on(now, id, out);
    }

    /// An invocation has ended.
    pub fn on_ended(
        &mut self,
        now: SimTime,
        invocation: Invocation,
        ended: &Ended<M>,
        out: &mut Vec<Request<M>>,
    ) {
        let Some((batch, _)) = self.take_batch(invocation) else {
            return;
        };
        let messages = names(&batch);
        let verdict = judge(&messages, self.settings.response_type, ended);
        let with = |fate| {
            let judged = messages.iter().zip(&verdict.fates);
            judged
                .filter(move |(_, is)| **is == fate)
                .map(|(message, _)| *message)
                .collect::<Vec<_>>()
        };
        let (deleted, back) = (with(Fate::Deleted), with(Fate::ComesBack));
        if !deleted.is_empty() {
            out.push(Request::Delete { messages: deleted });
        }
        if !back.is_empty() {
            let because = LetGo::Failed;
            out.push(Request::LetGo {
                messages: back,
                because,
            });
            self.keep_order(invocation.process, out);
        }
        if verdict.pace == Pace::Reduced {
            self.reduce(now, out);
        }
        self.go_on(now, invocation.process, out);
    }

    /// The function did not take an invocation: too many were running.
    pub fn on_throttled(
        &mut self,
        now: SimTime,
        invocation: Invocation,
        out: &mut Vec<Request<M>>,
    ) {
        let id = invocation.process;
        let Some((batch, throttled)) = self.take_batch(invocation) else {
            return;
        };
        let pause = BACK_OFF.times(1 << throttled.min(10)).min(BACK_OFF_MAX);
        let last = batch.iter().map(|delivered| delivered.hidden_until).max();
        let retry_at = (now + pause).min(last.unwrap_or(now)).max(now);
        self.timers.insert((retry_at, Timer::Invocation(id)));
        if let Some(process) = self.process(id) {
            process.state = State::Throttled {
                batch,
                retry_at,
                throttled: throttled + 1,
            };
        }
        self.reduce(now, out);
    }

    /// When something happens by itself: a window, a timeout, a retry, a step of scaling.
    #[must_use]
    pub fn next_timeout(&self) -> Option<SimTime> {
        self.timers.first().map(|(at, _)| *at)
    }

    /// Lets everything happen that is due up to `now`, in the order of time.
    pub fn advance(&mut self, now: SimTime, out: &mut Vec<Request<M>>) {
        while let Some((at, timer)) = self.timers.first().copied()
            && at <= now
        {
            self.timers.pop_first();
            match timer {
                Timer::Invocation(id) => self.invocation_due(at, id, out),
                Timer::Window(id) => {
                    if let Some(process) = self.process(id) {
                        process.window_timer = None;
                    }
                    self.go_on(at, id, out);
                }
                Timer::Grow => {
                    self.grow_at = None;
                    self.grow(at, out);
                }
            }
        }
    }
}

fn names<M: Copy>(batch: &[Delivered<M>]) -> Vec<M> {
    batch.iter().map(|delivered| delivered.message).collect()
}
