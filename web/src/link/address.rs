//! What the part of the address behind `#` asks for.
//!
//! `#scenario=NAME` is a preset, `#json=DOCUMENT` a whole scenario, percent-encoded; `&at=4s` is
//! the moment to show first.

use broker_lab_core::SimDuration;
use percent_encoding::percent_decode_str;

use super::presets::{self, Preset};

/// An experiment that an address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub document: Document,
    pub at: SimDuration,
}

/// Where a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// The opening scene, which is part of the page.
    Opening,
    /// A preset of this name, in a file beside the page.
    Preset(&'static str),
    /// It is this text; and where that is from, to begin a message with.
    Text { text: String, from: String },
}

impl Document {
    /// The name of the preset; empty for another document.
    #[must_use]
    pub const fn preset(&self) -> &'static str {
        match self {
            Self::Opening => presets::ALL[0].name,
            Self::Preset(name) => name,
            Self::Text { .. } => "",
        }
    }
}

/// Reads an address (the part behind `#`, without it).
///
/// # Errors
///
/// One message that names what is wrong with it and what is allowed.
pub fn read(hash: &str) -> Result<Wanted, String> {
    let mut document = Document::Opening;
    let mut at = SimDuration::ZERO;
    for part in hash.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let value = percent_decode_str(value)
            .decode_utf8()
            .map_err(|_not_text| format!("The address: {name} is not text in UTF-8."))?;
        match name {
            "scenario" => document = preset(&value)?,
            "json" => {
                document = Document::Text {
                    text: value.into_owned(),
                    from: String::from("The scenario in the address"),
                }
            }
            "at" => {
                at = value
                    .parse()
                    .map_err(|error| format!("The address: at: {error}."))?;
            }
            other => {
                return Err(format!(
                    "The address: \"{other}\" is not one of scenario, json, at."
                ));
            }
        }
    }
    Ok(Wanted { document, at })
}

fn preset(name: &str) -> Result<Document, String> {
    match presets::ALL.iter().position(|preset| preset.name == name) {
        Some(0) => Ok(Document::Opening),
        Some(n) => Ok(Document::Preset(
            presets::ALL.get(n).map_or("", |p: &Preset| p.name),
        )),
        None => {
            let names: Vec<&str> = presets::ALL.iter().map(|preset| preset.name).collect();
            Err(format!(
                "The address: scenario \"{name}\" is not one of {}.",
                names.join(", ")
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use broker_lab_core::Scenario;

    #[test]
    fn every_preset_is_sound_and_has_its_title() {
        for preset in &presets::ALL {
            let file = format!("../static/scenarios/{}.json", preset.name);
            let text = std::fs::read_to_string(file).unwrap();
            let scenario = Scenario::from_json(&text).unwrap();
            assert_eq!(scenario.title, preset.title);
            assert!(!scenario.description.is_empty(), "{}", preset.name);
            let wanted = read(&format!("scenario={}", preset.name)).unwrap();
            assert_eq!(wanted.document.preset(), preset.name);
        }
        assert_eq!(read("").unwrap().document, Document::Opening);
        let files = std::fs::read_dir("../static/scenarios").unwrap();
        assert_eq!(files.count(), presets::ALL.len());
    }

    #[test]
    fn a_document_travels_in_the_address() {
        let encoded = percent_encoding::utf8_percent_encode(
            presets::OPENING,
            percent_encoding::NON_ALPHANUMERIC,
        );
        let wanted = read(&format!("json={encoded}&at=4s")).unwrap();
        let Document::Text { text, .. } = wanted.document else {
            panic!("a text");
        };
        assert_eq!(
            (&*text, wanted.at),
            (presets::OPENING, SimDuration::from_secs(4))
        );
    }

    #[test]
    fn what_is_wrong_is_named_with_what_is_allowed() {
        for (hash, says) in [
            ("scenario=nope", "one-workload"),
            ("json=%FF", "not text"),
            ("at=7", "\"7\" is not a duration"),
            ("color=red", "one of scenario, json, at"),
        ] {
            let error = read(hash).unwrap_err();
            assert!(error.contains(says), "{hash}: {error}");
        }
    }
}
