//! A share consumer: what the client of one process knows and is doing, and the brokers that it
//! speaks to.
//!
//! ```text
//! Down → Polling → Working → (Committing →) next record, or Polling
//!                     │ ▲
//!                  BackingOff
//! ```
//!
//! One thread works; heartbeats go on by themselves. A poll fetches only when everything of the
//! last one has been worked on: share consumers do not fetch ahead. What was acknowledged goes out
//! with the next fetch, or with `commitSync()`.
//!
//! A share session belongs to a connection: when the process dies, the brokers see the connection
//! go and release what the member had, long before its session at the coordinator ends.
//! `ShareSessionCache.ClientConnectionDisconnectListener`.
//!
//! Left out: `max.poll.interval.ms`, fetches to several brokers at once (all partitions are fetched
//! with one request, in turns), records that arrive in one batch of a producer (each is a batch of
//! its own).

mod acknowledging;
mod fetching;
mod life;
mod membership;
mod side;
mod state;
mod working;

pub(crate) use side::{ShareSide, ShareTimer};
