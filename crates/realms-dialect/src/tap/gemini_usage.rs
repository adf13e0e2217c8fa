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
    image_input: u64,
    image_output: u64,
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

/// The counts of a list by modality that have a price of their own.
#[derive(Default)]
struct Parts<'a> {
    audio: Option<Raw<'a>>,
    image: Option<Raw<'a>>,
}

// === impl Parts ===

impl<'a> Parts<'a> {
    fn of(list: Option<Raw<'a>>) -> Self {
        let mut parts = Self::default();
        for item in list.into_iter().flat_map(Raw::elements).filter_map(Modality::read) {
            match item.modality.map(Raw::json) {
                Some("\"AUDIO\"") => parts.audio = item.token_count,
                Some("\"IMAGE\"") => parts.image = item.token_count,
                _ => {}
            }
        }
        parts
    }
}

// === impl GeminiTally ===

impl GeminiTally {
    /// Takes a report and gives the usage so far. A report that cannot be true changes nothing.
    pub(super) fn merge(&mut self, report: Raw<'_>) -> Result<Usage, UsageError> {
        let report: Report<'_> = report.parse().ok_or(UsageError::Implausible)?;
        let heard = Parts::of(report.prompt_tokens_details);
        let made = Parts::of(report.candidates_tokens_details);
        let mut next = *self;
        latest(&mut next.prompt, report.prompt_token_count)?;
        latest(&mut next.tool_prompt, report.tool_use_prompt_token_count)?;
        latest(&mut next.cached, report.cached_content_token_count)?;
        latest(&mut next.candidates, report.candidates_token_count)?;
        latest(&mut next.thoughts, report.thoughts_token_count)?;
        latest(&mut next.audio_input, heard.audio)?;
        latest(&mut next.audio_output, made.audio)?;
        latest(&mut next.image_input, heard.image)?;
        latest(&mut next.image_output, made.image)?;
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
            image_input: self.image_input,
            image_output: self.image_output,
            ..Usage::default()
        };
        usage.check()?;
        Ok(usage)
    }
}
