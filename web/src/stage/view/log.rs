//! What the boxes of a log lane say.

use broker_lab_core::world::{
    ActorWorld, GroupPhase, GroupWorld, KafkaWorld, LaneWorld, ReplicasWorld,
};
use broker_lab_core::{ActorId, GroupId, LaneCast, Offset, TopicPartition};

use super::{
    Cursor, CursorKind, Glance, GroupView, LaneView, Proof, Rebalancing, RowView, Status, card,
    rebalance, share,
};
use crate::stage::layout::{LogLayout, PartitionRow};
use crate::stage::words::thousands;

/// Half the distance between the triangles of two groups at the same offset.
const BESIDE: f32 = 5.0;

impl LaneView {
    pub(super) fn of_log(&mut self, body: &LogLayout, world: &KafkaWorld, glance: Glance<'_>) {
        let groups = world.groups.len();
        let again: u32 = world.groups.iter().map(|group| group.processed_again).sum();
        self.proof = Proof {
            before: format!("{} sent · ", thousands(world.sent)),
            key: match (groups, world.delivered_again) {
                (1, 0) if !world.share_groups.is_empty() => format!(
                    "{} handed out, each to one member",
                    thousands(world.deliveries)
                ),
                (1, 0) => format!("{} handed out to one group", thousands(world.deliveries)),
                (_, 0) => format!(
                    "{} handed out, one copy to each group",
                    thousands(world.deliveries)
                ),
                (_, again) => format!(
                    "{} handed out, {} of them again",
                    thousands(world.deliveries),
                    thousands(again)
                ),
            },
            after: match again {
                0 => String::from(" · nothing deleted"),
                _ => format!(" · nothing deleted, {} processed again", thousands(again)),
            },
        };
        let topics = body.topics.iter().map(|topic| topic.topic);
        self.partitions = topics.map(|topic| world.partition_count(topic)).collect();
        for row in body.topics.iter().flat_map(|topic| &topic.rows) {
            self.row(row, world, glance.cast);
        }
        self.groups = (0..)
            .map(GroupId)
            .zip(&world.groups)
            .map(|(id, group)| GroupView {
                group: id,
                note: match world.share_group(id) {
                    Some(share) => share::note(share),
                    None => rebalance::note((id, group), world, glance),
                },
                lag: world.lag(id),
                rebalancing: match group.phase {
                    GroupPhase::Rebalancing { .. } => Rebalancing::Yes,
                    GroupPhase::Empty | GroupPhase::Stable => Rebalancing::No,
                },
            })
            .collect();
        for found in &body.groups {
            for place in &found.cards {
                let group = world.groups.get(found.group.index());
                let actor = world.actors.get(place.actor.index());
                if let (Some(share), Some(actor)) = (world.share_group(found.group), actor) {
                    self.cards
                        .push(share::card_view((place.actor, actor), share, glance));
                } else if let (Some(group), Some(actor)) = (group, actor) {
                    let owned = owned(place.actor, group, glance.cast);
                    let named = (found.group, group);
                    let stalled = rebalance::standing(place.actor, named, (world, &owned));
                    let waiting = stalled.unwrap_or_else(|| waiting(actor, group, &owned));
                    let mut view = card(place.actor, actor, waiting, glance.now);
                    if actor.is_running() && actor.task.is_some() {
                        view.line = owned_line(&owned);
                    }
                    self.cards.push(view);
                }
            }
        }
    }

    fn row(&mut self, row: &PartitionRow, world: &KafkaWorld, cast: &LaneCast) {
        let index = world.flat_index(row.partition);
        let len = world
            .partitions
            .get(index)
            .map_or(0, |partition| partition.log.len());
        let first = row.first_shown(len);
        let replicas = world.partitions.get(index).map(|its| &its.replicas);
        self.rows.push(RowView {
            first,
            columns: row.columns,
            len,
            flow: rebalance::flow(index, world, cast),
            leader: replicas.and_then(|replicas| replicas.leader.now),
            out_of_sync: replicas.map(out_of_sync).unwrap_or_default(),
        });
        let groups = world.groups.len();
        for (n, group) in world.groups.iter().enumerate() {
            let id = GroupId(u16::try_from(n).unwrap_or(u16::MAX));
            let beside = (n as f32 - (groups as f32 - 1.0) / 2.0) * 2.0 * BESIDE;
            let both = match world.share_group(id) {
                Some(share) => share::cursors(share, index),
                None => cursors(group, index),
            };
            for (kind, offset) in both {
                let Some(offset) = offset else { continue };
                let column = (offset.index() as f32 - first as f32).max(0.0);
                let edge = row.cells.x + column * row.cell_width() + beside;
                self.cursors.push(Cursor {
                    group: id,
                    kind,
                    partition: index,
                    offset: offset.0,
                    x: edge.clamp(row.cells.x, row.cells.right()),
                    y: row.cells.bottom() + 2.0,
                });
            }
        }
    }
}

/// How many replicas are in sync, where some are not.
fn out_of_sync(replicas: &ReplicasWorld) -> String {
    let (isr, all) = (replicas.isr.len(), replicas.all.len());
    if isr == all {
        return String::new();
    }
    format!("ISR {isr}/{all}")
}

/// Where a consumer group stands in a partition: the committed offset, and the position where
/// that is another one.
fn cursors(group: &GroupWorld, index: usize) -> [(CursorKind, Option<Offset>); 2] {
    let reading = group.reading.get(index);
    let committed = reading.and_then(|reading| reading.committed.now);
    let position = reading.and_then(|reading| reading.position.now);
    let position = position.filter(|position| Some(*position) != committed);
    [
        (CursorKind::Committed, committed),
        (CursorKind::Position, position),
    ]
}

/// What a consumer does that has no record in hand.
fn waiting(actor: &ActorWorld, group: &GroupWorld, owned: &[String]) -> (String, Status) {
    match group.phase {
        _ if !actor.is_running() => (String::new(), Status::Waiting),
        GroupPhase::Stable if owned.is_empty() => {
            (String::from("idle: no partition"), Status::Idle)
        }
        _ if owned.is_empty() => (String::from("joins"), Status::Stalled),
        _ => (format!("{} · waiting", owned.join(" ")), Status::Waiting),
    }
}

fn owned_line(owned: &[String]) -> String {
    if owned.is_empty() {
        // It finishes what it has in hand, although the partition is no longer its own.
        String::from("works, owns none")
    } else {
        owned.join(" ")
    }
}

/// The partitions of a consumer, by name.
pub(in crate::stage) fn owned_by(id: ActorId, glance: Glance<'_>) -> Vec<String> {
    let LaneWorld::Kafka(world) = glance.world else {
        return Vec::new();
    };
    let group = glance.cast.group_of(id);
    let group = group.and_then(|group| world.groups.get(group.index()));
    group.map_or_else(Vec::new, |group| owned(id, group, glance.cast))
}

fn owned(id: ActorId, group: &GroupWorld, cast: &LaneCast) -> Vec<String> {
    cast.topic_partitions()
        .zip(&group.reading)
        .filter(|(_, reading)| reading.owner.now == Some(id))
        .map(|(partition, _): (TopicPartition, _)| cast.partition(partition).to_string())
        .collect()
}
