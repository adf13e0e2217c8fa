//! A good answer, told once and rendered in any of the four dialects, streamed or whole.

mod chat;
mod gemini;
mod messages;
mod responses;

use bytes::Bytes;
use realms_types::{DialectId, Usage};
use serde_json::{Value, json};

/// What a model says: perhaps a thought, a text, perhaps calls of tools.
#[derive(Debug, Clone)]
pub struct Answer {
    reasoning: Option<String>,
    deltas: Vec<String>,
    tools: Vec<ToolCall>,
    usage: Option<Usage>,
    ending: Ending,
}

/// A tool the model wants called.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolCall {
    /// The tool's name as the client declared it.
    pub name: String,
    /// Its arguments, an object; the text itself when `custom`.
    pub arguments: Value,
    /// A free-form tool (`custom_tool_call` of Responses): its input is text, not JSON.
    pub custom: bool,
}

/// Why the model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ending {
    /// It had said all (or wants a tool called).
    #[default]
    Complete,
    /// It ran into the output limit.
    OutputLimit,
    /// It said this, which the client had named as a stop sequence. Only Messages tells.
    StopSequence(&'static str),
}

/// What a rendering needs besides the answer.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Makes the object's id unique: `resp_{serial}`, `msg_{serial}`, …
    pub serial: String,
    /// The model's name to show.
    pub model: String,
    /// Whether a Chat stream ends with usage (`stream_options.include_usage`).
    pub include_usage: bool,
}

/// The time of creation in every answer, in seconds; fixed, so that answers can be compared.
const CREATED: i64 = 1_795_011_200;

// === impl Answer ===

impl Answer {
    /// What an answer costs unless a test says otherwise: every bucket that all dialects can tell.
    pub const USAGE: Usage = Usage {
        input: 21,
        cache_read: 84,
        cache_write_5m: 0,
        cache_write_1h: 0,
        output: 17,
        reasoning: 5,
        audio_input: 0,
        audio_output: 0,
        image_input: 0,
        image_output: 0,
        tool_calls: 0,
        images: 0,
    };

    /// An answer in words; streams send it word by word.
    pub fn text(text: &str) -> Self {
        Self {
            reasoning: None,
            deltas: text.split_inclusive(' ').map(str::to_owned).collect(),
            tools: Vec::new(),
            usage: Some(Self::USAGE),
            ending: Ending::Complete,
        }
    }

    /// An answer that only wants a tool called; [`Answer::with_tool`] adds more.
    pub fn calls(tool: ToolCall) -> Self {
        Self::text("").with_tool(tool)
    }

    /// Adds a call of a tool behind the text and behind the calls that are there: they run in parallel.
    #[must_use]
    pub fn with_tool(mut self, tool: ToolCall) -> Self {
        self.tools.push(tool);
        self
    }

    /// Sets the pieces in which the text is streamed.
    #[must_use]
    pub fn in_deltas<S: Into<String>>(self, deltas: impl IntoIterator<Item = S>) -> Self {
        Self { deltas: deltas.into_iter().map(Into::into).collect(), ..self }
    }

    /// Adds a thought in front of the text.
    #[must_use]
    pub fn with_reasoning(self, thought: &str) -> Self {
        Self { reasoning: Some(thought.to_owned()), ..self }
    }

    /// Sets the usage; each dialect tells it by its own convention. Cache writes are told apart by
    /// Messages only, counted as input by Gemini.
    #[must_use]
    pub fn with_usage(self, usage: Usage) -> Self {
        Self { usage: Some(usage), ..self }
    }

    /// Leaves the usage out.
    #[must_use]
    pub fn without_usage(self) -> Self {
        Self { usage: None, ..self }
    }

    /// Sets why the model stopped.
    #[must_use]
    pub fn ending(self, ending: Ending) -> Self {
        Self { ending, ..self }
    }

    /// The stream, event by event, each with its blank line.
    pub fn frames(&self, dialect: DialectId, turn: &Turn) -> Vec<Bytes> {
        match dialect {
            DialectId::Responses => responses::frames(self, turn),
            DialectId::Chat => chat::frames(self, turn),
            DialectId::Messages => messages::frames(self, turn),
            DialectId::Gemini => gemini::frames(self, turn),
        }
    }

