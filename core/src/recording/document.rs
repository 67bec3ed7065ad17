//! A recording as it is written.

use super::read::{group, topic};
use super::told::{Recorded, Told};
use super::value::Value;
use crate::scenario::Faults;
use crate::time::{SimDuration, SimTime};

/// Bytes of a recording; those that we have are below 50 kB.
const MAX_BYTES: usize = 4 << 20;

/// What was done to real brokers and clients, and what they said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Its name among the recordings.
    pub id: String,
    /// What happens in it.
    pub title: String,
    /// What it shows.
    pub shows: String,
    /// Which Kafka it was: `4.3.0`.
    pub kafka_version: String,
    /// How many brokers there were.
    pub brokers: u32,
    /// How many controllers, if it says so.
    pub controllers: Option<u32>,
    /// replica.lag.time.max.ms of the brokers, if it is not the default.
    pub replica_lag_time_max: Option<SimDuration>,
    /// broker.session.timeout.ms of the controllers, likewise.
    pub broker_session_timeout: Option<SimDuration>,
    /// The topics.
    pub topics: Vec<SetupTopic>,
    /// The groups.
    pub groups: Vec<SetupGroup>,
    /// What was done, in the order of time.
    pub actions: Vec<Action>,
    /// What was said, in the order of time.
    pub events: Vec<Said>,
    /// The same as a lane of a scenario has it.
    pub recorded: Recorded,
}

/// A topic as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupTopic {
    /// Its name.
    pub name: String,
    /// How many partitions.
    pub partitions: u32,
    /// How many replicas of each.
    pub replication_factor: u32,
    /// The settings that are not the defaults, by Kafka's names.
    pub configs: Vec<(String, String)>,
}

/// A group as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupGroup {
    /// group.id.
    pub name: String,
    /// What kind of group.
    pub kind: GroupKind,
    /// Its settings that are not the defaults, by Kafka's names.
    pub configs: Vec<(String, String)>,
}

/// The kinds of groups of Kafka 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// The classic protocol.
    Classic,
    /// The consumer protocol (KIP-848).
    Consumer,
    /// A share group (KIP-932).
    Share,
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// When.
    pub at: SimDuration,
    /// What.
    pub deed: Deed,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A process with one consumer was started.
    StartConsumer {
        /// Its name: client.id.
        member: String,
        /// group.id.
        group: String,
        /// What it subscribes to.
        topics: Vec<String>,
        /// The settings that are not the defaults, by Kafka's names, and `lab.*`: what it does with
        /// the records.
        properties: Vec<(String, String)>,
    },
    /// A consumer was closed.
    CloseConsumer(String),
    /// The process of a consumer was killed.
    CrashConsumer(String),
    /// The process of a consumer was stopped by a signal, to go on later.
    FreezeConsumer(String),
    /// A frozen process goes on.
    ThawConsumer(String),
    /// A consumer was told to call `seekToBeginning()` for all it owns.
    SeekToBeginning(String),
    /// A record was sent.
    Produce {
        /// Its topic.
        topic: String,
        /// Its key.
        key: Option<String>,
        /// Its value.
        value: String,
        /// `acks` of its producer, if the recording says so.
        acks: Option<String>,
        /// Where it came to lie: partition and offset, if the recording says so.
        place: Option<(u32, u32)>,
    },
    /// Something was done to the process of a broker.
    Node {
        /// Its node.id.
        broker: u32,
        /// What.
        deed: NodeDeed,
    },
    /// The next answer to the producer gets lost: its connection breaks.
    LoseNextAnswer,
    /// Anything else, by its name.
    Other(String),
}

/// What was done to the process of a broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeDeed {
    /// It was killed.
    Kill,
    /// It was stopped in good order.
    Stop,
    /// It was started.
    Start,
    /// It was stopped by a signal, to go on later.
    Freeze,
    /// It goes on.
    Thaw,
}

/// Something that a client or the cluster said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// When.
    pub at: SimTime,
    /// Who: a consumer or a group, by name.
    pub who: String,
    /// What.
    pub what: Saying,
}

/// A partition by the name of its topic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartitionOf {
    /// The topic.
    pub topic: String,
    /// The partition's number.
    pub partition: u32,
}

