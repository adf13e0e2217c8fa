//! Moves the reasoning of a Chat answer into its content, between `<think>` tags.
//!
//! It is fed whole frames, as a [`Framer`](crate::Framer) cuts them, so that no chunk of the network
//! ever splits what it edits.

use bytes::Bytes;
use memchr::memmem;
use realms_types::JsonPath;
use serde_json::Value;

use super::text::{Child, Span, Text, children, quoted};

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";
/// What vendors call it.
const REASONING: [&str; 2] = ["reasoning_content", "reasoning"];

/// The choices of a stream whose reasoning has begun and not ended.
#[derive(Debug, Default)]
pub struct Think {
    open: Vec<u64>,
}

/// What one step of a choice brings.
struct Delta {
    reasoning: String,
    content: String,
    /// Whether it brings what comes after all reasoning: a call of a tool, or the end.
    beyond: bool,
}

// === impl Think ===

impl Think {
    /// Edits bytes that end where a frame ends. What has no reasoning in it stays as it is.
    pub fn frames(&mut self, bytes: Bytes) -> Bytes {
        if !self.concerns(&bytes) {
            return bytes;
        }
        let mut edited = Vec::with_capacity(bytes.len() + 64);
        let mut changed = false;
        // Line by line: what comes beside a line, in the same bytes or in others, changes nothing of it.
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            match self.line(line) {
                Some(with) => {
                    edited.extend_from_slice(with.as_bytes());
                    changed = true;
                }
                None => edited.extend_from_slice(line),
            }
        }
        if changed { edited.into() } else { bytes }
    }

    /// Whether anything could change.
    fn concerns(&self, bytes: &[u8]) -> bool {
        !self.open.is_empty() || memmem::find(bytes, b"reasoning").is_some()
    }

    /// A line with its end; `None` when nothing changes.
    fn line(&mut self, line: &[u8]) -> Option<String> {
        let data = line.strip_prefix(b"data:").filter(|_| self.concerns(line))?;
        let data = str::from_utf8(data).ok()?;
        let object = data.trim();
        let with = self.object(object, "delta")?;
        let at = data.find(object).unwrap_or_default();
        Some(["data:", &data[..at], &with, &data[at + object.len()..]].concat())
    }

    /// Edits a whole answer.
    pub fn whole(body: Bytes) -> Bytes {
        let object = str::from_utf8(&body).ok().map(str::trim);
        let edited = object.and_then(|object| Self::default().object(object, "message"));
        edited.map_or(body, Bytes::from)
    }

    /// Edits one object; `None` when nothing changes, or it is no object.
    fn object(&mut self, object: &str, part: &str) -> Option<String> {
        // A frame comes from outside: only what is JSON through and through is edited.
        let read: Value = serde_json::from_str(object).ok().filter(Value::is_object)?;
        let mut text = Text::new(object);
        for (index, choice) in read.get("choices")?.as_array()?.iter().enumerate() {
            let number = choice.get("index").and_then(Value::as_u64).unwrap_or(index as u64);
            let Some(delta) = choice.get(part).filter(|delta| delta.is_object()) else { continue };
            let whole = part == "message";
            let ends = choice.get("finish_reason").is_some_and(|reason| !reason.is_null());
            if let Some(content) = self.content(number, &Delta::read(delta, ends), whole) {
                let at = JsonPath::of_names(&["choices", &index.to_string(), part]);
                let span = text.find(at.steps()).into_iter().next()?;
                rewrite(&mut text, &span, &content);
            }
        }
        text.changed()
    }

    /// The content of a choice as the client is to see it; `None` when it stays as it is.
    fn content(&mut self, choice: u64, delta: &Delta, whole: bool) -> Option<String> {
        let was_open = self.open.contains(&choice);
        let mut content = String::new();
        if !delta.reasoning.is_empty() {
            if !was_open {
                content.push_str(OPEN);
                self.open.push(choice);
            }
            content.push_str(&delta.reasoning);
        }
        let is_open = self.open.contains(&choice);
        if is_open && (whole || delta.beyond || !delta.content.is_empty()) {
            content.push_str(CLOSE);
            self.open.retain(|open| *open != choice);
        }
        if content.is_empty() {
            return None;
        }
        content.push_str(&delta.content);
        Some(content)
    }
}

// === impl Delta ===

impl Delta {
    fn read(delta: &Value, ends: bool) -> Self {
        let text = |name: &str| delta.get(name).and_then(Value::as_str).unwrap_or_default();
        let reasoning = REASONING.into_iter().map(text).find(|text| !text.is_empty());
        let calls = delta.get("tool_calls").is_some_and(|calls| !calls.is_null());
        Self {
            reasoning: reasoning.unwrap_or_default().to_owned(),
            content: text("content").to_owned(),
            beyond: ends || calls,
        }
    }
}

/// Takes the reasoning out of a message and gives it this content.
fn rewrite(text: &mut Text<'_>, at: &Span, content: &str) {
    let Some(members) = children(text.as_str(), at) else { return };
    let is = |child: &&Child<'_>, names: &[&str]| {
        child.name.as_deref().is_some_and(|name| names.contains(&name))
    };
    let mut changes = Vec::new();
    // The content takes the place of the reasoning where there is none yet.
    let own = members.iter().find(|child| is(child, &["content"])).map(|child| child.value.clone());
    let reasoning: Vec<_> = members.iter().filter(|child| is(child, &REASONING)).collect();
    if let Some(span) = own {
        changes.push((span, quoted(content)));
        let mut end = None;
        for (index, child) in members.iter().enumerate() {
            let goes = is(&child, &REASONING);
            if goes {
                changes.push((child.cut(end, members.get(index + 1)), String::new()));
            }
            if end.is_some() || !goes {
                end = Some(child.value.end);
            }
        }
        return text.make(changes);
    }
    let member = format!(r#""content":{}"#, quoted(content));
    match (reasoning.split_first(), members.first()) {
        (Some((first, rest)), _) => {
            changes.push((first.all(), member));
            changes.extend(rest.iter().map(|child| (child.value.clone(), "null".to_owned())));
        }
        (None, Some(child)) => {
            let start = child.all().start;
            changes.push((start..start, format!("{member},")));
        }
        (None, None) => changes.push((at.start + 1..at.start + 1, member)),
    }
    text.make(changes);
}
