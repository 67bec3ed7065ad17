//! The counts that the page shows, against a count of the events.

use std::collections::BTreeMap;

use broker_lab_core::trace::{DeliveryWhat, Event, ShareWhat, What};
use broker_lab_core::world::{KafkaWorld, LaneWorld, SqsWorld};
use broker_lab_core::{GroupId, LaneCast, LaneId, MessageId, QueueId, SimTime};
use proptest::prelude::*;

use crate::strategy::{cases, shapes, with_run};

/// How many of `events` are counted.
fn count(events: &[Event], counted: impl Fn(What) -> bool) -> u32 {
    let counted = events.iter().filter(|event| counted(event.what));
    u32::try_from(counted.count()).expect("few events")
}

/// How many different things `events` name, and how many times one is named again.
fn distinct<T: Ord>(events: &[Event], named: impl Fn(What) -> Option<T>) -> (u32, u32) {
    let mut times = BTreeMap::new();
    for thing in events.iter().filter_map(|event| named(event.what)) {
        *times.entry(thing).or_insert(0) += 1;
    }
    let all: u32 = times.values().sum();
    let once = u32::try_from(times.len()).expect("few things");
    (once, all - once)
}

/// How many messages were received, and how many times one was received again. What a move task
/// has moved is a new message.
fn receives(events: &[Event]) -> (u32, u32) {
    let mut received = std::collections::BTreeSet::new();
    let (mut once, mut again) = (0, 0);
    for event in events {
        match event.what {
            What::Moved { message, copy, .. } => {
                received.remove(&(message, copy));
            }
            What::Received { message, copy, .. } if received.insert((message, copy)) => once += 1,
            What::Received { .. } => again += 1,
            _ => {}
        }
    }
    (once, again)
}

/// The messages whose work was finished, each with the queue that its copy came by.
fn finished(events: &[Event]) -> impl Fn(What) -> Option<(MessageId, QueueId)> {
    let mut origins = BTreeMap::new();
    for event in events {
        if let What::Enqueued {
            queue,
            message,
            copy,
        }
        | What::Delayed {
            queue,
            message,
            copy,
            ..
        } = event.what
        {
            origins.insert((message, copy), queue);
        }
        if let What::Delivery {
            what:
                DeliveryWhat::DeadLettered {
                    queue,
                    message,
                    copy,
                    ..
                },
        } = event.what
        {
            origins.insert((message, copy), queue);
        }
    }
    move |what| match what {
        What::WorkFinished { message, copy, .. } => Some((message, origins[&(message, copy)])),
        _ => None,
    }
}

fn queue_lane(world: &SqsWorld, events: &[Event]) -> Result<(), TestCaseError> {
    let finished = finished(events);
    let (processed, again) = distinct(events, finished);
    let (once, redelivered) = receives(events);
    prop_assert_eq!(
        world.sent,
        count(events, |w| matches!(w, What::Sent { .. }))
    );
    prop_assert_eq!(
        world.deleted,
        count(events, |w| matches!(w, What::Deleted { .. }))
    );
    prop_assert_eq!((world.processed, world.processed_again), (processed, again));
    prop_assert_eq!(
        (world.received_once, world.deliveries),
        (once, once + redelivered)
    );
    for (n, queue) in (0..).zip(&world.queues) {
        let (visible, in_flight, delayed) = places(events, n);
        prop_assert_eq!(
            (queue.visible, queue.in_flight, queue.delayed),
            (visible, in_flight, delayed),
            "queue {}",
            n
        );
    }
    Ok(())
}

/// How many messages are visible, in flight and delayed in queue `number`: by their last event.
fn places(events: &[Event], number: u16) -> (u32, u32, u32) {
    let mut last = BTreeMap::new();
    for event in events {
        let (message, copy, queue, place) = match event.what {
            What::Enqueued {
                queue,
                message,
                copy,
            }
            | What::BecameVisible {
                queue,
                message,
                copy,
            } => (message, copy, queue, 0),
            What::DeadLettered {
                to, message, copy, ..
            } => (message, copy, to, 0),
            What::Moved {
                to,
                message,
                copy,
                delay,
                ..
            } => (message, copy, to, if delay.0 > 0 { 2 } else { 0 }),
            What::Delivery {
                what:
                    DeliveryWhat::DeadLettered {
                        to,
                        message,
                        copy,
                        delay,
                        ..
                    },
            } => (message, copy, to, if delay.0 > 0 { 2 } else { 0 }),
            What::Redelivered {
                queue,
                message,
                copy,
            } => (message, copy, queue, 0),
            What::Received {
                queue,
                message,
                copy,
                ..
            } => (message, copy, queue, 1),
            What::Delayed {
                queue,
                message,
                copy,
                ..
            }
            | What::DelayChanged {
                queue,
                message,
                copy,
                ..
            } => (message, copy, queue, 2),
            What::Deleted {
                queue,
                message,
                copy,
                ..
            }
            | What::Expired {
                queue,
                message,
                copy,
            }
            | What::Purged {
                queue,
                message,
                copy,
            } => (message, copy, queue, 3),
            _ => continue,
        };
        last.insert((message, copy), (queue.0, place));
    }
    let count = |place| {
        let there = last.values().filter(|at| **at == (number, place));
        u32::try_from(there.count()).expect("few messages")
    };
    (count(0), count(1), count(2))
}

