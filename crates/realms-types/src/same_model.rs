//! Whether an upstream answered with the model it was asked for. Pure.

/// Whether two names are of one model: vendors add a date, a path or a version to the name they were
/// asked for, and aliases such as `-latest` become the name they stand for.
pub fn is_same_model(asked: &str, answered: &str) -> bool {
    let (asked, answered) = (plain(asked), plain(answered));
    let stem = asked.strip_suffix("-latest").unwrap_or(&asked);
    answered == asked || begins_as(&answered, stem) || begins_as(&asked, &answered)
}

/// Without what stands before the name, and in lower case.
fn plain(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.trim().to_lowercase().replace('.', "-")
}

/// The same name, and behind it a date or a version.
fn begins_as(long: &str, short: &str) -> bool {
    let Some(rest) = long.strip_prefix(short) else { return false };
    let rest = rest.trim_start_matches(['-', '@', ':', '_']);
    let dated = rest.len() >= 3 && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    rest.is_empty() || dated || matches!(rest, "latest" | "preview" | "free")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_no_other_model() {
        for (asked, answered) in [
            ("gpt-5.2", "gpt-5.2"),
            ("gpt-5.2", "gpt-5.2-2026-01-15"),
            ("gpt-5.2-2026-01-15", "gpt-5.2"),
            ("claude-opus-4-5", "claude-opus-4-5-20251101"),
            ("claude-opus-4.5", "claude-opus-4-5"),
            ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
            ("gemini-3-pro", "models/gemini-3-pro"),
            ("openai/gpt-5.2", "gpt-5.2"),
            ("gemini-3-pro", "gemini-3-pro-001"),
            ("DeepSeek-V3", "deepseek-v3"),
        ] {
            assert!(is_same_model(asked, answered), "{asked} {answered}");
        }
        for (asked, answered) in [
            ("gpt-5.2", "gpt-5.2-mini"),
            ("gpt-5.2", "gpt-4o"),
            ("claude-opus-4-5", "claude-haiku-4-5"),
            ("gpt-5", "gpt-5.2"),
            ("m", ""),
        ] {
            assert!(!is_same_model(asked, answered), "{asked} {answered}");
        }
    }
}
