//! Gemini's usage: the prompt holds what was cached but not what tools read, candidates hold no
//! thoughts.

use realms_types::{Usage, UsageError};
use serde::Deserialize;

use super::{
    latest,
    raw::{Raw, object},
};

/// Counts as reported so far; every chunk reports anew.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct GeminiTally {
    prompt: u64,
    tool_prompt: u64,
    cached: u64,
    candidates: u64,
    thoughts: u64,
    audio_input: u64,
    audio_output: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    #[serde(borrow)]
    prompt_token_count: Option<Raw<'a>>,
    tool_use_prompt_token_count: Option<Raw<'a>>,
    cached_content_token_count: Option<Raw<'a>>,
    candidates_token_count: Option<Raw<'a>>,
    thoughts_token_count: Option<Raw<'a>>,
    prompt_tokens_details: Option<Raw<'a>>,
    candidates_tokens_details: Option<Raw<'a>>,
}

object! {
    struct Modality {
        modality: "modality",
        token_count: "tokenCount",
    }
}

/// The audio of a list of counts by modality.
fn audio(list: Raw<'_>) -> Option<Raw<'_>> {
    let is_audio = |item: &Modality<'_>| item.modality.is_some_and(|m| m.json() == "\"AUDIO\"");
    list.elements().filter_map(Modality::read).filter(is_audio).last()?.token_count
}

// === impl GeminiTally ===

impl GeminiTally {
    /// Takes a report and gives the usage so far. A report that cannot be true changes nothing.
    pub(super) fn merge(&mut self, report: Raw<'_>) -> Result<Usage, UsageError> {
        let report: Report<'_> = report.parse().ok_or(UsageError::Implausible)?;
        let mut next = *self;
        latest(&mut next.prompt, report.prompt_token_count)?;
        latest(&mut next.tool_prompt, report.tool_use_prompt_token_count)?;
        latest(&mut next.cached, report.cached_content_token_count)?;
        latest(&mut next.candidates, report.candidates_token_count)?;
        latest(&mut next.thoughts, report.thoughts_token_count)?;
        latest(&mut next.audio_input, report.prompt_tokens_details.and_then(audio))?;
        latest(&mut next.audio_output, report.candidates_tokens_details.and_then(audio))?;
        let usage = next.usage()?;
        *self = next;
        Ok(usage)
    }

    fn usage(&self) -> Result<Usage, UsageError> {
        let fresh = self.prompt.checked_sub(self.cached).ok_or(UsageError::PartExceedsWhole)?;
        let sum = |a: u64, b: u64| a.checked_add(b).ok_or(UsageError::Implausible);
        let usage = Usage {
            input: sum(fresh, self.tool_prompt)?,
            cache_read: self.cached,
            output: sum(self.candidates, self.thoughts)?,
            reasoning: self.thoughts,
            audio_input: self.audio_input,
            audio_output: self.audio_output,
            ..Usage::default()
        };
        usage.check()?;
        Ok(usage)
    }
}