/// A record by its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordOf {
    /// Where.
    pub partition: PartitionOf,
    /// At which offset.
    pub offset: u32,
    /// The delivery count, in a share group.
    pub delivery: Option<u32>,
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saying {
    /// The process of a consumer is up.
    Started,
    /// `onPartitionsAssigned`.
    Assigned {
        /// Of what.
        partitions: Vec<PartitionOf>,
        /// The generation, or the member epoch.
        generation: u32,
    },
    /// `onPartitionsRevoked`.
    Revoked(Vec<PartitionOf>),
    /// `onPartitionsLost`.
    Lost(Vec<PartitionOf>),
    /// `poll()` returned records of a group with offsets.
    Polled(Vec<RecordOf>),
    /// `poll()` returned records to a member of a share group.
    Acquired(Vec<RecordOf>),
    /// The work on a record is done; in a share group with how it was acknowledged.
    Processed {
        /// Which.
        record: RecordOf,
        /// `accept` and so on, in a share group.
        acknowledge: Option<String>,
    },
    /// The work on a record ended without its effect, and how it was acknowledged.
    Outcome {
        /// Which.
        record: RecordOf,
        /// `release`, `reject`, or `none`.
        acknowledge: String,
    },
    /// The work on a record failed.
    Failed(RecordOf),
    /// A synchronous commit was answered.
    Committed {
        /// For what.
        partition: PartitionOf,
        /// The offset to be read next.
        offset: u32,
    },
    /// A synchronous commit was refused.
    CommitFailed {
        /// For what.
        partition: PartitionOf,
        /// The offset that was not stored.
        offset: u32,
        /// The exception, by the name of its class.
        error: String,
    },
    /// The state of a group, by its name.
    GroupState(String),
    /// A consumer begins to close.
    Closing,
    /// A consumer has closed.
    Closed,
    /// `seekToBeginning()` was called.
    SeekToBeginning(Vec<PartitionOf>),
    /// What the controller says of the partition.
    Partition {
        /// Who leads it.
        leader: Option<u32>,
        /// Who is in sync.
        isr: Vec<u32>,
    },
    /// The callback of a record says that it was written.
    Acknowledged {
        /// The record's value.
        value: String,
    },
    /// The callback of a record says that it failed.
    SendFailed {
        /// The record's value.
        value: String,
        /// The exception, by the name of its class.
        error: String,
    },
    /// A reader has read all that there was.
    ReadAll,
    /// Anything else, by its name.
    Other(String),
}

/// Why a text is no recording.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordingError {
    /// It is no JSON, or too long.
    #[error("this is no recording: {0}")]
    Unreadable(String),
    /// It names something that is not there.
    #[error("{place}: {name} is not there")]
    Unknown {
        /// Where it is named.
        place: &'static str,
        /// What.
        name: String,
    },
    /// Something that every recording has is not there.
    #[error("this is no recording: {place} is missing")]
    Missing {
        /// Where it should be.
        place: String,
    },
}

impl From<Faults> for RecordingError {
    fn from(faults: Faults) -> Self {
        Self::Unreadable(faults.to_string())
    }
}

pub(super) fn missing(place: impl Into<String>) -> RecordingError {
    RecordingError::Missing {
        place: place.into(),
    }
}

impl Recording {
    /// Reads a recording; what is in it beside what a stage can show is passed over.
    ///
    /// # Errors
    ///
    /// The text is no JSON, or not of this form.
    pub fn from_json(text: &str) -> Result<Self, RecordingError> {
        if text.len() > MAX_BYTES {
            let bytes = text.len();
            let what = format!("{bytes} bytes is over the limit of {MAX_BYTES}");
            return Err(RecordingError::Unreadable(what));
        }
        let root = Value::parse(text)?;
        let setup = root.get("setup").ok_or_else(|| missing("setup"))?;
        let id = root.text("id");
        if id.is_empty() {
            return Err(missing("id"));
        }
        let millis = |name| {
            let length = setup.number(name);
            length.map(|length| SimDuration::from_millis(length.into()))
        };
        let told = Told::of(&root)?;
        Ok(Self {
            id: id.to_owned(),
            title: root.text("title").to_owned(),
            shows: root.text("shows").to_owned(),
            kafka_version: root.text("kafka_version").to_owned(),
            brokers: setup.number("brokers").unwrap_or(1),
            controllers: setup.number("controllers"),
            replica_lag_time_max: millis("replica.lag.time.max.ms"),
            broker_session_timeout: millis("broker.session.timeout.ms"),
            topics: setup.list("topics").iter().map(topic).collect(),
            groups: setup.list("groups").iter().filter_map(group).collect(),
            actions: told.actions,
            events: told.events,
            recorded: Recorded::of(&root),
        })
    }

    /// The group of the consumer called `member`.
    #[must_use]
    pub fn group_of(&self, member: &str) -> Option<&str> {
        self.actions.iter().find_map(|action| match &action.deed {
            Deed::StartConsumer {
                member: name,
                group,
                ..
            } if name == member => Some(group.as_str()),
            _ => None,
        })
    }

    /// When the last thing was done or said.
    #[must_use]
    pub fn end(&self) -> SimTime {
        let done = self.actions.last().map(|action| SimTime::ZERO + action.at);
        let said = self.events.last().map(|said| said.at);
        done.max(said).unwrap_or(SimTime::ZERO)
    }
}
