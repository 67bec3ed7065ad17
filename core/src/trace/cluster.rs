//! What happens among the brokers of a log lane, their replicas and their controllers.

use super::what::What;
use crate::ids::{BrokerId, LeaderEpoch, MessageId, Offset, TopicId, TopicPartition};

/// What happened in a cluster. Part of [`What`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClusterWhat {
    /// A broker's process was killed.
    BrokerKilled {
        /// Which.
        broker: BrokerId,
    },
    /// A broker wants to stop: it asks the controller to move what it leads.
    BrokerStopping {
        /// Which.
        broker: BrokerId,
    },
    /// The process of a broker that wanted to stop has ended.
    BrokerStopped {
        /// Which.
        broker: BrokerId,
    },
    /// A broker's process stands still.
    BrokerFrozen {
        /// Which.
        broker: BrokerId,
    },
    /// A broker's process goes on.
    BrokerThawed {
        /// Which.
        broker: BrokerId,
    },
    /// A broker's process was started, and is not ready yet.
    BrokerStarting {
        /// Which.
        broker: BrokerId,
    },
    /// A broker that was started has registered at the controller, and follows its leaders.
    BrokerStarted {
        /// Which.
        broker: BrokerId,
    },
    /// The controller counts a broker out: its session has ended, or it has gone. It leads nothing
    /// and is in sync with nothing.
    BrokerFenced {
        /// Which.
        broker: BrokerId,
    },
    /// The controller counts a broker in again.
    BrokerUnfenced {
        /// Which.
        broker: BrokerId,
    },
    /// The controller has decided who leads a partition.
    LeaderElected {
        /// Of what.
        partition: TopicPartition,
        /// Who; `None`: nobody can.
        leader: Option<BrokerId>,
        /// Its epoch.
        epoch: LeaderEpoch,
        /// How it was chosen.
        election: ElectionKind,
    },
    /// A broker knows that it leads a partition: its log is the partition's from now on.
    LeaderBegan {
        /// Of what.
        partition: TopicPartition,
        /// Who.
        broker: BrokerId,
        /// Its epoch.
        epoch: LeaderEpoch,
    },
    /// A record of the leader before is not in the log of the new one. If it was acknowledged, it is
    /// lost.
    CutOff {
        /// From what.
        partition: TopicPartition,
        /// Where it was.
        offset: Offset,
        /// Which.
        message: MessageId,
    },
    /// A record that was cut off is in the log of the new leader.
    Back {
        /// In what.
        partition: TopicPartition,
        /// Where it is.
        offset: Offset,
        /// Which.
        message: MessageId,
    },
    /// A replica is in sync again.
    JoinedIsr {
        /// Of what.
        partition: TopicPartition,
        /// Where.
        broker: BrokerId,
    },
    /// A replica is not in sync any more.
    LeftIsr {
        /// Of what.
        partition: TopicPartition,
        /// Where.
        broker: BrokerId,
    },
    /// A replica that is not in sync can lead all the same: it has all that is committed. KIP-966.
    JoinedElr {
        /// Of what.
        partition: TopicPartition,
        /// Where.
        broker: BrokerId,
    },
    /// A replica is not one of these any more: it is in sync, or may have lost what it had, or there
    /// are enough in sync again.
    LeftElr {
        /// Of what.
        partition: TopicPartition,
        /// Where.
        broker: BrokerId,
    },
    /// A follower has what its leader has, up to an offset.
    Replicated {
        /// Of what.
        partition: TopicPartition,
        /// Where.
        broker: BrokerId,
        /// Where its log ends now.
        end: Offset,
    },
    /// A follower drops what its leader does not have.
    Truncated {
        /// Of what.
        partition: TopicPartition,
        /// Where.
        broker: BrokerId,
        /// Where its log ends now.
        end: Offset,
    },
    /// A partition can be read up to here. Not told of a partition with one replica: that can be read
    /// up to its end.
    HighWatermarkMoved {
        /// Which.
        partition: TopicPartition,
        /// The first offset that cannot be read.
        offset: Offset,
    },
    /// A broker that takes itself for the leader, and is it no more, has appended a record.
    AppendedAside {
        /// To what.
        partition: TopicPartition,
        /// Who.
        broker: BrokerId,
        /// Where in its own log.
        offset: Offset,
        /// Which.
        message: MessageId,
    },
    /// A controller's process was killed.
    ControllerKilled {
        /// Which.
        controller: u16,
    },
    /// A controller is back.
    ControllerStarted {
        /// Which.
        controller: u16,
    },
    /// The controllers have elected one of them.
    ControllerElected {
        /// Which.
        controller: u16,
    },
    /// `min.insync.replicas` of a topic has changed.
    MinInsyncReplicasChanged {
        /// Of what.
        topic: TopicId,
        /// To what.
        min: u16,
    },
    /// `unclean.leader.election.enable` of a topic has changed.
    UncleanElectionChanged {
        /// Of what.
        topic: TopicId,
        /// To what.
        enabled: bool,
    },
    /// From now on something is wrong with the network between two parts, or nothing any more.
    LinkChanged {
        /// The one end.
        one: LinkEnd,
        /// The other.
        other: LinkEnd,
        /// What is wrong.
        state: LinkState,
    },
}

/// How a leader was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElectionKind {
    /// It is the first of the replicas, and has all that is committed.
    Preferred,
    /// It has all that is committed.
    Clean,
    /// It may lack what was committed.
    Unclean,
    /// There is no one who may lead.
    Nobody,
}

/// A part of a lane at which a link ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    /// A broker.
    Broker {
        /// Which.
        broker: BrokerId,
    },
    /// All controllers.
    Controllers {},
    /// A producer.
    Producer {
        /// Which.
        producer: crate::ids::ProducerId,
    },
}

/// What is wrong with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// Nothing.
    Sound,
    /// Nothing gets through.
    Cut,
    /// Everything takes longer.
    Slow,
    /// Some of it gets lost.
    Lossy,
}

impl From<ClusterWhat> for What {
    fn from(what: ClusterWhat) -> Self {
        Self::Cluster { what }
    }
}
