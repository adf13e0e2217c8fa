//! generateContent to a prompt.

use realms_types::DialectId;
use serde_json::{Value, json};

use super::{
    Budget, Call, CallKind, Document, Effort, Format, Function, Given, Hosted, JsonSchema, Media,
    Part, Piece, Prompt, PromptError, Proof, Role, Source, Summary, System, Thinking, Tool,
    ToolChoice, ToolForm, ToolResult, Turn, Unknown,
    decode_chat::logprobs,
    fields::{Fields, element},
    rules::{choice, ids, schema, tier},
};

pub(super) fn decode(body: Value) -> Result<Prompt, PromptError> {
    let mut fields = Fields::proto(body, "")?;
    let mut prompt = Prompt::empty(DialectId::Gemini);
    prompt.model = fields.text("model")?.map(|model| bare_model(&model.value).to_owned());
    prompt.tier = fields.text("serviceTier")?.map(tier::read_google);
    if let Some(config) = fields.proto_object("generationConfig")? {
        generation(config, &mut prompt)?;
    }
    tools(&mut fields, &mut prompt)?;
    if let Some(system) = fields.take("systemInstruction") {
        let pieces = system_pieces(system, &mut prompt.unknown)?;
        prompt.system.push(System { developer: false, name: None, pieces });
    }
    let path = fields.at("contents");
    let contents = fields.take("contents").ok_or(PromptError::Missing { path })?;
    match contents.value {
        Value::Array(list) => {
            for (index, one) in list.into_iter().enumerate() {
                content(Fields::proto(one, element(&contents.path, index))?, &mut prompt)?;
            }
        }
        // One content is taken for a list of one.
        one => content(Fields::proto(one, contents.path)?, &mut prompt)?,
    }
    fields.bind("cachedContent", "a cached prompt that the vendor keeps", &mut prompt.unknown);
    fields.rest(&mut prompt.unknown);
    ids::complete(&mut prompt);
    Ok(prompt)
}

/// A model without the collection it is named in.
pub(super) fn bare_model(name: &str) -> &str {
    name.strip_prefix("models/").unwrap_or(name)
}

// === generationConfig ===

fn generation(mut config: Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    let sampling = &mut prompt.sampling;
    sampling.temperature = config.number("temperature")?;
    sampling.top_p = config.number("topP")?;
    // Written `64.0` by some clients.
    sampling.top_k = config.count("topK")?;
    sampling.presence_penalty = config.number("presencePenalty")?;
    sampling.frequency_penalty = config.number("frequencyPenalty")?;
    sampling.seed = config.integer("seed")?;
    prompt.max_output = config.count("maxOutputTokens")?;
    prompt.candidates = config.count("candidateCount")?;
    prompt.stop = config.texts("stopSequences")?;
    let chosen = config.flag("responseLogprobs")?;
    let top = config.count("logprobs")?;
    let chosen = chosen.or_else(|| top.as_ref().map(|top| Given::new(top.path.clone(), false)));
    prompt.logprobs = logprobs(chosen, top);
    if let Some(thinking) = config.proto_object("thinkingConfig")? {
        self::thinking(thinking, prompt)?;
    }
    prompt.format = format(&mut config)?;
    let text_only = config.take_if("responseModalities", &json!(["TEXT"]));
    if !text_only {
        config.bind("responseModalities", "an answer that is not text", &mut prompt.unknown);
    }
    config.bind("speechConfig", "a spoken answer", &mut prompt.unknown);
    config.rest(&mut prompt.unknown);
    Ok(())
}

fn thinking(mut fields: Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    prompt.reasoning.summary = fields.flag("includeThoughts")?.map(|shown| {
        let value = if shown.value { Summary::Auto } else { Summary::Hidden };
        Given { path: shown.path, value }
    });
    if let Some(level) = fields.text("thinkingLevel")? {
        let word = level.value.to_ascii_lowercase();
        match Effort::find(&word) {
            Some(effort) => prompt.reasoning.effort = Some(Given::new(level.path, effort)),
            None if word == "thinking_level_unspecified" => {}
            None => return Err(PromptError::wrong(level.path, "minimal, low, medium or high")),
        }
    }
    if let Some(budget) = fields.integer("thinkingBudget")? {
        let value = u64::try_from(budget.value).map_or(Budget::Dynamic, Budget::Tokens);
        prompt.reasoning.budget = Some(Given { path: budget.path, value });
    }
    fields.rest(&mut prompt.unknown);
    Ok(())
}

