//! The content of Gemini: candidates whose parts are whole, but for texts, which come in pieces.

use super::{
    At, Citation, Delta, Foreign, Logprob, PartHead, Seal, SealKind, Stop, ThinkingForm, ToolHead,
    ToolKind,
    decode::{Progress, ReadAnswer},
    object::Object,
    said::Said,
    steps::Steps,
    stop,
    write::compact,
};
use crate::{Frame, tap::raw::Raw};
use realms_types::DialectId;

/// How many candidates are told apart; the API gives eight at most.
const MOST_CANDIDATES: usize = 128;

/// Reads chunks, elements of an array, and bodies: they have the same shape.
#[derive(Debug, Default)]
pub(super) struct GeminiReader {
    candidates: Vec<Candidate>,
}

#[derive(Debug, Default)]
struct Candidate {
    index: u32,
    saying: Option<Saying>,
}

/// The text being said.
#[derive(Debug, Clone, Copy)]
struct Saying {
    is_thought: bool,
    /// What is signed is complete.
    is_signed: bool,
    at: At,
}

// === impl GeminiReader ===

impl ReadAnswer for GeminiReader {
    fn frame(&mut self, frame: &Frame<'_>, steps: &mut Steps) -> Progress {
        if let Some(chunk) = Object::of_bytes(&frame.data()) {
            self.chunk(&chunk, steps);
        }
        Progress::Open
    }

    fn body(&mut self, body: &[u8], steps: &mut Steps) -> Progress {
        if let Some(chunk) = Object::of_bytes(body) {
            self.chunk(&chunk, steps);
        }
        Progress::Open
    }

    /// There is no terminal frame: the stream ends behind the finish reasons.
    fn is_whole(&self, steps: &Steps) -> bool {
        steps.all_stopped()
    }
}

impl GeminiReader {
    fn chunk(&mut self, chunk: &Object<'_>, steps: &mut Steps) {
        for candidate in chunk.objects("candidates") {
            let index = candidate.index("index").unwrap_or(0);
            steps.choice(index);
            if let Some(state) = self.candidate(index) {
                state.read(&candidate, steps);
            }
            if let Some(word) = candidate.filled("finishReason") {
                steps.stop(index, stop::read_gemini(&word));
            }
        }
        // A prompt that was blocked has no candidates.
        let feedback = chunk.object("promptFeedback");
        if let Some(word) = feedback.as_ref().and_then(|feedback| feedback.filled("blockReason")) {
            steps.stop(0, Stop::ContentFilter(Some(word.into_owned())));
        }
    }

    fn candidate(&mut self, index: u32) -> Option<&mut Candidate> {
        let place = self.candidates.iter().position(|candidate| candidate.index == index);
        let place = match place {
            Some(place) => place,
            None if self.candidates.len() < MOST_CANDIDATES => {
                self.candidates.push(Candidate { index, saying: None });
                self.candidates.len() - 1
            }
            None => return None,
        };
        self.candidates.get_mut(place)
    }
}

// === impl Candidate ===

impl Candidate {
    fn read(&mut self, candidate: &Object<'_>, steps: &mut Steps) {
        let content = candidate.object("content").unwrap_or_default();
        for part in content.objects("parts") {
            self.part(&part, steps);
        }
        if let (Some(result), Some(Saying { is_thought: false, at, .. })) =
            (candidate.object("logprobsResult"), self.saying)
        {
            let logprobs = Logprob::read_gemini(&result);
            if !logprobs.is_empty() {
                steps.delta(at, Delta::Logprobs(logprobs));
            }
        }
        if let Some(grounding) = candidate.object("groundingMetadata") {
            self.ground(&grounding, steps);
        }
    }

