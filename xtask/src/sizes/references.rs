//! Which files of the built page the first load fetches: those that index.html names, and those
//! that these name in turn, without the engine and what only a touch asks for: the page shows a
//! recorded scene, and fetches them and other scenarios when a person asks for something.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::{dist, place};

/// Paths from `dist`, in the order of their names, after index.html.
pub(super) fn first_load(dist: &Path) -> Result<Vec<String>, String> {
    let index = String::from("index.html");
    let mut found = BTreeSet::from([index.clone()]);
    let mut to_read = vec![index.clone()];
    while let Some(file) = to_read.pop() {
        let path = dist.join(&file);
        let text = place::read(&path)?;
        for word in words(&text) {
            let Some(other) = inside(dist, &path, word) else {
                continue;
            };
            if !is_later(&other) && found.insert(other.clone()) && is_text(&other) {
                to_read.push(other);
            }
        }
    }
    found.remove(&index);
    Ok(std::iter::once(index).chain(found).collect())
}

/// What the page fetches later, beside scenarios.
pub(super) fn later(dist: &Path) -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(dist).map_err(|error| error.to_string())?;
    let mut files: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| is_later(name))
        .collect();
    files.sort_unstable();
    Ok(files)
}

/// Whether a file is the engine's, or the part of the page that is fetched with it.
fn is_later(name: &str) -> bool {
    let parts = [dist::ENGINE, dist::LATER];
    parts.iter().any(|part| name.starts_with(part))
}

/// What can be an address: whatever stands between quotes, brackets and spaces.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| "\"'`()<>=,; \n".contains(c))
        .filter(|word| word.contains('.'))
}

/// The file that `word`, written in the file `from`, is the address of.
fn inside(dist: &Path, from: &Path, word: &str) -> Option<String> {
    let word = word.split(['?', '#']).next()?;
    let path = from.parent()?.join(word);
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    let within = plain.strip_prefix(dist).ok()?;
    plain
        .is_file()
        .then(|| within.display().to_string().replace('\\', "/"))
}

fn is_text(file: &str) -> bool {
    [".html", ".js", ".mjs", ".css"]
        .iter()
        .any(|end| file.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_index_html_names_is_fetched_and_what_that_names_in_turn() {
        let dist = std::env::temp_dir().join(format!("first-load-{}", std::process::id()));
        std::fs::create_dir_all(dist.join("scenarios")).unwrap();
        for (file, text) in [
            (
                "index.html",
                "<link href=\"./a.css\"><script>import init from './a.js';init('./a_bg.wasm')",
            ),
            ("a.css", "@font-face{src:url(b.woff2)}"),
            (
                "a.js",
                "new URL('a_bg.wasm', import.meta.url); x.y; import('broker-lab-engine-1.js');
                 fetch('broker-lab-later-1.wasm')",
            ),
            ("broker-lab-engine-1.js", ""),
            ("broker-lab-later-1.wasm", ""),
            ("a_bg.wasm", ""),
            ("b.woff2", ""),
            ("embed.js", ""),
            ("scenarios/crash.json", "{}"),
        ] {
            std::fs::write(dist.join(file), text).unwrap();
        }
        let files = first_load(&dist);
        let later = later(&dist);
        std::fs::remove_dir_all(&dist).unwrap();
        assert_eq!(
            files.unwrap(),
            ["index.html", "a.css", "a.js", "a_bg.wasm", "b.woff2"]
        );
        assert_eq!(
            later.unwrap(),
            ["broker-lab-engine-1.js", "broker-lab-later-1.wasm"]
        );
    }
}
