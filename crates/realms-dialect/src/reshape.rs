//! Members of a JSON object set, replaced and left out; every value that stays keeps its bytes.

use std::borrow::Cow;

use bytes::Bytes;
use serde_json::value::RawValue;

use crate::scan;

/// What becomes of one member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Become {
    /// It is left out.
    Gone,
    /// It has this value, whether it was there or not.
    Value(Bytes),
}

/// The object with these members changed, as slices to be sent one after the other. Values that stay
/// are not copied; members keep their order, new ones come last. `None` for what is no object, or one
/// that nests deeper than a quick pass goes.
pub(crate) fn reshape(body: &Bytes, changes: &[(&str, Become)]) -> Option<Vec<Bytes>> {
    let text = str::from_utf8(body).ok()?;
    let written = scan::members(text)?;
    let mut out = vec![Bytes::from_static(b"{")];
    let mut done = vec![false; changes.len()];
    for (key, value) in written {
        let name = unquoted(key)?;
        match changes.iter().position(|(changed, _)| *changed == name) {
            None => push(&mut out, slice(body, text, key), slice(body, text, value)),
            Some(place) => {
                done[place] = true;
                if let (_, Become::Value(value)) = &changes[place] {
                    push(&mut out, slice(body, text, key), value.clone());
                }
            }
        }
    }
    for ((name, change), done) in changes.iter().zip(done) {
        if let (Become::Value(value), false) = (change, done) {
            push(&mut out, crate::json_string(name), value.clone());
        }
    }
    out.push(Bytes::from_static(b"}"));
    Some(out)
}

/// The value of a member as it is written.
pub(crate) fn value_of<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let written = scan::members(text)?;
    let found = written.into_iter().find(|(key, _)| unquoted(key).as_deref() == Some(name));
    found.map(|(_, value)| value)
}

/// The elements of an array as they are written; `None` for what is none.
pub(crate) fn elements(text: &str) -> Option<Vec<&str>> {
    let raw: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    Some(raw.into_iter().map(RawValue::get).collect())
}

fn push(out: &mut Vec<Bytes>, key: Bytes, value: Bytes) {
    if out.len() > 1 {
        out.push(Bytes::from_static(b","));
    }
    out.extend([key, Bytes::from_static(b":"), value]);
}

/// A part of the text as a slice of the body that it lies in.
fn slice(body: &Bytes, text: &str, part: &str) -> Bytes {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    body.slice(start..start + part.len())
}

fn unquoted(key: &str) -> Option<Cow<'_, str>> {
    match key.get(1..key.len() - 1) {
        Some(plain) if !plain.contains('\\') => Some(Cow::Borrowed(plain)),
        _ => serde_json::from_str(key).ok().map(Cow::Owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reshaped(body: &str, changes: &[(&str, Become)]) -> Option<String> {
        let parts = reshape(&Bytes::copy_from_slice(body.as_bytes()), changes)?;
        Some(String::from_utf8(parts.concat()).unwrap())
    }

    #[test]
    fn members_are_set_replaced_and_left_out() {
        let changes = [
            ("store", Become::Value(Bytes::from_static(b"false"))),
            ("stream", Become::Value(Bytes::from_static(b"true"))),
            ("top_p", Become::Gone),
        ];
        for (body, expected) in [
            ("{}", r#"{"store":false,"stream":true}"#),
            (
                r#" { "a" : [1, 2.50] , "top_p":0.5, "stream": false,"z":"\u00e9" } "#,
                r#"{"a":[1, 2.50],"stream":true,"z":"\u00e9","store":false}"#,
            ),
            (r#"{"top_\u0070":1,"store":true}"#, r#"{"store":false,"stream":true}"#),
        ] {
            assert_eq!(reshaped(body, &changes).as_deref(), Some(expected), "{body}");
        }
        for body in ["[]", "", "{", "7", r#"{"a":}"#] {
            assert_eq!(reshaped(body, &changes), None, "{body}");
        }
    }

    #[test]
    fn values_that_stay_are_not_copied() {
        let body = Bytes::from(format!(r#"{{"input":"{}"}}"#, "x".repeat(1000)));
        let parts = reshape(&body, &[("store", Become::Gone)]).unwrap();
        let long = parts.iter().max_by_key(|part| part.len()).unwrap();
        assert!(body.as_ptr_range().contains(&long.as_ptr()));
    }
}
