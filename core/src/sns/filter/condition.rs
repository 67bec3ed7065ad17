//! One condition of a policy, and the values that it is held against.

use super::cidr::Cidr;
use crate::sns::limits;
use crate::sqs::content::Decimal;

/// A value of a message: what a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar<'m> {
    Null,
    Bool(bool),
    Number(Number),
    Text(&'m str),
}

/// A number in steps of 10^-5, what is below cut off (five decimals count; that the rest is cut
/// is our choice). `None`: it is not in -10^9..10^9, and equals no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number(pub(super) Option<i64>);

impl Number {
    pub(super) fn of(decimal: Decimal) -> Self {
        let steps = decimal.in_steps(limits::FILTER_DECIMALS);
        let most = limits::FILTER_NUMBER_MAX * 10_i64.pow(limits::FILTER_DECIMALS);
        Self(steps.filter(|steps| (-most..=most).contains(steps)))
    }
}

/// A value that a policy names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Exact {
    Null,
    Bool(bool),
    Number(i64),
    Text(String),
}

impl Exact {
    /// Case and type matter: the text "5" is not the number 5.
    fn is(&self, value: Scalar<'_>) -> bool {
        match (self, value) {
            (Self::Null, Scalar::Null) => true,
            (Self::Bool(wanted), Scalar::Bool(value)) => *wanted == value,
            (Self::Number(wanted), Scalar::Number(Number(value))) => Some(*wanted) == value,
            (Self::Text(wanted), Scalar::Text(value)) => wanted == value,
            _ => false,
        }
    }
}

/// What a path has to lead to. String value matching, Numeric value matching, Attribute key
/// matching (SNS).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Exact(Exact),
    Prefix(String),
    Suffix(String),
    EqualsIgnoreCase(String),
    Cidr(Cidr),
    Numeric(Range),
    AnythingBut(Vec<Exact>),
    AnythingButPrefix(String),
    Exists,
    ExistsNot,
}

/// Numbers between two ends, in the steps of [`Number`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) from: Option<End>,
    pub(super) to: Option<End>,
}

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Included(i64),
    Excluded(i64),
}

impl Range {
    fn holds(self, number: i64) -> bool {
        let from = self.from.is_none_or(|end| match end {
            End::Included(end) => number >= end,
            End::Excluded(end) => number > end,
        });
        let to = self.to.is_none_or(|end| match end {
            End::Included(end) => number <= end,
            End::Excluded(end) => number < end,
        });
        from && to
    }
}

impl Condition {
    /// Whether a value that is there fulfils it.
    pub(super) fn is_met_by(&self, value: Scalar<'_>) -> bool {
        let text = match value {
            Scalar::Text(text) => Some(text),
            Scalar::Null | Scalar::Bool(_) | Scalar::Number(_) => None,
        };
        match self {
            Self::Exact(wanted) => wanted.is(value),
            Self::Prefix(prefix) => text.is_some_and(|text| text.starts_with(prefix.as_str())),
            Self::Suffix(suffix) => text.is_some_and(|text| text.ends_with(suffix.as_str())),
            // Letters beyond A to Z keep their case: our choice, the guide shows none.
            Self::EqualsIgnoreCase(wanted) => {
                text.is_some_and(|text| text.eq_ignore_ascii_case(wanted))
            }
            Self::Cidr(range) => text.is_some_and(|text| range.holds(text)),
            Self::Numeric(range) => match value {
                Scalar::Number(Number(Some(number))) => range.holds(number),
                _ => false,
            },
            Self::AnythingBut(values) => !values.iter().any(|not| not.is(value)),
            Self::AnythingButPrefix(prefix) => {
                !text.is_some_and(|text| text.starts_with(prefix.as_str()))
            }
            Self::Exists => true,
            Self::ExistsNot => false,
        }
    }
}
