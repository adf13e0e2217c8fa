//! How many LLM tokens a call used, in disjoint buckets.

use serde::{Deserialize, Serialize};

/// Token counts of one call. Every input token is in exactly one of the four input buckets; output
/// holds all generated tokens; `reasoning` is a part of output, told apart for display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Input neither read from a cache nor written to one.
    pub input: u64,
    /// Input read from the vendor's cache.
    pub cache_read: u64,
    /// Input written to the vendor's cache for 5 minutes (or for the vendor's only lifetime).
    pub cache_write_5m: u64,
    /// Input written to the vendor's cache for an hour.
    pub cache_write_1h: u64,
    /// All generated tokens, reasoning included.
    pub output: u64,
    /// The part of `output` spent on reasoning.
    pub reasoning: u64,
    /// The part of the input that was audio.
    pub audio_input: u64,
    /// The part of the output that was audio.
    pub audio_output: u64,
    /// The part of the input that was images.
    pub image_input: u64,
    /// The part of the output that was images.
    pub image_output: u64,
    /// Server-side tool calls the vendor bills by the piece.
    pub tool_calls: u64,
    /// Images that were made, where the answer tells it for sure.
    pub images: u64,
}

/// How a count came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The upstream reported it.
    Measured,
    /// Counted here from the bytes that passed.
    Estimated,
    /// Nothing was used, or nothing can be known.
    #[default]
    None,
}

/// Why a reported usage cannot be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsageError {
    /// A part is larger than the whole it belongs to.
    #[error("a part of the usage is larger than its whole")]
    PartExceedsWhole,
    /// More tokens than any call can have.
    #[error("the usage is larger than any call can have")]
    Implausible,
}

impl Usage {
    /// No vendor serves a context within two orders of magnitude of this.
    const MOST_TOKENS: u64 = 1_000_000_000;

    /// All input tokens, however the vendor priced them.
    pub const fn total_input(&self) -> u64 {
        self.input + self.cache_read + self.cache_write_5m + self.cache_write_1h
    }

    /// Input and output together.
    pub const fn total(&self) -> u64 {
        self.total_input() + self.output
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Refuses what no call can have used.
    pub fn check(&self) -> Result<(), UsageError> {
        let counts = [
            self.input,
            self.cache_read,
            self.cache_write_5m,
            self.cache_write_1h,
            self.output,
            self.tool_calls,
            self.images,
        ];
        if counts.iter().any(|count| *count > Self::MOST_TOKENS) {
            return Err(UsageError::Implausible);
        }
        let output = [self.reasoning, self.audio_output, self.image_output];
        let input = [self.audio_input, self.image_input];
        if output.iter().any(|part| *part > self.output)
            || input.iter().any(|part| *part > self.total_input())
        {
            return Err(UsageError::PartExceedsWhole);
        }
        Ok(())
    }
}

impl Certainty {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Estimated => "estimated",
            Self::None => "none",
        }
    }
}
