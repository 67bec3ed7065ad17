//! JSON as filter policies and message bodies hold it: strict, because a body that is no JSON
//! matches nothing, and with numbers as they are written, because they are compared exactly.

use std::str::FromStr;

use crate::sqs::content::Decimal;

/// How deep a document may nest: our choice, so that reading one needs little stack.
const DEPTH_MAX: u32 = 64;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Decimal),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// The fields of an object, in the order of the document; a name can be there twice.
    Object(Vec<(String, Self)>),
}

/// The text is no JSON, or nests too deep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not JSON")]
pub(super) struct NoJson;

impl FromStr for Json {
    type Err = NoJson;

    fn from_str(text: &str) -> Result<Self, NoJson> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        match reader.next() {
            None => Ok(value),
            Some(_) => Err(NoJson),
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next byte that is no white space.
    fn next(&mut self) -> Option<u8> {
        let rest = self.rest().bytes();
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        self.at += rest.take_while(is_space).count();
        self.rest().bytes().next()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.next() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), NoJson> {
        if self.take(byte) { Ok(()) } else { Err(NoJson) }
    }

    fn value(&mut self, depth: u32) -> Result<Json, NoJson> {
        if depth > DEPTH_MAX {
            return Err(NoJson);
        }
        match self.next() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: u32) -> Result<Json, NoJson> {
        self.at += 1;
        let mut fields = Vec::new();
        while !self.take(b'}') {
            if !fields.is_empty() {
                self.expect(b',')?;
            }
            self.next();
            let name = self.string()?;
            self.expect(b':')?;
            fields.push((name, self.value(depth + 1)?));
        }
        Ok(Json::Object(fields))
    }

    fn list(&mut self, depth: u32) -> Result<Json, NoJson> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.take(b']') {
            if !items.is_empty() {
                self.expect(b',')?;
            }
            items.push(self.value(depth + 1)?);
        }
        Ok(Json::List(items))
    }

    fn word(&mut self) -> Result<Json, NoJson> {
        let is_word =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let length = self.rest().bytes().take_while(is_word).count();
        let word = self.rest().get(..length).unwrap_or_default();
        self.at += length;
        match word {
            "null" => Ok(Json::Null),
            "true" => Ok(Json::Bool(true)),
            "false" => Ok(Json::Bool(false)),
            _ if is_number(word) => word.parse().map(Json::Number).map_err(|_no_decimal| NoJson),
            _ => Err(NoJson),
        }
    }

    fn string(&mut self) -> Result<String, NoJson> {
        self.expect(b'"')?;
        let mut whole = String::new();
        loop {
            let rest = self.rest();
            let is_end = |byte: u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
            let plain = rest.bytes().position(is_end).ok_or(NoJson)?;
            whole.push_str(rest.get(..plain).unwrap_or_default());
            self.at += plain + 1;
            match rest.as_bytes().get(plain) {
                Some(b'"') => return Ok(whole),
                Some(b'\\') => whole.push(self.escape()?),
                _ => return Err(NoJson),
            }
        }
    }

    /// What stands after a backslash.
    fn escape(&mut self) -> Result<char, NoJson> {
        let letter = self.rest().bytes().next().ok_or(NoJson)?;
        self.at += 1;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(NoJson),
        })
    }

    /// Four digits, twice for what needs a surrogate pair.
    fn unicode(&mut self) -> Result<char, NoJson> {
        let mut units = vec![self.unit()?];
        if units.iter().all(|unit| (0xd800..0xdc00).contains(unit))
            && self.rest().starts_with("\\u")
        {
            self.at += 2;
            units.push(self.unit()?);
        }
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => Ok(character),
            _ => Err(NoJson),
        }
    }

    fn unit(&mut self) -> Result<u16, NoJson> {
        let digits = self.rest().get(..4).unwrap_or_default();
        let is_hex = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        self.at += 4;
        let unit = u16::from_str_radix(digits, 16).ok();
        unit.filter(|_| is_hex).ok_or(NoJson)
    }
}

/// JSON writes fewer numbers than [`Decimal`] reads: no plus, no bare dot, no leading zeros.
fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let whole = digits.bytes().take_while(u8::is_ascii_digit).count();
    let dot_is_bare = digits.split_once('.').is_some_and(|(_, after)| {
        !after
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_digit())
    });
    whole > 0 && !(whole > 1 && digits.starts_with('0')) && !dot_is_bare
}
