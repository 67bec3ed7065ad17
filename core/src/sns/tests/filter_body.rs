use super::super::{FilterPolicy, FilterPolicyScope};
use super::text;

/// Which of the bodies a policy takes.
#[track_caller]
fn check(policy: &str, taken: &[&str], refused: &[&str]) {
    let read = FilterPolicy::read(FilterPolicyScope::MessageBody, policy).unwrap();
    for body in taken {
        assert!(read.matches(&[], Some(body)), "{policy} {body}");
    }
    for body in refused {
        assert!(!read.matches(&[], Some(body)), "{policy} {body}");
    }
}

#[test]
fn a_body_that_is_no_object_matches_nothing() {
    check(
        r#"{"k": [{"exists": false}]}"#,
        &["{}", r#"{"other": 1}"#],
        &["no json", "\"text\"", "[]", "5", "{", "", r#"{"a": 1} x"#],
    );
    let policy = FilterPolicy::read(FilterPolicyScope::MessageBody, r#"{"k": ["x"]}"#).unwrap();
    assert!(!policy.matches(&[text("k", "x")], Some("{}")));
    assert!(!policy.matches(&[text("k", "x")], None));
}

#[test]
fn policies_nest_as_bodies_do() {
    check(
        r#"{"order": {"store": ["books"], "paid": [true]}, "vip": [null]}"#,
        &[r#"{"order": {"store": "books", "paid": true, "n": 1}, "vip": null}"#],
        &[
            r#"{"order": {"store": "books", "paid": "true"}, "vip": null}"#,
            r#"{"store": "books", "paid": true, "vip": null}"#,
            r#"{"order": {"store": "books", "paid": true}}"#,
        ],
    );
}

#[test]
fn a_dot_in_a_name_is_a_step() {
    let bodies = [
        r#"{"a": {"b": {"c": "x"}}}"#,
        r#"{"a.b.c": "x"}"#,
        r#"{"a.b": {"c": "x"}}"#,
        r#"{"a": {"b.c": "x"}}"#,
    ];
    check(r#"{"a.b.c": ["x"]}"#, &bodies, &[r#"{"a": {"b": "x"}}"#]);
    check(r#"{"a": {"b": {"c": ["x"]}}}"#, &bodies, &[]);
}

#[test]
fn a_list_matches_if_one_item_does() {
    check(
        r#"{"items": {"kind": ["book"]}}"#,
        &[
            r#"{"items": [{"kind": "toy"}, {"kind": "book"}]}"#,
            r#"{"items": {"kind": ["toy", "book"]}}"#,
            r#"{"items": [[[{"kind": "book"}]]]}"#,
        ],
        &[r#"{"items": [{"kind": "toy"}]}"#, r#"{"items": []}"#],
    );
}

#[test]
fn fields_of_one_policy_match_in_the_same_item() {
    check(
        r#"{"items": {"kind": ["book"], "colour": ["red"]}}"#,
        &[
            r#"{"items": [{"kind": "toy"}, {"kind": "book", "colour": "red"}]}"#,
            r#"{"items": [{"kind": ["pen", "book"], "colour": ["blue", "red"]}]}"#,
        ],
        &[r#"{"items": [{"kind": "book", "colour": "blue"}, {"kind": "toy", "colour": "red"}]}"#],
    );
    // Different lists do not hang together.
    check(
        r#"{"a": {"k": ["x"]}, "b": {"k": ["y"]}}"#,
        &[r#"{"a": [{"k": "x"}, {}], "b": [{}, {"k": "y"}]}"#],
        &[],
    );
}

#[test]
fn exists_looks_for_values_not_for_objects() {
    let there = [r#"{"a": 1}"#, r#"{"a": null}"#, r#"{"a": [0]}"#];
    let missing = ["{}", r#"{"a": {"b": 1}}"#, r#"{"a": []}"#, r#"{"a": {}}"#];
    check(r#"{"a": [{"exists": true}]}"#, &there, &missing);
    check(r#"{"a": [{"exists": false}]}"#, &missing, &there);
}

#[test]
fn or_joins_keys_at_every_depth() {
    let policy = r#"{
        "$or": [{"metric": ["cpu", "latency"]}, {"namespace": ["ec2"]}],
        "detail": {"scope": ["service"], "$or": [{"source": ["cw"]}, {"type": ["alarm"]}]}
    }"#;
    check(
        policy,
        &[
            r#"{"metric": "cpu", "detail": {"scope": "service", "source": "cw"}}"#,
            r#"{"namespace": "ec2", "detail": {"scope": "service", "type": "alarm"}}"#,
        ],
        &[
            r#"{"metric": "cpu", "detail": {"scope": "service"}}"#,
            r#"{"metric": "cpu", "detail": {"source": "cw"}}"#,
            r#"{"detail": {"scope": "service", "source": "cw"}}"#,
            r#"{"metric": "cpu", "scope": "service", "source": "cw", "detail": {}}"#,
        ],
    );
}

#[test]
fn the_same_key_twice_has_to_hold_twice() {
    check(
        r#"{"k": [{"prefix": "a"}], "$or": [{"k": [{"suffix": "z"}]}, {"n": [1]}]}"#,
        &[r#"{"k": "abz"}"#, r#"{"k": "a", "n": 1}"#],
        &[r#"{"k": "bz"}"#, r#"{"k": "a"}"#],
    );
}
