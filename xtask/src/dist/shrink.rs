//! Makes the built page smaller: wasm-opt, short names between WebAssembly and JavaScript, and
//! esbuild for what is text.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::split::LATER;
use crate::place;
use crate::process::command;

/// What rustc uses of WebAssembly, said to wasm-opt.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];
/// What is small when packed: without inlining, which repeats code, a module packs better than
/// with all of -Oz. A trap stays a trap (no -tnh): it is how a panic is noticed.
const PASSES: [&str; 8] = [
    "-O2",
    "--shrink-level=2",
    "--always-inline-max-function-size=0",
    "--flexible-inline-max-function-size=0",
    "--one-caller-inline-max-function-size=0",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];
/// Names of one letter between a module and its glue.
const RENAME: &str = "--minify-imports-and-exports-and-modules";

/// The module that the page fetches when it has something to simulate.
pub(crate) const ENGINE: &str = "broker-lab-engine";

/// Shrinks what `dist` holds, in place.
pub(super) fn run(dist: &Path) -> Result<(), String> {
    let engine = Pair {
        wasm: dist.join(format!("{ENGINE}_bg.wasm")),
        script: dist.join(format!("{ENGINE}.js")),
    };
    engine.shrink()?;
    let engine = engine.name_by_content(dist)?;
    let later = shrink_later(dist)?;
    let page = page(dist)?;
    page.shrink()?;
    let snippets = dist.join("snippets");
    if snippets.is_dir() {
        std::fs::remove_dir_all(&snippets).map_err(|error| error.to_string())?;
    }
    let text = place::read(&page.script)?;
    let text = text.replace(ENGINE, &engine).replace(LATER, &later);
    write(&page.script, &text)?;
    join_styles(dist)?;
    let before = stem(&page.script)?.to_owned();
    let after = page.name_by_content(dist)?;
    let index = dist.join("index.html");
    let mut html = place::read(&index)?.replace(&before, &after);
    while let Some((start, end)) = preload_of_snippet(&html) {
        html.replace_range(start..end, "");
    }
    write(&index, &html)
}

/// The next element that fetches early what is part of the script by now.
fn preload_of_snippet(html: &str) -> Option<(usize, usize)> {
    let at = html.find("href=\"./snippets/")?;
    let start = html.get(..at)?.rfind('<')?;
    Some((start, at + html.get(at..)?.find('>')? + 1))
}

/// Shrinks the part that is fetched later, and names it by what is in it. It imports only what
/// is in the page, by the names that the page's glue has for it.
fn shrink_later(dist: &Path) -> Result<String, String> {
    let old = dist.join(format!("{LATER}.wasm"));
    optimise(&old, None)?;
    let bytes = read_bytes(&old)?;
    let name = format!("{LATER}-{:016x}", fingerprint(&bytes));
    std::fs::rename(&old, dist.join(format!("{name}.wasm")))
        .map_err(|error| format!("{}: {error}", place::shown(&old)))?;
    Ok(name)
}

/// A WebAssembly module and its glue.
pub(super) struct Pair {
    pub(super) wasm: PathBuf,
    pub(super) script: PathBuf,
}

/// The page's own, which trunk has named by its content.
pub(super) fn page(dist: &Path) -> Result<Pair, String> {
    Ok(Pair {
        wasm: only(dist, "wasm")?,
        script: only(dist, "js")?,
    })
}

impl Pair {
    fn shrink(&self) -> Result<(), String> {
        let names = Names::read(&optimise(&self.wasm, Some(RENAME))?)?;
        write(&self.script, &names.rename(&place::read(&self.script)?))?;
        // Bundled: the page's own scripts come into the glue.
        let minified = esbuild(&["--minify", "--bundle", "--format=esm"], &self.script)?;
        write(&self.script, &minified)
    }

