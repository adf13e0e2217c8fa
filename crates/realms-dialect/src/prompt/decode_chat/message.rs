//! Messages of Chat Completions as turns.

use realms_types::DialectId;
use serde_json::Value;

use super::file_fields;
use crate::prompt::{
    Call, CallKind, Family, Given, Media, Part, Piece, Prompt, PromptError, Proof, Role, Source,
    System, Thinking, ToolResult, Turn, Unknown,
    fields::{Fields, element},
};

pub(super) fn message(mut fields: Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    let role = fields.need_text("role")?;
    let name = match role.as_str() {
        // There it is the tool's.
        "tool" | "function" => None,
        _ => fields.text("name")?,
    };
    match role.as_str() {
        "system" | "developer" => {
            let developer = role == "developer";
            let pieces = content(&mut fields, prompt, Role::System)?;
            if prompt.turns.is_empty() {
                prompt.system.push(System { developer, name, pieces });
            } else {
                let role = if developer { Role::Developer } else { Role::System };
                prompt.turns.push(Turn { role, name, pieces });
            }
        }
        "user" => {
            let pieces = content(&mut fields, prompt, Role::User)?;
            prompt.turns.push(Turn { role: Role::User, name, pieces });
        }
        "assistant" => {
            let pieces = assistant(&mut fields, prompt)?;
            prompt.turns.push(Turn { role: Role::Assistant, name, pieces });
        }
        "tool" | "function" => {
            let piece = result(&mut fields, prompt, role == "function")?;
            prompt.turns.push(Turn { role: Role::User, name, pieces: vec![piece] });
        }
        _ => {
            let wanted = "system, developer, user, assistant or tool";
            return Err(PromptError::wrong(fields.at("role"), wanted));
        }
    }
    fields.rest(&mut prompt.unknown);
    Ok(())
}

fn assistant(fields: &mut Fields, prompt: &mut Prompt) -> Result<Vec<Piece>, PromptError> {
    let mut pieces = Vec::new();
    // Vendors that show thinking in Chat call it by either name.
    for key in ["reasoning_content", "reasoning"] {
        if let Some(text) = fields.peek(key).map(str::to_owned) {
            let thinking = Thinking { text, summary: false, seal: None };
            pieces.push(Piece::new(fields.at(key), Part::Thinking(thinking)));
            fields.take(key);
        }
    }
    pieces.extend(content(fields, prompt, Role::Assistant)?);
    if let Some(refusal) = fields.text("refusal")? {
        pieces.push(Piece::new(refusal.path, Part::Refusal(refusal.value)));
    }
    if let Some(calls) = fields.list("tool_calls")? {
        for (index, call) in calls.value.into_iter().enumerate() {
            let call = Fields::of(call, element(&calls.path, index))?;
            pieces.push(tool_call(call, &mut prompt.unknown)?);
        }
    }
    if let Some(mut call) = fields.object("function_call")? {
        let path = call.path().to_owned();
        let call_part = call_of(&mut call, None, CallKind::Function)?;
        call.rest(&mut prompt.unknown);
        pieces.push(Piece::new(path, Part::Call(call_part)));
    }
    if let Some(audio) = fields.take("audio") {
        let foreign = Part::Foreign {
            dialect: DialectId::Chat,
            raw: audio.value,
            feature: Some("an earlier spoken answer"),
        };
        pieces.push(Piece::new(audio.path, foreign));
    }
    Ok(pieces)
}

fn tool_call(mut fields: Fields, unknown: &mut Vec<Unknown>) -> Result<Piece, PromptError> {
    let path = fields.path().to_owned();
    let id = fields.text("id")?.map(|id| id.value);
    let is_custom = fields.peek("type") == Some("custom");
    let (key, kind) =
        if is_custom { ("custom", CallKind::Custom) } else { ("function", CallKind::Function) };
    fields.take_if("type", &Value::from(key));
    fields.count("index")?;
    let missing = fields.at(key);
    let mut inner = fields.object(key)?.ok_or(PromptError::Missing { path: missing })?;
    let mut call = call_of(&mut inner, id, kind)?;
    inner.rest(unknown);
    call.seal = thought_signature(&mut fields, unknown)?;
    fields.rest(unknown);
    Ok(Piece::new(path, Part::Call(call)))
}

/// Where Google's own Chat endpoint has the proof of thinking: `extra_content.google.thought_signature`.
fn thought_signature(
    fields: &mut Fields,
    unknown: &mut Vec<Unknown>,
) -> Result<Option<Given<Proof>>, PromptError> {
    let Some(mut extra) = fields.object("extra_content")? else { return Ok(None) };
    let mut seal = None;
    if let Some(mut google) = extra.object("google")? {
        seal = google.text("thought_signature")?.map(|text| {
            let seal = Proof { maker: Family::Google, sealed: false, value: text.value };
            Given { path: text.path, value: seal }
        });
        google.rest(unknown);
    }
    extra.rest(unknown);
    Ok(seal)
}

