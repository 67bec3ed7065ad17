//! A source file that no `mod` names is not compiled, and nothing else says so.

use super::files::Tree;

/// Source files that no `mod` names.
pub(super) fn orphans(tree: &Tree) -> Vec<String> {
    tree.with_extension(&["rs"])
        .filter(|(path, _)| is_orphan(tree, path))
        .map(|(path, _)| format!("{path}: no `mod` names it"))
        .collect()
}

fn is_orphan(tree: &Tree, path: &str) -> bool {
    let Some((folder, file)) = path.rsplit_once('/') else {
        return false;
    };
    // Where cargo looks by itself.
    let roots = ["/tests", "/benches", "/examples", "/bin"];
    let is_root = match file {
        "lib.rs" | "main.rs" | "build.rs" => true,
        "mod.rs" => false,
        _ => roots.iter().any(|root| folder.ends_with(root)) && !folder.contains("/src/"),
    };
    if is_root {
        return false;
    }
    let (module, folder) = match file {
        "mod.rs" => {
            let (parent, name) = folder.rsplit_once('/').unwrap_or(("", folder));
            (name, parent)
        }
        _ => (file.trim_end_matches(".rs"), folder),
    };
    !parents(tree, folder).any(|text| names(text, module))
}

/// The texts in which a module of `folder` can be named.
fn parents<'a>(tree: &'a Tree, folder: &str) -> impl Iterator<Item = &'a str> {
    let files = ["/lib.rs", "/main.rs", "/mod.rs", ".rs"];
    let texts: Vec<&str> = files
        .iter()
        .filter_map(|file| tree.text(&format!("{folder}{file}")))
        .collect();
    // A folder of test programs: any of them can share a module.
    let prefix = format!("{folder}/");
    let programs = tree
        .with_extension(&["rs"])
        .filter(|(path, _)| {
            folder.ends_with("/tests")
                && path
                    .strip_prefix(prefix.as_str())
                    .is_some_and(|file| !file.contains('/'))
        })
        .map(|(_, text)| text)
        .collect::<Vec<_>>();
    texts.into_iter().chain(programs)
}

fn names(text: &str, module: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim();
        let line = match line.strip_prefix("pub") {
            Some(rest) => rest.trim_start_matches(|c| c != ' '),
            None => line,
        };
        let name = line
            .trim_start()
            .strip_prefix("mod ")
            .and_then(|rest| rest.split([';', ' ', '{']).next());
        name == Some(module)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_folder_s_module() {
        let tree = Tree::of(&[
            ("core/src/lib.rs", "pub mod sqs;\nmod time;\n"),
            ("core/src/time.rs", "#[cfg(test)]\nmod tests;\n"),
            ("core/src/time/tests.rs", ""),
            (
                "core/src/sqs/mod.rs",
                "pub(crate) mod queue;\n// mod fifo;\n",
            ),
            ("core/src/sqs/queue.rs", ""),
            ("core/src/sqs/fifo.rs", ""),
            ("core/src/lost/mod.rs", ""),
            ("tests/tests/run.rs", "mod words;\n"),
            ("tests/tests/words/mod.rs", ""),
            ("tests/tests/unsaid/mod.rs", ""),
        ]);
        let faults = orphans(&tree);
        let says = |path: &str| faults.iter().any(|fault| fault.starts_with(path));
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(says("core/src/sqs/fifo.rs") && says("core/src/lost/mod.rs"));
        assert!(says("tests/tests/unsaid/mod.rs"));
    }
}
