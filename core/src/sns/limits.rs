//! Ranges and defaults of SNS. SNS: its developer guide; SNS API: its API reference.

use std::ops::RangeInclusive;

use crate::time::SimDuration;

/// MaximumMessageSize of a topic, in bytes. Publish (SNS API).
pub const MAXIMUM_MESSAGE_SIZE_MAX: usize = 1_048_576;
/// MaximumMessageSize of a topic that names none.
pub const MAXIMUM_MESSAGE_SIZE_DEFAULT: usize = 262_144;
/// Keys of a filter policy: those at its top. Filter policy constraints (SNS).
pub const FILTER_KEYS: RangeInclusive<usize> = 1..=5;
/// Ways in which the values of a filter policy combine. Filter policy constraints (SNS).
pub const FILTER_COMBINATIONS_MAX: usize = 150;
/// Bytes of a filter policy. Filter policy constraints (SNS): 256 KB.
pub const FILTER_POLICY_BYTES_MAX: usize = 262_144;
/// Filter policies of a topic. Filter policy constraints (SNS).
pub const FILTER_POLICIES_MAX: usize = 200;
/// The largest number of a filter policy; the least is its negative. Filter policy constraints
/// (SNS).
pub const FILTER_NUMBER_MAX: i64 = 1_000_000_000;
/// Decimal places of a number that count. Filter policy constraints (SNS).
pub const FILTER_DECIMALS: u32 = 5;
/// Message attributes that raw delivery can hand on: as many as SQS takes. Raw message delivery
/// (SNS).
pub const RAW_ATTRIBUTES_MAX: usize = 10;
/// How long a FIFO topic remembers a MessageDeduplicationId. Publish (SNS API).
pub const DEDUPLICATION_INTERVAL: SimDuration = SimDuration::from_secs(300);
