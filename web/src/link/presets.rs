//! The experiments that come with the page.

/// An experiment by name. Its document is a file beside the page, `scenarios/NAME.json`.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// As the address has it.
    pub name: &'static str,
    /// As the document has it.
    pub title: &'static str,
    /// What it compares.
    pub shelf: Shelf,
}

/// Where an experiment stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// A queue beside a log.
    QueueAndLog,
    /// Queues only.
    Queue,
    /// Logs only.
    Log,
}

impl Shelf {
    /// All, in the order of the list.
    pub const ALL: [Self; 3] = [Self::QueueAndLog, Self::Queue, Self::Log];

    /// What the list calls it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::QueueAndLog => "Queue and log",
            Self::Queue => "Queue",
            Self::Log => "Log",
        }
    }

    /// Its experiments, in their order.
    pub fn presets(self) -> impl Iterator<Item = &'static Preset> {
        ALL.iter().filter(move |preset| preset.shelf == self)
    }
}

/// What can be tried with any experiment.
pub const TRY: [&str; 3] = [
    "Press Space to play and to pause; J and L go from event to event.",
    "Crash a worker or a consumer, and drag the timeline back to before it.",
    "Click a message: Inspect tells its story in every lane.",
];

/// The document of the opening scene, which is part of the page.
pub const OPENING: &str = include_str!("../../../static/scenarios/one-workload.json");

/// All of them; the first is the opening scene, and each builds on those before it.
pub const ALL: [Preset; 29] = [
    both("one-workload", "One workload, two lanes"),
    both("crash", "A worker dies, a consumer dies"),
    both("poison", "An order that always fails"),
    both("timeout-too-short", "A timeout that is too short"),
    both("fan-out", "One order, two readers"),
    both("fourth-consumer", "A fourth consumer, three partitions"),
    both("share-group", "A queue on a log"),
    both("replay", "Read it all again"),
    both("hot-key", "A key that is hotter than the others"),
    queue("competing-workers", "Three workers, one queue"),
    queue("two-kinds-one-queue", "Two kinds of workers, one queue"),
    queue("delete-before-work", "Delete before the work, or after it"),
    queue("late-delete", "A delete that comes too late"),
    queue("dead-letters-and-back", "Dead letters, and back"),
    queue("dead-letter-looked-at", "A dead letter that was looked at"),
    queue(
        "delay-and-expiry",
        "Too early to be seen, too old to be kept",
    ),
    queue("fifo-stuck-group", "One order stuck, one group stopped"),
    queue("sent-twice", "Sent twice"),
    queue("topic-cannot-deliver", "A topic that cannot deliver"),
    queue("fair-queue", "A noisy tenant, a fair queue"),
    queue("lambda-partial-batch", "One bad order in a batch"),
    log("two-groups", "One group or two"),
    log("commit-before-work", "Commit before the work, or after it"),
    log("crash-and-reprocess", "What a crash does again"),
    log(
        "three-rebalances",
        "The same crash, three ways to share out",
    ),
    log("static-restart", "A rolling restart, nobody disturbed"),
    log("frozen-consumer", "The zombie"),
    log("rebalance-storm", "Slow work, and no end of rebalances"),
    log(
        "same-crash-recorded",
        "The same crash, on real Kafka and here",
    ),
];

const fn both(name: &'static str, title: &'static str) -> Preset {
    Preset {
        name,
        title,
        shelf: Shelf::QueueAndLog,
    }
}

const fn queue(name: &'static str, title: &'static str) -> Preset {
    Preset {
        name,
        title,
        shelf: Shelf::Queue,
    }
}

const fn log(name: &'static str, title: &'static str) -> Preset {
    Preset {
        name,
        title,
        shelf: Shelf::Log,
    }
}
