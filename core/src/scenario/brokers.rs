//! Producers of a log lane as they are written, and what a command can do to brokers, topics,
//! producers and the network between them.

use serde::Serialize;

use crate::kafka::defaults;
use crate::time::SimDuration;

/// Settings of the producers of a log lane. What is left out has Kafka's default.
///
/// A producer that no entry is for sends each record at once in a batch of its own (`linger` 0,
/// `batch_size` 0), with as many requests under way as it likes, and has Kafka's defaults otherwise:
/// ours, so that what a scene shows of brokers and consumers does not wait for batches. Its
/// acknowledgements are told if there are several brokers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KafkaProducer {
    /// The producer of the workload with this name; left out: all that no other entry is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// acks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acks: Option<Acks>,
    /// enable.idempotence. Left out: true, unless another setting does not go with it. KIP-679.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_idempotence: Option<bool>,
    /// linger.ms: how long a batch waits to become full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linger: Option<SimDuration>,
    /// batch.size, in bytes; 0 puts each record into a batch of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<u32>,
    /// retries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
    /// delivery.timeout.ms: how long after it was sent a record may still be tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_timeout: Option<SimDuration>,
    /// request.timeout.ms: how long a request waits for its answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_timeout: Option<SimDuration>,
    /// retry.backoff.ms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_backoff: Option<SimDuration>,
    /// retry.backoff.max.ms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_backoff_max: Option<SimDuration>,
    /// max.in.flight.requests.per.connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_in_flight_requests_per_connection: Option<u32>,
    /// How large the value of each of its records is, in bytes. Default 100, ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_size: Option<u32>,
}

/// acks: what a producer waits for before it counts a record as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Acks {
    /// For nothing.
    #[serde(rename = "0")]
    Zero,
    /// For the leader.
    #[serde(rename = "1")]
    One,
    /// For all in-sync replicas. Kafka's default.
    #[default]
    #[serde(rename = "all")]
    All,
}

impl Acks {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zero => "0",
            Self::One => "1",
            Self::All => "all",
        }
    }
}

impl KafkaProducer {
    /// Why it cannot be idempotent, if it cannot: `ProducerConfig`.
    pub(crate) fn not_idempotent(&self) -> Option<&'static str> {
        let in_flight = self.max_in_flight_requests_per_connection;
        if self.acks.unwrap_or_default() != Acks::All {
            Some("acks is not \"all\"")
        } else if self.retries == Some(0) {
            Some("retries is 0")
        } else if in_flight.unwrap_or(defaults::MAX_IN_FLIGHT_REQUESTS)
            > defaults::MAX_IN_FLIGHT_REQUESTS
        {
            Some("max_in_flight_requests_per_connection is over 5")
        } else {
            None
        }
    }

    /// Whether it is idempotent: what is said, and else what goes with the other settings.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        self.enable_idempotence
            .unwrap_or_else(|| self.not_idempotent().is_none())
    }
}

/// Changes settings of a topic: `kafka-configs --alter`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SetTopic {
    /// The topic of this name, in every lane that has one.
    pub topic: String,
    /// min.insync.replicas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_insync_replicas: Option<u32>,
    /// unclean.leader.election.enable. The controller looks for partitions without a leader every
    /// five minutes, and whenever a broker comes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unclean_leader_election_enable: Option<bool>,
}

/// Closes a producer and opens it again with other settings, in no time: what has not been sent yet
/// is sent with the new ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SetProducer {
    /// The producer of this name, in every log lane.
    pub producer: String,
    /// acks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acks: Option<Acks>,
    /// enable.idempotence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_idempotence: Option<bool>,
}

/// Makes the network between two parts worse, or sound again. A model: what is lost is lost, as if
/// no lower layer sent it again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SetLink {
    /// The one end: `broker-1`, `controllers`, or the name of a producer.
    pub from: String,
    /// The other end; both directions are meant.
    pub to: String,
    /// Nothing gets through.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// Everything takes so long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<SimDuration>,
    /// So much of it gets lost, by the seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<super::Percent>,
}
