//! Who and what takes part in a run, by name: fixed by the scenario, those whom a command adds
//! included.

mod log;

pub use log::{GroupCast, PartitionName};

use crate::ids::{ActorId, BrokerId, LaneId, ProducerId, QueueId};
use crate::scenario::{
    Command, CreatePartitions, DeduplicationScope, FifoThroughputLimit, Lane, Queue,
    RedrivePermission, Scenario, SqsLane, System,
};
use crate::sns::DeliveryForm;
use crate::time::SimDuration;
use crate::workload::Keys;

/// The names of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    /// What a message is called in plain words.
    pub noun: String,
    /// The producers, by [`ProducerId`].
    pub producers: Vec<String>,
    /// The keys.
    pub keys: Keys,
    /// The lanes, by [`LaneId`].
    pub lanes: Vec<LaneCast>,
}

/// The names of one lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneCast {
    /// The lane's own name.
    pub name: String,
    /// Which system it is.
    pub kind: LaneKind,
    /// Which Kafka it was recorded from (`4.3.0`); `None`: it is simulated.
    pub recorded: Option<String>,
    /// Its workers or consumers, by [`ActorId`].
    pub actors: Vec<ActorCast>,
    /// Its worker sets, or its groups by [`GroupId`](crate::ids::GroupId): consumer groups, then share groups.
    pub teams: Vec<String>,
    /// Its queues by [`QueueId`], or its topics by [`TopicId`](crate::ids::TopicId).
    pub places: Vec<String>,
    /// What its consumer groups are at the start, by [`GroupId`](crate::ids::GroupId); empty for a queue lane.
    pub groups: Vec<GroupCast>,
    /// The number of partitions of each topic, those included that commands add; empty for a queue
    /// lane.
    pub partitions: Vec<u16>,
    /// How many of them are there at the start.
    pub first_partitions: Vec<u16>,
    /// The brokers of the replicas of each partition, all of them as [`LaneCast::partitions`] counts,
    /// topic by topic: the preferred leader first; empty for a queue lane.
    pub replicas: Vec<Vec<BrokerId>>,
    /// How many brokers there are; 0 for a queue lane.
    pub brokers: u16,
    /// How many controllers there are; 0 for a queue lane.
    pub controllers: u16,
    /// What its queues are at the start, by [`QueueId`]; empty for a log lane.
    pub queues: Vec<QueueCast>,
    /// The queue of each worker set; empty for a log lane.
    pub team_queues: Vec<QueueId>,
    /// The SNS topic that the producers publish to, if they do not send to a queue.
    pub topic: Option<String>,
    /// The subscriptions of that topic.
    pub subscriptions: Vec<SubscriptionCast>,
    /// Whether producers send messages again.
    pub sends: Sends,
    /// Worker sets from this one on are functions, their members invocations.
    pub first_function: u16,
    /// Groups from this one on are share groups.
    pub first_share_group: u16,
}

/// A queue's subscription to the topic of its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubscriptionCast {
    /// The queue.
    pub queue: QueueId,
    /// In which form messages come.
    pub form: DeliveryForm,
    /// The subscription's own dead-letter queue.
    pub dead_letter_queue: Option<QueueId>,
}

/// Whether producers send messages again in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sends {
    /// Each message is sent once.
    Once,
    /// Some are sent again: commands say so.
    Again,
}

/// What a queue is at the start of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueCast {
    /// Its type, which never changes.
    pub kind: QueueKind,
    /// Whether sends reach it: the producers' own, or those of a topic.
    pub is_sent_to: bool,
    /// VisibilityTimeout.
    pub visibility_timeout: SimDuration,
    /// DelaySeconds.
    pub delay: SimDuration,
    /// ReceiveMessageWaitTimeSeconds.
    pub receive_message_wait_time: SimDuration,
    /// MaximumMessageSize, in bytes.
    pub maximum_message_size: u32,
    /// MessageRetentionPeriod.
    pub message_retention_period: SimDuration,
    /// RedrivePolicy: the dead-letter queue and maxReceiveCount.
    pub redrive_policy: Option<(QueueId, u32)>,
    /// The others.
    pub choices: QueueChoices,
}

