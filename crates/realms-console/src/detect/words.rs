//! What is recognised by its looks alone: addresses, keys, models.

use super::{Note, clues::Clues, preset};

/// How the keys of vendors begin that a table of vendors cannot tell apart.
const KEYS: [&str; 6] = ["sk-", "sk_", "rlm_", "eyJ", "ak-", "tp-"];
/// How the names of models begin.
const MODELS: [&str; 22] = [
    "gpt-",
    "chatgpt-",
    "claude-",
    "gemini-",
    "deepseek-",
    "qwen",
    "glm-",
    "kimi-",
    "moonshot-",
    "grok-",
    "mistral-",
    "magistral-",
    "codestral-",
    "llama",
    "o1-",
    "o3-",
    "o4-",
    "gemma",
    "doubao-",
    "minimax-",
    "codex-",
    "ernie-",
];
/// The shortest word that is taken for a key without a known beginning.
const LONG: usize = 32;

/// Adds what the words of a text look like, as far as nothing better said it.
pub(super) fn read(text: &str, clues: &mut Clues) {
    for url in urls(text) {
        if !clues.urls.contains(&url) {
            clues.urls.push(url);
        }
    }
    let breaks = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | ';' | '|');
    for word in text.split(breaks) {
        let word = word.trim_matches(['(', ')', '<', '>', '[', ']', '{', '}', '*']);
        // `key=…` and `key:…` in running text.
        let word = match word.rsplit_once(['=', ':', '\u{ff1a}']) {
            Some((_, value)) if !word.contains("://") && !value.is_empty() => value,
            _ => word,
        };
        if looks_like_key(word) {
            if is_placeholder(word) {
                clues.note(Note::PlaceholderKey);
            } else {
                clues.keys.push(word.to_owned());
            }
        } else if clues.models.len() < 50 && looks_like_model(word) {
            clues.model(word);
        }
    }
}

/// Every address in a text.
pub(super) fn urls(text: &str) -> Vec<String> {
    const ENDS: [char; 12] =
        ['"', '\'', '`', '<', '>', '(', ')', '\\', ',', '\u{3002}', '\u{ff0c}', '|'];
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("http") {
        rest = &rest[at..];
        let is_url = rest.starts_with("http://") || rest.starts_with("https://");
        let end = rest.find(|c: char| c.is_whitespace() || ENDS.contains(&c));
        let (url, after) = rest.split_at(end.unwrap_or(rest.len()));
        if is_url && found.len() < 20 {
            let url = url.trim_end_matches(['.', ';', ':', '}', ']']);
            // Documentation writes variables into its addresses.
            if !url.contains(['$', '{']) || url.contains(":generateContent") {
                found.push(url.to_owned());
            }
        }
        rest = if after.len() < rest.len() { after } else { &rest["http".len()..] };
    }
    found
}

/// Whether something only stands in the place of a key.
pub(super) fn is_placeholder(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let is_variable = word.len() > 2
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte == b'-')
        && word.contains(['_', '-']);
    let mostly = |c: char| lower.chars().filter(|other| *other == c).count() * 2 > lower.len();
    word.contains(['$', '<', '>', '{', '}', '%'])
        || word.contains("...")
        || word.contains('…')
        || is_variable
        || ["your", "xxxx", "placeholder", "changeme", "replace", "example-key", "api-key-here"]
            .iter()
            .any(|mark| lower.contains(mark))
        || ['x', '*'].into_iter().any(mostly)
}

fn looks_like_key(word: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let (length, sound) = (word.len(), word.bytes().all(plain));
    if !(12..=4096).contains(&length) || !sound || word.contains("..") {
        // `sk-…` with dots in place of its middle.
        return word.starts_with("sk-") && is_placeholder(word) && length >= 6;
    }
    let known = KEYS.iter().any(|start| word.starts_with(start)) || preset::of_key(word).is_some();
    let mixed = word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic());
    // Zhipu's keys are two random words with a dot between them.
    known || (mixed && length >= LONG && !looks_like_model(word) && !looks_like_host(word))
}

/// `api.vendor.example`: short words and dots.
fn looks_like_host(word: &str) -> bool {
    let labels: Vec<&str> = word.split('.').collect();
    labels.len() > 2 || labels.len() == 2 && labels[1].len() < 5
}

fn looks_like_model(word: &str) -> bool {
    let bare = word.rsplit('/').next().unwrap_or(word);
    let plain = |byte: u8| {
        byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || matches!(byte, b'-' | b'_' | b'.' | b':' | b'/')
    };
    word.len() <= 80
        && word.bytes().all(plain)
        && bare.bytes().any(|byte| byte.is_ascii_digit() || byte == b'-')
        && (MODELS.iter().any(|start| bare.starts_with(start)) || matches!(bare, "o1" | "o3"))
        && !bare.ends_with(['-', '.', ':'])
}
