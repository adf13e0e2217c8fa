//! The content of Chat Completions: chunks and bodies, of OpenAI and of the many that copy it.

use super::{
    At, Citation, Delta, Foreign, Logprob, PartHead, Seal, SealKind, ThinkingForm, ToolHead,
    ToolKind,
    decode::{Progress, ReadAnswer},
    json_end::JsonEnd,
    object::Object,
    said::Said,
    steps::Steps,
    stop,
    write::compact,
};
use crate::{Frame, tap::raw::Raw};
use realms_types::DialectId;

/// How many calls of one choice are told apart. Beyond it the oldest is forgotten.
const MOST_CALLS: usize = 256;

/// How much of a call's arguments waits for its name, in bytes.
const MOST_WAITING: usize = 64 << 10;

/// Reads chunks.
#[derive(Debug, Default)]
pub(super) struct ChatReader {
    choices: Vec<ChatChoice>,
}

/// What of a choice is open.
#[derive(Debug, Default)]
struct ChatChoice {
    index: u32,
    /// The text, thinking or refusal being said.
    saying: Option<(Saying, At)>,
    calls: Vec<Call>,
}

/// What is being said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Saying {
    Text,
    Thinking,
    Refusal,
}

/// A call of a tool in the making.
#[derive(Debug)]
struct Call {
    index: Option<u32>,
    id: Option<String>,
    kind: ToolKind,
    /// Where it goes; none until it has a name.
    at: Option<At>,
    /// Arguments that came before the name, as WTF-8.
    waiting: Vec<u8>,
    end: JsonEnd,
}

/// A fragment of a call.
struct Fragment {
    index: Option<u32>,
    id: Option<String>,
    name: Option<String>,
    kind: ToolKind,
    arguments: Said<'static>,
    seal: Option<String>,
}

// === impl ChatReader ===

impl ReadAnswer for ChatReader {
    fn frame(&mut self, frame: &Frame<'_>, steps: &mut Steps) -> Progress {
        let data = frame.data();
        if data.trim_ascii() == b"[DONE]" {
            // Behind nothing at all it is the end of a stream that was none.
            return if steps.has_choices() { Progress::Over } else { Progress::Open };
        }
        if let Some(chunk) = Object::of_bytes(&data) {
            self.chunk(&chunk, steps);
        }
        Progress::Open
    }

    fn body(&mut self, body: &[u8], steps: &mut Steps) -> Progress {
        match Object::of_bytes(body).filter(|body| body.get("choices").is_some()) {
            Some(chunk) => self.chunk(&chunk, steps),
            None => return Progress::Open,
        }
        Progress::Over
    }

    /// Usage may follow the finish reason, so the end is `[DONE]`; many leave that out.
    fn is_whole(&self, steps: &Steps) -> bool {
        steps.all_stopped()
    }

    fn flush(&mut self, steps: &mut Steps) {
        for choice in &mut self.choices {
            choice.name_the_rest(steps);
        }
    }
}

impl ChatReader {
    fn chunk(&mut self, chunk: &Object<'_>, steps: &mut Steps) {
        for choice in chunk.objects("choices") {
            let index = choice.index("index").unwrap_or(0);
            steps.choice(index);
            let Some(state) = self.choice(index) else { continue };
            if let Some(delta) = choice.object("delta") {
                state.said(&delta, false, steps);
            } else if let Some(message) = choice.object("message") {
                state.said(&message, true, steps);
            }
            if let Some(logprobs) = choice.object("logprobs") {
                state.logprobs(&logprobs, steps);
            }
            if let Some(word) = choice.filled("finish_reason") {
                steps.stop(index, stop::read_chat(&word));
            }
        }
    }

    fn choice(&mut self, index: u32) -> Option<&mut ChatChoice> {
        let at = self.choices.iter().position(|choice| choice.index == index);
        let at = match at {
            Some(at) => at,
            None if self.choices.len() < 128 => {
                self.choices.push(ChatChoice { index, ..ChatChoice::default() });
                self.choices.len() - 1
            }
            None => return None,
        };
        self.choices.get_mut(at)
    }
}

// === impl ChatChoice ===

