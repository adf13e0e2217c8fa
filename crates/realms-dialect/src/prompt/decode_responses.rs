//! Responses to a prompt.

use realms_types::DialectId;
use serde_json::Value;

use super::{
    Call, CallKind, Given, Hosted, Media, Part, Piece, Prompt, PromptError, Proof, Role, Source,
    System, Thinking, Tool, ToolForm, ToolResult, Turn, Unknown,
    decode_chat::{common, custom, file_fields, function, location, logprobs, summary},
    fields::{Fields, element},
    rules::{choice, effort, format, ids},
};

/// What no other dialect can do without changing what the answer is.
const BOUND: [(&str, &str); 3] = [
    ("conversation", "a conversation that the vendor keeps"),
    ("prompt", "a prompt that the vendor keeps"),
    ("context_management", "compaction by the vendor"),
];

/// What content of a message is that nobody knows. It goes back into its message; items that nobody knows
/// are items again.
pub(super) const KIND_OF_CONTENT: &str = "a kind of content";

pub(super) fn decode(body: Value) -> Result<Prompt, PromptError> {
    let mut fields = Fields::of(body, "")?;
    let mut prompt = Prompt::empty(DialectId::Responses);
    settings(&mut fields, &mut prompt)?;
    tools(&mut fields, &mut prompt)?;
    if let Some(text) = fields.text("instructions")? {
        let pieces = vec![Piece::new(text.path, Part::Text(text.value))];
        prompt.system.push(System { developer: false, name: None, pieces });
    }
    match fields.take("input") {
        None => {}
        Some(Given { path, value: Value::String(text) }) => {
            let pieces = vec![Piece::new(path, Part::Text(text))];
            prompt.turns.push(Turn { role: Role::User, name: None, pieces });
        }
        Some(Given { path, value: Value::Array(items) }) => {
            for (index, item) in items.into_iter().enumerate() {
                self::item(Fields::of(item, element(&path, index))?, &mut prompt)?;
            }
        }
        Some(Given { path, .. }) => {
            return Err(PromptError::wrong(path, "text or a list of items"));
        }
    }
    for (key, feature) in BOUND {
        fields.bind(key, feature, &mut prompt.unknown);
    }
    if fields.flag("background")?.is_some_and(|flag| flag.value) {
        prompt.unknown.push(Unknown {
            path: "background".to_owned(),
            raw: Value::Bool(true),
            feature: Some("a response in the background"),
        });
    }
    fields.rest(&mut prompt.unknown);
    ids::complete(&mut prompt);
    Ok(prompt)
}

fn settings(fields: &mut Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    prompt.model = fields.text("model")?.map(|model| model.value);
    prompt.max_output = fields.count("max_output_tokens")?;
    prompt.previous_response = fields.text("previous_response_id")?;
    common(fields, prompt)?;
    let top = fields.count("top_logprobs")?;
    let wanted = include(fields, prompt)?;
    prompt.logprobs = logprobs(wanted, top);
    if let Some(mut reasoning) = fields.object("reasoning")? {
        prompt.reasoning.effort = reasoning.text("effort")?.map(effort::read).transpose()?;
        let shown = reasoning.text("summary")?.or(reasoning.text("generate_summary")?);
        prompt.reasoning.summary = shown.map(summary).transpose()?;
        reasoning.rest(&mut prompt.unknown);
    }
    if let Some(mut text) = fields.object("text")? {
        prompt.verbosity = text.text("verbosity")?;
        if let Some(mut format) = text.object("format")? {
            let path = format.path().to_owned();
            let value = format::read_openai(&mut format, None, prompt)?;
            format.rest(&mut prompt.unknown);
            prompt.format = Some(Given { path, value });
        }
        text.rest(&mut prompt.unknown);
    }
    Ok(())
}

