//! A filter policy, and asking it.

use super::condition::{Condition, Number, Scalar};
use super::document::Document;
use super::read;
use crate::sns::error::PolicyError;
use crate::sns::json::Json;
use crate::sns::limits;
use crate::sqs::content::{AttributeValue, LogicalType, MessageAttribute};

/// FilterPolicyScope: where a policy looks. Filter policy scope (SNS).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FilterPolicyScope {
    /// At the message attributes: the default.
    #[default]
    MessageAttributes,
    /// Into the body, which is JSON.
    MessageBody,
}

/// A filter policy that SNS takes. A change holds at once here (on AWS within 15 minutes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterPolicy {
    scope: FilterPolicyScope,
    /// One of these has to hold.
    alternatives: Vec<Alternative>,
}

/// Rules that all have to hold.
pub(super) type Alternative = Vec<Rule>;

/// What stands at a path has to fulfil one of the conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// The names on the way, joined by dots: a name with a dot in it leads where two names do
    /// (observed on AWS).
    pub(super) path: String,
    pub(super) conditions: Vec<Condition>,
}

impl Rule {
    pub(super) fn is_met_by(&self, value: Scalar<'_>) -> bool {
        self.conditions
            .iter()
            .any(|condition| condition.is_met_by(value))
    }

    /// Whether it is enough that nothing stands there.
    pub(super) fn is_met_by_nothing(&self) -> bool {
        self.conditions.contains(&Condition::ExistsNot)
    }
}

impl FilterPolicy {
    /// Reads a policy from its JSON.
    ///
    /// # Errors
    ///
    /// SNS does not take it.
    pub fn read(scope: FilterPolicyScope, text: &str) -> Result<Self, PolicyError> {
        if text.len() > limits::FILTER_POLICY_BYTES_MAX {
            return Err(PolicyError::TooLong);
        }
        let json: Json = text.parse().map_err(|_no_json| PolicyError::NoObject)?;
        let alternatives = read::alternatives(scope, &json)?;
        Ok(Self {
            scope,
            alternatives,
        })
    }

    /// Whether a message is let through. A body that is no JSON object matches nothing (observed
    /// on AWS); without a text there is no body to look into.
    #[must_use]
    pub fn matches(&self, attributes: &[MessageAttribute], text: Option<&str>) -> bool {
        match self.scope {
            FilterPolicyScope::MessageAttributes => {
                let lists: Vec<Option<Json>> = attributes.iter().map(list).collect();
                self.is_fulfilled_by(&Document::of_attributes(attributes, &lists))
            }
            FilterPolicyScope::MessageBody => {
                let body = text.and_then(|text| text.parse().ok());
                let document = body.as_ref().and_then(Document::of_body);
                document.is_some_and(|document| self.is_fulfilled_by(&document))
            }
        }
    }

    fn is_fulfilled_by(&self, document: &Document<'_>) -> bool {
        let mut alternatives = self.alternatives.iter();
        alternatives.any(|rules| document.fulfils(rules))
    }
}

/// What stands in an attribute of type String.Array. What is no list is as if it were empty: our
/// choice.
fn list(attribute: &MessageAttribute) -> Option<Json> {
    let text = match &attribute.value {
        AttributeValue::Text(text) if attribute.data_type == "String.Array" => text,
        AttributeValue::Text(_) | AttributeValue::Bytes(_) => return None,
    };
    match text.parse() {
        Ok(Json::List(items)) => Some(Json::List(items)),
        _ => Some(Json::List(Vec::new())),
    }
}

impl<'m> Scalar<'m> {
    /// A value that is neither a list nor an object.
    pub(super) fn of(json: &'m Json) -> Option<Self> {
        match json {
            Json::Null => Some(Self::Null),
            Json::Bool(value) => Some(Self::Bool(*value)),
            Json::Number(number) => Some(Self::Number(Number::of(*number))),
            Json::Text(text) => Some(Self::Text(text)),
            Json::List(_) | Json::Object(_) => None,
        }
    }

    /// The value of an attribute that is no list. Binary ones are not looked at. Filter policy
    /// constraints (SNS).
    pub(super) fn of_attribute(attribute: &'m MessageAttribute) -> Option<Self> {
        let AttributeValue::Text(text) = &attribute.value else {
            return None;
        };
        match LogicalType::of(&attribute.data_type)? {
            LogicalType::String => Some(Self::Text(text)),
            LogicalType::Number => {
                let number = text.parse().map_or(Number(None), Number::of);
                Some(Self::Number(number))
            }
            LogicalType::Binary => None,
        }
    }
}
