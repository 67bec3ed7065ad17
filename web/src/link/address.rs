//! What the part of the address behind `#` asks for.
//!
//! `#scenario=NAME` is a preset, `#json=DOCUMENT` a whole scenario, percent-encoded; `&at=4s` is
//! the moment to show first.

use broker_lab_core::{Scenario, SimDuration};
use percent_encoding::percent_decode_str;

use super::presets;

/// An experiment that an address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub scenario: Scenario,
    /// The name of the preset; empty for a document.
    pub preset: &'static str,
    pub at: SimDuration,
}

/// Reads an address (the part behind `#`, without it).
///
/// # Errors
///
/// One message that names what is wrong with it and what is allowed.
pub fn read(hash: &str) -> Result<Wanted, String> {
    let mut wanted = None;
    let mut at = SimDuration::ZERO;
    for part in hash.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let value = percent_decode_str(value)
            .decode_utf8()
            .map_err(|_not_text| format!("The address: {name} is not text in UTF-8."))?;
        match name {
            "scenario" => wanted = Some(preset(&value)?),
            "json" => {
                let scenario = Scenario::from_json(&value)
                    .map_err(|faults| format!("The scenario in the address: {faults}"))?;
                wanted = Some((scenario, ""));
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
    let (scenario, preset) = match wanted {
        Some(wanted) => wanted,
        None => preset(presets::ALL[0].name)?,
    };
    Ok(Wanted {
        scenario,
        preset,
        at,
    })
}

fn preset(name: &str) -> Result<(Scenario, &'static str), String> {
    let found = presets::ALL
        .iter()
        .find(|preset| preset.name == name)
        .ok_or_else(|| {
            let names: Vec<&str> = presets::ALL.iter().map(|preset| preset.name).collect();
            format!(
                "The address: scenario \"{name}\" is not one of {}.",
                names.join(", ")
            )
        })?;
    let scenario = Scenario::from_json(found.document)
        .map_err(|faults| format!("The scenario {name}: {faults}"))?;
    Ok((scenario, found.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_sound_and_has_its_title() {
        for preset in &presets::ALL {
            let wanted = read(&format!("scenario={}", preset.name)).unwrap();
            assert_eq!(wanted.scenario.title, preset.title);
            assert_eq!(wanted.preset, preset.name);
        }
        assert_eq!(read("").unwrap().preset, presets::ALL[0].name);
    }

    #[test]
    fn a_document_travels_in_the_address() {
        let scenario = read("").unwrap().scenario;
        let json = scenario.to_json();
        let encoded =
            percent_encoding::utf8_percent_encode(&json, percent_encoding::NON_ALPHANUMERIC);
        let wanted = read(&format!("json={encoded}&at=4s")).unwrap();
        assert_eq!(
            (wanted.scenario, wanted.at),
            (scenario, SimDuration::from_secs(4))
        );
    }

    #[test]
    fn what_is_wrong_is_named_with_what_is_allowed() {
        for (hash, says) in [
            ("scenario=nope", "one-workload"),
            ("json=%7B%7D", "missing field \"version\""),
            ("json=%FF", "not text"),
            ("at=7", "\"7\" is not a duration"),
            ("color=red", "one of scenario, json, at"),
        ] {
            let error = read(hash).unwrap_err();
            assert!(error.contains(says), "{hash}: {error}");
        }
    }
}
