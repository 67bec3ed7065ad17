//! Does the same to the share partition and to the reference, and compares all that can be seen.

use std::collections::BTreeSet;

use broker_lab_core::kafka::group::MemberId;
use broker_lab_core::kafka::share::{
    AcknowledgeType, AcknowledgementBatch, Acquire, FetchedLog, RecordState, ShareEffect,
    SharePartition, SharePartitionSettings,
};
use broker_lab_core::scenario::ShareAcquireMode;
use broker_lab_core::{ActorId, Offset, SimDuration, SimTime};

use crate::model::{Model, Settings, State};

/// What is done next.
#[derive(Clone, Debug)]
pub(crate) enum Operation {
    Append(u32),
    Fetch {
        who: u16,
        most: u32,
    },
    /// What a member says of the records from one on: an index into what lies between start and
    /// end offset, and one type for all or one for each.
    Acknowledge {
        who: u16,
        from: usize,
        types: Vec<AcknowledgeType>,
        count: usize,
    },
    CloseSession(u16),
    Pass(u64),
}

/// The difference, if there is one.
pub(crate) fn play(settings: Settings, operations: &[Operation]) -> Result<(), String> {
    let mut play = Play::new(settings);
    for (number, operation) in operations.iter().enumerate() {
        play.take(operation)
            .and_then(|()| play.compare())
            .map_err(|why| format!("{number} {operation:?} at {}: {why}", play.now))?;
    }
    play.finish()
}

struct Play {
    settings: Settings,
    partition: SharePartition,
    model: Model,
    effects: Vec<ShareEffect>,
    now: u64,
    /// Who has which record as the effects tell it.
    held: BTreeSet<(u32, u16)>,
}

fn member(who: u16) -> MemberId {
    MemberId {
        actor: ActorId(who),
        incarnation: 0,
    }
}

impl Play {
    fn new(settings: Settings) -> Self {
        let own = SharePartitionSettings {
            record_lock_duration: SimDuration::from_millis(settings.lock),
            delivery_count_limit: settings.limit,
            max_record_locks: settings.max_record_locks,
        };
        Self {
            settings,
            partition: SharePartition::new(Offset(0), own),
            model: Model::new(settings),
            effects: Vec::new(),
            now: 0,
            held: BTreeSet::new(),
        }
    }

    fn time(&self) -> SimTime {
        SimTime::from_millis(self.now)
    }

    fn take(&mut self, operation: &Operation) -> Result<(), String> {
        match operation {
            Operation::Append(count) => self.model.log += *count as usize,
            Operation::Fetch { who, most } => self.fetch(*who, *most)?,
            Operation::Acknowledge {
                who,
                from,
                types,
                count,
            } => self.acknowledge(*who, (*from, *count), types)?,
            Operation::CloseSession(who) => {
                self.model.close_session(*who);
                self.partition
                    .release_member(member(*who), &mut self.effects);
            }
            Operation::Pass(millis) => {
                self.now += millis;
                self.model.advance(self.now);
                let now = self.time();
                self.partition.advance(now, &mut self.effects);
                if self.partition.next_timeout().is_some_and(|at| at <= now) {
                    return Err(String::from("a lock that has run out is still there"));
                }
            }
        }
        self.follow_effects()
    }

    fn fetch(&mut self, who: u16, most: u32) -> Result<(), String> {
        let size = self.settings.log_batch;
        let batches: Vec<_> = (0..self.model.log as u32 / size)
            .filter(|_| size > 1)
            .map(|n| (Offset(n * size), Offset((n + 1) * size - 1)))
            .collect();
        let log = FetchedLog {
            end: Offset(self.model.log as u32),
            batches: &batches,
        };
        let mode = match self.settings.record_limit {
            true => ShareAcquireMode::RecordLimit,
            false => ShareAcquireMode::BatchOptimized,
        };
        let request = Acquire {
            member: member(who),
            mode,
            max_records: most,
            batch_size: self.settings.batch_size,
        };
        let expected = self.model.acquire((who, self.now), most as usize);
        let could = self.partition.can_acquire(log.end);
        self.effects.clear();
        let (now, out) = (self.time(), &mut self.effects);
        let count = self.partition.acquire(now, &request, &log, out);
        let got = self.effects.iter().filter_map(|effect| match effect {
            ShareEffect::Acquired {
                offset,
                delivery_count,
                ..
            } => Some((offset.index(), *delivery_count)),
            _ => None,
        });
        let got: Vec<(usize, u16)> = got.collect();
        if got != expected || count as usize != got.len() || could == got.is_empty() {
            return Err(format!(
                "got {got:?} ({count}), expected {expected:?}, could {could}"
            ));
        }
        Ok(())
    }

