//! Chat Completions to a prompt.

use realms_types::DialectId;
use serde_json::{Map, Value};

use super::{
    Call, CallKind, Custom, Document, Family, Format, Function, Given, Hosted, Logprobs, Media,
    Part, Piece, Prompt, PromptError, Proof, Role, Source, Summary, System, Thinking, Tool,
    ToolForm, ToolResult, Turn, Unknown,
    fields::{Fields, element},
    rules::{choice, effort, format, ids, tier},
};

/// What no other dialect can do without changing what the answer is.
const BOUND: [(&str, &str); 3] = [
    ("modalities", "an answer that is not text"),
    ("audio", "a spoken answer"),
    ("moderation", "moderation within the call"),
];

pub(super) fn decode(body: Value) -> Result<Prompt, PromptError> {
    let mut fields = Fields::of(body, "")?;
    let mut prompt = Prompt::empty(DialectId::Chat);
    settings(&mut fields, &mut prompt)?;
    tools(&mut fields, &mut prompt)?;
    let path = fields.at("messages");
    let messages = fields.list("messages")?.ok_or(PromptError::Missing { path })?;
    for (index, message) in messages.value.into_iter().enumerate() {
        let fields = Fields::of(message, element(&messages.path, index))?;
        self::message(fields, &mut prompt)?;
    }
    for (key, feature) in BOUND {
        let text_only = key == "modalities" && fields.take_if(key, &Value::from(vec!["text"]));
        if !text_only {
            fields.bind(key, feature, &mut prompt.unknown);
        }
    }
    fields.rest(&mut prompt.unknown);
    ids::complete(&mut prompt);
    Ok(prompt)
}

fn settings(fields: &mut Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    prompt.model = fields.text("model")?.map(|model| model.value);
    prompt.max_output = fields.count("max_completion_tokens")?;
    if prompt.max_output.is_none() {
        prompt.max_output = fields.count("max_tokens")?;
    }
    prompt.candidates = fields.count("n")?;
    prompt.stop = stop(fields)?;
    prompt.verbosity = fields.text("verbosity")?;
    prompt.reasoning.effort = fields.text("reasoning_effort")?.map(effort::read).transpose()?;
    let chosen = fields.flag("logprobs")?;
    let top = fields.count("top_logprobs")?;
    prompt.logprobs = logprobs(chosen, top);
    prompt.format =
        fields.object("response_format")?.map(|f| response_format(f, prompt)).transpose()?;
    common(fields, prompt)?;
    if let Some(mut options) = fields.object("stream_options")? {
        // Usage is read from every stream, so it is always asked for.
        options.flag("include_usage")?;
        options.rest(&mut prompt.unknown);
    }
    Ok(())
}

/// What Chat and Responses have in common.
pub(super) fn common(fields: &mut Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    prompt.sampling.temperature = fields.number("temperature")?;
    prompt.sampling.top_p = fields.number("top_p")?;
    prompt.sampling.presence_penalty = fields.number("presence_penalty")?;
    prompt.sampling.frequency_penalty = fields.number("frequency_penalty")?;
    prompt.sampling.seed = fields.integer("seed")?;
    prompt.parallel = fields.flag("parallel_tool_calls")?;
    prompt.metadata = fields.map("metadata")?;
    prompt.user = fields.text("safety_identifier")?;
    if prompt.user.is_none() {
        prompt.user = fields.text("user")?;
    }
    prompt.cache_key = fields.text("prompt_cache_key")?;
    prompt.tier = fields.text("service_tier")?.map(tier::read_openai);
    prompt.stream = fields.flag("stream")?.is_some_and(|stream| stream.value);
    prompt.store = fields.flag("store")?;
    Ok(())
}

pub(super) fn logprobs(
    chosen: Option<Given<bool>>,
    top: Option<Given<u64>>,
) -> Option<Given<Logprobs>> {
    let path = chosen.as_ref().map(|at| &at.path).or(top.as_ref().map(|at| &at.path))?.clone();
    let asked = chosen.is_none_or(|chosen| chosen.value);
    Some(Given { path, value: Logprobs { chosen: asked, top } })
}

fn stop(fields: &mut Fields) -> Result<Option<Given<Vec<String>>>, PromptError> {
    match fields.peek("stop") {
        Some(_) => Ok(fields.text("stop")?.map(|stop| Given::new(stop.path, vec![stop.value]))),
        None => fields.texts("stop"),
    }
}

fn response_format(mut fields: Fields, prompt: &mut Prompt) -> Result<Given<Format>, PromptError> {
    let path = fields.path().to_owned();
    let inner = match fields.peek("type") {
        Some("json_schema") => fields.object("json_schema")?,
        _ => None,
    };
    let format = format::read_openai(&mut fields, inner, prompt)?;
    fields.rest(&mut prompt.unknown);
    Ok(Given { path, value: format })
}

// === tools ===

