//! Messages to a prompt.

use realms_types::DialectId;
use serde_json::Value;

use super::{
    Budget, Call, CallKind, Document, Effort, Format, Function, Given, Hosted, JsonSchema, Media,
    Part, Piece, Prompt, PromptError, Proof, Role, Source, Summary, System, Thinking, Tool,
    ToolChoice, ToolForm, ToolResult, Turn, Unknown,
    decode_chat::location,
    fields::{Fields, element},
    rules::{effort, ids, tier},
};

/// What no other dialect can do without changing what the answer is.
const BOUND: [(&str, &str); 2] = [
    ("container", "a container that the vendor keeps"),
    ("mcp_servers", "MCP servers that the vendor calls"),
];

pub(super) fn decode(body: Value) -> Result<Prompt, PromptError> {
    let mut fields = Fields::of(body, "")?;
    let mut prompt = Prompt::empty(DialectId::Messages);
    settings(&mut fields, &mut prompt)?;
    tools(&mut fields, &mut prompt)?;
    if fields.has("system") {
        let pieces = content(&mut fields, "system", &mut prompt.unknown)?;
        prompt.system.push(System { developer: false, name: None, pieces });
    }
    let path = fields.at("messages");
    let messages = fields.list("messages")?.ok_or(PromptError::Missing { path })?;
    for (index, message) in messages.value.into_iter().enumerate() {
        let fields = Fields::of(message, element(&messages.path, index))?;
        self::message(fields, &mut prompt)?;
    }
    for (key, feature) in BOUND {
        fields.bind(key, feature, &mut prompt.unknown);
    }
    // A mark on the whole request ends a cache entry with its last block.
    if let Some(mark) = fields.take("cache_control") {
        prompt.unknown.push(Unknown { path: mark.path, raw: mark.value, feature: None });
    }
    fields.rest(&mut prompt.unknown);
    ids::complete(&mut prompt);
    Ok(prompt)
}

fn settings(fields: &mut Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    prompt.model = fields.text("model")?.map(|model| model.value);
    prompt.max_output = fields.count("max_tokens")?;
    prompt.sampling.temperature = fields.number("temperature")?;
    prompt.sampling.top_p = fields.number("top_p")?;
    prompt.sampling.top_k = fields.count("top_k")?;
    prompt.stop = fields.texts("stop_sequences")?;
    prompt.stream = fields.flag("stream")?.is_some_and(|stream| stream.value);
    prompt.tier = fields.text("service_tier")?.map(tier::read_anthropic);
    if let Some(mut metadata) = fields.object("metadata")? {
        prompt.user = metadata.text("user_id")?;
        metadata.rest(&mut prompt.unknown);
    }
    if let Some(thinking) = fields.object("thinking")? {
        self::thinking(thinking, prompt)?;
    }
    if let Some(mut output) = fields.object("output_config")? {
        prompt.reasoning.effort = match output.text("effort")?.map(effort::read).transpose()? {
            // Thinking that is off stays off.
            Some(_) if off(prompt) => prompt.reasoning.effort.take(),
            said => said.or(prompt.reasoning.effort.take()),
        };
        if let Some(format) = output.object("format")? {
            prompt.format = Some(output_format(format, prompt)?);
        }
        output.rest(&mut prompt.unknown);
    }
    if let Some(format) = fields.object("output_format")? {
        prompt.format = Some(output_format(format, prompt)?);
    }
    Ok(())
}

fn off(prompt: &Prompt) -> bool {
    prompt.reasoning.effort.as_ref().is_some_and(|effort| effort.value == Effort::None)
}

fn thinking(mut fields: Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    let path = fields.at("type");
    match fields.need_text("type")?.as_str() {
        "disabled" => prompt.reasoning.effort = Some(Given::new(path, Effort::None)),
        "adaptive" => prompt.reasoning.budget = Some(Given::new(path, Budget::Dynamic)),
        "enabled" => {
            let budget = fields.count("budget_tokens")?;
            prompt.reasoning.budget = Some(match budget {
                Some(at) => Given::new(at.path, Budget::Tokens(at.value)),
                None => Given::new(path, Budget::Dynamic),
            });
        }
        _ => return Err(PromptError::wrong(path, "adaptive, enabled or disabled")),
    }
    let shown = fields.text("display")?.map(|display| {
        let value = match display.value.as_str() {
            "omitted" => Summary::Hidden,
            "summarized" => Summary::Auto,
            _ => return Err(PromptError::wrong(display.path, "summarized or omitted")),
        };
        Ok(Given { path: display.path, value })
    });
    prompt.reasoning.summary = shown.transpose()?;
    fields.rest(&mut prompt.unknown);
    Ok(())
}

