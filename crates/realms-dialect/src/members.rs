//! The wanted members of one JSON object; all others are validated and passed over.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{PeekError, scan};

/// The members of an object that somebody asked for, as the JSON text they were written in.
#[derive(Debug)]
pub(crate) struct Members<'a> {
    found: Vec<(&'static str, &'a str)>,
    /// Whether it is known to nest no deeper than [`scan::QUICK_DEPTH`].
    is_shallow: bool,
}

/// A key, unescaped: `"mod\u0065l"` is `model`.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// What one pass over an object yields.
struct Pass<'a> {
    members: Members<'a>,
    keys: Vec<Cow<'a, str>>,
}

struct Wanted(&'static [&'static str]);

/// Hands the objects of an array on without gathering them: there may be millions.
struct Objects<F> {
    wanted: &'static [&'static str],
    each: F,
}

// === impl Members ===

impl<'a> Members<'a> {
    /// Reads one object. The whole text must be JSON and must be nothing but that object.
    ///
    /// A key that occurs twice is refused, whichever it is: parsers differ on which one counts. So is
    /// a key that differs from a wanted one in case only, since some upstreams ignore case.
    pub(crate) fn read(text: &'a str, wanted: &'static [&'static str]) -> Result<Self, PeekError> {
        let Pass { members, keys } = Self::pass(text, wanted)?;
        match keys.iter().find_map(|key| Some((key, lookalike(key, wanted)?))) {
            Some((key, like)) => Err(PeekError::Lookalike { key: bounded(key), like }),
            None => Ok(members),
        }
    }

    /// One pass over an object in which no key occurs twice.
    fn pass(text: &'a str, wanted: &'static [&'static str]) -> Result<Pass<'a>, PeekError> {
        if !text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('{') {
            return Err(PeekError::NotAnObject);
        }
        let mut pass = match scan::members(text) {
            Some(written) => Pass::of_written(&written, wanted)?,
            None => Pass::parse(text, wanted)?,
        };
        pass.keys.sort_unstable();
        let mut neighbours = pass.keys.iter().zip(pass.keys.iter().skip(1));
        match neighbours.find(|(a, b)| a == b) {
            Some((twice, _)) => Err(PeekError::Duplicate { key: bounded(twice) }),
            None => Ok(pass),
        }
    }

    /// The JSON text of a member; `None` when it is missing or `null`.
    pub(crate) fn raw(&self, key: &str) -> Option<&'a str> {
        let (_, raw) = self.found.iter().find(|(name, _)| *name == key)?;
        Some(*raw).filter(|text| *text != "null")
    }

    /// Whether the object is known to nest no deeper than [`scan::QUICK_DEPTH`].
    pub(crate) const fn is_shallow(&self) -> bool {
        self.is_shallow
    }

    /// A member that must be text where it is given.
    pub(crate) fn text(&self, key: &'static str) -> Result<Option<String>, PeekError> {
        self.typed(key, "a string")
    }

    /// A member that must be `true` or `false` where it is given.
    pub(crate) fn flag(&self, key: &'static str) -> Result<Option<bool>, PeekError> {
        self.typed(key, "true or false")
    }

    /// A member that must be a whole number where it is given. Below zero means "no limit" to several
    /// servers, so it reads as not given.
    pub(crate) fn count(&self, key: &'static str) -> Result<Option<u64>, PeekError> {
        let Some(text) = self.raw(key) else {
            return Ok(None);
        };
        let digits = text.strip_suffix(".0").unwrap_or(text);
        match digits.parse::<i64>() {
            Ok(number) => Ok(u64::try_from(number).ok()),
            Err(_) => Err(PeekError::WrongType { field: key, wanted: "a whole number" }),
        }
    }

    /// A member that is text, or nothing: for hints, which never refuse a call.
    pub(crate) fn hint(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.raw(key)?).ok()
    }

    /// The members of an object inside, where it is one.
    pub(crate) fn inner(
        &self,
        key: &str,
        wanted: &'static [&'static str],
    ) -> Result<Option<Self>, PeekError> {
        self.object(key).map(|text| Self::read(text, wanted)).transpose()
    }

