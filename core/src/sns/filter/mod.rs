//! Filter policies: which messages a subscription takes.
//!
//! Keys are joined by and, the values of a list by or, `$or` joins whole policies by or. So a
//! policy is read into alternatives: lists of rules, each a path and the conditions of which one
//! has to hold. Amazon SNS subscription filter policies (SNS).
//!
//! AWS compiles and runs policies with its Event Ruler library: the texts of its errors show it.
//! Where the guide is silent, what that library documents is taken: a path leads to values, not
//! to objects or empty lists, and fields inside a list match together only in the same item.

mod cidr;
mod condition;
mod document;
mod policy;
mod read;

pub use policy::{FilterPolicy, FilterPolicyScope};
