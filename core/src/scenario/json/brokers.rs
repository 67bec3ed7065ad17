//! Which fields producers of a log lane and commands of brokers have.

use super::fields::{fields, names};
use super::read::Read;
use super::reader::{Broken, Reader};
use crate::scenario::{Acks, KafkaProducer, SetLink, SetProducer, SetTopic};

fields! { KafkaProducer: ; name acks enable_idempotence linger batch_size retries delivery_timeout
request_timeout retry_backoff retry_backoff_max max_in_flight_requests_per_connection value_size }
fields! { SetTopic: topic; min_insync_replicas unclean_leader_election_enable }
fields! { SetProducer: producer; acks enable_idempotence }
fields! { SetLink: from to; cut latency loss }

names! { Acks: "0" Zero, "1" One, "all" All }
