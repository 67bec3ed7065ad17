//! Turns a recording of real Kafka into a scenario file.

use std::path::Path;
use std::process::ExitCode;

use broker_lab_core::Recording;

use crate::place;

/// What fits into one line stays in one.
const LINE: usize = 240;

const USAGE: &str = "usage: cargo xtask import-recording FILE [OUT.json]";

/// Writes the scenario to the file that `words` name, or prints it.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode, String> {
    let (file, out) = match words {
        [file] => (file, None),
        [file, out] => (file, Some(Path::new(out))),
        _ => return Err(String::from(USAGE)),
    };
    let text = place::read(Path::new(file))?;
    let experiment = Recording::from_json(&text)
        .map_err(|error| error.to_string())
        .and_then(|recording| recording.experiment().map_err(|error| error.to_string()));
    let scenario = experiment.map_err(|error| format!("{file}: {error}"))?;
    let mut document = spread(&scenario.to_json(), 0);
    document.push('\n');
    let Some(out) = out else {
        print!("{document}");
        return Ok(ExitCode::SUCCESS);
    };
    std::fs::write(out, document).map_err(|error| format!("{}: {error}", out.display()))?;
    println!("{}: {}", out.display(), scenario.title);
    Ok(ExitCode::SUCCESS)
}

/// Compact JSON with a line for each thing that is long, so that a person can read it and a change
/// of it is a few lines.
fn spread(json: &str, depth: usize) -> String {
    // An object follows its name.
    let start = json.find(['{', '[']).unwrap_or(json.len());
    let is_long = depth < 2 || json.len() > LINE;
    let inner = json
        .get(start + 1..json.len().saturating_sub(1))
        .filter(|inner| {
            is_long && !inner.is_empty() && !json.starts_with('"') | names(json, start)
        });
    let Some(inner) = inner else {
        return json.to_owned();
    };
    let items: Vec<String> = parts(inner)
        .iter()
        .map(|part| format!("{}{}", "  ".repeat(depth + 1), spread(part, depth + 1)))
        .collect();
    let (open, close) = (&json[..=start], &json[json.len() - 1..]);
    format!(
        "{open}\n{}\n{}{close}",
        items.join(",\n"),
        "  ".repeat(depth)
    )
}

/// Whether what comes before `start` is the name of a field, and not the inside of a text.
fn names(json: &str, start: usize) -> bool {
    json[..start].ends_with("\":")
}

/// What stands between the commas of a list or an object.
fn parts(inner: &str) -> Vec<&str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0_u32);
    let (mut in_text, mut escaped) = (false, false);
    for (at, character) in inner.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            _ if in_text => {}
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&inner[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use broker_lab_core::Scenario;

    #[test]
    fn what_is_written_is_the_experiment() {
        let folder = place::root().join("tests/vectors/kafka-recordings");
        for name in ["crash-range", "share-outcomes", "poison-consumer"] {
            let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
            let scenario = Recording::from_json(&text).unwrap().experiment().unwrap();
            let document = spread(&scenario.to_json(), 0);
            assert_eq!(Scenario::from_json(&document), Ok(scenario), "{name}");
            assert!(document.lines().count() > 20, "{name}");
        }
    }

    #[test]
    fn commas_and_brackets_in_texts_are_texts() {
        assert_eq!(
            parts(r#""a":"x,[y","b":[1,2]"#),
            [r#""a":"x,[y""#, r#""b":[1,2]"#]
        );
        let text = r#"{"title":"a \"[\", b","list":[]}"#;
        assert_eq!(
            spread(text, 0),
            "{\n  \"title\":\"a \\\"[\\\", b\",\n  \"list\":[]\n}"
        );
    }
}