    /// Trunk names the two files by what they were before, or not at all: a cache must not pair
    /// one of today with one of yesterday. Gives the new name of both.
    fn name_by_content(&self, dist: &Path) -> Result<String, String> {
        let bytes = read_bytes(&self.wasm)?;
        let (old, text) = (stem(&self.script)?, place::read(&self.script)?);
        let both = fingerprint(&[&bytes, text.as_bytes()].concat());
        let name = match old.rsplit_once('-') {
            Some((name, hash)) if hash.bytes().all(|c| c.is_ascii_hexdigit()) => name,
            _ => old,
        };
        let new = format!("{name}-{both:016x}");
        write(
            &self.script,
            &text.replace(&format!("{old}_bg"), &format!("{new}_bg")),
        )?;
        for (file, end) in [(&self.wasm, "_bg.wasm"), (&self.script, ".js")] {
            std::fs::rename(file, dist.join(format!("{new}{end}")))
                .map_err(|error| format!("{}: {error}", place::shown(file)))?;
        }
        Ok(new)
    }
}

pub(super) fn stem(script: &Path) -> Result<&str, String> {
    let stem = script.file_stem().and_then(|stem| stem.to_str());
    stem.ok_or_else(|| String::from("the script has no name"))
}

/// The one file of a kind, besides the engine's and what is fetched later.
fn only(dist: &Path, extension: &str) -> Result<PathBuf, String> {
    let entries = std::fs::read_dir(dist).map_err(|error| error.to_string())?;
    let mut found = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            !name.starts_with(ENGINE) && !name.starts_with(LATER)
        });
    match (found.next(), found.next()) {
        (Some(file), None) => Ok(file),
        _ => Err(format!(
            "dist has not exactly one .{extension} file of the page"
        )),
    }
}

fn program(name: &str) -> PathBuf {
    place::e2e().join("node_modules/.bin").join(name)
}

