//! A prompt to Messages.

use std::borrow::Cow;

use realms_types::DialectId;
use serde_json::{Value, json};

use super::{
    Document, Given, Media, Part, Piece, Prompt, Role, Source, Summary, Target, Thinking, ToolForm,
    ToolResult, Untranslatable,
    out::{Body, Put, texts},
    proof,
    rules::{
        arguments, choice, effort, format, ids, limits, media, sampling, strict, tier, tools,
        turns::{self, Said},
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
    let max_tokens = limits::required_max(prompt, target, writer.losses);
    body.put("max_tokens", max_tokens);
    writer.conversation(&mut body)?;
    writer.tools(&mut body)?;
    writer.settings(max_tokens, &mut body)?;
    Ok(body)
}

// === impl Writer ===

impl<'a> Writer<'a> {
    fn settings(&mut self, max_tokens: u64, body: &mut Body) -> Result<(), Untranslatable> {
        limits::candidates(self.prompt, self.target)?;
        let thinks = self.thinking(max_tokens, body);
        let Self { prompt, target, losses } = self;
        sampling::anthropic(prompt, target, thinks, body, losses);
        sampling::stop(prompt, target, body, losses);
        body.put_some("service_tier", tier::anthropic(prompt.tier.as_ref(), losses));
        if let Some(user) = &prompt.user {
            body.put("metadata", json!({ "user_id": user.value }));
        }
        lose(prompt.logprobs.as_ref(), losses);
        lose(prompt.logprobs.as_ref().and_then(|at| at.value.top.as_ref()), losses);
        lose(prompt.verbosity.as_ref(), losses);
        lose(prompt.metadata.as_ref(), losses);
        lose(prompt.cache_key.as_ref(), losses);
        // Nothing is kept there anyhow.
        lose(prompt.store.as_ref().filter(|store| store.value), losses);
        if prompt.parallel.as_ref().is_some_and(|at| !at.value) && prompt.tools.is_empty() {
            lose(prompt.parallel.as_ref(), losses);
        }
        if prompt.stream {
            body.put("stream", true);
        }
        Ok(())
    }

    /// Writes what is said of thinking and effort; true when the model thinks.
    fn thinking(&mut self, max_tokens: u64, body: &mut Body) -> bool {
        let obstacle = if choice::forces(self.prompt) {
            Some("a model that thinks cannot be forced to call a tool")
        } else if self.target.claude().is_none_or(|version| version < (4, 6))
            && self.round_without_thinking()
        {
            Some("the open round of tool calls was not begun with thinking that can be given back")
        } else {
            None
        };
        let (thinking, effort) =
            effort::anthropic(self.prompt, self.target, max_tokens, obstacle, self.losses);
        let mut written = match thinking {
            effort::Thinking::Unsaid => None,
            effort::Thinking::Off => Some(json!({ "type": "disabled" })),
            effort::Thinking::Adaptive => Some(json!({ "type": "adaptive" })),
            effort::Thinking::Budget(budget) => {
                Some(json!({ "type": "enabled", "budget_tokens": budget }))
            }
        };
        let thinks = matches!(thinking, effort::Thinking::Adaptive | effort::Thinking::Budget(_));
        if let Some(Given { path, value }) = &self.prompt.reasoning.summary {
            let word = match value {
                Summary::Hidden => "omitted",
                Summary::Auto => "summarized",
                Summary::Concise | Summary::Detailed => {
                    self.losses.approximated(path.clone(), "how long a summary is cannot be said");
                    "summarized"
                }
            };
            match &mut written {
                Some(thinking) if thinks => thinking["display"] = word.into(),
                _ => self.losses.dropped(path.clone(), "nothing is thought that could be shown"),
            }
        }
        body.put_some("thinking", written);
        if let Some(effort) = effort {
            let mut config = Body::new();
            config.put("effort", effort.as_str());
            config.extend(
                body.shift_remove("output_config")
                    .and_then(|at| match at {
                        Value::Object(map) => Some(map),
                        _ => None,
                    })
                    .unwrap_or_default(),
            );
            body.put("output_config", config);
        }
        thinks
    }

    /// Whether the model's last turn calls tools and has no thinking before it that Anthropic can read.
    fn round_without_thinking(&self) -> bool {
        let last = self.prompt.turns.iter().rposition(|turn| {
            let mut pieces = turn.pieces.iter();
            turn.role == Role::Assistant && pieces.any(|piece| matches!(piece.part, Part::Call(_)))
        });
        let Some(last) = last else { return false };
        let is_open = self.prompt.turns[last + 1..].iter().all(|turn| turn.role != Role::Assistant);
        let start =
            self.prompt.turns[..=last].iter().rposition(|turn| turn.role != Role::Assistant);
        let round = &self.prompt.turns[start.map_or(0, |at| at + 1)..=last];
        let proves = |piece: &Piece| match &piece.part {
            Part::Thinking(Thinking { seal: Some(seal), .. }) => {
                seal.value.maker == self.target.family
            }
            _ => false,
        };
        is_open && !round.iter().flat_map(|turn| &turn.pieces).any(proves)
    }

    // === tools ===

    fn tools(&mut self, body: &mut Body) -> Result<(), Untranslatable> {
        let filter = choice::filter(self.prompt, self.target, self.losses)?;
        let mut list = Vec::new();
        for tool in tools::allowed(self.prompt, filter, self.losses) {
            let mut written = match &tool.kind {
                ToolForm::Function(_) | ToolForm::Custom(_) => {
                    let Some(offer) = tools::as_function(tool, self.losses) else { continue };
                    self.function(offer)
                }
                ToolForm::WebSearch(hosted) | ToolForm::CodeExecution(hosted)
                    if self.prompt.origin == DialectId::Messages =>
                {
                    list.push(hosted.raw.clone());
                    continue;
                }
                ToolForm::WebSearch(hosted) => {
                    tools::lose_search(hosted, DialectId::Messages, self.losses);
                    let mut written = Body::new();
                    written.put("type", "web_search_20250305");
                    written.put("name", "web_search");
                    written.put_some(
                        "allowed_domains",
                        hosted.allowed_domains.as_ref().map(|at| texts(&at.value)),
                    );
                    written.put_some(
                        "blocked_domains",
                        hosted.blocked_domains.as_ref().map(|at| texts(&at.value)),
                    );
                    if let Some(location) = &hosted.location {
                        let mut near = location.value.clone();
                        near.put("type", "approximate");
                        written.put("user_location", near);
                    }
                    written
                }
                ToolForm::CodeExecution(_) => {
                    let mut written = Body::new();
                    written.put("type", "code_execution_20250825");
                    written.put("name", "code_execution");
                    written
                }
                ToolForm::Foreign { raw, .. } if self.prompt.origin == DialectId::Messages => {
                    list.push(raw.clone());
                    continue;
                }
                ToolForm::Foreign { .. } => {
                    tools::lose_foreign(tool, self.losses);
                    continue;
                }
            };
            written.put_some("cache_control", tool.cache.clone());
            list.push(Value::Object(written));
        }
        if !list.is_empty() {
            body.put("tools", list);
        }
        body.put_some("tool_choice", choice::messages(self.prompt));
        Ok(())
    }

    /// A function must say that it takes an object.
    fn function(&mut self, offer: tools::Offer) -> Body {
        let mut written = Body::new();
        written.put("name", offer.name);
        written.put_some("description", offer.description);
        let mut schema = offer.parameters.map_or_else(|| json!({}), |at| at.value);
        if let Value::Object(map) = &mut schema
            && !map.contains_key("type")
        {
            map.insert("type".to_owned(), "object".into());
        }
        if let Some(Given { path, value: true }) = offer.strict {
            let held = self.target.claude().is_some_and(|version| version >= (4, 5));
            if held && strict::holds_anthropic(&schema) {
                written.put("strict", true);
            } else {
                self.losses.dropped(path, "the model is told the schema, not held to it");
            }
        }
        written.put("input_schema", schema);
        written
    }

    // === messages ===

    fn conversation(&mut self, body: &mut Body) -> Result<(), Untranslatable> {
        let prompt: &'a Prompt = self.prompt;
        let conversation = turns::alternating(prompt, DialectId::Messages, self.losses);
        let mut system = Vec::new();
        for piece in &conversation.system {
            system.extend(self.block(piece)?);
        }
        match format::anthropic(prompt.format.as_ref(), self.target, self.losses) {
            format::Anthropic::Unsaid => {}
            format::Anthropic::Words(words) => {
                system.push(json!({ "type": "text", "text": words }));
            }
            format::Anthropic::Schema(schema) => {
                let format = json!({ "type": "json_schema", "schema": schema });
                body.put("output_config", json!({ "format": format }));
            }
        }
        if !system.is_empty() {
            body.put("system", short(system));
        }
        let mut messages = Vec::new();
        for turn in &conversation.turns {
            let mut blocks = Vec::new();
            for piece in &turn.pieces {
                blocks.extend(self.block(piece)?);
            }
            if !blocks.is_empty() {
                messages.push(json!({ "role": word(turn.role), "content": short(blocks) }));
            }
        }
        self.begun_answer(&conversation.turns, &mut messages);
        body.put("messages", messages);
        Ok(())
    }

    /// An answer that the client began: models since 4.6 refuse it, others refuse blanks at its end.
    fn begun_answer(&mut self, turns: &[Said<'_>], messages: &mut Vec<Value>) {
        let Some(last) = turns.last().filter(|turn| turn.role == Role::Assistant) else { return };
        let Some(path) = last.pieces.last().map(|piece: &Cow<'_, Piece>| piece.path.clone()) else {
            return;
        };
        if self.target.claude().is_some_and(|version| version >= (4, 6)) {
            let why = "the model does not go on from an answer: it is asked to";
            self.losses.emulated(path, why);
            let go_on = "Go on from where your last message ends, without repeating it.";
            messages.push(json!({ "role": "user", "content": go_on }));
            return;
        }
        let Some(content) = messages.last_mut().and_then(|message| message.get_mut("content"))
        else {
            return;
        };
        let text = match content {
            Value::Array(blocks) => blocks.last_mut().and_then(|block| block.get_mut("text")),
            text => Some(text),
        };
        if let Some(Value::String(text)) = text
            && text.ends_with(char::is_whitespace)
        {
            self.losses.approximated(path, "blanks at the end of a begun answer are cut");
            text.truncate(text.trim_end().len());
        }
    }

    fn block(&mut self, piece: &Piece) -> Result<Option<Value>, Untranslatable> {
        let path = &piece.path;
        let mut block = match &piece.part {
            Part::Text(text) => json!({ "type": "text", "text": text }),
            Part::Refusal(text) => {
                self.losses.approximated(path.clone(), "a refusal is text");
                json!({ "type": "text", "text": text })
            }
            Part::Image(image) => {
                media::lose_detail(image, self.losses);
                media::lose_mime(image, "image/", path, self.losses);
                json!({ "type": "image", "source": self.source(image, path)? })
            }
            Part::Document(document) => self.document(document, path)?,
            Part::Audio(_) => return Err(self.target.cannot("sound", path)),
            Part::Video(_) => return Err(self.target.cannot("a video", path)),
            Part::Call(call) => {
                if proof::own(call.seal.as_ref(), self.target, self.losses).is_some() {
                    self.losses.dropped(path.clone(), "no place for a proof of thinking at a call");
                }
                let input = arguments::object(call, path, self.losses);
                let id = ids::fit(&call.id, self.target.dialect, path, self.losses);
                let name = super::tool::grouped_name(call.namespace.as_deref(), &call.name);
                json!({ "type": "tool_use", "id": id, "name": name, "input": input })
            }
            Part::Result(result) => self.result(result, path)?,
            Part::Thinking(thinking) => match self.thought(thinking, path) {
                Some(block) => block,
                None => return Ok(None),
            },
            Part::Foreign { dialect: DialectId::Messages, raw, .. } => raw.clone(),
            Part::Foreign { .. } => {
                self.losses.dropped(path.clone(), "no such content there");
                return Ok(None);
            }
        };
        if let Some(cache) = &piece.cache {
            block["cache_control"] = cache.clone();
        }
        Ok(Some(block))
    }

    fn result(&mut self, result: &ToolResult, path: &str) -> Result<Value, Untranslatable> {
        let mut blocks = Vec::new();
        for piece in result.pieces.iter().filter(|piece| !turns::is_empty(piece)) {
            blocks.extend(self.block(piece)?);
        }
        let id = ids::fit(&result.call, self.target.dialect, path, self.losses);
        let mut block = json!({ "type": "tool_result", "tool_use_id": id });
        if !blocks.is_empty() {
            block["content"] = short(blocks);
        }
        if result.is_error.is_some() {
            block["is_error"] = true.into();
        }
        Ok(block)
    }

    /// Anthropic takes thoughts back only with its own signature.
    fn thought(&mut self, thinking: &Thinking, path: &str) -> Option<Value> {
        let Some(seal) = proof::own(thinking.seal.as_ref(), self.target, self.losses) else {
            self.losses.dropped(
                path.to_owned(),
                "thinking without a proof of its maker is not taken back",
            );
            return None;
        };
        let proof = seal.write(DialectId::Messages);
        Some(if seal.sealed {
            json!({ "type": "redacted_thinking", "data": proof })
        } else {
            json!({ "type": "thinking", "thinking": thinking.text, "signature": proof })
        })
    }

    fn source(&self, file: &Media, path: &str) -> Result<Value, Untranslatable> {
        media::refuse_stored(file, path, self.prompt, self.target)?;
        Ok(match &file.source {
            Source::Data(data) => {
                let mime = file.mime.as_deref().unwrap_or("image/png");
                json!({ "type": "base64", "media_type": mime, "data": data })
            }
            Source::Url(url) => json!({ "type": "url", "url": url }),
            Source::Stored(id) => json!({ "type": "file", "file_id": id }),
            Source::Text(text) => {
                json!({ "type": "text", "media_type": "text/plain", "data": text })
            }
        })
    }

    fn document(&mut self, document: &Document, path: &str) -> Result<Value, Untranslatable> {
        let file = &document.media;
        let mime = file.mime.as_deref().unwrap_or("application/pdf");
        if matches!(file.source, Source::Data(_)) && mime != "application/pdf" {
            return Err(self.target.cannot("a file that is no PDF", path));
        }
        let expected =
            if matches!(file.source, Source::Text(_)) { "text/plain" } else { "application/pdf" };
        media::lose_mime(file, expected, path, self.losses);
        let file = Media { mime: Some(mime.to_owned()), ..file.clone() };
        let mut block = json!({ "type": "document", "source": self.source(&file, path)? });
        for (key, said) in [("title", &document.title), ("context", &document.context)] {
            if let Some(said) = said {
                block[key] = said.value.clone().into();
            }
        }
        Ok(block)
    }
}

const fn word(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::System | Role::Developer => "system",
    }
}

/// A single plain text is written as text.
fn short(mut blocks: Vec<Value>) -> Value {
    if let [Value::Object(block)] = blocks.as_mut_slice()
        && block.len() == 2
        && block.get("type").is_some_and(|kind| kind == "text")
        && let Some(text) = block.shift_remove("text")
    {
        return text;
    }
    Value::Array(blocks)
}

fn lose<T>(field: Option<&Given<T>>, losses: &mut Losses) {
    if let Some(at) = field {
        losses.dropped(at.path.clone(), "no such field there");
    }
}
