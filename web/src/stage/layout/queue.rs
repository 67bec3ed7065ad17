//! A queue lane: queues, workers, dead-letter queues.

use broker_lab_core::scenario::SqsLane;
use broker_lab_core::{ActorId, LaneCast, QueueId};

use super::{CARDS_SHOWN, Card, CardSize, Rect, card_grid};

/// Where the parts of a queue lane stand.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueLayout {
    /// The box around all queues that are worked from.
    pub broker: Rect,
    pub queues: Vec<QueueBox>,
    pub cards: Vec<Card>,
    /// Workers that are counted and not drawn.
    pub uncounted: usize,
    /// The dead-letter queues.
    pub aside: Vec<QueueBox>,
    workers_height: f32,
    aside_height: f32,
}

/// One queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QueueBox {
    pub queue: QueueId,
    pub head: Rect,
    /// Where the messages that can be received stand.
    pub visible: Rect,
    /// Where the hidden ones stand; a dead-letter queue has no such row.
    pub in_flight: Rect,
    /// maxReceiveCount of its redrive policy.
    pub max_receives: Option<u32>,
}

/// Room left of a row for its name.
const LABEL: f32 = 70.0;
const PAD: f32 = 14.0;
const HEAD: f32 = 24.0;
const ROW: f32 = 48.0;
const ROW_GAP: f32 = 10.0;
/// Room under the hidden marks for the dots that count their receives: their rings fill a row.
const DOTS: f32 = 7.0;
/// Height of a queue with its head.
const ONE: f32 = PAD + HEAD + 2.0 * ROW + DOTS + 2.0 * ROW_GAP;
const WORKERS: CardSize = CardSize {
    least_width: 128.0,
    height: 82.0,
    gap: 10.0,
};
const ASIDE: f32 = 48.0;
const ASIDE_HEAD: f32 = 0.42;

impl QueueBox {
    /// Where the hidden marks stand in their row, without the dots under them.
    #[must_use]
    pub fn hidden_marks(&self) -> Rect {
        Rect {
            h: (self.in_flight.h - DOTS).max(0.0),
            ..self.in_flight
        }
    }
}

impl QueueLayout {
    pub(super) fn new(lane: &SqsLane, cast: &LaneCast, width: f32) -> Self {
        let is_dead_letter = |name: &str| {
            lane.queues.iter().any(|queue| {
                queue
                    .redrive_policy
                    .as_ref()
                    .is_some_and(|p| p.dead_letter_target == name)
            }) && !lane.workers.iter().any(|workers| workers.queue == name)
        };
        let mut queues = Vec::new();
        let mut aside = Vec::new();
        for (id, queue) in (0..).map(QueueId).zip(&lane.queues) {
            let max_receives = queue.redrive_policy.as_ref().map(|p| p.max_receive_count);
            if is_dead_letter(&queue.name) {
                let place = aside_box(id, aside.len(), width);
                aside.push(place);
            } else {
                queues.push(QueueBox {
                    max_receives,
                    ..queue_box(id, queues.len(), width)
                });
            }
        }
        let broker = Rect::new(0.0, 0.0, width, queues.len() as f32 * ONE + PAD);
        let actors: Vec<ActorId> = (0..cast.teams.len())
            .filter_map(|team| u16::try_from(team).ok())
            .flat_map(|team| cast.members(team))
            .collect();
        let (cards, workers_height) = card_grid(&actors, Rect::new(0.0, 0.0, width, 0.0), WORKERS);
        let aside_height = (aside.len() as f32 * (ASIDE + 8.0) - 8.0).max(0.0);
        Self {
            broker,
            queues,
            cards,
            uncounted: actors.len().saturating_sub(CARDS_SHOWN),
            aside,
            workers_height,
            aside_height,
        }
    }

    pub(super) fn part_heights(&self) -> Vec<f32> {
        let mut parts = vec![self.broker.h, self.workers_height];
        if self.aside_height > 0.0 {
            parts.push(self.aside_height);
        }
        parts
    }

    pub(super) fn move_to(&mut self, tops: &[f32]) {
        let at = |n: usize| tops.get(n).copied().unwrap_or(0.0);
        self.broker = self.broker.moved_down(at(0));
        for queue in &mut self.queues {
            queue.move_down(at(0));
        }
        for card in &mut self.cards {
            card.frame = card.frame.moved_down(at(1));
            card.hold.y += at(1);
        }
        for queue in &mut self.aside {
            queue.move_down(at(2));
        }
    }

    /// The cards that a wire can reach without crossing others.
    pub(super) fn first_row(&self) -> impl Iterator<Item = Rect> + '_ {
        let top = self.cards.first().map_or(0.0, |card| card.frame.y);
        self.cards
            .iter()
            .map(|card| card.frame)
            .filter(move |frame| frame.y == top)
    }

    /// The box of a queue, wherever it stands.
    #[must_use]
    pub fn queue(&self, queue: QueueId) -> Option<&QueueBox> {
        self.queues
            .iter()
            .chain(&self.aside)
            .find(|found| found.queue == queue)
    }
}

impl QueueBox {
    fn move_down(&mut self, by: f32) {
        self.head = self.head.moved_down(by);
        self.visible = self.visible.moved_down(by);
        self.in_flight = self.in_flight.moved_down(by);
    }
}

fn queue_box(queue: QueueId, n: usize, width: f32) -> QueueBox {
    let top = n as f32 * ONE + PAD;
    let row = |index: f32| {
        let y = top + HEAD + ROW_GAP + index * (ROW + ROW_GAP);
        Rect::new(PAD + LABEL, y, width - 2.0 * PAD - LABEL, ROW)
    };
    QueueBox {
        queue,
        head: Rect::new(PAD, top, width - 2.0 * PAD, HEAD),
        visible: row(0.0),
        in_flight: Rect {
            h: ROW + DOTS,
            ..row(1.0)
        },
        max_receives: None,
    }
}

fn aside_box(queue: QueueId, n: usize, width: f32) -> QueueBox {
    let top = n as f32 * (ASIDE + 8.0);
    let head = Rect::new(0.0, top, width * ASIDE_HEAD, ASIDE);
    QueueBox {
        queue,
        head,
        visible: Rect::new(head.right(), top, width - head.w, ASIDE),
        in_flight: Rect::new(head.right(), top, width - head.w, ASIDE),
        max_receives: None,
    }
}
