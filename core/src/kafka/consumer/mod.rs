//! A consumer: what the client of one process knows and is doing.
//!
//! ```text
//!   thread:     Polling ⇄ Working ⇄ Committing        FetchingOffsets, BackingOff: inside poll() too
//!   membership: Unjoined → Preparing → Completing → Stable           (looked after inside poll())
//! ```
//!
//! One thread works: `poll()` runs only between batches, so a rebalance waits for the work in hand.
//! Another one sends heartbeats, and leaves the group when the first does not poll for
//! `max.poll.interval.ms`. A member is eager or cooperative, as its assignors are: an eager one
//! gives everything up before it joins, a cooperative one goes on reading what it keeps.
//!
//! [`membership`] is how it stands with its group, `reading` what it knows of its partitions; the
//! rest of the files are what happens to them. It fetches ahead while it works. [`modern`] is how a member of the consumer
//! protocol does what `membership` and the heartbeat thread do here.

mod answers;
mod committing;
mod fetching;
mod heartbeat;
mod joining;
mod life;
mod membership;
pub(crate) mod modern;
mod polling;
mod positions;
mod reading;
mod rebalancing;
mod state;
mod wishes;
mod working;

pub(crate) use state::{Client, Consumer, State};
pub(crate) use wishes::{SeekTo, Which, Wish};
