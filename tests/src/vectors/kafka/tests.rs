//! The files of the project, and that the runner notices what is wrong.

use broker_lab_core::kafka::defaults::PROPERTIES;

use super::super::tally::Folder;
use super::run;

const FOLDER: Folder = Folder { name: "kafka", run };

#[test]
fn every_file_of_the_folder_gives_what_is_covered() {
    FOLDER.check("murmur2.json", [199, 0, 0]);
    FOLDER.check("assignors-classic.json", [738, 0, 0]);
    FOLDER.check("assignors-consumer-protocol.json", [520, 0, 0]);
    FOLDER.check("sticky-partitioner.json", [41, 0, 0]);
    FOLDER.check("accumulator.json", [18, 0, 0]);
    FOLDER.check("reconciliation-consumer-protocol.json", [701, 0, 0]);
    FOLDER.check("java-hash-order.json", [24, 0, 0]);
}

/// Every default of the core stands in the file, under its scope and name, with its value.
#[test]
fn every_default_that_we_have_is_the_real_one() {
    let [passed, failed, _] = FOLDER.counts("defaults.json", &FOLDER.text("defaults.json"));
    assert_eq!((passed, failed), (PROPERTIES.len(), 0));
}

#[test]
fn a_wrong_answer_fails() {
    let changed = FOLDER
        .text("murmur2.json")
        .replacen("275646681", "275646682", 1);
    assert_eq!(FOLDER.counts("murmur2.json", &changed), [198, 1, 0]);
    let changed = FOLDER.text("assignors-classic.json").replacen(
        r#""expected":{"m0":[["orders",0]"#,
        r#""expected":{"m0":[["orders",5]"#,
        1,
    );
    assert_eq!(FOLDER.counts("assignors-classic.json", &changed)[1], 1);
    let changed = FOLDER.text("defaults.json").replacen("45000", "10000", 1);
    assert_eq!(FOLDER.counts("defaults.json", &changed)[1], 1);
}

#[test]
fn what_is_no_vector_file_is_an_error() {
    assert!(run("murmur3.json", "{}").is_err());
    assert!(run("murmur2.json", "{}").is_err());
}
