//! A queue lane: a topic, queues, workers, dead-letter queues. Queues that are worked from stand
//! side by side, each over its own workers, as long as there is room.

use broker_lab_core::scenario::{Queue, SqsLane};
use broker_lab_core::{ActorId, LaneCast, QueueId};

use super::queue_box::{QueueBox, Rows};
use super::{CARDS_SHOWN, Card, CardSize, Point, Rect, Wire, bottom, card_grid, top};

/// Where the parts of a queue lane stand.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueLayout {
    /// The SNS topic, if the producers publish to one.
    pub topic: Option<Rect>,
    /// The boxes around the queues that are worked from, one for each column.
    pub brokers: Vec<Rect>,
    pub queues: Vec<QueueBox>,
    pub cards: Vec<Card>,
    /// The worker sets that can get one more: which, and where the right end of its button is.
    pub adds: Vec<(u16, Point)>,
    /// Workers that are counted and not drawn.
    pub uncounted: usize,
    /// The dead-letter queues.
    pub aside: Vec<QueueBox>,
    /// Whether messages come into the queues of a column from outside.
    fed: Vec<bool>,
    /// The column of each card.
    card_columns: Vec<usize>,
    workers_height: f32,
    aside_height: f32,
}

const PAD: f32 = 14.0;
const COLUMN_GAP: f32 = 12.0;
/// A column is never narrower, as long as it is not alone.
const COLUMN_LEAST: f32 = 200.0;
const TOPIC: f32 = 40.0;
const TOPIC_WIDTH: f32 = 330.0;
const WORKERS: CardSize = CardSize {
    least_width: 128.0,
    height: 82.0,
    gap: 10.0,
};
/// Workers of columns that stand side by side.
const NARROW: CardSize = CardSize {
    least_width: 104.0,
    ..WORKERS
};
const ASIDE_GAP: f32 = 8.0;
/// The button over the cards begins so far above them.
const ADD_ABOVE: f32 = -32.0;

impl QueueLayout {
    pub(super) fn new(lane: &SqsLane, (cast, keys): (&LaneCast, usize), width: f32) -> Self {
        let is_aside = |name: &str| {
            let policies = lane.queues.iter().filter_map(|q| q.redrive_policy.as_ref());
            let is_target = policies
                .into_iter()
                .any(|policy| policy.dead_letter_target == name);
            is_target && !lane.team_queues().any(|queue| queue == name)
        };
        let ids = || (0..).map(QueueId).zip(&lane.queues);
        let main: Vec<(QueueId, &Queue)> = ids().filter(|(_, q)| !is_aside(&q.name)).collect();
        let columns = if main.len() as f32 * (COLUMN_LEAST + COLUMN_GAP) - COLUMN_GAP <= width {
            main.len().max(1)
        } else {
            1
        };
        let column_width = (width + COLUMN_GAP) / columns as f32 - COLUMN_GAP;
        let column = |n: usize| {
            let x = n as f32 * (column_width + COLUMN_GAP);
            Rect::new(x, 0.0, column_width, 0.0)
        };
        let column_of = |name: &str| {
            let place = main.iter().position(|(_, queue)| queue.name == name);
            place.map_or(0, |place| place % columns)
        };
        let mut heights = vec![PAD; columns];
        let mut fed = vec![false; columns];
        let mut queues = Vec::new();
        for (n, (id, queue)) in main.iter().enumerate() {
            let rows = Rows {
                is_fair: lane.fair,
                keys,
            };
            let n = n % columns;
            if let (Some(height), Some(fed)) = (heights.get_mut(n), fed.get_mut(n)) {
                let area = Rect {
                    y: *height,
                    ..column(n)
                };
                let found = QueueBox::new((*id, queue), area, rows);
                *height = found.bottom() + PAD;
                queues.push(found);
                *fed |= cast.queues.get(id.index()).is_some_and(|q| q.is_sent_to);
            }
        }
        let height = heights
            .iter()
            .fold(0.0, |most: f32, height| most.max(*height));
        let brokers = (0..columns).map(|n| Rect {
            h: height,
            ..column(n)
        });
        let mut aside = Vec::new();
        let mut lows = vec![0.0_f32; columns];
        for (id, queue) in ids().filter(|(_, q)| is_aside(&q.name)) {
            let source = lane.queues.iter().find(|source| {
                let policy = source.redrive_policy.as_ref();
                policy.is_some_and(|policy| policy.dead_letter_target == queue.name)
            });
            let n = source.map_or(0, |source| column_of(&source.name));
            if let Some(low) = lows.get_mut(n) {
                let area = Rect {
                    y: *low,
                    ..column(n)
                };
                let found = QueueBox::aside(id, area);
                *low = found.bottom() + ASIDE_GAP;
                aside.push(found);
            }
        }
        let lowest = lows.iter().fold(0.0, |most: f32, low| most.max(*low));
        let mut layout = Self {
            topic: cast.topic.as_ref().map(|_| {
                let w = width.min(TOPIC_WIDTH);
                Rect::new((width - w) / 2.0, 0.0, w, TOPIC)
            }),
            brokers: brokers.collect(),
            queues,
            cards: Vec::new(),
            adds: Vec::new(),
            uncounted: 0,
            aside,
            fed,
            card_columns: Vec::new(),
            workers_height: 0.0,
            aside_height: (lowest - ASIDE_GAP).max(0.0),
        };
        for n in 0..columns {
            let teams = (0_u16..).zip(lane.team_queues());
            let mine = teams.filter(|(_, queue)| columns == 1 || column_of(queue) == n);
            let mine: Vec<u16> = mine.map(|(team, _)| team).collect();
            let actors = mine.iter().flat_map(|team| cast.members(*team));
            let actors: Vec<ActorId> = actors.collect();
            layout.add_cards((n, columns), &actors, column(n));
            let y = ADD_ABOVE;
            let x = column(n).right();
            let grows = mine.first().filter(|team| **team < cast.first_function);
            layout
                .adds
                .extend(grows.map(|team| (*team, Point { x, y })));
        }
        layout
    }

