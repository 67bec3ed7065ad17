//! Filter policies against a second evaluator that is slow and obvious: it writes out every way to
//! leave each list of a body in one item, and asks whether the policy holds in one of them.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use broker_lab_core::sns::{FilterPolicy, FilterPolicyScope};
use broker_lab_core::sqs::content::MessageAttribute;
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop, prop_assert_eq, prop_assume, prop_oneof,
};
use proptest::{proptest, sample};
use serde_json::{Map, Value, json};

fn plain() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => sample::select(vec!["x", "x", "xy", "X", "5", "10.0.0.7"]).prop_map(Value::from),
        4 => sample::select(vec![json!(5), json!(5.0), json!(-1), json!(0.25)]),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
    ]
}

fn key() -> impl Strategy<Value = String> {
    sample::select(vec!["a", "a", "a", "b", "b", "c", "a.b"]).prop_map(str::to_owned)
}

fn condition() -> impl Strategy<Value = Value> {
    let text = || sample::select(vec!["x", "y", "X", ""]);
    let numeric = vec![
        json!(["=", 5]),
        json!([">", -1]),
        json!(["<=", 5]),
        json!([">", -1, "<", 5]),
        json!([">=", 0.25, "<=", 7]),
    ];
    let but = vec![json!("x"), json!(5), json!(["x", "yx"]), json!([5, 7])];
    prop_oneof![
        4 => plain(),
        1 => text().prop_map(|text| json!({ "prefix": text })),
        1 => text().prop_map(|text| json!({ "suffix": text })),
        1 => text().prop_map(|text| json!({ "equals-ignore-case": text })),
        1 => Just(json!({ "cidr": "10.0.0.0/24" })),
        2 => any::<bool>().prop_map(|exists| json!({ "exists": exists })),
        2 => sample::select(numeric).prop_map(|range| json!({ "numeric": range })),
        2 => sample::select(but).prop_map(|but| json!({ "anything-but": but })),
        1 => text().prop_map(|text| json!({ "anything-but": { "prefix": text } })),
    ]
}

fn conditions() -> impl Strategy<Value = Value> {
    prop::collection::vec(condition(), 1..5).prop_map(Value::from)
}

fn object(
    value: impl Strategy<Value = Value>,
    sizes: std::ops::Range<usize>,
) -> impl Strategy<Value = Value> {
    let fields = prop::collection::btree_map(key(), value, sizes);
    fields.prop_map(|fields| Value::Object(fields.into_iter().collect()))
}

fn with_or(
    policy: impl Strategy<Value = Value>,
    part: impl Strategy<Value = Value>,
) -> impl Strategy<Value = Value> {
    let or = prop::option::weighted(0.3, prop::collection::vec(part, 2..4));
    (policy, or).prop_map(|(mut policy, or)| {
        if let (Some(or), Some(fields)) = (or, policy.as_object_mut()) {
            fields.insert("$or".to_owned(), json!(or));
        }
        policy
    })
}

fn flat_policy() -> impl Strategy<Value = Value> {
    with_or(object(conditions(), 1..3), object(conditions(), 1..3))
}

fn nested_policy() -> impl Strategy<Value = Value> {
    let value = || conditions().prop_recursive(1, 3, 2, |inner| object(inner, 1..3));
    with_or(object(value(), 1..3), object(value(), 1..3))
}

fn body() -> impl Strategy<Value = Value> {
    let value = plain().prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            object(inner, 0..3),
        ]
    });
    object(value, 1..4)
}

/// Every way to leave each list in one item: an empty list leaves nothing.
fn written_out(value: &Value) -> Vec<Option<Value>> {
    match value {
        Value::Array(items) if items.is_empty() => vec![None],
        Value::Array(items) => items.iter().flat_map(written_out).collect(),
        Value::Object(fields) => {
            let mut all = vec![Map::new()];
            for (name, value) in fields {
                let ways = written_out(value);
                all = all
                    .iter()
                    .flat_map(|so_far| {
                        ways.iter().map(|way| {
                            let mut more = so_far.clone();
                            more.extend(way.clone().map(|way| (name.clone(), way)));
                            more
                        })
                    })
                    .collect();
            }
            all.into_iter().map(|fields| Some(fields.into())).collect()
        }
        _ => vec![Some(value.clone())],
    }
}

/// The plain values of a body without lists.
fn leaves(value: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                leaves(value, &join(path, name), found);
            }
        }
        _ => found.push((path.to_owned(), value.clone())),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn holds(policy: &Value, path: &str, there: &[(String, Value)], all: &BTreeSet<String>) -> bool {
    policy.as_object().unwrap().iter().all(|(name, asked)| {
        if name == "$or" {
            let parts = asked.as_array().unwrap();
            return parts.iter().any(|part| holds(part, path, there, all));
        }
        let path = join(path, name);
        let Some(conditions) = asked.as_array() else {
            return holds(asked, &path, there, all);
        };
        conditions.iter().any(|condition| {
            if condition == &json!({ "exists": false }) {
                return !all.contains(&path);
            }
            let mut values = there.iter().filter(|(other, _)| *other == path);
            values.any(|(_, value)| meets(condition, value))
        })
    })
}

