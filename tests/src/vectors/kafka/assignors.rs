//! Who gets which partition.

use std::collections::BTreeMap;

use broker_lab_core::kafka::assignor::{
    Assignor, InstanceId, MemberSubscription, RackId, ServerAssignor, TopicMetadata,
};
use broker_lab_core::kafka::group::MemberId;
use broker_lab_core::{ActorId, TopicId, TopicPartition};
use serde::Deserialize;

use super::{CaseResult, compare, skip};

/// Topics, members, and what each member gets.
#[derive(Deserialize)]
pub(super) struct Case {
    id: String,
    assignor: String,
    topics: Vec<Topic>,
    members: Vec<Member>,
    expected: Assignment,
}

#[derive(Deserialize)]
struct Topic {
    name: String,
    /// None: the topic was deleted.
    partitions: Option<u16>,
    #[serde(default)]
    racks: Option<Vec<Vec<Option<String>>>>,
}

#[derive(Deserialize)]
struct Member {
    id: String,
    group_instance_id: Option<String>,
    rack: Option<String>,
    topics: Vec<String>,
}

type Assignment = BTreeMap<String, Vec<(String, u16)>>;

pub(super) fn run_classic(case: Case) -> CaseResult {
    match case.assignor.as_str() {
        name if name == Assignor::Range.name() => run(case, |topics, members| {
            Assignor::Range.assign(topics, members)
        }),
        other => {
            let reason = format!("the assignor {other} does not exist yet");
            skip(case.id, reason)
        }
    }
}

pub(super) fn run_server(case: Case) -> CaseResult {
    match case.assignor.as_str() {
        name if name == ServerAssignor::Range.name() => run(case, |topics, members| {
            ServerAssignor::Range.assign(topics, members)
        }),
        other => {
            let reason = format!("the server's assignor {other} does not exist yet");
            skip(case.id, reason)
        }
    }
}

fn run(
    case: Case,
    assign: impl Fn(&[TopicMetadata], &[MemberSubscription]) -> Vec<Vec<TopicPartition>>,
) -> CaseResult {
    let names = Names::of(&case);
    let got: Assignment = case
        .members
        .iter()
        .map(|member| member.id.clone())
        .zip(
            assign(&names.topics(&case), &names.members(&case))
                .into_iter()
                .map(|partitions| names.written(partitions)),
        )
        .collect();
    let mut expected = case.expected;
    for partitions in expected.values_mut() {
        partitions.sort_unstable();
    }
    compare(case.id, &expected, &got)
}

/// The names of a case, each kind in Kafka's order: an id is a place in its list, so that the
/// order of the ids is the order of the names.
struct Names {
    topics: Vec<String>,
    members: Vec<String>,
    instances: Vec<String>,
    racks: Vec<String>,
}

impl Names {
    fn of(case: &Case) -> Self {
        let of_replicas = case
            .topics
            .iter()
            .flat_map(|topic| topic.racks.iter().flatten().flatten().flatten());
        Self {
            topics: sorted(case.topics.iter().map(|topic| &topic.name)),
            members: sorted(case.members.iter().map(|member| &member.id)),
            instances: sorted(case.members.iter().flat_map(|m| &m.group_instance_id)),
            racks: sorted(case.members.iter().flat_map(|m| &m.rack).chain(of_replicas)),
        }
    }

    fn topics(&self, case: &Case) -> Vec<TopicMetadata> {
        let rack = |name: &Option<String>| Some(RackId(place(&self.racks, name.as_ref()?)?));
        case.topics
            .iter()
            .filter_map(|topic| {
                let mut known = TopicMetadata::new(
                    TopicId(place(&self.topics, &topic.name)?),
                    topic.partitions?,
                );
                known.racks = topic
                    .racks
                    .iter()
                    .flatten()
                    .map(|replicas| replicas.iter().filter_map(rack).collect())
                    .collect();
                Some(known)
            })
            .collect()
    }

    /// A subscribed topic that is not listed has no metadata and is left out.
    fn members(&self, case: &Case) -> Vec<MemberSubscription> {
        let member = |member: &Member| {
            let instance = member.group_instance_id.as_ref();
            let rack = member.rack.as_ref().filter(|rack| !rack.is_empty());
            Some(MemberSubscription {
                member: MemberId {
                    actor: ActorId(place(&self.members, &member.id)?),
                    incarnation: 0,
                },
                group_instance_id: instance
                    .and_then(|name| place(&self.instances, name))
                    .map(InstanceId),
                rack: rack.and_then(|name| place(&self.racks, name)).map(RackId),
                topics: member
                    .topics
                    .iter()
                    .filter_map(|name| place(&self.topics, name))
                    .map(TopicId)
                    .collect(),
            })
        };
        case.members.iter().filter_map(member).collect()
    }

    /// Partitions with the topic's name, sorted as the file has them.
    fn written(&self, partitions: Vec<TopicPartition>) -> Vec<(String, u16)> {
        let mut written: Vec<_> = partitions
            .into_iter()
            .filter_map(|tp| Some((self.topics.get(tp.topic.index())?.clone(), tp.partition.0)))
            .collect();
        written.sort_unstable();
        written
    }
}

/// Java compares strings by their UTF-16 units.
fn sorted<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut names: Vec<String> = names.cloned().collect();
    names.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
    names.dedup();
    names
}

fn place(names: &[String], name: &str) -> Option<u16> {
    let place = names.iter().position(|known| known == name)?;
    u16::try_from(place).ok()
}
