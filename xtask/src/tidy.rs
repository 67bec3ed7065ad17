//! The rules about files that no compiler checks.

mod docs;
mod files;
mod lengths;
mod modules;

use std::process::ExitCode;

use crate::place;
use files::Tree;

/// Folders that say what kind of thing is in them, not what it is about.
const REFUSED_FOLDERS: [&str; 6] = ["utils", "helpers", "types", "models", "common", "manager"];

/// Prints what is not tidy.
pub(crate) fn run() -> Result<ExitCode, String> {
    let faults = faults()?;
    for fault in &faults {
        println!("tidy: {fault}");
    }
    println!("tidy: {} faults", faults.len());
    Ok(if faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What is not tidy; prints what will soon be.
pub(crate) fn faults() -> Result<Vec<String>, String> {
    let tree = Tree::read(place::root())?;
    let lengths = lengths::measure(&tree);
    for note in &lengths.notes {
        println!("tidy: {note}");
    }
    let mut faults = lengths.faults;
    faults.extend(refused_folders(&tree));
    faults.extend(modules::orphans(&tree));
    faults.extend(docs::gone(&tree));
    Ok(faults)
}

fn refused_folders(tree: &Tree) -> Vec<String> {
    tree.folders()
        .filter(|folder| {
            let name = folder.rsplit('/').next().unwrap_or(folder);
            REFUSED_FOLDERS.contains(&name)
        })
        .map(|folder| format!("{folder}: a folder is a part of the domain, not a kind of thing"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_named_for_a_kind_of_thing_is_refused() {
        let tree = Tree::of(&[("web/src/utils/a.rs", ""), ("core/src/sqs/types.rs", "")]);
        let faults = refused_folders(&tree);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with("web/src/utils:"));
    }
}
