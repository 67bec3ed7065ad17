//! Reading a policy from its JSON, and the constraints that it is held to.

use super::cidr::Cidr;
use super::condition::{Condition, End, Exact, Number, Range};
use super::policy::{Alternative, FilterPolicyScope, Rule};
use crate::sns::error::PolicyError;
use crate::sns::json::Json;
use crate::sns::limits;

/// Names that are match expressions: a `$or` over objects that use one as a key is a key itself.
/// AND/OR logic (SNS).
const RESERVED: [&str; 9] = [
    "anything-but",
    "cidr",
    "equals-ignore-case",
    "exists",
    "numeric",
    "prefix",
    "suffix",
    "wildcard",
    "exactly",
];

type Fields = [(String, Json)];

/// The alternatives of a policy. Filter policy constraints (SNS).
pub(super) fn alternatives(
    scope: FilterPolicyScope,
    policy: &Json,
) -> Result<Vec<Alternative>, PolicyError> {
    let Json::Object(fields) = policy else {
        return Err(PolicyError::NoObject);
    };
    // A `$or` counts as one key: our choice, the guide counts the keys at the top.
    if !limits::FILTER_KEYS.contains(&fields.len()) {
        return Err(PolicyError::Keys(fields.len()));
    }
    let mut reader = Reader { scope };
    let read = reader.fields(fields, ("", 1))?;
    if read.combinations > limits::FILTER_COMBINATIONS_MAX {
        return Err(PolicyError::TooComplex);
    }
    Ok(read.alternatives)
}

struct Reader {
    scope: FilterPolicyScope,
}

/// What was read so far.
struct Policy {
    alternatives: Vec<Alternative>,
    /// In how many ways its values combine: the product of what its keys allow, a nested value
    /// counted as often as it is deep, and the sum over a `$or` (observed on AWS).
    combinations: usize,
}

impl Policy {
    fn and(mut self, other: &Self) -> Result<Self, PolicyError> {
        self.combinations = self.combinations.saturating_mul(other.combinations);
        // Each alternative is at least one combination, so this stays small.
        if self.combinations > limits::FILTER_COMBINATIONS_MAX {
            return Err(PolicyError::TooComplex);
        }
        let joined = self.alternatives.iter().flat_map(|rules| {
            other
                .alternatives
                .iter()
                .map(|more| [rules.as_slice(), more].concat())
        });
        self.alternatives = joined.collect();
        Ok(self)
    }
}

impl Reader {
    /// The fields of an object whose path is `outside`, at a depth counted from 1.
    fn fields(
        &mut self,
        fields: &Fields,
        (outside, depth): (&str, usize),
    ) -> Result<Policy, PolicyError> {
        if fields.is_empty() {
            return Err(PolicyError::Nothing(outside.to_owned()));
        }
        let mut policy = Policy {
            alternatives: vec![Vec::new()],
            combinations: 1,
        };
        for (name, asked) in fields {
            let more = match as_or(name, asked) {
                Some(policies) => self.or(&policies, (outside, depth))?,
                None => self.key((outside, name), asked, depth)?,
            };
            policy = policy.and(&more)?;
        }
        Ok(policy)
    }

    fn or(&mut self, policies: &[&Fields], at: (&str, usize)) -> Result<Policy, PolicyError> {
        let mut any = Policy {
            alternatives: Vec::new(),
            combinations: 0,
        };
        for fields in policies {
            let policy = self.fields(fields, at)?;
            any.alternatives.extend(policy.alternatives);
            any.combinations = any.combinations.saturating_add(policy.combinations);
        }
        Ok(any)
    }

    fn key(
        &mut self,
        (outside, name): (&str, &str),
        asked: &Json,
        depth: usize,
    ) -> Result<Policy, PolicyError> {
        let mut path = outside.to_owned();
        if depth > 1 {
            path.push('.');
        }
        path.push_str(name);
        match asked {
            Json::Object(fields) => {
                // A key that leads to no list is named before nesting is (observed on AWS).
                let nested = self.fields(fields, (&path, depth + 1))?;
                match self.scope {
                    FilterPolicyScope::MessageAttributes => Err(PolicyError::Nested),
                    FilterPolicyScope::MessageBody => Ok(nested),
                }
            }
            Json::List(items) if items.is_empty() => Err(PolicyError::Nothing(path)),
            Json::List(items) => {
                let conditions = items.iter().map(|item| condition(&path, item));
                let conditions = conditions.collect::<Result<_, _>>()?;
                let rule = Rule { path, conditions };
                Ok(Policy {
                    alternatives: vec![vec![rule]],
                    combinations: items.len().saturating_mul(depth),
                })
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => {
                Err(PolicyError::NoList(path))
            }
        }
    }
}

/// The objects that a `$or` joins: at least two, none with a key that is a match expression. Else
/// it is a key like others. AND/OR logic (SNS).
fn as_or<'p>(name: &str, asked: &'p Json) -> Option<Vec<&'p Fields>> {
    let Json::List(items) = asked else {
        return None;
    };
    let fields = |item: &'p Json| match item {
        Json::Object(fields) => Some(fields.as_slice()),
        _ => None,
    };
    let objects: Vec<&Fields> = items.iter().map(fields).collect::<Option<_>>()?;
    let is_reserved = |name: &str| RESERVED.contains(&name);
    let mut names = objects.iter().flat_map(|fields| fields.iter());
    let is_or = name == "$or" && objects.len() > 1 && !names.any(|(name, _)| is_reserved(name));
    is_or.then_some(objects)
}

