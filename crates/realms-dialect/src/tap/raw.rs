//! A JSON value left as text until somebody asks: one odd field never makes a frame unreadable.

use std::borrow::Cow;

use realms_types::UsageError;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::scan;

/// The JSON text of a value, borrowed from the frame. `Option<Raw>` is `None` for `null`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw<'a>(pub(super) &'a str);

/// Declares an object of which some members are read, each left as text, and how to read it: in one
/// pass that builds nothing. What is no object reads as `None`.
macro_rules! object {
    ($(#[$meta:meta])* struct $name:ident { $($(#[$doc:meta])* $field:ident: $key:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        struct $name<'a> {
            $($(#[$doc])* $field: Option<Raw<'a>>,)+
        }

        impl<'a> $name<'a> {
            fn read(json: &'a str) -> Option<Self> {
                let [$($field),+] = crate::scan::pick(json, [$($key),+])?;
                Some(Self { $($field: $field.map(Raw),)+ })
            }
        }
    };
}
pub(super) use object;

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|raw| Self(raw.get()))
    }
}

impl<'a> Raw<'a> {
    /// The JSON text.
    pub(crate) const fn json(self) -> &'a str {
        self.0
    }

    /// The elements of an array; none of anything else.
    pub(super) fn elements(self) -> impl Iterator<Item = &'a str> {
        scan::elements(self.0)
    }

    /// The text of a string; borrowed where nothing is escaped.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        let inner = self.json().strip_prefix('"')?.strip_suffix('"')?;
        if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
            return Some(Cow::Borrowed(inner));
        }
        serde_json::from_str(self.json()).ok().map(Cow::Owned)
    }

    /// A count of tokens. Anything but a whole number from 0 up cannot be one.
    pub(crate) fn count(self) -> Result<u64, UsageError> {
        self.json().parse().map_err(|_| UsageError::Implausible)
    }

    /// Reads the value as something. `None` when it is something else.
    pub(crate) fn parse<T: Deserialize<'a>>(self) -> Option<T> {
        serde_json::from_str(self.json()).ok()
    }

    /// Whether this is an error: an object with members, or a text. Some upstreams send
    /// `"error": null`, `""` or `{}` along with a good answer.
    pub(crate) fn is_error(self) -> bool {
        matches!(self.json().as_bytes()[0], b'{' | b'"') && !self.is_empty()
    }

    /// Whether there is nothing in it: `""`, `[]`, `{}`, `false`.
    pub(crate) fn is_empty(self) -> bool {
        let json = self.json();
        let between = |text: &str| !text[1..text.len() - 1].trim_ascii().is_empty();
        match json.as_bytes()[0] {
            b'"' => json.len() == 2,
            b'[' | b'{' => !between(json),
            _ => json == "false",
        }
    }

    /// How many bytes of UTF-8 a string stands for, without building it; of another value, how many
    /// its JSON has.
    pub(crate) fn text_len(self) -> u64 {
        let json = self.json().as_bytes();
        let [b'"', inner @ .., b'"'] = json else {
            return json.len() as u64;
        };
        let mut len = inner.len();
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'\\', &inner[at..]) {
            at += found;
            let (written, meant) = escape_lens(&inner[at..]);
            len -= written - meant;
            at += written;
        }
        len as u64
    }
}

/// How many bytes an escape is written with, and how many it stands for.
fn escape_lens(escape: &[u8]) -> (usize, usize) {
    let Some(digits) = escape.get(2..6).filter(|_| escape[1] == b'u') else {
        return (2.min(escape.len()), 1);
    };
    let unit = str::from_utf8(digits).ok().and_then(|hex| u32::from_str_radix(hex, 16).ok());
    match unit {
        Some(0..=0x7f) => (6, 1),
        // The latter are halves of surrogate pairs: two of them stand for four bytes.
        Some(0x80..=0x7ff | 0xd800..=0xdfff) => (6, 2),
        _ => (6, 3),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::*;

    fn raw(json: &str) -> Raw<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn only_whole_numbers_are_counts() {
        assert_eq!(raw("0").count(), Ok(0));
        assert_eq!(raw("18446744073709551615").count(), Ok(u64::MAX));
        for odd in ["-1", "1.0", "1e3", "\"5\"", "true", "[]", "18446744073709551616", "1e999"] {
            assert_eq!(raw(odd).count(), Err(UsageError::Implausible), "{odd}");
        }
    }

    #[test]
    fn empty_errors_are_no_errors() {
        for none in ["{}", "{ }", "\"\"", "false", "0", "[]"] {
            assert!(!raw(none).is_error(), "{none}");
        }
        assert!(raw("{\"a\":1}").is_error() && raw("\"no\"").is_error());
    }

    /// A JSON string with every character as `\u` escapes.
    fn ascii_json(text: &str) -> String {
        let mut json = String::from("\"");
        for unit in text.encode_utf16() {
            let _ = write!(json, "\\u{unit:04x}");
        }
        json + "\""
    }

    proptest! {
        #[test]
        fn text_len_counts_what_the_string_means(text in any::<String>(), ascii in any::<bool>()) {
            let json = if ascii { ascii_json(&text) } else { serde_json::to_string(&text).unwrap() };
            prop_assert_eq!(raw(&json).text_len(), text.len() as u64);
            prop_assert_eq!(raw(&json).text().unwrap(), text);
        }
    }
}
