//! The whole JSON of a body as a tree, read strictly.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::PromptError;
use crate::{
    PeekError,
    depth::{MOST_WITHIN, is_deeper_than, string_len},
};

/// Reads one value and refuses keys that repeat, at any depth.
struct Strict;

/// Before the key of an error about a repeated key, to tell it from what the parser itself says.
const REPEATED: &str = "repeated key: ";

/// The body as a tree: one object, no key twice in any object, bounded depth, no number that would
/// arrive as another.
pub(super) fn parse(body: &[u8]) -> Result<Value, PromptError> {
    if body.is_empty() {
        return Err(PeekError::Empty.into());
    }
    let text =
        str::from_utf8(body).map_err(|error| PeekError::NotUtf8 { at: error.valid_up_to() })?;
    if is_deeper_than(body, MOST_WITHIN) {
        return Err(PromptError::TooDeep);
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let value = Strict.deserialize(&mut json).and_then(|value| json.end().map(|()| value));
    match value {
        Ok(Value::Object(_)) if has_vast_integer(body) => Err(PromptError::Number),
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(PeekError::NotAnObject.into()),
        Err(error) => Err(refusal(error).into()),
    }
}

fn refusal(error: serde_json::Error) -> PeekError {
    let why = error.to_string();
    match why.strip_prefix(REPEATED) {
        // The parser adds its place behind what we say.
        Some(rest) => {
            let key = rest.rsplit_once(" at line ").map_or(rest, |(key, _)| key);
            PeekError::Duplicate { key: key.to_owned() }
        }
        None => PeekError::not_json(error),
    }
}

/// Whether valid JSON has an integer that neither `i64` nor `u64` holds: the parser makes a float of it.
fn has_vast_integer(json: &[u8]) -> bool {
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => at += 1 + string_len(&json[at + 1..]),
            b'-' | b'0'..=b'9' => {
                let rest = &json[at..];
                let is_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
                let len = rest.iter().position(|byte| !is_number(byte)).unwrap_or(rest.len());
                let literal = str::from_utf8(&rest[..len]).unwrap_or_default();
                let is_integer = !literal.contains(['.', 'e', 'E']);
                if is_integer && literal.parse::<i64>().is_err() && literal.parse::<u64>().is_err()
                {
                    return true;
                }
                at += len;
            }
            _ => at += 1,
        }
    }
    false
}

// === impl Strict ===

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Strict)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("{REPEATED}{key}")));
            }
            let value = entries.next_value_seed(Strict)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_plain_json_is_refused() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(127), "]".repeat(127));
        for (body, why) in [
            ("", "the body is empty"),
            ("[]", "must be a JSON object"),
            ("{\"a\":1}x", "not JSON"),
            (r#"{"a":{"b":[{"c":1,"c":2}]}}"#, "`c` is given more than once"),
            (r#"{"a":18446744073709551616}"#, "more than 64 bits"),
            (r#"{"a":-9223372036854775809}"#, "more than 64 bits"),
            (r#"{"a":1e999}"#, "not JSON"),
            (&deep, "nests deeper"),
        ] {
            let error = parse(body.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(why), "{body}: {error}");
        }
        assert!(parse(b"{\"a\":\"\xFF\"}").is_err());
    }

    #[test]
    fn numbers_and_texts_are_kept() {
        let body =
            r#"{"a":[18446744073709551615,-9223372036854775808,0.5,1e3,"99999999999999999999\""]}"#;
        let tree = parse(body.as_bytes()).unwrap();
        assert_eq!(tree, serde_json::from_str::<Value>(body).unwrap());
    }
}
