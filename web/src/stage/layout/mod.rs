//! Where everything of a lane stands, in CSS pixels from the top left of its floor: plain
//! arithmetic on the cast of the lane and the room there is. It depends on the scenario alone,
//! not on the time, so that nothing jumps while a run plays.

mod log;
mod queue;
mod queue_box;

pub use log::{GroupBox, LogLayout, PartitionRow, TopicBox};
pub use queue::QueueLayout;
pub use queue_box::{QueueBox, QueueRow, RowKind, RowState};

use broker_lab_core::scenario::{Lane, System};
use broker_lab_core::{ActorId, LaneCast};

/// A box on the floor of a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

/// A place on the floor of a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Rect {
    #[must_use]
    pub const fn new(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self { x, y, w, h }
    }

    #[must_use]
    pub fn right(self) -> f32 {
        self.x + self.w
    }

    #[must_use]
    pub fn bottom(self) -> f32 {
        self.y + self.h
    }

    #[must_use]
    pub fn center(self) -> Point {
        Point {
            x: self.x + self.w / 2.0,
            y: self.y + self.h / 2.0,
        }
    }

    /// The middle of its upper edge: where a wire ends.
    #[must_use]
    pub fn top_middle(self) -> Point {
        Point {
            y: self.y,
            ..self.center()
        }
    }

    /// The middle of its lower edge: where a wire begins.
    #[must_use]
    pub fn bottom_middle(self) -> Point {
        Point {
            y: self.bottom(),
            ..self.center()
        }
    }

    /// Whether two boxes share room.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.right() <= self.right() + 0.01
            && other.bottom() <= self.bottom() + 0.01
    }

    fn moved_down(self, by: f32) -> Self {
        Self {
            y: self.y + by,
            ..self
        }
    }
}

/// A worker's or consumer's card.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Card {
    pub actor: ActorId,
    pub frame: Rect,
    /// Where the message in hand is drawn.
    pub hold: Point,
}

/// A line that messages travel along: from the first to the last point, with curves between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wire {
    pub from: Point,
    pub to: Point,
}

/// The floor of a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneLayout {
    pub width: f32,
    pub height: f32,
    /// The height below which parts would touch, however little room there is.
    pub least_height: f32,
    /// The producers, one box for all of them.
    pub producers: Rect,
    pub wires: Vec<Wire>,
    pub body: Body,
}

/// What stands between the producers and the caption.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Queue(QueueLayout),
    Log(LogLayout),
}

/// The room for a lane's floor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    pub width: f32,
    /// What is left between the lane's head and its caption; a floor that needs more is taller.
    pub height: f32,
}

/// Cards beyond these are counted, not drawn.
pub const CARDS_SHOWN: usize = 24;
const PRODUCERS_HEIGHT: f32 = 38.0;
const WIRE: f32 = 28.0;
const WIRE_MAX: f32 = 96.0;
/// The width of a letter in the name on a card, at most in the mean.
const NAME_LETTER: f32 = 8.0;
/// The room on a card beside its name: padding, and what is in hand.
const BESIDE_NAME: f32 = 56.0;

impl LaneLayout {
    /// Lays out a lane of a run with so many keys.
    #[must_use]
    pub fn new(lane: &Lane, (cast, keys): (&LaneCast, usize), room: Room) -> Option<Self> {
        let width = room.width.max(240.0);
        let producers = Rect::new(width / 2.0 - 110.0, 0.0, 220.0, PRODUCERS_HEIGHT);
        let mut floor = Self {
            width,
            height: 0.0,
            least_height: 0.0,
            producers,
            wires: Vec::new(),
            body: match lane.system()? {
                System::Sqs(sqs) => Body::Queue(QueueLayout::new(sqs, (cast, keys), width)),
                System::Kafka(_) => Body::Log(LogLayout::new(cast, width)),
            },
        };
        (_, floor.least_height) = floor.stacked(0.0);
        let (tops, height) = floor.stacked(room.height);
        floor.body.move_to(&tops);
        floor.height = height;
        floor.wires = floor.body.wires(producers);
        Some(floor)
    }

    /// Where the parts stand under each other, and how high that is; what height is left over is
    /// shared out between them.
    fn stacked(&self, available: f32) -> (Vec<f32>, f32) {
        let parts = self.body.parts();
        let fixed: f32 = PRODUCERS_HEIGHT + parts.iter().map(|(height, _)| height).sum::<f32>();
        let gap = ((available - fixed) / parts.len() as f32).clamp(WIRE, WIRE_MAX);
        let mut y = PRODUCERS_HEIGHT;
        let mut tops = Vec::new();
        for (height, has_wire) in parts {
            y += if has_wire { gap } else { (gap / 2.0).max(14.0) };
            tops.push(y);
            y += height;
        }
        (tops, y)
    }
}

impl Body {
    /// The heights of the parts from the top down, and whether a wire leads to each.
    fn parts(&self) -> Vec<(f32, bool)> {
        match self {
            Self::Queue(queue) => queue.parts(),
            Self::Log(log) => log.parts(),
        }
    }

    fn move_to(&mut self, tops: &[f32]) {
        match self {
            Self::Queue(queue) => queue.move_to(tops),
            Self::Log(log) => log.move_to(tops),
        }
    }

    fn wires(&self, producers: Rect) -> Vec<Wire> {
        match self {
            Self::Queue(queue) => queue.wires(producers),
            Self::Log(log) => log.wires(producers),
        }
    }

    /// The cards of all workers or consumers that are drawn.
    pub fn cards(&self) -> Box<dyn Iterator<Item = &Card> + '_> {
        match self {
            Self::Queue(queue) => Box::new(queue.cards.iter()),
            Self::Log(log) => Box::new(log.groups.iter().flat_map(|group| &group.cards)),
        }
    }
}

/// Cards in rows of like length within `area` (whose height is ignored); gives the cards and the
/// height used.
fn card_grid(actors: &[ActorId], area: Rect, card: CardSize) -> (Vec<Card>, f32) {
    let shown = actors.len().min(CARDS_SHOWN);
    if shown == 0 {
        return (Vec::new(), card.height);
    }
    let fits = ((area.w + card.gap) / (card.least_width + card.gap))
        .floor()
        .max(1.0) as usize;
    let rows = shown.div_ceil(fits.min(4));
    let columns = shown.div_ceil(rows);
    let width = (area.w + card.gap) / columns as f32 - card.gap;
    let cards = actors.iter().take(shown).enumerate().map(|(n, actor)| {
        let (row, column) = (n / columns, n % columns);
        let frame = Rect::new(
            area.x + column as f32 * (width + card.gap),
            area.y + row as f32 * (card.height + card.gap),
            width,
            card.height,
        );
        Card {
            actor: *actor,
            frame,
            hold: Point {
                x: frame.right() - 26.0,
                y: frame.y + 24.0,
            },
        }
    });
    let height = rows as f32 * (card.height + card.gap) - card.gap;
    (cards.collect(), height)
}

/// The size of the cards of one kind.
#[derive(Clone, Copy, Debug)]
struct CardSize {
    least_width: f32,
    height: f32,
    gap: f32,
}

impl CardSize {
    /// Wide enough for the names beside what is in hand.
    fn for_names<'a>(self, names: impl Iterator<Item = &'a str>) -> Self {
        let longest = names.map(str::len).max().unwrap_or(0);
        let wanted = longest as f32 * NAME_LETTER + BESIDE_NAME;
        Self {
            least_width: self.least_width.max(wanted),
            ..self
        }
    }
}

#[cfg(test)]
mod tests;