fn meets(condition: &Value, value: &Value) -> bool {
    let Some(expression) = condition.as_object() else {
        return same(condition, value);
    };
    let (operator, operand) = expression.iter().next().unwrap();
    let texts = (value.as_str(), operand.as_str());
    match (operator.as_str(), texts) {
        ("prefix", (Some(text), Some(prefix))) => text.starts_with(prefix),
        ("suffix", (Some(text), Some(suffix))) => text.ends_with(suffix),
        ("equals-ignore-case", (Some(text), Some(other))) => {
            text.to_uppercase() == other.to_uppercase()
        }
        ("cidr", (Some(text), _)) => text == "10.0.0.7",
        ("exists", _) => operand == &json!(true),
        ("numeric", _) => value.as_f64().is_some_and(|number| {
            let pairs = operand.as_array().unwrap().chunks(2);
            pairs
                .map(|pair| (pair[0].as_str().unwrap(), pair[1].as_f64().unwrap()))
                .all(|(operator, end)| match operator {
                    "=" => number == end,
                    "<" => number < end,
                    "<=" => number <= end,
                    ">" => number > end,
                    _ => number >= end,
                })
        }),
        ("anything-but", _) => match operand {
            Value::Array(others) => !others.iter().any(|other| same(other, value)),
            Value::Object(prefix) => {
                let prefix = prefix["prefix"].as_str().unwrap();
                !value.as_str().is_some_and(|text| text.starts_with(prefix))
            }
            other => !same(other, value),
        },
        _ => false,
    }
}

fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

fn naive(policy: &Value, body: &Value) -> bool {
    let ways = written_out(body).into_iter().flatten();
    let ways: Vec<_> = ways
        .map(|way| {
            let mut found = Vec::new();
            leaves(&way, "", &mut found);
            found
        })
        .collect();
    let all = ways.iter().flatten().map(|(path, _)| path.clone());
    let all: BTreeSet<String> = all.collect();
    ways.iter().any(|there| holds(policy, "", there, &all))
}

/// An attribute as SNS has it, of a plain value or of a list of them.
fn attribute(name: &str, value: &Value) -> Option<MessageAttribute> {
    match value {
        Value::String(text) => Some(MessageAttribute::string(name, text)),
        Value::Number(number) => Some(MessageAttribute::number(name, number.to_string())),
        Value::Array(_) => Some(MessageAttribute::string_array(name, value.to_string())),
        Value::Null | Value::Bool(_) | Value::Object(_) => None,
    }
}

/// A policy that is too complex is made anew.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 2_000,
        max_global_rejects: 20_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_policy_takes_the_bodies_that_the_naive_one_takes(policy in nested_policy(), body in body()) {
        let read = FilterPolicy::read(FilterPolicyScope::MessageBody, &policy.to_string());
        prop_assume!(read.is_ok());
        let taken = read.unwrap().matches(&[], Some(&body.to_string()));
        prop_assert_eq!(taken, naive(&policy, &body), "{} {}", policy, body);
    }

    #[test]
    fn a_policy_takes_the_attributes_that_the_naive_one_takes(
        policy in flat_policy(),
        values in prop::collection::btree_map(
            key(),
            prop_oneof![plain(), prop::collection::vec(plain(), 0..3).prop_map(Value::from)],
            0..4,
        ),
    ) {
        let read = FilterPolicy::read(FilterPolicyScope::MessageAttributes, &policy.to_string());
        prop_assume!(read.is_ok());
        let known = values.into_iter();
        let known: Vec<_> = known
            .filter_map(|(name, value)| Some((attribute(&name, &value)?, name, value)))
            .collect();
        let attributes: Vec<_> = known.iter().map(|(attribute, ..)| attribute.clone()).collect();
        let body = known.into_iter().map(|(_, name, value)| (name, value)).collect();
        let taken = read.unwrap().matches(&attributes, None);
        prop_assert_eq!(taken, naive(&policy, &Value::Object(body)), "{} {:?}", policy, attributes);
    }
}

/// The strategies give policies and messages that match and that do not.
#[test]
fn both_answers_come_up() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut taken = 0;
    for _ in 0..1_000 {
        let case = (nested_policy(), body());
        let (policy, body) = case.new_tree(&mut runner).unwrap().current();
        taken += u32::from(naive(&policy, &body));
    }
    assert!((50..=950).contains(&taken), "{taken}");
}
