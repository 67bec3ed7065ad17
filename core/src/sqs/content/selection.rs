//! Which message attributes a receive asks for.

use super::attribute::MessageAttribute;

/// MessageAttributeNames of a ReceiveMessage: without any, no attribute comes. ReceiveMessage
/// (API); observed on AWS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeSelection(Vec<Wanted>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    All,
    Name(String),
    Prefix(String),
}

impl AttributeSelection {
    /// What the names ask for: `All`, `.*` and `*` for all, `bar.*` for all that begin with
    /// `bar` (observed on AWS: the dot belongs to the `.*`), anything else for itself.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let wanted = |name: &str| match (name, name.strip_suffix(".*")) {
            ("All" | ".*" | "*", _) => Wanted::All,
            (_, Some(prefix)) => Wanted::Prefix(prefix.to_owned()),
            (name, None) => Wanted::Name(name.to_owned()),
        };
        Self(names.into_iter().map(wanted).collect())
    }

    /// Whether it asks for this one.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        self.0.iter().any(|wanted| match wanted {
            Wanted::All => true,
            Wanted::Name(wanted) => wanted == name,
            Wanted::Prefix(prefix) => name.starts_with(prefix.as_str()),
        })
    }

    /// Those of a message's attributes that it asks for.
    pub fn of<'a>(
        &self,
        attributes: &'a [MessageAttribute],
    ) -> impl Iterator<Item = &'a MessageAttribute> {
        attributes
            .iter()
            .filter(|attribute| self.takes(&attribute.name))
    }
}
