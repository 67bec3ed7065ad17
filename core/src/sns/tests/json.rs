use super::super::json::{Json, NoJson};

fn read(text: &str) -> Result<Json, NoJson> {
    text.parse()
}

#[test]
fn what_is_json() {
    let number = |text: &str| Json::Number(text.parse().unwrap());
    assert_eq!(read(" null "), Ok(Json::Null));
    assert_eq!(read("-0.5e+2"), Ok(number("-50")));
    assert_eq!(
        read(r#""a\n\u00e4\ud83d\ude00\/\"""#),
        Ok(Json::Text("a\n\u{e4}\u{1f600}/\"".to_owned()))
    );
    assert_eq!(
        read("[true, {\"a\": [], \"b\": {}}]"),
        Ok(Json::List(vec![
            Json::Bool(true),
            Json::Object(vec![
                ("a".to_owned(), Json::List(vec![])),
                ("b".to_owned(), Json::Object(vec![])),
            ]),
        ]))
    );
}

/// The same texts are JSON to serde_json.
#[test]
fn strict_as_others_are() {
    for text in [
        "",
        "nul",
        "True",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{\"a\":1,}",
        "+1",
        "01",
        "1.",
        ".5",
        "-",
        "1e",
        "--1",
        "0x1",
        "NaN",
        "1 2",
        "\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u+123\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\t\"",
        "[",
        "]",
        "1.e5",
        "-01",
        "[1]]",
        "\u{feff}1",
        "0",
        "-0",
        "0.0",
        "1e5",
        "1E-5",
        "[]",
        "{}",
        "\"\\u0000\"",
        "{\"a\":1,\"a\":2}",
        "[[[[]]]]",
        "\u{a0}1",
    ] {
        let ours = read(text).is_ok();
        let theirs = serde_json::from_str::<serde_json::Value>(text).is_ok();
        assert_eq!(ours, theirs, "{text:?}");
    }
}

#[test]
fn it_nests_so_deep_and_no_deeper() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(65)).is_ok());
    assert_eq!(read(&nested(66)), Err(NoJson));
    assert_eq!(read(&"[".repeat(1_000_000)), Err(NoJson));
}
