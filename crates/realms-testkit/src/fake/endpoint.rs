//! What a good upstream answers on each path.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Method, StatusCode};
use realms_types::DialectId;
use serde_json::{Value, json};

use super::object::{Objects, page};
use crate::{Answer, Received, Turn, error_body, reply::Content};

/// One request and what is needed to answer it.
pub(super) struct Desk<'a> {
    pub(super) answer: &'a Answer,
    pub(super) received: &'a Received,
    pub(super) objects: &'a mut Objects,
    pub(super) address: SocketAddr,
}

/// A vector of three numbers, and the same as the base64 of its little-endian `f32`s.
const VECTOR: [f32; 3] = [0.25, -0.5, 1.0];
const VECTOR_BASE64: &str = "AACAPgAAAL8AAIA/";
/// The start of an MP3 file, with bytes that are no UTF-8.
const AUDIO: &[u8] = b"ID3\x04\x00\xff\xfb\x90\x00\x00\x80";
const MODELS: [&str; 3] = ["gpt-5.2", "claude-opus-4-5", "gemini-3-pro"];

/// Signs of life in the form of the path's dialect.
pub(super) fn pings(count: usize, received: &Received) -> Vec<Bytes> {
    let ping: &[u8] = match received.dialect() {
        DialectId::Messages => b"event: ping\ndata: {\"type\": \"ping\"}\n\n",
        _ => b": keep-alive\n\n",
    };
    vec![Bytes::from_static(ping); count]
}

// === impl Desk ===

