//! What the boxes of a queue lane say.

use broker_lab_core::world::{Place, SqsWorld};
use broker_lab_core::{MessageId, SimTime};

use super::{Glance, LaneView, Proof, QueueView, Status, card};
use crate::stage::layout::QueueLayout;
use crate::stage::words::{seconds, thousands};

/// Messages looked through for the next one to come back.
const LOOKED_THROUGH: usize = 10_000;

impl LaneView {
    pub(super) fn of_queue(&mut self, body: &QueueLayout, world: &SqsWorld, glance: Glance<'_>) {
        let again = world.deliveries.saturating_sub(world.received_once);
        self.proof = Proof {
            before: format!("{} sent · ", thousands(world.sent)),
            key: match again {
                0 => format!(
                    "{} handed out, each to one worker",
                    thousands(world.deliveries)
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
        self.queues = world
            .queues
            .iter()
            .map(|queue| QueueView {
                visible: queue.visible,
                in_flight: queue.in_flight,
                note: String::new(),
            })
            .collect();
        self.note_returns(world, glance);
        self.cards = body
            .cards
            .iter()
            .filter_map(|found| {
                let actor = world.actors.get(found.actor.index())?;
                let waiting = (String::from("waiting for work"), Status::Waiting);
                Some(card(found.actor, actor, waiting, glance.now))
            })
            .collect();
    }

    /// The hidden message of each queue that comes back first.
    fn note_returns(&mut self, world: &SqsWorld, glance: Glance<'_>) {
        let mut next: Vec<Option<(SimTime, MessageId)>> = vec![None; self.queues.len()];
        for (id, _, message) in world.unsettled().take(LOOKED_THROUGH) {
            let Place::InFlight(queue) = message.place.now else {
                continue;
            };
            if let Some(next) = next.get_mut(queue.index()) {
                let this = (message.hidden_until, id);
                *next = Some(next.map_or(this, |first| first.min(this)));
            }
        }
        for (queue, next) in self.queues.iter_mut().zip(next) {
            if let Some((until, id)) = next {
                queue.note = format!("{id} returns in {}", seconds(until.since(glance.now)));
            }
        }
    }
}

/// Said only if there is something to say.
fn again_done(again: u32) -> String {
    if again == 0 {
        String::new()
    } else {
        format!(", {} processed again", thousands(again))
    }
}
