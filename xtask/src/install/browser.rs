//! Chromium, and the program that drives it.

use std::path::PathBuf;

use super::debian;
use crate::process::find;

/// Where the browser and its driver are.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
}

/// Chromium and chromedriver, installed if they are missing.
pub(crate) fn browser() -> Result<Browser, String> {
    if let Some(browser) = present() {
        return Ok(browser);
    }
    let otherwise = "install Chromium and the chromedriver of its version, \
                     and name them in CHROMIUM and CHROMEDRIVER";
    debian::install(&["chromium", "chromium-driver"], otherwise)?;
    present().ok_or_else(|| format!("Chromium is installed but not found: {otherwise}"))
}

fn present() -> Option<Browser> {
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    Some(Browser {
        chromium: named("CHROMIUM").or_else(|| names.into_iter().find_map(find))?,
        chromedriver: named("CHROMEDRIVER").or_else(|| find("chromedriver"))?,
    })
}

/// What the user chose, if it is there.
fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|file| file.is_file())
}
