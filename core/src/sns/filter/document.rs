//! A message as policies see it: paths and the values that they lead to.

use std::borrow::Cow;

use super::condition::Scalar;
use super::policy::Rule;
use crate::sns::json::Json;
use crate::sqs::content::MessageAttribute;

/// The plain values of a body, or of the attributes.
pub(super) struct Document<'m> {
    leaves: Vec<Leaf<'m>>,
    /// How many lists there are: each has a number.
    lists: u32,
}

struct Leaf<'m> {
    /// The names on the way, joined by dots.
    path: Cow<'m, str>,
    value: Scalar<'m>,
    /// The lists on the way, and the item of each that it stands in.
    items: Vec<Item>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Item {
    list: u32,
    index: usize,
}

impl<'m> Document<'m> {
    const fn new() -> Self {
        Self {
            leaves: Vec::new(),
            lists: 0,
        }
    }

    /// Each attribute is a path, whatever dots are in its name; `lists` has what stands in those
    /// that are lists, which do not nest.
    pub(super) fn of_attributes(
        attributes: &'m [MessageAttribute],
        lists: &'m [Option<Json>],
    ) -> Self {
        let mut document = Self::new();
        for (attribute, list) in attributes.iter().zip(lists) {
            let path = || Cow::Borrowed(attribute.name.as_str());
            let Some(Json::List(values)) = list else {
                let value = Scalar::of_attribute(attribute);
                document.leaves.extend(value.map(|value| Leaf {
                    path: path(),
                    value,
                    items: Vec::new(),
                }));
                continue;
            };
            let list = document.next_list();
            for (index, value) in values.iter().enumerate() {
                let value = Scalar::of(value);
                document.leaves.extend(value.map(|value| Leaf {
                    path: path(),
                    value,
                    items: vec![Item { list, index }],
                }));
            }
        }
        document
    }

    fn next_list(&mut self) -> u32 {
        self.lists += 1;
        self.lists
    }

    /// None: the body is no object.
    pub(super) fn of_body(body: &'m Json) -> Option<Self> {
        let Json::Object(_) = body else {
            return None;
        };
        let mut document = Self::new();
        document.add(body, &mut String::new(), &mut Vec::new());
        Some(document)
    }

    fn add(&mut self, value: &'m Json, path: &mut String, items: &mut Vec<Item>) {
        if let Some(value) = Scalar::of(value) {
            self.leaves.push(Leaf {
                path: Cow::Owned(path.clone()),
                value,
                items: items.clone(),
            });
        }
        match value {
            Json::Object(fields) => {
                for (name, value) in fields {
                    let outside = path.len();
                    if outside > 0 {
                        path.push('.');
                    }
                    path.push_str(name);
                    self.add(value, path, items);
                    path.truncate(outside);
                }
            }
            Json::List(values) => {
                let list = self.next_list();
                for (index, value) in values.iter().enumerate() {
                    items.push(Item { list, index });
                    self.add(value, path, items);
                    items.pop();
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => {}
        }
    }

    /// Whether all rules are met, by values that go together.
    pub(super) fn fulfils(&self, rules: &[Rule]) -> bool {
        self.fulfils_with(rules, &mut Vec::new())
    }

    /// `chosen`: in which item of which list the values lie that met the rules before.
    fn fulfils_with(&self, rules: &[Rule], chosen: &mut Vec<Item>) -> bool {
        let Some((rule, rest)) = rules.split_first() else {
            return true;
        };
        let mut there = self
            .leaves
            .iter()
            .filter(|leaf| leaf.path == rule.path)
            .peekable();
        if there.peek().is_none() && rule.is_met_by_nothing() {
            return self.fulfils_with(rest, chosen);
        }
        there.any(|leaf| {
            if !rule.is_met_by(leaf.value) || !leaf.goes_with(chosen) {
                return false;
            }
            let before = chosen.len();
            chosen.extend_from_slice(&leaf.items);
            let fulfilled = self.fulfils_with(rest, chosen);
            chosen.truncate(before);
            fulfilled
        })
    }
}

impl Leaf<'_> {
    /// A list on its way that is on the way of another value has to be left in the same item.
    fn goes_with(&self, chosen: &[Item]) -> bool {
        self.items.iter().all(|item| {
            chosen
                .iter()
                .all(|other| other.list != item.list || other.index == item.index)
        })
    }
}
