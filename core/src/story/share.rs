//! The story of a record in share groups: who had it, how that ended, and why it came again.

use super::Teller;
use crate::ids::{ActorId, Offset, TopicPartition};
use crate::time::{SimDuration, SimTime};
use crate::trace::{LockEnd, ShareWhat};

/// Tells an event of a share group, if it is about the record at `place`.
pub(super) fn tell(
    teller: &mut Teller<'_>,
    at: SimTime,
    what: ShareWhat,
    place: (TopicPartition, Offset),
) {
    let names = teller.names;
    if let ShareWhat::PartitionStarted {
        group,
        partition,
        offset,
        ..
    } = what
    {
        if partition == place.0 && offset > place.1 {
            let group = names.group(group);
            let text = format!("{group} begins at offset {offset}: it never sees this record");
            teller.tell(at, text);
        }
        return;
    }
    let Some((actor, partition, offset)) = place_of(what) else {
        return;
    };
    if (partition, offset) != place {
        return;
    }
    let who = names.actor(actor);
    let group = names.group_of(actor).unwrap_or_default();
    let group = names.group(group);
    let text = match what {
        ShareWhat::Acquired {
            delivery_count,
            lock,
            ..
        } => {
            let lock = SimDuration::from(lock);
            let again = if delivery_count > 1 { ", again" } else { "" };
            format!("{who} gets it{again}: delivery {delivery_count}, locked for {lock}")
        }
        ShareWhat::Acknowledged { .. } => format!("{who} accepts it: {group} is done with it"),
        ShareWhat::Released { end, .. } => {
            format!("{}: it can be acquired again", ending(who, end))
        }
        ShareWhat::Archived { end, .. } => {
            let limit = match end {
                LockEnd::Rejected => "",
                _ => ", and it has been delivered as often as is allowed",
            };
            let end = ending(who, end);
            format!("{end}{limit}: archived, {group} never sees it again")
        }
        ShareWhat::Renewed { lock, .. } => {
            let lock = SimDuration::from(lock);
            format!("{who} renews its lock: {lock} from now")
        }
        ShareWhat::RenewalRefused { .. } => {
            format!("{who} cannot renew its lock, which is gone: INVALID_RECORD_STATE")
        }
        ShareWhat::Refused { .. } => {
            format!("the acknowledgement of {who} is refused: INVALID_RECORD_STATE")
        }
        _ => format!("the acknowledgement of {who} comes too late, and changes nothing"),
    };
    teller.tell(at, text);
}

/// How somebody came to have a record no more.
fn ending(who: &str, end: LockEnd) -> String {
    match end {
        LockEnd::Released => format!("{who} gives it back"),
        LockEnd::Rejected => format!("{who} rejects it"),
        LockEnd::LockTimeout => format!("the lock of {who} runs out"),
        LockEnd::SessionClosed => format!("{who} is gone"),
    }
}

/// Which record an event is about, and who is spoken of.
const fn place_of(what: ShareWhat) -> Option<(ActorId, TopicPartition, Offset)> {
    match what {
        ShareWhat::Acquired {
            actor,
            partition,
            offset,
            ..
        }
        | ShareWhat::Acknowledged {
            actor,
            partition,
            offset,
        }
        | ShareWhat::Released {
            actor,
            partition,
            offset,
            ..
        }
        | ShareWhat::Archived {
            actor,
            partition,
            offset,
            ..
        }
        | ShareWhat::Renewed {
            actor,
            partition,
            offset,
            ..
        }
        | ShareWhat::Refused {
            actor,
            partition,
            offset,
        }
        | ShareWhat::RenewalRefused {
            actor,
            partition,
            offset,
        }
        | ShareWhat::Ignored {
            actor,
            partition,
            offset,
        } => Some((actor, partition, offset)),
        _ => None,
    }
}
