//! Where things are.

use std::path::{Path, PathBuf};

/// The folder of the repository.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Where `cargo xtask dist` puts the page.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// The end-to-end tests, and what npm brings for them.
pub(crate) fn e2e() -> PathBuf {
    root().join("tests/e2e")
}

/// The path as a person in the repository writes it.
pub(crate) fn shown(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap_or(path);
    path.display().to_string()
}

/// The text of a file; the error names it.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", shown(path)))
}
