//! What is added up over records, and the columns it comes from.

use realms_types::{Money, Usage};

/// Sums over records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UsageSums {
    /// How many calls.
    pub calls: u64,
    /// Those that did not end well, unless their client left.
    pub errors: u64,
    /// Their LLM tokens by bucket.
    pub usage: Usage,
    /// What they cost together, where a price was known.
    pub cost: Money,
    /// What caches of vendors saved, where a price was known.
    pub cache_saved: Money,
    /// What those that somebody pays for were charged.
    pub revenue: Money,
    /// How much of that is of calls whose cost at their vendor is known.
    pub costed_revenue: Money,
    /// What they cost us at their vendors, where that is known.
    pub upstream_cost: Money,
    /// How many used something at a cost that nobody knows.
    pub uncosted_calls: u64,
    /// Output tokens of those that streamed.
    pub streamed_tokens: u64,
    /// How long those streamed, from the first event to the end, in microseconds.
    pub streamed_us: u64,
}

/// How many columns the sums have.
pub(super) const COUNT: usize = 22;

/// The columns of `usage_hours` in the order of [`UsageSums`], each with what one record of
/// `usage_records u` adds to it.
pub(super) const COLUMNS: [(&str, &str); COUNT] = [
    ("calls", "1"),
    ("errors", "CASE WHEN u.outcome IN ('ok', 'client_gone') THEN 0 ELSE 1 END"),
    ("input_tokens", "u.input_tokens"),
    ("cache_read_tokens", "u.cache_read_tokens"),
    ("cache_write_5m_tokens", "u.cache_write_5m_tokens"),
    ("cache_write_1h_tokens", "u.cache_write_1h_tokens"),
    ("output_tokens", "u.output_tokens"),
    ("reasoning_tokens", "u.reasoning_tokens"),
    ("audio_input_tokens", "u.audio_input_tokens"),
    ("audio_output_tokens", "u.audio_output_tokens"),
    ("tool_calls", "u.tool_calls"),
    ("cost", "u.cost"),
    ("cache_saved", "u.cache_saved"),
    (
        "streamed_tokens",
        "CASE WHEN u.stream AND u.first_event_us >= 0 THEN u.output_tokens ELSE 0 END",
    ),
    (
        "streamed_us",
        "CASE WHEN u.stream AND u.first_event_us >= 0 THEN u.duration_us - u.first_event_us ELSE 0 END",
    ),
    ("revenue", "CASE WHEN u.billing IS NULL THEN 0 ELSE u.cost END"),
    (
        "costed_revenue",
        "CASE WHEN u.billing IS NULL OR u.upstream_cost IS NULL THEN 0 ELSE u.cost END",
    ),
    ("upstream_cost", "u.upstream_cost"),
    (
        "uncosted_calls",
        "CASE WHEN u.upstream_cost IS NULL AND u.certainty <> 'none' THEN 1 ELSE 0 END",
    ),
    ("image_input_tokens", "u.image_input_tokens"),
    ("image_output_tokens", "u.image_output_tokens"),
    ("images", "u.images"),
];

// === impl UsageSums ===

impl UsageSums {
    /// From the columns in their order.
    pub(super) fn read(sums: &[i64; COUNT]) -> Self {
        let count = |index: usize| u64::try_from(sums[index]).unwrap_or(0);
        Self {
            calls: count(0),
            errors: count(1),
            usage: Usage {
                input: count(2),
                cache_read: count(3),
                cache_write_5m: count(4),
                cache_write_1h: count(5),
                output: count(6),
                reasoning: count(7),
                audio_input: count(8),
                audio_output: count(9),
                image_input: count(19),
                image_output: count(20),
                tool_calls: count(10),
                images: count(21),
            },
            cost: Money::from_nano(sums[11]),
            cache_saved: Money::from_nano(sums[12]),
            streamed_tokens: count(13),
            streamed_us: count(14),
            revenue: Money::from_nano(sums[15]),
            costed_revenue: Money::from_nano(sums[16]),
            upstream_cost: Money::from_nano(sums[17]),
            uncosted_calls: count(18),
        }
    }