fn log_lane(world: &KafkaWorld, cast: &LaneCast, events: &[Event]) -> Result<(), TestCaseError> {
    prop_assert_eq!(
        world.sent,
        count(events, |w| matches!(w, What::Sent { .. }))
    );
    let appended = count(events, |w| matches!(w, What::Appended { .. }));
    let records: usize = world.partitions.iter().map(|p| p.log.len()).sum();
    prop_assert_eq!(records, appended as usize);
    prop_assert_eq!(world.on_the_way.len(), (world.sent - appended) as usize);
    let (mut delivered, mut delivered_again) = (0, 0);
    for (n, group) in (0_u16..).zip(&world.groups) {
        let is_ours = |actor| cast.group_of(actor) == Some(GroupId(n));
        let polled: Vec<_> = events
            .iter()
            .filter_map(|event| match event.what {
                What::Polled {
                    actor,
                    partition,
                    from,
                    to,
                } if is_ours(actor) => Some((partition, from.0..to.0)),
                What::Share {
                    what:
                        ShareWhat::Acquired {
                            actor,
                            partition,
                            offset,
                            ..
                        },
                } if is_ours(actor) => Some((partition, offset.0..offset.0 + 1)),
                _ => None,
            })
            .flat_map(|(partition, offsets)| offsets.map(move |offset| (partition, offset)))
            .collect();
        let mut different = polled.clone();
        different.sort_unstable();
        different.dedup();
        delivered += polled.len();
        delivered_again += polled.len() - different.len();
        prop_assert_eq!(group.deliveries as usize, polled.len());
        let finished = distinct(events, |what| match what {
            What::WorkFinished { actor, message, .. } if is_ours(actor) => Some(message),
            _ => None,
        });
        prop_assert_eq!((group.processed, group.processed_again), finished);
        for partition in cast.topic_partitions() {
            let committed = events.iter().rev().find_map(|event| match event.what {
                What::Committed {
                    actor,
                    partition: of,
                    offset,
                } if is_ours(actor) && of == partition => Some(offset),
                What::OffsetReset {
                    group,
                    partition: of,
                    offset,
                } if group == GroupId(n) && of == partition => Some(offset),
                _ => None,
            });
            let reading = group.reading[world.flat_index(partition)];
            prop_assert_eq!(reading.committed.now, committed, "{}", partition);
        }
    }
    for (n, group) in (cast.first_share_group..).zip(&world.share_groups) {
        let (states, lag) = shared(events, cast, GroupId(n));
        let counts = [
            group.available_again,
            group.acquired,
            group.acknowledged,
            group.archived,
        ];
        prop_assert_eq!(counts, states, "share group {}", n);
        prop_assert_eq!(world.lag(GroupId(n)), lag, "share group {}", n);
    }
    let counted = (world.deliveries as usize, world.delivered_again as usize);
    prop_assert_eq!(counted, (delivered, delivered_again));
    Ok(())
}

/// How many records of a share group are available again, acquired, acknowledged and archived, by
/// their last event; and how many of those that are for it are neither of the last two.
fn shared(events: &[Event], cast: &LaneCast, group: GroupId) -> ([u32; 4], u64) {
    let mut last = BTreeMap::new();
    let mut begun = BTreeMap::new();
    let mut appended = BTreeMap::new();
    for event in events {
        let What::Share { what } = event.what else {
            if let What::Appended { partition, .. } = event.what {
                *appended.entry(partition).or_insert(0) += 1;
            }
            continue;
        };
        let (actor, place, state) = match what {
            ShareWhat::PartitionStarted {
                group: its,
                partition,
                offset,
                ..
            } => {
                if its == group {
                    begun.insert(partition, u64::from(offset.0));
                }
                continue;
            }
            ShareWhat::Released {
                actor,
                partition,
                offset,
                ..
            } => (actor, (partition, offset), 0),
            ShareWhat::Acquired {
                actor,
                partition,
                offset,
                ..
            } => (actor, (partition, offset), 1),
            ShareWhat::Acknowledged {
                actor,
                partition,
                offset,
            } => (actor, (partition, offset), 2),
            ShareWhat::Archived {
                actor,
                partition,
                offset,
                ..
            } => (actor, (partition, offset), 3),
            _ => continue,
        };
        if cast.group_of(actor) == Some(group) {
            last.insert(place, state);
        }
    }
    let counts = [0, 1, 2, 3].map(|state| {
        let there = last.values().filter(|its| **its == state);
        u32::try_from(there.count()).expect("few records")
    });
    let all = begun.iter().map(|(partition, start)| {
        let end = appended.get(partition).copied().unwrap_or(0);
        end - start
    });
    let lag = all.sum::<u64>() - u64::from(counts[2] + counts[3]);
    (counts, lag)
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn a_world_counts_what_the_trace_tells(shape in shapes(), part in 0..=100_u64) {
        with_run(shape.scenario(), |run, seen| {
            let at = SimTime::from_micros(run.simulated_until().as_micros() / 100 * part);
            let world = run.world_at(at);
            for (n, (lane, cast)) in (0..).zip(world.lanes.iter().zip(&seen.cast.lanes)) {
                let until = |event: &&Event| event.lane == LaneId(n) && event.at <= at;
                let events: Vec<Event> = seen.trace.iter().filter(until).copied().collect();
                match lane {
                    LaneWorld::Sqs(queues) => queue_lane(queues, &events)?,
                    LaneWorld::Kafka(logs) => log_lane(logs, cast, &events)?,
                }
            }
            Ok::<(), TestCaseError>(())
        })?;
    }
}
