//! What the processes of a mapping do.

use super::{LetGo, Mapping, Request, Timer, names};
use crate::lambda::gathering::Because;
use crate::lambda::limits;
use crate::lambda::process::{Delivered, Invocation, Process, ProcessId, Receive, State};
use crate::lambda::response::Ended;
use crate::lambda::settings::QueueType;
use crate::time::SimTime;

impl<M: Copy + PartialEq> Mapping<M> {
    pub(super) fn process(&mut self, id: ProcessId) -> Option<&mut Process<M>> {
        let index = usize::try_from(id.0).ok()?;
        self.processes.get_mut(index)
    }

    /// Sets how many processes are wanted, and starts those that are missing.
    pub(super) fn want(&mut self, now: SimTime, wanted: u32, out: &mut Vec<Request<M>>) {
        if wanted != self.wanted {
            self.wanted = wanted;
            out.push(Request::Scaled { processes: wanted });
        }
        while self.running < self.wanted {
            let id = self.off.pop_first().unwrap_or_else(|| {
                let id = ProcessId(u32::try_from(self.processes.len()).unwrap_or(u32::MAX));
                self.processes.push(Process::new(&self.settings));
                id
            });
            self.running += 1;
            if let Some(process) = self.process(id) {
                process.state = State::Gathering;
            }
            self.go_on(now, id, out);
        }
    }

    pub(super) fn stop(&mut self, id: ProcessId) {
        let Some(process) = self.process(id) else {
            return;
        };
        let before = std::mem::replace(&mut process.state, State::Off);
        let window_timer = process.window_timer.take();
        if let State::Throttled { retry_at, .. } = before {
            self.timers.remove(&(retry_at, Timer::Invocation(id)));
        }
        if let Some(at) = window_timer {
            self.timers.remove(&(at, Timer::Window(id)));
        }
        self.off.insert(id);
        self.running -= 1;
    }

    /// What a process does that has no batch with the function: invoke, poll, or end.
    pub(super) fn go_on(&mut self, now: SimTime, id: ProcessId, out: &mut Vec<Request<M>>) {
        let is_over = self.running > self.wanted;
        let Some(process) = self.process(id) else {
            return;
        };
        if !matches!(process.state, State::Gathering) {
            return;
        }
        if let Some(because) = process.gathering.ready(now) {
            let batch = process.gathering.take();
            self.invoke(now, id, (batch, Some(because), 0), out);
            return;
        }
        if process.receive != Receive::None {
            self.set_window_timer(id);
            return;
        }
        if is_over && process.gathering.is_empty() {
            self.stop(id);
            return;
        }
        let left = process.gathering.window_ends().map(|ends| ends.since(now));
        let wait_time = left.map_or(limits::WAIT_TIME, |left| left.min(limits::WAIT_TIME));
        process.receive = Receive::UnderWay { since: now };
        out.push(Request::Receive {
            process: id,
            max_number_of_messages: process.gathering.room(),
            wait_time,
        });
        self.receives.insert((now, id));
        self.set_window_timer(id);
    }

    fn set_window_timer(&mut self, id: ProcessId) {
        let Some(process) = self.process(id) else {
            return;
        };
        let at = process.gathering.window_ends();
        let before = std::mem::replace(&mut process.window_timer, at);
        if before == at {
            return;
        }
        if let Some(before) = before {
            self.timers.remove(&(before, Timer::Window(id)));
        }
        if let Some(at) = at {
            self.timers.insert((at, Timer::Window(id)));
        }
    }

    fn invoke(
        &mut self,
        now: SimTime,
        id: ProcessId,
        (batch, because, throttled): (Vec<Delivered<M>>, Option<Because>, u32),
        out: &mut Vec<Request<M>>,
    ) {
        let times_out_at = now + self.settings.function_timeout;
        self.set_window_timer(id);
        let Some(process) = self.process(id) else {
            return;
        };
        process.invocations += 1;
        let invocation = Invocation {
            process: id,
            number: process.invocations,
        };
        out.push(Request::Invoke {
            invocation,
            messages: names(&batch),
            because,
        });
        process.state = State::Invoked {
            batch,
            times_out_at,
            throttled,
        };
        self.timers.insert((times_out_at, Timer::Invocation(id)));
    }

    /// The batch of an invocation that is over, and how often it was throttled; none if it was
    /// over before.
    pub(super) fn take_batch(
        &mut self,
        invocation: Invocation,
    ) -> Option<(Vec<Delivered<M>>, u32)> {
        let id = invocation.process;
        let process = self.process(id)?;
        if process.invocations != invocation.number {
            return None;
        }
        let State::Invoked {
            batch,
            times_out_at,
            throttled,
        } = &mut process.state
        else {
            return None;
        };
        let taken = (std::mem::take(batch), *throttled);
        let at = *times_out_at;
        process.state = State::Gathering;
        self.timers.remove(&(at, Timer::Invocation(id)));
        Some(taken)
    }

    pub(super) fn invocation_due(
        &mut self,
        now: SimTime,
        id: ProcessId,
        out: &mut Vec<Request<M>>,
    ) {
        let is_fifo = self.settings.queue_type == QueueType::Fifo;
        let Some(process) = self.process(id) else {
            return;
        };
        let number = process.invocations;
        if matches!(process.state, State::Invoked { .. }) {
            let invocation = Invocation {
                process: id,
                number,
            };
            out.push(Request::TimedOut { invocation });
            self.on_ended(now, invocation, &Ended::TimedOut, out);
            return;
        }
        let State::Throttled {
            batch, throttled, ..
        } = &mut process.state
        else {
            return;
        };
        let (batch, throttled) = (std::mem::take(batch), *throttled);
        process.state = State::Gathering;
        let is_over = |delivered: &Delivered<M>| delivered.hidden_until <= now;
        // A later message of a group must not go before an earlier one.
        let all = is_fifo && batch.iter().any(is_over);
        let (over, left): (Vec<_>, Vec<_>) = batch.into_iter().partition(|it| all || is_over(it));
        if !over.is_empty() {
            let because = LetGo::Throttled;
            out.push(Request::LetGo {
                messages: names(&over),
                because,
            });
            self.keep_order(id, out);
        }
        if left.is_empty() {
            self.go_on(now, id, out);
        } else {
            self.invoke(now, id, (left, None, throttled), out);
        }
    }

    /// On a FIFO queue, what waits behind a batch that comes back is let go with it.
    pub(super) fn keep_order(&mut self, id: ProcessId, out: &mut Vec<Request<M>>) {
        if self.settings.queue_type == QueueType::Standard {
            return;
        }
        while let Some(process) = self.process(id)
            && !process.gathering.is_empty()
        {
            let messages = names(&process.gathering.take());
            let because = LetGo::Failed;
            out.push(Request::LetGo { messages, because });
        }
    }
}
