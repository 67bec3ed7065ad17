//! Documents must not name files that are gone.

use super::files::Tree;

const DOCUMENTS: [&str; 2] = ["README.md", "ARCHITECTURE.md"];
/// What a build makes may be named, and is often not there.
const MADE: [&str; 3] = ["dist", "target", "node_modules"];
/// A word that ends so is a file.
const FILES: [&str; 9] = [
    "rs", "css", "mjs", "md", "toml", "json", "html", "js", "svg",
];

/// Paths that a document names and that do not exist.
pub(super) fn gone(tree: &Tree) -> Vec<String> {
    DOCUMENTS
        .iter()
        .filter_map(|name| Some((name, tree.text(name)?)))
        .flat_map(|(name, text)| {
            let lines = (1..).zip(text.lines());
            lines.flat_map(move |(number, line)| {
                quoted(line)
                    .filter(|path| is_gone(tree, path))
                    .map(move |path| format!("{name}:{number}: `{path}` does not exist"))
            })
        })
        .collect()
}

/// What stands between backticks.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Whether `word` is a path of the repository, and nothing is there.
fn is_gone(tree: &Tree, word: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let path = word.trim_end_matches('/');
    let Some((first, _)) = word.split_once('/') else {
        return false;
    };
    if !word.chars().all(is_plain) || MADE.contains(&first) {
        return false;
    }
    let is_ours = tree.folders().any(|folder| folder == first);
    let is_file = FILES.iter().any(|end| {
        path.rsplit_once('.')
            .is_some_and(|(_, written)| written == *end)
    });
    if is_ours || is_file {
        let within = format!("/{path}");
        let mut there = tree.files().chain(tree.folders());
        // In a document about a part, the part's own folder may go without saying.
        !there.any(|known| known == path || (!is_ours && known.ends_with(&within)))
    } else {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_names_what_exists() {
        let text = "Run `cargo xtask test`; see `core/src/run.rs`, `core/src/` and `dist/index.html`.\n\
                    `sqs/queue.rs` is `application/json`, not `and/or`.\n\
                    `core/src/gone.rs`, `core/old/` and `sqs/lost.rs` are gone.\n";
        let tree = Tree::of(&[
            ("README.md", text),
            ("core/src/run.rs", ""),
            ("core/src/sqs/queue.rs", ""),
        ]);
        assert_eq!(
            gone(&tree),
            [
                "README.md:3: `core/src/gone.rs` does not exist",
                "README.md:3: `core/old/` does not exist",
                "README.md:3: `sqs/lost.rs` does not exist",
            ]
        );
    }
}
