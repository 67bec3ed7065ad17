use super::super::{FilterPolicy, FilterPolicyScope};
use super::{list, number, text};
use crate::sqs::content::{AttributeValue, MessageAttribute};

/// Which of the messages a policy takes.
#[track_caller]
fn check(policy: &str, taken: &[&[MessageAttribute]], refused: &[&[MessageAttribute]]) {
    let read = FilterPolicy::read(FilterPolicyScope::MessageAttributes, policy).unwrap();
    for attributes in taken {
        assert!(read.matches(attributes, None), "{policy} {attributes:?}");
    }
    for attributes in refused {
        assert!(!read.matches(attributes, None), "{policy} {attributes:?}");
    }
}

#[test]
fn values_are_case_and_type_sensitive() {
    check(
        r#"{"k": ["x", 5, true, null]}"#,
        &[
            &[text("k", "x")],
            &[number("k", "5")],
            &[number("k", "5.0")],
            &[list("k", "[true]")],
            &[list("k", "[null, 7]")],
            &[text("k", "x"), text("other", "y")],
        ],
        &[
            &[text("k", "X")],
            &[text("k", "5")],
            &[text("k", "true")],
            &[text("k", "null")],
            &[number("k", "6")],
            &[text("other", "x")],
            &[],
        ],
    );
}

#[test]
fn keys_are_joined_by_and_values_by_or() {
    check(
        r#"{"store": ["books", "toys"], "event": ["placed"]}"#,
        &[
            &[text("store", "books"), text("event", "placed")],
            &[text("store", "toys"), text("event", "placed")],
        ],
        &[&[text("store", "books")], &[text("event", "placed")]],
    );
}

#[test]
fn texts() {
    check(
        r#"{"k": [{"prefix": "eu-"}]}"#,
        &[&[text("k", "eu-")], &[text("k", "eu-1")]],
        &[
            &[text("k", "EU-1")],
            &[text("k", "xeu-1")],
            &[text("k", "e")],
        ],
    );
    check(
        r#"{"k": [{"suffix": ".png"}]}"#,
        &[&[text("k", ".png")]],
        &[&[text("k", "a.png.gz")], &[number("k", "1")]],
    );
    check(
        r#"{"k": [{"equals-ignore-case": "books"}]}"#,
        &[&[text("k", "BooKs")]],
        &[&[text("k", "bookshop")]],
    );
}

#[test]
fn addresses() {
    check(
        r#"{"ip": [{"cidr": "10.0.0.0/24"}]}"#,
        &[&[text("ip", "10.0.0.0")], &[text("ip", "10.0.0.255")]],
        &[
            &[text("ip", "10.0.1.0")],
            &[text("ip", "10.0.0")],
            &[text("ip", "::a00:0")],
        ],
    );
    check(
        r#"{"ip": [{"cidr": "2001:db8::/33"}]}"#,
        &[&[text("ip", "2001:db8:7fff::1")]],
        &[&[text("ip", "2001:db8:8000::1")]],
    );
    check(
        r#"{"ip": [{"cidr": "0.0.0.0/0"}]}"#,
        &[&[text("ip", "255.255.255.255")]],
        &[&[text("ip", "::1")]],
    );
    check(
        r#"{"ip": [{"cidr": "1.2.3.4/32"}]}"#,
        &[&[text("ip", "1.2.3.4")]],
        &[&[text("ip", "1.2.3.5")]],
    );
}

