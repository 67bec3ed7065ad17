//! Which runner a vector file is for: its folder says the system, its name the table.
//!
//! Files from elsewhere can have other names and other folders; they are taken for the file of
//! ours whose name they contain, or whose fields they have.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::place;

/// How deep into a file its fields are compared.
const DEPTH: u32 = 4;

/// The folders of `tests/vectors`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Kafka,
    KafkaRecordings,
    Sqs,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Kafka, Self::KafkaRecordings, Self::Sqs];

    const fn folder(self) -> &'static str {
        match self {
            Self::Kafka => "kafka",
            Self::KafkaRecordings => "kafka-recordings",
            Self::Sqs => "sqs",
        }
    }

    /// The kind that the folders say in which `file` lies, `top` included.
    fn of(top: &Path, file: &Path) -> Option<Self> {
        let above = file.ancestors().skip(1);
        let within = above.take_while(|folder| folder.starts_with(top));
        within
            .filter_map(Path::file_name)
            .find_map(|name| Self::ALL.into_iter().find(|kind| name == kind.folder()))
    }
}

/// What a report calls a file: from its kind's folder on, or from `top` on.
pub(super) fn title(top: &Path, file: &Path) -> String {
    let shown_from = match Kind::of(top, top.join("any").as_path()) {
        Some(_) => top.parent().unwrap_or(top),
        None => top,
    };
    let path = file.strip_prefix(shown_from).unwrap_or(file);
    path.display().to_string().replace('\\', "/")
}

/// Our own vector files.
pub(super) struct Known(Vec<Table>);

/// One of our own vector files.
struct Table {
    kind: Kind,
    name: String,
    path: PathBuf,
    /// Read when they are first asked for; `None` if the file cannot be read.
    fields: OnceCell<Option<Fields>>,
}

impl Known {
    pub(super) fn in_folder(vectors: &Path) -> Result<Self, String> {
        let mut known = Vec::new();
        for kind in Kind::ALL {
            let folder = vectors.join(kind.folder());
            let entries = std::fs::read_dir(&folder)
                .map_err(|error| format!("{}: {error}", place::shown(&folder)))?;
            for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
                let name = path.file_name().and_then(|name| name.to_str());
                if let Some(name) = name.filter(|name| name.ends_with(".json")) {
                    known.push(Table {
                        kind,
                        name: name.to_owned(),
                        path: path.clone(),
                        fields: OnceCell::new(),
                    });
                }
            }
        }
        known.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self(known))
    }

    /// Which kind `file` is, and under which of our names it is to be run.
    pub(super) fn find(&self, top: &Path, file: &Path, text: &str) -> Option<(Kind, String)> {
        let kind = Kind::of(top, file);
        let name = file.file_name()?.to_str()?;
        // Every recording is run by what is in it.
        if kind == Some(Kind::KafkaRecordings) {
            return Some((Kind::KafkaRecordings, name.to_owned()));
        }
        let candidates = || {
            let tables = self.0.iter();
            tables.filter(move |table| kind.is_none_or(|kind| kind == table.kind))
        };
        let by_name = candidates()
            .filter(|table| name.contains(table.name.trim_end_matches(".json")))
            .max_by_key(|table| table.name.len());
        let found = by_name.or_else(|| {
            let fields = Fields::of(text)?;
            candidates()
                .map(|table| (table.likeness(&fields), table))
                .filter(|(likeness, _)| *likeness > 0)
                .max_by_key(|(likeness, _)| *likeness)
                .map(|(_, table)| table)
        });
        found.map(|table| (table.kind, table.name.clone()))
    }
}

impl Table {
    fn likeness(&self, fields: &Fields) -> usize {
        let own = self
            .fields
            .get_or_init(|| Fields::of(&place::read(&self.path).ok()?));
        own.as_ref().map_or(0, |own| own.likeness(fields))
    }
}

/// The fields of a file, each with those around it.
struct Fields(BTreeSet<String>);

impl Fields {
    fn of(text: &str) -> Option<Self> {
        let mut fields = BTreeSet::new();
        collect(&serde_json::from_str(text).ok()?, "", DEPTH, &mut fields);
        Some(Self(fields))
    }

    /// In thousandths: what both have, of what either has.
    fn likeness(&self, other: &Self) -> usize {
        let both = self.0.intersection(&other.0).count();
        both * 1_000 / self.0.union(&other.0).count().max(1)
    }
}

fn collect(value: &Value, at: &str, depth: u32, fields: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                collect(item, &format!("{at}[]"), depth, fields);
            }
        }
        Value::Object(object) if depth > 0 => {
            for (name, value) in object {
                let at = format!("{at}.{name}");
                collect(value, &at, depth - 1, fields);
                fields.insert(at);
            }
        }
        // What a file was recorded with is like a field: it tells tables of one shape apart.
        Value::String(text) if at == ".classes[]" => {
            fields.insert(format!("{at}={text}"));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known::in_folder(&place::root().join("tests/vectors")).unwrap()
    }

    fn find(file: &str, text: &str) -> Option<(Kind, String)> {
        known().find(Path::new("/v"), Path::new(file), text)
    }

    #[test]
    fn the_folder_and_the_name_tell_the_kind() {
        let murmur2 = Some((Kind::Kafka, String::from("murmur2.json")));
        assert_eq!(find("/v/kafka/murmur2.json", ""), murmur2);
        assert_eq!(find("/v/kafka/more/murmur2-held-out.json", ""), murmur2);
        assert_eq!(
            find("/v/kafka-recordings/any.json", ""),
            Some((Kind::KafkaRecordings, String::from("any.json")))
        );
        let top = Path::new("/else/sqs");
        let scripts = known().find(top, &top.join("scripts.json"), "");
        assert_eq!(scripts, Some((Kind::Sqs, String::from("scripts.json"))));
    }

    #[test]
    fn a_file_of_another_name_is_known_by_its_fields() {
        let known = known();
        let file = Path::new("/v/unheard-of.json");
        for table in &known.0 {
            let text = place::read(&table.path).unwrap();
            let (kind, name) = known.find(Path::new("/v"), file, &text).unwrap();
            assert_eq!(kind, table.kind, "{}", table.name);
            assert!(kind == Kind::KafkaRecordings || name == table.name);
        }
        assert_eq!(find("/v/unheard-of.json", "{\"a\": 1}"), None);
    }

    #[test]
    fn a_title_begins_with_the_kind() {
        let file = Path::new("/v/kafka/murmur2.json");
        for top in ["/v", "/v/kafka"] {
            assert_eq!(title(Path::new(top), file), "kafka/murmur2.json");
        }
    }
}
