//! A queue lane: a topic, queues, workers, dead-letter queues. Queues that are worked from stand
//! side by side, each over its own workers, as long as there is room.

use broker_lab_core::scenario::{Queue, SqsLane};
use broker_lab_core::{ActorId, LaneCast, QueueId};

use super::queue_box::{QueueBox, Rows};
use super::{CARDS_SHOWN, Card, CardSize, Point, Rect, Wire, card_grid};

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

/// Columns side by side, each for a queue that is worked from; or one for all.
struct Columns<'a> {
    main: Vec<(QueueId, &'a Queue)>,
    count: usize,
    width: f32,
}

impl<'a> Columns<'a> {
    fn new(lane: &'a SqsLane, width: f32) -> Self {
        let main = (0..).map(QueueId).zip(&lane.queues);
        let main: Vec<_> = main.filter(|(_, queue)| !is_aside(lane, queue)).collect();
        let all = main.len().max(1);
        let fit = all as f32 * (COLUMN_LEAST + COLUMN_GAP) - COLUMN_GAP <= width;
        let count = if fit { all } else { 1 };
        Self {
            main,
            count,
            width: (width + COLUMN_GAP) / count as f32 - COLUMN_GAP,
        }
    }

    /// Column `n`, from `y` down.
    fn at(&self, n: usize, y: f32) -> Rect {
        Rect::new(n as f32 * (self.width + COLUMN_GAP), y, self.width, 0.0)
    }

    /// The column of the queue called `name`.
    fn of(&self, name: &str) -> usize {
        let place = self.main.iter().position(|(_, queue)| queue.name == name);
        place.map_or(0, |place| place % self.count)
    }
}

/// Whether a queue only holds dead letters: nobody works from it.
fn is_aside(lane: &SqsLane, queue: &Queue) -> bool {
    source_of(lane, queue).is_some() && !lane.team_queues().any(|worked| worked == queue.name)
}

/// The first queue whose dead letters come to `queue`, or what a topic could not bring to it.
fn source_of<'a>(lane: &'a SqsLane, queue: &Queue) -> Option<&'a Queue> {
    let is_target = |target: &String| *target == queue.name;
    let topic = lane.topic().into_iter();
    let mut subscriptions = topic.flat_map(|(_, topic)| &topic.subscriptions);
    let undelivered = subscriptions.find(|subscription| {
        let policy = subscription.redrive_policy.as_ref();
        policy.is_some_and(|policy| is_target(&policy.dead_letter_target))
    });
    lane.queues.iter().find(|source| {
        let policy = source.redrive_policy.as_ref();
        policy.is_some_and(|policy| is_target(&policy.dead_letter_target))
            || undelivered.is_some_and(|its| its.queue == source.name)
    })
}

impl QueueLayout {
    pub(super) fn new(lane: &SqsLane, (cast, keys): (&LaneCast, usize), width: f32) -> Self {
        let columns = Columns::new(lane, width);
        let mut layout = Self {
            topic: cast.topic.as_ref().map(|_| {
                let w = width.min(TOPIC_WIDTH);
                Rect::new((width - w) / 2.0, 0.0, w, TOPIC)
            }),
            brokers: Vec::new(),
            queues: Vec::new(),
            cards: Vec::new(),
            adds: Vec::new(),
            uncounted: 0,
            aside: Vec::new(),
            fed: vec![false; columns.count],
            card_columns: Vec::new(),
            workers_height: 0.0,
            aside_height: 0.0,
        };
        let rows = Rows {
            is_fair: lane.fair,
            keys,
        };
        layout.add_queues(&columns, cast, rows);
        layout.add_aside(&columns, lane);
        for n in 0..columns.count {
            layout.add_workers((n, &columns), (lane, cast));
        }
        layout
    }

    fn add_queues(&mut self, columns: &Columns<'_>, cast: &LaneCast, rows: Rows) {
        let mut heights = vec![PAD; columns.count];
        for (n, (id, queue)) in columns.main.iter().enumerate() {
            let n = n % columns.count;
            if let (Some(height), Some(fed)) = (heights.get_mut(n), self.fed.get_mut(n)) {
                let found = QueueBox::new((*id, queue), columns.at(n, *height), rows);
                *height = found.bottom() + PAD;
                *fed |= cast.queues.get(id.index()).is_some_and(|q| q.is_sent_to);
                self.queues.push(found);
            }
        }
        let h = heights.iter().copied().fold(0.0, f32::max);
        let frames = (0..columns.count).map(|n| Rect {
            h,
            ..columns.at(n, 0.0)
        });
        self.brokers = frames.collect();
    }

    fn add_aside(&mut self, columns: &Columns<'_>, lane: &SqsLane) {
        let mut lows = vec![0.0_f32; columns.count];
        for (id, queue) in (0..).map(QueueId).zip(&lane.queues) {
            let source = source_of(lane, queue).filter(|_| is_aside(lane, queue));
            let Some(n) = source.map(|source| columns.of(&source.name)) else {
                continue;
            };
            if let Some(low) = lows.get_mut(n) {
                let found = QueueBox::aside(id, columns.at(n, *low));
                *low = found.bottom() + ASIDE_GAP;
                self.aside.push(found);
            }
        }
        let lowest = lows.iter().copied().fold(0.0, f32::max);
        self.aside_height = (lowest - ASIDE_GAP).max(0.0);
    }

    fn add_workers(
        &mut self,
        (n, columns): (usize, &Columns<'_>),
        (lane, cast): (&SqsLane, &LaneCast),
    ) {
        let teams = (0_u16..).zip(lane.team_queues());
        let mine = teams.filter(|(_, queue)| columns.count == 1 || columns.of(queue) == n);
        let mine: Vec<u16> = mine.map(|(team, _)| team).collect();
        let actors: Vec<ActorId> = mine.iter().flat_map(|team| cast.members(*team)).collect();
        let area = columns.at(n, 0.0);
        self.add_cards((n, columns.count), &actors, area);
        // Of functions Lambda starts more by itself.
        let grows = mine.first().filter(|team| **team < cast.first_function);
        let place = Point {
            x: area.right(),
            y: ADD_ABOVE,
        };
        self.adds.extend(grows.map(|team| (*team, place)));
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
            from: producers.bottom_middle(),
            to: topic.top_middle(),
        });
        let from = self.topic.unwrap_or(producers).bottom_middle();
        let fed = self.brokers.iter().zip(&self.fed).filter(|(_, fed)| **fed);
        let to_queues = fed.map(|(broker, _)| Wire {
            from,
            to: broker.top_middle(),
        });
        // The cards that a wire can reach without crossing others.
        let row = self.cards.first().map_or(0.0, |card| card.frame.y);
        let cards = self.cards.iter().zip(&self.card_columns);
        let to_cards =
            cards
                .filter(|(card, _)| card.frame.y == row)
                .filter_map(|(card, column)| {
                    Some(Wire {
                        from: self.brokers.get(*column)?.bottom_middle(),
                        to: card.frame.top_middle(),
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
        self.topic.or(broker).unwrap_or_default().top_middle()
    }

    /// The box of a queue, wherever it stands.
    #[must_use]
    pub fn queue(&self, queue: QueueId) -> Option<&QueueBox> {
        let mut boxes = self.queues.iter().chain(&self.aside);
        boxes.find(|found| found.queue == queue)
    }
}
