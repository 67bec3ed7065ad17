//! The files of the project, and that the runner notices what is wrong.

mod mutants;

use serde_json::{Value, json};

use super::super::Outcome;
use super::super::tally::Folder;
use super::limits::parameters;
use super::run;

const FOLDER: Folder = Folder { name: "sqs", run };

/// The script `id` of a file, and what comes of it once `change` is made.
#[track_caller]
fn outcome(name: &str, id: &str, change: impl FnOnce(&mut Value)) -> Outcome {
    let scripts: Vec<Value> = serde_json::from_str(&FOLDER.text(name)).unwrap();
    let script = scripts.into_iter().find(|script| script["id"] == id);
    let mut script = script.unwrap();
    change(&mut script);
    play(&script)
}

fn play(script: &Value) -> Outcome {
    let text = json!([script]).to_string();
    run("scripts.json", &text).unwrap().remove(0).outcome
}

fn is_failed(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed { .. })
}

fn is_skipped(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Skipped { .. })
}

#[test]
fn every_file_of_the_folder_gives_what_is_covered() {
    FOLDER.check("scripts.json", [101, 0, 0]);
    FOLDER.check("details.json", [132, 0, 0]);
    FOLDER.check("table-lambda.json", [58, 0, 0]);
    FOLDER.check("table-fair-queues.json", [14, 0, 0]);
    FOLDER.check("table-sns-retries.json", [8, 0, 0]);
}

/// Every limit of the core stands in the file, with its range, default, unit and errors; every
/// limit of the file is the core's, or belongs to a part that does not exist yet.
#[test]
fn every_limit_that_we_have_is_the_real_one() {
    let [passed, failed, _] = FOLDER.counts("limits.json", &FOLDER.text("limits.json"));
    assert_eq!((passed, failed), (parameters().count(), 0));
}

#[test]
fn a_wrong_or_missing_limit_fails() {
    let change = |from: &str, to: &str| {
        let text = FOLDER.text("limits.json");
        assert!(text.contains(from), "{from}");
        FOLDER.counts("limits.json", &text.replacen(from, to, 1))[1]
    };
    assert_eq!(change(r#""max":43200"#, r#""max":43201"#), 1);
    assert_eq!(change(r#""default":30,"#, ""), 1);
    assert_eq!(change(r#""unit":"s""#, r#""unit":"ms""#), 1);
    assert_eq!(change("InvalidAttributeValue", "InvalidParameterValue"), 1);
    assert_eq!(
        change(r#""parameter":"batch entries""#, r#""parameter":"batches""#),
        1
    );
    assert_eq!(change(r#""min":60,"#, r#""min":60,"step":1,"#), 1);
}

#[test]
fn what_is_no_vector_file_is_an_error() {
    assert!(run("table-pipes.json", "{}").is_err());
    assert!(run("scripts.json", "{}").is_err());
    assert!(run("details.json", r#"[{"title": "no id"}]"#).is_err());
    assert!(run("limits.json", r#"[{"min": 1}]"#).is_err());
}

#[test]
fn a_wrong_answer_fails() {
    let failed = |id: &str, place: &str, value: Value| {
        let outcome = outcome("scripts.json", id, |script| {
            *script.pointer_mut(place).unwrap() = value;
        });
        assert!(is_failed(&outcome), "{id} {place}: {outcome:?}");
    };
    failed("lifecycle", "/steps/1/expect/visible", json!(2));
    failed(
        "timeout-redelivers",
        "/steps/3/expect/messages/0/ApproximateReceiveCount",
        json!(1),
    );
    failed(
        "long-poll-wakes",
        "/steps/0/expect/returned_at_ms",
        json!(1001),
    );
    failed(
        "long-poll-empty",
        "/steps/0/params/WaitTimeSeconds",
        json!(3),
    );
    failed("purge", "/steps/5/expect", json!({}));
    failed("batch-of-ten", "/steps/4/params/of/0", json!("n1"));
    failed(
        "batch-partial",
        "/steps/0/expect/failed/0/Code",
        json!("MissingParameter"),
    );
    failed(
        "dead-letter-after-3",
        "/queues/1/attributes/RedrivePolicy/maxReceiveCount",
        json!(4),
    );
    failed("retention", "/steps/1/t_ms", json!(61_000));
}

#[test]
fn what_the_runner_does_not_know_is_skipped() {
    let skipped = |change: &dyn Fn(&mut Value)| {
        let outcome = outcome("scripts.json", "lifecycle", change);
        assert!(is_skipped(&outcome), "{outcome:?}");
    };
    skipped(&|script| script["steps"][0]["op"] = json!("TagQueue"));
    skipped(&|script| script["steps"][2]["op"] = json!("ListQueues"));
    skipped(&|script| script["steps"][2]["params"]["MessageSystemAttributeNames"] = json!([]));
    skipped(&|script| script["steps"][2]["expect"]["messages"][0]["AWSTraceHeader"] = json!("x"));
    skipped(&|script| script["steps"][2]["expect"]["messages"][0]["is"] = json!("m9"));
    skipped(&|script| script["steps"][4]["params"]["receipt"] = json!("r9[0]"));
    skipped(&|script| script["steps"][1]["expect"] = json!({}));
    skipped(&|script| script["queues"][0]["attributes"]["Policy"] = json!("{}"));
    skipped(&|script| script["queues"][0]["attributes"]["VisibilityTimeout"] = json!("two"));
    skipped(&|script| script["queues"][0]["tags"] = json!({}));
    skipped(&|script| script["steps"] = json!([]));
    skipped(&|script| script["seed"] = json!(7));
}
