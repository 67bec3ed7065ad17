//! Records in flight that were acquired together.

use super::record::{RecordState, ShareRecord};
use crate::ids::Offset;

/// Records that were acquired as one batch: of one state as long as all of them share it, each
/// with its own from then on. `InFlightBatch`.
#[derive(Clone, Debug)]
pub(super) struct InFlightBatch {
    pub(super) first: Offset,
    pub(super) last: Offset,
    records: Records,
}

#[derive(Clone, Debug)]
enum Records {
    Whole(ShareRecord),
    Each {
        records: Vec<ShareRecord>,
        available: usize,
        /// None is available before this one.
        from: usize,
    },
}

impl InFlightBatch {
    pub(super) const fn whole(first: Offset, last: Offset, record: ShareRecord) -> Self {
        Self {
            first,
            last,
            records: Records::Whole(record),
        }
    }

    /// How many records it has.
    pub(super) const fn len(&self) -> u32 {
        self.last.0 - self.first.0 + 1
    }

    /// The state that all its records share, as long as they do.
    pub(super) const fn shared(&self) -> Option<ShareRecord> {
        match self.records {
            Records::Whole(record) => Some(record),
            Records::Each { .. } => None,
        }
    }

    /// A record of the batch.
    pub(super) fn get(&self, offset: Offset) -> Option<ShareRecord> {
        let index = self.index(offset)?;
        match &self.records {
            Records::Whole(record) => Some(*record),
            Records::Each { records, .. } => records.get(index).copied(),
        }
    }

    fn index(&self, offset: Offset) -> Option<usize> {
        (self.first..=self.last)
            .contains(&offset)
            .then(|| offset.index() - self.first.index())
    }

    /// Changes the state that all its records share.
    pub(super) fn set_shared(&mut self, record: ShareRecord) {
        self.records = Records::Whole(record);
    }

    /// From now on each record has its own state.
    pub(super) fn split(&mut self) {
        if let Records::Whole(record) = self.records {
            let count = self.last.index() - self.first.index() + 1;
            self.records = Records::Each {
                records: vec![record; count],
                available: if record.is_available() { count } else { 0 },
                from: 0,
            };
        }
    }

    /// Changes one record of a batch that was split.
    pub(super) fn set(&mut self, offset: Offset, record: ShareRecord) {
        let Some(index) = self.index(offset) else {
            return;
        };
        if let Records::Each {
            records,
            available,
            from,
        } = &mut self.records
            && let Some(slot) = records.get_mut(index)
        {
            *available -= usize::from(slot.is_available());
            *available += usize::from(record.is_available());
            if record.is_available() {
                *from = index.min(*from);
            }
            *slot = record;
        }
    }

    /// The first record from `offset` on that can be acquired. Looks again only at what was
    /// available when it was last asked.
    pub(super) fn next_available(&mut self, offset: Offset) -> Option<Offset> {
        let (first, last) = (self.first, self.last);
        match &mut self.records {
            Records::Whole(record) => {
                (record.is_available() && offset <= last).then(|| first.max(offset))
            }
            Records::Each {
                records,
                available,
                from,
            } => {
                if *available == 0 {
                    *from = records.len();
                    return None;
                }
                while records.get(*from).is_some_and(|r| !r.is_available()) {
                    *from += 1;
                }
                let start = offset.index().saturating_sub(first.index()).max(*from);
                let mut later = records.iter().skip(start);
                let index = start + later.position(|record| record.is_available())?;
                Some(Offset(first.0 + u32::try_from(index).ok()?))
            }
        }
    }

    /// Whether any of its records can be acquired.
    pub(super) const fn has_available(&self) -> bool {
        match &self.records {
            Records::Whole(record) => matches!(record.state, RecordState::Available),
            Records::Each { available, .. } => *available > 0,
        }
    }

    /// The most often that one of its records that can be acquired was delivered.
    pub(super) fn most_deliveries(&self) -> u16 {
        match &self.records {
            Records::Whole(record) if record.is_available() => record.delivery_count,
            Records::Whole(_) => 0,
            Records::Each { records, .. } => {
                let available = records.iter().filter(|record| record.is_available());
                available.map(|r| r.delivery_count).max().unwrap_or(0)
            }
        }
    }

    /// All its records with their offsets.
    pub(super) fn records(&self) -> impl Iterator<Item = (Offset, ShareRecord)> {
        (self.first.0..=self.last.0)
            .map(Offset)
            .filter_map(|offset| Some((offset, self.get(offset)?)))
    }
}