/// What the answer is to hold beyond itself. Sealed reasoning is always asked for, so it is nothing
/// that can be lost.
fn include(fields: &mut Fields, prompt: &mut Prompt) -> Result<Option<Given<bool>>, PromptError> {
    let Some(wanted) = fields.texts("include")? else { return Ok(None) };
    let mut logprobs = None;
    let mut others = Vec::new();
    for word in wanted.value {
        match word.as_str() {
            "reasoning.encrypted_content" => {}
            "message.output_text.logprobs" => {
                logprobs = Some(Given::new(wanted.path.clone(), true));
            }
            _ => others.push(word),
        }
    }
    if !others.is_empty() {
        prompt.unknown.push(Unknown { path: wanted.path, raw: others.into(), feature: None });
    }
    Ok(logprobs)
}

// === tools ===

fn tools(fields: &mut Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    if let Some(tools) = fields.list("tools")? {
        self::list(tools, None, prompt)?;
    }
    if let Some(asked) = fields.take("tool_choice") {
        prompt.choice = choice::read_openai(asked, &mut prompt.unknown)?;
    }
    Ok(())
}

fn list(
    tools: Given<Vec<Value>>,
    namespace: Option<&Given<String>>,
    prompt: &mut Prompt,
) -> Result<(), PromptError> {
    for (index, tool) in tools.value.into_iter().enumerate() {
        tool_of(Fields::of(tool, element(&tools.path, index))?, namespace, prompt)?;
    }
    Ok(())
}

fn tool_of(
    mut fields: Fields,
    namespace: Option<&Given<String>>,
    prompt: &mut Prompt,
) -> Result<(), PromptError> {
    let path = fields.path().to_owned();
    let raw = fields.whole();
    let word = fields.take("type").map(|field| field.value);
    let kind = match word.as_ref().and_then(Value::as_str).unwrap_or_default() {
        "function" => {
            let mut function = function(&mut fields)?;
            function.namespace = namespace.cloned();
            ToolForm::Function(function)
        }
        "custom" => {
            let mut custom = custom(&mut fields)?;
            custom.namespace = namespace.cloned();
            ToolForm::Custom(custom)
        }
        // Groups within groups are not known.
        "namespace" if namespace.is_none() => {
            let name = Given::new(fields.at("name"), fields.need_text("name")?);
            if let Some(tools) = fields.list("tools")? {
                list(tools, Some(&name), prompt)?;
            }
            fields.rest(&mut prompt.unknown);
            return Ok(());
        }
        word if word.starts_with("web_search") => {
            ToolForm::WebSearch(web_search(&mut fields, raw, prompt)?)
        }
        "code_interpreter" if container(&mut fields, prompt)? => {
            ToolForm::CodeExecution(Hosted::new(raw))
        }
        "code_interpreter" => foreign(raw, Some("a container that the vendor keeps")),
        // Without it the model only sees its tools all at once.
        "tool_search" => foreign(raw, None),
        _ => foreign(raw, Some("a tool that the vendor runs")),
    };
    let is_foreign = matches!(kind, ToolForm::Foreign { .. });
    prompt.tools.push(Tool { path, cache: None, kind });
    if !is_foreign {
        fields.rest(&mut prompt.unknown);
    }
    Ok(())
}

const fn foreign(raw: Value, feature: Option<&'static str>) -> ToolForm {
    ToolForm::Foreign { raw, feature }
}

fn web_search(fields: &mut Fields, raw: Value, prompt: &mut Prompt) -> Result<Hosted, PromptError> {
    let mut hosted = Hosted::new(raw);
    hosted.context_size = fields.text("search_context_size")?;
    if let Some(near) = fields.object("user_location")? {
        hosted.location = location(near, &mut prompt.unknown);
    }
    if let Some(mut filters) = fields.object("filters")? {
        hosted.allowed_domains = filters.texts("allowed_domains")?;
        hosted.blocked_domains = filters.texts("blocked_domains")?;
        filters.rest(&mut prompt.unknown);
    }
    Ok(hosted)
}

/// Whether code may run in any container.
fn container(fields: &mut Fields, prompt: &mut Prompt) -> Result<bool, PromptError> {
    if fields.peek("container").is_some() {
        return Ok(false);
    }
    let Some(mut container) = fields.object("container")? else { return Ok(true) };
    let any = container.peek("type") == Some("auto") && !container.has("file_ids");
    if any {
        container.take("type");
        container.rest(&mut prompt.unknown);
    }
    Ok(any)
}

