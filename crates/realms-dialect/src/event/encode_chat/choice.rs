//! A choice of a completion in one piece.

use super::super::{
    Logprob, ToolHead, ToolKind,
    write::{Json, list, object_text},
};

/// A choice: what of it was told, and in one piece what it says.
#[derive(Debug, Default)]
pub(super) struct Choice {
    pub(super) has_role: bool,
    pub(super) calls: u32,
    pub(super) text_len: u32,
    pub(super) content: Option<String>,
    pub(super) reasoning: String,
    pub(super) refusal: Option<String>,
    pub(super) tool_calls: Vec<Call>,
    pub(super) annotations: Vec<String>,
    pub(super) logprobs: Vec<Logprob>,
    pub(super) refusal_logprobs: Vec<Logprob>,
    /// Members that only this dialect has, as they came.
    own: Vec<(String, String)>,
    pub(super) finish: Option<&'static str>,
}

#[derive(Debug)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) head: ToolHead,
    pub(super) arguments: String,
    pub(super) signature: Option<String>,
}

// === impl Choice ===

impl Choice {
    /// Keeps a member. Pictures come one by one and are one list.
    pub(super) fn own(&mut self, kind: &str, raw: &str) {
        let known = self.own.iter_mut().find(|(known, _)| known == kind);
        match (known, raw.strip_prefix('[')) {
            (Some((_, list)), Some(more)) if list.ends_with(']') => {
                list.pop();
                list.push(',');
                list.push_str(more);
            }
            (Some((_, last)), _) => raw.clone_into(last),
            (None, _) => self.own.push((kind.to_owned(), raw.to_owned())),
        }
    }

    pub(super) fn body(&self, index: u32) -> String {
        object_text(|json| {
            json.number("index", index).object("message", |json| self.message(json));
            match (self.logprobs.as_slice(), self.refusal_logprobs.as_slice()) {
                ([], []) => json.null("logprobs"),
                (said, refused) => json.raw_compact("logprobs", &logprobs_object(said, refused)),
            };
            json.text_or_null("finish_reason", self.finish);
        })
    }

    fn message(&self, json: &mut Json<'_>) {
        json.text("role", "assistant").text_or_null("content", self.content.as_deref());
        if !self.reasoning.is_empty() {
            json.text("reasoning_content", &self.reasoning);
        }
        json.text_or_null("refusal", self.refusal.as_deref());
        if !self.annotations.is_empty() {
            json.raw_compact("annotations", &list(&self.annotations));
        }
        for (key, raw) in &self.own {
            json.raw_compact(key, raw);
        }
        let calls: Vec<String> = self.tool_calls.iter().map(Call::body).collect();
        if !calls.is_empty() {
            json.raw_compact("tool_calls", &list(&calls));
        }
    }
}

// === impl Call ===

impl Call {
    fn body(&self) -> String {
        object_text(|json| {
            json.text("id", &self.id);
            call_members(json, &self.head, &self.arguments);
            if let Some(signature) = &self.signature {
                signature_member(json, signature);
            }
        })
    }
}

pub(super) fn call_keys(kind: ToolKind) -> (&'static str, &'static str) {
    match kind {
        ToolKind::Function => ("function", "arguments"),
        ToolKind::Custom => ("custom", "input"),
    }
}

pub(super) fn call_members(json: &mut Json<'_>, head: &ToolHead, arguments: &str) {
    let (outer, inner) = call_keys(head.kind);
    json.text("type", outer).object(outer, |json| {
        json.text("name", &head.name).text(inner, arguments);
    });
}

pub(super) fn signature_member(json: &mut Json<'_>, value: &str) {
    json.object("extra_content", |json| {
        json.object("google", |json| {
            json.text("thought_signature", value);
        });
    });
}

pub(super) fn logprobs_object(said: &[Logprob], refused: &[Logprob]) -> String {
    object_text(|json| {
        for (key, entries) in [("content", said), ("refusal", refused)] {
            match entries {
                [] => json.null(key),
                entries => json.raw_compact(key, &Logprob::write_openai(entries)),
            };
        }
    })
}
