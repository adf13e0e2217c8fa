//! How the answer to a translated call becomes its client's.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use realms_dialect::{
    AnswerIntent, Delivery, EmbeddingShape, Framer, JsonArrayFramer, Limits, Losses, SseFramer,
    read_embeddings, read_token_count, render_embeddings, render_token_count,
};
use realms_types::{Cause, DialectId, Scope, Verdict};

use super::{
    Meaning,
    interpreter::{Failed, Interpreter},
};
use crate::{
    GeminiAction, Operation, Relay,
    call::Call,
    opening::{Answer, Content, Opening, Refusal},
    plan::Plan,
    record::{expected_input, text_length},
};

/// What is to be made of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Return {
    upstream: DialectId,
    client: DialectId,
    form: Form,
    text_len: usize,
    frame_bytes: usize,
}

#[derive(Debug, Clone)]
enum Form {
    Answer(Box<AnswerIntent>),
    Count,
    Embed { shape: EmbeddingShape, model: String },
}

// === impl Return ===

impl Return {
    pub(super) fn of(
        relay: &Relay,
        call: &Call,
        plan: &Plan,
        meaning: &Meaning,
        upstream: DialectId,
    ) -> Self {
        let form = match meaning {
            Meaning::Answer(prompt) => Form::Answer(Box::new(AnswerIntent {
                delivery: delivery(call, plan.intent.stream),
                request_id: call.meta.shown.to_string(),
                created: relay.clock.now().as_secs(),
                model: Some(plan.model_name().to_owned()),
                estimated_input: expected_input(call),
                ..AnswerIntent::of(prompt, &call.body)
            })),
            Meaning::Count(_) => Form::Count,
            Meaning::Embed(prompt) => Form::Embed {
                shape: shape(call, prompt.encoding.as_ref().map(|at| at.value.as_str())),
                model: plan.model_name().to_owned(),
            },
        };
        Self {
            upstream,
            client: call.operation.dialect(),
            form,
            text_len: text_length(call),
            frame_bytes: relay.limits.frame_bytes,
        }
    }

    fn interpreter(&self, intent: &AnswerIntent, framer: Framer) -> Interpreter {
        Interpreter::new(self.upstream, self.client, intent.clone(), framer, self.text_len)
    }

    fn framer(&self, is_array: bool) -> Framer {
        let limits = Limits { line: self.frame_bytes, frame: self.frame_bytes };
        if is_array {
            Framer::JsonArray(JsonArrayFramer::with_limits(limits))
        } else {
            Framer::Sse(SseFramer::with_limits(limits))
        }
    }

    /// A whole answer as the client gets it.
    fn whole(&self, body: &Bytes) -> Result<(Bytes, Losses, &'static str), Failed> {
        let none = |what: &str| Failed { detail: format!("it has no {what}"), is_models: false };
        match &self.form {
            Form::Answer(intent) => {
                let mut interpreter = self.interpreter(intent, self.framer(false));
                let (out, failed) = interpreter.body(body);
                match failed {
                    Some(failed) => Err(failed),
                    None => Ok((out, interpreter.losses().clone(), kind_of(intent.delivery))),
                }
            }
            Form::Count => {
                let count = read_token_count(self.upstream, body);
                let out = count.and_then(|count| render_token_count(self.client, count));
                out.map(|out| (out, Losses::default(), JSON)).ok_or_else(|| none("count"))
            }
            Form::Embed { shape, model } => {
                let mut losses = Losses::default();
                let vectors = read_embeddings(self.upstream, body);
                let out = vectors
                    .and_then(|vectors| render_embeddings(&vectors, *shape, model, &mut losses));
                out.map(|out| (out, losses, JSON)).ok_or_else(|| none("vectors"))
            }
        }
    }
}

/// Makes the client's answer of an upstream's, or begins to. Nothing has gone out yet: what cannot be
/// said in the client's dialect is no answer, and another candidate may do better.
pub(crate) fn receive(opening: Opening, back: &Return) -> Opening {
    let answer = match opening {
        Opening::Answer(answer) => answer,
        refusal @ Opening::Refusal(_) => return refusal,
    };
    let Answer { content, tap, .. } = answer;
    let done = |content, kind, losses, interpreter| {
        let headers =
            HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))]);
        let status = StatusCode::OK;
        Opening::Answer(Answer { status, headers, content, tap, interpreter, losses })
    };
    match (content, &back.form) {
        (Content::Whole(body), _) => match back.whole(&body) {
            Ok((out, losses, kind)) => done(Content::Whole(out), kind, losses, None),
            Err(failed) => refused(&failed),
        },
        (Content::Frames { framer, held, rest }, Form::Answer(intent)) => {
            let interpreter = back.interpreter(intent, back.framer(framer.is_json_array()));
            let content = Content::Frames { framer, held, rest };
            let kind = kind_of(intent.delivery);
            done(content, kind, Losses::default(), Some(Box::new(interpreter)))
        }
        (Content::Frames { .. } | Content::Through { .. }, _) => {
            let detail = "it is too large to be translated, or of a type that cannot be".to_owned();
            refused(&Failed { detail, is_models: false })
        }
    }
}

fn refused(failed: &Failed) -> Opening {
    let scope = if failed.is_models { Scope::Request } else { Scope::Endpoint };
    Opening::Refusal(Refusal {
        verdict: Verdict::Retry { scope, cause: Cause::NotAnAnswer, until: None },
        words: None,
        detail: format!("answered 200, and the answer cannot be translated: {}", failed.detail),
        seen: None,
        ailment: None,
    })
}

const JSON: &str = "application/json";

const fn kind_of(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Whole | Delivery::Array => JSON,
        Delivery::Events => "text/event-stream",
    }
}

fn delivery(call: &Call, stream: bool) -> Delivery {
    let asks_for_events = || {
        let query = call.query.as_deref().unwrap_or_default();
        query.split('&').any(|pair| pair == "alt=sse")
    };
    match call.operation {
        _ if !stream => Delivery::Whole,
        Operation::Gemini { .. } if !asks_for_events() => Delivery::Array,
        _ => Delivery::Events,
    }
}

fn shape(call: &Call, encoding: Option<&str>) -> EmbeddingShape {
    match call.operation {
        Operation::Gemini { action: GeminiAction::BatchEmbed, .. } => EmbeddingShape::Batch,
        Operation::Gemini { .. } => EmbeddingShape::One,
        _ => EmbeddingShape::List { packed: encoding == Some("base64") },
    }
}
