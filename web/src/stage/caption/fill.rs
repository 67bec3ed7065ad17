//! Sentences with marks, filled in at one place: a `format!` for each would be a fifth of the
//! download of all captions.

use broker_lab_core::{ActorId, GroupId, MessageId, QueueId, SimTime};

use super::Caption;
use crate::stage::view::{Glance, owned_by};
use crate::stage::words::{capital, clock, counted, list, thousands};

/// A sentence with marks, and the systems' word for it.
pub(super) type Words = (&'static str, &'static str);

/// What a sentence is about.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    pub(super) actor: ActorId,
    pub(super) message: MessageId,
    pub(super) queue: QueueId,
    pub(super) group: GroupId,
    /// A partition, as a flat index.
    pub(super) partition: usize,
    pub(super) count: u32,
    pub(super) other: u32,
    pub(super) time: SimTime,
}

/// Fills a sentence in: `@w` a worker, `@m` a message, `@o` what messages are called, `@q` a
/// queue, `@g` a group, `@r` a partition, `@p` those of the worker, `@c` and `@d` counts, `@n` the first of them with what is counted, `@x` it as how often
/// something was done, `@t` a time.
pub(super) fn fill(glance: Glance<'_>, (text, term): Words, parts: &Parts) -> Caption {
    let mut said = String::new();
    let mut pieces = text.split('@');
    said.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (mark, rest) = piece.split_at(1.min(piece.len()));
        let start = said.len();
        match mark {
            "w" => said.push_str(glance.cast.actor(parts.actor)),
            "q" => said.push_str(glance.cast.queue(parts.queue)),
            "g" => said.push_str(glance.cast.group(parts.group)),
            "r" => said.push_str(&partition(glance, parts.partition)),
            "p" => said.push_str(&list(&owned_by(parts.actor, glance))),
            "c" => said.push_str(&thousands(parts.count)),
            "d" => said.push_str(&thousands(parts.other)),
            "n" => said.push_str(&counted(parts.count, glance.noun)),
            "x" => match parts.count {
                1 => said.push_str("once"),
                2 => said.push_str("twice"),
                count => {
                    said.push_str(&thousands(count));
                    said.push_str(" times");
                }
            },
            "t" => said.push_str(&clock(parts.time)),
            _ => said.push_str(glance.noun),
        }
        if mark == "m" {
            said.push(' ');
            said.push_str(&parts.message.0.to_string());
        }
        if said
            .get(..start)
            .is_some_and(|before| before.ends_with(". "))
            && let Some(first) = said.get_mut(start..=start)
        {
            first.make_ascii_uppercase();
        }
        said.push_str(rest);
    }
    Caption {
        text: capital(&said),
        term,
    }
}

fn partition(glance: Glance<'_>, index: usize) -> String {
    let found = glance.cast.topic_partitions().nth(index);
    found.map_or_else(String::new, |found| {
        glance.cast.partition(found).to_string()
    })
}