    fn part(&mut self, part: &Object<'_>, steps: &mut Steps) {
        let signature = part.filled("thoughtSignature");
        let thought = part.is_true("thought");
        if part.get("functionCall").is_some() {
            // One that cannot be read is still a call, without a name.
            let call = part.object("functionCall");
            return self.call(call.as_ref(), signature.as_deref(), steps);
        }
        let known = ["text", "thought", "thoughtSignature"];
        let text = part.get("text").and_then(Said::of);
        let other = part.first_but(&known).filter(|_| text.is_none());
        if let Some((kind, raw)) = other {
            self.hush(steps);
            let raw = foreign_part(kind, raw, signature.as_deref());
            let foreign = Foreign { dialect: DialectId::Gemini, kind: kind.to_owned(), raw };
            return steps.foreign(self.index, foreign);
        }
        let text = text.unwrap_or_default();
        let kind = if thought { SealKind::Thinking } else { SealKind::Part };
        let seal = signature.map(|value| Seal::read(DialectId::Gemini, kind, &value));
        match seal {
            None if text.is_empty() => {}
            Some(seal) if text.is_empty() && seal.kind == SealKind::Redacted => {
                self.sealed(seal, steps);
            }
            seal => self.say(thought, &text, seal, steps),
        }
    }

    /// Says more. A signature alone belongs to what was said before it, thought or not.
    fn say(&mut self, thought: bool, text: &Said<'_>, seal: Option<Seal>, steps: &mut Steps) {
        let at = match self.saying {
            Some(saying) if saying.takes(thought, text) => Some(saying.at),
            _ => {
                self.hush(steps);
                let thinking = PartHead::Thinking(ThinkingForm::Full);
                let head = if thought { thinking } else { PartHead::Text };
                let at = steps.open(self.index, head);
                self.saying = at.map(|at| Saying { is_thought: thought, is_signed: false, at });
                at
            }
        };
        let Some(at) = at else { return };
        steps.say(at, text);
        if let (Some(seal), Some(saying)) = (seal, &mut self.saying) {
            saying.is_signed = true;
            steps.delta(at, Delta::Seal(seal));
        }
    }

    /// A thought of another dialect of which nothing is shown.
    fn sealed(&mut self, seal: Seal, steps: &mut Steps) {
        self.hush(steps);
        if let Some(at) = steps.open(self.index, PartHead::Sealed) {
            steps.delta(at, Delta::Seal(seal));
            steps.close(at);
        }
    }

    /// A call is whole at once. Its signature comes first: a dialect that can sign only thoughts must
    /// know of it before the call begins.
    fn call(&mut self, call: Option<&Object<'_>>, signature: Option<&str>, steps: &mut Steps) {
        self.hush(steps);
        let head = ToolHead {
            id: call.and_then(|call| call.filled("id")).map(Into::into),
            name: call.and_then(|call| call.text("name")).unwrap_or_default().into_owned(),
            namespace: None,
            kind: ToolKind::Function,
        };
        let Some(at) = steps.open(self.index, PartHead::ToolCall(head)) else { return };
        if let Some(signature) = signature {
            let seal = Seal::read(DialectId::Gemini, SealKind::Part, signature);
            steps.delta(at, Delta::Seal(seal));
        }
        if let Some(args) = call.and_then(|call| call.get("args")) {
            steps.text(at, &super::arguments::as_text(args.json()));
        }
        steps.close(at);
    }

    /// Sources stand in the last chunk, for the text before them.
    fn ground(&mut self, grounding: &Object<'_>, steps: &mut Steps) {
        let Some(Saying { is_thought: false, at, .. }) = self.saying else { return };
        let chunks = grounding.list("groundingChunks").into_iter();
        for citation in chunks.filter_map(Citation::read_gemini) {
            steps.delta(at, Delta::Citation(citation));
        }
    }

    fn hush(&mut self, steps: &mut Steps) {
        if let Some(saying) = self.saying.take() {
            steps.close(saying.at);
        }
    }
}

// === impl Saying ===

impl Saying {
    /// Whether a text goes on with it. A signature without a text belongs to whatever was said.
    fn takes(self, thought: bool, text: &Said<'_>) -> bool {
        let is_same = self.is_thought == thought || (text.is_empty() && !thought);
        is_same && !self.is_signed
    }
}

/// A part that only Gemini has, with its signature.
fn foreign_part(kind: &str, raw: Raw<'_>, signature: Option<&str>) -> String {
    super::write::object_text(|json| {
        json.raw_compact(kind, &compact(raw.json()));
        if let Some(signature) = signature {
            json.text("thoughtSignature", signature);
        }
    })
}
