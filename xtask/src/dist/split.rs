//! Parts the page in two: what the first load needs, and what only a touch asks for
//! (`web/src/later.rs`), as a module that is fetched later and works in the memory of the first.
//!
//! `wasm-split-cli` finds what belongs to which, by what the linker has left in the module; the
//! glue of wasm-bindgen learns here how the second one is loaded.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::empty;
use super::shrink::{page, stem, write};
use crate::place;
use crate::process::{self, cargo, command};

/// The module that is fetched later.
pub(crate) const LATER: &str = "broker-lab-later";
/// What is split: the module as the linker has left it.
const LINKED: &str = "wasm32-unknown-unknown/release/broker-lab-web.wasm";
/// What the module calls to have the other one loaded, and from where it imports that.
const LOAD: &str = "__wasm_split_load_later";
const LOADER: &str = "./__wasm_split.js";

/// Puts the two parts in place of the page's module and glue in `dist`.
pub(super) fn run(dist: &Path) -> Result<(), String> {
    let target = target_folder()?;
    let page = page(dist)?;
    let name = stem(&page.script)?;
    let parts = target.join("split");
    empty(&parts)?;
    let mut split = command("wasm-split-cli", &["--target", "web", "--out-name", name]);
    split.arg(target.join(LINKED)).arg(&parts);
    let said = process::run_and_keep(split.env_remove("RUST_LOG"))?;
    // What it is not sure of can be a page that breaks at a touch.
    if !said.ok || said.output.contains("WARN") {
        return Err(String::from("the page cannot be parted in two"));
    }
    let first = parts.join(format!("{name}.wasm"));
    let options = ["--target", "web", "--no-typescript", "--keep-lld-exports"];
    let mut bindgen = command("wasm-bindgen", &options);
    process::run(
        bindgen
            .args(["--out-name", name, "--out-dir"])
            .arg(dist)
            .arg(first),
    )?;
    let loader = place::read(&parts.join(LOADER))?;
    let glue = with_loader(&place::read(&page.script)?, &shared(&loader)?)?;
    write(&page.script, &glue)?;
    let later = parts.join("split_later.wasm");
    std::fs::copy(&later, dist.join(format!("{LATER}.wasm")))
        .map(|_bytes| ())
        .map_err(|error| format!("{}: {error}", place::shown(&later)))
}

/// Where cargo puts what it builds.
fn target_folder() -> Result<PathBuf, String> {
    let output = cargo(&["metadata", "--no-deps", "--format-version", "1"]).output();
    let output = output.map_err(|error| format!("cargo metadata: {error}"))?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let folder = metadata.get("target_directory").and_then(Value::as_str);
    folder
        .map(PathBuf::from)
        .ok_or_else(|| String::from("cargo metadata names no target folder"))
}

/// What the second module imports from the first, as the loader that comes with them names it.
fn shared(loader: &str) -> Result<Vec<&str>, String> {
    let (names, _) = loader
        .split_once("} = initSync(")
        .ok_or("wasm-split has written another kind of loader")?;
    let (_, names) = names.rsplit_once('{').unwrap_or_default();
    let names = names.split(',').map(str::trim);
    Ok(names.filter(|name| !name.is_empty()).collect())
}

/// The glue, with a loader of its own in place of the one that comes with the modules: it fetches
/// in the way of the first module, and whoever asked hears of a failure.
fn with_loader(glue: &str, shared: &[&str]) -> Result<String, String> {
    let shares: Vec<String> = shared
        .iter()
        .map(|name| format!("{name}: wasm.{name}"))
        .collect();
    let loader = format!(
        "{LOAD}: async function(callback, data) {{
            let here = true;
            try {{
                const answer = await fetch(new URL('{LATER}.wasm', import.meta.url));
                await __wbg_load(answer, {{ __wasm_split: {{ {} }} }});
            }} catch {{
                here = false;
            }}
            wasm.__indirect_function_table.get(callback)(data, here);
        }},",
        shares.join(", ")
    );
    let mut glue = glue.to_owned();
    for (old, new) in [
        (
            format!("import * as import1 from \"{LOADER}\"\n"),
            String::new(),
        ),
        (format!("\"{LOADER}\": import1,\n"), String::new()),
        (
            String::from("const import0 = {\n"),
            format!("const import0 = {{\n{loader}\n"),
        ),
    ] {
        let (before, after) = glue
            .split_once(&old)
            .ok_or_else(|| format!("the glue of wasm-bindgen has no {old:?}"))?;
        glue = [before, after].join(&new);
    }
    Ok(glue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_tells_what_is_shared() {
        let loader =
            "x = { y };\nconst { memory, __a_shared0,  } = initSync(undefined, undefined);\n";
        assert_eq!(shared(loader).unwrap(), ["memory", "__a_shared0"]);
        assert!(shared("const { a } = wasm;").is_err());
    }

    #[test]
    fn the_glue_learns_to_load_and_imports_from_nowhere_else() {
        let glue = "import * as import1 from \"./__wasm_split.js\"\n\
                    const import0 = {\n    a: 1,\n};\n\
                    return {\n    \"./page_bg.js\": import0,\n    \"./__wasm_split.js\": import1,\n};\n";
        let glue = with_loader(glue, &["memory"]).unwrap();
        assert!(!glue.contains("import1") && !glue.contains("./__wasm_split.js"));
        assert!(glue.contains("__wasm_split: { memory: wasm.memory }"));
        assert!(glue.contains("const import0 = {\n__wasm_split_load_later: async"));
        assert!(with_loader("const import0 = {\n", &[]).is_err());
    }
}
