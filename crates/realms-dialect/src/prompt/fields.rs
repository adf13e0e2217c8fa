//! An object of a body, read field by field; what nobody asked for is kept as unknown.

use serde_json::{Map, Value};

use super::{Given, PromptError, Unknown};

/// An object whose fields are taken out one after the other.
#[derive(Debug)]
pub(super) struct Fields {
    path: String,
    map: Map<String, Value>,
    /// Fields that were written otherwise than they are asked for: `top_k` for `topK`.
    spelled: Vec<(String, String)>,
}

/// Keys come from the client and end in traces: longer ones are cut.
const LONGEST_KEY: usize = 64;

// === impl Fields ===

impl Fields {
    pub(super) fn of(value: Value, path: impl Into<String>) -> Result<Self, PromptError> {
        let path = path.into();
        match value {
            Value::Object(map) => Ok(Self { path, map, spelled: Vec::new() }),
            _ => Err(PromptError::wrong(path, "an object")),
        }
    }

    /// An object of Gemini's: proto3 JSON takes either spelling of a key, but not both at once.
    pub(super) fn proto(value: Value, path: impl Into<String>) -> Result<Self, PromptError> {
        let mut fields = Self::of(value, path)?;
        let snakes: Vec<String> = fields.map.keys().filter(|key| is_snake(key)).cloned().collect();
        for snake in snakes {
            let camel = camel(&snake);
            if fields.map.contains_key(&camel) {
                return Err(crate::PeekError::Duplicate { key: camel }.into());
            }
            if let Some(value) = fields.map.remove(&snake) {
                fields.map.insert(camel.clone(), value);
                fields.spelled.push((camel, snake));
            }
        }
        Ok(fields)
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The path of a field.
    pub(super) fn at(&self, key: &str) -> String {
        let key =
            self.spelled.iter().find(|(camel, _)| camel == key).map_or(key, |(_, snake)| snake);
        join(&self.path, key)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.map.get(key).is_some_and(|value| !value.is_null())
    }

    /// The text of a field, left where it is.
    pub(super) fn peek(&self, key: &str) -> Option<&str> {
        self.map.get(key)?.as_str()
    }

    /// Everything that is left, as it was written.
    pub(super) fn whole(&self) -> Value {
        let mut map = Map::new();
        for (key, value) in &self.map {
            let written = self.spelled.iter().find(|(camel, _)| camel == key);
            map.insert(written.map_or(key, |(_, snake)| snake).clone(), value.clone());
        }
        Value::Object(map)
    }

    /// A field of any kind; `null` is as good as absent.
    pub(super) fn take(&mut self, key: &str) -> Option<Given<Value>> {
        let value = self.map.shift_remove(key).filter(|value| !value.is_null())?;
        Some(Given::new(self.at(key), value))
    }

    /// Takes a field out that says just this; false when it says something else.
    pub(super) fn take_if(&mut self, key: &str, said: &Value) -> bool {
        let same = self.map.get(key) == Some(said);
        if same {
            self.map.shift_remove(key);
        }
        same
    }

    pub(super) fn text(&mut self, key: &str) -> Result<Option<Given<String>>, PromptError> {
        self.map_field(key, "text", |value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })
    }

    pub(super) fn need_text(&mut self, key: &str) -> Result<String, PromptError> {
        let path = self.at(key);
        self.text(key)?.map(|text| text.value).ok_or(PromptError::Missing { path })
    }

    pub(super) fn flag(&mut self, key: &str) -> Result<Option<Given<bool>>, PromptError> {
        self.map_field(key, "true or false", |value| value.as_bool())
    }

    /// A count. Proto3 JSON writes 64-bit numbers as text, and some clients write `1.0`.
    pub(super) fn count(&mut self, key: &str) -> Result<Option<Given<u64>>, PromptError> {
        self.map_field(key, "a whole number of 0 or more", |value| match value {
            Value::String(text) => text.parse().ok(),
            Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
            _ => None,
        })
    }

    pub(super) fn integer(&mut self, key: &str) -> Result<Option<Given<i64>>, PromptError> {
        self.map_field(key, "a whole number", |value| match value {
            Value::String(text) => text.parse().ok(),
            other => other.as_i64(),
        })
    }

