//! What a usage is made of when it is paid for. Pure.

use realms_types::{Price, UnitPrice, Usage};

/// A part of a usage that has a price of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// Fresh input.
    Input,
    /// Input read from a cache.
    CacheRead,
    /// Input written to a cache for 5 minutes.
    CacheWrite5m,
    /// Input written to a cache for an hour.
    CacheWrite1h,
    /// Output, but for what of it has a price of its own.
    Output,
    /// Reasoning, where it costs other than output.
    Reasoning,
    /// Audio that was heard, where it costs other than input.
    AudioInput,
    /// Audio that was spoken, where it costs other than output.
    AudioOutput,
    /// Images that were seen, where they cost other than input.
    ImageInput,
    /// Images that were made, where they cost other than output.
    ImageOutput,
    /// Server-side tool calls, by the piece.
    ToolCalls,
    /// Images that were made, by the piece.
    Images,
    /// The call itself.
    Request,
}

/// So many of something at a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) bucket: Bucket,
    pub(crate) count: u64,
    /// Nano-USD, for a million or for one.
    pub(crate) nano: i64,
}

/// A million of what is paid for by the million.
const MILLION: i128 = 1_000_000;

// === impl Bucket ===

impl Bucket {
    /// Every bucket.
    pub const ALL: [Self; 13] = [
        Self::Input,
        Self::CacheRead,
        Self::CacheWrite5m,
        Self::CacheWrite1h,
        Self::Output,
        Self::Reasoning,
        Self::AudioInput,
        Self::AudioOutput,
        Self::ImageInput,
        Self::ImageOutput,
        Self::ToolCalls,
        Self::Images,
        Self::Request,
    ];

    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::CacheRead => "cache_read",
            Self::CacheWrite5m => "cache_write_5m",
            Self::CacheWrite1h => "cache_write_1h",
            Self::Output => "output",
            Self::Reasoning => "reasoning",
            Self::AudioInput => "audio_input",
            Self::AudioOutput => "audio_output",
            Self::ImageInput => "image_input",
            Self::ImageOutput => "image_output",
            Self::ToolCalls => "tool_calls",
            Self::Images => "images",
            Self::Request => "request",
        }
    }

    /// Whether its price is for one and not for a million.
    pub const fn is_by_the_piece(self) -> bool {
        matches!(self, Self::ToolCalls | Self::Images | Self::Request)
    }
}

// === impl Item ===

impl Item {
    /// What it costs, in nano-USD times a million.
    pub(crate) fn exact(&self) -> i128 {
        let product = i128::from(self.count) * i128::from(self.nano);
        if self.bucket.is_by_the_piece() { product.saturating_mul(MILLION) } else { product }
    }
}

/// Everything that is paid for of a usage; every LLM token is in one item.
pub(crate) fn items(price: &Price, usage: &Usage) -> [Item; 13] {
    let rates = price.rates(usage.total_input());
    let none = realms_types::PriceTerms::default();
    let terms = price.terms.as_deref().unwrap_or(&none);
    let apart = |own: Option<UnitPrice>, count: u64, most: u64| match own {
        Some(own) => (own, count.min(most)),
        None => (UnitPrice::default(), 0),
    };
    let (heard_at, heard) = apart(terms.audio_input, usage.audio_input, usage.input);
    let (thought_at, thought) = apart(terms.reasoning, usage.reasoning, usage.output);
    let (spoken_at, spoken) = apart(terms.audio_output, usage.audio_output, usage.output - thought);
    let (seen_at, seen) = apart(terms.image_input, usage.image_input, usage.input - heard);
    let said = usage.output - thought - spoken;
    let (drawn_at, drawn) = apart(terms.image_output, usage.image_output, said);
    let item = |bucket, count, price: UnitPrice| Item { bucket, count, nano: price.nano() };
    let piece = |bucket, count, price: Option<realms_types::PiecePrice>| Item {
        bucket,
        count: if price.is_some() { count } else { 0 },
        nano: price.unwrap_or_default().nano(),
    };
    [
        item(Bucket::Input, usage.input - heard - seen, rates.input),
        item(Bucket::CacheRead, usage.cache_read, rates.cache_read),
        item(Bucket::CacheWrite5m, usage.cache_write_5m, rates.cache_write_5m),
        item(Bucket::CacheWrite1h, usage.cache_write_1h, rates.cache_write_1h),
        item(Bucket::Output, said - drawn, rates.output),
        item(Bucket::Reasoning, thought, thought_at),
        item(Bucket::AudioInput, heard, heard_at),
        item(Bucket::AudioOutput, spoken, spoken_at),
        item(Bucket::ImageInput, seen, seen_at),
        item(Bucket::ImageOutput, drawn, drawn_at),
        piece(Bucket::ToolCalls, usage.tool_calls, terms.tool_call),
        piece(Bucket::Images, usage.images, terms.image),
        piece(Bucket::Request, u64::from(!usage.is_empty()), terms.request),
    ]
}
