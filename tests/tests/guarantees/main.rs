//! Guarantees over whole runs of random scenarios: crashes, restarts, too short timeouts, poison.
#![cfg(not(target_arch = "wasm32"))]

mod bytes;
mod deliveries;
mod found;
mod queues;
mod replays;
mod rules;
mod strategy;
mod throttling;
mod verdicts;
mod worlds;