fn condition(path: &str, item: &Json) -> Result<Condition, PolicyError> {
    match item {
        Json::Object(fields) => match fields.as_slice() {
            [(operator, operand)] => match_expression(operator, operand),
            _ => Err(PolicyError::NotOneField(path.to_owned())),
        },
        Json::List(_) => Err(PolicyError::NoValue(path.to_owned())),
        _ => exact(item).map(Condition::Exact),
    }
}

fn exact(item: &Json) -> Result<Exact, PolicyError> {
    match item {
        Json::Null => Ok(Exact::Null),
        Json::Bool(value) => Ok(Exact::Bool(*value)),
        Json::Text(text) => Ok(Exact::Text(text.clone())),
        Json::Number(_) => number(item, "number").map(Exact::Number),
        Json::List(_) | Json::Object(_) => Err(PolicyError::NoValue(String::new())),
    }
}

fn number(item: &Json, operator: &'static str) -> Result<i64, PolicyError> {
    match item {
        Json::Number(number) => Number::of(*number).0.ok_or(PolicyError::Number),
        _ => Err(PolicyError::Operand(operator)),
    }
}

fn match_expression(operator: &str, operand: &Json) -> Result<Condition, PolicyError> {
    let text = |operator: &'static str| match operand {
        Json::Text(text) => Ok(text.clone()),
        _ => Err(PolicyError::Operand(operator)),
    };
    match operator {
        "prefix" => text("prefix").map(Condition::Prefix),
        "suffix" => text("suffix").map(Condition::Suffix),
        "equals-ignore-case" => text("equals-ignore-case").map(Condition::EqualsIgnoreCase),
        "cidr" => {
            let range = Cidr::read(&text("cidr")?);
            range
                .map(Condition::Cidr)
                .ok_or(PolicyError::Operand("cidr"))
        }
        "exists" => match operand {
            Json::Bool(true) => Ok(Condition::Exists),
            Json::Bool(false) => Ok(Condition::ExistsNot),
            _ => Err(PolicyError::Operand("exists")),
        },
        "numeric" => match operand {
            Json::List(items) => range(items).map(Condition::Numeric),
            _ => Err(PolicyError::Operand("numeric")),
        },
        "anything-but" => anything_but(operand),
        _ => Err(PolicyError::NoOperator(operator.to_owned())),
    }
}

/// `["=", 5]`, `["<", 5]`, or two ends: first the lower one, then the upper one, which is larger
/// (observed on AWS).
fn range(items: &[Json]) -> Result<Range, PolicyError> {
    let wrong = PolicyError::Operand("numeric");
    let (mut from, mut to) = (None, None);
    let end = |operator: &Json, item: &Json| {
        let Json::Text(operator) = operator else {
            return Err(PolicyError::Operand("numeric"));
        };
        Ok((operator.clone(), number(item, "numeric")?))
    };
    let mut take = |operator: &Json, item: &Json| {
        let (operator, number) = end(operator, item)?;
        match operator.as_str() {
            "=" => {
                from = Some(End::Included(number));
                to = Some(End::Included(number));
            }
            "<" => to = Some(End::Excluded(number)),
            "<=" => to = Some(End::Included(number)),
            ">" => from = Some(End::Excluded(number)),
            ">=" => from = Some(End::Included(number)),
            _ => return Err(PolicyError::Operand("numeric")),
        }
        Ok((operator, number))
    };
    match items {
        [operator, number] => {
            take(operator, number)?;
        }
        [first, lower, second, upper] => {
            let (first, lower) = take(first, lower)?;
            let (second, upper) = take(second, upper)?;
            if !first.starts_with('>') || !second.starts_with('<') || upper <= lower {
                return Err(wrong);
            }
        }
        _ => return Err(wrong),
    }
    Ok(Range { from, to })
}

/// A text or a number, a list of the one or of the other (not mixed, as Event Ruler has it), or
/// `{"prefix": …}`, the only expression inside (observed on AWS).
fn anything_but(operand: &Json) -> Result<Condition, PolicyError> {
    let wrong = PolicyError::Operand("anything-but");
    match operand {
        Json::Text(_) | Json::Number(_) => Ok(Condition::AnythingBut(vec![exact(operand)?])),
        Json::List(items) => {
            let texts = items.iter().all(|item| matches!(item, Json::Text(_)));
            let numbers = items.iter().all(|item| matches!(item, Json::Number(_)));
            if items.is_empty() || !(texts || numbers) {
                return Err(wrong);
            }
            let values = items.iter().map(exact).collect::<Result<_, _>>()?;
            Ok(Condition::AnythingBut(values))
        }
        Json::Object(fields) => match fields.as_slice() {
            [(operator, Json::Text(prefix))] if operator == "prefix" => {
                Ok(Condition::AnythingButPrefix(prefix.clone()))
            }
            _ => Err(wrong),
        },
        Json::Null | Json::Bool(_) => Err(wrong),
    }
}