    /// The members of an object inside whose keys are the client's own choice: two that differ in case
    /// only are two keys.
    pub(crate) fn free_form(
        &self,
        key: &str,
        wanted: &'static [&'static str],
    ) -> Result<Option<Self>, PeekError> {
        let pass = self.object(key).map(|text| Self::pass(text, wanted)).transpose()?;
        Ok(pass.map(|pass| pass.members))
    }

    /// The members of each object in an array, one after the other. What is no object is passed over.
    pub(crate) fn each_inner(
        &self,
        key: &str,
        wanted: &'static [&'static str],
        each: impl FnMut(Self) -> Result<(), PeekError>,
    ) -> Result<(), PeekError> {
        match self.raw(key) {
            Some(text) if text.starts_with('[') => {
                let mut json = serde_json::Deserializer::from_str(text);
                Objects { wanted, each }.deserialize(&mut json).map_err(PeekError::not_json)?
            }
            _ => Ok(()),
        }
    }

    fn object(&self, key: &str) -> Option<&'a str> {
        self.raw(key).filter(|text| text.starts_with('{'))
    }

    fn typed<T: Deserialize<'a>>(
        &self,
        key: &'static str,
        wanted: &'static str,
    ) -> Result<Option<T>, PeekError> {
        let read = |text| {
            serde_json::from_str(text).map_err(|_| PeekError::WrongType { field: key, wanted })
        };
        self.raw(key).map(read).transpose()
    }
}

// === impl Pass ===

impl<'a> Pass<'a> {
    /// Picks what is wanted from a quick pass.
    fn of_written(
        written: &[scan::Written<'a>],
        wanted: &'static [&'static str],
    ) -> Result<Self, PeekError> {
        let mut found = Vec::with_capacity(wanted.len());
        let mut keys = Vec::with_capacity(written.len());
        for (key, value) in written {
            let key = unquoted(key)?;
            if let Some(name) = wanted.iter().find(|name| **name == key) {
                found.push((*name, *value));
            }
            keys.push(key);
        }
        Ok(Self { members: Members { found, is_shallow: true }, keys })
    }

    /// Reads with the parser, which can say what is wrong.
    fn parse(text: &'a str, wanted: &'static [&'static str]) -> Result<Self, PeekError> {
        let mut json = serde_json::Deserializer::from_str(text);
        let pass = Wanted(wanted).deserialize(&mut json).map_err(PeekError::not_json)?;
        json.end().map_err(PeekError::not_json)?;
        Ok(pass)
    }
}

/// A key without its quotes and escapes.
fn unquoted(key: &str) -> Result<Cow<'_, str>, PeekError> {
    match key.strip_prefix('"').and_then(|key| key.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
        _ => serde_json::from_str(key).map(Cow::Owned).map_err(PeekError::not_json),
    }
}

// === impl Wanted ===

impl<'de> DeserializeSeed<'de> for Wanted {
    type Value = Pass<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Pass<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wanted {
    type Value = Pass<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pass<'de>, A::Error> {
        let mut found = Vec::with_capacity(self.0.len());
        let mut keys = Vec::with_capacity(24);
        while let Some(Key(key)) = map.next_key()? {
            match self.0.iter().find(|name| **name == key) {
                Some(name) => found.push((*name, map.next_value::<&RawValue>()?.get())),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            keys.push(key);
        }
        Ok(Pass { members: Members { found, is_shallow: false }, keys })
    }
}

// === impl Objects ===

impl<'de, F> DeserializeSeed<'de> for Objects<F>
where
    F: FnMut(Members<'de>) -> Result<(), PeekError>,
{
    type Value = Result<(), PeekError>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F> Visitor<'de> for Objects<F>
where
    F: FnMut(Members<'de>) -> Result<(), PeekError>,
{
    type Value = Result<(), PeekError>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut outcome = Ok(());
        while let Some(item) = seq.next_element::<&RawValue>()? {
            if outcome.is_ok() && item.get().starts_with('{') {
                outcome = Members::read(item.get(), self.wanted).and_then(&mut self.each);
            }
        }
        Ok(outcome)
    }
}

/// The wanted key that this one equals once case is ignored, as Go's decoder ignores it (which also
/// takes U+017F for `s` and U+212A for `k`).
fn lookalike(key: &str, wanted: &'static [&'static str]) -> Option<&'static str> {
    if key.is_ascii() {
        let like = wanted.iter().copied().find(|name| name.eq_ignore_ascii_case(key));
        return like.filter(|_| !wanted.contains(&key));
    }
    let fold = |c: char| match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    };
    wanted.iter().copied().find(|name| key.chars().map(fold).eq(name.chars().map(fold)))
}

/// A key short enough for an error message.
fn bounded(key: &str) -> String {
    key.chars().take(64).collect()
}
