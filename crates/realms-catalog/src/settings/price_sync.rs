//! How prices are kept up with a list elsewhere.

use std::time::Duration;

use url::Url;

/// How prices are kept up with a list elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceSyncSettings {
    /// Where the list is; without it nothing is looked at.
    pub url: Option<Url>,
    /// The form of the list.
    pub format: PriceListFormat,
    /// Hours between two looks; 0: nobody looks by itself.
    pub hours: u32,
    /// What becomes of prices that changed.
    pub mode: PriceSyncMode,
    /// A price that moves by more than this is never set by itself.
    pub factor: u32,
}

/// The form of a list of prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceListFormat {
    /// Told by its shape.
    Auto,
    /// Our own models.
    Realms,
    /// LiteLLM's list.
    Litellm,
}

/// What becomes of prices that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceSyncMode {
    /// They wait until somebody takes them.
    Review,
    /// They are set, but for those that move too far.
    Apply,
}

// === impl PriceSyncSettings ===

impl PriceSyncSettings {
    /// The longest time between two looks, in hours: 30 days.
    pub(super) const MOST_HOURS: u32 = 720;

    /// The time between two looks; `None`: nobody looks by itself.
    pub fn every(&self) -> Option<Duration> {
        (self.hours > 0).then(|| Duration::from_hours(self.hours.into()))
    }
}

impl Default for PriceSyncSettings {
    fn default() -> Self {
        Self {
            url: None,
            format: PriceListFormat::Auto,
            hours: 0,
            mode: PriceSyncMode::Review,
            factor: 5,
        }
    }
}

// === impl PriceListFormat ===

impl PriceListFormat {
    /// The words in the setting.
    pub(super) const WORDS: &'static [&'static str] = &["auto", "realms", "litellm"];

    /// The word in the setting.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Realms => "realms",
            Self::Litellm => "litellm",
        }
    }

    pub(super) fn read(text: &str) -> Result<Self, String> {
        [Self::Auto, Self::Realms, Self::Litellm]
            .into_iter()
            .find(|one| one.as_str() == text)
            .ok_or_else(|| format!("`{text}` is none of `{}`", Self::WORDS.join("`, `")))
    }
}

// === impl PriceSyncMode ===

impl PriceSyncMode {
    /// The words in the setting.
    pub(super) const WORDS: &'static [&'static str] = &["review", "apply"];

    /// The word in the setting and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Apply => "apply",
        }
    }

    pub(super) fn read(text: &str) -> Result<Self, String> {
        [Self::Review, Self::Apply]
            .into_iter()
            .find(|one| one.as_str() == text)
            .ok_or_else(|| format!("`{text}` is none of `{}`", Self::WORDS.join("`, `")))
    }
}
