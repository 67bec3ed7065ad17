//! Kafka: the domain parts of the log lane.
