//! A prompt to generateContent. The model and whether to stream are said in the path.

use realms_types::DialectId;
use serde_json::{Value, json};

use super::{
    Document, Format, Given, JsonSchema, Media, Part, Piece, Prompt, Proof, Role, Source, Summary,
    Target, ToolForm, ToolResult, Untranslatable,
    out::{Body, Put},
    proof,
    rules::{
        arguments, cache, choice, effort, limits, media, sampling, schema, tier, tools,
        turns::{self, Said},
    },
};
use crate::Losses;

/// What Google names for a call whose thoughts it cannot have: without any proof Gemini 3 refuses the
/// calls of the round that is open.
const NO_PROOF: &str = "skip_thought_signature_validator";

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
    writer.conversation(&mut body)?;
    writer.tools(&mut body)?;
    writer.settings(&mut body)?;
    cache::drop_marks(prompt, writer.losses);
    Ok(body)
}

// === impl Writer ===

impl<'a> Writer<'a> {
    fn settings(&mut self, body: &mut Body) -> Result<(), Untranslatable> {
        let mut config = Body::new();
        let Self { prompt, target, losses } = self;
        sampling::google(prompt, &mut config);
        config.put_some("maxOutputTokens", limits::max_output(prompt, target, losses));
        config.put_some("candidateCount", limits::candidates(prompt, target)?);
        sampling::stop(prompt, target, &mut config, losses);
        if let Some(at) = &prompt.logprobs {
            config.put("responseLogprobs", at.value.chosen);
            config.put_some("logprobs", at.value.top.as_ref().map(|top| top.value));
        }
        self.thinking(&mut config);
        self.format(&mut config);
        if !config.is_empty() {
            body.put("generationConfig", config);
        }
        let Self { prompt, losses, .. } = self;
        body.put_some("serviceTier", tier::google(prompt.tier.as_ref(), losses));
        lose(prompt.verbosity.as_ref(), losses);
        lose(prompt.metadata.as_ref(), losses);
        lose(prompt.user.as_ref(), losses);
        lose(prompt.cache_key.as_ref(), losses);
        lose(prompt.store.as_ref().filter(|store| store.value), losses);
        // It calls several at once as it likes.
        lose(prompt.parallel.as_ref().filter(|parallel| !parallel.value), losses);
        Ok(())
    }

    fn thinking(&mut self, config: &mut Body) {
        let reasoning = &self.prompt.reasoning;
        let mut thinking = Body::new();
        match effort::google(reasoning, self.target, self.losses) {
            None => {}
            Some(effort::Level::Word(word)) => thinking.put("thinkingLevel", word),
            Some(effort::Level::Budget(budget)) => thinking.put("thinkingBudget", budget),
        }
        match &reasoning.summary {
            Some(Given { value: Summary::Hidden, .. }) => thinking.put("includeThoughts", false),
            Some(Given { path, value }) => {
                if matches!(value, Summary::Concise | Summary::Detailed) {
                    self.losses.approximated(path.clone(), "how long a summary is cannot be said");
                }
                thinking.put("includeThoughts", true);
            }
            // Messages shows what is thought unless told otherwise.
            None if self.prompt.origin == DialectId::Messages && reasoning.budget.is_some() => {
                thinking.put("includeThoughts", true);
            }
            None => {}
        }
        if !thinking.is_empty() {
            config.put("thinkingConfig", thinking);
        }
    }

    fn format(&mut self, config: &mut Body) {
        let Some(Given { value, .. }) = &self.prompt.format else { return };
        match value {
            Format::Text => config.put("responseMimeType", "text/plain"),
            Format::JsonObject => config.put("responseMimeType", "application/json"),
            Format::JsonSchema(JsonSchema { name, description, schema, strict: _ }) => {
                for said in [name, description].into_iter().flatten() {
                    self.losses.dropped(said.path.clone(), "a schema has no name there");
                }
                config.put("responseMimeType", "application/json");
                if let Some(Given { path, value }) = schema {
                    config.put_some("responseSchema", schema::to_google(value, path, self.losses));
                }
            }
        }
    }

    // === tools ===

