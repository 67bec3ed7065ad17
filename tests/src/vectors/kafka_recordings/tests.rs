//! What is played and what is not.

use super::*;
use crate::vectors::tally::Folder;

const FOLDER: Folder = Folder {
    name: "kafka-recordings",
    run,
};

#[test]
fn range_groups_show_what_was_recorded() {
    for (file, facts) in [("broadcast-range.json", 9)] {
        FOLDER.check(file, [facts, 0, 0]);
    }
}

#[test]
fn what_is_no_recording_is_an_error() {
    assert!(run("crash.json", "{}").is_err());
    assert!(run("crash.json", r#"{"id": "x", "setup": {}}"#).is_err());
}