fn format(config: &mut Fields) -> Result<Option<Given<Format>>, PromptError> {
    let mime = config.text("responseMimeType")?;
    let schema = match config.take("responseSchema") {
        Some(at) => Some(Given { value: schema::from_google(at.value), path: at.path }),
        None => config.take("responseJsonSchema"),
    };
    let Some(mime) = mime else {
        let Some(schema) = schema else { return Ok(None) };
        return Ok(Some(json_schema(schema.path.clone(), schema)));
    };
    match (mime.value.as_str(), schema) {
        ("application/json", Some(schema)) => Ok(Some(json_schema(mime.path, schema))),
        ("application/json", None) => {
            Ok(Some(Given { path: mime.path, value: Format::JsonObject }))
        }
        ("text/plain", _) => Ok(Some(Given { path: mime.path, value: Format::Text })),
        _ => Err(PromptError::wrong(
            mime.path,
            "application/json or text/plain: others cannot be translated",
        )),
    }
}

const fn json_schema(path: String, schema: Given<Value>) -> Given<Format> {
    let schema = JsonSchema { name: None, description: None, schema: Some(schema), strict: true };
    Given { path, value: Format::JsonSchema(schema) }
}

// === tools ===

fn tools(fields: &mut Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    if let Some(tools) = fields.take("tools") {
        let list = match tools.value {
            Value::Array(list) => list,
            one => vec![one],
        };
        for (index, tool) in list.into_iter().enumerate() {
            tool_group(Fields::proto(tool, element(&tools.path, index))?, prompt)?;
        }
    }
    if let Some(mut config) = fields.proto_object("toolConfig")? {
        if let Some(calling) = config.proto_object("functionCallingConfig")? {
            prompt.choice = Some(choice(calling, &mut prompt.unknown)?);
        }
        config.rest(&mut prompt.unknown);
    }
    Ok(())
}

fn choice(
    mut fields: Fields,
    unknown: &mut Vec<Unknown>,
) -> Result<Given<ToolChoice>, PromptError> {
    let path = fields.path().to_owned();
    let at = fields.at("mode");
    let mode = fields.text("mode")?.map(|mode| mode.value.to_ascii_uppercase());
    let names = fields.texts("allowedFunctionNames")?;
    if let Some(names) = names.as_ref().filter(|names| names.value.len() > choice::MOST_NAMES) {
        return Err(PromptError::wrong(names.path.clone(), "a list of 1,000 names at most"));
    }
    let names = names.map(|names| names.value);
    let names = names.filter(|names| !names.is_empty());
    let choice = match (mode.as_deref().unwrap_or("AUTO"), names) {
        ("NONE", _) => ToolChoice::None,
        ("ANY", Some(mut names)) if names.len() == 1 => ToolChoice::Named(names.remove(0)),
        ("ANY", Some(names)) => ToolChoice::Allowed { required: true, names },
        ("ANY", None) => ToolChoice::Required,
        ("AUTO" | "VALIDATED" | "MODE_UNSPECIFIED", Some(names)) => {
            ToolChoice::Allowed { required: false, names }
        }
        ("AUTO" | "VALIDATED" | "MODE_UNSPECIFIED", None) => ToolChoice::Auto,
        _ => return Err(PromptError::wrong(at, "AUTO, ANY, NONE or VALIDATED")),
    };
    fields.rest(unknown);
    Ok(Given { path, value: choice })
}

fn tool_group(mut fields: Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    if let Some(declared) = fields.list("functionDeclarations")? {
        for (index, one) in declared.value.into_iter().enumerate() {
            let one = Fields::proto(one, element(&declared.path, index))?;
            prompt.tools.push(declaration(one, &mut prompt.unknown)?);
        }
    }
    for (key, is_search) in [("googleSearch", true), ("codeExecution", false)] {
        if let Some(inner) = fields.proto_object(key)? {
            let path = inner.path().to_owned();
            let hosted = Hosted::new(json!({ key: inner.whole() }));
            let kind = if is_search {
                ToolForm::WebSearch(hosted)
            } else {
                ToolForm::CodeExecution(hosted)
            };
            inner.rest(&mut prompt.unknown);
            prompt.tools.push(Tool { path, cache: None, kind });
        }
    }
    let Value::Object(others) = fields.whole() else { return Ok(()) };
    for (key, value) in others {
        let path = super::fields::join(fields.path(), &key);
        let raw = json!({ key: value });
        let kind = ToolForm::Foreign { raw, feature: Some("a tool that the vendor runs") };
        prompt.tools.push(Tool { path, cache: None, kind });
    }
    Ok(())
}