impl ChatChoice {
    /// A delta or a message, in the order in which a body has its members.
    fn said(&mut self, said: &Object<'_>, is_whole: bool, steps: &mut Steps) {
        let thought = said.said("reasoning_content").or_else(|| said.said("reasoning"));
        if let Some(thought) = thought {
            self.say(Saying::Thinking, &thought, steps);
        }
        match said.get("content") {
            Some(content) if content.json().starts_with('[') => self.content_parts(said, steps),
            _ => {
                if let Some(text) = said.said("content") {
                    self.say(Saying::Text, &text, steps);
                }
            }
        }
        for annotation in said.list("annotations") {
            self.cite(annotation, steps);
        }
        if let Some(refusal) = said.said("refusal") {
            self.say(Saying::Refusal, &refusal, steps);
        }
        if let Some(raw) = said.get("audio").filter(|raw| !raw.is_empty()) {
            self.foreign("audio", &compact(raw.json()), steps);
        }
        for image in said.list("images") {
            self.foreign("images", &format!("[{}]", compact(image.json())), steps);
        }
        for (place, call) in (0..).zip(said.objects("tool_calls")) {
            let fragment = Fragment::of(&call);
            // In a message each entry is a call of its own, though ids may repeat.
            let index = fragment.index.or(is_whole.then_some(place));
            self.fragment(Fragment { index, ..fragment }, place, steps);
        }
        if let Some(function) = said.object("function_call") {
            self.fragment(Fragment::of_function(&function), 0, steps);
        }
    }

    /// Mistral gives content as a list: texts, and thoughts that hold texts.
    fn content_parts(&mut self, said: &Object<'_>, steps: &mut Steps) {
        for raw in said.list("content") {
            let Some(part) = Object::of(raw) else { continue };
            match part.text("type").as_deref() {
                Some("thinking") => {
                    for thought in part.objects("thinking") {
                        let text = thought.said("text").unwrap_or_default();
                        self.say(Saying::Thinking, &text, steps);
                    }
                }
                Some("text" | "output_text") | None => {
                    let text = part.said("text").unwrap_or_default();
                    self.say(Saying::Text, &text, steps);
                }
                Some("refusal") => {
                    let text = part.said("refusal").unwrap_or_default();
                    self.say(Saying::Refusal, &text, steps);
                }
                Some(kind) => self.foreign(kind, &compact(raw.json()), steps),
            }
        }
    }

    /// Says more. Something else said before it is complete.
    fn say(&mut self, what: Saying, text: &Said<'_>, steps: &mut Steps) {
        if text.is_empty() {
            return;
        }
        let at = match self.saying {
            Some((saying, at)) if saying == what => Some(at),
            _ => {
                self.hush(steps);
                let head = match what {
                    Saying::Text => PartHead::Text,
                    Saying::Thinking => PartHead::Thinking(ThinkingForm::Full),
                    Saying::Refusal => PartHead::Refusal,
                };
                let at = steps.open(self.index, head);
                self.saying = at.map(|at| (what, at));
                at
            }
        };
        if let Some(at) = at {
            steps.say(at, text);
        }
    }

    fn hush(&mut self, steps: &mut Steps) {
        if let Some((_, at)) = self.saying.take() {
            steps.close(at);
        }
    }

    fn foreign(&mut self, kind: &str, raw: &str, steps: &mut Steps) {
        self.hush(steps);
        let (kind, raw) = (kind.to_owned(), raw.to_owned());
        let foreign = Foreign { dialect: DialectId::Chat, kind, raw };
        steps.foreign(self.index, foreign);
    }

    /// A source belongs to the text before it; some vendors send it before the text.
    fn cite(&mut self, annotation: Raw<'_>, steps: &mut Steps) {
        let Some(citation) = Citation::read_chat(annotation) else { return };
        if !matches!(self.saying, Some((Saying::Text, _))) {
            self.hush(steps);
            self.saying = steps.open(self.index, PartHead::Text).map(|at| (Saying::Text, at));
        }
        if let Some((_, at)) = self.saying {
            steps.delta(at, Delta::Citation(citation));
        }
    }

    fn logprobs(&mut self, logprobs: &Object<'_>, steps: &mut Steps) {
        let entries = match self.saying {
            Some((Saying::Text, _)) => logprobs.list("content"),
            Some((Saying::Refusal, _)) => logprobs.list("refusal"),
            Some((Saying::Thinking, _)) | None => return,
        };
        let entries = Logprob::read_openai(&entries);
        if let (Some((_, at)), false) = (self.saying, entries.is_empty()) {
            steps.delta(at, Delta::Logprobs(entries));
        }
    }

    fn fragment(&mut self, fragment: Fragment, place: u32, steps: &mut Steps) {
        self.hush(steps);
        let at = self.find(&fragment).unwrap_or_else(|| {
            self.close_whole(steps);
            if self.calls.len() == MOST_CALLS {
                self.calls.remove(0);
            }
            self.calls.push(Call::of(&fragment, place));
            self.calls.len() - 1
        });
        if let Some(call) = self.calls.get_mut(at) {
            call.take(self.index, fragment, steps);
        }
    }

