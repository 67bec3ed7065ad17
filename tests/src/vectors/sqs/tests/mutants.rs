//! Every expectation of every script that passes, made wrong one at a time: none may pass.

use serde_json::{Map, Value, json};

use super::{FOLDER, Outcome, is_failed, play};

/// The places of all values under `value`, as JSON pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                places(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn passed() -> impl Iterator<Item = Value> {
    ["scripts.json", "details.json"]
        .into_iter()
        .flat_map(|name| serde_json::from_str::<Vec<Value>>(&FOLDER.text(name)).unwrap())
        // One with 120,000 messages takes too long to be played this often.
        .filter(|script| {
            !script["id"]
                .as_str()
                .unwrap()
                .starts_with("in-flight-limit")
        })
        .filter(|script| play(script) == Outcome::Passed)
}

/// Other values for an expectation.
fn wrong(name: &str, value: &Value) -> Vec<Value> {
    match value {
        // One more than the most is allowed as well.
        Value::Number(_) if name == "at_most" => vec![json!(0)],
        // A bound of a range, which is made wrong as a whole.
        Value::Number(_) if name == "a bound" => vec![],
        Value::Number(number) => vec![json!(number.as_u64().unwrap() + 1)],
        Value::String(word) if word == "*" => vec![],
        Value::String(word) if word == "same" => vec![json!("different")],
        Value::String(word) if word == "different" => vec![json!("same")],
        Value::String(_) => vec![json!("another")],
        Value::Array(items) if items.len() == 2 && items.iter().all(Value::is_u64) => {
            let most = items[1].as_u64().unwrap();
            vec![json!([most + 1, most + 1])]
        }
        Value::Array(items) => {
            let mut longer = items.clone();
            longer.push(items.first().cloned().unwrap_or(json!({"is": "m1"})));
            let shorter = items.split_last().map(|(_, rest)| json!(rest));
            [json!(longer)].into_iter().chain(shorter).collect()
        }
        Value::Object(fields) if name == "expect" && fields.is_empty() => {
            vec![json!({"error": "*"})]
        }
        Value::Object(fields) if fields.contains_key("error") => vec![json!({})],
        Value::Bool(flag) if name == "envelope" => vec![json!(!flag)],
        Value::Object(_) | Value::Null | Value::Bool(_) => vec![],
    }
}

/// The group of a message that is not expected: it may be any.
fn is_spare_group(expect: &Value, place: &str) -> bool {
    let messages = expect["messages_order_per_group"].as_array();
    place.strip_prefix("/groups/").is_some_and(|name| {
        let mut messages = messages.into_iter().flatten();
        !messages.any(|message| message["is"] == name)
    })
}

#[test]
fn no_script_passes_with_a_wrong_expectation() {
    let (mut failed, mut skipped) = (0, 0);
    for script in passed() {
        for (number, step) in script["steps"].as_array().unwrap().iter().enumerate() {
            let mut found = Vec::new();
            places(&step["expect"], "", &mut found);
            found.retain(|place| !is_spare_group(&step["expect"], place));
            for place in found {
                let name = place.rsplit('/').find(|name| name.parse::<u32>().is_err());
                let name = name.filter(|name| !name.is_empty()).unwrap_or("expect");
                let value = step["expect"].pointer(&place).unwrap();
                let above = place.rsplit_once('/').map_or("", |(above, _)| above);
                let is_bound =
                    value.is_u64() && step["expect"].pointer(above).is_some_and(Value::is_array);
                let name = if is_bound { "a bound" } else { name };
                for value in wrong(name, value) {
                    let mut mutant = script.clone();
                    let expect = &mut mutant["steps"][number]["expect"];
                    *expect.pointer_mut(&place).unwrap() = value;
                    let outcome = play(&mutant);
                    let id = &script["id"];
                    assert_ne!(outcome, Outcome::Passed, "{id} step {number}{place}");
                    *(if is_failed(&outcome) {
                        &mut failed
                    } else {
                        &mut skipped
                    }) += 1;
                }
            }
        }
    }
    // Only a message that is called "another" is unknown.
    assert!(failed > 700 && skipped < failed / 3, "{failed} {skipped}");
}

/// Every object of the passed scripts gets a field that nobody knows.
#[test]
fn no_script_passes_with_an_unknown_field() {
    for script in passed() {
        let mut found = Vec::new();
        places(&script, "", &mut found);
        let is_free = |place: &String| {
            // Attributes have names of their own, and SQS an error for those it does not know.
            let under = [
                "/attributes",
                "/Attributes",
                "/params/MessageAttributes",
                "/agrees",
                "/differs",
            ];
            under.iter().any(|part| place.contains(part))
        };
        for place in found.iter().filter(|place| !is_free(place)) {
            let mut mutant = script.clone();
            if let Some(fields) = object(&mut mutant, place) {
                fields.insert("unheard_of".to_owned(), json!(1));
                let id = &script["id"];
                assert_ne!(play(&mutant), Outcome::Passed, "{id} {place}");
            }
        }
    }
}

fn object<'a>(script: &'a mut Value, place: &str) -> Option<&'a mut Map<String, Value>> {
    script.pointer_mut(place)?.as_object_mut()
}
