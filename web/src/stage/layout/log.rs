//! A log lane: topics with their partitions, groups with their consumers.

use broker_lab_core::{ActorId, GroupId, LaneCast, TopicId, TopicPartition};

use super::{CARDS_SHOWN, Card, CardSize, Point, Rect, Wire, card_grid};

/// Where the parts of a log lane stand.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLayout {
    /// The box around all topics.
    pub broker: Rect,
    pub topics: Vec<TopicBox>,
    pub groups: Vec<GroupBox>,
    groups_height: f32,
}

/// One topic.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicBox {
    pub topic: TopicId,
    pub head: Rect,
    pub rows: Vec<PartitionRow>,
    /// Partitions that are counted and not drawn.
    pub uncounted: usize,
}

/// One partition: cells for its newest records, cursors under them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartitionRow {
    pub partition: TopicPartition,
    pub label: Rect,
    pub cells: Rect,
    pub columns: usize,
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupBox {
    pub group: GroupId,
    pub frame: Rect,
    pub head: Rect,
    pub cards: Vec<Card>,
    /// Consumers that are counted and not drawn.
    pub uncounted: usize,
}

const PAD: f32 = 14.0;
const HEAD: f32 = 26.0;
const LABEL: f32 = 58.0;
/// The height of a row's cells, and of the row with the cursors under it.
const ROOMY: (f32, f32) = (46.0, 64.0);
/// The same where many rows stand under each other.
const DENSE: (f32, f32) = (27.0, 38.0);
/// Rows up to this many are roomy.
const ROOMY_ROWS: usize = 4;
/// The width that a cell aims at.
const CELL: f32 = 44.0;
/// Rows beyond these are counted, not drawn.
const ROWS_SHOWN: usize = 12;
/// The narrowest cell that a large mark fits into.
const LARGE_CELL: f32 = 32.0;
const GROUP_PAD: f32 = 10.0;
const GROUP_HEAD: f32 = 46.0;
const GROUP_GAP: f32 = 10.0;
const MEMBERS: CardSize = CardSize {
    least_width: 110.0,
    height: 78.0,
    gap: 8.0,
};

impl PartitionRow {
    #[must_use]
    pub fn cell_width(self) -> f32 {
        self.cells.w / self.columns as f32
    }

    /// Whether marks of the large size fit into its cells.
    #[must_use]
    pub fn is_roomy(self) -> bool {
        self.cells.h >= ROOMY.0 && self.cell_width() >= LARGE_CELL
    }

    /// The first offset that is shown of a log with `len` records: the newest are shown, and one
    /// free cell for the next.
    #[must_use]
    pub fn first_shown(self, len: usize) -> usize {
        (len + 1).saturating_sub(self.columns)
    }

    /// The middle of the cell of `offset`, in a log with `len` records; left of the row for what
    /// has scrolled out.
    #[must_use]
    pub fn cell(self, offset: usize, len: usize) -> Point {
        let column = offset as f32 - self.first_shown(len) as f32;
        Point {
            x: self.cells.x + (column + 0.5) * self.cell_width(),
            y: self.cells.y + self.cells.h / 2.0 + 4.0,
        }
    }
}

impl LogLayout {
    pub(super) fn new(cast: &LaneCast, width: f32) -> Self {
        let mut y = PAD - 4.0;
        let mut topics = Vec::new();
        let counts = cast.partitions.iter().map(|count| usize::from(*count));
        let rows: usize = counts.map(|count| count.min(ROWS_SHOWN)).sum();
        let size = if rows > ROOMY_ROWS { DENSE } else { ROOMY };
        for (id, count) in (0..).map(TopicId).zip(&cast.partitions) {
            let shown = usize::from(*count).min(ROWS_SHOWN);
            let head = Rect::new(PAD, y, width - 2.0 * PAD, HEAD);
            y += HEAD + 4.0;
            let rows = (0..*count).take(shown).map(|partition| {
                let top = y + f32::from(partition) * size.1;
                let cells = Rect::new(PAD + LABEL, top, width - 2.0 * PAD - LABEL, size.0);
                partition_row(TopicPartition::new(id.0, partition), cells)
            });
            topics.push(TopicBox {
                topic: id,
                head,
                rows: rows.collect(),
                uncounted: usize::from(*count) - shown,
            });
            y += shown as f32 * size.1 + 4.0;
        }
        let broker = Rect::new(0.0, 0.0, width, y);
        let (groups, groups_height) = group_boxes(cast, width);
        Self {
            broker,
            topics,
            groups,
            groups_height,
        }
    }

