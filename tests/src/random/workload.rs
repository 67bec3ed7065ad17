//! Who sends what, how long the work takes, what fails.

use broker_lab_core::scenario::{
    Failure, KeyChoice, Percent, Producer, Rate, SendAt, SlowWork, Work, Workload,
};

use super::dice::{Dice, millis, secs};
use super::shape::Shape;

const KEYS: [&str; 8] = ["ada", "ben", "cy", "dot", "eli", "fay", "gus", "hal"];

pub(super) fn workload(shape: &Shape, latency: u64) -> Workload {
    let producers = ["checkout", "returns"]
        .into_iter()
        .take(shape.producers.into());
    let dice = &mut shape.dice("workload");
    Workload {
        producers: producers.map(|name| producer(shape, name)).collect(),
        work: Work {
            takes: millis(if shape.messages >= Shape::MANY {
                dice.pick(&[1, 5, 20])
            } else if latency < 50 {
                // Little work over a fast network fails thousands of times before the horizon.
                dice.pick(&[100, 500, 1_000, 3_000, 8_000])
            } else {
                dice.pick(&[0, 50, 500, 1_000, 1_000, 3_000, 8_000])
            }),
            varies: Percent(dice.pick(&[0, 0, 30, 50])),
            slow: slow(shape),
        },
        failures: (0..dice.below(4)).map(|_| failure(shape, dice)).collect(),
    }
}

fn producer(shape: &Shape, name: &str) -> Producer {
    let dice = &mut shape.dice(name);
    let producer = Producer {
        name: name.to_owned(),
        rate: Some(dice.pick(if shape.messages >= Shape::MANY {
            FAST
        } else {
            SLOW
        })),
        count: Some(shape.messages.into()),
        start: millis(dice.pick(&[0, 0, 1_000, 4_000])),
        keys: keys(shape),
        key_choice: dice.pick(&[KeyChoice::InTurn, KeyChoice::Random]),
        sends: Vec::new(),
    };
    if shape.messages < Shape::MANY && shape.dice("sends").once_in(6) {
        return one_by_one(shape, &producer);
    }
    producer
}

/// A producer that says of each message when it is sent, of some to which partition.
fn one_by_one(shape: &Shape, like: &Producer) -> Producer {
    let dice = &mut shape.dice("one by one");
    let mut at = like.start;
    let send = |_| {
        at = at + millis(dice.pick(&[0, 1, 300, 2_000]));
        SendAt {
            at,
            key: Some(any_key(shape, dice)),
            topic: None,
            // Every topic has a first one.
            partition: dice.once_in(2).then_some(0),
        }
    };
    Producer {
        name: like.name.clone(),
        sends: (0..shape.messages.clamp(1, 40)).map(send).collect(),
        ..Producer::default()
    }
}

/// Some messages need longer, or no time at all.
fn slow(shape: &Shape) -> Vec<SlowWork> {
    let dice = &mut shape.dice("slow");
    if !dice.once_in(4) {
        return Vec::new();
    }
    vec![
        SlowWork {
            message: Some(dice.pick(&[1, 2, 5])),
            key: None,
            takes: millis(dice.pick(&[400, 7_000])),
        },
        SlowWork {
            message: None,
            key: Some(any_key(shape, dice)),
            takes: millis(dice.pick(&[300, 2_000])),
        },
    ]
}

const FAST: &[Rate] = &[rate(50, 1_000), rate(200, 1_000), rate(500, 1_000)];
const SLOW: &[Rate] = &[
    rate(1, 1_000),
    rate(2, 1_000),
    rate(5, 1_000),
    rate(3, 7_000),
    rate(100, 1_000),
];

const fn rate(count: u32, per: u64) -> Rate {
    Rate {
        count,
        per: millis(per),
    }
}

/// A lane of standard queues alone may have messages without keys.
fn keys(shape: &Shape) -> Vec<String> {
    let count = usize::from(shape.keys.clamp(1, 8));
    if !shape.has_log_lane() && !shape.is_fifo() && shape.dice("keys").once_in(4) {
        return Vec::new();
    }
    KEYS.iter()
        .take(count)
        .map(|key| (*key).to_owned())
        .collect()
}

pub(super) fn any_key(shape: &Shape, dice: &mut Dice) -> String {
    let count = usize::from(shape.keys.clamp(1, 8));
    dice.pick(&KEYS[..count]).to_owned()
}

fn failure(shape: &Shape, dice: &mut Dice) -> Failure {
    let message = 1 + dice.below(u64::from(shape.messages) * 2 + 1) as u32;
    let (message, key, chance) = match dice.below(4) {
        0 | 1 => (Some(message), None, None),
        2 => (None, Some(any_key(shape, dice)), Some(Percent(50))),
        _ => (None, None, Some(Percent(20))),
    };
    let always = dice.once_in(4);
    let times = (!always && dice.once_in(2)).then(|| 1 + dice.below(3) as u32);
    Failure {
        message,
        key,
        chance,
        always,
        times,
    }
}

/// A moment of the run, on a grid that other things happen on as well.
pub(super) fn any_moment(shape: &Shape, dice: &mut Dice) -> broker_lab_core::SimDuration {
    let horizon = u64::from(shape.horizon) * 1_000;
    // Most of what matters happens while there are messages.
    let busy = if dice.once_in(2) {
        horizon
    } else {
        horizon.min(20_000)
    };
    match dice.below(3) {
        0 => secs(dice.below(busy / 1_000 + 1)),
        1 => millis(dice.below(busy / 500 + 1) * 500).min(millis(horizon)),
        _ => millis(dice.below(busy + 1)),
    }
}
