//! How many processes a mapping has: up with a backlog, down with failures and with quiet.

use super::{Demand, Mapping, Request, Timer};
use crate::lambda::limits;
use crate::lambda::process::ProcessId;
use crate::lambda::scaling;
use crate::lambda::settings::QueueType;
use crate::time::{SimDuration, SimTime};

/// How long a receive waits before it says that there is no backlog: our model.
const NO_BACKLOG: SimDuration = SimDuration::from_secs(1);
/// Without messages for so long, a mapping is quiet: our model.
const QUIET_AFTER: SimDuration = SimDuration::from_secs(60);

impl<M: Copy + PartialEq> Mapping<M> {
    pub(super) fn messages_came(&mut self, now: SimTime, out: &mut Vec<Request<M>>) {
        self.last_message_at = now;
        if self.wanted == 0 {
            return;
        }
        if self.demand == Demand::Quiet {
            self.demand = Demand::Active;
            let initial = scaling::initial(&self.settings);
            self.want(now, initial.max(self.wanted), out);
        }
        match self.settings.queue_type {
            QueueType::Standard => {
                if self.backlog.is_none() {
                    self.begin_backlog(now);
                }
            }
            QueueType::Fifo => {
                let most = scaling::most_of_setting(&self.settings);
                if self.receives.is_empty() && self.wanted < most {
                    self.want(now, self.wanted + 1, out);
                }
            }
        }
    }

    pub(super) fn nothing_came(&mut self, now: SimTime, out: &mut Vec<Request<M>>) {
        if self.wanted == 0 {
            return;
        }
        let mut least = scaling::initial(&self.settings);
        if now.since(self.last_message_at) >= QUIET_AFTER {
            self.demand = Demand::Quiet;
            least = scaling::quiet(&self.settings);
        }
        if self.wanted > least {
            self.end_backlog();
            self.want(now, self.wanted - 1, out);
        }
    }

    fn begin_backlog(&mut self, now: SimTime) {
        self.end_backlog();
        self.backlog = Some((now, self.wanted));
        self.grow_later(now);
    }

    fn grow_later(&mut self, now: SimTime) {
        let next = now + scaling::step(&self.settings);
        self.grow_at = Some(next);
        self.timers.insert((next, Timer::Grow));
    }

    pub(super) fn end_backlog(&mut self) {
        self.backlog = None;
        if let Some(at) = self.grow_at.take() {
            self.timers.remove(&(at, Timer::Grow));
        }
    }

    pub(super) fn grow(&mut self, now: SimTime, out: &mut Vec<Request<M>>) {
        let Some((since, from)) = self.backlog else {
            return;
        };
        let idle = |(since, _): &(SimTime, ProcessId)| now.since(*since) >= NO_BACKLOG;
        if self.receives.first().is_some_and(idle) {
            self.backlog = None;
            return;
        }
        let grown = scaling::grown(&self.settings, from, now.since(since));
        let wanted = grown.max(self.wanted);
        self.want(now, wanted, out);
        if wanted < scaling::most(&self.settings) {
            self.grow_later(now);
        }
    }

    /// A batch failed or was throttled. Backoff strategy for failed invocations (Lambda DG).
    pub(super) fn reduce(&mut self, now: SimTime, out: &mut Vec<Request<M>>) {
        if self.wanted > limits::CONCURRENCY_QUIET {
            self.want(now, self.wanted - 1, out);
        }
        if self.backlog.is_some() {
            self.begin_backlog(now);
        }
    }
}