    /// The whole answer as one JSON object.
    pub fn body(&self, dialect: DialectId, turn: &Turn) -> Value {
        match dialect {
            DialectId::Responses => responses::body(self, turn),
            DialectId::Chat => chat::body(self, turn),
            DialectId::Messages => messages::body(self, turn),
            DialectId::Gemini => gemini::body(self, turn),
        }
    }

    /// Gemini's stream without `alt=sse`: the pieces of one JSON array.
    pub fn array_pieces(&self, turn: &Turn) -> Vec<Bytes> {
        gemini::array_pieces(self, turn)
    }

    /// The usage it tells; zero when it tells none.
    pub fn usage(&self) -> Usage {
        self.usage.unwrap_or_default()
    }

    fn whole_text(&self) -> String {
        self.deltas.concat()
    }
}

impl Default for Answer {
    fn default() -> Self {
        Self::text("Hello from the fake upstream.")
    }
}

// === impl ToolCall ===

impl ToolCall {
    /// A call of a function with JSON arguments.
    pub fn function(name: &str, arguments: Value) -> Self {
        Self { name: name.to_owned(), arguments, custom: false }
    }

    /// A call of a free-form tool.
    pub fn custom(name: &str, input: &str) -> Self {
        Self { name: name.to_owned(), arguments: json!(input), custom: true }
    }

    /// The arguments as the text that is streamed.
    fn arguments_text(&self) -> String {
        text_of(&self.arguments)
    }

    fn fragments(&self) -> [String; 2] {
        fragments(&self.arguments)
    }
}

// === impl Turn ===

impl Turn {
    /// A turn of a model, for tests that render answers themselves.
    pub fn of(model: &str) -> Self {
        Self { serial: "0".to_owned(), model: model.to_owned(), include_usage: true }
    }

    /// The id of an answer's call of this number, from 0.
    fn id(&self, prefix: &str, number: usize) -> String {
        match number {
            0 => format!("{prefix}_{}", self.serial),
            _ => format!("{prefix}_{}_{number}", self.serial),
        }
    }
}

/// Arguments as text; a custom tool's are text already.
fn text_of(arguments: &Value) -> String {
    arguments.as_str().map_or_else(|| arguments.to_string(), str::to_owned)
}

/// The arguments' text in two fragments, cut where no character breaks.
fn fragments(arguments: &Value) -> [String; 2] {
    let text = text_of(arguments);
    let (head, tail) = text.split_at(text.ceil_char_boundary(text.len() / 2));
    [head.to_owned(), tail.to_owned()]
}

/// An SSE event without a name.
fn data(value: &Value) -> Bytes {
    format!("data: {value}\n\n").into()
}