fn declaration(mut fields: Fields, unknown: &mut Vec<Unknown>) -> Result<Tool, PromptError> {
    let path = fields.path().to_owned();
    let parameters = match fields.take("parameters") {
        Some(at) => Some(Given { value: schema::from_google(at.value), path: at.path }),
        None => fields.take("parametersJsonSchema"),
    };
    let function = Function {
        name: fields.need_text("name")?,
        namespace: None,
        description: fields.text("description")?,
        parameters,
        strict: None,
    };
    // `BLOCKING` is how every other dialect calls.
    fields.take_if("behavior", &json!("BLOCKING"));
    fields.rest(unknown);
    Ok(Tool { path, cache: None, kind: ToolForm::Function(function) })
}

// === contents ===

fn system_pieces(
    system: Given<Value>,
    unknown: &mut Vec<Unknown>,
) -> Result<Vec<Piece>, PromptError> {
    if let Value::String(text) = system.value {
        return Ok(vec![Piece::new(system.path, Part::Text(text))]);
    }
    let mut fields = Fields::proto(system.value, system.path)?;
    // Whatever role it has, it is the system that speaks.
    let at = fields.at("role");
    match fields.text("role")?.map(|role| role.value).as_deref() {
        Some("user" | "system" | "model") | None => {}
        Some(_) => return Err(PromptError::wrong(at, "user or system")),
    }
    let pieces = parts(&mut fields, unknown)?;
    fields.rest(unknown);
    Ok(pieces)
}

fn content(mut fields: Fields, prompt: &mut Prompt) -> Result<(), PromptError> {
    let at = fields.at("role");
    let role = match fields.text("role")?.map(|role| role.value).as_deref() {
        Some("user" | "function" | "tool") | None => Role::User,
        Some("model") => Role::Assistant,
        Some("system") => Role::System,
        Some(_) => return Err(PromptError::wrong(at, "user or model")),
    };
    let pieces = parts(&mut fields, &mut prompt.unknown)?;
    prompt.turns.push(Turn { role, name: None, pieces });
    fields.rest(&mut prompt.unknown);
    Ok(())
}

fn parts(fields: &mut Fields, unknown: &mut Vec<Unknown>) -> Result<Vec<Piece>, PromptError> {
    let Some(parts) = fields.take("parts") else { return Ok(Vec::new()) };
    let list = match parts.value {
        Value::Array(list) => list,
        one => vec![one],
    };
    let read = |(index, part)| {
        let path = element(&parts.path, index);
        match part {
            Value::String(text) => Ok(vec![Piece::new(path, Part::Text(text))]),
            part => piece(Fields::proto(part, path)?, unknown),
        }
    };
    let read: Result<Vec<Vec<Piece>>, PromptError> =
        list.into_iter().enumerate().map(read).collect();
    Ok(read?.concat())
}

/// What a part can be.
const KNOWN: [&str; 6] =
    ["text", "thought", "inlineData", "fileData", "functionCall", "functionResponse"];

fn piece(mut fields: Fields, unknown: &mut Vec<Unknown>) -> Result<Vec<Piece>, PromptError> {
    let path = fields.path().to_owned();
    // Files are large: only what is kept as it is is copied.
    let is_known = KNOWN.iter().any(|key| fields.has(key));
    let raw = if is_known { Value::Null } else { fields.whole() };
    let seal = fields.text("thoughtSignature")?.map(|text| Given {
        path: text.path,
        value: Proof::read(DialectId::Gemini, false, text.value),
    });
    let thought = fields.flag("thought")?.is_some_and(|flag| flag.value);
    let mut pieces = Vec::new();
    if thought {
        let text = fields.text("text")?.map(|text| text.value).unwrap_or_default();
        let thinking = Thinking { text, summary: true, seal };
        pieces.push(Piece::new(path, Part::Thinking(thinking)));
    } else if let Some(mut call) = fields.proto_object("functionCall")? {
        let mut part = self::call(&mut call)?;
        part.seal = seal;
        call.rest(unknown);
        pieces.push(Piece::new(path, Part::Call(part)));
    } else {
        // Thoughts behind a text have no words of their own.
        if let Some(seal) = seal {
            let thinking = Thinking { text: String::new(), summary: true, seal: Some(seal) };
            pieces.push(Piece::new(path.clone(), Part::Thinking(thinking)));
        }
        match plain(&mut fields, unknown)? {
            Some(part) => pieces.push(Piece::new(path, part)),
            // Nothing but its signature.
            None if !pieces.is_empty() => {}
            None => {
                let feature = foreign_feature(&fields);
                let part = Part::Foreign { dialect: DialectId::Gemini, raw, feature };
                return Ok(vec![Piece::new(path, part)]);
            }
        }
    }
    fields.rest(unknown);
    Ok(pieces)
}

