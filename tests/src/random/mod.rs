//! Random scenarios from a seed: the same document for the same seed, natively and in a browser.
//!
//! A [`Shape`] says how large an experiment is, in small numbers that a shrinking test can lower;
//! its seed decides everything else, each purpose by dice of its own, so that one lane less does
//! not reshuffle the commands. Every document passes the scenario's own check.

mod cluster;
mod commands;
mod dice;
mod lanes;
mod shape;
mod share;
mod workload;

pub use cluster::{Faults, cluster_scenario};
pub use dice::Dice;
pub use shape::Shape;

use broker_lab_core::scenario::{Lane, Network, Scenario};

use dice::{millis, secs};

/// A scenario of some shape, both decided by `seed`.
#[must_use]
pub fn scenario(seed: u64) -> Scenario {
    Shape::of(seed).scenario()
}

impl Shape {
    /// The scenario of this shape.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        let mut dice = self.dice("scenario");
        let latency = dice.pick(&[0, 1, 5, 5, 50, 500, 2_000]);
        let mut lanes = Vec::new();
        if self.has_queue_lane() {
            lanes.push(Lane {
                name: String::from("queue"),
                sqs: Some(lanes::queue_lane(self, latency)),
                ..Lane::default()
            });
        }
        if self.has_log_lane() {
            lanes.push(Lane {
                name: String::from("log"),
                kafka: Some(lanes::log_lane(self)),
                ..Lane::default()
            });
        }
        let mut scenario = Scenario {
            version: 1,
            title: format!("Random scenario {}", self.seed),
            seed: dice.below(1_000) as u32,
            horizon: secs(self.horizon.into()),
            network: Network {
                latency: millis(latency),
            },
            workload: workload::workload(self, latency),
            lanes,
            ..Scenario::default()
        };
        scenario.commands = commands::commands(self, &scenario);
        scenario
    }
}