/// The attributes of a queue that are one of a few words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueChoices {
    /// RedriveAllowPolicy: its redrivePermission.
    pub redrive_permission: RedrivePermission,
    /// ContentBasedDeduplication, of a FIFO queue.
    pub content_based_deduplication: bool,
    /// DeduplicationScope, of a FIFO queue.
    pub deduplication_scope: DeduplicationScope,
    /// FifoThroughputLimit, of a FIFO queue.
    pub fifo_throughput_limit: FifoThroughputLimit,
}

/// The type of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueKind {
    /// Best-effort order, at least once.
    Standard,
    /// Order within a message group, deduplication of sends.
    Fifo,
}

/// Which system a lane is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneKind {
    /// Amazon SQS.
    Sqs,
    /// Apache Kafka.
    Kafka,
}

/// One worker or consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorCast {
    /// Its name: that of its team and a number.
    pub name: String,
    /// Its worker set or group, as an index into [`LaneCast::teams`].
    pub team: u16,
}

impl Cast {
    /// The cast of a checked scenario.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let mut cast = Self {
            noun: scenario.noun.clone(),
            producers: scenario
                .workload
                .producers
                .iter()
                .map(|p| p.name.clone())
                .collect(),
            keys: Keys::of(scenario),
            lanes: scenario.lanes.iter().filter_map(LaneCast::of).collect(),
        };
        if scenario.commands.iter().any(|c| c.resend.is_some()) {
            for lane in cast.simulated_mut() {
                lane.sends = Sends::Again;
            }
        }
        for command in in_time_order(&scenario.commands) {
            if let Some((lane, team)) = command.add.as_deref().and_then(|name| cast.find_team(name))
                && let Some(lane) = cast.lanes.get_mut(lane.index())
            {
                lane.add_actor(team);
            }
            if let Some(create) = &command.create_partitions {
                for lane in cast.simulated_mut() {
                    lane.add_partitions(create);
                }
            }
        }
        for (written, lane) in scenario.lanes.iter().zip(&mut cast.lanes) {
            if let Some(written) = &written.kafka {
                lane.replicas = log::place_replicas(written, scenario.seed, &lane.partitions);
            }
        }
        cast
    }

    /// The names of a lane.
    #[must_use]
    pub fn lane(&self, lane: LaneId) -> Option<&LaneCast> {
        self.lanes.get(lane.index())
    }

    /// The lanes that commands reach: what was recorded is as it is.
    pub fn simulated(&self) -> impl Iterator<Item = &LaneCast> {
        self.lanes.iter().filter(|lane| !lane.is_recorded())
    }

    fn simulated_mut(&mut self) -> impl Iterator<Item = &mut LaneCast> {
        self.lanes.iter_mut().filter(|lane| !lane.is_recorded())
    }

    /// The worker or consumer called `name`, in whichever lane is simulated.
    #[must_use]
    pub fn find_actor(&self, name: &str) -> Option<(LaneId, ActorId)> {
        self.find(|lane| lane.actors.iter().position(|actor| actor.name == name))
            .and_then(|(lane, actor)| Some((lane, ActorId(u16::try_from(actor).ok()?))))
    }

    /// The worker set or group called `name`, in whichever lane is simulated.
    #[must_use]
    pub fn find_team(&self, name: &str) -> Option<(LaneId, u16)> {
        self.find(|lane| lane.teams.iter().position(|team| team == name))
            .and_then(|(lane, team)| Some((lane, u16::try_from(team).ok()?)))
    }

    fn find(&self, found: impl Fn(&LaneCast) -> Option<usize>) -> Option<(LaneId, usize)> {
        let lanes = self.lanes.iter().enumerate();
        let mut simulated = lanes.filter(|(_, lane)| !lane.is_recorded());
        simulated.find_map(|(n, lane)| {
            let lane_id = LaneId(u8::try_from(n).ok()?);
            found(lane).map(|index| (lane_id, index))
        })
    }

    /// The name of a producer.
    #[must_use]
    pub fn producer(&self, producer: ProducerId) -> &str {
        self.producers
            .get(producer.index())
            .map_or("", String::as_str)
    }
}

