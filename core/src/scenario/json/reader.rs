//! From JSON text to serde's visitors.

use std::borrow::Cow;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, Error as _, Unexpected, Visitor};

use super::error::Error;

/// The text, and how far it is read.
pub(super) struct Reader<'de> {
    text: &'de str,
    at: usize,
}

/// What a value begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Object,
    Array,
    Text,
    Number,
    Word,
}

impl<'de> Reader<'de> {
    pub(super) const fn new(text: &'de str) -> Self {
        Self { text, at: 0 }
    }

    /// Nothing but white space is left.
    pub(super) fn end(&mut self) -> Result<(), Error> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.syntax("the end of the document")),
        }
    }

    fn rest(&self) -> &'de str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.rest().as_bytes();
        let space = rest
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'))
            .count();
        self.at += space;
        rest.get(space).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// What is no JSON, with where in the text it stands.
    fn syntax(&self, expected: &str) -> Error {
        let before = self.text.get(..self.at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1;
        let found = match self.rest().chars().next() {
            Some(found) => format!("`{found}`"),
            None => "the end".to_owned(),
        };
        Error::new(format!(
            "this is not JSON: {expected} is expected at line {line} column {column}, not {found}"
        ))
    }

    fn kind(&mut self) -> Result<Kind, Error> {
        match self.peek() {
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'"') => Ok(Kind::Text),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b't' | b'f' | b'n') => Ok(Kind::Word),
            _ => Err(self.syntax("a value")),
        }
    }

    /// The value at hand is not what the visitor wants.
    fn mismatch<'a>(&mut self, kind: Kind, visitor: &impl Visitor<'a>) -> Error {
        match kind {
            Kind::Object => Error::invalid_type(Unexpected::Map, visitor),
            Kind::Array => Error::invalid_type(Unexpected::Seq, visitor),
            Kind::Text => self.string().map_or_else(
                |error| error,
                |text| Error::invalid_type(Unexpected::Str(&text), visitor),
            ),
            Kind::Number => self.number().map_or_else(
                |error| error,
                |number| Error::invalid_type(Unexpected::Signed(number), visitor),
            ),
            Kind::Word => self.word().map_or_else(
                |error| error,
                |word| match word {
                    Some(value) => Error::invalid_type(Unexpected::Bool(value), visitor),
                    None => Error::invalid_type(Unexpected::Unit, visitor),
                },
            ),
        }
    }

    /// `true`, `false`, or `null` as `None`.
    fn word(&mut self) -> Result<Option<bool>, Error> {
        for (name, value) in [("true", Some(true)), ("false", Some(false)), ("null", None)] {
            if self.rest().starts_with(name) {
                self.at += name.len();
                return Ok(value);
            }
        }
        Err(self.syntax("a value"))
    }

    /// A whole number; one with a fraction is an error of its own.
    fn number(&mut self) -> Result<i64, Error> {
        let rest = self.rest();
        let length = rest
            .bytes()
            .take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
            .count();
        let (written, _) = rest.split_at(length);
        let number = written.parse().map_err(|_not_whole| {
            Error::new(format!(
                "{written} is not a whole number of a sensible size"
            ))
        })?;
        self.at += length;
        Ok(number)
    }

    fn string(&mut self) -> Result<Cow<'de, str>, Error> {
        if !self.take(b'"') {
            return Err(self.syntax("a text in quotes"));
        }
        let mut whole = Cow::Borrowed("");
        loop {
            let rest = self.rest();
            let Some(length) = rest.find(['"', '\\']) else {
                self.at = self.text.len();
                return Err(self.syntax("a closing quote"));
            };
            let (plain, _) = rest.split_at(length);
            if whole.is_empty() {
                whole = Cow::Borrowed(plain);
            } else {
                whole.to_mut().push_str(plain);
            }
            self.at += length + 1;
            if rest.as_bytes().get(length) == Some(&b'"') {
                return Ok(whole);
            }
            let escaped = self.escape()?;
            whole.to_mut().push(escaped);
        }
    }

    /// What stands after a backslash.
    fn escape(&mut self) -> Result<char, Error> {
        let byte = self.rest().bytes().next();
        let plain = match byte {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.syntax("an escaped character")),
        };
        self.at += 1;
        Ok(plain)
    }

    /// `u` and four digits, twice for what needs a surrogate pair.
    fn unicode(&mut self) -> Result<char, Error> {
        let first = self.unit()?;
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            self.at += 1;
            units.push(self.unit()?);
        }
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => Ok(character),
            _ => Err(self.syntax("a whole character")),
        }
    }

    fn unit(&mut self) -> Result<u16, Error> {
        let digits = self.rest().get(1..5).unwrap_or_default();
        let unit = u16::from_str_radix(digits, 16);
        let unit = unit.map_err(|_not_hex| self.syntax("u and four hexadecimal digits"))?;
        self.at += 5;
        Ok(unit)
    }

    fn key(&mut self) -> Result<Cow<'de, str>, Error> {
        let key = self.string()?;
        if self.take(b':') {
            Ok(key)
        } else {
            Err(self.syntax("a colon"))
        }
    }
}

