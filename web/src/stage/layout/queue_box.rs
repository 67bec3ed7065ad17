//! One queue on the stage: its head, and the rows in which its messages stand.

use broker_lab_core::QueueId;
use broker_lab_core::scenario::Queue;
use broker_lab_core::workload::KeyId;

use super::Rect;

/// A queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueBox {
    pub queue: QueueId,
    pub head: Rect,
    pub rows: Vec<QueueRow>,
}

/// A row of messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QueueRow {
    pub kind: RowKind,
    pub label: Rect,
    pub area: Rect,
}

/// What stands in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// What is still delayed.
    Delayed,
    /// What can be received.
    Visible,
    /// What can be received of one tenant of a fair queue; `None`: of all that have no row.
    Tenant(Option<KeyId>),
    /// What is hidden.
    InFlight,
    /// A message group of a FIFO queue, in its order; `None`: all groups that have no row.
    Group(Option<KeyId>),
    /// What is in a dead-letter queue.
    Dead,
}

/// What the rows of a queue depend on, beside its attributes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    pub(super) is_fair: bool,
    pub(super) keys: usize,
}

const PAD: f32 = 14.0;
/// Room left of a row for its name.
const LABEL: f32 = 70.0;
const LABEL_NARROW: f32 = 54.0;
const NARROW: f32 = 300.0;
const HEAD: f32 = 24.0;
const ROW: f32 = 48.0;
const ROW_GAP: f32 = 10.0;
/// Room under the hidden marks for the dots that count their receives: their rings fill a row.
const DOTS: f32 = 7.0;
/// Groups with a row of their own, and the height of a row while there are few, or many.
const GROUPS: usize = 5;
const GROUPS_LARGE: usize = 4;
const GROUP: f32 = ROW + 4.0;
const GROUP_SMALL: f32 = 34.0;
const GROUP_GAP: f32 = 5.0;
const ASIDE: f32 = 48.0;
const ASIDE_HEAD: f32 = 0.6;

impl QueueBox {
    /// A queue within the column `area`, from its top down.
    pub(super) fn new((id, queue): (QueueId, &Queue), area: Rect, rows: Rows) -> Self {
        let label = if area.w < NARROW { LABEL_NARROW } else { LABEL };
        let (x, w) = (area.x + PAD, area.w - 2.0 * PAD);
        let mut found = Self {
            queue: id,
            head: Rect::new(x, area.y, w, HEAD),
            rows: Vec::new(),
        };
        let mut y = area.y + HEAD + ROW_GAP;
        for (kind, height, gap) in kinds(queue, rows) {
            found.rows.push(QueueRow {
                kind,
                label: Rect::new(x, y, label - 4.0, height),
                area: Rect::new(x + label, y, w - label, height),
            });
            y += height + gap;
        }
        found
    }

    /// A dead-letter queue within the column `area`: beside its words, or under them.
    pub(super) fn aside(queue: QueueId, area: Rect) -> Self {
        let narrow = area.w < NARROW;
        let head = Rect {
            w: if narrow { area.w } else { area.w * ASIDE_HEAD },
            h: ASIDE,
            ..area
        };
        let row = if narrow {
            Rect {
                y: head.bottom(),
                h: GROUP_SMALL,
                ..head
            }
        } else {
            Rect {
                x: head.right(),
                w: area.w - head.w,
                ..head
            }
        };
        Self {
            queue,
            head,
            rows: vec![QueueRow {
                kind: RowKind::Dead,
                label: head,
                area: row,
            }],
        }
    }

    #[must_use]
    pub fn bottom(&self) -> f32 {
        let rows = self.rows.iter().map(|row| row.area.bottom());
        rows.fold(self.head.bottom(), f32::max)
    }

    pub(super) fn move_down(&mut self, by: f32) {
        self.head = self.head.moved_down(by);
        for row in &mut self.rows {
            row.label = row.label.moved_down(by);
            row.area = row.area.moved_down(by);
        }
    }

    /// The row of a message: by where it is, and its key.
    #[must_use]
    pub fn row(&self, state: RowState, key: Option<KeyId>) -> Option<usize> {
        let find = |wanted: RowKind| self.rows.iter().position(|row| row.kind == wanted);
        let of_key = |kind: fn(Option<KeyId>) -> RowKind| {
            let own = key.and_then(|key| find(kind(Some(key))));
            own.or_else(|| find(kind(None)))
        };
        let visible = || find(RowKind::Visible).or_else(|| of_key(RowKind::Tenant));
        let first = match state {
            RowState::Delayed => find(RowKind::Delayed).or_else(visible),
            RowState::Visible => visible(),
            RowState::InFlight => find(RowKind::InFlight),
        };
        first
            .or_else(|| of_key(RowKind::Group))
            .or_else(|| find(RowKind::Dead))
    }
}

/// How a message stands in its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowState {
    Delayed,
    Visible,
    InFlight,
}

impl QueueRow {
    /// Where the marks stand in their row, without the dots under them.
    #[must_use]
    pub fn marks(&self) -> Rect {
        let dots = match self.kind {
            RowKind::InFlight => DOTS,
            RowKind::Group(_) if self.area.h > ROW => DOTS - 1.0,
            _ => 0.0,
        };
        Rect {
            h: self.area.h - dots,
            ..self.area
        }
    }
}

/// The rows of a queue from the top down: what, how high, and the room under it.
fn kinds(queue: &Queue, rows: Rows) -> Vec<(RowKind, f32, f32)> {
    let mut kinds = Vec::new();
    let is_fifo = queue.is_fifo();
    if queue.delay > broker_lab_core::SimDuration::ZERO {
        kinds.push((RowKind::Delayed, ROW, ROW_GAP));
    }
    if !is_fifo && !rows.is_fair {
        kinds.push((RowKind::Visible, ROW, ROW_GAP));
    } else {
        let all = rows.keys <= GROUPS;
        let own = if all { rows.keys } else { GROUPS - 1 };
        let height = if is_fifo && own <= GROUPS_LARGE && all {
            GROUP
        } else {
            GROUP_SMALL
        };
        let keys = (0..own).filter_map(|n| u16::try_from(n).ok().map(KeyId));
        let others = (!all || own == 0).then_some(None);
        for key in keys.map(Some).chain(others) {
            let kind = if is_fifo {
                RowKind::Group(key)
            } else {
                RowKind::Tenant(key)
            };
            kinds.push((kind, height, GROUP_GAP));
        }
    }
    if !is_fifo {
        kinds.push((RowKind::InFlight, ROW + DOTS, ROW_GAP));
    }
    kinds
}