    /// The call a fragment belongs to: by its index; where vendors give all calls the same index, or
    /// none, by its id; a fragment with neither continues the last call.
    fn find(&self, fragment: &Fragment) -> Option<usize> {
        let same_id = |call: &Call| match (&call.id, &fragment.id) {
            (Some(known), Some(id)) => known == id,
            (_, None) => true,
            (None, Some(_)) => call.at.is_none() || fragment.name.is_none(),
        };
        // Where nothing has an id, a name behind whole arguments begins the next call.
        let is_next =
            |call: &Call| fragment.id.is_none() && fragment.name.is_some() && call.end.is_whole();
        match (fragment.index, &fragment.id) {
            (Some(index), _) => {
                let same =
                    |call: &Call| call.index == Some(index) && same_id(call) && !is_next(call);
                self.calls.iter().rposition(same)
            }
            (None, Some(_)) => {
                self.calls.iter().rposition(|call| call.id.is_some() && same_id(call))
            }
            (None, None) if fragment.name.is_some() => None,
            (None, None) => self.calls.len().checked_sub(1),
        }
    }

    /// Ends calls whose arguments are whole, so that a client that takes parts one after the other
    /// gets the next at once. Those that are not stay open: their fragments may still come.
    fn close_whole(&mut self, steps: &mut Steps) {
        for call in self.calls.iter().filter(|call| call.end.is_whole()) {
            if let Some(at) = call.at {
                steps.close(at);
            }
        }
    }

    /// A call that never got a name is still one.
    fn name_the_rest(&mut self, steps: &mut Steps) {
        for call in &mut self.calls {
            if call.at.is_none() && (call.id.is_some() || !call.waiting.is_empty()) {
                call.open(self.index, String::new(), steps);
            }
        }
    }
}

// === impl Call ===

impl Call {
    fn of(fragment: &Fragment, place: u32) -> Self {
        Self {
            index: Some(fragment.index.unwrap_or(place)),
            id: fragment.id.clone(),
            kind: fragment.kind,
            at: None,
            waiting: Vec::new(),
            end: JsonEnd::default(),
        }
    }

    fn take(&mut self, choice: u32, fragment: Fragment, steps: &mut Steps) {
        if self.at.is_none() {
            self.id = self.id.take().or(fragment.id);
            if let Some(name) = fragment.name {
                self.kind = fragment.kind;
                self.open(choice, name, steps);
            }
        }
        if let (Some(at), Some(seal)) = (self.at, fragment.seal) {
            let seal = Seal::read(DialectId::Gemini, SealKind::Part, &seal);
            steps.delta(at, Delta::Seal(seal));
        }
        if self.kind == ToolKind::Function {
            self.end.push(fragment.arguments.bytes());
        }
        match self.at {
            Some(at) => steps.say(at, &fragment.arguments),
            None if self.waiting.len() + fragment.arguments.bytes().len() <= MOST_WAITING => {
                self.waiting.extend_from_slice(fragment.arguments.bytes());
            }
            None => {}
        }
    }

    fn open(&mut self, choice: u32, name: String, steps: &mut Steps) {
        let head = ToolHead { id: self.id.clone(), name, namespace: None, kind: self.kind };
        self.at = steps.open(choice, PartHead::ToolCall(head));
        if let Some(at) = self.at {
            steps.say(at, &Said::Cut(std::mem::take(&mut self.waiting)));
        }
    }
}

// === impl Fragment ===

impl Fragment {
    fn of(call: &Object<'_>) -> Self {
        let (kind, inner) = match call.object("custom") {
            Some(custom) => (ToolKind::Custom, custom),
            None => (ToolKind::Function, call.object("function").unwrap_or_default()),
        };
        let google = call.object("extra_content").and_then(|extra| extra.object("google"));
        let seal = google.and_then(|google| google.filled("thought_signature").map(Into::into));
        Self {
            index: call.index("index"),
            id: call.filled("id").map(Into::into),
            seal,
            ..Self::inner(&inner, kind)
        }
    }

    /// The one call of the API before there were tools.
    fn of_function(function: &Object<'_>) -> Self {
        Self { index: Some(0), ..Self::inner(function, ToolKind::Function) }
    }

    /// Some vendors give arguments as an object, or as `null` where there are none.
    fn inner(inner: &Object<'_>, kind: ToolKind) -> Self {
        let key = match kind {
            ToolKind::Function => "arguments",
            ToolKind::Custom => "input",
        };
        let arguments = match inner.get(key) {
            Some(raw) => match Said::of(raw) {
                Some(text) if kind == ToolKind::Function && text.bytes() == b"null" => {
                    Said::default()
                }
                Some(text) => text.into_owned(),
                None => Said::Whole(compact(raw.json()).into()),
            },
            None => Said::default(),
        };
        Self {
            index: None,
            id: None,
            name: inner.filled("name").map(Into::into),
            kind,
            arguments,
            seal: None,
        }
    }
}
