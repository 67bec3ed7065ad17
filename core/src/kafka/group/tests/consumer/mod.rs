//! The coordinator of the consumer protocol, driven by clients that do nothing but report what they
//! own.

mod commits;
mod epochs;
mod lab;
mod leaving;
mod rebalance;
mod static_members;
mod subscriptions;
