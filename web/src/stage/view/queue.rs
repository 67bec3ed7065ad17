//! What the boxes of a queue lane say.

use broker_lab_core::world::{ActorWorld, QueueWorld, SqsWorld};
use broker_lab_core::{ActorId, MessageId, QueueId, SimTime};

use super::{Glance, LaneView, Moving, Proof, QueueRowView, QueueView, Status, card};
use crate::stage::layout::{QueueLayout, RowKind, RowState};
use crate::stage::queue_rows::{self, Standing};
use crate::stage::words::{seconds, thousands};

/// Invocations of functions that are shown although they have never run.
const FEW: usize = 8;
/// Messages looked through for what the rows say.
const LOOKED_THROUGH: usize = 10_000;

impl LaneView {
    pub(super) fn of_queue(&mut self, body: &QueueLayout, world: &SqsWorld, glance: Glance<'_>) {
        let again = world.deliveries.saturating_sub(world.received_once);
        self.proof = Proof {
            before: format!("{} sent · ", thousands(world.sent)),
            key: match again {
                0 => format!(
                    "{} handed out, each to one {}{}",
                    thousands(world.deliveries),
                    if glance.cast.first_function == 0 {
                        "invocation"
                    } else {
                        "worker"
                    },
                    if body.topic.is_some() {
                        " of each queue"
                    } else {
                        ""
                    }
                ),
                _ => format!(
                    "{} handed out, {} of them again",
                    thousands(world.deliveries),
                    thousands(again)
                ),
            },
            after: format!(
                " · {} done, {} deleted{}",
                thousands(world.processed),
                thousands(world.deleted),
                again_done(world.processed_again)
            ),
        };
        let (queues, _) = queue_rows::rows(body, (world, glance.trace), LOOKED_THROUGH);
        let ids = (0_u16..).map(QueueId);
        self.queues = ids
            .zip(world.queues.iter().zip(&queues))
            .map(|(id, (queue, rows))| {
                let found = body.queue(id);
                let kinds = found.into_iter().flat_map(|found| &found.rows);
                let rows = kinds
                    .zip(rows)
                    .map(|(row, messages)| row_view(row.kind, messages, (id, world, glance.now)));
                queue_view((id, queue), rows.collect(), world)
            })
            .collect();
        self.cards = body
            .cards
            .iter()
            .filter_map(|found| {
                let actor = world.actors.get(found.actor.index())?;
                let is_function = glance.cast.is_invocation(found.actor);
                let words = if is_function {
                    "not invoked"
                } else {
                    "waiting for work"
                };
                let waiting = lingers(found.actor, actor, world)
                    .unwrap_or_else(|| (String::from(words), Status::Waiting));
                let mut card = card(found.actor, actor, waiting, glance.now);
                // Where Lambda may run a few at a time, their places are shown before they run.
                if is_function && card.status == Status::Absent && body.cards.len() <= FEW {
                    (card.line, card.status) = (String::from(words), Status::Idle);
                }
                Some(card)
            })
            .collect();
    }
}

/// What a worker says that has done a message and not deleted it.
fn lingers(id: ActorId, actor: &ActorWorld, world: &SqsWorld) -> Option<(String, Status)> {
    let (message, _) = actor.finished?;
    let is_done = world.has_done(id, message);
    is_done.then(|| (format!("done with {message}, not deleted"), Status::Waiting))
}

fn queue_view(
    (id, queue): (QueueId, &QueueWorld),
    rows: Vec<QueueRowView>,
    world: &SqsWorld,
) -> QueueView {
    QueueView {
        visible: queue.visible,
        in_flight: queue.in_flight,
        delayed: queue.delayed,
        visibility_timeout: queue.visibility_timeout,
        max_receives: queue.redrive_policy.map(|(_, count)| count),
        past_receives: past_receives(world, id),
        rows,
        moving: moving(queue),
        gone: gone(queue),
    }
}

/// What a row says, of what stands in it and of the counts of its queue.
fn row_view(
    kind: RowKind,
    messages: &[Standing],
    (id, world, now): (QueueId, &SqsWorld, SimTime),
) -> QueueRowView {
    let counts = world.queues.get(id.index());
    let visible = counts.map_or(0, |queue| queue.visible);
    let first = messages
        .iter()
        .map(|m| (m.message.hidden_until, m.id))
        .min();
    let mut view = QueueRowView::default();
    match kind {
        RowKind::Visible => {
            view.words = thousands(visible);
            view.empty = "empty";
        }
        RowKind::Tenant(key) => {
            view.words = thousands(u32::try_from(messages.len()).unwrap_or(u32::MAX));
            if key.is_some_and(|key| world.noisy.contains(&(id, key))) {
                view.state = "noisy";
            }
        }
        RowKind::InFlight | RowKind::Delayed => {
            view.empty = "none";
            if let Some((until, message)) = first {
                let left = seconds(until.since(now));
                view.words = if kind == RowKind::Delayed {
                    format!("{message} in {left}")
                } else {
                    format!("{message} back in {left}")
                };
            }
        }
        RowKind::Group(_) => {
            let waiting = messages.iter().filter(|m| m.state == RowState::Visible);
            let behind: Vec<MessageId> = waiting.filter_map(|m| m.behind).collect();
            let hidden = messages.iter().find(|m| m.state != RowState::Visible);
            if let Some(first) = behind.first() {
                view.state = "blocked";
                let verb = if behind.len() == 1 { "waits" } else { "wait" };
                view.words = format!("{} {verb} for {first}", behind.len());
            } else if let Some(hidden) = hidden {
                let until = hidden.message.hidden_until;
                view.words = format!("{} for {}", hidden.id, seconds(until.since(now)));
            }
        }
        RowKind::Dead => {}
    }
    view
}

fn past_receives(world: &SqsWorld, dead_letters: QueueId) -> Option<u32> {
    let policies = world.queues.iter().filter_map(|queue| queue.redrive_policy);
    let mine = policies.filter(|(target, _)| *target == dead_letters);
    mine.map(|(_, count)| count).min()
}

fn moving(queue: &QueueWorld) -> Moving {
    match queue.move_task {
        Some(task) if task.end.is_none() => {
            Moving::Yes(format!("moving back, {} so far", thousands(task.moved)))
        }
        _ => Moving::No,
    }
}

fn gone(queue: &QueueWorld) -> String {
    let its = queue.deliveries;
    let mut parts = Vec::new();
    let counts = [
        (queue.expired, "expired"),
        (its.given_up, "not delivered"),
        (its.retrying, "tried again by SNS"),
        (queue.throttled, "calls throttled"),
    ];
    for (count, what) in counts {
        if count > 0 {
            parts.push(format!("{} {what}", thousands(count)));
        }
    }
    if its.is_denied {
        parts.push(String::from("denies SNS"));
    }
    if its.unreachable_until.is_some() {
        parts.push(String::from("not reached by SNS"));
    }
    parts.join(" · ")
}

/// Said only if there is something to say.
fn again_done(again: u32) -> String {
    if again == 0 {
        String::new()
    } else {
        format!(", {} processed again", thousands(again))
    }
}