/// What code the vendor ran did is in the model's text as well.
fn foreign_feature(fields: &Fields) -> Option<&'static str> {
    let hosted = ["executableCode", "codeExecutionResult", "toolCall", "toolResponse"];
    (!hosted.iter().any(|key| fields.has(key))).then_some("a kind of content")
}

fn plain(fields: &mut Fields, unknown: &mut Vec<Unknown>) -> Result<Option<Part>, PromptError> {
    if let Some(text) = fields.text("text")? {
        return Ok(Some(Part::Text(text.value)));
    }
    for (key, place) in [("inlineData", "data"), ("fileData", "fileUri")] {
        if let Some(mut file) = fields.proto_object(key)? {
            let bytes = file.need_text(place)?;
            let source = match place {
                "data" => Source::Data(bytes),
                _ if is_stored(&bytes) => Source::Stored(bytes),
                _ => Source::Url(bytes),
            };
            let part = media(source, &mut file)?;
            file.rest(unknown);
            return Ok(Some(part));
        }
    }
    match fields.proto_object("functionResponse")? {
        Some(mut response) => {
            let part = Part::Result(result(&mut response, unknown)?);
            response.rest(unknown);
            Ok(Some(part))
        }
        None => Ok(None),
    }
}

/// Files uploaded to Google, which nobody else can read.
fn is_stored(uri: &str) -> bool {
    uri.starts_with("https://generativelanguage.googleapis.com/") || uri.starts_with("gs://")
}

fn media(source: Source, fields: &mut Fields) -> Result<Part, PromptError> {
    let mime = fields.text("mimeType")?.map(|mime| mime.value);
    let title = fields.text("displayName")?;
    let class =
        mime.as_deref().and_then(|mime| mime.split_once('/')).map(|(class, _)| class.to_owned());
    let media = Media::of(source, mime);
    Ok(match class.as_deref() {
        Some("image") => Part::Image(media),
        Some("audio") => Part::Audio(media),
        Some("video") => Part::Video(media),
        Some(_) | None => Part::Document(Document { media, title, context: None }),
    })
}

fn call(fields: &mut Fields) -> Result<Call, PromptError> {
    let id = fields.text("id")?.map(|id| id.value);
    Ok(Call {
        made_id: id.is_none(),
        id: id.unwrap_or_default(),
        name: fields.need_text("name")?,
        namespace: None,
        kind: CallKind::Function,
        input: fields
            .map("args")?
            .map_or_else(|| "{}".to_owned(), |args| Value::Object(args.value).to_string()),
        seal: None,
    })
}

/// A result is an object of any shape; `output` and `error` are the keys that Google names for it.
fn result(fields: &mut Fields, unknown: &mut Vec<Unknown>) -> Result<ToolResult, PromptError> {
    let call = fields.text("id")?.map(|id| id.value);
    let name = Some(fields.need_text("name")?);
    let mut pieces = Vec::new();
    let mut is_error = None;
    if let Some(response) = fields.map("response")? {
        let path = response.path;
        let only = if response.value.len() == 1 { response.value.iter().next() } else { None };
        let text = match only.map(|(key, value)| (key.as_str(), value)) {
            Some(("output" | "result", Value::String(text))) => text.clone(),
            Some(("error", Value::String(text))) => {
                is_error = Some(Given::new(format!("{path}.error"), true));
                text.clone()
            }
            _ => Value::Object(response.value).to_string(),
        };
        pieces.push(Piece::new(path, Part::Text(text)));
    }
    pieces.extend(parts(fields, unknown)?);
    Ok(ToolResult {
        made_id: call.is_none(),
        call: call.unwrap_or_default(),
        name,
        kind: CallKind::Function,
        pieces,
        is_error,
    })
}
