//! Brokers that fail: random documents of three brokers, producers that are acknowledged, readers,
//! and what is done to brokers, links and producers.

use broker_lab_core::SimDuration;
use broker_lab_core::scenario::{
    Acks, AutoOffsetReset, Command, ConsumerGroup, KafkaLane, KafkaProducer, KeyChoice, Lane,
    Network, Percent, Producer, Rate, Scenario, SetLink, SetProducer, SetTopic, Topic, Work,
    Workload,
};

use super::dice::{Dice, millis, secs};

/// What may happen to the brokers of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Faults {
    /// One broker at a time dies, stands still, stops or is cut off, and is back and in sync before
    /// the next: what acks=all and min.insync.replicas=2 are made for.
    OneAtATime,
    /// Anything, at any time, with any settings.
    Any,
}

/// How long after a fault everything is well again: the session of a broker, its start, its fetches.
const RECOVERY: SimDuration = SimDuration::from_secs(25);

/// A document with faults of this kind, decided by `seed`.
#[must_use]
pub fn cluster_scenario(seed: u64, faults: Faults) -> Scenario {
    let dice = &mut Dice::new(seed, "cluster");
    let wild = faults == Faults::Any;
    let horizon = secs(if wild { 90 } else { 140 });
    let topic = Topic {
        name: String::from("orders"),
        partitions: 1 + dice.below(3) as u32,
        replication_factor: if wild { 2 + dice.below(2) as u32 } else { 3 },
        min_insync_replicas: if wild { 1 + dice.below(3) as u32 } else { 2 },
        unclean_leader_election_enable: wild && dice.once_in(3),
        ..Topic::default()
    };
    let lane = KafkaLane {
        brokers: 3,
        controllers: dice.pick(&[1, 3]),
        replica_lag_time_max: secs(dice.pick(&[2, 4, 30])),
        broker_session_timeout: secs(dice.pick(&[3, 9])),
        topics: vec![topic],
        producers: vec![settings(dice, wild)],
        groups: vec![ConsumerGroup {
            name: String::from("billing"),
            topics: vec![String::from("orders")],
            members: 2,
            auto_offset_reset: AutoOffsetReset::Earliest,
            ..ConsumerGroup::default()
        }],
        ..KafkaLane::default()
    };
    let keys = ["ada", "ben", "cy", "dot", "eli"].map(String::from);
    let keys = if dice.once_in(4) {
        Vec::new()
    } else {
        keys.to_vec()
    };
    Scenario {
        version: 1,
        title: format!("Random cluster {seed}"),
        seed: dice.below(1_000) as u32,
        horizon,
        network: Network {
            latency: millis(dice.pick(&[1, 5, 20])),
        },
        workload: Workload {
            producers: ["checkout", "returns"]
                .map(|name| producer(dice, (name, &keys)))
                .to_vec(),
            work: Work {
                takes: millis(50),
                ..Work::default()
            },
            failures: Vec::new(),
        },
        lanes: vec![Lane {
            name: String::from("log"),
            kafka: Some(lane),
            ..Lane::default()
        }],
        commands: match faults {
            Faults::OneAtATime => one_at_a_time(dice),
            Faults::Any => anything(dice, horizon),
        },
        ..Scenario::default()
    }
}

fn producer(dice: &mut Dice, (name, keys): (&str, &[String])) -> Producer {
    Producer {
        name: name.to_owned(),
        rate: Some(Rate {
            count: dice.pick(&[1, 3, 10]),
            per: secs(1),
        }),
        count: None,
        start: millis(dice.pick(&[0, 700])),
        keys: keys.to_vec(),
        key_choice: KeyChoice::Random,
        sends: Vec::new(),
    }
}

/// Of all producers. Not wild ones wait for all in-sync replicas, and are idempotent.
fn settings(dice: &mut Dice, wild: bool) -> KafkaProducer {
    let mut settings = KafkaProducer {
        linger: Some(millis(dice.pick(&[0, 5, 400]))),
        batch_size: Some(dice.pick(&[0, 300, 16_384])),
        max_in_flight_requests_per_connection: Some(dice.pick(&[1, 2, 5])),
        request_timeout: Some(millis(dice.pick(&[500, 3_000, 30_000]))),
        ..KafkaProducer::default()
    };
    if wild {
        settings.acks = Some(dice.pick(&[Acks::Zero, Acks::One, Acks::All, Acks::All]));
        settings.enable_idempotence = dice.once_in(3).then_some(false);
        settings.delivery_timeout = Some(millis(dice.pick(&[2_000, 10_000, 120_000])));
        settings.retries = dice.once_in(5).then(|| dice.below(3) as u32);
    }
    settings
}