fn output_format(mut fields: Fields, prompt: &mut Prompt) -> Result<Given<Format>, PromptError> {
    let path = fields.path().to_owned();
    let at = fields.at("type");
    if fields.need_text("type")? != "json_schema" {
        return Err(PromptError::wrong(at, "json_schema"));
    }
    let schema = fields.take("schema");
    fields.rest(&mut prompt.unknown);
    let schema = JsonSchema { name: None, description: None, schema, strict: true };
    Ok(Given { path, value: Format::JsonSchema(schema) })
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
    if let Some(mut asked) = fields.object("tool_choice")? {
        let path = asked.path().to_owned();
        let at = asked.at("type");
        let choice = match asked.need_text("type")?.as_str() {
            "auto" => ToolChoice::Auto,
            "any" => ToolChoice::Required,
            "none" => ToolChoice::None,
            "tool" => ToolChoice::Named(asked.need_text("name")?),
            _ => return Err(PromptError::wrong(at, "auto, any, none or tool")),
        };
        prompt.choice = Some(Given { path, value: choice });
        if let Some(one) = asked.flag("disable_parallel_tool_use")? {
            prompt.parallel = Some(Given { path: one.path, value: !one.value });
        }
        asked.rest(&mut prompt.unknown);
    }
    Ok(())
}

fn tool_of(mut fields: Fields, unknown: &mut Vec<Unknown>) -> Result<Tool, PromptError> {
    let path = fields.path().to_owned();
    let raw = fields.whole();
    let cache = fields.take("cache_control").map(|cache| cache.value);
    let kind = fields.text("type")?.map(|kind| kind.value).unwrap_or_default();
    let kind = match kind.as_str() {
        "" | "custom" => ToolForm::Function(Function {
            name: fields.need_text("name")?,
            namespace: None,
            description: fields.text("description")?,
            parameters: fields.take("input_schema"),
            strict: fields.flag("strict")?,
        }),
        kind if kind.starts_with("web_search_") => {
            fields.take_if("name", &Value::from("web_search"));
            let mut hosted = Hosted::new(raw);
            hosted.allowed_domains = fields.texts("allowed_domains")?;
            hosted.blocked_domains = fields.texts("blocked_domains")?;
            hosted.max_uses = fields.count("max_uses")?;
            if let Some(near) = fields.object("user_location")? {
                hosted.location = location(near, unknown);
            }
            ToolForm::WebSearch(hosted)
        }
        kind if kind.starts_with("code_execution_") => {
            fields.take_if("name", &Value::from("code_execution"));
            ToolForm::CodeExecution(Hosted::new(raw))
        }
        kind => {
            // Without it the model only sees its tools all at once.
            let searches = kind.starts_with("tool_search_tool_");
            let feature = (!searches).then_some("a tool that the vendor defines");
            return Ok(Tool { path, cache, kind: ToolForm::Foreign { raw, feature } });
        }
    };
    fields.rest(unknown);
    Ok(Tool { path, cache, kind })
}

// === messages ===

fn message(mut fields: Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    let role = match fields.need_text("role")?.as_str() {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "system" => Role::System,
        _ => return Err(PromptError::wrong(fields.at("role"), "user, assistant or system")),
    };
    let pieces = content(&mut fields, "content", &mut prompt.unknown)?;
    prompt.turns.push(Turn { role, name: None, pieces });
    fields.rest(&mut prompt.unknown);
    Ok(())
}

fn content(
    fields: &mut Fields,
    key: &str,
    unknown: &mut Vec<Unknown>,
) -> Result<Vec<Piece>, PromptError> {
    let Some(content) = fields.take(key) else { return Ok(Vec::new()) };
    match content.value {
        Value::String(text) => Ok(vec![Piece::new(content.path, Part::Text(text))]),
        Value::Array(blocks) => {
            let read =
                |(index, block)| piece(Fields::of(block, element(&content.path, index))?, unknown);
            blocks.into_iter().enumerate().map(read).collect()
        }
        _ => Err(PromptError::wrong(content.path, "text or a list of blocks")),
    }
}

/// Blocks that there is a part for.
const KNOWN: [&str; 7] =
    ["text", "image", "document", "tool_use", "tool_result", "thinking", "redacted_thinking"];

