//! The golden form of what happens in share groups.

use std::fmt;

use super::reason::LockEnd;
use super::share::ShareWhat;

impl fmt::Display for ShareWhat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::GroupChanged {
                group,
                epoch,
                members,
            } => write!(f, "group {group} epoch {epoch}, {members} members"),
            Self::Assigned {
                actor,
                partition,
                epoch,
            } => write!(
                f,
                "actor {actor} fetches from {partition} as of epoch {epoch}"
            ),
            Self::Revoked { actor, partition } => {
                write!(f, "actor {actor} fetches from {partition} no more")
            }
            Self::PartitionStarted {
                group,
                partition,
                offset,
                origin,
            } => write!(
                f,
                "group {group} begins with {partition} at {offset} ({origin})"
            ),
            Self::StartMoved {
                group,
                partition,
                offset,
            } => write!(f, "group {group} is done with {partition} up to {offset}"),
            Self::Acquired {
                actor,
                partition,
                offset,
                delivery_count,
                lock,
            } => write!(
                f,
                "actor {actor} acquired {partition} {offset} (delivery {delivery_count}, locked {} ms)",
                lock.0
            ),
            _ => self.fmt_acknowledgement(f),
        }
    }
}

impl ShareWhat {
    fn fmt_acknowledgement(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (does, actor, partition, offset) = match *self {
            Self::Acknowledged {
                actor,
                partition,
                offset,
            } => ("accepted", actor, partition, offset),
            Self::Released {
                actor,
                partition,
                offset,
                ..
            } => ("has no more, available again:", actor, partition, offset),
            Self::Archived {
                actor,
                partition,
                offset,
                ..
            } => ("has no more, archived:", actor, partition, offset),
            Self::Renewed {
                actor,
                partition,
                offset,
                ..
            } => ("renewed", actor, partition, offset),
            Self::Refused {
                actor,
                partition,
                offset,
            } => ("could not acknowledge", actor, partition, offset),
            Self::RenewalRefused {
                actor,
                partition,
                offset,
            } => ("could not renew", actor, partition, offset),
            Self::Ignored {
                actor,
                partition,
                offset,
            } => ("acknowledged too late", actor, partition, offset),
            _ => return Ok(()),
        };
        write!(f, "actor {actor} {does} {partition} {offset}")?;
        match *self {
            Self::Released { end, .. } | Self::Archived { end, .. } => {
                write!(f, " ({end})")
            }
            Self::Renewed { lock, .. } => write!(f, " (locked {} ms)", lock.0),
            Self::Refused { .. } | Self::RenewalRefused { .. } => {
                f.write_str(": INVALID_RECORD_STATE")
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for LockEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Released => "released",
            Self::Rejected => "rejected",
            Self::LockTimeout => "its lock ran out",
            Self::SessionClosed => "its session is closed",
        })
    }
}
