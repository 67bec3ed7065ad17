//! Producers and commands of brokers of a checked document as bytes.

use super::{Acks, KafkaProducer, SetLink, SetProducer, SetTopic};
use crate::bytes::{enums, structs};

structs! {
    KafkaProducer { name, acks, enable_idempotence, linger, batch_size, retries, delivery_timeout, request_timeout, retry_backoff, retry_backoff_max, max_in_flight_requests_per_connection, value_size }
    SetTopic { topic, min_insync_replicas, unclean_leader_election_enable }
    SetProducer { producer, acks, enable_idempotence }
    SetLink { from, to, cut, latency, loss }
}

enums! {
    Acks { 0 Zero {} 1 One {} 2 All {} else Self::All }
}
