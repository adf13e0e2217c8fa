//! How long what a Messages call marks for the prompt cache is kept.

use realms_types::{CacheTtl, JsonPath};
use serde_json::Value;

use super::text::{Span, Text, children, quoted};

/// Where a mark can stand. The input of a tool and the schema of its parameters are the client's own
/// data, whatever their keys are called.
const PLACES: [&[&str]; 6] = [
    &["cache_control"],
    &["system", "*", "cache_control"],
    &["tools", "*", "cache_control"],
    &["messages", "*", "content", "*", "cache_control"],
    &["messages", "*", "content", "*", "content", "*", "cache_control"],
    &["messages", "*", "content", "*", "source", "content", "*", "cache_control"],
];

/// Gives every mark there is this time to live. None is added.
pub(super) fn put(text: &mut Text<'_>, ttl: CacheTtl) {
    let word = match ttl {
        CacheTtl::Inherit => return,
        CacheTtl::FiveMinutes => "5m",
        CacheTtl::OneHour => "1h",
    };
    let mut changes = Vec::new();
    for place in PLACES {
        let Ok(path) = JsonPath::parse(&place.join(".")) else { continue };
        for mark in text.find(path.steps()) {
            changes.extend(change(text.as_str(), &mark, word));
        }
    }
    text.make(changes);
}

fn change(text: &str, mark: &Span, word: &str) -> Option<(Span, String)> {
    let members = children(text, mark)?;
    let value = |name: &str| {
        let found = members.iter().rev().find(|child| child.name.as_deref() == Some(name))?;
        Some(found.value.clone())
    };
    let kind = text.get(value("type")?)?;
    if serde_json::from_str::<Value>(kind).ok()? != "ephemeral" {
        return None;
    }
    if let Some(span) = value("ttl") {
        return Some((span, quoted(word)));
    }
    let end = members.last()?.value.end;
    Some((end..end, format!(r#","ttl":{}"#, quoted(word))))
}
