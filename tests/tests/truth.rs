//! The page that says how true the playground is says what the runner of the vectors counts.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use broker_lab_tests::vectors::{CaseResult, Outcome, kafka, kafka_recordings, sqs};

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    let text = std::fs::read_to_string(path);
    text.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows of the page that have an attribute: its value, and the cells beside the heading.
fn rows(page: &str, attribute: &str) -> Vec<(String, Vec<String>)> {
    let opening = format!("<tr {attribute}=\"");
    let starts = page.split(&opening).skip(1);
    let rows = starts.map(|start| {
        let (value, row) = start.split_once('"').expect("a closed attribute");
        let (row, _) = row.split_once("</tr>").expect("a closed row");
        let cells = row.split("<td").skip(1).map(|cell| {
            let (_, text) = cell.split_once('>').expect("a closed tag");
            let (text, _) = text.split_once("</td>").expect("a closed cell");
            text.to_owned()
        });
        (value.to_owned(), cells.collect())
    });
    rows.collect()
}

fn page() -> String {
    read(&project().join("static/truth.html"))
}

/// The vector files of a folder, by name.
fn files(folder: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(project().join("tests/vectors").join(folder));
    let names = entries
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".json")).collect()
}

fn results(folder: &str, file: &str) -> Vec<CaseResult> {
    let text = read(&project().join("tests/vectors").join(folder).join(file));
    let results = match folder {
        "sqs" => sqs::run(file, &text),
        "kafka" => kafka::run(file, &text),
        "kafka-recordings" => kafka_recordings::run(file, &text),
        _ => panic!("{folder}: no such folder of vectors"),
    };
    results.unwrap()
}

/// How many cases of a file, or of a whole folder, pass; and how many there are.
fn counted(path: &str) -> [usize; 2] {
    let (folder, file) = path.split_once('/').expect("a folder");
    let names = match file {
        "" => files(folder),
        file => BTreeSet::from([file.to_owned()]),
    };
    let results: Vec<CaseResult> = names
        .iter()
        .flat_map(|file| results(folder, file))
        .collect();
    let passed = results
        .iter()
        .filter(|result| result.outcome == Outcome::Passed);
    [passed.count(), results.len()]
}

#[test]
fn the_figures_of_the_vectors_are_those_of_the_runner() {
    let page = page();
    let rows = rows(&page, "data-vectors");
    for (path, cells) in &rows {
        let counted = counted(path).map(|count| count.to_string());
        assert_eq!(**cells, counted, "{path}");
    }
    // What has no row of its own cannot hide: all of SQS has one, and Kafka's folders have one each.
    let told: BTreeSet<&str> = rows.iter().map(|(path, _)| path.as_str()).collect();
    for file in files("sqs") {
        assert!(told.contains(format!("sqs/{file}").as_str()), "{file}");
    }
    for folder in ["kafka/", "kafka-recordings/"] {
        assert!(told.contains(folder), "{folder}");
    }
}

#[test]
fn the_figures_of_the_emulators_are_those_that_were_recorded() {
    let recorded = read(&project().join("tests/vectors/sqs/README.md"));
    let rows = rows(&page(), "data-emulators");
    assert_eq!(rows.len(), 2);
    for (file, cells) in rows {
        let start = format!("| `{file}`");
        let mut lines = recorded.lines().filter(|line| line.starts_with(&start));
        let row = lines.find(|line| line.contains(" of ")).expect(&file);
        let theirs: Vec<&str> = row.trim_matches('|').split('|').skip(1).collect();
        let theirs = theirs.iter().map(|cell| cell.trim().to_owned());
        let [passed, cases] = counted(&format!("sqs/{file}"));
        let ours = format!("{passed} of {cases}");
        assert_eq!(cells, theirs.chain([ours]).collect::<Vec<_>>(), "{file}");
    }
}
