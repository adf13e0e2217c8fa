//! JSON that Realms itself writes, safe for every client's line splitter.
//!
//! Some SDKs split streams at U+2028, U+2029 and U+0085 as if they were newlines (google-genai 1.x),
//! so these three are escaped wherever Realms writes JSON.

use std::io::{self, Write};

use bytes::Bytes;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// Compact JSON that also escapes the three separators above ASCII.
struct LineSafe(CompactFormatter);

/// The JSON literal of a text, quotes included.
pub fn json_string(text: &str) -> Bytes {
    to_json(&text)
}

/// A value as compact, line-safe JSON.
///
/// Only for values that cannot fail to serialise: text, numbers, lists and structs of them. One that
/// does fail (a map with keys that are no text) becomes empty bytes.
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> Bytes {
    let mut out = Vec::with_capacity(128);
    if append_json(&mut out, value) { out.into() } else { Bytes::new() }
}

/// Writes a value behind what is there; false when it cannot be serialised.
pub(crate) fn append_json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> bool {
    let mut serializer = Serializer::with_formatter(out, LineSafe(CompactFormatter));
    value.serialize(&mut serializer).is_ok()
}

// === impl LineSafe ===

impl Formatter for LineSafe {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let separators = |c: char| matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}');
        let mut rest = fragment;
        while let Some((at, found)) = rest.char_indices().find(|(_, c)| separators(*c)) {
            self.0.write_string_fragment(writer, &rest[..at])?;
            write!(writer, "\\u{:04x}", u32::from(found))?;
            rest = &rest[at + found.len_utf8()..];
        }
        self.0.write_string_fragment(writer, rest)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn separators_are_escaped() {
        let text = "a\u{2028}b\u{2029}c\u{85}d\"\n";
        assert_eq!(json_string(text), r#""a\u2028b\u2029c\u0085d\"\n""#);
    }

    proptest! {
           #[test]
           fn any_text_round_trips_and_holds_no_separator(text in any::<String>()) {
               let json = json_string(&text);
               let wire = str::from_utf8(&json).unwrap();
               let breaks = ['\u{2028}', '\u{2029}', '\u{85}', '\n', '\r'];
    prop_assert!(!wire.contains(breaks));
               prop_assert_eq!(serde_json::from_str::<String>(wire).unwrap(), text);
           }
       }
}
