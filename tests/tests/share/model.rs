//! The rules of a share partition, record by record.

use broker_lab_core::kafka::share::AcknowledgeType;

/// The settings of a case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) lock: u64,
    pub(crate) limit: u16,
    pub(crate) max_record_locks: u32,
    pub(crate) batch_size: u32,
    pub(crate) record_limit: bool,
    /// How many records the producers put into one batch.
    pub(crate) log_batch: u32,
}

/// The state of a record; times in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Available,
    Acquired { by: u16, until: u64 },
    Acknowledged,
    Archived,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    pub(crate) state: State,
    pub(crate) count: u16,
    /// The batch that it was first acquired in, by its first offset.
    batch: usize,
    /// Whether the records of its batch have states of their own.
    divided: bool,
}

#[derive(Debug)]
pub(crate) struct Model {
    settings: Settings,
    pub(crate) log: usize,
    /// By offset, up to the end offset; those before the start offset are kept too.
    pub(crate) records: Vec<Record>,
    pub(crate) start: usize,
}

impl Model {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            log: 0,
            records: Vec::new(),
            start: 0,
        }
    }

    fn members(&self, batch: usize) -> Vec<usize> {
        let all = self.records.iter().enumerate();
        all.filter(|(_, record)| record.batch == batch)
            .map(|(offset, _)| offset)
            .collect()
    }

    fn is_available(&self, offset: usize) -> bool {
        self.records[offset].state == State::Available
    }

    fn deliver(&mut self, offset: usize, (by, now): (u16, u64)) -> (usize, u16) {
        let until = now + self.settings.lock;
        let record = &mut self.records[offset];
        record.state = State::Acquired { by, until };
        record.count += 1;
        (offset, record.count)
    }

    fn divide(&mut self, batch: usize) {
        for offset in self.members(batch) {
            self.records[offset].divided = true;
        }
    }

    /// What a fetch gets: offsets and delivery counts.
    pub(crate) fn acquire(&mut self, who: (u16, u64), most: usize) -> Vec<(usize, u16)> {
        let mut got = Vec::new();
        let flight = self.records.len() - self.start;
        let room = (self.settings.max_record_locks as usize).saturating_sub(flight);
        let may_add = room > 0;
        let most = if may_add { most.min(room) } else { most };
        let mut batches: Vec<usize> = self.records.iter().map(|r| r.batch).collect();
        batches.dedup();
        for batch in batches {
            let mut available = self.members(batch);
            let len = available.len();
            available.retain(|offset| self.is_available(*offset));
            if got.len() >= most || available.is_empty() {
                continue;
            }
            let counts = available.iter().map(|offset| self.records[*offset].count);
            let throttled = counts.max().unwrap_or(0) >= self.throttle();
            if throttled && !got.is_empty() {
                return got;
            }
            let limited = self.settings.record_limit && len > most - got.len();
            if self.records[batch].divided || throttled || limited {
                self.divide(batch);
                let room = most - got.len();
                let some = self.acquire_some(&available, (len, room), who);
                got.extend(some);
                if throttled {
                    return got;
                }
            } else {
                got.extend(
                    available
                        .into_iter()
                        .map(|offset| self.deliver(offset, who)),
                );
            }
        }
        if may_add && got.len() < most {
            self.acquire_new(most - got.len(), who, &mut got);
        }
        got
    }

    fn throttle(&self) -> u16 {
        self.settings.limit.div_ceil(2).max(2)
    }

    fn acquire_some(
        &mut self,
        available: &[usize],
        (len, room): (usize, usize),
        who: (u16, u64),
    ) -> Vec<(usize, u16)> {
        let limit = self.settings.limit;
        let mut got = Vec::new();
        let mut piece = usize::MAX;
        for offset in available {
            let count = self.records[*offset].count;
            let is_last = limit > 2 && count + 1 == limit;
            if is_last && !got.is_empty() {
                break;
            }
            if count >= self.throttle() && piece == usize::MAX {
                piece = (len >> (count - self.throttle() + 1)).max(1);
            }
            got.push(self.deliver(*offset, who));
            let is_full = self.settings.record_limit && got.len() == room;
            if is_last || is_full || got.len() == piece {
                break;
            }
        }
        got
    }

    fn acquire_new(&mut self, most: usize, who: (u16, u64), got: &mut Vec<(usize, u16)>) {
        let first = self.records.len();
        if first >= self.log {
            return;
        }
        let end_of_batch = |offset: usize| {
            let size = self.settings.log_batch as usize;
            let end = (offset / size + 1) * size;
            // What does not fill a batch was sent one by one.
            if end <= self.log { end } else { offset + 1 }
        };
        let end = end_of_batch(first + most - 1).min(self.log);
        let mut cuts = vec![first];
        if !self.settings.record_limit {
            let size = self.settings.batch_size as usize;
            while let Some(from) = cuts.last()
                && from + size < end
            {
                cuts.push(end_of_batch(from + size - 1));
            }
        }
        for offset in first..end {
            let batch = *cuts.iter().rfind(|cut| **cut <= offset).unwrap();
            let divided = self.settings.record_limit && end - first > most;
            self.records.push(Record {
                state: State::Available,
                count: 0,
                batch,
                divided,
            });
            if !self.settings.record_limit || offset < first + most {
                got.push(self.deliver(offset, who));
            }
        }
    }

    /// Whether the acknowledgement is taken.
    pub(crate) fn acknowledge(
        &mut self,
        (by, now): (u16, u64),
        said: &[(usize, AcknowledgeType)],
    ) -> bool {
        let is_its =
            |record: &Record| matches!(record.state, State::Acquired { by: who, .. } if who == by);
        let mut open = said.iter().filter(|(offset, _)| *offset >= self.start);
        if !open.all(|(offset, _)| self.records.get(*offset).is_some_and(is_its)) {
            return false;
        }
        let same = said.iter().all(|(_, what)| *what == said[0].1);
        for (offset, what) in said {
            if *offset < self.start {
                continue;
            }
            let batch = self.records[*offset].batch;
            let members = self.members(batch);
            let covers = members
                .iter()
                .all(|member| *member >= self.start && said.iter().any(|(o, _)| o == member));
            if !(same && covers) {
                self.divide(batch);
            }
            match what {
                AcknowledgeType::Accept => self.records[*offset].state = State::Acknowledged,
                AcknowledgeType::Reject => self.records[*offset].state = State::Archived,
                AcknowledgeType::Release => self.let_go(*offset),
                AcknowledgeType::Renew => {
                    let until = now + self.settings.lock;
                    self.records[*offset].state = State::Acquired { by, until };
                }
            }
        }
        self.move_start();
        true
    }

    fn let_go(&mut self, offset: usize) {
        let limit = self.settings.limit;
        let record = &mut self.records[offset];
        record.state = if record.count >= limit {
            State::Archived
        } else {
            State::Available
        };
    }

    pub(crate) fn close_session(&mut self, by: u16) {
        for offset in 0..self.records.len() {
            if matches!(self.records[offset].state, State::Acquired { by: who, .. } if who == by) {
                self.let_go(offset);
            }
        }
        self.move_start();
    }

    pub(crate) fn advance(&mut self, now: u64) {
        for offset in 0..self.records.len() {
            if matches!(self.records[offset].state, State::Acquired { until, .. } if until <= now) {
                self.let_go(offset);
            }
        }
        self.move_start();
    }

    fn move_start(&mut self) {
        let done = |r: &&Record| matches!(r.state, State::Acknowledged | State::Archived);
        self.start += self
            .records
            .iter()
            .skip(self.start)
            .take_while(done)
            .count();
    }
}
