//! What is going on in a share group.

use broker_lab_core::trace::{Event, LockEnd, ShareWhat, What};
use broker_lab_core::world::{KafkaWorld, ShareGroupWorld};
use broker_lab_core::{ActorId, GroupId, Offset, TopicPartition};

use super::fill::{Parts, Words};
use super::{crashed, is_news, latest};
use crate::stage::view::{Glance, locked};

/// What is worth a word of a share group, from what is loud to what always holds.
pub(super) fn news(
    world: &KafkaWorld,
    (group, share): (GroupId, &ShareGroupWorld),
    glance: Glance<'_>,
) -> Option<(Words, Parts)> {
    let mine = |actor: ActorId| glance.cast.group_of(actor) == Some(group);
    for (actor, ..) in crashed(&world.actors).filter(|(actor, ..)| mine(*actor)) {
        if let (1.., Some(time)) = locked(share, actor) {
            let parts = Parts {
                actor,
                time,
                ..Parts::default()
            };
            let text = "@w crashed. What it had stays locked until the broker finds its connection gone, or until the lock runs out at @t; then another member gets it.";
            return Some(((text, "acquisition lock"), parts));
        }
    }
    let events = latest(glance).take_while(|event| is_news(event.at, glance.now));
    for Event { what, .. } in events {
        let What::Share { what } = *what else {
            continue;
        };
        let Some(((actor, partition, offset), words)) = told(what) else {
            continue;
        };
        if mine(actor) {
            let parts = Parts {
                actor,
                group,
                message: world.message_at(partition, offset).unwrap_or_default(),
                ..Parts::default()
            };
            return Some((words, parts));
        }
    }
    None
}

/// A record: who had it, and where it lies.
type Spot = (ActorId, TopicPartition, Offset);

fn told(what: ShareWhat) -> Option<(Spot, Words)> {
    Some(match what {
        ShareWhat::Archived {
            actor,
            partition,
            offset,
            end,
        } => {
            let text = match end {
                LockEnd::Rejected => {
                    "@w rejected @m: nobody of @g will see it again. The log still has it."
                }
                _ => {
                    "@m has been delivered as often as is allowed: nobody of @g will see it again. The log still has it."
                }
            };
            ((actor, partition, offset), (text, "archived"))
        }
        ShareWhat::Released {
            actor,
            partition,
            offset,
            end,
        } => {
            let text = match end {
                LockEnd::LockTimeout => {
                    "The lock of @w on @m has run out: any member can acquire it now, though @w may still work on it."
                }
                LockEnd::SessionClosed => {
                    "@w is gone, and what it had is free again: any member can acquire @m now."
                }
                LockEnd::Released | LockEnd::Rejected => {
                    "@w gives @m back: any member can acquire it now."
                }
            };
            ((actor, partition, offset), (text, "release"))
        }
        ShareWhat::Refused {
            actor,
            partition,
            offset,
        } => {
            let text = "The acknowledgement of @w for @m is refused: it does not have the record any more.";
            (
                (actor, partition, offset),
                (text, "InvalidRecordStateException"),
            )
        }
        ShareWhat::Acquired {
            actor,
            partition,
            offset,
            delivery_count: 2..,
            ..
        } => {
            let text =
                "@w has @m now, which was delivered before. Nobody can know how far the work got.";
            ((actor, partition, offset), (text, "delivery count"))
        }
        _ => return None,
    })
}

/// What always holds.
pub(super) const RULE: Words = (
    "Each record goes to one member of the share group at a time, under a lock. It is acknowledged by itself, so the members do not wait for each other, and the order is not kept.",
    "share group",
);
