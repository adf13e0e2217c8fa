//! A prompt to Chat Completions.

use realms_types::DialectId;
use serde_json::{Value, json};

use super::{
    CallKind, Family, Format, Given, Part, Piece, Prompt, Role, Source, Summary, Target, ToolForm,
    ToolResult, Untranslatable,
    out::{Body, Put},
    proof,
    rules::{
        arguments, cache, choice, effort, format, ids, limits, media, sampling, tier, tools, turns,
    },
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
    body.put("messages", writer.messages()?);
    writer.tools(&mut body)?;
    writer.settings(&mut body)?;
    if prompt.origin != DialectId::Chat || target.family == Family::Openai {
        cache::drop_marks(prompt, writer.losses);
    }
    Ok(body)
}

// === impl Writer ===

impl Writer<'_> {
    fn settings(&mut self, body: &mut Body) -> Result<(), Untranslatable> {
        let Self { prompt, target, losses } = self;
        // OpenAI's models that reason refuse the old name; other vendors know no other.
        let key = if target.is_openai_reasoner() { "max_completion_tokens" } else { "max_tokens" };
        body.put_some(key, limits::max_output(prompt, target, losses));
        body.put_some("n", limits::candidates(prompt, target)?);
        sampling::openai(prompt, target, body, losses);
        sampling::stop(prompt, target, body, losses);
        if let Some(at) = &prompt.logprobs {
            body.put("logprobs", at.value.chosen);
            body.put_some("top_logprobs", at.value.top.as_ref().map(|top| top.value));
        }
        self.reasoning(body);
        self.format(body);
        body.put_some("verbosity", self.prompt.verbosity.as_ref().map(|at| at.value.clone()));
        common(self.prompt, self.target, body, self.losses);
        if self.prompt.stream {
            body.put("stream", true);
            body.put("stream_options", json!({ "include_usage": true }));
        }
        Ok(())
    }

    fn reasoning(&mut self, body: &mut Body) {
        let reasoning = &self.prompt.reasoning;
        if let Some(Given { path, value: Summary::Auto | Summary::Concise | Summary::Detailed }) =
            &reasoning.summary
        {
            self.losses.dropped(path.clone(), "thinking cannot be asked to be shown");
        }
        let Some(effort) = effort::openai(reasoning, self.losses) else { return };
        if self.target.family == Family::Openai && !self.target.is_openai_reasoner() {
            let said = reasoning.effort.as_ref().map(|at| &at.path);
            if let Some(path) = said.or(reasoning.budget.as_ref().map(|at| &at.path)) {
                self.losses.dropped(path.clone(), "this model does not reason");
            }
            return;
        }
        body.put("reasoning_effort", effort.as_str());
    }

    fn format(&mut self, body: &mut Body) {
        let native =
            self.prompt.origin == DialectId::Chat || self.prompt.origin == DialectId::Responses;
        let Some(Given { value, .. }) = &self.prompt.format else { return };
        let format = match value {
            Format::Text => json!({ "type": "text" }),
            Format::JsonObject => json!({ "type": "json_object" }),
            Format::JsonSchema(schema) => {
                let inner = format::openai(schema, native, self.losses);
                json!({ "type": "json_schema", "json_schema": inner })
            }
        };
        body.put("response_format", format);
    }

    fn tools(&mut self, body: &mut Body) -> Result<(), Untranslatable> {
        let custom = tools::knows_custom(self.target);
        // Only OpenAI knows a choice among some of the tools.
        let filter = match self.target.family {
            Family::Openai => None,
            Family::Anthropic | Family::Google | Family::Other => {
                choice::filter(self.prompt, self.target, self.losses)?
            }
        };
        let mut list = Vec::new();
        for tool in tools::allowed(self.prompt, filter, self.losses) {
            match &tool.kind {
                ToolForm::Custom(one) if custom && one.namespace.is_none() => {
                    let mut inner = Body::new();
                    inner.put("name", one.name.clone());
                    inner.put_some(
                        "description",
                        one.description.as_ref().map(|at| at.value.clone()),
                    );
                    inner.put_some("format", one.format.as_ref().map(|at| at.value.clone()));
                    list.push(json!({ "type": "custom", "custom": inner }));
                }
                ToolForm::Function(_) | ToolForm::Custom(_) => {
                    let Some(offer) = tools::as_function(tool, self.losses) else { continue };
                    let mut inner = Body::new();
                    inner.put("name", offer.name);
                    inner.put_some("description", offer.description);
                    inner.put_some("parameters", offer.parameters.map(|at| at.value));
                    inner.put_some("strict", offer.strict.map(|at| at.value));
                    list.push(json!({ "type": "function", "function": inner }));
                }
                ToolForm::WebSearch(hosted) => {
                    tools::lose_search(hosted, DialectId::Chat, self.losses);
                    let mut options = Body::new();
                    let size = hosted.context_size.as_ref().map(|at| at.value.clone());
                    options.put_some("search_context_size", size);
                    if let Some(location) = &hosted.location {
                        let near = json!({ "type": "approximate", "approximate": location.value });
                        options.put("user_location", near);
                    }
                    body.put("web_search_options", options);
                }
                ToolForm::CodeExecution(_) => {
                    return Err(self.target.cannot("code that the vendor runs", &tool.path));
                }
                ToolForm::Foreign { raw, .. } if self.prompt.origin == DialectId::Chat => {
                    list.push(raw.clone());
                }
                ToolForm::Foreign { .. } => tools::lose_foreign(tool, self.losses),
            }
        }
        if !list.is_empty() {
            body.put("tools", list);
        }
        if let Some(choice) = &self.prompt.choice {
            let written = match filter {
                Some(_) if choice::forces(self.prompt) => "required".into(),
                Some(_) => "auto".into(),
                None => choice::chat(&choice.value, self.prompt, custom),
            };
            body.put("tool_choice", written);
        }
        body.put_some("parallel_tool_calls", self.prompt.parallel.as_ref().map(|at| at.value));
        Ok(())
    }

    // === messages ===

    fn messages(&mut self) -> Result<Vec<Value>, Untranslatable> {
        let prompt = self.prompt;
        let mut messages = Vec::new();
        for one in &prompt.system {
            let path = one.pieces.first().map(|piece| piece.path.as_str()).unwrap_or_default();
            let mut message = message(self.system_word(one.developer), one.name.as_ref());
            if one.developer && message["role"] == "system" {
                self.losses.approximated(path.to_owned(), "the developer is the system there");
            }
            let pieces: Vec<&Piece> = one.pieces.iter().collect();
            message.put_some("content", self.told(&pieces)?);
            messages.push(Value::Object(message));
        }
        for (turn, pieces) in turns::rounds(prompt) {
            match turn.role {
                Role::System | Role::Developer => {
                    let developer = turn.role == Role::Developer;
                    let mut message = message(self.system_word(developer), turn.name.as_ref());
                    if developer && message["role"] == "system" {
                        let path =
                            pieces.first().map(|piece| piece.path.clone()).unwrap_or_default();
                        self.losses.approximated(path, "the developer is the system there");
                    }
                    message.put_some("content", self.told(&pieces)?);
                    messages.push(Value::Object(message));
                }
                Role::User => self.user(turn.name.as_ref(), &pieces, &mut messages)?,
                Role::Assistant => {
                    if let Some(message) = self.assistant(turn.name.as_ref(), &pieces)? {
                        messages.push(Value::Object(message));
                    }
                }
            }
        }
        Ok(messages)
    }

    /// Only OpenAI's models that reason know developers; to them the words mean the same.
    fn system_word(&self, developer: bool) -> &'static str {
        if developer && self.target.is_openai_reasoner() { "developer" } else { "system" }
    }

    /// Results are messages of their own, right behind the calls; images in them are said by the user
    /// afterwards, since a result is only text here.
    fn user(
        &mut self,
        name: Option<&Given<String>>,
        pieces: &[&Piece],
        messages: &mut Vec<Value>,
    ) -> Result<(), Untranslatable> {
        let mut rest: Vec<&Piece> = Vec::new();
        for piece in pieces {
            match &piece.part {
                Part::Result(result) => {
                    if let Some(first) = rest.iter().find(|piece| !turns::is_empty(piece)) {
                        let why = "results of tools stand before text";
                        self.losses.approximated(first.path.clone(), why);
                    }
                    messages.push(self.result(result, &piece.path, &mut rest)?);
                }
                _ => rest.push(piece),
            }
        }
        if rest.is_empty() {
            return Ok(());
        }
        let mut message = message("user", name);
        if let Some(content) = self.content(&rest, false)? {
            message.put("content", content);
            messages.push(Value::Object(message));
        }
        Ok(())
    }

    fn result<'p>(
        &mut self,
        result: &'p ToolResult,
        path: &str,
        rest: &mut Vec<&'p Piece>,
    ) -> Result<Value, Untranslatable> {
        if let Some(error) = &result.is_error {
            self.losses.dropped(error.path.clone(), "that a tool failed is only in its text");
        }
        let mut texts = Vec::new();
        for piece in &result.pieces {
            match &piece.part {
                Part::Text(_) => texts.push(piece),
                Part::Foreign { .. } => {
                    self.losses.dropped(piece.path.clone(), "no such content there");
                }
                _ => {
                    let why = "a result is only text: said by the user afterwards";
                    self.losses.emulated(piece.path.clone(), why);
                    rest.push(piece);
                }
            }
        }
        let content =
            if texts.len() > 1 { self.told(&texts)? } else { self.content(&texts, true)? };
        let content = content.unwrap_or_else(|| Value::String(String::new()));
        let id = ids::fit(&result.call, self.target.dialect, path, self.losses);
        Ok(json!({ "role": "tool", "tool_call_id": id, "content": content }))
    }

    fn assistant(
        &mut self,
        name: Option<&Given<String>>,
        pieces: &[&Piece],
    ) -> Result<Option<Body>, Untranslatable> {
        let mut message = message("assistant", name);
        let mut said: Vec<&Piece> = Vec::new();
        let mut calls = Vec::new();
        let mut thoughts = String::new();
        for piece in pieces {
            match &piece.part {
                Part::Call(call) => calls.push(self.call(call, &piece.path)),
                Part::Thinking(thinking) => {
                    if proof::own(thinking.seal.as_ref(), self.target, self.losses).is_some() {
                        let why = "no place for proofs of thinking";
                        self.losses.dropped(piece.path.clone(), why);
                    }
                    self.thinking(&thinking.text, &piece.path, &mut thoughts);
                }
                Part::Refusal(text) => {
                    let before = message.get("refusal").and_then(Value::as_str);
                    let all = before.map_or(text.clone(), |before| format!("{before}\n\n{text}"));
                    message.put("refusal", all);
                }
                _ => said.push(piece),
            }
        }
        let content = self.told(&said)?;
        if content.is_none()
            && calls.is_empty()
            && !message.contains_key("refusal")
            && thoughts.is_empty()
        {
            return Ok(None);
        }
        message.put("content", content.unwrap_or(Value::Null));
        if !thoughts.is_empty() {
            message.put("reasoning_content", thoughts);
        }
        if !calls.is_empty() {
            message.put("tool_calls", calls);
        }
        Ok(Some(message))
    }

    /// OpenAI refuses thoughts in a message; DeepSeek and its like want theirs back.
    fn thinking(&mut self, text: &str, path: &str, thoughts: &mut String) {
        if text.is_empty() {
            return;
        }
        match self.target.family {
            Family::Other => {
                if !thoughts.is_empty() {
                    thoughts.push_str("\n\n");
                }
                thoughts.push_str(text);
            }
            Family::Openai | Family::Anthropic | Family::Google => {
                self.losses.dropped(path.to_owned(), "thinking is not taken back there");
            }
        }
    }

    fn call(&mut self, call: &super::Call, path: &str) -> Value {
        let id = ids::fit(&call.id, self.target.dialect, path, self.losses);
        let name = super::tool::grouped_name(call.namespace.as_deref(), &call.name);
        let mut written = if call.kind == CallKind::Custom && tools::knows_custom(self.target) {
            let custom = json!({ "name": name, "input": call.input });
            json!({ "id": id, "type": "custom", "custom": custom })
        } else {
            let arguments = arguments::text(call, path, self.losses);
            let function = json!({ "name": name, "arguments": arguments });
            json!({ "id": id, "type": "function", "function": function })
        };
        if let Some(seal) = proof::own(call.seal.as_ref(), self.target, self.losses) {
            written["extra_content"] = json!({ "google": { "thought_signature": seal.value } });
        }
        written
    }

    /// What is said by anybody but the user: many vendors take it only as one text.
    fn told(&mut self, pieces: &[&Piece]) -> Result<Option<Value>, Untranslatable> {
        let texts: Option<Vec<&str>> = pieces.iter().map(|piece| piece.part.as_text()).collect();
        match texts {
            Some(texts) if texts.len() > 1 && self.joins() => {
                let said: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
                Ok((!said.is_empty()).then(|| Value::String(said.join("\n\n"))))
            }
            Some(_) | None => self.content(pieces, false),
        }
    }

    /// Whether texts next to each other are joined: a client of this dialect knows what its vendor takes.
    fn joins(&self) -> bool {
        self.prompt.origin != DialectId::Chat && self.target.family != Family::Openai
    }

    /// One text is a text; more, or anything else, is a list.
    fn content(
        &mut self,
        pieces: &[&Piece],
        even_empty: bool,
    ) -> Result<Option<Value>, Untranslatable> {
        // Some vendors behind this dialect take Anthropic's marks: the client knows which.
        let marks = self.prompt.origin == DialectId::Chat && self.target.family != Family::Openai;
        let pieces: Vec<&&Piece> = pieces
            .iter()
            .filter(|piece| {
                even_empty || !matches!(&piece.part, Part::Text(text) if text.is_empty())
            })
            .collect();
        if let [piece] = pieces.as_slice()
            && let Part::Text(text) = &piece.part
            && (piece.cache.is_none() || !marks)
        {
            return Ok(Some(Value::String(text.clone())));
        }
        let mut parts = Vec::new();
        for piece in pieces {
            let Some(mut part) = self.part(piece)? else { continue };
            if marks && let Some(cache) = &piece.cache {
                part["cache_control"] = cache.clone();
            }
            parts.push(part);
        }
        Ok((!parts.is_empty()).then_some(Value::Array(parts)))
    }

    fn part(&mut self, piece: &Piece) -> Result<Option<Value>, Untranslatable> {
        let path = &piece.path;
        let text = |text: &str| json!({ "type": "text", "text": text });
        Ok(Some(match &piece.part {
            Part::Text(said) => text(said),
            Part::Refusal(said) => json!({ "type": "refusal", "refusal": said }),
            Part::Image(image) => {
                media::refuse_stored(image, path, self.prompt, self.target)?;
                media::lose_mime(image, "image/", path, self.losses);
                let Some(url) = image.url("image/png") else {
                    return Err(self.target.cannot("an image by an id", path));
                };
                let mut inner = json!({ "url": url });
                if let Some(detail) = &image.detail {
                    inner["detail"] = detail.value.clone().into();
                }
                json!({ "type": "image_url", "image_url": inner })
            }
            Part::Document(document) => {
                media::refuse_stored(&document.media, path, self.prompt, self.target)?;
                if let Some(said) = media::as_text(document, path, self.losses) {
                    return Ok(Some(text(&said)));
                }
                media::lose_mime(&document.media, "application/pdf", path, self.losses);
                media::lose_context(document, self.losses);
                let mut inner = match &document.media.source {
                    Source::Stored(id) => json!({ "file_id": id }),
                    Source::Url(_) => {
                        return Err(self.target.cannot("a document at an address", path));
                    }
                    Source::Data(_) | Source::Text(_) => {
                        // A file of data must have a name.
                        let name = document.title.as_ref().map_or("document.pdf", |at| &at.value);
                        let url = document.media.url("application/pdf");
                        json!({ "filename": name, "file_data": url })
                    }
                };
                if let (Some(title), Source::Stored(_)) = (&document.title, &document.media.source)
                {
                    inner["filename"] = title.value.clone().into();
                }
                json!({ "type": "file", "file": inner })
            }
            Part::Audio(audio) => {
                let (Source::Data(data), Some(format)) =
                    (&audio.source, media::audio_format(audio))
                else {
                    return Err(self.target.cannot("sound that is neither WAV nor MP3 data", path));
                };
                json!({ "type": "input_audio", "input_audio": { "data": data, "format": format } })
            }
            Part::Video(_) => return Err(self.target.cannot("a video", path)),
            Part::Foreign { dialect: DialectId::Chat, raw, .. } => raw.clone(),
            Part::Foreign { .. } | Part::Call(_) | Part::Result(_) | Part::Thinking(_) => {
                self.losses.dropped(path.clone(), "no such content there");
                return Ok(None);
            }
        }))
    }
}

fn message(role: &str, name: Option<&Given<String>>) -> Body {
    let mut message = Body::new();
    message.put("role", role);
    message.put_some("name", name.map(|name| name.value.clone()));
    message
}

/// What Chat and Responses have in common.
pub(super) fn common(prompt: &Prompt, target: &Target<'_>, body: &mut Body, losses: &mut Losses) {
    body.put_some("metadata", prompt.metadata.as_ref().map(|at| at.value.clone()));
    if let Some(user) = &prompt.user {
        // Longer ones are refused; Claude Code's is a JSON text of ids of its own.
        if user.value.len() <= 64
            || prompt.origin == DialectId::Chat
            || prompt.origin == DialectId::Responses
        {
            // The old name is the one that everybody knows.
            let new = user.path == "safety_identifier"
                || target.family == Family::Openai && user.path != "user";
            body.put(if new { "safety_identifier" } else { "user" }, user.value.clone());
        } else {
            losses.dropped(user.path.clone(), "names of users have 64 characters at most");
        }
    }
    body.put_some("prompt_cache_key", cache::key(prompt, target));
    body.put_some("service_tier", tier::openai(prompt.tier.as_ref(), losses));
    body.put_some("store", prompt.store.as_ref().map(|at| at.value));
}
