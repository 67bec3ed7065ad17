//! JSON text, value by value.

use std::borrow::Cow;

use crate::scenario::{Fault, Faults};

/// The text, how far it is read, where that is in the document, and what was wrong so far.
pub(crate) struct Reader<'de> {
    text: &'de str,
    at: usize,
    place: String,
    faults: Vec<Fault>,
}

/// The text is no JSON: what and where, in words.
#[derive(Debug)]
pub(crate) struct Broken(String);

/// What is done with a field of an object, or with an item of an array.
type OnField<'a, 'de> = dyn FnMut(&str, &mut Reader<'de>) -> Result<(), Broken> + 'a;
type OnItem<'a, 'de> = dyn FnMut(&mut Reader<'de>) -> Result<(), Broken> + 'a;

impl<'de> Reader<'de> {
    pub(crate) const fn new(text: &'de str) -> Self {
        Self {
            text,
            at: 0,
            place: String::new(),
            faults: Vec::new(),
        }
    }

    /// Nothing but white space is left.
    pub(crate) fn end(&mut self) -> Result<(), Broken> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.broken("the end of the document")),
        }
    }

    /// All faults, if there are any.
    pub(crate) fn finish(mut self, read: Result<(), Broken>) -> Result<(), Faults> {
        if let Err(Broken(what)) = read {
            let place = String::new();
            self.faults = vec![Fault { place, what }];
        }
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(Faults(self.faults))
        }
    }

    /// Notes that something at the present place is wrong.
    pub(super) fn fault(&mut self, what: String) {
        let place = self.place.clone();
        self.faults.push(Fault { place, what });
    }

    fn rest(&self) -> &'de str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next byte that is no white space.
    pub(crate) fn peek(&mut self) -> Option<u8> {
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

    fn expect(&mut self, byte: u8, what: &str) -> Result<(), Broken> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.broken(what))
        }
    }

    fn broken(&self, expected: &str) -> Broken {
        let before = self.text.get(..self.at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1;
        let mut found = String::from("the end");
        if let Some(character) = self.rest().chars().next() {
            found = format!("`{character}`");
        }
        Broken(format!(
            "this is not JSON: {expected} is expected at line {line} column {column}, not {found}"
        ))
    }

    /// The value at hand is not `expected`: says so, and passes over it.
    fn mismatch(&mut self, expected: &str) -> Result<(), Broken> {
        let start = self.at;
        self.skip()?;
        let found = self.text.get(start..self.at).unwrap_or_default();
        let found = match found.bytes().next() {
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            _ => found,
        };
        let found: String = found.chars().take(40).collect();
        self.fault(format!("{found} is not {expected}"));
        Ok(())
    }

    /// Passes over a value, however deep it goes.
    pub(crate) fn skip(&mut self) -> Result<(), Broken> {
        let mut depth = 0_u32;
        loop {
            match self.peek() {
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b'}' | b']') if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                Some(b',' | b':') if depth > 0 => self.at += 1,
                Some(b'"') => {
                    self.string()?;
                }
                Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => self.at += self.word().len(),
                _ => return Err(self.broken("a value")),
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// A number or a word, as it is written.
    pub(crate) fn word(&mut self) -> &'de str {
        self.peek();
        let rest = self.rest();
        let length = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.'))
            .count();
        rest.get(..length).unwrap_or_default()
    }

    /// Whether the value is `null`; then it is read.
    pub(super) fn null(&mut self) -> Result<bool, Broken> {
        let null = self.word() == "null";
        if null {
            self.skip()?;
        }
        Ok(null)
    }

    /// Whether the value is a text.
    pub(crate) fn is_text(&mut self) -> bool {
        self.peek() == Some(b'"')
    }

    pub(super) fn truth(&mut self) -> Result<Option<bool>, Broken> {
        let value = match self.word() {
            "true" => true,
            "false" => false,
            _ => return self.mismatch("true or false").map(|()| None),
        };
        self.skip()?;
        Ok(Some(value))
    }

    /// A whole number, at most `max`.
    pub(super) fn number(&mut self, max: u32) -> Result<Option<u32>, Broken> {
        let number = self.word().parse().ok();
        if let Some(number) = number.filter(|number| *number <= max) {
            self.skip()?;
            return Ok(Some(number));
        }
        let expected = format!("a whole number from 0 to {max}");
        self.mismatch(&expected).map(|()| None)
    }

    /// A whole number that can be negative.
    pub(super) fn signed(&mut self) -> Result<Option<i32>, Broken> {
        if let Ok(number) = self.word().parse() {
            self.skip()?;
            return Ok(Some(number));
        }
        self.mismatch("a whole number").map(|()| None)
    }

    pub(crate) fn text(&mut self, expected: &str) -> Result<Option<Cow<'de, str>>, Broken> {
        if self.peek() == Some(b'"') {
            return self.string().map(Some);
        }
        self.mismatch(expected).map(|()| None)
    }

    /// One of a few names.
    pub(super) fn name(&mut self, names: &[&'static str]) -> Result<Option<&'static str>, Broken> {
        let expected = format!("one of {}", names.join(", "));
        let Some(text) = self.text(&expected)? else {
            return Ok(None);
        };
        let found = names.iter().find(|name| **name == text).copied();
        if found.is_none() {
            self.fault(format!("\"{text}\" is not {expected}"));
        }
        Ok(found)
    }

    /// The fields of an object, whatever they are called: `on_field` reads the value or passes over
    /// it. False if the value is no object.
    pub(crate) fn fields(&mut self, on_field: &mut OnField<'_, 'de>) -> Result<bool, Broken> {
        if !self.take(b'{') {
            return self.mismatch("an object").map(|()| false);
        }
        let outside = self.place.len();
        let mut is_first = true;
        while !self.take(b'}') {
            if !std::mem::take(&mut is_first) {
                self.expect(b',', "a comma or the end of the object")?;
            }
            self.place.truncate(outside);
            let name = self.string()?;
            self.expect(b':', "a colon")?;
            if outside > 0 {
                self.place.push('.');
            }
            self.place.push_str(&name);
            on_field(&name, self)?;
        }
        self.place.truncate(outside);
        Ok(true)
    }

    /// The fields of an object; the first `required` of the known ones must be there.
    pub(super) fn object(
        &mut self,
        (known, required): (&[&'static str], usize),
        on_field: &mut OnField<'_, 'de>,
    ) -> Result<(), Broken> {
        let mut given = vec![false; known.len()];
        let is_object = self.fields(&mut |name, json| {
            let index = known.iter().position(|known| *known == name);
            let Some(given) = index.and_then(|index| given.get_mut(index)) else {
                json.fault(format!("unknown field; known are {}", known.join(", ")));
                return json.skip();
            };
            if std::mem::replace(given, true) {
                json.fault("is given twice".to_owned());
            }
            on_field(name, json)
        })?;
        for (name, given) in known.iter().zip(&given).take(required) {
            if is_object && !given {
                self.fault(format!("missing field \"{name}\""));
            }
        }
        Ok(())
    }

    /// The items of an array.
    pub(crate) fn array(&mut self, on_item: &mut OnItem<'_, 'de>) -> Result<(), Broken> {
        if !self.take(b'[') {
            return self.mismatch("a list");
        }
        let outside = self.place.len();
        let mut index = 0_usize;
        while !self.take(b']') {
            if index > 0 {
                self.expect(b',', "a comma or the end of the list")?;
            }
            self.place.push_str(&format!("[{index}]"));
            on_item(self)?;
            self.place.truncate(outside);
            index += 1;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<Cow<'de, str>, Broken> {
        self.expect(b'"', "a text in quotes")?;
        let mut whole = Cow::Borrowed("");
        loop {
            let rest = self.rest();
            let stop = |byte: u8| matches!(byte, b'"' | b'\\');
            let Some(length) = rest.bytes().position(stop) else {
                self.at = self.text.len();
                return Err(self.broken("a closing quote"));
            };
            let plain = rest.get(..length).unwrap_or_default();
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
    fn escape(&mut self) -> Result<char, Broken> {
        let plain = match self.rest().bytes().next() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.broken("an escaped character")),
        };
        self.at += 1;
        Ok(plain)
    }

    /// `u` and four digits, twice for what needs a surrogate pair.
    fn unicode(&mut self) -> Result<char, Broken> {
        let first = self.unit()?;
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            self.at += 1;
            units.push(self.unit()?);
        }
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => Ok(character),
            _ => Err(self.broken("a whole character")),
        }
    }

    fn unit(&mut self) -> Result<u16, Broken> {
        let digits = self.rest().get(1..5).unwrap_or_default();
        let unit = u16::from_str_radix(digits, 16)
            .map_err(|_not_hex| self.broken("u and four hexadecimal digits"))?;
        self.at += 5;
        Ok(unit)
    }
}