fn one_at_a_time(dice: &mut Dice) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut at = millis(1_000 + dice.below(4_000));
    while at < secs(90) {
        let broker = 1 + dice.below(3) as u32;
        let lasts = millis(dice.below(20_000));
        let (fault, mended) = fault(dice, broker);
        commands.push(Command { at, ..fault });
        at = at + lasts;
        commands.push(Command { at, ..mended });
        if dice.once_in(3) {
            let name = dice.pick(&["checkout", "returns"]);
            commands.push(Command {
                at: at + secs(15),
                lose_next_answer: Some(String::from(name)),
                ..Command::default()
            });
        }
        at = at + RECOVERY + millis(dice.below(3_000));
    }
    commands
}

/// Something that is done to a broker, and what ends it.
fn fault(dice: &mut Dice, broker: u32) -> (Command, Command) {
    let command = Command::default();
    let start = Command {
        start_broker: Some(broker),
        ..Command::default()
    };
    match dice.below(5) {
        0 | 1 => (
            Command {
                kill_broker: Some(broker),
                ..command
            },
            start,
        ),
        2 => (
            Command {
                stop_broker: Some(broker),
                ..command
            },
            start,
        ),
        3 => (
            Command {
                freeze_broker: Some(broker),
                ..command
            },
            Command {
                thaw_broker: Some(broker),
                ..Command::default()
            },
        ),
        _ => {
            let link = SetLink {
                from: format!("broker-{broker}"),
                to: dice.pick(&["controllers", "checkout"]).to_owned(),
                ..SetLink::default()
            };
            let cut = SetLink {
                cut: true,
                ..link.clone()
            };
            (
                Command {
                    set_link: Some(cut),
                    ..command
                },
                Command {
                    set_link: Some(link),
                    ..Command::default()
                },
            )
        }
    }
}

fn anything(dice: &mut Dice, horizon: SimDuration) -> Vec<Command> {
    let count = 4 + dice.below(16);
    let commands = (0..count).map(|_| {
        let at = millis(dice.below(horizon.as_millis()));
        let command = any_command(dice);
        Command { at, ..command }
    });
    commands.collect()
}

fn any_command(dice: &mut Dice) -> Command {
    let broker = 1 + dice.below(3) as u32;
    let mut command = Command::default();
    match dice.below(14) {
        0..=4 => {
            let (fault, mended) = fault(dice, broker);
            return if dice.once_in(2) { fault } else { mended };
        }
        5 | 6 => command.start_broker = Some(broker),
        7 => command.kill_controller = Some(1),
        8 => command.start_controller = Some(1),
        9 => {
            command.set_topic = Some(SetTopic {
                topic: String::from("orders"),
                min_insync_replicas: Some(1 + dice.below(3) as u32),
                unclean_leader_election_enable: dice.once_in(3).then_some(true),
            });
        }
        10 => {
            command.set_producer = Some(SetProducer {
                producer: String::from("checkout"),
                acks: Some(dice.pick(&[Acks::Zero, Acks::One, Acks::All])),
                enable_idempotence: None,
            });
        }
        11 => command.lose_next_answer = Some(String::from("checkout")),
        _ => {
            let other = 1 + broker % 3;
            let to = dice.pick(&["controllers", "checkout", "returns", "broker"]);
            let mut link = SetLink {
                from: format!("broker-{broker}"),
                to: if to == "broker" {
                    format!("broker-{other}")
                } else {
                    to.to_owned()
                },
                ..SetLink::default()
            };
            match dice.below(4) {
                0 => link.cut = true,
                1 => link.latency = Some(millis(dice.pick(&[0, 200, 2_000]))),
                2 => link.loss = Some(Percent(dice.pick(&[10, 50]))),
                _ => {}
            }
            command.set_link = Some(link);
        }
    }
    command
}
