//! Anthropic's usage: input, cache reads and cache writes are disjoint, output holds thinking.

use realms_types::{Usage, UsageError};
use serde::Deserialize;

use super::{latest, raw::Raw};

/// Counts as reported so far: `message_start` gives the input, `message_delta` the rest.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AnthropicTally {
    input: u64,
    cache_read: u64,
    cache_write: u64,
    cache_write_5m: u64,
    cache_write_1h: u64,
    output: u64,
    thinking: u64,
    searches: u64,
}

#[derive(Deserialize)]
struct Report<'a> {
    #[serde(borrow)]
    input_tokens: Option<Raw<'a>>,
    cache_read_input_tokens: Option<Raw<'a>>,
    cache_creation_input_tokens: Option<Raw<'a>>,
    cache_creation: Option<CacheCreation<'a>>,
    output_tokens: Option<Raw<'a>>,
    output_tokens_details: Option<OutputDetails<'a>>,
    server_tool_use: Option<ServerToolUse<'a>>,
}

#[derive(Deserialize)]
struct CacheCreation<'a> {
    #[serde(borrow)]
    ephemeral_5m_input_tokens: Option<Raw<'a>>,
    ephemeral_1h_input_tokens: Option<Raw<'a>>,
}

#[derive(Deserialize)]
struct OutputDetails<'a> {
    #[serde(borrow)]
    thinking_tokens: Option<Raw<'a>>,
}

/// Only searches are billed by the piece; fetches are not.
#[derive(Deserialize)]
struct ServerToolUse<'a> {
    #[serde(borrow)]
    web_search_requests: Option<Raw<'a>>,
}

// === impl AnthropicTally ===

impl AnthropicTally {
    /// Takes a report and gives the usage so far. A report that cannot be true changes nothing.
    pub(super) fn merge(&mut self, report: Raw<'_>) -> Result<Usage, UsageError> {
        let report: Report<'_> = report.parse().ok_or(UsageError::Implausible)?;
        let mut next = *self;
        latest(&mut next.input, report.input_tokens)?;
        latest(&mut next.cache_read, report.cache_read_input_tokens)?;
        latest(&mut next.cache_write, report.cache_creation_input_tokens)?;
        if let Some(split) = report.cache_creation {
            latest(&mut next.cache_write_5m, split.ephemeral_5m_input_tokens)?;
            latest(&mut next.cache_write_1h, split.ephemeral_1h_input_tokens)?;
        }
        latest(&mut next.output, report.output_tokens)?;
        latest(&mut next.thinking, report.output_tokens_details.and_then(|d| d.thinking_tokens))?;
        latest(&mut next.searches, report.server_tool_use.and_then(|t| t.web_search_requests))?;
        let usage = next.usage()?;
        *self = next;
        Ok(usage)
    }

    /// The split by lifetime may be missing, or older than the sum: what it does not cover was written
    /// for 5 minutes, the default.
    fn usage(&self) -> Result<Usage, UsageError> {
        let split = self.cache_write_5m.checked_add(self.cache_write_1h);
        let written = split.ok_or(UsageError::Implausible)?.max(self.cache_write);
        let usage = Usage {
            input: self.input,
            cache_read: self.cache_read,
            cache_write_5m: written - self.cache_write_1h,
            cache_write_1h: self.cache_write_1h,
            output: self.output,
            reasoning: self.thinking,
            tool_calls: self.searches,
            ..Usage::default()
        };
        usage.check()?;
        Ok(usage)
    }
}
