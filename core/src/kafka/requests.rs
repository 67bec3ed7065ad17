//! What is due later in a log lane: requests and answers on their way, and clocks that run out.

use super::brokers::BrokerTimer;
use super::consumer::Client;
use super::consumer::modern::ModernTimer;
use super::group::MemberId;
use super::group::classic::Caller;
use super::producing::ProducerTimer;
use super::share::consumer::ShareTimer;
use crate::ids::{ActorId, Generation, GroupId, Offset, TopicId, TopicPartition};
use crate::trace::CommitRefusal;

/// What is due later in a log lane.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KafkaTimer {
    /// A consumer's process starts.
    StartDue(ActorId),
    /// Something is due among the brokers.
    Broker(BrokerTimer),
    /// Something is due for a producer.
    Producer(ProducerTimer),
    /// JoinGroup reaches the coordinator.
    JoinArrives(Client),
    /// SyncGroup reaches the coordinator.
    SyncArrives(Client),
    /// The coordinator's answer reaches the client.
    AnswerArrives(Client),
    /// A heartbeat is due at the client, if this start of its thread was the last.
    Heartbeat(Client, u32),
    /// The heartbeat thread looks whether the other one polls, likewise.
    PollTimeout(Client, u32),
    /// A heartbeat reaches the coordinator.
    HeartbeatArrives(Client, Call),
    /// The answer to a heartbeat or to an automatic commit reaches the client: the group has gone
    /// on, or rebalances.
    MembershipNews(Client, News),
    /// OffsetFetch reaches the coordinator.
    OffsetsArrive(Client, u32),
    /// Its answer reaches the client.
    OffsetsAnswer(Client, u32),
    /// A fetch reaches the leader.
    FetchArrives(Client, u32),
    /// fetch.max.wait.ms is over.
    FetchExpires(Client, u32),
    /// The answer to a fetch reaches the client.
    FetchAnswer(Client, u32),
    /// The work of this number ends.
    WorkDone(Client, u32),
    /// One partition of a commit reaches the coordinator.
    CommitArrives(Client, Commit),
    /// The answer to a synchronous commit reaches the client.
    CommitAnswer(Client, CommitNews),
    /// The wait before a record that failed is read again is over.
    RetryDue(Client),
    /// The metadata of a consumer are renewed, after a topic has grown.
    MetadataDue(Client, TopicId),
    /// A consumer has been asked for something, which it does in `poll()`.
    Wakes(Client),
    /// LeaveGroup reaches the coordinator.
    LeaveArrives(MemberId),
    /// The coordinator of a group has something to do.
    CoordinatorDue(GroupId),
    /// Something is due in a share group.
    Share(ShareTimer),
    /// Something in a group of the consumer protocol.
    Modern(ModernTimer),
}

/// What an answer of the coordinator says beside "fine".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The group rebalances.
    Rebalancing,
    /// The group is in another generation than this, in which the member asked.
    Outdated(Generation),
    /// The group does not know the member that asked in this generation.
    Unknown(Generation),
    /// Another process has taken the place of the member that asked in this generation.
    Fenced(Generation),
}

/// Who asks a coordinator for something, as a member of which generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(super) caller: Caller,
    pub(super) generation: Generation,
}

/// One partition's part of OffsetCommit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Commit {
    pub(super) partition: TopicPartition,
    pub(super) offset: Offset,
    pub(super) call: Call,
    /// Whether the client waits for the answer to this part.
    pub(super) awaited: Awaited,
}

/// Whether somebody waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Awaited {
    No,
    Yes,
}

/// What the answer to a commit says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommitNews {
    Stored,
    /// With the generation of the commit.
    Refused(CommitRefusal, Generation),
}