    fn tools(&mut self, body: &mut Body) -> Result<(), Untranslatable> {
        let must = choice::forces(self.prompt);
        let filter =
            if must { None } else { choice::filter(self.prompt, self.target, self.losses)? };
        let mut declared = Vec::new();
        let mut groups = Vec::new();
        for tool in tools::allowed(self.prompt, filter, self.losses) {
            match &tool.kind {
                ToolForm::Function(_) | ToolForm::Custom(_) => {
                    let Some(offer) = tools::as_function(tool, self.losses) else { continue };
                    declared.push(self.declaration(offer));
                }
                ToolForm::WebSearch(hosted) | ToolForm::CodeExecution(hosted)
                    if self.prompt.origin == DialectId::Gemini =>
                {
                    groups.push(hosted.raw.clone());
                }
                ToolForm::WebSearch(hosted) => {
                    tools::lose_search(hosted, DialectId::Gemini, self.losses);
                    groups.push(json!({ "googleSearch": {} }));
                }
                ToolForm::CodeExecution(_) => groups.push(json!({ "codeExecution": {} })),
                ToolForm::Foreign { raw, .. } if self.prompt.origin == DialectId::Gemini => {
                    groups.push(raw.clone());
                }
                ToolForm::Foreign { .. } => tools::lose_foreign(tool, self.losses),
            }
        }
        if !declared.is_empty() {
            groups.insert(0, json!({ "functionDeclarations": declared }));
        }
        if !groups.is_empty() {
            body.put("tools", groups);
        }
        if let Some(choice) = &self.prompt.choice {
            let calling = choice::gemini(&choice.value, self.prompt);
            body.put("toolConfig", json!({ "functionCallingConfig": calling }));
        }
        Ok(())
    }

    fn declaration(&mut self, offer: tools::Offer) -> Body {
        let mut written = Body::new();
        written.put("name", offer.name);
        written.put_some("description", offer.description);
        if let Some(Given { path, value }) = &offer.parameters {
            written.put_some("parameters", schema::to_google(value, path, self.losses));
        }
        if let Some(Given { path, value: true }) = offer.strict {
            self.losses.dropped(path, "the model is told the schema, not held to it");
        }
        written
    }

    // === contents ===

    fn conversation(&mut self, body: &mut Body) -> Result<(), Untranslatable> {
        let prompt: &'a Prompt = self.prompt;
        let conversation = turns::alternating(prompt, DialectId::Gemini, self.losses);
        let mut system = Vec::new();
        for piece in &conversation.system {
            system.extend(self.part(piece)?);
        }
        if !system.is_empty() {
            body.put("systemInstruction", json!({ "parts": system }));
        }
        let open = conversation.turns.iter().rposition(starts_round).map_or(0, |at| at + 1);
        let mut contents = Vec::new();
        for (index, turn) in conversation.turns.iter().enumerate() {
            let parts = self.parts(turn, index >= open)?;
            if !parts.is_empty() {
                let role = if turn.role == Role::Assistant { "model" } else { "user" };
                contents.push(json!({ "role": role, "parts": parts }));
            }
        }
        body.put("contents", contents);
        Ok(())
    }

    /// The parts of a turn. A proof that stands alone belongs to what follows it; in the open round the first
    /// call must have one.
    fn parts(&mut self, turn: &Said<'_>, open: bool) -> Result<Vec<Value>, Untranslatable> {
        let mut parts: Vec<Value> = Vec::new();
        let mut waiting: Option<String> = None;
        let mut called = false;
        for piece in &turn.pieces {
            if let Part::Thinking(thinking) = &piece.part {
                let seal = proof::own(thinking.seal.as_ref(), self.target, self.losses);
                let proof = seal.map(|seal: &Proof| seal.write(DialectId::Gemini));
                if thinking.text.is_empty() {
                    waiting = proof.or(waiting);
                } else if proof.is_some() || self.prompt.origin == DialectId::Gemini {
                    let mut part = json!({ "text": thinking.text, "thought": true });
                    if let Some(proof) = proof {
                        part["thoughtSignature"] = proof.into();
                    }
                    parts.push(part);
                } else {
                    let why = "thinking without a proof of its maker is not taken back";
                    self.losses.dropped(piece.path.clone(), why);
                }
                continue;
            }
            for mut part in self.part(piece)? {
                if let Part::Call(_) = &piece.part {
                    if !called
                        && open
                        && part.get("thoughtSignature").is_none()
                        && waiting.is_none()
                        && self.wants_proof()
                    {
                        let why = "the proof of thinking that the model wants cannot be had";
                        self.losses.emulated(piece.path.clone(), why);
                        part["thoughtSignature"] = NO_PROOF.into();
                    }
                    called = true;
                }
                if part.get("thoughtSignature").is_none()
                    && let Some(proof) = waiting.take()
                {
                    part["thoughtSignature"] = proof.into();
                }
                parts.push(part);
            }
        }
        if let Some(proof) = waiting {
            parts.push(json!({ "text": "", "thoughtSignature": proof }));
        }
        Ok(parts)
    }

    /// Models since Gemini 3 refuse a call in the open round that has no proof.
    fn wants_proof(&self) -> bool {
        self.target.gemini() != Some(2) && self.target.model.contains("gemini")
    }

