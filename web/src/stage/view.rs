//! What the boxes of a lane say at a time: words and numbers, made a few times a second.

mod log;
mod queue;
mod rebalance;
mod share;

pub(super) use log::owned_by;
pub(super) use rebalance::{Way, way};
pub(super) use share::locked;

use broker_lab_core::trace::Trace;
use broker_lab_core::world::{ActorState, ActorWorld, LaneWorld, Task};
use broker_lab_core::{ActorId, BrokerId, GroupId, LaneCast, LaneId, SimDuration, SimTime};

use super::layout::{Body, LaneLayout};

/// What a lane says.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneView {
    pub proof: Proof,
    pub queues: Vec<QueueView>,
    pub groups: Vec<GroupView>,
    /// How many partitions each topic has.
    pub partitions: Vec<usize>,
    pub rows: Vec<RowView>,
    pub cursors: Vec<Cursor>,
    pub cards: Vec<CardView>,
}

/// The counts that make the lane's point; the key half is set in bold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    pub before: String,
    pub key: String,
    pub after: String,
}

/// What a queue's rows say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueView {
    pub visible: u32,
    pub in_flight: u32,
    pub delayed: u32,
    /// VisibilityTimeout, as it is now.
    pub visibility_timeout: SimDuration,
    /// The maxReceiveCount of its redrive policy, as it is now.
    pub max_receives: Option<u32>,
    /// The smallest maxReceiveCount of the queues whose dead letters it gets.
    pub past_receives: Option<u32>,
    /// What its rows say, as the box of the queue has them.
    pub rows: Vec<QueueRowView>,
    /// The move task that takes messages out of it.
    pub moving: Moving,
    /// What became of messages that are gone, and of those that do not come: expired, not
    /// delivered.
    pub gone: String,
}

/// What a row of messages says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueRowView {
    /// Said at the end of the row.
    pub words: String,
    /// Said in place of messages.
    pub empty: &'static str,
    /// A class for how the row stands: empty, or `blocked`, `noisy`.
    pub state: &'static str,
}

/// Whether a move task takes messages out of a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Moving {
    #[default]
    No,
    /// It does, so far.
    Yes(String),
}

/// What a group's head says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupView {
    pub group: GroupId,
    pub note: String,
    pub lag: u64,
    pub rebalancing: Rebalancing,
}

/// Whether a group rebalances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rebalancing {
    No,
    Yes,
}

/// Which offsets the cells of a row stand for, and whether somebody reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowView {
    pub first: usize,
    pub columns: usize,
    pub len: usize,
    pub flow: Flow,
    /// Who leads the partition; `None`: nobody.
    pub leader: Option<BrokerId>,
    /// In-sync replicas, as `ISR 2/3`; empty while all are.
    pub out_of_sync: String,
}

/// Whether the records of a partition come to the groups that read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The partition does not exist yet.
    NotThere,
    Flows,
    /// Nobody of a group reads it now; why.
    Stopped(String),
    /// Who reads it is to give it up, and reads on until then; for whom.
    Moves(String),
}

/// A triangle under a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cursor {
    pub group: GroupId,
    pub kind: CursorKind,
    /// The partition, as a flat index.
    pub partition: usize,
    /// The offset it stands at.
    pub offset: u32,
    pub x: f32,
    pub y: f32,
}

/// What a cursor marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CursorKind {
    /// The committed offset: a filled triangle.
    Committed,
    /// The position: a hollow one.
    Position,
    /// The start offset of a share group: filled.
    Start,
    /// The end offset of a share group: hollow.
    End,
}

/// What a card says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardView {
    pub actor: ActorId,
    pub line: String,
    pub status: Status,
    /// How far the work in hand is, in percent.
    pub meter: u8,
}

/// How a worker or consumer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Added by a command that is still to come.
    Absent,
    Working,
    Waiting,
    /// It has nothing to do and will not get anything.
    Idle,
    /// It can do nothing before its group has rebalanced.
    Stalled,
    Crashed,
    /// It stands still: no heartbeats, no work.
    Frozen,
    Stopped,
}

/// What a view is made from.
#[derive(Clone, Copy, Debug)]
pub struct Glance<'a> {
    pub lane: LaneId,
    pub cast: &'a LaneCast,
    /// What a message is called.
    pub noun: &'a str,
    pub world: &'a LaneWorld,
    pub trace: &'a Trace,
    pub now: SimTime,
}

impl LaneView {
    /// What a lane says at a time.
    #[must_use]
    pub fn new(layout: &LaneLayout, glance: Glance<'_>) -> Self {
        let mut view = Self {
            proof: Proof::default(),
            queues: Vec::new(),
            groups: Vec::new(),
            partitions: Vec::new(),
            rows: Vec::new(),
            cursors: Vec::new(),
            cards: Vec::new(),
        };
        match (&layout.body, glance.world) {
            (Body::Queue(body), LaneWorld::Sqs(world)) => view.of_queue(body, world, glance),
            (Body::Log(body), LaneWorld::Kafka(world)) => view.of_log(body, world, glance),
            _ => {}
        }
        view
    }
}

fn working(actor: &ActorWorld, task: Task) -> String {
    match actor.more_tasks.len() {
        0 if task.again => String::from("working, again"),
        0 => String::from("working"),
        more => format!("working on {}", more + 1),
    }
}

/// What a card says, given the words for waiting.
fn card(
    id: ActorId,
    actor: &ActorWorld,
    (waiting, status): (String, Status),
    now: SimTime,
) -> CardView {
    let (line, status) = match actor.state {
        ActorState::Absent => (String::from("not there yet"), Status::Absent),
        ActorState::Crashed { .. } => (String::from("crashed"), Status::Crashed),
        ActorState::Stopped { .. } => (String::from("left"), Status::Stopped),
        ActorState::Running { .. } if actor.frozen.is_some() => {
            (String::from("stands still"), Status::Frozen)
        }
        ActorState::Running { .. } => match actor.task {
            Some(task) => (working(actor, task), Status::Working),
            None => (waiting, status),
        },
    };
    let meter = actor.task.map_or(0, |task| {
        let until = match actor.state {
            ActorState::Crashed { at } => at.min(now),
            _ => now,
        };
        let whole = task.until.since(task.started).as_micros().max(1);
        let done = until.since(task.started).as_micros().min(whole);
        u8::try_from(done * 100 / whole).unwrap_or(100)
    });
    CardView {
        actor: id,
        line,
        status,
        meter,
    }
}