    /// Adds other sums to these. Amounts stop at the largest there is.
    pub fn add(&mut self, other: &Self) {
        let money =
            |one: Money, other: Money| Money::from_nano(one.nano().saturating_add(other.nano()));
        let (usage, more) = (&mut self.usage, &other.usage);
        for (sum, more) in [
            (&mut self.calls, other.calls),
            (&mut self.errors, other.errors),
            (&mut usage.input, more.input),
            (&mut usage.cache_read, more.cache_read),
            (&mut usage.cache_write_5m, more.cache_write_5m),
            (&mut usage.cache_write_1h, more.cache_write_1h),
            (&mut usage.output, more.output),
            (&mut usage.reasoning, more.reasoning),
            (&mut usage.audio_input, more.audio_input),
            (&mut usage.audio_output, more.audio_output),
            (&mut usage.image_input, more.image_input),
            (&mut usage.image_output, more.image_output),
            (&mut usage.tool_calls, more.tool_calls),
            (&mut usage.images, more.images),
            (&mut self.streamed_tokens, other.streamed_tokens),
            (&mut self.streamed_us, other.streamed_us),
            (&mut self.uncosted_calls, other.uncosted_calls),
        ] {
            *sum = sum.saturating_add(more);
        }
        self.cost = money(self.cost, other.cost);
        self.cache_saved = money(self.cache_saved, other.cache_saved);
        self.revenue = money(self.revenue, other.revenue);
        self.costed_revenue = money(self.costed_revenue, other.costed_revenue);
        self.upstream_cost = money(self.upstream_cost, other.upstream_cost);
    }

    /// What is left when a part is taken away.
    #[must_use]
    pub fn without(&self, part: &Self) -> Self {
        let money =
            |one: Money, part: Money| Money::from_nano(one.nano().saturating_sub(part.nano()));
        let (usage, less) = (&self.usage, &part.usage);
        Self {
            calls: self.calls.saturating_sub(part.calls),
            errors: self.errors.saturating_sub(part.errors),
            usage: Usage {
                input: usage.input.saturating_sub(less.input),
                cache_read: usage.cache_read.saturating_sub(less.cache_read),
                cache_write_5m: usage.cache_write_5m.saturating_sub(less.cache_write_5m),
                cache_write_1h: usage.cache_write_1h.saturating_sub(less.cache_write_1h),
                output: usage.output.saturating_sub(less.output),
                reasoning: usage.reasoning.saturating_sub(less.reasoning),
                audio_input: usage.audio_input.saturating_sub(less.audio_input),
                audio_output: usage.audio_output.saturating_sub(less.audio_output),
                image_input: usage.image_input.saturating_sub(less.image_input),
                image_output: usage.image_output.saturating_sub(less.image_output),
                tool_calls: usage.tool_calls.saturating_sub(less.tool_calls),
                images: usage.images.saturating_sub(less.images),
            },
            cost: money(self.cost, part.cost),
            cache_saved: money(self.cache_saved, part.cache_saved),
            revenue: money(self.revenue, part.revenue),
            costed_revenue: money(self.costed_revenue, part.costed_revenue),
            upstream_cost: money(self.upstream_cost, part.upstream_cost),
            uncosted_calls: self.uncosted_calls.saturating_sub(part.uncosted_calls),
            streamed_tokens: self.streamed_tokens.saturating_sub(part.streamed_tokens),
            streamed_us: self.streamed_us.saturating_sub(part.streamed_us),
        }
    }

    /// What calls earned whose cost at their vendor is known: what was charged for them, less that cost.
    pub fn margin(&self) -> Money {
        let (charged, paid) = (self.costed_revenue.nano(), self.upstream_cost.nano());
        Money::from_nano(charged.saturating_sub(paid))
    }

    /// Output tokens a second while streaming.
    pub fn output_rate(&self) -> Option<u64> {
        self.streamed_tokens.saturating_mul(1_000_000).checked_div(self.streamed_us)
    }
}
