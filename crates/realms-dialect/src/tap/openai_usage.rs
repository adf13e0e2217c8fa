//! OpenAI's usage: input holds what was read from the cache and what was written to it, output holds
//! reasoning. Responses and Chat spell the fields differently, and so do the endpoints beside them.

use realms_types::{Usage, UsageError};
use serde::Deserialize;

use super::{latest, raw::Raw};

/// Counts as reported so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct OpenAiTally {
    input: u64,
    cached: u64,
    cache_write: u64,
    audio_input: u64,
    image_input: u64,
    output: u64,
    reasoning: u64,
    audio_output: u64,
    image_output: u64,
    total: u64,
}

/// `usage` in all its spellings. Vendors that copy the API send both pairs of names at once, so they
/// are fields and not aliases.
#[derive(Deserialize)]
struct Report<'a> {
    #[serde(borrow)]
    input_tokens: Option<Raw<'a>>,
    prompt_tokens: Option<Raw<'a>>,
    output_tokens: Option<Raw<'a>>,
    completion_tokens: Option<Raw<'a>>,
    total_tokens: Option<Raw<'a>>,
    input_tokens_details: Option<Details<'a>>,
    /// The spelling of audio transcriptions.
    input_token_details: Option<Details<'a>>,
    prompt_tokens_details: Option<Details<'a>>,
    output_tokens_details: Option<Details<'a>>,
    completion_tokens_details: Option<Details<'a>>,
    /// Moonshot and others, beside the details.
    cached_tokens: Option<Raw<'a>>,
    /// DeepSeek.
    prompt_cache_hit_tokens: Option<Raw<'a>>,
}

#[derive(Deserialize, Default, Clone, Copy)]
struct Details<'a> {
    #[serde(borrow, rename = "cached_tokens")]
    cached: Option<Raw<'a>>,
    #[serde(rename = "cache_write_tokens")]
    cache_write: Option<Raw<'a>>,
    #[serde(rename = "audio_tokens")]
    audio: Option<Raw<'a>>,
    #[serde(rename = "image_tokens")]
    image: Option<Raw<'a>>,
    #[serde(rename = "reasoning_tokens")]
    reasoning: Option<Raw<'a>>,
}

/// Cohere's rerank: `meta.tokens`.
#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow)]
    tokens: Option<Raw<'a>>,
    billed_units: Option<Raw<'a>>,
}

// === impl OpenAiTally ===

impl OpenAiTally {
    /// Takes a report and gives the usage so far. A report that cannot be true changes nothing.
    pub(super) fn merge(&mut self, report: Raw<'_>) -> Result<Usage, UsageError> {
        let report: Report<'_> = report.parse().ok_or(UsageError::Implausible)?;
        let input =
            [report.input_tokens_details, report.prompt_tokens_details, report.input_token_details];
        let input = input.into_iter().flatten().next().unwrap_or_default();
        let output = report.output_tokens_details.or(report.completion_tokens_details);
        let output = output.unwrap_or_default();
        let cached = [input.cached, report.cached_tokens, report.prompt_cache_hit_tokens];

        let mut next = *self;
        latest(&mut next.input, report.input_tokens.or(report.prompt_tokens))?;
        latest(&mut next.cached, cached.into_iter().flatten().next())?;
        latest(&mut next.cache_write, input.cache_write)?;
        latest(&mut next.audio_input, input.audio)?;
        latest(&mut next.image_input, input.image)?;
        latest(&mut next.output, report.output_tokens.or(report.completion_tokens))?;
        latest(&mut next.reasoning, output.reasoning)?;
        latest(&mut next.audio_output, output.audio)?;
        latest(&mut next.image_output, output.image)?;
        latest(&mut next.total, report.total_tokens)?;
        let usage = next.usage()?;
        *self = next;
        Ok(usage)
    }

    /// Takes Cohere's `meta`, the report of a rerank.
    pub(super) fn merge_meta(&mut self, meta: Raw<'_>) -> Option<Result<Usage, UsageError>> {
        let meta: Meta<'_> = meta.parse()?;
        Some(self.merge(meta.tokens.or(meta.billed_units)?))
    }

    fn usage(&self) -> Result<Usage, UsageError> {
        let known = self.input.checked_add(self.output).ok_or(UsageError::Implausible)?;
        let beyond = self.total.saturating_sub(known);
        let (mut input, mut output, mut reasoning) = (self.input, self.output, self.reasoning);
        if known == 0 {
            // Rerank and some embeddings report the total alone.
            input = self.total;
        } else if beyond > 0 && self.output > 0 {
            // xAI and Gemini's compatible endpoint leave reasoning out of the completion tokens but
            // count it in the total, so the rest of the total is reasoning.
            output += beyond;
            reasoning = reasoning.max(beyond);
        }
        let cached = self.cached.checked_add(self.cache_write).ok_or(UsageError::Implausible)?;
        let usage = Usage {
            input: input.checked_sub(cached).ok_or(UsageError::PartExceedsWhole)?,
            cache_read: self.cached,
            cache_write_5m: self.cache_write,
            output,
            reasoning,
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
