//! What the fake has made and can be asked for again: responses, stored completions, batches.

use serde_json::{Value, json};

/// Objects by their `id`, in order of making.
#[derive(Debug, Default)]
pub(super) struct Objects {
    made: usize,
    kept: Vec<Value>,
}

// === impl Objects ===

impl Objects {
    /// A number no object of this fake has yet.
    pub(super) fn next_serial(&mut self) -> usize {
        self.made += 1;
        self.made
    }

    pub(super) fn keep(&mut self, object: Value) {
        self.kept.push(object);
    }

    pub(super) fn find(&mut self, id: &str) -> Option<&mut Value> {
        self.kept.iter_mut().find(|object| object["id"] == id)
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<Value> {
        let at = self.kept.iter().position(|object| object["id"] == id)?;
        Some(self.kept.remove(at))
    }

    /// A page of those whose `object` field is this kind.
    pub(super) fn page(&self, kind: &str) -> Value {
        let found: Vec<_> = self.kept.iter().filter(|object| object["object"] == kind).collect();
        page(&json!(found))
    }
}

/// A list as OpenAI and Anthropic page it; everything is on the first page.
pub(super) fn page(data: &Value) -> Value {
    let objects = data.as_array().map_or(&[][..], Vec::as_slice);
    json!({
        "object": "list",
        "first_id": objects.first().map(|object| &object["id"]),
        "last_id": objects.last().map(|object| &object["id"]),
        "has_more": false,
        "data": data,
    })
}
