//! A body as it is built.

use serde_json::{Map, Number, Value};

/// An object under construction.
pub(super) type Body = Map<String, Value>;

/// Sets fields, and leaves out those that have no value.
pub(super) trait Put {
    /// Sets a field.
    fn put(&mut self, key: &str, value: impl Into<Value>);

    /// Sets a field that has a value.
    fn put_some(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }
}

/// A number as the shortest JSON that means it.
pub(super) fn number(value: f64) -> Value {
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// A list of texts as JSON.
pub(super) fn texts(list: &[String]) -> Value {
    Value::Array(list.iter().map(|text| Value::String(text.clone())).collect())
}

// === impl Put ===

impl Put for Body {
    fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.insert(key.to_owned(), value.into());
    }
}
