//! Answers for clients of Chat Completions.

mod choice;

use std::collections::BTreeMap;

use realms_types::{DialectId, Usage};

use self::choice::{Call, Choice, call_keys, call_members, logprobs_object, signature_member};
use super::{
    AnswerIntent, At, Delta, Logprob, PartHead, Start, Stop, ToolHead, ToolKind,
    encode::{Pen, WriteAnswer},
    names::{answer_id, call_id},
    stop::{Held, write_chat},
    usage::write_chat as write_usage,
    write::{Json, list, object_text},
};
use crate::StreamShape;

/// Writes chunks, or the completion they add up to.
#[derive(Debug, Default)]
pub(super) struct ChatWriter {
    id: String,
    model: String,
    choices: BTreeMap<u32, Choice>,
    parts: BTreeMap<At, Part>,
    usage: Option<Usage>,
}

/// What the deltas of an open part become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Text,
    Thinking,
    Refusal,
    /// With its index.
    Call(u32, ToolKind),
    Other,
}

// === impl ChatWriter ===

impl WriteAnswer for ChatWriter {
    fn start(&mut self, start: &Start, pen: &mut Pen<'_>) {
        self.id = answer_id(DialectId::Chat, start, &pen.stem);
        let model = pen.intent.model.as_ref().or(start.model.as_ref());
        self.model = model.cloned().unwrap_or_default();
    }

    fn part_start(&mut self, at: At, head: &PartHead, pen: &mut Pen<'_>) {
        let part = match head {
            PartHead::Text => Part::Text,
            PartHead::Thinking(_) => Part::Thinking,
            PartHead::Refusal => Part::Refusal,
            PartHead::Sealed => Part::Other,
            PartHead::Foreign(foreign) => {
                self.own(at.choice, &foreign.kind, &foreign.raw, pen);
                Part::Other
            }
            PartHead::ToolCall(call) => self.call(at, call, pen),
        };
        self.parts.insert(at, part);
    }

    fn delta(&mut self, at: At, delta: &Delta, pen: &mut Pen<'_>) {
        let Some(part) = self.parts.get(&at).copied() else { return };
        match delta {
            Delta::Text(text) => self.text(at, part, text, pen),
            Delta::Citation(citation) => {
                let len = self.choice(at.choice).text_len;
                if let Some(json) = citation.write(DialectId::Chat, len, pen.losses) {
                    self.annotation(at.choice, json, pen);
                }
            }
            Delta::Logprobs(logprobs) => self.logprobs(at.choice, part, logprobs, pen),
            Delta::Seal(seal) => match part {
                // Google's own field for it, where its dialect is spoken through this one.
                Part::Call(index, _) if seal.dialect == DialectId::Gemini => {
                    self.signature(at.choice, index, &seal.value, pen);
                }
                Part::Text | Part::Thinking | Part::Refusal | Part::Call(..) | Part::Other => {
                    pen.losses.dropped("thinking.signature", "Chat has no field for it");
                }
            },
        }
    }

    fn part_end(&mut self, at: At, _pen: &mut Pen<'_>) {
        self.parts.remove(&at);
    }

    fn usage(&mut self, usage: Usage) {
        self.usage = Some(usage);
    }

    fn stop(&mut self, choice: u32, stop: &Stop, held: Held, pen: &mut Pen<'_>) {
        let word = write_chat(stop, held, pen.losses);
        self.role(choice, pen);
        self.choice(choice).finish = Some(word);
        self.chunk(choice, pen, |_| {}, None, Some(word));
    }

    fn finish(&mut self, pen: &mut Pen<'_>) {
        if pen.is_whole() {
            return self.body(pen);
        }
        let usage = self.usage.unwrap_or_default();
        // Losses of usage count only where it is told.
        if pen.intent.include_usage {
            let chunk = object_text(|json| {
                self.head(json, pen.intent, "chat.completion.chunk");
                json.raw_compact("choices", "[]");
                json.object("usage", |json| write_usage(json, &usage, pen.losses));
            });
            pen.data(&chunk);
        }
        pen.data("[DONE]");
    }

    fn shape(&self) -> StreamShape<'_> {
        StreamShape::default()
    }
}

impl ChatWriter {
    fn choice(&mut self, index: u32) -> &mut Choice {
        self.choices.entry(index).or_default()
    }

