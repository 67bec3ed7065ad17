//! The trace: everything that happened, in order. Whatever is shown, counted or checked is a pure
//! function of the trace and a time.

mod bytes;
mod cluster;
mod consumer_group;
mod delivery;
mod event;
mod hash;
mod producer;
mod reason;
mod share;
mod text;
mod text_cluster;
mod text_consumer;
mod text_consumer_group;
mod text_delivery;
mod text_queue;
mod text_share;
mod throttle;
mod what;

pub use cluster::{ClusterWhat, ElectionKind, LinkEnd, LinkState};
pub use consumer_group::{ConsumerGroupWhat, Life};
pub use delivery::DeliveryWhat;
pub use event::{Event, Millis};
pub use hash::TraceHash;
pub use producer::{AcksKind, ProduceError, ProducerWhat};
pub use reason::{
    CommitRefusal, ConsumerError, DeliveryError, LockEnd, MoveTaskEnd, PositionOrigin,
    QueueSetting, RebalanceReason, SubscriptionChange, VisibilityReason,
};
pub use share::ShareWhat;
pub use throttle::ThrottleWhat;
pub use what::What;

use crate::chunked::Chunked;
use crate::ids::MessageId;
use crate::time::SimTime;
use crate::workload::Message;

/// The ordered record of everything that happened, and the messages it speaks of.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    events: Chunked<Event>,
    messages: Chunked<Option<Message>>,
}

impl Trace {
    /// How many events there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether nothing has happened.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The event at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Event> {
        self.events.get(index)
    }

    /// All events in order.
    pub fn iter(&self) -> impl Iterator<Item = &Event> {
        self.events.iter()
    }

    /// The events from `index` on.
    pub fn iter_from(&self, index: usize) -> impl Iterator<Item = &Event> {
        self.events.iter_from(index)
    }

    /// How many events have happened up to and including the moment `at`.
    #[must_use]
    pub fn count_until(&self, at: SimTime) -> usize {
        self.events.partition_point(|event| event.at <= at)
    }

    /// How many events have happened before the moment `at`.
    #[must_use]
    pub fn count_before(&self, at: SimTime) -> usize {
        self.events.partition_point(|event| event.at < at)
    }

    /// The message that the workload calls `id`, once it has been sent.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Message> {
        self.messages.get(id.index().checked_sub(1)?)?.as_ref()
    }

    pub(crate) fn push(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Notes what message `id` is, as it is sent.
    pub(crate) fn set_message(&mut self, id: MessageId, message: Message) {
        let Some(index) = id.index().checked_sub(1) else {
            return;
        };
        self.messages.grow_to(index + 1, &None);
        if let Some(slot) = self.messages.get_mut(index) {
            *slot = Some(message);
        }
    }
}
