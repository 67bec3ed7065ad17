//! Checks recorded lanes: what was recorded has to be of the lane, and of what is sent.

use crate::cast::{Cast, LaneCast};
use crate::recording::{Playback, Recorded, Sent};
use crate::scenario::fault::Inspector;
use crate::scenario::{Faults, KafkaLane, Scenario};
use crate::workload;

impl Scenario {
    pub(super) fn check_recordings(&self) -> Result<(), Faults> {
        let mut i = Inspector::default();
        let cast = Cast::of(self);
        for (n, (lane, cast)) in self.lanes.iter().zip(&cast.lanes).enumerate() {
            if let (Some(recorded), Some(kafka)) = (&lane.recorded, &lane.kafka) {
                i.at(format_args!("lanes[{n}].recorded"), |i| {
                    self.check_recorded(i, recorded, (kafka, cast));
                });
            }
        }
        i.finish()
    }

    fn check_recorded(
        &self,
        i: &mut Inspector,
        recorded: &Recorded,
        (kafka, cast): (&KafkaLane, &LaneCast),
    ) {
        if recorded.kafka_version().is_empty() {
            i.at("kafka_version", |i| i.fault("is missing"));
        }
        match Playback::of(recorded, kafka, cast) {
            Err(error) => i.fault(error),
            Ok(_) if self.sends_all(recorded) => {}
            Ok(_) => i.fault(
                "the workload is another one: give it one producer, with \"sends\" at the times and with the keys of the recording",
            ),
        }
    }

    /// Whether the workload sends what was sent when `recorded` was: message 7 is the same in every
    /// lane.
    fn sends_all(&self, recorded: &Recorded) -> bool {
        let [producer] = self.workload.producers.as_slice() else {
            return false;
        };
        let Ok(sent) = recorded.sent() else {
            return false;
        };
        let is_it = |(n, Sent { at, key }): (u64, &Sent)| {
            let index = usize::try_from(n).ok();
            let send = index.and_then(|index| producer.sends.get(index));
            workload::send_time(producer, n) == Some(*at)
                && send.is_some_and(|send| send.key == *key)
        };
        producer.sends.len() == sent.len() && (0_u64..).zip(&sent).all(is_it)
    }
}