/// Whether something came before in an object or an array.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    Later,
}

/// The items of an array or the fields of an object.
struct Parts<'a, 'de> {
    reader: &'a mut Reader<'de>,
    place: Place,
    /// How many items came before.
    index: usize,
    /// The field whose value comes next.
    key: Cow<'de, str>,
}

impl<'a, 'de> Parts<'a, 'de> {
    fn new(reader: &'a mut Reader<'de>) -> Self {
        reader.at += 1;
        Self {
            reader,
            place: Place::First,
            index: 0,
            key: Cow::Borrowed(""),
        }
    }

    /// Whether another part comes before `close`.
    fn more(&mut self, close: u8) -> Result<bool, Error> {
        if self.reader.take(close) {
            return Ok(false);
        }
        if self.place == Place::Later && !self.reader.take(b',') {
            return Err(self.reader.syntax("a comma or the end"));
        }
        self.place = Place::Later;
        Ok(true)
    }
}

impl<'de> de::SeqAccess<'de> for Parts<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if !self.more(b']')? {
            return Ok(None);
        }
        let index = self.index;
        self.index += 1;
        let item = seed.deserialize(&mut *self.reader);
        item.map(Some).map_err(|error| error.in_item(index))
    }
}

impl<'de> de::MapAccess<'de> for Parts<'_, 'de> {
    type Error = Error;

    fn next_key_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if !self.more(b'}')? {
            return Ok(None);
        }
        self.key = self.reader.key()?;
        let name = StrDeserializer::<Error>::new(&self.key);
        let field = seed.deserialize(name);
        field.map(Some).map_err(|error| error.in_field(&self.key))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        let value = seed.deserialize(&mut *self.reader);
        value.map_err(|error| error.in_field(&self.key))
    }
}

/// Numbers are told as what they are; the visitor checks that they fit.
macro_rules! numbers {
    ($($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.read_number(visitor)
        })*
    };
}

macro_rules! strings {
    ($($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.read_string(visitor)
        })*
    };
}

/// What no part of a scenario is.
macro_rules! never {
    ($($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.read_never(visitor)
        })*
    };
}

impl<'de> Reader<'de> {
    fn read_number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        match self.kind()? {
            Kind::Number => visitor.visit_i64(self.number()?),
            other => Err(self.mismatch(other, &visitor)),
        }
    }

    fn read_string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        match self.kind()? {
            Kind::Text => visitor.visit_str(&self.string()?),
            other => Err(self.mismatch(other, &visitor)),
        }
    }

    fn read_object<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        match self.kind()? {
            Kind::Object => visitor.visit_map(Parts::new(self)),
            other => Err(self.mismatch(other, &visitor)),
        }
    }

    fn read_array<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        match self.kind()? {
            Kind::Array => visitor.visit_seq(Parts::new(self)),
            other => Err(self.mismatch(other, &visitor)),
        }
    }

    fn read_never<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let kind = self.kind()?;
        Err(self.mismatch(kind, &visitor))
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    numbers! { deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8
    deserialize_u16 deserialize_u32 deserialize_u64 }
    strings! { deserialize_str deserialize_string deserialize_char deserialize_identifier }
    never! { deserialize_any deserialize_ignored_any deserialize_f32 deserialize_f64
    deserialize_bytes deserialize_byte_buf deserialize_unit }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.kind()? {
            Kind::Word => match self.word()? {
                Some(value) => visitor.visit_bool(value),
                None => Err(Error::invalid_type(Unexpected::Unit, &visitor)),
            },
            other => Err(self.mismatch(other, &visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.kind()? == Kind::Word && self.rest().starts_with('n') {
            self.word()?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.read_object(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.read_object(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.read_array(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.read_array(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.read_array(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.read_never(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// A name: no variant of a scenario's enums has data.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.kind()? {
            Kind::Text => visitor.visit_enum(StrDeserializer::new(&self.string()?)),
            other => Err(self.mismatch(other, &visitor)),
        }
    }
}