fn tools(fields: &mut Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    if let Some(tools) = fields.list("tools")? {
        for (index, tool) in tools.value.into_iter().enumerate() {
            let tool =
                tool_of(Fields::of(tool, element(&tools.path, index))?, &mut prompt.unknown)?;
            prompt.tools.push(tool);
        }
    }
    // The way of 2023.
    if let Some(functions) = fields.list("functions")? {
        for (index, one) in functions.value.into_iter().enumerate() {
            let mut one = Fields::of(one, element(&functions.path, index))?;
            let path = one.path().to_owned();
            let function = function(&mut one)?;
            one.rest(&mut prompt.unknown);
            prompt.tools.push(Tool { path, cache: None, kind: ToolForm::Function(function) });
        }
    }
    if let Some(options) = fields.object("web_search_options")? {
        let tool = web_search(options, prompt)?;
        prompt.tools.push(tool);
    }
    if let Some(asked) = fields.take("tool_choice").or_else(|| fields.take("function_call")) {
        prompt.choice = choice::read_openai(asked, &mut prompt.unknown)?;
    }
    Ok(())
}

fn tool_of(mut fields: Fields, unknown: &mut Vec<Unknown>) -> Result<Tool, PromptError> {
    let path = fields.path().to_owned();
    let kind = match fields.peek("type") {
        Some("function") | None => {
            fields.take("type");
            let key = fields.at("function");
            let mut inner = fields.object("function")?.ok_or(PromptError::Missing { path: key })?;
            let function = function(&mut inner)?;
            inner.rest(unknown);
            ToolForm::Function(function)
        }
        Some("custom") => {
            fields.take("type");
            let key = fields.at("custom");
            let mut inner = fields.object("custom")?.ok_or(PromptError::Missing { path: key })?;
            let custom = custom(&mut inner)?;
            inner.rest(unknown);
            ToolForm::Custom(custom)
        }
        Some(_) => {
            let kind = ToolForm::Foreign {
                raw: fields.whole(),
                feature: Some("a tool that the vendor runs"),
            };
            return Ok(Tool { path, cache: None, kind });
        }
    };
    fields.rest(unknown);
    Ok(Tool { path, cache: None, kind })
}

/// A function as Chat and Responses write it.
pub(super) fn function(fields: &mut Fields) -> Result<Function, PromptError> {
    Ok(Function {
        name: fields.need_text("name")?,
        namespace: None,
        description: fields.text("description")?,
        parameters: fields.take("parameters"),
        strict: fields.flag("strict")?,
    })
}

/// A tool that takes text as Chat and Responses write it.
pub(super) fn custom(fields: &mut Fields) -> Result<Custom, PromptError> {
    Ok(Custom {
        name: fields.need_text("name")?,
        namespace: None,
        description: fields.text("description")?,
        format: fields.take("format"),
    })
}

fn web_search(mut options: Fields, prompt: &mut Prompt) -> Result<Tool, PromptError> {
    let path = options.path().to_owned();
    let mut hosted = Hosted::new(options.whole());
    hosted.context_size = options.text("search_context_size")?;
    if let Some(mut location) = options.object("user_location")? {
        location.take_if("type", &Value::from("approximate"));
        hosted.location = location.map("approximate")?;
        location.rest(&mut prompt.unknown);
    }
    options.rest(&mut prompt.unknown);
    Ok(Tool { path, cache: None, kind: ToolForm::WebSearch(hosted) })
}

/// Roughly where the user is; there is only one kind of it.
pub(super) fn location(
    mut fields: Fields,
    unknown: &mut Vec<Unknown>,
) -> Option<Given<Map<String, Value>>> {
    if !fields.take_if("type", &Value::from("approximate"))
        && let Some(kind) = fields.take("type")
    {
        unknown.push(Unknown { path: kind.path, raw: kind.value, feature: None });
    }
    let path = fields.path().to_owned();
    match fields.whole() {
        Value::Object(value) => Some(Given { path, value }),
        _ => None,
    }
}

// === messages ===

fn message(mut fields: Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
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

/// A file as Chat and Responses write it: by id, or with its data as a `data:` URL.
pub(super) fn file_fields(fields: &mut Fields) -> Result<Document, PromptError> {
    let title = fields.text("filename")?;
    let media = if let Some(id) = fields.text("file_id")? {
        Media::of(Source::Stored(id.value), None)
    } else if let Some(data) = fields.text("file_data")? {
        match Media::from_url(data.value) {
            // Bare base64 is taken as well.
            Media { source: Source::Url(data), .. } => {
                Media::of(Source::Data(data), Some("application/pdf".to_owned()))
            }
            media => media,
        }
    } else if let Some(url) = fields.text("file_url")? {
        Media::from_url(url.value)
    } else {
        return Err(PromptError::Missing { path: fields.at("file_data") });
    };
    Ok(Document { media, title, context: None })
}

/// What a client sees of thinking, in OpenAI's words.
pub(super) fn summary(text: Given<String>) -> Result<Given<Summary>, PromptError> {
    let value = match text.value.as_str() {
        "auto" => Summary::Auto,
        "concise" => Summary::Concise,
        "detailed" => Summary::Detailed,
        "none" => Summary::Hidden,
        _ => return Err(PromptError::wrong(text.path, "auto, concise, detailed or none")),
    };
    Ok(Given { path: text.path, value })
}
