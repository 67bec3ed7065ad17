//! A consumer: what the client of one process knows and is doing.
//!
//! ```text
//! Down → Joining → Syncing → FetchingOffsets → Polling ⇄ Working ⇄ Committing
//!          ↑                                     │           │
//!          └──────── rejoin at the next poll ────┴──────── BackingOff
//! ```
//!
//! One thread: `poll()` runs only between batches, so a rebalance waits for the work in hand.
//! Heartbeats go on by themselves. Left out: prefetching (a fetch begins when the last one has
//! been handed out), `max.poll.interval.ms` on the client.

mod answers;
mod committing;
mod heartbeat;
mod joining;
mod life;
mod polling;
mod positions;
mod state;
mod working;

pub(crate) use state::{Client, Consumer, State};
