use super::super::{FilterPolicy, FilterPolicyScope, PolicyError};
use crate::sqs::ErrorCode;

fn attributes(policy: &str) -> Result<(), PolicyError> {
    FilterPolicy::read(FilterPolicyScope::MessageAttributes, policy).map(|_| ())
}

fn body(policy: &str) -> Result<(), PolicyError> {
    FilterPolicy::read(FilterPolicyScope::MessageBody, policy).map(|_| ())
}

/// `n` values.
fn values(n: usize) -> String {
    let values: Vec<String> = (0..n).map(|n| format!("\"v{n}\"")).collect();
    format!("[{}]", values.join(","))
}

#[test]
fn five_keys_at_the_top() {
    let keys = |n: usize| {
        let keys: Vec<String> = (0..n).map(|n| format!("\"k{n}\": [\"v\"]")).collect();
        format!("{{{}}}", keys.join(","))
    };
    assert_eq!(attributes(&keys(5)), Ok(()));
    assert_eq!(attributes(&keys(6)), Err(PolicyError::Keys(6)));
    assert_eq!(attributes("{}"), Err(PolicyError::Keys(0)));
    assert_eq!(PolicyError::Keys(6).code(), ErrorCode::InvalidParameter);
    // Keys below do not count, and a $or counts once.
    assert_eq!(body(&format!("{{\"a\": {}}}", keys(6))), Ok(()));
    let or = format!("{{\"$or\": [{}, {}]}}", keys(3), keys(3));
    assert_eq!(attributes(&or), Ok(()));
}

#[test]
fn a_hundred_and_fifty_combinations() {
    let one = |n| attributes(&format!("{{\"a\": {}}}", values(n)));
    assert_eq!(one(150), Ok(()));
    assert_eq!(one(151), Err(PolicyError::TooComplex));
    let two = |a, b| attributes(&format!("{{\"a\": {}, \"b\": {}}}", values(a), values(b)));
    assert_eq!(two(15, 10), Ok(()));
    assert_eq!(two(38, 4), Err(PolicyError::TooComplex));
    // A nested value counts as often as it is deep: 3 x 4 x 2 x 3 x 3 = 216, without the last 72.
    let nested = |last: &str| {
        let (four, three) = (values(4), values(3));
        body(&format!(
            r#"{{"a": {{"b": {{"c": {four}}}}}, "d": {{"e": {three}}}{last}}}"#
        ))
    };
    assert_eq!(nested(""), Ok(()));
    let last = format!(", \"f\": {}", values(3));
    assert_eq!(nested(&last), Err(PolicyError::TooComplex));
}

#[test]
fn a_or_adds_up() {
    // 4 x 6 + 4 x 4 x 4 + 4 x 4 x 4 = 152; with three sources 114.
    let policy = |sources: usize| {
        let (four, six) = (values(4), values(6));
        attributes(&format!(
            r#"{{"source": {}, "$or": [{{"name": {six}}},
                {{"type": {four}, "$or": [{{"m": {four}}}, {{"s": {four}}}]}}]}}"#,
            values(sources)
        ))
    };
    assert_eq!(policy(4), Err(PolicyError::TooComplex));
    assert_eq!(policy(3), Ok(()));
}

#[test]
fn message_attributes_do_not_nest() {
    let policy = r#"{"a": {"b": ["c"]}}"#;
    assert_eq!(attributes(policy), Err(PolicyError::Nested));
    assert_eq!(body(policy), Ok(()));
}

#[test]
fn a_policy_has_256_kilobytes() {
    let policy = |bytes: usize| {
        let around = "{\"k\": [\"\"]}".len();
        attributes(&format!("{{\"k\": [\"{}\"]}}", "x".repeat(bytes - around)))
    };
    assert_eq!(policy(262_144), Ok(()));
    assert_eq!(policy(262_145), Err(PolicyError::TooLong));
}

