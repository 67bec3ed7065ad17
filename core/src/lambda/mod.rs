//! Lambda's event source mapping for SQS: what polls a queue, gathers batches, invokes a function
//! and deletes what it has done.
//!
//! [`Mapping`] is a state machine without clock and network. Messages and the ends of invocations
//! go in with the time, [`Request`]s come out, and [`Mapping::next_timeout`] says when it wants to
//! be woken. It runs a number of processes, each of which has one batch at a time:
//!
//! ```text
//!                     messages            full, 6 MB, window over        ended
//!   Off ──▶ Polling ───────────▶ Gathering ─────────────▶ Invoked ─────────────▶ Polling
//!    ▲         │                                          ▲     │ throttled
//!    └─────────┘ fewer are wanted            retry ───────┘     ▼
//!                                                          Throttled ─▶ let go
//! ```
//!
//! The rules stand alone: [`settings`] (what is accepted), [`scaling`] (how many processes there
//! are), [`Gathering`] (when a batch is closed), [`response`] (what becomes of it).
//!
//! # What is our model
//!
//! Lambda documents how far it scales in a minute, not the steps: ours are even. It reduces its
//! concurrency when a function fails or is throttled, and does not say how: ours ends one process
//! for each failed or throttled invocation, down to two, and goes on from there as with any
//! backlog. A backlog is there while no process has been waiting for a second for its receive.
//! A process whose long poll brings nothing ends while there are more than five; after a minute
//! without messages, more than two. A throttled invocation is tried again after 1 s, 2 s, 4 s and
//! so on, at most a minute. A FIFO queue's mapping starts another process when none is polling:
//! SQS hides a group that is being worked on, so there is one for each group.
//!
//! Left out: filters, tumbling windows, and the pace of a provisioned poller (1 MB/s, ten calls a
//! second).

mod answer;
mod gathering;
pub mod limits;
mod mapping;
pub mod parameter;
pub mod pipe;
mod process;
pub mod reserved;
pub mod response;
pub mod scaling;
pub mod settings;

pub use gathering::{Because, Gathering};
pub use mapping::{LetGo, Mapping, Request};
pub use process::{Delivered, Invocation, ProcessId};

#[cfg(test)]
mod tests;
