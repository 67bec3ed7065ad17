//! Runs of random clusters, and what is read from them.

use std::collections::BTreeMap;

use broker_lab_core::trace::{ClusterWhat, ProducerWhat, What};
use broker_lab_core::world::{KafkaWorld, LaneWorld, World};
use broker_lab_core::{MessageId, Run};

/// The log lane of a world.
pub(crate) fn log(world: &World) -> &KafkaWorld {
    let kafka = world.lanes.iter().find_map(|lane| match lane {
        LaneWorld::Kafka(kafka) => Some(kafka),
        LaneWorld::Sqs(_) => None,
    });
    kafka.expect("a log lane")
}

/// Folds a run event by event; `see` looks at the world after each.
pub(crate) fn fold(run: &Run, mut see: impl FnMut(&KafkaWorld, What)) {
    let mut world = World::new(run.cast());
    for event in run.trace().iter() {
        world.fold(event);
        see(log(&world), event.what);
    }
}

/// What happened among brokers and to producers, as lines.
pub(crate) fn told(run: &Run) -> Vec<String> {
    let events = run.trace().iter();
    let ours =
        events.filter(|event| matches!(event.what, What::Cluster { .. } | What::Producer { .. }));
    ours.map(ToString::to_string).collect()
}

/// How often each message stands in the logs that can be read at the end, up to their end.
pub(crate) fn standing(run: &Run) -> BTreeMap<MessageId, u32> {
    let world = run.world_at(run.simulated_until());
    let mut times = BTreeMap::new();
    for partition in &log(&world).partitions {
        for record in partition.log.iter() {
            *times.entry(record.message).or_insert(0) += 1;
        }
    }
    times
}

/// Whether something was cut off after an unclean election, or by a leader that lost its place.
pub(crate) fn has_cut_off(run: &Run) -> bool {
    let mut events = run.trace().iter();
    events.any(|event| {
        matches!(
            event.what,
            What::Cluster {
                what: ClusterWhat::CutOff { .. }
            }
        )
    })
}

/// The messages that were acknowledged.
pub(crate) fn acknowledged(run: &Run) -> Vec<MessageId> {
    let events = run.trace().iter();
    let heard = events.filter_map(|event| match event.what {
        What::Producer {
            what: ProducerWhat::Acknowledged { message, .. },
        } => Some(message),
        _ => None,
    });
    heard.collect()
}
