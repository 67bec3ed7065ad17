//! What is read, and what is said of what cannot be.

use serde::Deserialize;

use super::read;

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Thing {
    name: String,
    #[serde(default)]
    number: Option<u32>,
    #[serde(default)]
    yes: bool,
    #[serde(default)]
    parts: Vec<Thing>,
    #[serde(default)]
    kind: Kind,
}

#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    Small,
    VeryLarge,
}

fn error(text: &str) -> String {
    read::<Thing>(text).unwrap_err().to_string()
}

#[test]
fn a_document_is_read_as_it_is_written() {
    let text = " {\"name\" : \"a\\n\\\"\\u00e9\\ud83d\\ude00\u{e9}\", \"number\": 7, \"yes\": true,\r\n\
                \t\"parts\": [{\"name\":\"b\",\"number\":null,\"kind\":\"very_large\"}] } ";
    let part = Thing {
        name: "b".to_owned(),
        number: None,
        yes: false,
        parts: Vec::new(),
        kind: Kind::VeryLarge,
    };
    let whole = Thing {
        name: "a\n\"\u{e9}\u{1f600}\u{e9}".to_owned(),
        number: Some(7),
        yes: true,
        parts: vec![part],
        kind: Kind::Small,
    };
    assert_eq!(read::<Thing>(text), Ok(whole));
}

#[test]
fn what_does_not_belong_is_named_with_its_place() {
    for (text, says) in [
        (r#"{"number": 1}"#, "missing field `name`"),
        (r#"{"name": 1}"#, "name: 1 is not a string"),
        (r#"{"name": {}}"#, "name: an object is not a string"),
        (r#"{"name": null}"#, "name: null is not a string"),
        (r#"{"name": "a", "number": -1}"#, "number: -1 is not u32"),
        (
            r#"{"name": "a", "number": 1.5}"#,
            "number: 1.5 is not a whole number",
        ),
        (
            r#"{"name": "a", "yes": "no"}"#,
            "yes: \"no\" is not a boolean",
        ),
        (
            r#"{"name": "a", "kind": "tiny"}"#,
            "kind: \"tiny\" is not one of small, very_large",
        ),
        (
            r#"{"name": "a", "parts": {}}"#,
            "parts: an object is not a sequence",
        ),
        (
            r#"{"name": "a", "parts": [{"name": "b"}, {"name": "c", "nmae": 1}]}"#,
            "parts[1].nmae: unknown field; known are name, number",
        ),
        (
            r#"{"name": "a", "name": "b"}"#,
            "field `name` is given twice",
        ),
    ] {
        assert!(error(text).starts_with(says), "{text}: {}", error(text));
    }
}

#[test]
fn what_is_no_json_is_named_with_its_line() {
    for (text, says) in [
        ("", "a value is expected at line 1 column 1, not the end"),
        (
            "{\n  \"name\" \"a\"}",
            "a colon is expected at line 2 column 10, not `\"`",
        ),
        ("{\"name\": \"a\"", "a comma or the end is expected"),
        ("{\"name\": \"a", "a closing quote is expected"),
        ("{\"name\": \"\\x\"}", "an escaped character"),
        ("{\"name\": \"\\ud800\"}", "a whole character"),
        ("{\"name\": \"a\"} x", "the end of the document is expected"),
        ("{name: 1}", "a text in quotes"),
        ("{\"name\": maybe}", "a value is expected"),
    ] {
        assert!(error(text).contains(says), "{text}: {}", error(text));
    }
}
