//! The actions of a recording as a scenario of ours.

use super::client::Client;
use super::cluster;
use super::document::{Deed, GroupKind, Recording, Saying};
use crate::scenario::{
    Command, ConsumerGroup, Failure, GroupMember, KafkaLane, Lane, Network, Scenario, Seek,
    SlowWork, Work, Workload, limits,
};
use crate::time::{SimDuration, SimTime};

/// How long after its process is up a client has found its coordinator and asks to join. Seen:
/// 0.2 to 0.5 s.
const CONNECTING: SimDuration = SimDuration::from_millis(300);
/// How long a process takes to be up, where the recording does not say.
const STARTING: SimDuration = SimDuration::from_millis(500);
/// One hop between processes of one machine: a commit was answered after 2 to 5 ms.
const LATENCY: SimDuration = SimDuration::from_millis(1);
/// How long a scenario goes on after the last thing that was done or said: the recorder waited
/// about as long before it read the offsets that were committed at the end.
pub(super) const TAIL: SimDuration = SimDuration::from_secs(2);
/// `group.consumer.session.timeout.ms` of the recorded brokers.
const CONSUMER_SESSION_TIMEOUT: SimDuration = SimDuration::from_secs(6);
/// `group.consumer.heartbeat.interval.ms` of the recorded brokers.
const CONSUMER_HEARTBEAT_INTERVAL: SimDuration = SimDuration::from_millis(500);
/// `group.min.session.timeout.ms` of the recorded brokers.
const MIN_SESSION_TIMEOUT: SimDuration = SimDuration::from_secs(1);

/// Something that a recording has and our engine does not, so that it cannot be played.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not simulated yet: {0}")]
pub struct Lacking(String);

