//! A file holds one idea.

use super::files::Tree;

/// From here on a file likely holds two ideas: it is named.
const NOTED: usize = 400;
/// From here on it is refused.
const REFUSED: usize = 500;

/// One enum with everything that can happen, which cannot be in two files; until it is in layers, as
/// what happens in share groups is.
const EVENTS: &str = "core/src/trace/what.rs";

/// Files that are too long.
pub(super) struct Lengths {
    pub(super) notes: Vec<String>,
    pub(super) faults: Vec<String>,
}

pub(super) fn measure(tree: &Tree) -> Lengths {
    let mut long: Vec<(usize, &str)> = tree
        .with_extension(&["rs", "css", "mjs"])
        .filter(|(path, _)| !path.starts_with("tests/vectors/"))
        .map(|(path, text)| (text.lines().count(), path))
        .filter(|(lines, _)| *lines > NOTED)
        .collect();
    long.sort_by_key(|(lines, path)| (std::cmp::Reverse(*lines), *path));
    let (refused, noted): (Vec<_>, Vec<_>) = long
        .into_iter()
        .partition(|(lines, path)| *lines > REFUSED && *path != EVENTS);
    let say = |limit| {
        move |(lines, path): (usize, &str)| format!("{path}: {lines} lines, over {limit}: split it")
    };
    Lengths {
        notes: noted.into_iter().map(say(NOTED)).collect(),
        faults: refused.into_iter().map(say(REFUSED)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_are_named_and_longer_ones_refused() {
        let lines = |n: usize| "x\n".repeat(n);
        let tree = Tree::of(&[
            ("a.rs", &lines(400)),
            ("b.css", &lines(401)),
            ("c.mjs", &lines(501)),
            ("tests/vectors/d.rs", &lines(900)),
            ("e.md", &lines(900)),
        ]);
        let lengths = measure(&tree);
        assert_eq!(lengths.notes, ["b.css: 401 lines, over 400: split it"]);
        assert_eq!(lengths.faults, ["c.mjs: 501 lines, over 500: split it"]);
    }
}