    fn acknowledge(
        &mut self,
        who: u16,
        (from, count): (usize, usize),
        types: &[AcknowledgeType],
    ) -> Result<(), String> {
        // Mostly in flight, now and then already finished.
        let flight = self.model.records.len() - self.model.start;
        let from = (self.model.start + from % (flight + 2)).saturating_sub(1);
        let count = if types.len() == 1 { count } else { types.len() };
        let said: Vec<_> = (0..count)
            .map(|n| (from + n, types[n.min(types.len() - 1)]))
            .collect();
        let batch = AcknowledgementBatch {
            first: Offset(from as u32),
            last: Offset((from + count - 1) as u32),
            types: types.to_vec(),
        };
        let (now, out) = (self.time(), &mut self.effects);
        let taken = self.model.acknowledge((who, self.now), &said);
        let result = self.partition.acknowledge(now, member(who), &[batch], out);
        if result.is_ok() != taken {
            return Err(format!("{result:?}, expected taken: {taken}"));
        }
        Ok(())
    }

    /// At most one member has a record, as the effects tell it, and nobody gets one that is done.
    fn follow_effects(&mut self) -> Result<(), String> {
        for effect in self.effects.drain(..) {
            match effect {
                ShareEffect::Acquired {
                    offset,
                    member,
                    delivery_count,
                    ..
                } => {
                    let is_held = self.held.iter().any(|(its, _)| *its == offset.0);
                    if is_held || delivery_count > self.settings.limit {
                        return Err(format!("{effect:?}"));
                    }
                    self.held.insert((offset.0, member.actor.0));
                }
                ShareEffect::Acknowledged { offset, member }
                | ShareEffect::Released { offset, member, .. }
                | ShareEffect::Archived { offset, member, .. }
                    if !self.held.remove(&(offset.0, member.actor.0)) =>
                {
                    return Err(format!("{effect:?} of what it does not have"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn compare(&mut self) -> Result<(), String> {
        let window = (
            self.partition.start_offset().index(),
            self.partition.end_offset().index(),
        );
        let expected = (self.model.start, self.model.records.len());
        if window != expected {
            return Err(format!("window {window:?}, expected {expected:?}"));
        }
        for offset in window.0..window.1 {
            let ours = self.partition.record(Offset(offset as u32)).unwrap();
            let state = match ours.state {
                RecordState::Available => State::Available,
                RecordState::Acquired { member, lock_until } => State::Acquired {
                    by: member.actor.0,
                    until: lock_until.as_micros() / 1_000,
                },
                RecordState::Acknowledged => State::Acknowledged,
                RecordState::Archived => State::Archived,
            };
            let model = self.model.records[offset];
            if (state, ours.delivery_count) != (model.state, model.count) {
                return Err(format!("{offset}: {ours:?}, expected {model:?}"));
            }
        }
        let available = self.model.records.iter().skip(window.0);
        let mut available = available.map(|record| record.state == State::Available);
        let next = available
            .position(|is| is)
            .map_or(window.1, |n| window.0 + n);
        let ours = self.partition.next_fetch_offset().index();
        if ours != next {
            return Err(format!("next fetch at {ours}, expected {next}"));
        }
        Ok(())
    }

    /// As long as somebody fetches and time passes, every record comes to an end.
    fn finish(&mut self) -> Result<(), String> {
        let rounds = u32::from(self.settings.limit) * (self.model.log as u32 + 1) + 1;
        for _ in 0..rounds {
            self.take(&Operation::Fetch { who: 0, most: 7 })?;
            self.take(&Operation::Pass(self.settings.lock))?;
            self.compare()?;
            if self.model.start == self.model.log {
                return Ok(());
            }
        }
        Err(format!(
            "still at {} of {}",
            self.model.start, self.model.log
        ))
    }
}
