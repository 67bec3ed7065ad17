//! Message attributes: names, types and values beside the body.

use super::characters::first_refused;
use super::error::AttributeError;
use super::number::Decimal;
use crate::sqs::limits;

/// A message attribute. Amazon SQS message metadata (DG).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageAttribute {
    /// Its name: case matters.
    pub name: String,
    /// DataType: String, Number or Binary, with or without a label of one's own (`Number.byte`).
    pub data_type: String,
    /// Its value.
    pub value: AttributeValue,
}

/// The value of a message attribute, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    /// StringValue: also numbers are sent as text.
    Text(String),
    /// BinaryValue.
    Bytes(Vec<u8>),
}

/// What a data type is apart from its label. Amazon SQS message metadata, Message attribute data
/// types (DG).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogicalType {
    /// Text.
    String,
    /// A number, written as text.
    Number,
    /// Bytes.
    Binary,
}

impl AttributeValue {
    /// The bytes that count and are hashed: UTF-8 of a text.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes.as_slice(),
        }
    }
}

impl LogicalType {
    /// The type that `data_type` names; `None`: there is no such type. A label, if there is a
    /// dot, has at least one character and those that names have: our choice, the guide says only
    /// that it can be anything of one's own.
    #[must_use]
    pub fn of(data_type: &str) -> Option<Self> {
        let (main, label) = match data_type.split_once('.') {
            Some((main, label)) => (main, Some(label)),
            None => (data_type, None),
        };
        let is_label = |label: &str| !label.is_empty() && label.chars().all(is_name_character);
        if data_type.len() > limits::MESSAGE_ATTRIBUTE_TYPE_LENGTH_MAX
            || !label.is_none_or(is_label)
        {
            return None;
        }
        match main {
            "String" => Some(Self::String),
            "Number" => Some(Self::Number),
            "Binary" => Some(Self::Binary),
            _ => None,
        }
    }
}

impl MessageAttribute {
    /// An attribute of type String.
    #[must_use]
    pub fn string(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            data_type: "String".to_owned(),
            value: AttributeValue::Text(value.into()),
        }
    }

    /// An attribute of type Number.
    #[must_use]
    pub fn number(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            data_type: "Number".to_owned(),
            value: AttributeValue::Text(value.into()),
        }
    }

    /// An attribute of type String.Array, whose value is a list written as JSON. SNS looks into
    /// it when it filters; to SQS it is a text. Amazon SNS message attributes (SNS).
    #[must_use]
    pub fn string_array(name: impl Into<String>, json: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            data_type: "String.Array".to_owned(),
            value: AttributeValue::Text(json.into()),
        }
    }

    /// The bytes that it adds to the size of its message: name, type and value (observed on AWS).
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.name.len() + self.data_type.len() + self.value.as_bytes().len()
    }

    /// Checks name, type and value.
    ///
    /// # Errors
    ///
    /// SQS does not take it.
    pub fn check(&self) -> Result<(), AttributeError> {
        check_name(&self.name)?;
        let logical = LogicalType::of(&self.data_type).ok_or(AttributeError::DataType)?;
        if self.value.as_bytes().is_empty() {
            return Err(AttributeError::NoValue);
        }
        match (logical, &self.value) {
            (LogicalType::String, AttributeValue::Text(text)) => match first_refused(text) {
                Some(character) => Err(AttributeError::ValueCharacter(character)),
                None => Ok(()),
            },
            (LogicalType::Number, AttributeValue::Text(text)) => {
                let number = text.parse::<Decimal>().ok();
                let number = number.filter(|number| number.is_taken_by_sqs());
                number.map(|_| ()).ok_or(AttributeError::NoNumber)
            }
            (LogicalType::Binary, AttributeValue::Bytes(_)) => Ok(()),
            _ => Err(AttributeError::ValueKind),
        }
    }
}

const fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.')
}

/// Two dots in a row are taken: the reference says that there "should not" be any, and AWS was
/// not seen to refuse them.
fn check_name(name: &str) -> Result<(), AttributeError> {
    let length = name.chars().count();
    if !limits::MESSAGE_ATTRIBUTE_NAME_LENGTH.contains(&length) {
        return Err(AttributeError::NameLength(length));
    }
    if let Some(character) = name
        .chars()
        .find(|&character| !is_name_character(character))
    {
        return Err(AttributeError::NameCharacter(character));
    }
    if name.starts_with('.') || name.ends_with('.') {
        return Err(AttributeError::NameDot);
    }
    let begins = |reserved: &str| {
        let start = name.as_bytes().get(..reserved.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(reserved.as_bytes()))
    };
    if begins("AWS.") || begins("Amazon.") {
        return Err(AttributeError::NameReserved);
    }
    Ok(())
}

/// The attributes of a message, by name; no name is there twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageAttributes(Vec<MessageAttribute>);

impl MessageAttributes {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Puts one in, in place of one of the same name.
    pub fn insert(&mut self, attribute: MessageAttribute) {
        let found = self
            .0
            .binary_search_by(|other| other.name.cmp(&attribute.name));
        match found {
            Ok(place) => {
                if let Some(slot) = self.0.get_mut(place) {
                    *slot = attribute;
                }
            }
            Err(place) => self.0.insert(place, attribute),
        }
    }

    /// All of them, in the order of their names.
    #[must_use]
    pub fn as_slice(&self) -> &[MessageAttribute] {
        &self.0
    }
}

impl FromIterator<MessageAttribute> for MessageAttributes {
    fn from_iter<T: IntoIterator<Item = MessageAttribute>>(attributes: T) -> Self {
        let mut all = Self::new();
        attributes.into_iter().for_each(|one| all.insert(one));
        all
    }
}

/// Checks the attributes of a message: at most ten, and each by itself.
pub(in crate::sqs) fn check_all(attributes: &[MessageAttribute]) -> Result<(), AttributeError> {
    if attributes.len() > limits::MESSAGE_ATTRIBUTES_MAX {
        return Err(AttributeError::TooMany(attributes.len()));
    }
    attributes.iter().try_for_each(MessageAttribute::check)
}
