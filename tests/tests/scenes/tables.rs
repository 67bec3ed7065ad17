//! The table of guarantees with which each scenario ends.

use broker_lab_core::guarantee::{Guarantee, Verdict};

use crate::play::Play;

/// The lanes of each scenario, and the guarantees of each: `+` kept, a number kept but for so many that
/// are set aside in a dead-letter queue, `x` broken, `?` holds so far.
/// The order is that of the page: nothing lost, processed once, order for each key, one consumer;
/// no duplicates from sends `d`, every kind of worker `e` where they concern the lane.
const TABLES: &[(&str, &[(&str, &str)])] = &[
    (
        "commit-before-work",
        &[("before", "x+++"), ("after", "++++")],
    ),
    ("competing-workers", &[("queue", "++x+")]),
    ("crash-and-reprocess", &[("auto", "+x++"), ("each", "++++")]),
    ("crash", &[("queue", "++x+"), ("log", "+x++")]),
    ("dead-letter-looked-at", &[("queue", "++x+")]),
    ("dead-letters-and-back", &[("queue", "1+++")]),
    ("delay-and-expiry", &[("queue", "x+++")]),
    (
        "delete-before-work",
        &[("before", "x+++"), ("after", "++++")],
    ),
    ("fair-queue", &[("plain", "++++"), ("fair", "++++")]),
    ("fan-out", &[("topic", "++++ e+"), ("log", "++++")]),
    (
        "fifo-stuck-group",
        &[("standard", "++x+"), ("fifo", "++++")],
    ),
    ("fourth-consumer", &[("queue", "++x+"), ("log", "++++")]),
    ("frozen-consumer", &[("log", "+x++")]),
    ("hot-key", &[("queue", "++x+"), ("log", "++++")]),
    (
        "lambda-partial-batch",
        &[("whole", "2x++"), ("partial", "1+++")],
    ),
    ("late-delete", &[("standard", "+x+x"), ("fifo", "+x++")]),
    ("one-workload", &[("queue", "++++"), ("log", "++++")]),
    ("poison", &[("queue", "1+x+"), ("log", "????")]),
    (
        "same-crash-recorded",
        &[("real", "+x++"), ("simulated", "+x++")],
    ),
    (
        "sent-twice",
        &[("standard", "+x++ dx"), ("fifo", "++++ d+")],
    ),
    (
        "rebalance-storm",
        &[("five-a-poll", "+x++"), ("one-a-poll", "++++")],
    ),
    ("replay", &[("queue", "++++"), ("log", "+x++")]),
    ("share-group", &[("queue", "1+x+"), ("shared", "x+x+")]),
    ("static-restart", &[("dynamic", "++++"), ("static", "++++")]),
    (
        "three-rebalances",
        &[
            ("eager", "++++"),
            ("cooperative", "+x++"),
            ("consumer", "++++"),
        ],
    ),
    ("timeout-too-short", &[("queue", "+x+x"), ("log", "++++")]),
    (
        "topic-cannot-deliver",
        &[("lost", "x+x+ ex"), ("kept", "5+x+ e5")],
    ),
    ("two-groups", &[("same-id", "++++"), ("own-id", "++++")]),
    (
        "two-kinds-one-queue",
        &[("one-queue", "++++ ex"), ("topic", "++++ e+")],
    ),
];

fn table(play: &Play) -> Vec<(String, String)> {
    let row = |verdicts: Vec<(Guarantee, Verdict)>| {
        let mut row = String::new();
        for (guarantee, verdict) in verdicts {
            row.push_str(match guarantee {
                Guarantee::NoDuplicateSends => " d",
                Guarantee::EveryTeam => " e",
                _ => "",
            });
            row.push(match verdict {
                Verdict::Kept => '+',
                Verdict::SetAside { messages } => {
                    char::from_digit(messages, 10).expect("a few are set aside")
                }
                Verdict::Broken { .. } => 'x',
                Verdict::SoFar => '?',
            });
        }
        row
    };
    play.lanes()
        .map(|lane| (lane.name().to_owned(), row(lane.verdicts())))
        .collect()
}

#[test]
fn each_scenario_ends_with_its_table_of_guarantees() {
    for (name, expected) in TABLES {
        let expected: Vec<(String, String)> = expected
            .iter()
            .map(|(lane, row)| ((*lane).to_owned(), (*row).to_owned()))
            .collect();
        assert_eq!(table(&Play::of(name)), expected, "{name}");
    }
}

#[test]
fn every_scenario_of_the_page_has_a_table() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/scenarios");
    let files = std::fs::read_dir(folder).expect("the folder of scenarios");
    let mut names: Vec<String> = files
        .map(|file| file.expect("a file").file_name().to_string_lossy().into())
        .collect();
    names.sort_unstable();
    let mut listed: Vec<String> = TABLES
        .iter()
        .map(|(name, _)| format!("{name}.json"))
        .collect();
    listed.sort_unstable();
    assert_eq!(listed, names);
}
