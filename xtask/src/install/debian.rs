//! Packages of a Debian system, which only root can install.

use std::path::Path;

use crate::process::{answer, command, find, run};

/// Installs packages; the error says how to do it by hand, and `otherwise` what to do elsewhere.
pub(super) fn install(packages: &[&str], otherwise: &str) -> Result<(), String> {
    let names = packages.join(" and ");
    let by_hand = format!("apt-get install {}", packages.join(" "));
    let Some(apt) = find("apt-get").filter(|_| Path::new("/etc/debian_version").exists()) else {
        return Err(format!("{names} missing: {otherwise}"));
    };
    if answer("id", &["-u"]).as_deref() != Some("0") {
        return Err(format!(
            "{names} missing: install with `sudo {by_hand}`, or {otherwise}"
        ));
    }
    println!("{names} missing: installing");
    let apt_get =
        |arguments: &[&str]| run(command(&apt, arguments).env("DEBIAN_FRONTEND", "noninteractive"));
    if let Err(error) = apt_get(&["update", "-qq"]) {
        // The lists that are there may do.
        println!("{error}");
    }
    apt_get(&[&["install", "-y", "-qq"], packages].concat()).map_err(|error| {
        format!("{names} missing ({error}): install with `{by_hand}`, or {otherwise}")
    })
}
