//! The tool that a scan has called.

use serde_json::{Value, json};

/// What the tool is called.
pub(super) const TOOL: &str = "book_trip";
/// What it does.
pub(super) const TOOL_ABOUT: &str = "Books a trip.";
/// What asks for it to be called.
pub(super) const TOOL_PROMPT: &str = "Book a trip to Paris for 3 days.";

/// What it takes.
pub(super) fn tool_schema() -> Value {
    json!({
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city", "days"],
    })
}
