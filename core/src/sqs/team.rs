//! Workers of one kind: what a scenario says of how they receive, work and delete.

use super::ReceiveRequest;
use super::limits;
use crate::chunked::Chunked;
use crate::ids::{MessageId, QueueId};
use crate::scenario::{BackOff, DeleteWhen, Heartbeat, Workers};
use crate::time::SimDuration;
use crate::trace::VisibilityReason;

/// Workers of one kind.
#[derive(Clone, Debug)]
pub(super) struct Team {
    pub(super) queue: QueueId,
    pub(super) request: ReceiveRequest,
    pub(super) threads: usize,
    pub(super) delete: DeleteWhen,
    pub(super) delete_delay: SimDuration,
    pub(super) heartbeat: Option<Heartbeat>,
    on_failure: OnFailure,
    memory: Option<Memory>,
}

/// What a worker does about a message whose work has failed.
#[derive(Clone, Debug)]
enum OnFailure {
    /// Nothing: it comes again when its timeout runs out.
    LeaveIt,
    GiveBack,
    BackOff(BackOff),
}

/// A table of the messages that are done, which outlives the processes.
#[derive(Clone, Debug, Default)]
struct Memory(Chunked<bool>);

impl Team {
    pub(super) fn new(workers: &Workers, queue: QueueId) -> Self {
        Self {
            queue,
            request: ReceiveRequest {
                max_number_of_messages: workers.max_number_of_messages,
                visibility_timeout: workers.visibility_timeout,
                wait_time: Some(workers.wait_time),
                attempt: None,
            },
            threads: usize::try_from(workers.concurrency).unwrap_or(1),
            delete: workers.delete,
            delete_delay: workers.delete_delay,
            heartbeat: workers.heartbeat.clone(),
            on_failure: match &workers.back_off {
                Some(back_off) => OnFailure::BackOff(back_off.clone()),
                None if workers.gives_back => OnFailure::GiveBack,
                None => OnFailure::LeaveIt,
            },
            memory: workers.idempotent.then(Memory::default),
        }
    }

    /// What is done about a message whose receive number `receive_count` has failed.
    pub(super) fn after_failure(
        &self,
        receive_count: u32,
    ) -> Option<(SimDuration, VisibilityReason)> {
        match &self.on_failure {
            OnFailure::LeaveIt => None,
            OnFailure::GiveBack => Some((SimDuration::ZERO, VisibilityReason::GivenBack)),
            OnFailure::BackOff(BackOff { base, max }) => {
                let doublings = receive_count.saturating_sub(1).min(32);
                let length = base.times(1_u64 << doublings);
                let most = (*max).min(*limits::VISIBILITY_TIMEOUT.end());
                Some((length.min(most), VisibilityReason::BackOff))
            }
        }
    }

    /// Whether it remembers that a message is done.
    pub(super) fn remembers(&self, message: MessageId) -> bool {
        let index = message.index().saturating_sub(1);
        let memory = self.memory.as_ref();
        memory.is_some_and(|memory| memory.0.get(index).copied().unwrap_or(false))
    }

    /// Writes down that a message is done, if it has a memory.
    pub(super) fn remember(&mut self, message: MessageId) {
        if let Some(Memory(done)) = &mut self.memory {
            done.grow_to(message.index(), &false);
            if let Some(done) = done.get_mut(message.index().saturating_sub(1)) {
                *done = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_off_doubles_up_to_its_longest_and_to_twelve_hours() {
        let team = |max| {
            let workers = Workers {
                back_off: Some(BackOff {
                    base: SimDuration::from_secs(2),
                    max,
                }),
                ..Workers::default()
            };
            Team::new(&workers, QueueId(0))
        };
        let after = |team: &Team, count| team.after_failure(count).unwrap().0.as_millis() / 1_000;
        let hour = SimDuration::from_secs(3_600);
        let short = team(SimDuration::from_secs(15));
        assert_eq!(
            [1, 2, 3, 4, 99].map(|n| after(&short, n)),
            [2, 4, 8, 15, 15]
        );
        let long = team(hour.times(20));
        assert_eq!(after(&long, 15), 32_768);
        assert_eq!([16, 40, 1_000].map(|n| after(&long, n)), [43_200; 3]);
    }
}
