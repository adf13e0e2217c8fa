//! Keeps the order of events, whatever an upstream sends.

use realms_types::{DialectId, Usage};

use super::{
    At, Delta, Event, Foreign, PartHead, Start, Stop, ToolKind, midway,
    said::{self, Said},
    stop::{Held, settle},
};
use crate::{
    UpstreamFault,
    depth::{MOST_WITHIN, is_deeper_than},
};

/// How many choices are read; OpenAI gives at most this many.
const MOST_CHOICES: usize = 128;

/// How many parts of one choice may be open at once. Beyond it the oldest counts as complete.
const MOST_OPEN: usize = 256;

/// Collects the events of an answer in their order: a part is begun before it is filled and ended
/// once, stops and the finish come last, nothing comes after the end.
#[derive(Debug)]
pub(super) struct Steps {
    dialect: DialectId,
    out: Vec<Event>,
    is_started: bool,
    is_over: bool,
    choices: Vec<ChoiceSteps>,
}

#[derive(Debug, Default)]
struct ChoiceSteps {
    begun: u32,
    open: Vec<Open>,
    held: Held,
    stop: Option<Stop>,
}

#[derive(Debug)]
struct Open {
    part: u32,
    /// A call whose arguments are a JSON object and of which none came.
    wants_arguments: bool,
    /// Half a character that its text ends with so far, as WTF-8.
    half: Vec<u8>,
}

// === impl Steps ===

impl Steps {
    /// Steps of an answer in this dialect.
    pub(super) fn new(dialect: DialectId) -> Self {
        let (out, choices) = (Vec::new(), Vec::new());
        Self { dialect, out, is_started: false, is_over: false, choices }
    }