/// Optimises the module. With [`RENAME`] it gives the new names of imports and exports, as JSON.
fn optimise(wasm: &Path, rename: Option<&str>) -> Result<String, String> {
    let mut arguments: Vec<&str> = FEATURES.into_iter().chain(PASSES).chain(rename).collect();
    let file = wasm.to_string_lossy();
    arguments.extend([&*file, "-o", &*file]);
    let output = command(program("wasm-opt"), &arguments)
        .output()
        .map_err(|error| format!("wasm-opt: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("wasm-opt failed: {said}"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn esbuild(arguments: &[&str], file: &Path) -> Result<String, String> {
    let file = file.to_string_lossy();
    let arguments = [arguments, &["--log-level=warning", &file]].concat();
    let minified = command(program("esbuild"), &arguments)
        .output()
        .map_err(|error| format!("esbuild: {error}"))?;
    if !minified.status.success() {
        let said = String::from_utf8_lossy(&minified.stderr).into_owned();
        return Err(format!("esbuild failed: {said}"));
    }
    Ok(String::from_utf8_lossy(&minified.stdout).into_owned())
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", place::shown(path)))
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", place::shown(path)))
}

/// What wasm-opt has renamed: (module, old, new) for imports, (old, new) for exports.
struct Names {
    imports: Vec<[String; 3]>,
    exports: Vec<[String; 2]>,
}

impl Names {
    fn read(json: &str) -> Result<Self, String> {
        let no_map = || String::from("wasm-opt did not say what it has renamed");
        let map: Value = serde_json::from_str(json).map_err(|_not_json| no_map())?;
        let rows = |name: &str| map.get(name).cloned().ok_or_else(no_map);
        Ok(Self {
            imports: serde_json::from_value(rows("imports")?).map_err(|_rows| no_map())?,
            exports: serde_json::from_value(rows("exports")?).map_err(|_rows| no_map())?,
        })
    }

    /// The glue with the new names. It has an import as the field of an object (`old: function`),
    /// an export behind `wasm.`, and the module as a text; the new module is `a`. What is imported
    /// from elsewhere, `split.rs` has put into the same object.
    fn rename(&self, glue: &str) -> String {
        let mut renamed = String::with_capacity(glue.len());
        let mut rest = glue;
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        while let Some(start) = rest.find(is_name) {
            let (before, from) = rest.split_at(start);
            renamed.push_str(before);
            let end = from.find(|c| !is_name(c)).unwrap_or(from.len());
            let (name, after) = from.split_at(end);
            let export = self.exports.iter().find(|[old, _]| old == name);
            let import = self.imports.iter().find(|[_, old, _]| old == name);
            renamed.push_str(match (export, import) {
                (Some([_, new]), _) if renamed.ends_with("wasm.") => new,
                (_, Some([_, _, new])) if after.starts_with(':') => new,
                _ => name,
            });
            rest = after;
        }
        renamed.push_str(rest);
        match self.imports.first() {
            Some([module, _, _]) => renamed.replace(&format!("\"{module}\""), "\"a\""),
            None => renamed,
        }
    }
}

/// All style sheets of index.html as one, which is one request and packs better.
fn join_styles(dist: &Path) -> Result<(), String> {
    let index = dist.join("index.html");
    let mut page = place::read(&index)?;
    let mut sheet = String::new();
    let mut first = None;
    while let Some((start, end, href)) = next_style(&page, first) {
        let file = dist.join(&href);
        sheet.push_str(&esbuild(&["--minify"], &file)?);
        std::fs::remove_file(&file).map_err(|error| error.to_string())?;
        page.replace_range(start..end, "");
        first.get_or_insert(start);
    }
    let at = first.ok_or("index.html names no style sheet")?;
    let name = format!("style-{:016x}.css", fingerprint(sheet.as_bytes()));
    page.insert_str(at, &format!("<link rel=\"stylesheet\" href=\"./{name}\">"));
    write(&dist.join(name), &sheet)?;
    write(&index, &page)
}

/// Where the next `<link rel="stylesheet" …>` stands, and what it names.
fn next_style(page: &str, from: Option<usize>) -> Option<(usize, usize, String)> {
    let start = page
        .get(from.unwrap_or(0)..)?
        .find("<link rel=\"stylesheet\"")?
        + from.unwrap_or(0);
    let end = start + page.get(start..)?.find('>')? + 1;
    let (_, href) = page.get(start..end)?.split_once("href=\"")?;
    let (href, _) = href.split_once('"')?;
    Some((start, end, href.trim_start_matches("./").to_owned()))
}

/// FNV-1a: a name that changes with the content.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_where_they_are_imports_or_exports_and_nowhere_else() {
        let names = Names::read(
            r#"{"imports": [["./m_bg.js", "__wbg_body_1f", "A"]], "exports": [["memory", "b"]]}"#,
        );
        let glue = "import0 = { __wbg_body_1f: function(memory) { return wasm.memory.buffer; } };\n\
                    note('__wbg_body_1f', memory); return { \"./m_bg.js\": import0 };";
        assert_eq!(
            names.unwrap().rename(glue),
            "import0 = { A: function(memory) { return wasm.b.buffer; } };\n\
             note('__wbg_body_1f', memory); return { \"a\": import0 };"
        );
        assert!(Names::read("warning").is_err());
    }

    #[test]
    fn what_would_fetch_a_snippet_is_found() {
        let html =
            "<link href=\"./a.js\"><link rel=\"m\" href=\"./snippets/x/load.js\" crossorigin><p>";
        assert_eq!(preload_of_snippet(html), Some((20, 74)));
        assert_eq!(preload_of_snippet("<link href=\"./a.js\">"), None);
    }

    #[test]
    fn a_style_sheet_is_found_with_its_end() {
        let page = "<head><link rel=\"icon\" href=\"i\"><link rel=\"stylesheet\" href=\"./a.css\"/></head>";
        assert_eq!(next_style(page, None), Some((32, 71, "a.css".to_owned())));
        assert_eq!(next_style("<head></head>", None), None);
    }
}