fn call_of(fields: &mut Fields, id: Option<String>, kind: CallKind) -> Result<Call, PromptError> {
    let key = match kind {
        CallKind::Function => "arguments",
        CallKind::Custom => "input",
    };
    let name = fields.need_text("name")?;
    let input = match fields.take(key) {
        None => String::new(),
        Some(Given { value: Value::String(text), .. }) => text,
        // Some clients send the object itself.
        Some(Given { value: value @ Value::Object(_), .. }) => value.to_string(),
        Some(field) => return Err(PromptError::wrong(field.path, "text")),
    };
    let made_id = id.is_none();
    let id = id.unwrap_or_default();
    Ok(Call { id, made_id, name, namespace: None, kind, input, seal: None })
}

fn result(fields: &mut Fields, prompt: &mut Prompt, by_name: bool) -> Result<Piece, PromptError> {
    let path = fields.path().to_owned();
    let name = fields.text("name")?.map(|name| name.value);
    let call = if by_name { None } else { fields.text("tool_call_id")?.map(|id| id.value) };
    let pieces = content(fields, prompt, Role::User)?;
    let result = ToolResult {
        made_id: call.is_none(),
        call: call.unwrap_or_default(),
        name,
        kind: CallKind::Function,
        pieces,
        is_error: None,
    };
    Ok(Piece::new(path, Part::Result(result)))
}

// === content ===

fn content(
    fields: &mut Fields,
    prompt: &mut Prompt,
    role: Role,
) -> Result<Vec<Piece>, PromptError> {
    let Some(content) = fields.take("content") else { return Ok(Vec::new()) };
    match content.value {
        Value::String(text) => Ok(vec![Piece::new(content.path, Part::Text(text))]),
        Value::Array(parts) => {
            let read = |(index, part)| {
                let path = element(&content.path, index);
                let cache_marked = Fields::of(part, path)?;
                piece(cache_marked, &mut prompt.unknown, role)
            };
            parts.into_iter().enumerate().map(read).collect()
        }
        _ => Err(PromptError::wrong(content.path, "text or a list of parts")),
    }
}

fn piece(mut fields: Fields, unknown: &mut Vec<Unknown>, role: Role) -> Result<Piece, PromptError> {
    let path = fields.path().to_owned();
    // Vendors behind this dialect (OpenRouter, DashScope) take Anthropic's mark.
    let cache = fields.take("cache_control").map(|cache| cache.value);
    let kind = fields.peek("type").unwrap_or("text").to_owned();
    let part = match kind.as_str() {
        "text" => Part::Text(fields.need_text("text")?),
        "refusal" => Part::Refusal(fields.need_text("refusal")?),
        "image_url" => image(&mut fields, unknown)?,
        "input_audio" => audio(&mut fields, unknown)?,
        "file" => file(&mut fields, unknown)?,
        _ => {
            let essential = role == Role::User;
            let feature = essential.then_some("a kind of content");
            let raw = fields.whole();
            return Ok(Piece {
                path,
                cache,
                part: Part::Foreign { dialect: DialectId::Chat, raw, feature },
            });
        }
    };
    fields.take("type");
    fields.rest(unknown);
    Ok(Piece { path, cache, part })
}

fn image(fields: &mut Fields, unknown: &mut Vec<Unknown>) -> Result<Part, PromptError> {
    let path = fields.at("image_url");
    if fields.peek("image_url").is_some() {
        let url = fields.need_text("image_url")?;
        return Ok(Part::Image(Media::from_url(url)));
    }
    let mut inner = fields.object("image_url")?.ok_or(PromptError::Missing { path })?;
    let mut media = Media::from_url(inner.need_text("url")?);
    media.detail = inner.text("detail")?;
    inner.rest(unknown);
    Ok(Part::Image(media))
}

fn audio(fields: &mut Fields, unknown: &mut Vec<Unknown>) -> Result<Part, PromptError> {
    let path = fields.at("input_audio");
    let mut inner = fields.object("input_audio")?.ok_or(PromptError::Missing { path })?;
    let data = inner.need_text("data")?;
    let mime = inner.text("format")?.map(|format| format!("audio/{}", format.value));
    inner.rest(unknown);
    Ok(Part::Audio(Media::of(Source::Data(data), mime)))
}

fn file(fields: &mut Fields, unknown: &mut Vec<Unknown>) -> Result<Part, PromptError> {
    let path = fields.at("file");
    let mut inner = fields.object("file")?.ok_or(PromptError::Missing { path })?;
    let document = file_fields(&mut inner)?;
    inner.rest(unknown);
    Ok(Part::Document(document))
}
