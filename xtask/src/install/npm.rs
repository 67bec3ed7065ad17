//! Node, and the packages of `tests/e2e`.

use std::path::Path;

use serde_json::Value;

use super::debian;
use crate::place;
use crate::process::{answer, command, find, run};

/// The oldest Node that the packages run on.
const NODE_MAJOR: u32 = 20;

/// Node and npm, installed if they are missing.
fn node() -> Result<(), String> {
    let otherwise = format!("install Node {NODE_MAJOR} or newer with npm from nodejs.org");
    if find("node").is_none() || find("npm").is_none() {
        debian::install(&["nodejs", "npm"], &otherwise)?;
    }
    let said = answer("node", &["--version"]).unwrap_or_default();
    match major(&said) {
        Some(major) if major >= NODE_MAJOR => Ok(()),
        _ => Err(format!("node says it is {said:?}: {otherwise}")),
    }
}

/// The packages that `tests/e2e/package-lock.json` names, of exactly these versions.
pub(crate) fn npm_packages() -> Result<(), String> {
    node()?;
    let folder = place::e2e();
    let lock = place::read(&folder.join("package-lock.json"))?;
    if all_present(&folder, &lock) {
        return Ok(());
    }
    let npm = find("npm").ok_or("npm is missing: install Node with npm")?;
    let arguments = ["ci", "--no-audit", "--no-fund"];
    run(command(npm, &arguments).current_dir(&folder)).map_err(|error| {
        format!("the npm packages are missing ({error}): run `npm ci` in tests/e2e")
    })
}

fn all_present(folder: &Path, lock: &str) -> bool {
    wanted(lock).is_some_and(|packages| {
        packages.iter().all(|(path, version)| {
            let manifest = place::read(&folder.join(path).join("package.json"));
            manifest.is_ok_and(|text| version_of(&text).as_ref() == Some(version))
        })
    })
}

/// The folder and the version of each package of a package-lock.json that every system needs.
fn wanted(lock: &str) -> Option<Vec<(String, String)>> {
    let lock: Value = serde_json::from_str(lock).ok()?;
    let packages = lock.get("packages")?.as_object()?.iter();
    packages
        .filter(|(path, package)| !path.is_empty() && package.get("optional").is_none())
        .map(|(path, package)| {
            let version = package.get("version")?.as_str()?;
            Some((path.clone(), version.to_owned()))
        })
        .collect()
}

fn version_of(manifest: &str) -> Option<String> {
    let manifest: Value = serde_json::from_str(manifest).ok()?;
    Some(manifest.get("version")?.as_str()?.to_owned())
}

/// The first number of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_names_folders_and_versions() {
        let lock = r#"{"packages": {
            "": {"devDependencies": {"binaryen": "132.0.0"}},
            "node_modules/binaryen": {"version": "132.0.0"}}}"#;
        let binaryen = (
            String::from("node_modules/binaryen"),
            String::from("132.0.0"),
        );
        assert_eq!(wanted(lock), Some(vec![binaryen]));
        assert_eq!(wanted("{}"), None);
        assert!(!all_present(Path::new("/nowhere"), lock));
    }

    #[test]
    fn node_says_its_major_version_first() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major(""), None);
    }
}
