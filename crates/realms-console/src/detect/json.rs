//! Settings files in JSON, alone or among other text.

use realms_types::ChannelKind;
use serde_json::{Map, Value};

use super::{Note, clues::Clues};

/// How many places are tried for the start of a document.
const MOST_STARTS: usize = 64;

/// Reads every JSON document in a text and returns what is left of it.
pub(super) fn read(text: &str, clues: &mut Clues) -> String {
    let mut rest = String::with_capacity(text.len());
    let (mut from, mut starts) = (0, 0);
    while let Some(at) = text[from..].find(['{', '[']).map(|at| from + at) {
        starts += 1;
        if starts > MOST_STARTS {
            break;
        }
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        // Inside a line it is a command's body, a table's header or an inline table.
        let leads = text[line..at].trim().is_empty();
        let parsed = leads.then(|| document(&text[at..])).flatten();
        if let Some((value, length)) = parsed {
            walk_all(&value, clues);
            rest.push_str(&text[from..at]);
            from = at + length;
        } else {
            rest.push_str(&text[from..=at]);
            from = at + 1;
        }
    }
    rest.push_str(&text[from..]);
    rest
}

/// Reads the body of a request: it names the model.
pub(super) fn read_body(body: &str, clues: &mut Clues) {
    if let Ok(Value::Object(body)) = serde_json::from_str(body)
        && let Some(Value::String(model)) = body.get("model")
    {
        clues.model(model);
    }
}

fn document(text: &str) -> Option<(Value, usize)> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = stream.next()?.ok()?;
    let filled = match &value {
        Value::Object(object) => !object.is_empty(),
        Value::Array(items) => items.iter().any(Value::is_object),
        _ => false,
    };
    filled.then(|| (value, stream.byte_offset()))
}

/// A document may hold many channels: then the first is meant.
fn walk_all(value: &Value, clues: &mut Clues) {
    match channels(value).as_slice() {
        [] => walk(value, clues),
        [only] => walk(only, clues),
        [first, ..] => {
            clues.note(Note::SeveralChannels);
            walk(first, clues);
        }
    }
}

fn channels(value: &Value) -> Vec<&Value> {
    const LISTS: [&str; 4] = ["channels", "data", "items", "providers"];
    let described = |value: &&Value| describes(value);
    match value {
        Value::Array(items) => items.iter().filter(described).collect(),
        Value::Object(object) => match LISTS.iter().find_map(|name| object.get(*name)) {
            Some(Value::Array(items)) => items.iter().filter(described).collect(),
            Some(Value::Object(providers)) => chosen(object, providers),
            Some(_) | None => match object.get("provider") {
                Some(Value::Object(providers)) => providers.values().filter(described).collect(),
                _ => Vec::new(),
            },
        },
        _ => Vec::new(),
    }
}

/// Of several providers by name, the current one.
fn chosen<'a>(object: &Map<String, Value>, providers: &'a Map<String, Value>) -> Vec<&'a Value> {
    let current = object.get("current").and_then(Value::as_str).and_then(|id| providers.get(id));
    match current {
        Some(current) => vec![current],
        None => providers.values().filter(|value| describes(value)).collect(),
    }
}

/// Whether an object tells of an upstream, itself or one level below.
fn describes(value: &Value) -> bool {
    fn tells(object: &Map<String, Value>, depth: u8) -> bool {
        object.iter().any(|(name, value)| match value {
            Value::String(_) => {
                let name = name.to_ascii_lowercase();
                name.contains("key") || name.contains("url") || name.contains("token")
            }
            Value::Object(inner) => depth > 0 && tells(inner, depth - 1),
            _ => false,
        })
    }
    value.as_object().is_some_and(|object| tells(object, 3))
}

fn walk(value: &Value, clues: &mut Clues) {
    match value {
        Value::Object(object) => object.iter().for_each(|(name, value)| member(name, value, clues)),
        Value::Array(items) => items.iter().for_each(|item| walk(item, clues)),
        _ => {}
    }
}

fn member(name: &str, value: &Value, clues: &mut Clues) {
    match (name, value) {
        // What the Codex CLI keeps of a log-in.
        ("tokens", Value::Object(tokens)) => log_in(tokens, clues),
        ("models", Value::Array(models)) => models.iter().for_each(|one| model(one, clues)),
        ("models", Value::Object(models)) => models.keys().for_each(|name| clues.model(name)),
        ("keys" | "api_keys" | "apiKeys", Value::Array(keys)) => {
            keys.iter().filter_map(Value::as_str).for_each(|key| clues.key(key));
        }
        ("type", Value::Number(number)) => clues.pair(name, &number.to_string()),
        // A manifest of the Codex CLI or of cc-switch as text within JSON.
        ("config", Value::String(text)) => super::lines::read(text, clues),
        (_, Value::String(text)) => clues.pair(name, text),
        _ => walk(value, clues),
    }
}

fn model(value: &Value, clues: &mut Clues) {
    let named = |object: &Map<String, Value>| {
        let name = ["id", "name", "model"].iter().find_map(|key| object.get(*key)?.as_str());
        name.map(str::to_owned)
    };
    match value {
        Value::String(name) => clues.model(name),
        Value::Object(object) => {
            if let Some(name) = named(object) {
                clues.model(&name);
            }
        }
        _ => {}
    }
}

fn log_in(tokens: &Map<String, Value>, clues: &mut Clues) {
    let Some(token) = tokens.get("access_token").and_then(Value::as_str) else { return };
    if clues.keys.is_empty() {
        clues.vendor = Some("codex");
        clues.kind = Some(ChannelKind::Codex);
        clues.speaks(None, Some(ChannelKind::Codex.own_dialect()));
        clues.note(Note::OauthToken);
        clues.key(token);
    }
}