fn piece(mut fields: Fields, unknown: &mut Vec<Unknown>) -> Result<Piece, PromptError> {
    let path = fields.path().to_owned();
    if let Some(kind) = fields.peek("type").filter(|kind| !KNOWN.contains(kind)) {
        let feature = foreign_feature(kind);
        let raw = fields.whole();
        let part = Part::Foreign { dialect: DialectId::Messages, raw, feature };
        return Ok(Piece::new(path, part));
    }
    let cache = fields.take("cache_control").map(|cache| cache.value);
    let at = fields.at("type");
    let kind = fields.need_text("type")?;
    let part = match kind.as_str() {
        "text" => Part::Text(fields.need_text("text")?),
        "image" => Part::Image(source(&mut fields, unknown)?),
        "document" => Part::Document(document(&mut fields, unknown)?),
        "tool_use" => Part::Call(call(&mut fields)?),
        "tool_result" => Part::Result(result(&mut fields, unknown)?),
        "thinking" => {
            let text = fields.text("thinking")?.map(|text| text.value).unwrap_or_default();
            let seal = fields.text("signature")?.map(|seal| Given {
                path: seal.path,
                value: Proof::read(DialectId::Messages, false, seal.value),
            });
            let seal = seal.filter(|seal| !seal.value.value.is_empty());
            Part::Thinking(Thinking { text, summary: false, seal })
        }
        "redacted_thinking" => {
            let data = Given::new(fields.at("data"), fields.need_text("data")?);
            let seal = Proof::read(DialectId::Messages, true, data.value);
            let seal = Some(Given { path: data.path, value: seal });
            Part::Thinking(Thinking { text: String::new(), summary: false, seal })
        }
        _ => return Err(PromptError::wrong(at, "the kind of a block")),
    };
    fields.rest(unknown);
    Ok(Piece { path, cache, part })
}

/// What a block of another kind is, when the conversation is another without it. What tools of the vendor did is in
/// the model's text as well.
fn foreign_feature(kind: &str) -> Option<&'static str> {
    match kind {
        "server_tool_use" | "tool_reference" | "fallback" => None,
        kind if kind.ends_with("_tool_result") => None,
        "container_upload" => Some("a file in the vendor's container"),
        "compaction" => Some("compaction by the vendor"),
        _ => Some("a kind of content"),
    }
}

fn call(fields: &mut Fields) -> Result<Call, PromptError> {
    // Who called is always the model itself, unless code of the vendor's did.
    fields.take_if("caller", &serde_json::json!({ "type": "direct" }));
    let id = fields.text("id")?.map(|id| id.value);
    Ok(Call {
        made_id: id.is_none(),
        id: id.unwrap_or_default(),
        name: fields.need_text("name")?,
        namespace: None,
        kind: CallKind::Function,
        input: fields
            .take("input")
            .map_or_else(|| "{}".to_owned(), |input| input.value.to_string()),
        seal: None,
    })
}

fn result(fields: &mut Fields, unknown: &mut Vec<Unknown>) -> Result<ToolResult, PromptError> {
    let call = fields.text("tool_use_id")?.map(|id| id.value);
    Ok(ToolResult {
        made_id: call.is_none(),
        call: call.unwrap_or_default(),
        name: None,
        kind: CallKind::Function,
        pieces: content(fields, "content", unknown)?,
        is_error: fields.flag("is_error")?.filter(|flag| flag.value),
    })
}

fn document(fields: &mut Fields, unknown: &mut Vec<Unknown>) -> Result<Document, PromptError> {
    Ok(Document {
        media: source(fields, unknown)?,
        title: fields.text("title")?,
        context: fields.text("context")?,
    })
}

fn source(fields: &mut Fields, unknown: &mut Vec<Unknown>) -> Result<Media, PromptError> {
    let path = fields.at("source");
    let mut source = fields.object("source")?.ok_or(PromptError::Missing { path })?;
    let at = source.at("type");
    let kind = source.need_text("type")?;
    let mime = source.text("media_type")?.map(|mime| mime.value);
    let bytes = match kind.as_str() {
        "base64" => Source::Data(source.need_text("data")?),
        "text" => Source::Text(source.need_text("data")?),
        "url" => Source::Url(source.need_text("url")?),
        "file" => Source::Stored(source.need_text("file_id")?),
        "content" => Source::Text(inner_text(&mut source)?),
        _ => return Err(PromptError::wrong(at, "base64, text, url, file or content")),
    };
    source.rest(unknown);
    Ok(Media::of(bytes, mime))
}

/// A document made of blocks, where all of them are text.
fn inner_text(source: &mut Fields) -> Result<String, PromptError> {
    let mut ignored = Vec::new();
    let blocks = content(source, "content", &mut ignored)?;
    let mut texts = Vec::new();
    for block in blocks {
        match block.part {
            Part::Text(text) => texts.push(text),
            _ => {
                return Err(PromptError::wrong(
                    block.path,
                    "text: other blocks in a document cannot be translated",
                ));
            }
        }
    }
    Ok(texts.join("\n\n"))
}
