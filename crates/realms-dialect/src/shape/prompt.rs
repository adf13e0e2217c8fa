//! The operator's system prompt, in the place each dialect has for one.

use realms_types::{DialectId, JsonPath, PromptMode, Step};
use serde_json::{Value, json};

use super::text::{Span, Text, children, quoted, written};

/// What stands between the operator's words and the client's.
const BETWEEN: &str = "\n\n";

/// Puts a prompt in.
pub(super) fn put(text: &mut Text<'_>, dialect: DialectId, prompt: &str, mode: PromptMode) {
    match dialect {
        DialectId::Responses => put_text(text, "instructions", prompt, mode),
        DialectId::Chat => put_message(text, prompt, mode),
        DialectId::Messages => put_system(text, prompt, mode),
        DialectId::Gemini => put_instruction(text, prompt, mode),
    }
}

fn path(names: &[&str]) -> Vec<Step> {
    JsonPath::of_names(names).steps().to_vec()
}

/// Into a field that is a text.
fn put_text(text: &mut Text<'_>, field: &str, prompt: &str, mode: PromptMode) {
    let steps = path(&[field]);
    match text.read(&steps) {
        Some(Value::String(own)) if !own.is_empty() => {
            if mode == PromptMode::Prepend {
                text.set(&steps, &quoted(&format!("{prompt}{BETWEEN}{own}")));
            }
        }
        None | Some(Value::Null | Value::String(_)) => text.set(&steps, &quoted(prompt)),
        Some(_) => {}
    }
}

/// Chat: a message of the role `system` (or `developer`, as newer models call it).
fn put_message(text: &mut Text<'_>, prompt: &str, mode: PromptMode) {
    let Some(list) = text.find(&path(&["messages"])).into_iter().next() else { return };
    let Some(messages) = children(text.as_str(), &list) else { return };
    let role = |span: &Span| member(text.as_str(), span, "role");
    let own = messages.iter().find(|message| {
        let role = role(&message.value).and_then(|role| text.as_str().get(role));
        matches!(role, Some("\"system\"" | "\"developer\""))
    });
    match own.map(|message| member(text.as_str(), &message.value, "content")) {
        None if text.as_str().as_bytes().get(list.start) == Some(&b'[') => {
            let message = json!({"role": "system", "content": prompt});
            text.insert_item(&list, &written(&message), true);
        }
        Some(Some(content)) if mode == PromptMode::Prepend => put_first(text, content, prompt),
        None | Some(_) => {}
    }
}

/// Messages: `system` is a text or a list of blocks.
fn put_system(text: &mut Text<'_>, prompt: &str, mode: PromptMode) {
    let steps = path(&["system"]);
    let Some(span) = text.find(&steps).into_iter().next() else {
        return text.set(&steps, &quoted(prompt));
    };
    let is_empty = matches!(text.as_str().get(span.clone()), Some("null" | "\"\"" | "[]"));
    if is_empty {
        text.set(&steps, &quoted(prompt));
    } else if mode == PromptMode::Prepend {
        put_first(text, span, prompt);
    }
}

/// Gemini: `systemInstruction`, in either spelling, a content with parts.
fn put_instruction(text: &mut Text<'_>, prompt: &str, mode: PromptMode) {
    let own = ["systemInstruction", "system_instruction"]
        .into_iter()
        .find(|name| text.raw(&path(&[name])).is_some_and(|raw| !matches!(raw, "null" | "{}")));
    let Some(name) = own else {
        let spelled = text.raw(&path(&["system_instruction"])).is_some();
        let name = if spelled { "system_instruction" } else { "systemInstruction" };
        return text.set(&path(&[name]), &written(&json!({"parts": [{"text": prompt}]})));
    };
    if mode == PromptMode::InjectIfAbsent {
        return;
    }
    let part = written(&json!({"text": prompt}));
    let Some(parts) = text.find(&path(&[name, "parts"])).into_iter().next() else { return };
    match text.as_str().as_bytes().get(parts.start) {
        Some(b'[') => text.insert_item(&parts, &part, true),
        // One part without its list, as proto3 JSON readers take it.
        Some(b'{') => {
            let own = text.as_str().get(parts.clone()).unwrap_or_default().to_owned();
            text.make(vec![(parts, format!("[{part},{own}]"))]);
        }
        _ => {}
    }
}

/// Before a text, or as the first block of a list.
fn put_first(text: &mut Text<'_>, span: Span, prompt: &str) {
    let raw = text.as_str().get(span.clone()).unwrap_or_default();
    if raw.starts_with('[') {
        let block = json!({"type": "text", "text": prompt});
        return text.insert_item(&span, &written(&block), true);
    }
    let own = match serde_json::from_str(raw) {
        Ok(Value::String(own)) => own,
        Ok(Value::Null) => String::new(),
        _ => return,
    };
    let joined = if own.is_empty() { prompt.to_owned() } else { format!("{prompt}{BETWEEN}{own}") };
    text.make(vec![(span, quoted(&joined))]);
}

fn member(text: &str, span: &Span, name: &str) -> Option<Span> {
    let step = Step::Name(name.to_owned());
    let members = children(text, span)?;
    members
        .iter()
        .rev()
        .find(|child| child.name.is_some() && child.fits(&step))
        .map(|child| child.value.clone())
}