    fn add_cards(&mut self, (n, columns): (usize, usize), actors: &[ActorId], area: Rect) {
        let size = if columns == 1 { WORKERS } else { NARROW };
        let shown = actors.get(..CARDS_SHOWN / columns).unwrap_or(actors);
        let (cards, height) = card_grid(shown, area, size);
        self.uncounted += actors.len() - shown.len();
        self.card_columns.resize(self.cards.len() + cards.len(), n);
        self.cards.extend(cards);
        self.workers_height = self.workers_height.max(height);
    }

    /// The heights of the parts from the top down, and whether a wire leads to each.
    pub(super) fn parts(&self) -> Vec<(f32, bool)> {
        let topic = self.topic.map(|topic| (topic.h, true));
        let broker = self.brokers.first().map_or(0.0, |broker| broker.h);
        let aside = (self.aside_height > 0.0).then_some((self.aside_height, false));
        let parts = [(broker, true), (self.workers_height, true)];
        topic.into_iter().chain(parts).chain(aside).collect()
    }

    pub(super) fn move_to(&mut self, tops: &[f32]) {
        let first = usize::from(self.topic.is_some());
        let at = |n: usize| tops.get(n).copied().unwrap_or(0.0);
        self.topic = self.topic.map(|topic| topic.moved_down(at(0)));
        for broker in &mut self.brokers {
            *broker = broker.moved_down(at(first));
        }
        for queue in &mut self.queues {
            queue.move_down(at(first));
        }
        for card in &mut self.cards {
            card.frame = card.frame.moved_down(at(first + 1));
            card.hold.y += at(first + 1);
        }
        for (_, add) in &mut self.adds {
            add.y += at(first + 1);
        }
        for queue in &mut self.aside {
            queue.move_down(at(first + 2));
        }
    }

    pub(super) fn wires(&self, producers: Rect) -> Vec<Wire> {
        let to_topic = self.topic.map(|topic| Wire {
            from: bottom(producers),
            to: top(topic),
        });
        let from = bottom(self.topic.unwrap_or(producers));
        let fed = self.brokers.iter().zip(&self.fed).filter(|(_, fed)| **fed);
        let to_queues = fed.map(|(broker, _)| Wire {
            from,
            to: top(*broker),
        });
        // The cards that a wire can reach without crossing others.
        let row = self.cards.first().map_or(0.0, |card| card.frame.y);
        let cards = self.cards.iter().zip(&self.card_columns);
        let to_cards =
            cards
                .filter(|(card, _)| card.frame.y == row)
                .filter_map(|(card, column)| {
                    Some(Wire {
                        from: bottom(*self.brokers.get(*column)?),
                        to: top(card.frame),
                    })
                });
        to_topic
            .into_iter()
            .chain(to_queues)
            .chain(to_cards)
            .collect()
    }

    /// Where what the producers send goes first: the topic, or the queue.
    #[must_use]
    pub fn entry(&self) -> Point {
        let fed = self.brokers.iter().zip(&self.fed).find(|(_, fed)| **fed);
        let broker = fed.map(|(broker, _)| *broker);
        top(self.topic.or(broker).unwrap_or_default())
    }

    /// The box of a queue, wherever it stands.
    #[must_use]
    pub fn queue(&self, queue: QueueId) -> Option<&QueueBox> {
        let mut boxes = self.queues.iter().chain(&self.aside);
        boxes.find(|found| found.queue == queue)
    }
}