impl LaneCast {
    fn of(lane: &Lane) -> Option<Self> {
        let mut cast = match lane.system()? {
            System::Sqs(sqs) => Self::of_sqs(&lane.name, sqs),
            System::Kafka(kafka) => Self::of_kafka(&lane.name, kafka),
        };
        let recorded = lane.recorded.as_ref();
        cast.recorded = recorded.map(|recorded| recorded.kafka_version().to_owned());
        match lane.system()? {
            System::Sqs(sqs) => {
                for (team, size) in (0_u16..).zip(sqs.team_sizes()) {
                    (0..size).for_each(|_| cast.add_actor(team));
                }
            }
            System::Kafka(kafka) => {
                let teams = kafka.team_sizes().zip(kafka.team_members());
                for (team, (size, names)) in (0_u16..).zip(teams) {
                    cast.add_consumers(team, size, &names);
                }
            }
        }
        Some(cast)
    }

    fn of_sqs(name: &str, lane: &SqsLane) -> Self {
        Self {
            name: name.to_owned(),
            kind: LaneKind::Sqs,
            recorded: None,
            actors: Vec::new(),
            teams: lane.team_names().map(str::to_owned).collect(),
            places: lane.queues.iter().map(|q| q.name.clone()).collect(),
            groups: Vec::new(),
            partitions: Vec::new(),
            first_partitions: Vec::new(),
            replicas: Vec::new(),
            brokers: 0,
            controllers: 0,
            queues: (0_u16..)
                .zip(&lane.queues)
                .map(|(id, queue)| QueueCast::of(lane, queue, QueueId(id)))
                .collect(),
            team_queues: lane
                .team_queues()
                .filter_map(|queue| lane.find_queue(queue))
                .collect(),
            topic: lane.topic().map(|(_, topic)| topic.name.clone()),
            subscriptions: subscriptions(lane),
            sends: Sends::Once,
            first_function: u16::try_from(lane.workers.len()).unwrap_or(u16::MAX),
            first_share_group: u16::MAX,
        }
    }

    fn add_consumers(&mut self, team: u16, size: u32, names: &[&str]) {
        if names.is_empty() {
            (0..size).for_each(|_| self.add_actor(team));
        }
        for name in names {
            let name = (*name).to_owned();
            self.actors.push(ActorCast { name, team });
        }
    }

    fn add_actor(&mut self, team: u16) {
        let number = self
            .actors
            .iter()
            .filter(|actor| actor.team == team)
            .count()
            + 1;
        if let Some(team_name) = self.teams.get(usize::from(team)) {
            let name = format!("{team_name}-{number}");
            self.actors.push(ActorCast { name, team });
        }
    }

    fn add_partitions(&mut self, create: &CreatePartitions) {
        let topics = self.places.iter().zip(&mut self.partitions);
        for (name, partitions) in topics {
            if *name == create.topic {
                let more = u16::try_from(create.partitions).unwrap_or(u16::MAX);
                *partitions = more.max(*partitions);
            }
        }
    }

    /// Whether the lane was recorded: it stays as it is.
    #[must_use]
    pub const fn is_recorded(&self) -> bool {
        self.recorded.is_some()
    }

    /// Its worker or consumer called `name`.
    #[must_use]
    pub fn find_actor(&self, name: &str) -> Option<ActorId> {
        let index = self.actors.iter().position(|actor| actor.name == name)?;
        u16::try_from(index).ok().map(ActorId)
    }

    /// The name of a worker or consumer.
    #[must_use]
    pub fn actor(&self, actor: ActorId) -> &str {
        self.actors
            .get(actor.index())
            .map_or("", |actor| &actor.name)
    }