// === items ===

fn item(mut fields: Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    // Ids of items name what the vendor stored; elsewhere they mean nothing, and the state of an item
    // that is given back is always that it is finished.
    fields.take("status");
    fields.take("id");
    let kind = fields.peek("type").unwrap_or("message").to_owned();
    match kind.as_str() {
        "message" => return message(fields, prompt),
        "function_call" | "custom_tool_call" => {
            let custom = kind == "custom_tool_call";
            let piece = call(&mut fields, custom)?;
            push(prompt, Role::Assistant, piece);
        }
        "function_call_output" | "custom_tool_call_output" => {
            let custom = kind == "custom_tool_call_output";
            let piece = result(&mut fields, prompt, custom)?;
            push(prompt, Role::User, piece);
        }
        "reasoning" => {
            let piece = reasoning(&mut fields, &mut prompt.unknown)?;
            push(prompt, Role::Assistant, piece);
        }
        "additional_tools" => {
            fields.take_if("role", &Value::from("developer"));
            if let Some(tools) = fields.list("tools")? {
                list(tools, None, prompt)?;
            }
        }
        _ => {
            let feature = foreign_feature(&kind);
            let path = fields.path().to_owned();
            let part =
                Part::Foreign { dialect: DialectId::Responses, raw: fields.whole(), feature };
            push(prompt, Role::Assistant, Piece::new(path, part));
            return Ok(());
        }
    }
    fields.take("type");
    fields.rest(&mut prompt.unknown);
    Ok(())
}

/// What an item of another kind is, when the conversation is another without it. What tools of the vendor did is in
/// the model's text as well.
fn foreign_feature(kind: &str) -> Option<&'static str> {
    match kind {
        "web_search_call"
        | "file_search_call"
        | "code_interpreter_call"
        | "tool_search_call"
        | "tool_search_output"
        | "image_generation_call"
        | "mcp_list_tools" => None,
        "item_reference" => Some("an item that the vendor keeps"),
        "compaction" | "compaction_trigger" | "compaction_summary" => {
            Some("compaction by the vendor")
        }
        _ => Some("an item of a tool that the vendor knows"),
    }
}

fn push(prompt: &mut Prompt, role: Role, piece: Piece) {
    prompt.turns.push(Turn { role, name: None, pieces: vec![piece] });
}

fn message(mut fields: Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    let role = match fields.need_text("role")?.as_str() {
        "system" => Role::System,
        "developer" => Role::Developer,
        "user" => Role::User,
        "assistant" => Role::Assistant,
        _ => {
            let wanted = "system, developer, user or assistant";
            return Err(PromptError::wrong(fields.at("role"), wanted));
        }
    };
    let pieces = content(&mut fields, "content", prompt)?;
    let developer = role == Role::Developer;
    match role {
        Role::System | Role::Developer if prompt.turns.is_empty() => {
            prompt.system.push(System { developer, name: None, pieces });
        }
        Role::System | Role::Developer | Role::User | Role::Assistant => {
            prompt.turns.push(Turn { role, name: None, pieces });
        }
    }
    fields.take("type");
    fields.rest(&mut prompt.unknown);
    Ok(())
}

fn call(fields: &mut Fields, custom: bool) -> Result<Piece, PromptError> {
    let path = fields.path().to_owned();
    let (key, kind) =
        if custom { ("input", CallKind::Custom) } else { ("arguments", CallKind::Function) };
    let id = fields.text("call_id")?.map(|id| id.value);
    let call = Call {
        made_id: id.is_none(),
        id: id.unwrap_or_default(),
        name: fields.need_text("name")?,
        namespace: fields.text("namespace")?.map(|group| group.value),
        kind,
        input: fields.text(key)?.map(|text| text.value).unwrap_or_default(),
        seal: None,
    };
    Ok(Piece::new(path, Part::Call(call)))
}

