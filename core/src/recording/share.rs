//! The share groups of a recording, as our documents write them.

use super::document::{Deed, GroupKind, Recording};
use super::play::Lacking;
use crate::scenario::{
    AutoOffsetReset, Command, ShareAcknowledge, ShareAcknowledgementMode, ShareGroup, ShareMember,
    ShareOutcome,
};
use crate::time::SimDuration;

/// `group.share.session.timeout.ms`, `group.share.heartbeat.interval.ms` and
/// `group.share.record.lock.duration.ms` of the recorded brokers.
const SESSION_TIMEOUT: SimDuration = SimDuration::from_secs(6);
const HEARTBEAT_INTERVAL: SimDuration = SimDuration::from_millis(500);
const RECORD_LOCK_DURATION: SimDuration = SimDuration::from_secs(3);

impl Recording {
    /// Whether a group is a share group.
    pub(super) fn is_share_group(&self, name: &str) -> bool {
        let mut groups = self.groups.iter();
        groups.any(|group| group.name == name && group.kind == GroupKind::Share)
    }

    /// The share groups with their consumers; `starts` says when each started consumer asks to
    /// join. One that starts a second time is a command.
    pub(super) fn share_groups(
        &self,
        starts: &[SimDuration],
        commands: &mut Vec<Command>,
    ) -> Result<Vec<ShareGroup>, Lacking> {
        let its = self.groups.iter().filter(|g| g.kind == GroupKind::Share);
        let mut groups = Vec::new();
        for setup in its {
            let mut group = ShareGroup {
                name: setup.name.clone(),
                share_session_timeout: SESSION_TIMEOUT,
                share_heartbeat_interval: HEARTBEAT_INTERVAL,
                share_record_lock_duration: RECORD_LOCK_DURATION,
                share_acknowledgement_mode: ShareAcknowledgementMode::Explicit,
                ..ShareGroup::default()
            };
            for (name, value) in &setup.configs {
                set(&mut group, name, value)?;
            }
            groups.push(group);
        }
        let mut starts = starts.iter();
        for action in &self.actions {
            let Deed::StartConsumer {
                member,
                group,
                topics,
                properties,
            } = &action.deed
            else {
                continue;
            };
            let start = *starts.next().unwrap_or(&action.at);
            let Some(group) = groups.iter_mut().find(|its| its.name == *group) else {
                continue;
            };
            if group.consumers.iter().any(|its| its.name == *member) {
                commands.push(Command {
                    at: start,
                    restart: Some(member.clone()),
                    ..Command::default()
                });
                continue;
            }
            if group.topics.is_empty() {
                group.topics.clone_from(topics);
            }
            if group.topics != *topics {
                return Err(Lacking::of(
                    "consumers of one group with different settings",
                ));
            }
            let consumer = self.share_member(member, start, (properties, &mut group.outcomes))?;
            group.consumers.push(consumer);
        }
        Ok(groups)
    }

    /// A consumer of a share group, and what it does with certain records: it acknowledges each
    /// record explicitly, and tells the broker with its next poll.
    fn share_member(
        &self,
        name: &str,
        start: SimDuration,
        (properties, outcomes): (&[(String, String)], &mut Vec<ShareOutcome>),
    ) -> Result<ShareMember, Lacking> {
        let mut consumer = ShareMember {
            name: name.to_owned(),
            start,
            takes: Some(SimDuration::ZERO),
            max_poll_records: None,
        };
        let hold = properties.iter().find(|(name, _)| name == "lab.hold");
        let hold = hold.map(|(name, value)| millis(name, value)).transpose()?;
        for (property, value) in properties {
            let unknown = || Lacking::of(format!("{property}={value}"));
            match property.as_str() {
                "lab.share" | "lab.hold" => {}
                "lab.work" => consumer.takes = Some(millis(property, value)?),
                "max.poll.records" => {
                    let most = value.parse().map_err(|_no_number| unknown())?;
                    consumer.max_poll_records = Some(most);
                }
                "lab.rule" => {
                    for rule in value.split(',') {
                        let (value, said) = rule.split_once(':').ok_or_else(unknown)?;
                        let acknowledge = match said {
                            "accept" => ShareAcknowledge::Accept,
                            "release" => ShareAcknowledge::Release,
                            "reject" => ShareAcknowledge::Reject,
                            "none" => ShareAcknowledge::None,
                            _ => return Err(unknown()),
                        };
                        outcomes.extend(self.numbers(value).map(|message| ShareOutcome {
                            message,
                            consumer: Some(name.to_owned()),
                            acknowledge,
                            hold: hold.filter(|_| acknowledge == ShareAcknowledge::None),
                        }));
                    }
                }
                _ => return Err(unknown()),
            }
        }
        Ok(consumer)
    }
}

/// A setting of a group.
fn set(group: &mut ShareGroup, name: &str, value: &str) -> Result<(), Lacking> {
    let unknown = || Lacking::of(format!("{name}={value}"));
    match name {
        "share.auto.offset.reset" => {
            group.share_auto_offset_reset = match value {
                "earliest" => AutoOffsetReset::Earliest,
                "latest" => AutoOffsetReset::Latest,
                _ => return Err(unknown()),
            }
        }
        "share.record.lock.duration.ms" => {
            group.share_record_lock_duration = millis(name, value)?;
        }
        "share.session.timeout.ms" => group.share_session_timeout = millis(name, value)?,
        "share.heartbeat.interval.ms" => group.share_heartbeat_interval = millis(name, value)?,
        "share.delivery.count.limit" => {
            let limit = value.parse().map_err(|_no_number| unknown())?;
            group.share_delivery_count_limit = limit;
        }
        _ => return Err(unknown()),
    }
    Ok(())
}

fn millis(name: &str, value: &str) -> Result<SimDuration, Lacking> {
    let millis = value.parse::<u64>();
    millis
        .map(SimDuration::from_millis)
        .map_err(|_no_number| Lacking::of(format!("{name}={value}")))
}