impl Desk<'_> {
    pub(super) fn content(&mut self) -> Content {
        let resource = self.received.resource().to_owned();
        let segments: Vec<&str> = resource.split('/').collect();
        let found = match segments[..] {
            ["responses", ..] => self.responses(&segments[1..]),
            ["chat", "completions", ..] => self.chat(&segments[2..]),
            ["messages", ..] => self.messages(&segments[1..]),
            ["models", ..] => self.models(&segments[1..]),
            _ => self.pass_through(&resource),
        };
        found.unwrap_or_else(|| {
            let body = error_body(self.received.dialect(), StatusCode::NOT_FOUND);
            Content::json(&body).with_status(StatusCode::NOT_FOUND)
        })
    }

    fn responses(&mut self, rest: &[&str]) -> Option<Content> {
        let method = self.received.method.as_str();
        let body = match (method, rest) {
            ("GET", []) if self.received.headers.contains_key("upgrade") => {
                return Some(Content::json(&json!({})).with_status(StatusCode::UPGRADE_REQUIRED));
            }
            ("POST", []) => {
                let turn = self.turn();
                if self.received.json()["store"] != false {
                    self.objects.keep(self.answer.body(DialectId::Responses, &turn));
                }
                return Some(self.say(DialectId::Responses, &turn));
            }
            ("POST", ["input_tokens"]) => {
                json!({"object": "response.input_tokens", "input_tokens": self.input_tokens()})
            }
            ("POST", ["compact"]) => self.compaction(),
            ("GET", [id]) => self.objects.find(id)?.clone(),
            ("DELETE", [id]) => {
                self.objects.remove(id)?;
                json!({"id": id, "object": "response", "deleted": true})
            }
            ("POST", [id, "cancel"]) => {
                let object = self.objects.find(id)?;
                object["status"] = json!("cancelled");
                object.clone()
            }
            ("GET", [id, "input_items"]) => {
                self.objects.find(id)?;
                page(&json!([{"id": format!("in_{id}"), "type": "message", "role": "user",
                    "content": [{"type": "input_text", "text": "…"}]}]))
            }
            _ => return None,
        };
        Some(Content::json(&body))
    }

    fn compaction(&mut self) -> Value {
        let turn = self.turn();
        let mut body = self.answer.body(DialectId::Responses, &turn);
        body["object"] = json!("response.compaction");
        body["output"] = json!([{"id": format!("cmp_{}", turn.serial), "type": "compaction",
            "encrypted_content": "c2VhbGVk"}]);
        body
    }

    fn chat(&mut self, rest: &[&str]) -> Option<Content> {
        let method = self.received.method.as_str();
        let body = match (method, rest) {
            ("POST", []) => {
                let turn = self.turn();
                if self.received.json()["store"] == true {
                    self.objects.keep(self.answer.body(DialectId::Chat, &turn));
                }
                return Some(self.say(DialectId::Chat, &turn));
            }
            ("GET", []) => self.objects.page("chat.completion"),
            ("GET", [id]) => self.objects.find(id)?.clone(),
            ("POST", [id]) => {
                let object = self.objects.find(id)?;
                object["metadata"] = self.received.json()["metadata"].clone();
                object.clone()
            }
            ("DELETE", [id]) => {
                self.objects.remove(id)?;
                json!({"id": id, "object": "chat.completion.deleted", "deleted": true})
            }
            ("GET", [id, "messages"]) => {
                self.objects.find(id)?;
                page(&json!([{"id": format!("{id}-0"), "role": "user", "content": "…"}]))
            }
            _ => return None,
        };
        Some(Content::json(&body))
    }

    fn messages(&mut self, rest: &[&str]) -> Option<Content> {
        let method = self.received.method.as_str();
        let body = match (method, rest) {
            ("POST", []) => {
                let turn = self.turn();
                return Some(self.say(DialectId::Messages, &turn));
            }
            ("POST", ["count_tokens"]) => json!({"input_tokens": self.input_tokens()}),
            ("POST", ["batches"]) => {
                let batch = self.batch();
                self.objects.keep(batch.clone());
                batch
            }
            ("GET", ["batches"]) => self.objects.page("batch"),
            ("GET", ["batches", id]) => self.objects.find(id)?.clone(),
            ("DELETE", ["batches", id]) => {
                self.objects.remove(id)?;
                json!({"id": id, "type": "message_batch_deleted"})
            }
            ("POST", ["batches", id, "cancel"]) => {
                let batch = self.objects.find(id)?;
                batch["processing_status"] = json!("canceling");
                batch.clone()
            }
            ("GET", ["batches", id, "results"]) => {
                self.objects.find(id)?;
                let message = self.answer.body(DialectId::Messages, &self.turn());
                let result = json!({"type": "succeeded", "message": message});
                let line = json!({"custom_id": "one", "result": result});
                return Some(Content::whole("application/x-jsonl", format!("{line}\n")));
            }
            _ => return None,
        };
        Some(Content::json(&body))
    }

    /// A finished batch; its results lie at an absolute URL of this server, as at the vendor.
    fn batch(&mut self) -> Value {
        let id = format!("msgbatch_{}", self.serial());
        let results = format!("http://{}/v1/messages/batches/{id}/results", self.address);
        json!({
            "id": id,
            "type": "message_batch",
            "object": "batch",
            "processing_status": "ended",
            "request_counts": {"processing": 0, "succeeded": 1, "errored": 0, "canceled": 0,
                "expired": 0},
            "created_at": "2026-11-18T14:13:20Z",
            "expires_at": "2026-11-19T14:13:20Z",
            "ended_at": "2026-11-18T14:13:21Z",
            "archived_at": null,
            "cancel_initiated_at": null,
            "results_url": results,
        })
    }

    fn models(&mut self, rest: &[&str]) -> Option<Content> {
        let body = match (&self.received.method, rest) {
            (&Method::GET, []) => self.model_list(),
            (&Method::GET, [id]) => self.model(id),
            (&Method::POST, [act]) => return self.gemini(act.split_once(':')?.1),
            _ => return None,
        };
        Some(Content::json(&body))
    }

    fn gemini(&mut self, act: &str) -> Option<Content> {
        let embedding = json!({"values": VECTOR});
        let body = match act {
            "generateContent" | "streamGenerateContent" => {
                let turn = self.turn();
                return Some(self.say(DialectId::Gemini, &turn));
            }
            "countTokens" => json!({"totalTokens": self.input_tokens()}),
            "embedContent" => json!({"embedding": embedding}),
            "batchEmbedContents" => {
                let count = self.received.json()["requests"].as_array().map_or(1, Vec::len);
                json!({"embeddings": vec![embedding; count]})
            }
            _ => return None,
        };
        Some(Content::json(&body))
    }

    fn model_list(&self) -> Value {
        let models: Vec<_> = MODELS.iter().map(|id| self.model(id)).collect();
        if self.is_google() { json!({"models": models}) } else { page(&json!(models)) }
    }

    fn model(&self, id: &str) -> Value {
        if self.is_google() {
            json!({"name": format!("models/{id}"), "displayName": id,
                "supportedGenerationMethods": ["generateContent", "countTokens"]})
        } else if self.received.headers.contains_key("anthropic-version") {
            json!({"type": "model", "id": id, "display_name": id,
                "created_at": "2026-11-18T14:13:20Z"})
        } else {
            json!({"id": id, "object": "model", "created": 1_795_011_200, "owned_by": "fake"})
        }
    }

    fn is_google(&self) -> bool {
        self.received.path.starts_with("/v1beta/")
            || self.received.headers.contains_key("x-goog-api-key")
    }

    /// Paths that belong to no dialect.
    fn pass_through(&mut self, resource: &str) -> Option<Content> {
        let asked = self.received.json();
        let model = self.received.model();
        let input_tokens = self.input_tokens();
        let usage = json!({"prompt_tokens": input_tokens, "total_tokens": input_tokens});
        let body = match resource {
            "embeddings" => {
                let vector = match asked["encoding_format"].as_str() {
                    Some("base64") => json!(VECTOR_BASE64),
                    _ => json!(VECTOR),
                };
                let data = json!({"object": "embedding", "index": 0, "embedding": vector});
                json!({"object": "list", "data": [data], "model": model, "usage": usage})
            }
            "completions" => return Some(self.completion()),
            "moderations" => json!({"id": "modr_1", "model": model,
                "results": [{"flagged": false, "categories": {}, "category_scores": {}}]}),
            "rerank" => json!({"results": [{"index": 0, "relevance_score": 0.9}], "usage": usage}),
            "images/generations" | "images/edits" | "images/variations" => {
                json!({"created": 1_795_011_200, "data": [{"b64_json": "aW1hZ2U="}],
                    "usage": {"input_tokens": input_tokens, "output_tokens": 4,
                        "total_tokens": input_tokens + 4}})
            }
            "audio/transcriptions" | "audio/translations" => {
                json!({"text": "Hello from the fake upstream."})
            }
            "audio/speech" => return Some(Content::whole("audio/mpeg", AUDIO)),
            _ => return None,
        };
        (self.received.method == Method::POST).then(|| Content::json(&body))
    }

    /// The text completions that came before Chat.
    fn completion(&mut self) -> Content {
        let turn = self.turn();
        let chat = self.answer.body(DialectId::Chat, &turn);
        let object = json!({
            "id": format!("cmpl_{}", turn.serial),
            "object": "text_completion",
            "created": chat["created"],
            "model": turn.model,
            "choices": [{"index": 0, "text": chat["choices"][0]["message"]["content"],
                "logprobs": null, "finish_reason": "stop"}],
            "usage": chat["usage"],
        });
        if self.received.wants_stream() {
            Content::stream(vec![
                format!("data: {object}\n\n").into(),
                Bytes::from_static(b"data: [DONE]\n\n"),
            ])
        } else {
            Content::json(&object)
        }
    }

    /// The answer, streamed or whole as the request asks.
    fn say(&self, dialect: DialectId, turn: &Turn) -> Content {
        if !self.received.wants_stream() {
            return Content::json(&self.answer.body(dialect, turn));
        }
        if dialect == DialectId::Gemini && self.received.query_value("alt") != Some("sse") {
            return Content {
                media_type: "application/json",
                ..Content::stream(self.answer.array_pieces(turn))
            };
        }
        Content::stream(self.answer.frames(dialect, turn))
    }

    fn turn(&mut self) -> Turn {
        Turn {
            serial: self.serial(),
            model: self.received.model().unwrap_or_default(),
            include_usage: self.received.json()["stream_options"]["include_usage"] == true,
        }
    }

    /// Unlike that of any other object, of this fake or of another.
    fn serial(&mut self) -> String {
        format!("{}x{}", self.address.port(), self.objects.next_serial())
    }

    fn input_tokens(&self) -> u64 {
        self.answer.usage().total_input()
    }
}