    fn part(&mut self, piece: &Piece) -> Result<Vec<Value>, Untranslatable> {
        let path = &piece.path;
        Ok(vec![match &piece.part {
            Part::Text(text) => json!({ "text": text }),
            Part::Refusal(text) => {
                self.losses.approximated(path.clone(), "a refusal is text");
                json!({ "text": text })
            }
            Part::Image(image) => {
                media::lose_detail(image, self.losses);
                self.file(image, "image/png", None, path)?
            }
            Part::Audio(sound) => self.file(sound, "audio/wav", None, path)?,
            Part::Video(film) => self.file(film, "video/mp4", None, path)?,
            Part::Document(document) => self.document(document, path)?,
            Part::Call(call) => {
                let mut inner = Body::new();
                if !call.made_id {
                    inner.put("id", call.id.clone());
                }
                inner.put("name", super::tool::grouped_name(call.namespace.as_deref(), &call.name));
                inner.put("args", arguments::object(call, path, self.losses));
                let mut part = json!({ "functionCall": inner });
                if let Some(seal) = proof::own(call.seal.as_ref(), self.target, self.losses) {
                    part["thoughtSignature"] = seal.write(DialectId::Gemini).into();
                }
                part
            }
            Part::Result(result) => return self.result(result, path),
            Part::Foreign { dialect: DialectId::Gemini, raw, .. } => raw.clone(),
            Part::Foreign { .. } | Part::Thinking(_) => {
                self.losses.dropped(path.clone(), "no such content there");
                return Ok(Vec::new());
            }
        }])
    }

    /// A result is an object: text under `output`, or under `error` when the tool failed. Files stand behind it in
    /// the same turn, since only some models take them inside.
    fn result(&mut self, result: &ToolResult, path: &str) -> Result<Vec<Value>, Untranslatable> {
        let mut said: Vec<&str> = Vec::new();
        let mut behind = Vec::new();
        for piece in &result.pieces {
            if let Some(text) = piece.part.as_text() {
                said.push(text);
                continue;
            }
            self.losses.emulated(piece.path.clone(), "a file of a result stands behind it");
            behind.extend(self.part(piece)?);
        }
        let text = said.join("\n\n");
        let native = self.prompt.origin == DialectId::Gemini;
        let object = native.then(|| super::tree::parse(text.as_bytes()).ok()).flatten();
        let key = if result.is_error.is_some() { "error" } else { "output" };
        let response = object.unwrap_or_else(|| json!({ key: text }));
        let mut inner = Body::new();
        if !result.made_id {
            inner.put("id", result.call.clone());
        }
        let name = result.name.clone().unwrap_or_else(|| {
            self.losses
                .emulated(path.to_owned(), "the call it answers is not there to name the tool");
            result.call.clone()
        });
        inner.put("name", name);
        inner.put("response", response);
        let mut parts = vec![json!({ "functionResponse": inner })];
        parts.append(&mut behind);
        Ok(parts)
    }

    fn document(&mut self, document: &Document, path: &str) -> Result<Value, Untranslatable> {
        if let Some(text) = media::as_text(document, path, self.losses) {
            return Ok(json!({ "text": text }));
        }
        media::lose_context(document, self.losses);
        self.file(&document.media, "application/pdf", document.title.as_ref(), path)
    }

    fn file(
        &mut self,
        file: &Media,
        default_mime: &str,
        title: Option<&Given<String>>,
        path: &str,
    ) -> Result<Value, Untranslatable> {
        media::refuse_stored(file, path, self.prompt, self.target)?;
        if let Some(title) = title.filter(|_| self.prompt.origin != DialectId::Gemini) {
            self.losses.dropped(title.path.clone(), "a file has no name there");
        }
        let (key, place, bytes) = match &file.source {
            Source::Data(data) => ("inlineData", "data", data),
            Source::Url(uri) | Source::Stored(uri) => ("fileData", "fileUri", uri),
            Source::Text(text) => return Ok(json!({ "text": text })),
        };
        let mut inner = Body::new();
        let said =
            file.mime.as_deref().or_else(|| media::mime_of(bytes).filter(|_| key == "fileData"));
        inner.put("mimeType", said.unwrap_or(default_mime));
        inner.put(place, bytes.clone());
        if self.prompt.origin == DialectId::Gemini {
            inner.put_some("displayName", title.map(|title| title.value.clone()));
        }
        Ok(json!({ key: inner }))
    }
}

/// Whether a turn is the user's own words and no result: calls behind the last one are the open round.
fn starts_round(turn: &Said<'_>) -> bool {
    let is_result = |part: &Part| matches!(part, Part::Result(_));
    turn.role == Role::User && !turn.pieces.iter().any(|piece| is_result(&piece.part))
}

fn lose<T>(field: Option<&Given<T>>, losses: &mut Losses) {
    if let Some(at) = field {
        losses.dropped(at.path.clone(), "no such field there");
    }
}
