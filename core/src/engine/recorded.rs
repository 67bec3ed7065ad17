//! A lane that was recorded: what happened in it is told at its times.

use crate::cast::LaneCast;
use crate::ids::MessageId;
use crate::recording::{Playback, Recorded};
use crate::scenario::KafkaLane;
use crate::time::SimTime;
use crate::trace::What;

/// A recorded lane, and how much of it has been told.
#[derive(Clone, Debug)]
pub(super) struct RecordedLane {
    playback: Playback,
    told: usize,
}

impl RecordedLane {
    /// The lane of a checked scenario.
    pub(super) fn new(recorded: &Recorded, document: &KafkaLane, cast: &LaneCast) -> Self {
        // A checked one is sound.
        let playback = Playback::of(recorded, document, cast).unwrap_or_default();
        Self { playback, told: 0 }
    }

    /// When there is more to tell.
    pub(super) fn next_time(&self) -> Option<SimTime> {
        self.playback.get(self.told).map(|happening| happening.at)
    }

    /// The next thing that has happened by `now`, if `sent` messages have been sent; those of the
    /// moment itself come first.
    pub(super) fn next(&mut self, now: SimTime, sent: u32) -> Option<What> {
        let next = self.playback.get(self.told)?;
        (next.at <= now && next.sent <= sent).then(|| {
            self.told += 1;
            next.what
        })
    }

    /// A message is sent: where it came to lie, if it is one of the recording.
    pub(super) fn on_sent(&self, message: MessageId) -> Option<What> {
        let (partition, offset) = self.playback.place(message)?;
        Some(What::Appended {
            partition,
            offset,
            message,
        })
    }
}
