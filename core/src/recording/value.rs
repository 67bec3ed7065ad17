//! JSON as a recording holds it: values whose fields nobody has to know in advance.

use serde::{Serialize, Serializer};

use crate::scenario::Faults;
use crate::scenario::json::{Broken, Reader};

/// How deep a recording nests; what is deeper is passed over.
const DEPTH: u32 = 8;

/// A value of a recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(u32),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
    /// What a recording says nothing with: `null`, a truth, a number that is no count.
    #[default]
    Other,
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_u32(*number),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(fields) => {
                serializer.collect_map(fields.iter().map(|(name, value)| (name, value)))
            }
            Self::Other => serializer.serialize_unit(),
        }
    }
}

impl Value {
    pub(super) fn parse(text: &str) -> Result<Self, Faults> {
        let mut reader = Reader::new(text);
        let value = Self::read_json(&mut reader);
        let (value, read) = match value {
            Ok(value) => (value, reader.end()),
            Err(broken) => (Self::Other, Err(broken)),
        };
        reader.finish(read).map(|()| value)
    }

    /// The value at hand, whatever it is.
    pub(super) fn read_json(json: &mut Reader<'_>) -> Result<Self, Broken> {
        read(json, DEPTH)
    }

    /// The field called `name`; nothing if this is no object or has none.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(fields) = self else {
            return None;
        };
        let field = fields.iter().find(|(field, _)| field == name);
        field.map(|(_, value)| value)
    }

    /// The text of the field called `name`; the empty one if there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).map_or("", Self::as_text)
    }

    /// The number of the field called `name`.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.get(name).and_then(Self::as_number)
    }

    /// The items of the field called `name`; none if it is no list.
    pub(super) fn list(&self, name: &str) -> &[Self] {
        self.get(name).map_or(&[], Self::as_list)
    }

    /// The texts of the object that is the field called `name`, each with its own name.
    pub(super) fn texts(&self, name: &str) -> Vec<(String, String)> {
        let Some(Self::Object(fields)) = self.get(name) else {
            return Vec::new();
        };
        let named = fields.iter();
        let named = named.map(|(name, value)| (name.clone(), value.as_text().to_owned()));
        named.collect()
    }

    pub(super) fn as_text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    pub(super) const fn as_number(&self) -> Option<u32> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn as_list(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }
}

fn read(json: &mut Reader<'_>, depth: u32) -> Result<Value, Broken> {
    match json.peek() {
        Some(b'{' | b'[') if depth == 0 => json.skip().map(|()| Value::Other),
        Some(b'{') => {
            let mut fields = Vec::new();
            json.fields(&mut |name, json| {
                fields.push((name.to_owned(), read(json, depth - 1)?));
                Ok(())
            })?;
            Ok(Value::Object(fields))
        }
        Some(b'[') => {
            let mut items = Vec::new();
            json.array(&mut |json| {
                items.push(read(json, depth - 1)?);
                Ok(())
            })?;
            Ok(Value::List(items))
        }
        Some(b'"') => {
            let text = json.text("a text")?.unwrap_or_default();
            Ok(Value::Text(text.into_owned()))
        }
        _ => {
            let number = json.word().parse();
            json.skip()?;
            Ok(number.map_or(Value::Other, Value::Number))
        }
    }
}