    pub(super) fn number(&mut self, key: &str) -> Result<Option<Given<f64>>, PromptError> {
        self.map_field(key, "a number", |value| value.as_f64())
    }

    pub(super) fn list(&mut self, key: &str) -> Result<Option<Given<Vec<Value>>>, PromptError> {
        self.map_field(key, "a list", |value| match value {
            Value::Array(list) => Some(list),
            _ => None,
        })
    }

    pub(super) fn texts(&mut self, key: &str) -> Result<Option<Given<Vec<String>>>, PromptError> {
        self.map_field(key, "a list of texts", texts)
    }

    pub(super) fn object(&mut self, key: &str) -> Result<Option<Fields>, PromptError> {
        self.take(key).map(|field| Self::of(field.value, field.path)).transpose()
    }

    /// An object of Gemini's.
    pub(super) fn proto_object(&mut self, key: &str) -> Result<Option<Fields>, PromptError> {
        self.take(key).map(|field| Self::proto(field.value, field.path)).transpose()
    }

    pub(super) fn map(
        &mut self,
        key: &str,
    ) -> Result<Option<Given<Map<String, Value>>>, PromptError> {
        self.map_field(key, "an object", |value| match value {
            Value::Object(map) => Some(map),
            _ => None,
        })
    }

    /// Keeps a field that no other dialect can do without, by what it is for.
    pub(super) fn bind(&mut self, key: &str, feature: &'static str, unknown: &mut Vec<Unknown>) {
        if let Some(field) = self.take(key) {
            unknown.push(Unknown { path: field.path, raw: field.value, feature: Some(feature) });
        }
    }

    /// Keeps whatever is left.
    pub(super) fn rest(mut self, unknown: &mut Vec<Unknown>) {
        let keys: Vec<String> = self.map.keys().cloned().collect();
        for key in keys {
            if let Some(field) = self.take(&key) {
                unknown.push(Unknown { path: field.path, raw: field.value, feature: None });
            }
        }
    }

    fn map_field<T>(
        &mut self,
        key: &str,
        wanted: &'static str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<Option<Given<T>>, PromptError> {
        let Some(field) = self.take(key) else { return Ok(None) };
        match read(field.value) {
            Some(value) => Ok(Some(Given { path: field.path, value })),
            None => Err(PromptError::Wrong { path: field.path, wanted }),
        }
    }
}

/// The path of an element.
pub(super) fn element(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}

/// The path of a field.
pub(super) fn join(path: &str, key: &str) -> String {
    let key = match key.char_indices().nth(LONGEST_KEY) {
        Some((cut, _)) => &key[..cut],
        None => key,
    };
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn texts(value: Value) -> Option<Vec<String>> {
    let Value::Array(list) = value else { return None };
    list.into_iter()
        .map(|value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the guard leaves whole numbers that both types hold exactly"
)]
fn whole(number: f64) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && (0.0..=EXACT).contains(&number)).then_some(number as u64)
}

/// A key in the spelling of proto3 JSON.
pub(super) fn camel(key: &str) -> String {
    if !is_snake(key) {
        return key.to_owned();
    }
    let mut out = String::with_capacity(key.len());
    let mut up = false;
    for c in key.chars() {
        match c {
            '_' => up = true,
            c if up => {
                out.extend(c.to_uppercase());
                up = false;
            }
            c => out.push(c),
        }
    }
    out
}

/// Whether a key is written as fields are named in proto: words between single underscores. Any other key with an
/// underscore is none that Google knows, and no other spelling of one.
fn is_snake(key: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && !word.contains(char::is_uppercase);
    key.contains('_') && key.split('_').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_of_proto_is_another_spelling() {
        for (key, spelled) in [
            ("generation_config", "generationConfig"),
            ("top_k", "topK"),
            ("contents", "contents"),
            ("topK", "topK"),
            ("generation__config", "generation__config"),
            ("generation_Config", "generation_Config"),
            ("maxOutput_tokens", "maxOutput_tokens"),
            ("top_k_", "top_k_"),
            ("_top_k", "_top_k"),
        ] {
            assert_eq!(camel(key), spelled);
        }
    }
}
