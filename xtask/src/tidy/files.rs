//! The files of the repository, with the text of those that a rule reads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What builds, npm and git leave.
const NOT_OURS: [&str; 5] = [".git", "target", "dist", "node_modules", "out"];
/// Files whose text a rule reads.
const READ: [&str; 4] = ["rs", "css", "mjs", "md"];

/// Paths from the folder of the repository, with `/`.
#[derive(Default)]
pub(super) struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    pub(super) fn read(root: &Path) -> Result<Self, String> {
        let mut tree = Self::default();
        tree.walk(root, "")
            .map_err(|error| format!("cannot read the files: {error}"))?;
        Ok(tree)
    }

    fn walk(&mut self, folder: &Path, prefix: &str) -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.file_type()?.is_dir() {
                if !NOT_OURS.contains(&name.as_str()) {
                    self.walk(&entry.path(), &format!("{path}/"))?;
                }
                continue;
            }
            let text = if READ.iter().any(|end| has_extension(&path, end)) {
                std::fs::read_to_string(entry.path())?
            } else {
                String::new()
            };
            self.files.insert(path, text);
        }
        Ok(())
    }

    /// A tree for a test.
    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Self {
            files: files.collect(),
        }
    }

    /// Files that end with one of `extensions`, with their text.
    pub(super) fn with_extension<'a>(
        &'a self,
        extensions: &'a [&str],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(|(path, _)| extensions.iter().any(|end| has_extension(path, end)))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// All folders that files are in.
    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        let all: BTreeSet<&str> = self
            .files()
            .flat_map(|path| {
                path.match_indices('/')
                    .filter_map(|(end, _)| path.get(..end))
            })
            .collect();
        all.into_iter()
    }
}

fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, end)| end == extension)
}
