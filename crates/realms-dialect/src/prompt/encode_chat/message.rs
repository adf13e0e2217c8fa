//! Turns as messages of Chat Completions.

use realms_types::DialectId;
use serde_json::{Value, json};

use super::Writer;
use crate::prompt::{
    Call, CallKind, Family, Given, Part, Piece, Role, Source, ToolResult, Untranslatable,
    out::{Body, Put},
    proof,
    rules::{arguments, ids, media, tools, turns},
    tool::grouped_name,
};

// === impl Writer ===

impl Writer<'_> {
    pub(super) fn messages(&mut self) -> Result<Vec<Value>, Untranslatable> {
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

    fn call(&mut self, call: &Call, path: &str) -> Value {
        let id = ids::fit(&call.id, self.target.dialect, path, self.losses);
        let name = grouped_name(call.namespace.as_deref(), &call.name);
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
