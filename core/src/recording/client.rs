//! The recorded consumer: Kafka's properties and its own behaviour, as our documents write them.

use super::play::Lacking;
use crate::kafka::assignor::Assignor;
use crate::scenario::{AutoOffsetReset, CommitWhen, ConsumerGroup, GroupProtocol, OnFailure};
use crate::time::SimDuration;

/// What the properties of one consumer say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Client {
    /// What a group of our documents says for all its consumers.
    pub(super) settings: ConsumerGroup,
    /// group.instance.id.
    pub(super) instance_id: Option<String>,
    /// How long its work on a record takes.
    pub(super) takes: SimDuration,
    /// Values whose record takes it another time.
    pub(super) slow: Vec<(String, SimDuration)>,
    /// Values whose record always fails.
    pub(super) poison: Vec<String>,
}

impl Client {
    /// The consumer that was recorded reads from the start, works for no time, and commits each
    /// record after the work, if nothing else is said; what it does not set itself is Kafka's.
    pub(super) fn new(properties: &[(String, String)]) -> Result<Self, Lacking> {
        let mut client = Self {
            settings: ConsumerGroup {
                enable_auto_commit: false,
                commit: Some(CommitWhen::AfterRecord),
                auto_offset_reset: AutoOffsetReset::Earliest,
                on_failure: OnFailure::Retry,
                // It polls again at once; a document has a millisecond at least.
                retry_backoff: SimDuration::from_millis(1),
                ..ConsumerGroup::default()
            },
            instance_id: None,
            takes: SimDuration::ZERO,
            slow: Vec::new(),
            poison: Vec::new(),
        };
        for (name, value) in properties {
            client.set(name, value)?;
        }
        if client.settings.enable_auto_commit && client.settings.commit.is_some() {
            return Err(Lacking::of("automatic commits beside a consumer's own"));
        }
        if !client.settings.enable_auto_commit && client.settings.commit.is_none() {
            return Err(Lacking::of("a consumer that never commits"));
        }
        Ok(client)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Lacking> {
        let settings = &mut self.settings;
        let unknown = || Lacking::of(format!("{name}={value}"));
        match name {
            "group.protocol" => {
                settings.group_protocol = match value {
                    "classic" => GroupProtocol::Classic,
                    "consumer" => GroupProtocol::Consumer,
                    _ => return Err(unknown()),
                }
            }
            "group.instance.id" => self.instance_id = Some(value.to_owned()),
            "partition.assignment.strategy" => {
                let class = value.rsplit('.').next().unwrap_or(value);
                let assignor = match class {
                    "RangeAssignor" => Assignor::Range,
                    "RoundRobinAssignor" => Assignor::RoundRobin,
                    "StickyAssignor" => Assignor::Sticky,
                    "CooperativeStickyAssignor" => Assignor::CooperativeSticky,
                    _ => return Err(unknown()),
                };
                settings.partition_assignment_strategy = vec![assignor];
            }
            "max.poll.interval.ms" => settings.max_poll_interval = millis(name, value)?,
            "session.timeout.ms" => settings.session_timeout = millis(name, value)?,
            "heartbeat.interval.ms" => settings.heartbeat_interval = millis(name, value)?,
            "auto.commit.interval.ms" => settings.auto_commit_interval = millis(name, value)?,
            "max.poll.records" => {
                settings.max_poll_records = value.parse().map_err(|_no_number| unknown())?;
            }
            "enable.auto.commit" => settings.enable_auto_commit = value == "true",
            "auto.offset.reset" => {
                settings.auto_offset_reset = AutoOffsetReset::parse(value).ok_or_else(unknown)?;
            }
            "lab.commit" => {
                settings.commit = match value {
                    "after" => Some(CommitWhen::AfterRecord),
                    "before" => Some(CommitWhen::BeforeWork),
                    "none" => None,
                    _ => return Err(unknown()),
                }
            }
            "lab.work" => self.takes = millis(name, value)?,
            "lab.slow" => {
                for rule in value.split(',') {
                    let (value, length) = rule.split_once(':').ok_or_else(unknown)?;
                    self.slow.push((value.to_owned(), millis(name, length)?));
                }
            }
            "lab.poison" => {
                self.settings.on_failure = OnFailure::SeekBack;
                self.poison.extend(value.split(',').map(str::to_owned));
            }
            _ => return Err(unknown()),
        }
        Ok(())
    }
}

fn millis(name: &str, value: &str) -> Result<SimDuration, Lacking> {
    let millis = value.parse::<u64>();
    millis
        .map(SimDuration::from_millis)
        .map_err(|_no_number| Lacking::of(format!("{name}={value}")))
}
