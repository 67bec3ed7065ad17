//! Who gets which partition.

use std::collections::BTreeMap;

use broker_lab_core::kafka::assignor::java_hash::{HashOrder, hash_of_text};
use broker_lab_core::kafka::assignor::{
    Assignor, InstanceId, MemberSubscription, RackId, ServerAssignor, ShareAssignor, TopicMetadata,
    Uuid,
};
use broker_lab_core::kafka::group::MemberId;
use broker_lab_core::{ActorId, Generation, PartitionId, TopicId, TopicPartition};
use serde::Deserialize;

use super::{CaseResult, compare, skip};

/// Topics, members, and what each member gets.
#[derive(Deserialize)]
pub(super) struct Case {
    id: String,
    assignor: String,
    topics: Vec<Topic>,
    members: Vec<Member>,
    /// The order of the members in Java's hash map.
    member_order: Vec<String>,
    /// The order of the subscribed topics in Java's hash set of their ids; only for the server's.
    #[serde(default)]
    topic_order: Vec<String>,
    /// The partitions that a share group can have; none: all.
    assignable: Option<Vec<(String, u16)>>,
    expected: Assignment,
}

#[derive(Deserialize)]
struct Topic {
    name: String,
    /// The topic's id in the cluster, as Kafka prints it; only for the server's assignors.
    id: Option<String>,
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
    #[serde(default, alias = "previous_target")]
    owned: Vec<(String, u16)>,
    /// Below zero: none. So in the next field too.
    generation: Option<i32>,
    /// Only where it differs.
    user_data_generation: Option<i32>,
}

type Assignment = BTreeMap<String, Vec<(String, u16)>>;

pub(super) fn run_classic(case: Case) -> CaseResult {
    let mut known = Assignor::ALL.into_iter();
    match known.find(|known| known.name() == case.assignor) {
        Some(assignor) => run(case, |topics, members| assignor.assign(topics, members)),
        None => unknown(case),
    }
}

pub(super) fn run_server(case: Case) -> CaseResult {
    let simple = ShareAssignor::default();
    if case.assignor == simple.name() {
        let names = Names::of(&case);
        let listed = case.assignable.as_ref();
        let listed = listed.map(|listed| names.partitions(listed));
        // It meets the topics by name.
        let case = Case {
            topic_order: order_of_names(&case),
            ..case
        };
        return run(case, |topics, members| {
            simple.assign(topics, members, |partition| {
                listed
                    .as_ref()
                    .is_none_or(|listed| listed.contains(&partition))
            })
        });
    }
    let mut known = ServerAssignor::ALL.into_iter();
    match known.find(|known| known.name() == case.assignor) {
        Some(assignor) => run(case, |topics, members| assignor.assign(topics, members)),
        None => unknown(case),
    }
}

fn unknown(case: Case) -> CaseResult {
    let reason = format!("no assignor is called {}", case.assignor);
    skip(case.id, reason)
}

fn run(
    case: Case,
    assign: impl Fn(&[TopicMetadata], &[MemberSubscription]) -> Vec<Vec<TopicPartition>>,
) -> CaseResult {
    let names = Names::of(&case);
    let mut members: Vec<&Member> = case.members.iter().collect();
    members.sort_by_key(|member| case.member_order.iter().position(|id| *id == member.id));
    let got: Assignment = assign(&names.topics(&case), &names.members(&members))
        .into_iter()
        .zip(&members)
        .map(|(partitions, member)| (member.id.clone(), names.written(partitions)))
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
        let members = || case.members.iter();
        let owned = members().flat_map(|member| &member.owned);
        // A topic that is subscribed or owned may not be listed: it has no metadata.
        let topics = (case.topics.iter().map(|topic| &topic.name))
            .chain(members().flat_map(|member| &member.topics))
            .chain(owned.map(|(topic, _)| topic));
        Self {
            topics: sorted(topics),
            members: sorted(members().map(|member| &member.id)),
            instances: sorted(members().flat_map(|m| &m.group_instance_id)),
            racks: sorted(members().flat_map(|m| &m.rack).chain(of_replicas)),
        }
    }

    fn topics(&self, case: &Case) -> Vec<TopicMetadata> {
        let rack = |name: &Option<String>| Some(RackId(place(&self.racks, name.as_ref()?)?));
        let mut topics: Vec<&Topic> = case.topics.iter().collect();
        topics.sort_by_key(|topic| case.topic_order.iter().position(|name| *name == topic.name));
        topics
            .into_iter()
            .filter_map(|topic| {
                let mut known = TopicMetadata::new(
                    TopicId(place(&self.topics, &topic.name)?),
                    topic.partitions?,
                );
                known.name_hash = hash_of_text(&topic.name);
                if let Some(id) = &topic.id {
                    known.id = id_of(id)?;
                }
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

    fn members(&self, members: &[&Member]) -> Vec<MemberSubscription> {
        let members = members.iter();
        members.filter_map(|member| self.member(member)).collect()
    }

    fn member(&self, member: &Member) -> Option<MemberSubscription> {
        let topic = |name| place(&self.topics, name).map(TopicId);
        let instance = member.group_instance_id.as_ref();
        let rack = member.rack.as_ref().filter(|rack| !rack.is_empty());
        let generation = |number: Option<i32>| {
            let number = number.and_then(|number| u32::try_from(number).ok());
            number.map(Generation)
        };
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
                .filter_map(|name| topic(name))
                .collect(),
            owned: self.partitions(&member.owned),
            generation: generation(member.generation),
            user_data_generation: generation(member.user_data_generation.or(member.generation)),
        })
    }

    fn partitions(&self, list: &[(String, u16)]) -> Vec<TopicPartition> {
        let known = list.iter().filter_map(|(name, number)| {
            Some(TopicPartition {
                topic: TopicId(place(&self.topics, name)?),
                partition: PartitionId(*number),
            })
        });
        known.collect()
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

/// An id as Kafka prints it: base64 with two characters of its own, without padding.
pub(super) fn id_of(text: &str) -> Option<Uuid> {
    let digit = |character: u8| {
        Some(match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        })
    };
    let digits: Option<Vec<u8>> = text.bytes().map(digit).collect();
    let digits = digits.filter(|digits| digits.len() == 22)?;
    // 22 digits are 132 bits, of which the last four say nothing.
    let (last, digits) = digits.split_last()?;
    let bits = digits
        .iter()
        .fold(0, |bits: u128, &digit| (bits << 6) | u128::from(digit));
    let bits = (bits << 2) | u128::from(last >> 4);
    Some(Uuid {
        high: (bits >> 64) as u64,
        low: bits as u64,
    })
}

/// The subscribed topics in the order of a hash set of their names.
fn order_of_names(case: &Case) -> Vec<String> {
    let members = case.members.iter();
    let names: Vec<&String> = members.flat_map(|member| &member.topics).collect();
    let mut set = HashOrder::default();
    for name in &names {
        let place = names.iter().position(|first| first == name);
        let number = place.and_then(|place| u32::try_from(place).ok());
        set.put(hash_of_text(name), number.unwrap_or_default());
    }
    let in_order = set.iter().filter_map(|place| names.get(place as usize));
    in_order.map(|name| (*name).clone()).collect()
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