    /// The members of a worker set or group, in the order of their numbers.
    pub fn members(&self, team: u16) -> impl Iterator<Item = ActorId> {
        (0_u16..)
            .zip(&self.actors)
            .filter(move |(_, actor)| actor.team == team)
            .map(|(id, _)| ActorId(id))
    }

    /// The worker sets that receive from queues that are sent to; none in a log lane.
    pub fn first_teams(&self) -> impl Iterator<Item = u16> {
        let teams = (0_u16..).zip(&self.team_queues);
        teams
            .filter(|(_, queue)| {
                let queue = self.queues.get(queue.index());
                queue.is_some_and(|queue| queue.is_sent_to)
            })
            .map(|(team, _)| team)
    }

    /// Whether an actor is an invocation of a function, which nobody starts or stops by hand.
    #[must_use]
    pub fn is_invocation(&self, actor: ActorId) -> bool {
        let actor = self.actors.get(actor.index());
        actor.is_some_and(|actor| actor.team >= self.first_function)
    }

    /// The name of a queue.
    #[must_use]
    pub fn queue(&self, queue: QueueId) -> &str {
        self.places.get(queue.index()).map_or("", String::as_str)
    }

    /// In which form a topic brings messages to a queue; `None`: none does.
    #[must_use]
    pub fn form(&self, queue: QueueId) -> Option<DeliveryForm> {
        let mut subscriptions = self.subscriptions.iter();
        let found = subscriptions.find(|subscription| subscription.queue == queue);
        found.map(|subscription| subscription.form)
    }
}

/// The subscriptions of the topic that producers publish to.
fn subscriptions(lane: &SqsLane) -> Vec<SubscriptionCast> {
    let topic = lane.topic().into_iter();
    let subscriptions = topic.flat_map(|(_, topic)| &topic.subscriptions);
    let cast = subscriptions.filter_map(|subscription| {
        let policy = subscription.redrive_policy.as_ref();
        Some(SubscriptionCast {
            queue: lane.find_queue(&subscription.queue)?,
            form: if subscription.raw_message_delivery {
                DeliveryForm::Raw
            } else {
                DeliveryForm::Envelope
            },
            dead_letter_queue: policy
                .and_then(|policy| lane.find_queue(&policy.dead_letter_target)),
        })
    });
    cast.collect()
}

impl QueueCast {
    fn of(lane: &SqsLane, queue: &Queue, id: QueueId) -> Self {
        let policy = queue.redrive_policy.as_ref();
        Self {
            kind: if queue.is_fifo() {
                QueueKind::Fifo
            } else {
                QueueKind::Standard
            },
            is_sent_to: lane.destinations().any(|queue| queue == id),
            visibility_timeout: queue.visibility_timeout,
            delay: queue.delay,
            receive_message_wait_time: queue.receive_message_wait_time,
            maximum_message_size: queue.maximum_message_size,
            message_retention_period: queue.message_retention_period,
            redrive_policy: policy.and_then(|policy| {
                let target = lane.find_queue(&policy.dead_letter_target)?;
                Some((target, policy.max_receive_count))
            }),
            choices: QueueChoices {
                redrive_permission: queue
                    .redrive_allow_policy
                    .as_ref()
                    .map_or_else(RedrivePermission::default, |its| its.redrive_permission),
                content_based_deduplication: queue.content_based_deduplication,
                deduplication_scope: queue.deduplication_scope,
                fifo_throughput_limit: queue.fifo_throughput_limit,
            },
        }
    }
}

/// The commands as they are carried out: by time, then in the order of the document.
pub fn in_time_order(commands: &[Command]) -> Vec<&Command> {
    let mut ordered: Vec<(usize, &Command)> = commands.iter().enumerate().collect();
    ordered.sort_unstable_by_key(|(place, command)| (command.at, *place));
    ordered.into_iter().map(|(_, command)| command).collect()
}