#[test]
fn numbers() {
    check(
        r#"{"k": [{"numeric": [">", 0, "<=", 100]}]}"#,
        &[&[number("k", "0.00001")], &[number("k", "1e2")]],
        &[
            &[number("k", "0")],
            &[number("k", "0.000001")],
            &[number("k", "100.00001")],
            &[text("k", "50")],
            &[number("k", "2000000000")],
        ],
    );
    check(
        r#"{"k": [{"numeric": ["=", 3.015e2]}]}"#,
        &[&[number("k", "301.5")], &[number("k", "301.500009")]],
        &[&[number("k", "301.50001")]],
    );
    check(
        r#"{"k": [{"numeric": ["<", -5]}]}"#,
        &[&[number("k", "-5.1")]],
        &[&[number("k", "-5")], &[number("k", "-1000000001")]],
    );
    check(
        r#"{"k": [{"numeric": [">=", 1000000000]}]}"#,
        &[&[number("k", "1000000000")]],
        &[&[number("k", "1000000000.00001")]],
    );
}

#[test]
fn anything_but_needs_the_key() {
    check(
        r#"{"k": [{"anything-but": ["test", "probe"]}]}"#,
        &[
            &[text("k", "tests")],
            &[number("k", "1")],
            &[list("k", r#"["test", "other"]"#)],
        ],
        &[
            &[text("k", "test")],
            &[list("k", r#"["test", "probe"]"#)],
            &[],
        ],
    );
    check(
        r#"{"k": [{"anything-but": 100}]}"#,
        &[
            &[number("k", "99")],
            &[text("k", "100")],
            &[number("k", "2e9")],
        ],
        &[&[number("k", "100.0")]],
    );
    check(
        r#"{"k": [{"anything-but": {"prefix": "test-"}}]}"#,
        &[&[text("k", "latest-1")], &[number("k", "1")]],
        &[&[text("k", "test-1")], &[]],
    );
    check(
        r#"{"k": [{"anything-but": ["a"]}, {"exists": false}]}"#,
        &[&[text("k", "b")], &[]],
        &[&[text("k", "a")]],
    );
}

#[test]
fn exists_looks_at_the_key() {
    let binary = MessageAttribute {
        name: "k".to_owned(),
        data_type: "Binary".to_owned(),
        value: AttributeValue::Bytes(vec![1]),
    };
    let binary = [binary];
    let there: [&[MessageAttribute]; 3] = [
        &[text("k", "x")],
        &[number("k", "1")],
        &[list("k", "[null]")],
    ];
    let missing: [&[MessageAttribute]; 5] = [
        &[],
        &[text("other", "x")],
        &[list("k", "[]")],
        &[list("k", "no json")],
        &binary,
    ];
    check(r#"{"k": [{"exists": true}]}"#, &there, &missing);
    check(r#"{"k": [{"exists": false}]}"#, &missing, &there);
}

#[test]
fn a_list_matches_if_one_item_does() {
    check(
        r#"{"tags": ["red"]}"#,
        &[
            &[list("tags", r#"["blue", "red"]"#)],
            &[text("tags", "red")],
        ],
        &[
            &[list("tags", r#"["blue"]"#)],
            &[list("tags", r#"[["red"]]"#)],
        ],
    );
}

#[test]
fn or_joins_keys() {
    let policy = r#"{"kind": ["order"],
        "$or": [{"store": ["books"]}, {"price": [{"numeric": [">", 100]}], "vip": ["yes"]}]}"#;
    let order = || text("kind", "order");
    check(
        policy,
        &[
            &[order(), text("store", "books")],
            &[order(), number("price", "101"), text("vip", "yes")],
        ],
        &[
            &[order()],
            &[order(), number("price", "101")],
            &[text("store", "books")],
            &[
                order(),
                text("store", "toys"),
                number("price", "100"),
                text("vip", "yes"),
            ],
        ],
    );
}

#[test]
fn or_is_a_key_where_it_joins_no_policies() {
    // Fewer than two objects, or an object with the name of a match expression.
    check(
        r#"{"$or": [{"prefix": "important"}, {"suffix": "now"}]}"#,
        &[&[text("$or", "important!")], &[text("$or", "do it now")]],
        &[&[text("prefix", "important")]],
    );
    check(
        r#"{"$or": ["a", "b"]}"#,
        &[&[text("$or", "b")]],
        &[&[text("a", "b")]],
    );
}