impl Lacking {
    pub(super) fn of(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

/// A member as its group's document has it, and what only the workload can say.
struct Member {
    group: usize,
    named: GroupMember,
    client: Client,
}

impl Recording {
    /// When the client of each started consumer asks to join, in the order of the actions. How long
    /// a process takes to be up is no matter of Kafka's, so it is taken from what it said.
    #[must_use]
    pub fn starts(&self) -> Vec<SimDuration> {
        let started = |member: &str, at: SimDuration| {
            let said = self.events.iter().find(|said| {
                said.what == Saying::Started && said.who == member && said.at >= SimTime::ZERO + at
            });
            said.map_or(at + STARTING, |said| said.at.since(SimTime::ZERO))
        };
        let starts = self.actions.iter().filter_map(|action| match &action.deed {
            Deed::StartConsumer { member, .. } => Some(started(member, action.at) + CONNECTING),
            _ => None,
        });
        starts.collect()
    }

    /// The same setup and actions as a scenario with one log lane; `starts` says when each started
    /// consumer asks to join, as [`Recording::starts`].
    ///
    /// # Errors
    ///
    /// What our engine lacks to play it.
    pub fn scenario(&self, starts: &[SimDuration]) -> Result<Scenario, Lacking> {
        let mut commands = Vec::new();
        let members = self.members(starts, &mut commands)?;
        self.share_groups(starts, &mut commands)?;
        self.add_commands(&mut commands)?;
        let mut scenario = self.setup(starts)?;
        let (slow, failures) = self.unlike_others(&members)?;
        scenario.workload.work.slow = slow;
        scenario.workload.failures = failures;
        scenario.commands = commands;
        Ok(scenario)
    }

    /// The setup alone, with everything that is sent and with the consumers as they start first: what
    /// is done to them later is left out, and so is what only our engine would have to know.
    pub(super) fn setup(&self, starts: &[SimDuration]) -> Result<Scenario, Lacking> {
        let members = self.members(starts, &mut Vec::new())?;
        let topics = self.topics.iter().map(|topic| self.topic(topic));
        let (producers, settings) = self.producers();
        let mut lane = KafkaLane {
            producers: settings,
            group_initial_rebalance_delay: SimDuration::ZERO,
            group_min_session_timeout: MIN_SESSION_TIMEOUT,
            topics: topics.collect::<Result<_, _>>()?,
            send_to: None,
            groups: self.scenario_groups(members)?,
            share_groups: self.share_groups(starts, &mut Vec::new())?,
            group_consumer_session_timeout: CONSUMER_SESSION_TIMEOUT,
            group_consumer_heartbeat_interval: CONSUMER_HEARTBEAT_INTERVAL,
            ..KafkaLane::default()
        };
        self.set_up_brokers(&mut lane);
        Ok(Scenario {
            version: limits::VERSION,
            title: self.title.clone(),
            description: vec![self.shows.clone()],
            noun: String::from("order"),
            horizon: self.end().since(SimTime::ZERO) + TAIL,
            network: Network { latency: LATENCY },
            workload: Workload {
                producers,
                work: Work {
                    takes: SimDuration::ZERO,
                    ..Work::default()
                },
                ..Workload::default()
            },
            lanes: vec![Lane {
                name: String::from("simulated"),
                kafka: Some(lane),
                ..Lane::default()
            }],
            ..Scenario::default()
        })
    }

    /// The consumers that were started; one that starts a second time is a command.
    fn members(
        &self,
        starts: &[SimDuration],
        commands: &mut Vec<Command>,
    ) -> Result<Vec<Member>, Lacking> {
        let mut members: Vec<Member> = Vec::new();
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
            if self.is_share_group(group) {
                continue;
            }
            let again = |m: &&Member| m.named.name == *member;
            if members.iter().find(again).is_some() {
                commands.push(Command {
                    at: start,
                    restart: Some(member.clone()),
                    ..Command::default()
                });
                continue;
            }
            let place = self.groups.iter().position(|known| known.name == *group);
            let mut client = Client::new(properties)?;
            client.settings.name.clone_from(group);
            client.settings.topics.clone_from(topics);
            let named = GroupMember {
                name: member.clone(),
                start,
                takes: Some(client.takes),
            };
            members.push(Member {
                group: place.ok_or_else(|| Lacking::of("a consumer without a group"))?,
                named,
                client,
            });
        }
        // Member ids begin with the name, and are compared as texts.
        members.sort_by(|a, b| a.named.name.cmp(&b.named.name));
        Ok(members)
    }

    /// The groups, each with its members.
    fn scenario_groups(&self, members: Vec<Member>) -> Result<Vec<ConsumerGroup>, Lacking> {
        let mut groups: Vec<Option<ConsumerGroup>> = vec![None; self.groups.len()];
        for Member {
            group,
            named,
            client,
        } in members
        {
            let Some(slot) = groups.get_mut(group) else {
                continue;
            };
            let group = slot.get_or_insert_with(|| client.settings.clone());
            let consumers = std::mem::take(&mut group.consumers);
            let mut instance_ids = std::mem::take(&mut group.group_instance_ids);
            if *group != client.settings {
                return Err(Lacking::of(
                    "consumers of one group with different settings",
                ));
            }
            if instance_ids.len() < consumers.len() && client.instance_id.is_some() {
                return Err(Lacking::of("a group with static members and others"));
            }
            instance_ids.extend(client.instance_id);
            group.group_instance_ids = instance_ids;
            group.consumers = consumers;
            group.consumers.push(named);
        }
        let all = self.groups.iter().zip(groups);
        let own = all.filter(|(setup, _)| setup.kind != GroupKind::Share);
        let named = own.map(|(setup, group)| {
            if let Some((name, _)) = setup.configs.first() {
                return Err(Lacking::of(format!("{name} of a group")));
            }
            group.ok_or_else(|| Lacking::of("a group without a member"))
        });
        named.collect()
    }

    /// The numbers of the records with a value, as the workload counts.
    pub(super) fn numbers<'a>(&'a self, wanted: &'a str) -> impl Iterator<Item = u32> + 'a {
        let values = self.actions.iter().filter_map(|action| match &action.deed {
            Deed::Produce { value, .. } => Some(value),
            _ => None,
        });
        (1..)
            .zip(values)
            .filter(move |(_, value)| *value == wanted)
            .map(|(n, _)| n)
    }

    /// The records that take another time than others, and those that fail: for everybody.
    fn unlike_others(&self, members: &[Member]) -> Result<(Vec<SlowWork>, Vec<Failure>), Lacking> {
        let Some(first) = members.first() else {
            return Ok((Vec::new(), Vec::new()));
        };
        let (slow, poison) = (&first.client.slow, &first.client.poison);
        let alike = |m: &Member| m.client.slow == *slow && m.client.poison == *poison;
        if !members.iter().all(alike) {
            return Err(Lacking::of(
                "a record that is slow or fails for some consumers only",
            ));
        }
        let slow = slow.iter().flat_map(|(value, takes)| {
            self.numbers(value).map(|message| SlowWork {
                message: Some(message),
                key: None,
                takes: *takes,
            })
        });
        let failures = poison.iter().flat_map(|value| {
            self.numbers(value).map(|message| Failure {
                message: Some(message),
                always: true,
                ..Failure::default()
            })
        });
        Ok((slow.collect(), failures.collect()))
    }

    fn add_commands(&self, commands: &mut Vec<Command>) -> Result<(), Lacking> {
        for action in &self.actions {
            let mut command = Command {
                at: action.at,
                ..Command::default()
            };
            match &action.deed {
                Deed::StartConsumer { .. } | Deed::Produce { .. } => continue,
                Deed::CrashConsumer(member) => command.crash = Some(member.clone()),
                Deed::CloseConsumer(member) => command.remove = Some(member.clone()),
                Deed::FreezeConsumer(member) => command.freeze = Some(member.clone()),
                Deed::ThawConsumer(member) => command.thaw = Some(member.clone()),
                Deed::SeekToBeginning(member) => {
                    command.seek = Some(Seek {
                        consumer: member.clone(),
                        to_beginning: true,
                        ..Seek::default()
                    });
                }
                Deed::Node { broker, deed } => cluster::command(&mut command, *broker, *deed),
                // A play with such a deed has one producer.
                Deed::LoseNextAnswer => {
                    let (producers, _) = self.producers();
                    command.lose_next_answer = producers.first().map(|its| its.name.clone());
                }
                Deed::Other(name) => return Err(Lacking::of(name.replace('_', " "))),
            }
            commands.push(command);
        }
        Ok(())
    }
}
