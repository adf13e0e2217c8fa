//! curl commands, split as a shell splits them.

use realms_dialect::facts;
use realms_types::{ChannelKind, DialectId};

use super::{clues::Clues, json};

/// More words than any command has.
const MOST_WORDS: usize = 2_000;

/// Reads the curl command in a text; `false` when there is none.
pub(super) fn read(text: &str, clues: &mut Clues) -> bool {
    let words = words(text);
    let is_curl = |word: &String| {
        let word = word.rsplit(['/', '\\']).next().unwrap_or(word);
        matches!(word.to_ascii_lowercase().as_str(), "curl" | "curl.exe")
    };
    let Some(start) = words.iter().position(is_curl) else { return false };
    let mut rest = words[start + 1..].iter();
    while let Some(word) = rest.next() {
        match option(word) {
            Some((Option_::Header, inline)) => {
                let value = inline.or_else(|| rest.next().map(String::as_str));
                header(value.unwrap_or_default(), clues);
            }
            Some((Option_::Body, inline)) => {
                let value = inline.or_else(|| rest.next().map(String::as_str));
                json::read_body(value.unwrap_or_default(), clues);
            }
            Some((Option_::User, inline)) => {
                let value = inline.or_else(|| rest.next().map(String::as_str)).unwrap_or_default();
                clues.key(value.rsplit(':').next().unwrap_or(value));
            }
            Some((Option_::Url, inline)) => {
                let value = inline.or_else(|| rest.next().map(String::as_str));
                clues.urls.extend(value.map(str::to_owned));
            }
            None if word.starts_with("http://") || word.starts_with("https://") => {
                clues.urls.push(word.clone());
            }
            None => {}
        }
    }
    true
}

/// The options of curl that matter.
#[derive(Clone, Copy)]
enum Option_ {
    Header,
    Body,
    User,
    Url,
}

fn option(word: &str) -> Option<(Option_, Option<&str>)> {
    const LONG: [(&str, Option_); 8] = [
        ("--header", Option_::Header),
        ("--data-raw", Option_::Body),
        ("--data-binary", Option_::Body),
        ("--data-ascii", Option_::Body),
        ("--data", Option_::Body),
        ("--json", Option_::Body),
        ("--user", Option_::User),
        ("--url", Option_::Url),
    ];
    const SHORT: [(&str, Option_); 3] =
        [("-H", Option_::Header), ("-d", Option_::Body), ("-u", Option_::User)];
    for (name, option) in LONG {
        if word == name {
            return Some((option, None));
        }
        if let Some(value) = word.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
            return Some((option, Some(value)));
        }
    }
    SHORT.into_iter().find_map(|(name, option)| {
        let rest = word.strip_prefix(name)?;
        Some((option, Some(rest).filter(|rest| !rest.is_empty())))
    })
}

fn header(line: &str, clues: &mut Clues) {
    let Some((name, value)) = line.split_once(':') else { return };
    let name = name.trim().to_ascii_lowercase();
    match name.as_str() {
        "authorization" | "x-api-key" | "api-key" | "x-goog-api-key" => {
            if name == "x-goog-api-key" {
                clues.speaks(Some(ChannelKind::Gemini), None);
            }
            clues.key(value);
        }
        name => {
            let has_version = |dialect: &DialectId| {
                facts(*dialect).version.is_some_and(|(version, _)| version == name)
            };
            clues.speaks(None, DialectId::ALL.into_iter().find(has_version));
        }
    }
}

/// The words of a command line: quotes of POSIX shells, `\`, `^` and `` ` `` before the end of a line.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if words.len() >= MOST_WORDS {
            break;
        }
        match c {
            '\'' => {
                let word = word.get_or_insert_default();
                word.extend(chars.by_ref().take_while(|c| *c != '\''));
            }
            '"' => {
                let word = word.get_or_insert_default();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' => match chars.next() {
                            Some(escaped @ ('"' | '\\' | '$' | '`')) => word.push(escaped),
                            Some('\n') | None => {}
                            Some(other) => word.extend(['\\', other]),
                        },
                        c => word.push(c),
                    }
                }
            }
            '\\' | '^' | '`' if matches!(chars.peek(), Some('\n' | '\r') | None) => {}
            '\\' => {
                if let Some(escaped) = chars.next() {
                    word.get_or_insert_default().push(escaped);
                }
            }
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_a_shell_splits_them() {
        for (text, expected) in [
            ("a  b\tc", &["a", "b", "c"][..]),
            ("a 'b c' \"d \\\" e\"", &["a", "b c", "d \" e"]),
            ("a \\\n  b", &["a", "b"]),
            ("a ^\r\n b", &["a", "b"]),
            ("it'\\''s", &["it\\s"]),
            ("'a'\"b\"c ''", &["abc", ""]),
            ("'open", &["open"]),
            ("\"open\\", &["open"]),
            ("\\", &[]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }
}
