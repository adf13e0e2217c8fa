//! A prompt to Responses.

use realms_types::DialectId;
use serde_json::{Value, json};

use super::{
    Call, CallKind, Effort, Format, Given, Part, Piece, Prompt, Role, Source, Summary, System,
    Target, Thinking, Tool, ToolForm, ToolResult, Untranslatable,
    decode_responses::KIND_OF_CONTENT,
    encode_chat::common,
    out::{Body, Put, texts},
    proof,
    rules::{arguments, cache, choice, effort, format, ids, limits, media, sampling, tools},
};
use crate::Losses;

/// Writes one body.
struct Writer<'a> {
    prompt: &'a Prompt,
    target: &'a Target<'a>,
    losses: &'a mut Losses,
}

pub(super) fn encode(
    prompt: &Prompt,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Body, Untranslatable> {
    let mut writer = Writer { prompt, target, losses };
    let mut body = Body::new();
    body.put("model", target.model);
    let mut systems = prompt.system.as_slice();
    // What comes first and from the system is the instructions: some backends want them, and take no
    // system in the input.
    if let Some((first, rest)) = systems.split_first()
        && !first.developer
        && first.name.is_none()
        && first.pieces.iter().all(|piece| piece.part.as_text().is_some())
    {
        let said: Vec<&str> =
            first.pieces.iter().filter_map(|piece| piece.part.as_text()).collect();
        body.put("instructions", said.join("\n\n"));
        systems = rest;
    }
    body.put("input", writer.input(systems)?);
    writer.tools(&mut body);
    writer.settings(&mut body)?;
    cache::drop_marks(prompt, writer.losses);
    Ok(body)
}

// === impl Writer ===

impl Writer<'_> {
    fn settings(&mut self, body: &mut Body) -> Result<(), Untranslatable> {
        let Self { prompt, target, losses } = self;
        body.put_some("max_output_tokens", limits::max_output(prompt, target, losses));
        limits::candidates(prompt, target)?;
        sampling::openai(prompt, target, body, losses);
        sampling::stop(prompt, target, body, losses);
        self.reasoning(body);
        self.text(body);
        common(self.prompt, self.target, body, self.losses);
        // What is relayed keeps its history itself: the vendor is to keep nothing unless asked to, and
        // thoughts travel sealed.
        let stores = match &self.prompt.store {
            Some(store) => store.value,
            None => self.prompt.origin == DialectId::Responses,
        };
        if !stores {
            body.put("store", false);
        }
        self.include(body, stores);
        let previous = self.prompt.previous_response.as_ref().map(|at| at.value.clone());
        body.put_some("previous_response_id", previous);
        if self.prompt.stream {
            body.put("stream", true);
        }
        Ok(())
    }

    fn include(&mut self, body: &mut Body, stores: bool) {
        let mut wanted: Vec<Value> = Vec::new();
        if !stores && self.target.is_openai_reasoner() {
            wanted.push("reasoning.encrypted_content".into());
        }
        if let Some(at) = &self.prompt.logprobs {
            if at.value.chosen {
                wanted.push("message.output_text.logprobs".into());
            }
            body.put_some("top_logprobs", at.value.top.as_ref().map(|top| top.value));
        }
        if !wanted.is_empty() {
            body.put("include", wanted);
        }
    }

    fn reasoning(&mut self, body: &mut Body) {
        let mut reasoning = Body::new();
        let effort = effort::openai(&self.prompt.reasoning, self.losses);
        reasoning.put_some("effort", effort.map(Effort::as_str));
        let asked = &self.prompt.reasoning;
        let shown = match asked.summary.as_ref().map(|at| at.value) {
            Some(Summary::Auto) => Some("auto"),
            Some(Summary::Concise) => Some("concise"),
            Some(Summary::Detailed) => Some("detailed"),
            // Messages shows what is thought unless told otherwise.
            None if self.prompt.origin == DialectId::Messages && asked.budget.is_some() => {
                Some("auto")
            }
            Some(Summary::Hidden) | None => None,
        };
        reasoning.put_some("summary", shown);
        if !reasoning.is_empty() {
            body.put("reasoning", reasoning);
        }
    }

    fn text(&mut self, body: &mut Body) {
        let native =
            self.prompt.origin == DialectId::Chat || self.prompt.origin == DialectId::Responses;
        let mut text = Body::new();
        if let Some(Given { value, .. }) = &self.prompt.format {
            let mut format = Body::new();
            match value {
                Format::Text => format.put("type", "text"),
                Format::JsonObject => format.put("type", "json_object"),
                Format::JsonSchema(schema) => {
                    format.put("type", "json_schema");
                    format.extend(format::openai(schema, native, self.losses));
                }
            }
            text.put("format", format);
        }
        text.put_some("verbosity", self.prompt.verbosity.as_ref().map(|at| at.value.clone()));
        if !text.is_empty() {
            body.put("text", text);
        }
    }

    // === tools ===

    fn tools(&mut self, body: &mut Body) {
        let mut list: Vec<Value> = Vec::new();
        let mut group: Option<(String, Vec<Value>)> = None;
        for tool in &self.prompt.tools {
            let name = namespace(tool);
            if let Some((open, tools)) = group.take_if(|(open, _)| Some(open.as_str()) != name) {
                list.push(json!({ "type": "namespace", "name": open, "tools": tools }));
            }
            let Some(written) = self.tool(tool) else { continue };
            match (name, &mut group) {
                (None, _) => list.push(written),
                (Some(_), Some((_, tools))) => tools.push(written),
                (Some(name), None) => group = Some((name.to_owned(), vec![written])),
            }
        }
        if let Some((open, tools)) = group {
            list.push(json!({ "type": "namespace", "name": open, "tools": tools }));
        }
        if !list.is_empty() {
            body.put("tools", list);
        }
        if let Some(choice) = &self.prompt.choice {
            body.put("tool_choice", choice::responses(&choice.value, self.prompt));
        }
        body.put_some("parallel_tool_calls", self.prompt.parallel.as_ref().map(|at| at.value));
    }

    fn tool(&mut self, tool: &Tool) -> Option<Value> {
        let mut written = Body::new();
        match &tool.kind {
            ToolForm::Function(function) => {
                written.put("type", "function");
                written.put("name", function.name.clone());
                written.put_some(
                    "description",
                    function.description.as_ref().map(|at| at.value.clone()),
                );
                let parameters = function.parameters.as_ref().map(|at| at.value.clone());
                written.put(
                    "parameters",
                    parameters.unwrap_or_else(|| json!({ "type": "object", "properties": {} })),
                );
                // Unsaid means strict here, and loose everywhere else.
                let native = self.prompt.origin == DialectId::Responses;
                match &function.strict {
                    Some(strict) => written.put("strict", strict.value),
                    None if native => {}
                    None => written.put("strict", false),
                }
            }
            ToolForm::Custom(custom) => {
                written.put("type", "custom");
                written.put("name", custom.name.clone());
                written.put_some(
                    "description",
                    custom.description.as_ref().map(|at| at.value.clone()),
                );
                written.put_some("format", custom.format.as_ref().map(|at| at.value.clone()));
            }
            ToolForm::WebSearch(hosted) if self.prompt.origin == DialectId::Responses => {
                return Some(hosted.raw.clone());
            }
            ToolForm::WebSearch(hosted) => {
                tools::lose_search(hosted, DialectId::Responses, self.losses);
                written.put("type", "web_search");
                let size = hosted.context_size.as_ref().map(|at| at.value.clone());
                written.put_some("search_context_size", size);
                if let Some(location) = &hosted.location {
                    let mut near = location.value.clone();
                    near.put("type", "approximate");
                    written.put("user_location", near);
                }
                let mut filters = Body::new();
                filters.put_some(
                    "allowed_domains",
                    hosted.allowed_domains.as_ref().map(|at| texts(&at.value)),
                );
                filters.put_some(
                    "blocked_domains",
                    hosted.blocked_domains.as_ref().map(|at| texts(&at.value)),
                );
                if !filters.is_empty() {
                    written.put("filters", filters);
                }
            }
            ToolForm::CodeExecution(_) => {
                written.put("type", "code_interpreter");
                written.put("container", json!({ "type": "auto" }));
            }
            ToolForm::Foreign { raw, .. } if self.prompt.origin == DialectId::Responses => {
                return Some(raw.clone());
            }
            ToolForm::Foreign { .. } => {
                tools::lose_foreign(tool, self.losses);
                return None;
            }
        }
        Some(Value::Object(written))
    }

    // === input ===

    fn input(&mut self, systems: &[System]) -> Result<Vec<Value>, Untranslatable> {
        let prompt = self.prompt;
        let mut items = Vec::new();
        for one in systems {
            self.lose_name(one.name.as_ref());
            let word = if one.developer { "developer" } else { self.system_word() };
            let pieces: Vec<&Piece> = one.pieces.iter().collect();
            self.message(word, &pieces, &mut items)?;
        }
        for turn in &prompt.turns {
            self.lose_name(turn.name.as_ref());
            let word = match turn.role {
                Role::System => self.system_word(),
                Role::Developer => "developer",
                Role::User => "user",
                Role::Assistant => "assistant",
            };
            let mut said: Vec<&Piece> = Vec::new();
            for piece in &turn.pieces {
                let item = match &piece.part {
                    Part::Call(call) => Some(self.call(call, &piece.path)),
                    Part::Result(result) => Some(self.result(result, &piece.path)?),
                    Part::Thinking(thinking) => self.thinking(thinking, &piece.path),
                    Part::Foreign { dialect: DialectId::Responses, raw, feature }
                        if turn.role == Role::Assistant && *feature != Some(KIND_OF_CONTENT) =>
                    {
                        Some(raw.clone())
                    }
                    _ => {
                        said.push(piece);
                        continue;
                    }
                };
                if let Some(item) = item {
                    self.message(word, &said, &mut items)?;
                    said.clear();
                    items.push(item);
                }
            }
            self.message(word, &said, &mut items)?;
        }
        Ok(items)
    }

    /// What only OpenAI tells apart is said as developer: some of its backends take no other system in the input.
    const fn system_word(&self) -> &'static str {
        match self.prompt.origin {
            DialectId::Chat | DialectId::Responses => "system",
            DialectId::Messages | DialectId::Gemini => "developer",
        }
    }

    fn lose_name(&mut self, name: Option<&Given<String>>) {
        if let Some(name) = name {
            self.losses.dropped(name.path.clone(), "no names of speakers");
        }
    }

    fn message(
        &mut self,
        role: &str,
        pieces: &[&Piece],
        items: &mut Vec<Value>,
    ) -> Result<(), Untranslatable> {
        let parts = self.parts(pieces, role == "assistant")?;
        if !parts.is_empty() {
            items.push(json!({ "type": "message", "role": role, "content": parts }));
        }
        Ok(())
    }

    fn call(&mut self, call: &Call, path: &str) -> Value {
        let id = ids::fit(&call.id, self.target.dialect, path, self.losses);
        let mut item = match call.kind {
            CallKind::Custom => {
                json!({ "type": "custom_tool_call", "call_id": id, "name": call.name, "input": call.input })
            }
            CallKind::Function => {
                let arguments = arguments::text(call, path, self.losses);
                json!({ "type": "function_call", "call_id": id, "name": call.name, "arguments": arguments })
            }
        };
        if let Some(group) = &call.namespace {
            item["namespace"] = group.clone().into();
        }
        if proof::own(call.seal.as_ref(), self.target, self.losses).is_some() {
            self.losses.dropped(path.to_owned(), "no place for a proof of thinking at a call");
        }
        item
    }

    fn result(&mut self, result: &ToolResult, path: &str) -> Result<Value, Untranslatable> {
        if let Some(error) = &result.is_error {
            self.losses.dropped(error.path.clone(), "that a tool failed is only in its text");
        }
        let output = match result.pieces.as_slice() {
            [] => Value::String(String::new()),
            [Piece { part: Part::Text(text), .. }] => Value::String(text.clone()),
            pieces => {
                let pieces: Vec<&Piece> = pieces.iter().collect();
                Value::Array(self.parts(&pieces, false)?)
            }
        };
        let id = ids::fit(&result.call, self.target.dialect, path, self.losses);
        let kind = match result.kind {
            CallKind::Custom => "custom_tool_call_output",
            CallKind::Function => "function_call_output",
        };
        Ok(json!({ "type": kind, "call_id": id, "output": output }))
    }

    /// Without its seal the vendor does not take reasoning back.
    fn thinking(&mut self, thinking: &Thinking, path: &str) -> Option<Value> {
        let Some(seal) = proof::own(thinking.seal.as_ref(), self.target, self.losses) else {
            self.losses.dropped(
                path.to_owned(),
                "thinking without a proof of its maker is not taken back",
            );
            return None;
        };
        let sealed = seal.write(DialectId::Responses);
        let summary: Vec<Value> = match thinking.text.as_str() {
            "" => Vec::new(),
            text => vec![json!({ "type": "summary_text", "text": text })],
        };
        Some(json!({ "type": "reasoning", "summary": summary, "encrypted_content": sealed }))
    }

    fn parts(&mut self, pieces: &[&Piece], assistant: bool) -> Result<Vec<Value>, Untranslatable> {
        let mut parts = Vec::new();
        for piece in pieces {
            parts.extend(self.part(piece, assistant)?);
        }
        Ok(parts)
    }

    fn part(&mut self, piece: &Piece, assistant: bool) -> Result<Option<Value>, Untranslatable> {
        let path = &piece.path;
        let word = if assistant { "output_text" } else { "input_text" };
        Ok(Some(match &piece.part {
            Part::Text(text) if text.is_empty() => return Ok(None),
            Part::Text(text) => json!({ "type": word, "text": text }),
            Part::Refusal(text) => json!({ "type": "refusal", "refusal": text }),
            Part::Image(image) => {
                media::refuse_stored(image, path, self.prompt, self.target)?;
                media::lose_mime(image, "image/", path, self.losses);
                let mut part = json!({ "type": "input_image" });
                match (&image.source, image.url("image/png")) {
                    (Source::Stored(id), _) => part["file_id"] = id.clone().into(),
                    (_, Some(url)) => part["image_url"] = url.into(),
                    (_, None) => return Err(self.target.cannot("an image of text", path)),
                }
                if let Some(detail) = &image.detail {
                    part["detail"] = detail.value.clone().into();
                }
                part
            }
            Part::Document(document) => {
                media::refuse_stored(&document.media, path, self.prompt, self.target)?;
                if let Some(text) = media::as_text(document, path, self.losses) {
                    return Ok(Some(json!({ "type": word, "text": text })));
                }
                media::lose_mime(&document.media, "application/pdf", path, self.losses);
                media::lose_context(document, self.losses);
                let mut part = Body::new();
                part.put("type", "input_file");
                match &document.media.source {
                    Source::Stored(id) => part.put("file_id", id.clone()),
                    Source::Url(url) => part.put("file_url", url.clone()),
                    Source::Data(_) | Source::Text(_) => {
                        // A file of data must have a name.
                        let name = document.title.as_ref().map_or("document.pdf", |at| &at.value);
                        part.put("filename", name);
                        part.put_some("file_data", document.media.url("application/pdf"));
                    }
                }
                if let (Some(title), Source::Stored(_) | Source::Url(_)) =
                    (&document.title, &document.media.source)
                {
                    part.put("filename", title.value.clone());
                }
                Value::Object(part)
            }
            Part::Audio(_) => return Err(self.target.cannot("sound", path)),
            Part::Video(_) => return Err(self.target.cannot("a video", path)),
            Part::Foreign { dialect: DialectId::Responses, raw, .. } => raw.clone(),
            Part::Foreign { .. } | Part::Call(_) | Part::Result(_) | Part::Thinking(_) => {
                self.losses.dropped(path.clone(), "no such content there");
                return Ok(None);
            }
        }))
    }
}

fn namespace(tool: &Tool) -> Option<&str> {
    let group = match &tool.kind {
        ToolForm::Function(function) => function.namespace.as_ref(),
        ToolForm::Custom(custom) => custom.namespace.as_ref(),
        ToolForm::WebSearch(_) | ToolForm::CodeExecution(_) | ToolForm::Foreign { .. } => None,
    };
    group.map(|at| at.value.as_str())
}
