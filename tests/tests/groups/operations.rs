//! What happens to a group and its clients.

use proptest::collection::vec;
use proptest::prelude::*;

/// Something that happens. Clients are told apart by small numbers; what makes no sense is left
/// out.
#[derive(Clone, Debug)]
pub(crate) enum Operation {
    /// A process starts, or starts again.
    Start {
        client: u16,
        topics: Topics,
    },
    /// A process dies.
    Crash {
        client: u16,
    },
    /// A process leaves; a static member for a while.
    Leave {
        client: u16,
    },
    /// A process stands still, or goes on.
    Freeze {
        client: u16,
    },
    Thaw {
        client: u16,
    },
    /// From now on it takes so long to give something up, in milliseconds.
    Slow {
        client: u16,
        takes: u64,
    },
    /// It subscribes to other topics from its next heartbeat on.
    Subscribe {
        client: u16,
        topics: Topics,
    },
    /// The next answer to it gets lost.
    LoseAnswer {
        client: u16,
    },
    /// A topic gets another partition.
    Grow {
        topic: u16,
    },
    /// Time passes, in milliseconds.
    Wait {
        millis: u64,
    },
}

/// Which of the two topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topics {
    First,
    Second,
    Both,
}

impl Topics {
    pub(crate) fn list(self) -> Vec<u16> {
        match self {
            Self::First => vec![0],
            Self::Second => vec![1],
            Self::Both => vec![0, 1],
        }
    }
}

pub(crate) fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let client = 0_u16..6;
    let topics = prop_oneof![
        4 => Just(Topics::First),
        1 => Just(Topics::Second),
        2 => Just(Topics::Both),
    ];
    let short = 0_u64..2_500;
    let long = 5_000_u64..60_000;
    let operation = prop_oneof![
        6 => (client.clone(), topics.clone())
            .prop_map(|(client, topics)| Operation::Start { client, topics }),
        2 => client.clone().prop_map(|client| Operation::Crash { client }),
        2 => client.clone().prop_map(|client| Operation::Leave { client }),
        1 => client.clone().prop_map(|client| Operation::Freeze { client }),
        1 => client.clone().prop_map(|client| Operation::Thaw { client }),
        2 => (client.clone(), 0_u64..40_000)
            .prop_map(|(client, takes)| Operation::Slow { client, takes }),
        1 => (client.clone(), topics)
            .prop_map(|(client, topics)| Operation::Subscribe { client, topics }),
        1 => client.prop_map(|client| Operation::LoseAnswer { client }),
        1 => (0_u16..2).prop_map(|topic| Operation::Grow { topic }),
        8 => short.prop_map(|millis| Operation::Wait { millis }),
        2 => long.prop_map(|millis| Operation::Wait { millis }),
    ];
    vec(operation, 1..60)
}
