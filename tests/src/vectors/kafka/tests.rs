//! The files of the project, and that the runner notices what is wrong.

use broker_lab_core::kafka::defaults::PROPERTIES;

use super::super::tally::Folder;
use super::run;

const FOLDER: Folder = Folder { name: "kafka", run };

fn text(name: &str) -> String {
    FOLDER.text(name)
}

fn counts(name: &str, text: &str) -> [usize; 3] {
    FOLDER.counts(name, text)
}

#[track_caller]
fn check(name: &str, expected: [usize; 3]) {
    assert_eq!(counts(name, &text(name)), expected, "{name}");
}

#[test]
fn every_file_of_the_folder_gives_what_is_covered() {
    check("murmur2.json", [199, 0, 0]);
    check("assignors-classic.json", [102, 0, 636]);
    check("assignors-consumer-protocol.json", [117, 0, 403]);
    check("sticky-partitioner.json", [0, 0, 41]);
    check("accumulator.json", [0, 0, 18]);
    check("reconciliation-consumer-protocol.json", [0, 0, 701]);
    check("java-hash-order.json", [0, 0, 24]);
}

/// Every default of the core stands in the file, under its scope and name, with its value.
#[test]
fn every_default_that_we_have_is_the_real_one() {
    let [passed, failed, _] = counts("defaults.json", &text("defaults.json"));
    assert_eq!((passed, failed), (PROPERTIES.len(), 0));
}

#[test]
fn a_wrong_answer_fails() {
    let changed = text("murmur2.json").replacen("275646681", "275646682", 1);
    assert_eq!(counts("murmur2.json", &changed), [198, 1, 0]);
    let changed = text("assignors-classic.json").replacen(
        r#""expected":{"m0":[["orders",0]"#,
        r#""expected":{"m0":[["orders",5]"#,
        1,
    );
    assert_eq!(counts("assignors-classic.json", &changed)[1], 1);
    let changed = text("defaults.json").replacen("45000", "10000", 1);
    assert_eq!(counts("defaults.json", &changed)[1], 1);
}

#[test]
fn what_is_no_vector_file_is_an_error() {
    assert!(run("murmur3.json", "{}").is_err());
    assert!(run("murmur2.json", "{}").is_err());
}