    /// The role comes first, once for each choice.
    fn role(&mut self, index: u32, pen: &mut Pen<'_>) {
        if std::mem::replace(&mut self.choice(index).has_role, true) {
            return;
        }
        let role = |json: &mut Json<'_>| {
            json.text("role", "assistant").text("content", "").null("refusal");
        };
        self.chunk(index, pen, role, None, None);
    }

    fn text(&mut self, at: At, part: Part, text: &str, pen: &mut Pen<'_>) {
        self.role(at.choice, pen);
        let is_whole = pen.is_whole();
        if is_whole {
            pen.hold(text.len());
        }
        let choice = self.choice(at.choice);
        let key = match part {
            Part::Text => {
                let more = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                choice.text_len = choice.text_len.saturating_add(more);
                if is_whole {
                    choice.content.get_or_insert_default().push_str(text);
                }
                "content"
            }
            Part::Thinking => {
                if is_whole {
                    choice.reasoning.push_str(text);
                }
                "reasoning_content"
            }
            Part::Refusal => {
                if is_whole {
                    choice.refusal.get_or_insert_default().push_str(text);
                }
                "refusal"
            }
            Part::Call(index, kind) => return self.arguments(at.choice, index, kind, text, pen),
            Part::Other => return,
        };
        self.chunk(
            at.choice,
            pen,
            |json| {
                json.text(key, text);
            },
            None,
            None,
        );
    }

    fn call(&mut self, at: At, head: &ToolHead, pen: &mut Pen<'_>) -> Part {
        self.role(at.choice, pen);
        if head.namespace.is_some() {
            pen.losses.dropped("tool_call.namespace", "Chat has no groups of tools");
        }
        let id = head.id.clone().unwrap_or_else(|| call_id(DialectId::Chat, &pen.stem, at));
        let is_whole = pen.is_whole();
        if is_whole {
            pen.hold(head.name.len() + id.len());
        }
        let choice = self.choice(at.choice);
        let index = choice.calls;
        choice.calls += 1;
        if is_whole {
            let (id, head) = (id.clone(), head.clone());
            choice.tool_calls.push(Call { id, head, arguments: String::new(), signature: None });
        }
        self.fragment(at.choice, index, pen, |json| {
            json.text("id", &id);
            call_members(json, head, "");
        });
        Part::Call(index, head.kind)
    }

    fn arguments(
        &mut self,
        choice: u32,
        index: u32,
        kind: ToolKind,
        text: &str,
        pen: &mut Pen<'_>,
    ) {
        if let Some(call) = self.choice(choice).tool_calls.get_mut(index as usize) {
            call.arguments.push_str(text);
        }
        self.fragment(choice, index, pen, |json| {
            let (outer, inner) = call_keys(kind);
            json.object(outer, |json| {
                json.text(inner, text);
            });
        });
    }

    fn signature(&mut self, choice: u32, index: u32, value: &str, pen: &mut Pen<'_>) {
        if let Some(call) = self.choice(choice).tool_calls.get_mut(index as usize) {
            call.signature = Some(value.to_owned());
        }
        self.fragment(choice, index, pen, |json| signature_member(json, value));
    }

    fn annotation(&mut self, choice: u32, annotation: String, pen: &mut Pen<'_>) {
        self.role(choice, pen);
        let one = list([&annotation]);
        if pen.is_whole() {
            pen.hold(annotation.len());
            self.choice(choice).annotations.push(annotation);
        }
        self.chunk(
            choice,
            pen,
            |json| {
                json.raw_compact("annotations", &one);
            },
            None,
            None,
        );
    }

    fn logprobs(&mut self, choice: u32, part: Part, logprobs: &[Logprob], pen: &mut Pen<'_>) {
        if pen.is_whole() {
            pen.hold(logprobs.iter().map(Logprob::size).sum());
            let state = self.choice(choice);
            match part {
                Part::Refusal => state.refusal_logprobs.extend_from_slice(logprobs),
                _ => state.logprobs.extend_from_slice(logprobs),
            }
        }
        let (said, refused) = match part {
            Part::Refusal => (&[][..], logprobs),
            _ => (logprobs, &[][..]),
        };
        self.chunk(choice, pen, |_| {}, Some(&logprobs_object(said, refused)), None);
    }

    /// A member of the message that came in this dialect: `audio`, `images`.
    fn own(&mut self, choice: u32, kind: &str, raw: &str, pen: &mut Pen<'_>) {
        self.role(choice, pen);
        if pen.is_whole() {
            pen.hold(raw.len());
            self.choice(choice).own(kind, raw);
        }
        self.chunk(
            choice,
            pen,
            |json| {
                json.raw_compact(kind, raw);
            },
            None,
            None,
        );
    }

    fn fragment(
        &self,
        choice: u32,
        index: u32,
        pen: &mut Pen<'_>,
        fill: impl FnOnce(&mut Json<'_>),
    ) {
        let call = object_text(|json| {
            json.number("index", index);
            fill(json);
        });
        let calls = list([&call]);
        self.chunk(
            choice,
            pen,
            |json| {
                json.raw_compact("tool_calls", &calls);
            },
            None,
            None,
        );
    }

    /// One chunk with one choice. Nothing in one piece.
    fn chunk(
        &self,
        choice: u32,
        pen: &mut Pen<'_>,
        delta: impl FnOnce(&mut Json<'_>),
        logprobs: Option<&str>,
        finish: Option<&str>,
    ) {
        if pen.is_whole() {
            return;
        }
        let entry = object_text(|json| {
            json.number("index", choice)
                .object("delta", delta)
                .raw_compact("logprobs", logprobs.unwrap_or("null"))
                .text_or_null("finish_reason", finish);
        });
        let chunk = object_text(|json| {
            self.head(json, pen.intent, "chat.completion.chunk");
            json.raw_compact("choices", &list([&entry]));
            if pen.intent.include_usage {
                json.null("usage");
            }
        });
        pen.data(&chunk);
    }

    fn head(&self, json: &mut Json<'_>, intent: &AnswerIntent, object: &str) {
        json.text("id", &self.id)
            .text("object", object)
            .number("created", u64::try_from(intent.created).unwrap_or_default())
            .text("model", &self.model);
    }

    fn body(&mut self, pen: &mut Pen<'_>) {
        let choices: Vec<String> =
            self.choices.iter().map(|(index, choice)| choice.body(*index)).collect();
        let body = object_text(|json| {
            self.head(json, pen.intent, "chat.completion");
            json.raw_compact("choices", &list(&choices));
            if let Some(usage) = &self.usage {
                json.object("usage", |json| write_usage(json, usage, pen.losses));
            }
        });
        pen.out.extend_from_slice(body.as_bytes());
    }
}
