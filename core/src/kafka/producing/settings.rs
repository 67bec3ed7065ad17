//! How a producer is set up.

use crate::kafka::defaults;
use crate::scenario::{Acks, KafkaLane, KafkaProducer};
use crate::time::SimDuration;

/// The settings of a producer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProducerSettings {
    pub(crate) acks: Acks,
    pub(crate) idempotence: Idempotence,
    pub(crate) linger: SimDuration,
    pub(crate) batch_size: u32,
    pub(crate) retries: u32,
    pub(crate) delivery_timeout: SimDuration,
    pub(crate) request_timeout: SimDuration,
    pub(crate) retry_backoff: SimDuration,
    pub(crate) retry_backoff_max: SimDuration,
    pub(crate) max_in_flight: u32,
    pub(crate) value_size: u32,
    pub(crate) telling: Telling,
}

/// `enable.idempotence`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idempotence {
    Disabled,
    Enabled,
}

/// Whether the trace tells of acknowledgements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Telling {
    /// Not of those that come as they should: nothing in the document asks for them.
    Quiet,
    All,
}

impl ProducerSettings {
    /// The settings of the producer called `name`: see [`KafkaProducer`].
    pub(crate) fn of(lane: &KafkaLane, name: &str) -> Self {
        let producers = &lane.producers;
        let its = producers
            .iter()
            .find(|its| its.name.as_deref() == Some(name))
            .or_else(|| producers.iter().find(|its| its.name.is_none()));
        its.map_or_else(|| Self::plain(lane.brokers), Self::written)
    }

    fn written(written: &KafkaProducer) -> Self {
        let in_flight = written.max_in_flight_requests_per_connection;
        Self {
            acks: written.acks.unwrap_or_default(),
            idempotence: if written.is_idempotent() {
                Idempotence::Enabled
            } else {
                Idempotence::Disabled
            },
            linger: written.linger.unwrap_or(defaults::LINGER),
            batch_size: written.batch_size.unwrap_or(defaults::BATCH_SIZE),
            retries: written.retries.unwrap_or(defaults::RETRIES),
            delivery_timeout: written
                .delivery_timeout
                .unwrap_or(defaults::DELIVERY_TIMEOUT),
            request_timeout: written.request_timeout.unwrap_or(defaults::REQUEST_TIMEOUT),
            retry_backoff: written.retry_backoff.unwrap_or(defaults::RETRY_BACKOFF),
            retry_backoff_max: written
                .retry_backoff_max
                .unwrap_or(defaults::RETRY_BACKOFF_MAX),
            max_in_flight: in_flight.unwrap_or(defaults::MAX_IN_FLIGHT_REQUESTS),
            value_size: written.value_size.unwrap_or(defaults::VALUE_SIZE),
            telling: Telling::All,
        }
    }

    /// Of a producer of which the document says nothing.
    fn plain(brokers: u32) -> Self {
        Self {
            linger: SimDuration::ZERO,
            batch_size: 0,
            max_in_flight: u32::MAX,
            telling: if brokers > 1 {
                Telling::All
            } else {
                Telling::Quiet
            },
            ..Self::written(&KafkaProducer::default())
        }
    }
}
