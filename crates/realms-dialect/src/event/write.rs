//! Writes JSON member by member, on one line and safe for every client's line splitter.

use memchr::memmem;

use crate::json::append_json;

/// An object being written.
pub(super) struct Json<'o> {
    out: &'o mut Vec<u8>,
    is_empty: bool,
}

/// Writes an object.
pub(super) fn object(out: &mut Vec<u8>, fill: impl FnOnce(&mut Json<'_>)) {
    out.push(b'{');
    let mut json = Json { out, is_empty: true };
    fill(&mut json);
    json.out.push(b'}');
}

/// An object as text.
pub(super) fn object_text(fill: impl FnOnce(&mut Json<'_>)) -> String {
    let mut out = Vec::with_capacity(128);
    object(&mut out, fill);
    String::from_utf8(out).unwrap_or_default()
}

/// A JSON value on one line: white space between its tokens is left out, line separators inside strings
/// are escaped, and half a surrogate pair is U+FFFD.
pub(super) fn compact(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let (mut in_string, mut is_escaped) = (false, false);
    for c in raw.chars() {
        if !in_string && c.is_ascii_whitespace() {
            continue;
        }
        if c == '"' && !is_escaped {
            in_string = !in_string;
        }
        is_escaped = in_string && c == '\\' && !is_escaped;
        match c {
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            '\u{85}' => out.push_str("\\u0085"),
            other => out.push(other),
        }
    }
    with_whole_pairs(out)
}

/// Models cut characters in two. Where half of a surrogate pair stands alone, strict parsers refuse all
/// of the JSON around it.
fn with_whole_pairs(json: String) -> String {
    if memmem::find(json.as_bytes(), b"\\u").is_none() {
        return json;
    }
    let mut out = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        let (plain, escape) = rest.split_at(at);
        let (written, len) = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (&escape[..12], 12),
            (Some(0xD800..=0xDFFF), _) => (r"\ufffd", 6),
            (Some(_), _) => (&escape[..6], 6),
            (None, _) => {
                let escaped = escape.get(..2).unwrap_or(escape);
                (escaped, escaped.len())
            }
        };
        out.push_str(plain);
        out.push_str(written);
        rest = &escape[len..];
    }
    out + rest
}

/// The UTF-16 unit that a text begins with as an escape.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix(r"\u")?.get(..4)?, 16).ok()
}

/// Joins JSON values into a list.
pub(super) fn list<'i>(values: impl IntoIterator<Item = &'i String>) -> String {
    let mut out = String::from("[");
    for (at, value) in values.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(value);
    }
    out.push(']');
    out
}

// === impl Json ===

impl Json<'_> {
    pub(super) fn text(&mut self, key: &str, value: &str) -> &mut Self {
        self.key(key);
        append_json(self.out, value);
        self
    }

    /// A text, or null.
    pub(super) fn text_or_null(&mut self, key: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(key, value),
            None => self.null(key),
        }
    }

    pub(super) fn number(&mut self, key: &str, value: impl Into<u64>) -> &mut Self {
        self.key(key);
        append_json(self.out, &value.into());
        self
    }

    /// A number with a fraction; null where it is none that JSON can hold.
    pub(super) fn float(&mut self, key: &str, value: f64) -> &mut Self {
        self.key(key);
        append_json(self.out, &value);
        self
    }

    pub(super) fn bool(&mut self, key: &str, value: bool) -> &mut Self {
        self.raw_compact(key, if value { "true" } else { "false" })
    }

    pub(super) fn null(&mut self, key: &str) -> &mut Self {
        self.raw_compact(key, "null")
    }

    /// JSON that was written here, or compacted.
    pub(super) fn raw_compact(&mut self, key: &str, json: &str) -> &mut Self {
        self.key(key);
        self.out.extend_from_slice(json.as_bytes());
        self
    }

    pub(super) fn object(&mut self, key: &str, fill: impl FnOnce(&mut Json<'_>)) -> &mut Self {
        self.key(key);
        object(self.out, fill);
        self
    }

    fn key(&mut self, key: &str) {
        if !self.is_empty {
            self.out.push(b',');
        }
        self.is_empty = false;
        append_json(self.out, key);
        self.out.push(b':');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn members_are_parted_by_commas_and_nest() {
        let text = object_text(|json| {
            json.text("a", "x\u{2028}\"").null("b").object("c", |json| {
                json.number("d", 7u32).bool("e", true).float("f", f64::NAN);
            });
        });
        assert_eq!(text, r#"{"a":"x\u2028\"","b":null,"c":{"d":7,"e":true,"f":null}}"#);
        assert_eq!(object_text(|_| {}), "{}");
        assert_eq!(list(&["1".to_owned(), "{}".to_owned()]), "[1,{}]");
    }

    #[test]
    fn half_a_surrogate_pair_is_no_reason_to_refuse_the_rest() {
        for (json, expected) in [
            (r#"["\ud83e\udd80 \u00e9"]"#, r#"["\ud83e\udd80 \u00e9"]"#),
            (r#"["\ud83e", "\udd80"]"#, r#"["\ufffd","\ufffd"]"#),
            (r#"["a\uD800\uD800\uDC00\n"]"#, r#"["a\ufffd\uD800\uDC00\n"]"#),
            (r#"{"\ud800\u0041": "é\\ud800\\\udfff"}"#, r#"{"\ufffd\u0041":"é\\ud800\\\ufffd"}"#),
            (r#""\\\\ud800\""#, r#""\\\\ud800\""#),
        ] {
            assert_eq!(compact(json), expected);
            // What is cut off is no JSON, and does no harm.
            for (at, _) in json.char_indices() {
                with_whole_pairs(json[..at].to_owned());
            }
        }
    }

    proptest! {
        #[test]
        fn a_compact_value_is_one_line_and_the_same_value(
            text in any::<String>(), key in any::<String>(), big in "[1-9][0-9]{20,30}",
        ) {
            let value = serde_json::json!({ "a": [text, { "b": key }], "c": 1.5 });
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            // The last: the text may be the same.
            let (before, after) = pretty.rsplit_once("1.5").unwrap();
            let pretty = format!("{before} {big}\r\n{after}");
            let line = compact(&pretty);
            let breaks = ['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}'];
            prop_assert!(!line.contains(breaks));
            prop_assert!(line.contains(&big));
            let parse = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
            prop_assert_eq!(parse(&line), parse(&pretty));
        }
    }
}