/// An SSE event named by its `type`.
fn named(value: &Value) -> Bytes {
    format!("event: {}\ndata: {value}\n\n", value["type"].as_str().unwrap_or_default()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames_of;

    fn rich() -> Answer {
        Answer::text("Two words.")
            .with_reasoning("Hm.")
            .with_tool(ToolCall::function("weather", json!({"city": "Zürich"})))
    }

    /// The JSON of every data line.
    fn events(frames: &[Bytes]) -> Vec<Value> {
        let text = String::from_utf8(frames.concat()).unwrap();
        let lines = text.lines().filter_map(|line| line.strip_prefix("data: "));
        lines.filter(|line| *line != "[DONE]").map(|l| serde_json::from_str(l).unwrap()).collect()
    }

    #[test]
    fn every_frame_is_one_event() {
        for dialect in DialectId::ALL {
            let frames = rich().frames(dialect, &Turn::of("m"));
            let stream = Bytes::from(frames.concat());
            assert_eq!(frames_of(&stream), frames, "{dialect}");
        }
    }

    #[test]
    fn a_stream_ends_with_the_object_that_is_the_whole_answer() {
        let turn = Turn::of("m");
        let events = events(&rich().frames(DialectId::Responses, &turn));
        let last = events.last().unwrap();
        assert_eq!(last["type"], "response.completed");
        assert_eq!(last["response"], rich().body(DialectId::Responses, &turn));
        for (number, event) in events.iter().enumerate() {
            assert_eq!(event["sequence_number"], number);
        }
    }

    #[test]
    fn calls_at_the_same_time_have_ids_of_their_own() {
        let call = |city: &str| ToolCall::function("weather", json!({ "city": city }));
        let answer = Answer::calls(call("Ulm")).with_tool(call("Bonn"));
        let turn = Turn::of("m");
        let chat = answer.body(DialectId::Chat, &turn);
        let calls = chat["choices"][0]["message"]["tool_calls"].as_array().unwrap();
        assert_eq!((&calls[0]["id"], &calls[1]["id"]), (&json!("call_0"), &json!("call_0_1")));
        let messages = answer.body(DialectId::Messages, &turn);
        assert_eq!(messages["content"][1]["input"]["city"], "Bonn");
        assert_eq!(messages["content"][1]["id"], "toolu_0_1");
        let responses = answer.body(DialectId::Responses, &turn);
        assert_eq!(responses["output"][1]["call_id"], "call_0_1");
        let gemini = answer.body(DialectId::Gemini, &turn);
        let parts = gemini["candidates"][0]["content"]["parts"].as_array().unwrap();
        assert_eq!(parts.len(), 2);
        assert!(parts[1].get("thoughtSignature").is_none(), "the first of them carries it");
        let streamed = events(&answer.frames(DialectId::Messages, &turn));
        let pieces = streamed.iter().filter(|event| event["index"] == 1);
        let pieces = pieces.filter_map(|event| event["delta"]["partial_json"].as_str());
        assert_eq!(pieces.collect::<String>(), r#"{"city":"Bonn"}"#);
    }

    #[test]
    fn only_messages_tells_what_stopped_it() {
        let body = |dialect| {
            Answer::text("x").ending(Ending::StopSequence("END")).body(dialect, &Turn::of("m"))
        };
        let messages = body(DialectId::Messages);
        assert_eq!(messages["stop_reason"], "stop_sequence");
        assert_eq!(messages["stop_sequence"], "END");
        assert_eq!(body(DialectId::Chat)["choices"][0]["finish_reason"], "stop");
        assert_eq!(body(DialectId::Gemini)["candidates"][0]["finishReason"], "STOP");
        assert_eq!(body(DialectId::Responses)["status"], "completed");
    }

    #[test]
    fn each_dialect_tells_the_same_usage_by_its_own_convention() {
        let usage = Usage { cache_write_5m: 3, cache_write_1h: 2, ..Answer::USAGE };
        let body = |dialect| Answer::text("x").with_usage(usage).body(dialect, &Turn::of("m"));
        let responses = &body(DialectId::Responses)["usage"];
        assert_eq!(responses["input_tokens"], usage.total_input());
        assert_eq!(responses["input_tokens_details"]["cached_tokens"], usage.cache_read);
        let chat = &body(DialectId::Chat)["usage"];
        assert_eq!(chat["prompt_tokens"], usage.total_input());
        assert_eq!(chat["total_tokens"], usage.total());
        let messages = &body(DialectId::Messages)["usage"];
        assert_eq!(messages["input_tokens"], usage.input);
        assert_eq!(messages["cache_creation_input_tokens"], 5);
        assert_eq!(messages["cache_creation"]["ephemeral_1h_input_tokens"], 2);
        let gemini = &body(DialectId::Gemini)["usageMetadata"];
        assert_eq!(gemini["candidatesTokenCount"], usage.output - usage.reasoning);
        assert_eq!(gemini["totalTokenCount"], usage.total());
    }

    #[test]
    fn usage_can_be_missing_everywhere() {
        for dialect in DialectId::ALL {
            let answer = Answer::text("x").without_usage();
            let frames = answer.frames(dialect, &Turn::of("m")).concat();
            let text = String::from_utf8(frames).unwrap();
            assert!(!text.contains("_tokens\":1") && !text.contains("TokenCount"), "{text}");
        }
    }
}
