//! Which of a vendor's models are worth offering. Pure.

/// Words in the names of models that hold no conversation.
const OTHERS: [&str; 24] = [
    "embed",
    "whisper",
    "tts",
    "dall-e",
    "image",
    "audio",
    "realtime",
    "transcribe",
    "moderation",
    "rerank",
    "speech",
    "video",
    "veo",
    "sora",
    "imagen",
    "babbage",
    "davinci",
    "instruct",
    "guard",
    "search-",
    "bge-",
    "aqa",
    "computer-use",
    "stable-diffusion",
];
/// Small models, the first to be asked in a test.
const SMALL: [&str; 6] = ["mini", "haiku", "flash", "lite", "small", "nano"];

/// Whether a model is one to tick: one to talk with, under the name that stays, and with a known price
/// where any price is known at all.
pub(crate) fn is_recommended(id: &str, priced: bool, any_priced: bool) -> bool {
    talks(id) && if any_priced { priced } else { !is_dated(id) }
}

/// The model of a list that a test asks, when nobody says which.
pub(crate) fn probe_model<'a>(ids: &[&'a str]) -> Option<&'a str> {
    let talking = ids.iter().copied().filter(|id| talks(id));
    let small = |id: &&str| is_small(id) && !is_dated(id);
    talking.clone().find(small).or_else(|| talking.clone().next()).or(ids.first().copied())
}

fn talks(id: &str) -> bool {
    let lower = id.to_lowercase();
    !OTHERS.iter().any(|word| lower.contains(word))
}

/// Whether a word of the name says so: `gemini` holds `mini`, but not as a word.
fn is_small(id: &str) -> bool {
    id.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| SMALL.contains(&word))
}

/// Whether a name ends in a date or says that it is for a while.
fn is_dated(id: &str) -> bool {
    let mut digits = 0;
    for byte in id.bytes().rev() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'-' => {}
            _ => break,
        }
    }
    digits >= 4 || ["preview", "-exp", "-beta"].iter().any(|word| id.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_talks_under_a_name_that_stays_is_recommended() {
        for (id, expected) in [
            ("gpt-5.2", true),
            ("gpt-5.2-2026-01-15", false),
            ("claude-opus-4-5", true),
            ("claude-opus-4-5-20251101", false),
            ("gemini-3-pro-preview", false),
            ("text-embedding-3-small", false),
            ("whisper-1", false),
            ("gpt-image-1", false),
            ("deepseek-chat", true),
        ] {
            assert_eq!(is_recommended(id, false, false), expected, "{id}");
        }
        assert!(is_recommended("gpt-5.2-2026-01-15", true, true));
        assert!(!is_recommended("gpt-5.2", false, true));
    }

    #[test]
    fn a_test_asks_a_small_model_that_talks() {
        assert_eq!(
            probe_model(&["text-embedding-3", "gpt-5.2", "gpt-5.2-mini"]),
            Some("gpt-5.2-mini")
        );
        assert_eq!(probe_model(&["text-embedding-3", "gpt-5.2"]), Some("gpt-5.2"));
        assert_eq!(probe_model(&["gpt-5.2", "gemini-3-pro"]), Some("gpt-5.2"));
        assert_eq!(probe_model(&["text-embedding-3"]), Some("text-embedding-3"));
        assert_eq!(probe_model(&[]), None);
    }
}
