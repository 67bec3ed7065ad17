//! What happens to a producer of a log lane and to what it sends.

use super::event::Millis;
use super::what::What;
use crate::ids::{BrokerId, MessageId, Offset, ProducerId, TopicPartition};

/// What happened to a producer. Part of [`What`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProducerWhat {
    /// The callback of a record says that it was written. A document that has one broker and says
    /// nothing of its producers has none of these.
    Acknowledged {
        /// Whose.
        producer: ProducerId,
        /// Which.
        message: MessageId,
        /// Where; `None` with acks=0, which waits for nothing.
        offset: Option<Offset>,
    },
    /// The callback of a record says that it failed. It may have been written all the same.
    Failed {
        /// Whose.
        producer: ProducerId,
        /// Which.
        message: MessageId,
        /// Why.
        error: ProduceError,
    },
    /// A batch was refused, or nothing was heard of it: it is sent again.
    Retried {
        /// Whose.
        producer: ProducerId,
        /// To what.
        partition: TopicPartition,
        /// Why.
        error: ProduceError,
        /// How many records it has.
        records: u16,
        /// After how long at the earliest.
        retry_in: Millis,
    },
    /// The leader knows the sequence number of a batch: it has it already, and appends nothing.
    DuplicateIgnored {
        /// Whose.
        producer: ProducerId,
        /// Where.
        partition: TopicPartition,
        /// Its first record.
        offset: Offset,
        /// How many records it has.
        records: u16,
    },
    /// The answer to a request got lost on the way to the producer.
    AnswerLost {
        /// Whose.
        producer: ProducerId,
        /// Who had answered.
        broker: BrokerId,
    },
    /// A record with acks=0 did not reach a leader: nobody knows, and nobody sends it again.
    Dropped {
        /// Whose.
        producer: ProducerId,
        /// Which.
        message: MessageId,
    },
    /// An idempotent producer has lost track of what was written, and goes on with a new epoch, in
    /// which sequence numbers begin anew. KIP-360.
    EpochBumped {
        /// Whose.
        producer: ProducerId,
        /// The new one.
        epoch: u16,
    },
    /// The settings of a producer have changed.
    SettingsChanged {
        /// Whose.
        producer: ProducerId,
        /// Its `acks`.
        acks: AcksKind,
        /// Its `enable.idempotence`.
        idempotence: bool,
    },
}

/// Why a batch was not acknowledged. Names are those of Kafka's errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProduceError {
    /// NOT_LEADER_OR_FOLLOWER: the broker does not lead the partition (any more).
    NotLeaderOrFollower,
    /// NOT_ENOUGH_REPLICAS: fewer are in sync than `min.insync.replicas`; nothing was written.
    NotEnoughReplicas,
    /// NOT_ENOUGH_REPLICAS_AFTER_APPEND: likewise, but it was written.
    NotEnoughReplicasAfterAppend,
    /// OUT_OF_ORDER_SEQUENCE_NUMBER: a batch before it is missing.
    OutOfOrderSequence,
    /// INVALID_PRODUCER_EPOCH: a newer epoch of the producer has written.
    InvalidProducerEpoch,
    /// NETWORK_EXCEPTION: the connection broke before the answer, or none came within
    /// `request.timeout.ms`.
    Network,
    /// TimeoutException: `delivery.timeout.ms` is over.
    Timeout,
}

/// `acks` of a producer: what it waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AcksKind {
    /// Nothing.
    Zero,
    /// The leader.
    One,
    /// All in-sync replicas.
    #[default]
    All,
}

impl From<ProducerWhat> for What {
    fn from(what: ProducerWhat) -> Self {
        Self::Producer { what }
    }
}
