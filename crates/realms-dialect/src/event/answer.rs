//! A whole answer, folded from its events.

use realms_types::{DialectId, Usage};

use super::{At, Citation, Delta, Event, Logprob, PartHead, Seal, Stop};
use crate::UpstreamFault;

/// A whole answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// The dialect it came in.
    pub dialect: Option<DialectId>,
    /// How the upstream names it.
    pub id: Option<String>,
    /// The model as the upstream names it.
    pub model: Option<String>,
    /// The choices, by their index.
    pub choices: Vec<Choice>,
    /// What was used.
    pub usage: Option<Usage>,
    /// Whether it is complete.
    pub complete: bool,
    /// What went wrong.
    pub fault: Option<UpstreamFault>,
}

/// One choice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Choice {
    /// Its parts, in order.
    pub parts: Vec<AnswerPart>,
    /// Why it ended.
    pub stop: Option<Stop>,
}

/// One part.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerPart {
    /// What it is.
    pub head: PartHead,
    /// Text, thinking, the refusal, or the arguments of a call.
    pub text: String,
    /// Its seal.
    pub seal: Option<Seal>,
    /// Its sources.
    pub citations: Vec<Citation>,
    /// How likely its tokens were.
    pub logprobs: Vec<Logprob>,
}

/// Folds events into an answer.
#[derive(Debug, Default)]
pub struct AnswerFold {
    answer: Answer,
    held: usize,
}

/// The answer has more bytes than may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer has more than {} bytes", AnswerFold::MOST)]
pub struct AnswerTooLarge;

// === impl AnswerFold ===

impl AnswerFold {
    /// What may be held of one answer, in bytes.
    pub const MOST: usize = 32 << 20;
    /// How many choices OpenAI gives at most; Gemini gives fewer.
    const MOST_CHOICES: u32 = 128;
    /// What a part costs beyond its text.
    const PART: usize = 256;

    /// Takes the next event.
    pub fn push(&mut self, event: Event) -> Result<(), AnswerTooLarge> {
        match event {
            Event::Start(start) => {
                self.answer.dialect = Some(start.dialect);
                self.answer.id = start.id;
                self.answer.model = start.model;
            }
            Event::PartStart { at, head } => self.part_start(at, head)?,
            Event::Delta { at, delta } => self.delta(at, delta)?,
            Event::Stop { choice, stop } => self.choice(choice)?.stop = Some(stop),
            Event::Usage(usage) => self.answer.usage = Some(usage),
            Event::Finish => self.answer.complete = true,
            Event::Fault(fault) => self.answer.fault = Some(*fault),
            Event::PartEnd { .. } | Event::Ping => {}
        }
        Ok(())
    }

    /// The answer as far as it came.
    #[must_use]
    pub fn finish(self) -> Answer {
        self.answer
    }

    fn choice(&mut self, index: u32) -> Result<&mut Choice, AnswerTooLarge> {
        if index >= Self::MOST_CHOICES {
            return Err(AnswerTooLarge);
        }
        let choices = &mut self.answer.choices;
        let index = index as usize;
        if choices.len() <= index {
            choices.resize_with(index + 1, Choice::default);
        }
        choices.get_mut(index).ok_or(AnswerTooLarge)
    }

    fn part_start(&mut self, at: At, head: PartHead) -> Result<(), AnswerTooLarge> {
        let size = match &head {
            PartHead::Foreign(foreign) => foreign.raw.len(),
            PartHead::ToolCall(head) => head.name.len(),
            PartHead::Text | PartHead::Thinking(_) | PartHead::Sealed | PartHead::Refusal => 0,
        };
        self.hold(size.saturating_add(Self::PART))?;
        let choice = self.choice(at.choice)?;
        choice.parts.push(AnswerPart {
            head,
            text: String::new(),
            seal: None,
            citations: Vec::new(),
            logprobs: Vec::new(),
        });
        Ok(())
    }

    fn delta(&mut self, at: At, delta: Delta) -> Result<(), AnswerTooLarge> {
        self.hold(delta.size())?;
        let parts = &mut self.choice(at.choice)?.parts;
        let Some(part) = parts.get_mut(at.part as usize) else {
            return Ok(());
        };
        match delta {
            Delta::Text(text) => part.text.push_str(&text),
            Delta::Seal(seal) => part.seal = Some(seal),
            Delta::Citation(citation) => part.citations.push(citation),
            Delta::Logprobs(logprobs) => part.logprobs.extend(logprobs),
        }
        Ok(())
    }

    fn hold(&mut self, bytes: usize) -> Result<(), AnswerTooLarge> {
        self.held = self.held.saturating_add(bytes);
        if self.held > Self::MOST { Err(AnswerTooLarge) } else { Ok(()) }
    }
}

// === impl Delta ===

impl Delta {
    /// About how many bytes it takes to hold.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Seal(seal) => seal.value.len(),
            Self::Citation(citation) => citation.size(),
            Self::Logprobs(logprobs) => logprobs.iter().map(Logprob::size).sum(),
        }
    }
}
