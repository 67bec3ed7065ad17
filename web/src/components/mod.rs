//! What is shown: each component shows what it is given and says what was asked for.

mod actor_card;
mod app;
mod click;
mod copy_fields;
mod explain;
mod group_box;
mod guarantees;
mod habits;
mod header;
mod inspect;
mod inspect_actor;
mod inspect_group;
mod inspect_queue;
mod keys;
mod lane;
mod log_floor;
mod metrics;
pub(crate) mod panel;
mod placed;
mod queue_floor;
mod timeline;
mod transport;

pub use app::{App, First};
pub(crate) use app::{Opened, Wanted, open_wanted};