fn result(fields: &mut Fields, prompt: &mut Prompt, custom: bool) -> Result<Piece, PromptError> {
    let path = fields.path().to_owned();
    let call = fields.text("call_id")?.map(|id| id.value);
    let result = ToolResult {
        made_id: call.is_none(),
        call: call.unwrap_or_default(),
        name: None,
        kind: if custom { CallKind::Custom } else { CallKind::Function },
        pieces: content(fields, "output", prompt)?,
        is_error: None,
    };
    Ok(Piece::new(path, Part::Result(result)))
}

/// Each summary and each stretch of reasoning is a paragraph. Where both are given the summary is left
/// beside the prompt: it says less of the same.
fn reasoning(fields: &mut Fields, unknown: &mut Vec<Unknown>) -> Result<Piece, PromptError> {
    let path = fields.path().to_owned();
    let raw = paragraphs(fields, "content", unknown)?;
    let summary = raw.is_empty();
    let texts = if summary { paragraphs(fields, "summary", unknown)? } else { raw };
    if !summary
        && let Some(beside) =
            fields.take("summary").filter(|at| at.value != Value::Array(Vec::new()))
    {
        unknown.push(Unknown { path: beside.path, raw: beside.value, feature: None });
    }
    let seal = fields.text("encrypted_content")?.map(|text| Given {
        path: text.path,
        value: Proof::read(DialectId::Responses, true, text.value),
    });
    let thinking = Thinking { text: texts.join("\n\n"), summary, seal };
    Ok(Piece::new(path, Part::Thinking(thinking)))
}

fn paragraphs(
    fields: &mut Fields,
    key: &str,
    unknown: &mut Vec<Unknown>,
) -> Result<Vec<String>, PromptError> {
    let Some(parts) = fields.list(key)? else { return Ok(Vec::new()) };
    let mut texts = Vec::new();
    for (index, part) in parts.value.into_iter().enumerate() {
        let mut part = Fields::of(part, element(&parts.path, index))?;
        texts.push(part.need_text("text")?);
        for word in ["summary_text", "reasoning_text"] {
            part.take_if("type", &Value::from(word));
        }
        part.rest(unknown);
    }
    Ok(texts)
}

// === content ===

fn content(fields: &mut Fields, key: &str, prompt: &mut Prompt) -> Result<Vec<Piece>, PromptError> {
    let Some(content) = fields.take(key) else { return Ok(Vec::new()) };
    match content.value {
        Value::String(text) => Ok(vec![Piece::new(content.path, Part::Text(text))]),
        Value::Array(parts) => {
            let read = |(index, part)| {
                piece(Fields::of(part, element(&content.path, index))?, &mut prompt.unknown)
            };
            parts.into_iter().enumerate().map(read).collect()
        }
        _ => Err(PromptError::wrong(content.path, "text or a list of parts")),
    }
}

fn piece(mut fields: Fields, unknown: &mut Vec<Unknown>) -> Result<Piece, PromptError> {
    let path = fields.path().to_owned();
    let kind = fields.peek("type").unwrap_or_default().to_owned();
    let part = match kind.as_str() {
        "input_text" | "output_text" | "text" | "summary_text" => {
            Part::Text(fields.need_text("text")?)
        }
        "refusal" => Part::Refusal(fields.need_text("refusal")?),
        "input_image" => {
            let mut media = match fields.text("file_id")? {
                Some(id) => Media::of(Source::Stored(id.value), None),
                None => Media::from_url(fields.need_text("image_url")?),
            };
            media.detail = fields.text("detail")?;
            Part::Image(media)
        }
        "input_file" => Part::Document(file_fields(&mut fields)?),
        _ => {
            let raw = fields.whole();
            let feature = Some(KIND_OF_CONTENT);
            let part = Part::Foreign { dialect: DialectId::Responses, raw, feature };
            return Ok(Piece::new(path, part));
        }
    };
    fields.take("type");
    // Always there in what the API answered, and empty unless the vendor's tools found something.
    for key in ["annotations", "logprobs"] {
        fields.take_if(key, &Value::Array(Vec::new()));
    }
    fields.rest(unknown);
    Ok(Piece::new(path, part))
}
