//! The experiments that come with the page.

/// A scenario by name, with what to notice and what to try.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// As the address has it.
    pub name: &'static str,
    /// As the document has it.
    pub title: &'static str,
    /// The document.
    pub document: &'static str,
    /// What to notice.
    pub notice: &'static [&'static str],
    /// What to try.
    pub try_it: &'static [&'static str],
}

/// What can be tried with any experiment.
pub const TRY: &[&str] = &[
    "Press Space to play and to pause; J and L go from event to event.",
    "Crash a worker or a consumer, and drag the timeline back to before it.",
    "Click a message: Inspect tells its story in every lane.",
];

/// All of them; the first is the opening scene.
pub const ALL: [Preset; 4] = [
    Preset {
        name: "one-workload",
        title: "One workload, two lanes",
        document: include_str!("../../../static/scenarios/one-workload.json"),
        notice: &[
            "The same twelve orders go to a queue and to a log.",
            "The queue hands each order to one of its workers, and forgets it once that worker deletes it. The log hands each order to every group, and keeps it until its retention time is over.",
        ],
        try_it: &[
            "Press Space and watch the counts under the titles: twelve handed out by the queue, twenty-four by the log.",
            "Crash a worker while it works. Nobody tells the queue: the order stays hidden until its visibility timeout runs out.",
            "Crash a consumer of billing. Its partition waits until the session ends; then its neighbour reads on from the committed offset.",
            "Drag the timeline back to before the crash, and click an order to read its story.",
        ],
    },
    Preset {
        name: "crash",
        title: "A worker dies, a consumer dies",
        document: include_str!("../../../static/scenarios/crash.json"),
        notice: &[
            "In both lanes one process dies in the middle of its work.",
            "The queue hides one order until its time runs out. In the log, one consumer's partition waits until its session ends; then its neighbour reads on from the committed offset, and repeats what was begun after it.",
        ],
        try_it: &[
            "Follow the flags on the timeline, one after the other.",
            "Click an order that has a second outline: why was it begun twice?",
            "Look at Guarantees: which lane processed an order twice, and when?",
        ],
    },
    Preset {
        name: "poison",
        title: "An order that always fails",
        document: include_str!("../../../static/scenarios/poison.json"),
        notice: &[
            "The work on order 4 fails every time.",
            "The queue counts the receives and, in place of a fourth, moves the order aside to the dead-letter queue. A consumer group has no such count: this one reads the record again and again, and everything behind it in the partition waits; what else the same consumer reads is held up too.",
        ],
        try_it: &[
            "Click order 4: Inspect counts its receives in the queue, and tells where it goes in the end.",
            "Watch p0 in the log: the orders behind order 4 do not move. Those in p1 wait as well, because the same consumer reads both.",
        ],
    },
    Preset {
        name: "timeout-too-short",
        title: "A timeout that is too short",
        document: include_str!("../../../static/scenarios/timeout-too-short.json"),
        notice: &[
            "The work takes longer than the queue hides an order.",
            "Another worker gets the order while the first is still at it: both do the work. In the log nothing of the kind happens here: a partition has one reader in each group, and no time runs out for a single record. A consumer that is away for too long would lose its partition, and then it could.",
        ],
        try_it: &[
            "Watch the ring of an order run out while its worker is still busy.",
            "Look at Guarantees: one consumer at a time, and processed only once.",
        ],
    },
];