    /// What was collected since the last time.
    pub(super) fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.out)
    }

    /// Begins the answer, once.
    pub(super) fn start(&mut self, id: Option<&str>, model: Option<&str>) {
        if !self.is_started && !self.is_over {
            self.is_started = true;
            let (id, model) = (id.map(str::to_owned), model.map(str::to_owned));
            self.out.push(Event::Start(Start { dialect: self.dialect, id, model }));
        }
    }

    /// Whether the answer has begun.
    pub(super) fn is_started(&self) -> bool {
        self.is_started
    }

    /// Whether its last event was given.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether choices were begun and each was given its end.
    pub(super) fn all_stopped(&self) -> bool {
        !self.choices.is_empty() && self.choices.iter().all(|choice| choice.stop.is_some())
    }

    /// Whether any choice was begun.
    pub(super) fn has_choices(&self) -> bool {
        !self.choices.is_empty()
    }

    /// Knows of a choice, though nothing is in it yet.
    pub(super) fn choice(&mut self, index: u32) {
        let _ = self.entry(index);
    }

    /// Begins a part. `None` where that cannot be: the answer is over, or the choice is beyond count.
    pub(super) fn open(&mut self, choice: u32, head: PartHead) -> Option<At> {
        self.start(None, None);
        let entry = self.entry(choice)?;
        let part = entry.begun;
        entry.begun = part.checked_add(1)?;
        entry.held.refusal |= head == PartHead::Refusal;
        let wants_arguments = match &head {
            PartHead::ToolCall(call) => {
                entry.held.tool_calls = true;
                call.kind == ToolKind::Function
            }
            PartHead::Text
            | PartHead::Thinking(_)
            | PartHead::Sealed
            | PartHead::Refusal
            | PartHead::Foreign(_) => false,
        };
        let oldest = (entry.open.len() == MOST_OPEN).then(|| entry.open[0].part);
        entry.open.push(Open { part, wants_arguments, half: Vec::new() });
        if let Some(part) = oldest {
            self.close(At { choice, part });
        }
        let at = At { choice, part };
        self.out.push(Event::PartStart { at, head });
        Some(at)
    }

    /// Adds text to an open part.
    pub(super) fn text(&mut self, at: At, text: &str) {
        self.say(at, &Said::Whole(text.into()));
    }

    /// Adds a piece of text to an open part. Half a character at its end waits for the next piece.
    pub(super) fn say(&mut self, at: At, said: &Said<'_>) {
        if said.is_empty() {
            return;
        }
        let Some(open) = self.find(at) else { return };
        let text = said.behind(&mut open.half);
        if !text.is_empty() {
            self.delta(at, Delta::Text(text.into_owned()));
        }
    }

    /// Adds to an open part. What is sealed has all of its text.
    pub(super) fn delta(&mut self, at: At, delta: Delta) {
        if matches!(delta, Delta::Seal(_)) {
            self.give_up_half(at);
        }
        let Some(open) = self.find(at) else { return };
        open.wants_arguments &= !matches!(delta, Delta::Text(_));
        self.out.push(Event::Delta { at, delta });
    }

    /// Ends a part. A call without arguments has none to give: that is the empty object, which is what
    /// every client can read.
    pub(super) fn close(&mut self, at: At) {
        self.give_up_half(at);
        let Some(open) = self.find(at) else { return };
        if open.wants_arguments {
            let delta = Delta::Text("{}".to_owned());
            self.out.push(Event::Delta { at, delta });
        }
        if let Some(entry) = self.choices.get_mut(at.choice as usize) {
            entry.open.retain(|open| open.part != at.part);
        }
        self.out.push(Event::PartEnd { at });
    }

    /// Gives a part that is whole at once. One that nests deeper than clients can read is passed over, as
    /// what cannot be read is.
    pub(super) fn foreign(&mut self, choice: u32, foreign: Foreign) {
        if is_deeper_than(foreign.raw.as_bytes(), MOST_WITHIN) {
            return;
        }
        if let Some(at) = self.open(choice, PartHead::Foreign(foreign)) {
            self.close(at);
        }
    }

    /// Notes why a choice ends. It is told with the finish: vendors send content behind it.
    pub(super) fn stop(&mut self, choice: u32, stop: Stop) {
        if let Some(entry) = self.entry(choice) {
            entry.stop = Some(stop);
        }
    }

    pub(super) fn usage(&mut self, usage: Usage) {
        if !self.is_over {
            self.out.push(Event::Usage(usage));
        }
    }

    pub(super) fn ping(&mut self) {
        if !self.is_over {
            self.out.push(Event::Ping);
        }
    }

    /// Ends the answer.
    pub(super) fn finish(&mut self) {
        if self.is_over {
            return;
        }
        if self.choices.is_empty() {
            self.choices.push(ChoiceSteps::default());
        }
        for choice in 0..self.choices.len() {
            self.close_all(choice);
        }
        if let Some(word) = self.given_up() {
            return self.fail(midway::given_up(&word));
        }
        for (choice, entry) in (0..).zip(&mut self.choices) {
            let stop = settle(entry.stop.take(), entry.held);
            self.out.push(Event::Stop { choice, stop });
        }
        self.out.push(Event::Finish);
        self.is_over = true;
    }

    /// Ends the answer with what went wrong. Parts stay as open as they are.
    pub(super) fn fail(&mut self, fault: UpstreamFault) {
        if !self.is_over {
            self.is_over = true;
            self.out.push(Event::Fault(Box::new(fault)));
        }
    }

    /// The word with which every choice was given up.
    fn given_up(&self) -> Option<String> {
        let words = self.choices.iter().map(|choice| match &choice.stop {
            Some(Stop::Failed(word)) => Some(word.clone()),
            _ => None,
        });
        words.collect::<Option<Vec<_>>>()?.pop()
    }

    /// Half a character whose other half never came is U+FFFD.
    fn give_up_half(&mut self, at: At) {
        let Some(open) = self.find(at) else { return };
        let half = std::mem::take(&mut open.half);
        if !half.is_empty() {
            self.delta(at, Delta::Text(said::ended(&half)));
        }
    }

    fn close_all(&mut self, choice: usize) {
        let Ok(index) = u32::try_from(choice) else { return };
        let parts: Vec<u32> = self.choices[choice].open.iter().map(|open| open.part).collect();
        for part in parts {
            self.close(At { choice: index, part });
        }
    }

    fn entry(&mut self, choice: u32) -> Option<&mut ChoiceSteps> {
        let index = choice as usize;
        if self.is_over || index >= MOST_CHOICES {
            return None;
        }
        if self.choices.len() <= index {
            self.choices.resize_with(index + 1, ChoiceSteps::default);
        }
        self.choices.get_mut(index)
    }

    fn find(&mut self, at: At) -> Option<&mut Open> {
        if self.is_over {
            return None;
        }
        let entry = self.choices.get_mut(at.choice as usize)?;
        entry.open.iter_mut().find(|open| open.part == at.part)
    }
}
