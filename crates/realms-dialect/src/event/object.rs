//! Reads a JSON object member by member, tolerantly: an odd member never makes its neighbours
//! unreadable, and numbers keep their digits.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

use super::said::Said;
use crate::tap::raw::Raw;

/// How many members of one object are read. Answers have a few dozen.
const MOST_MEMBERS: usize = 256;

/// The members of an object, values as JSON text. Of a key given twice the last counts.
#[derive(Debug, Default)]
pub(super) struct Object<'a>(Vec<(Cow<'a, str>, Raw<'a>)>);

struct ObjectVisitor;

/// A key, borrowed where nothing in it is escaped.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut members = Vec::with_capacity(8);
        while let Some(Key(key)) = map.next_key()? {
            if members.len() == MOST_MEMBERS {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            if let Some(value) = map.next_value::<Option<Raw<'de>>>()? {
                members.push((key, value));
            }
        }
        Ok(Object(members))
    }
}

// === impl Object ===

impl<'a> Object<'a> {
    /// The members of a body or of the data of a frame.
    pub(super) fn of_bytes(json: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// The members of a value.
    pub(super) fn of(raw: Raw<'a>) -> Option<Self> {
        raw.parse()
    }

    /// A member that is there and not null.
    pub(super) fn get(&self, key: &str) -> Option<Raw<'a>> {
        let (_, value) = self.0.iter().rev().find(|(name, _)| name == key)?;
        Some(*value)
    }

    /// A member that is a text; it may be empty.
    pub(super) fn text(&self, key: &str) -> Option<Cow<'a, str>> {
        self.get(key)?.text()
    }

    /// A member that is a text with something in it.
    pub(super) fn filled(&self, key: &str) -> Option<Cow<'a, str>> {
        self.text(key).filter(|text| !text.is_empty())
    }

    /// A member that is a piece of a text with something in it, be it half a character.
    pub(super) fn said(&self, key: &str) -> Option<Said<'a>> {
        Said::of(self.get(key)?).filter(|said| !said.is_empty())
    }

    /// A member that is an object.
    pub(super) fn object(&self, key: &str) -> Option<Self> {
        Self::of(self.get(key)?)
    }

    /// A member that is a list, element by element; nulls are left out.
    pub(super) fn list(&self, key: &str) -> Vec<Raw<'a>> {
        self.get(key).map(list).unwrap_or_default()
    }

    /// A member that is a list of objects.
    pub(super) fn objects(&self, key: &str) -> Vec<Self> {
        self.list(key).into_iter().filter_map(Self::of).collect()
    }

    /// A member that is a small whole number.
    pub(super) fn index(&self, key: &str) -> Option<u32> {
        u32::try_from(self.get(key)?.count().ok()?).ok()
    }

    /// A member that is a number.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.get(key)?.parse::<f64>().filter(|number| number.is_finite())
    }

    /// Whether a member is `true`.
    pub(super) fn is_true(&self, key: &str) -> bool {
        self.get(key).is_some_and(|raw| raw.json() == "true")
    }

    /// Every member that is not null.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, Raw<'a>)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), *value))
    }

    /// The first member but these.
    pub(super) fn first_but(&self, keys: &[&str]) -> Option<(&str, Raw<'a>)> {
        let mut members = self.0.iter();
        let (key, value) = members.find(|(key, _)| !keys.contains(&key.as_ref()))?;
        Some((key, *value))
    }
}

/// The elements of a list that are not null; none where the value is no list.
pub(super) fn list(raw: Raw<'_>) -> Vec<Raw<'_>> {
    let elements = raw.parse::<Vec<Option<Raw<'_>>>>();
    elements.unwrap_or_default().into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_members_do_not_hide_their_neighbours() {
        let json = br#"{"a":null,"n":12345678901234567890123,"a":"x","l":[null,{"b":1},7],"d":-1}"#;
        let object = Object::of_bytes(json).unwrap();
        assert_eq!(object.text("a").as_deref(), Some("x"));
        assert_eq!(object.get("n").map(Raw::json), Some("12345678901234567890123"));
        assert_eq!(object.list("l").len(), 2);
        assert_eq!(object.objects("l").len(), 1);
        assert_eq!(object.index("d"), None);
        assert!(object.list("a").is_empty() && object.object("a").is_none());
        assert!(Object::of_bytes(b"[]").is_none() && Object::of_bytes(b"{").is_none());
    }

    #[test]
    fn escaped_keys_are_read_and_many_members_are_bounded() {
        let object = Object::of_bytes(br#"{"\u0061":"x"}"#).unwrap();
        assert_eq!(object.text("a").as_deref(), Some("x"));
        let many = (0..1000).map(|at| format!("\"k{at}\":1")).collect::<Vec<_>>().join(",");
        let json = format!("{{{many}}}");
        let object = Object::of_bytes(json.as_bytes()).unwrap();
        assert_eq!(object.0.len(), MOST_MEMBERS);
    }
}
