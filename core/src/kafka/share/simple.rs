//! The simple assignor of share groups. `SimpleAssignor`.

use litemap::LiteMap;

use crate::ids::{TopicId, TopicPartition};

/// The target of each member, given the number of partitions of each topic that can be assigned,
/// and per member what it subscribes to and its target so far.
pub(super) fn assign(
    topics: &LiteMap<TopicId, u16>,
    members: &[(&[TopicId], &[TopicPartition])],
) -> Vec<Vec<TopicPartition>> {
    let all = topics.iter().flat_map(|(topic, count)| {
        (0..*count).map(|partition| TopicPartition::new(topic.0, partition))
    });
    let all: Vec<TopicPartition> = all
        .filter(|partition| members.iter().any(|m| m.0.contains(&partition.topic)))
        .collect();
    if all.is_empty() {
        return vec![Vec::new(); members.len()];
    }
    let sharing = members.len().div_ceil(all.len());
    let desired = |k: usize| {
        let up_to = |k: usize| (sharing * all.len() * k).div_ceil(members.len());
        up_to(k + 1) - up_to(k)
    };
    let mut holders: LiteMap<TopicPartition, usize> = LiteMap::new();
    let mut targets = Vec::new();
    for (k, (topics, before)) in members.iter().enumerate() {
        let mut kept: Vec<TopicPartition> = before
            .iter()
            .copied()
            .filter(|partition| topics.contains(&partition.topic) && all.contains(partition))
            .collect();
        let surplus = kept.len().saturating_sub(desired(k));
        kept.drain(..surplus);
        kept.retain(|partition| {
            let count = holders.entry(*partition).or_default();
            *count += 1;
            *count <= sharing
        });
        targets.push(kept);
    }
    for partition in &all {
        for (k, (topics, _)) in members.iter().enumerate() {
            let held = targets.iter().filter(|t| t.contains(partition)).count();
            if held >= sharing {
                break;
            }
            if let Some(target) = targets.get_mut(k)
                && target.len() < desired(k)
                && topics.contains(&partition.topic)
                && !target.contains(partition)
            {
                target.push(*partition);
            }
        }
    }
    for target in &mut targets {
        target.sort_unstable();
    }
    targets
}