    pub(super) fn parts(&self) -> Vec<(f32, bool)> {
        vec![(self.broker.h, true), (self.groups_height, true)]
    }

    pub(super) fn wires(&self, producers: Rect) -> Vec<Wire> {
        let to_broker = Wire {
            from: producers.bottom_middle(),
            to: self.broker.top_middle(),
        };
        let to_groups = self.groups.iter().map(|group| Wire {
            from: self.broker.bottom_middle(),
            to: group.frame.top_middle(),
        });
        std::iter::once(to_broker).chain(to_groups).collect()
    }

    pub(super) fn move_to(&mut self, tops: &[f32]) {
        let at = |n: usize| tops.get(n).copied().unwrap_or(0.0);
        self.broker = self.broker.moved_down(at(0));
        for topic in &mut self.topics {
            topic.head = topic.head.moved_down(at(0));
            for row in &mut topic.rows {
                row.label = row.label.moved_down(at(0));
                row.cells = row.cells.moved_down(at(0));
            }
        }
        for group in &mut self.groups {
            group.frame = group.frame.moved_down(at(1));
            group.head = group.head.moved_down(at(1));
            for card in &mut group.cards {
                card.frame = card.frame.moved_down(at(1));
                card.hold.y += at(1);
            }
        }
    }

    /// The row of a partition, if it is drawn.
    #[must_use]
    pub fn row(&self, partition: TopicPartition) -> Option<&PartitionRow> {
        let topic = self.topics.get(partition.topic.index())?;
        topic.rows.get(partition.partition.index())
    }
}

fn partition_row(partition: TopicPartition, cells: Rect) -> PartitionRow {
    PartitionRow {
        partition,
        label: Rect::new(PAD, cells.y, LABEL - 4.0, cells.h),
        cells,
        columns: (cells.w / CELL).floor().clamp(3.0, 24.0) as usize,
    }
}

/// Groups side by side, by the number of their members, where their cards fit; else stacked.
fn group_boxes(cast: &LaneCast, width: f32) -> (Vec<GroupBox>, f32) {
    let count = cast.teams.len();
    let members: Vec<Vec<ActorId>> = (0..count)
        .filter_map(|team| u16::try_from(team).ok())
        .map(|team| cast.members(team).collect())
        .collect();
    let size = |members: &[ActorId]| MEMBERS.for_names(members.iter().map(|id| cast.actor(*id)));
    let wanted = |members: &Vec<ActorId>| {
        let cards = members.len().clamp(1, 4) as f32;
        cards * (size(members).least_width + MEMBERS.gap) - MEMBERS.gap + 2.0 * GROUP_PAD
    };
    let gaps = GROUP_GAP * count.saturating_sub(1) as f32;
    let all_wanted: f32 = members.iter().map(wanted).sum::<f32>() + gaps;
    let side_by_side = all_wanted <= width;
    let mut boxes = Vec::new();
    let (mut x, mut y, mut height) = (0.0, 0.0, 0.0_f32);
    for (id, actors) in (0..).map(GroupId).zip(&members) {
        let share = if side_by_side {
            wanted(actors) + (width - all_wanted) / count as f32
        } else {
            width
        };
        let found = group_box(id, actors, (Rect::new(x, y, share, 0.0), size(actors)));
        if side_by_side {
            x += share + GROUP_GAP;
            height = height.max(found.frame.h);
        } else {
            y += found.frame.h + GROUP_GAP;
            height = y - GROUP_GAP;
        }
        boxes.push(found);
    }
    (boxes, height)
}

fn group_box(group: GroupId, actors: &[ActorId], (area, size): (Rect, CardSize)) -> GroupBox {
    let inner = Rect::new(
        area.x + GROUP_PAD,
        area.y + GROUP_HEAD,
        area.w - 2.0 * GROUP_PAD,
        0.0,
    );
    let (cards, height) = card_grid(actors, inner, size);
    GroupBox {
        group,
        frame: Rect::new(area.x, area.y, area.w, GROUP_HEAD + height + GROUP_PAD),
        head: Rect::new(inner.x, area.y + 4.0, inner.w, GROUP_HEAD - 6.0),
        cards,
        uncounted: actors.len().saturating_sub(CARDS_SHOWN),
    }
}
