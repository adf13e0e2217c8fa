//! Chat Completions to a prompt.

mod message;

use realms_types::DialectId;
use serde_json::{Map, Value};

use super::{
    Custom, Document, Format, Function, Given, Hosted, Logprobs, Media, Prompt, PromptError,
    Source, Summary, Tool, ToolForm, Unknown,
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
        message::message(fields, &mut prompt)?;
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