#[test]
fn what_is_no_policy() {
    for policy in [
        "",
        "no json",
        "[]",
        "\"k\"",
        "{\"k\": [\"v\"]",
        "{'k': ['v']}",
    ] {
        assert_eq!(attributes(policy), Err(PolicyError::NoObject), "{policy}");
    }
    let key = || "k".to_owned();
    assert_eq!(attributes(r#"{"k": "v"}"#), Err(PolicyError::NoList(key())));
    assert_eq!(
        attributes(r#"{"k": {"suffix": "v"}}"#),
        Err(PolicyError::NoList("k.suffix".to_owned()))
    );
    assert_eq!(attributes(r#"{"k": []}"#), Err(PolicyError::Nothing(key())));
    assert_eq!(body(r#"{"k": {}}"#), Err(PolicyError::Nothing(key())));
    assert_eq!(
        attributes(r#"{"k": [["v"]]}"#),
        Err(PolicyError::NoValue(key()))
    );
    assert_eq!(
        attributes(r#"{"k": [{"suffix": "a", "prefix": "b"}]}"#),
        Err(PolicyError::NotOneField(key()))
    );
    assert_eq!(
        attributes(r#"{"k": [{}]}"#),
        Err(PolicyError::NotOneField(key()))
    );
    for operator in ["wrong-operator", "wildcard"] {
        assert_eq!(
            attributes(&format!(r#"{{"k": [{{"{operator}": "x"}}]}}"#)),
            Err(PolicyError::NoOperator(operator.to_owned()))
        );
    }
}

#[test]
fn operands_fit_their_operators() {
    let refused = |operator: &str, operands: &[&str]| {
        for operand in operands {
            let policy = format!(r#"{{"k": [{{"{operator}": {operand}}}]}}"#);
            let Err(PolicyError::Operand(named)) = attributes(&policy) else {
                panic!("{policy}");
            };
            assert_eq!(named, operator);
        }
    };
    for operator in ["prefix", "suffix", "equals-ignore-case"] {
        refused(operator, &["100", "null", "[]", r#"["a", "b"]"#]);
    }
    refused(
        "cidr",
        &[
            "5",
            "\"10.0.0.0\"",
            "\"10.0.0.0/33\"",
            "\"10.0.0/8\"",
            "\"10.0.0.0/x\"",
        ],
    );
    refused("exists", &["null", "\"no\"", "1"]);
    refused(
        "numeric",
        &[
            "[]",
            "5",
            r#"["operator"]"#,
            r#"[1, "<="]"#,
            r#"["=", "000"]"#,
            r#"[">="]"#,
            r#"["<", 100, ">", 10]"#,
            r#"[">=", 1, ">", 2]"#,
            r#"[">", 3, "<", 1]"#,
            r#"[">", 3, "<", 3]"#,
            r#"[">", 20, "<="]"#,
            r#"[">", 20, 30]"#,
            r#"[">", 20, "test"]"#,
            r#"[">", "20", "<", "30"]"#,
            r#"[">", 20, "<", 30, "<", 50]"#,
            r#"["=", 1, "<", 2]"#,
            r#"["!=", 1]"#,
        ],
    );
    refused(
        "anything-but",
        &[
            "null",
            "true",
            "[]",
            r#"["a", 1]"#,
            "[true]",
            r#"{"suffix": "a"}"#,
            r#"{"prefix": false}"#,
            r#"{"exists": false}"#,
            "{}",
        ],
    );
}

#[test]
fn numbers_are_up_to_a_billion() {
    for policy in [r#"{"k": [1000000000]}"#, r#"{"k": [-1e9]}"#] {
        assert_eq!(attributes(policy), Ok(()), "{policy}");
    }
    for policy in [
        r#"{"k": [1000000000.00001]}"#,
        r#"{"k": [{"numeric": ["<", 2e9]}]}"#,
        r#"{"k": [{"anything-but": [-1000000001]}]}"#,
    ] {
        assert_eq!(attributes(policy), Err(PolicyError::Number), "{policy}");
    }
}
