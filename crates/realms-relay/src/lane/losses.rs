//! What a translation lost, as the client and the trace are told.

use http::{HeaderMap, HeaderName, HeaderValue};
use realms_dialect::{Loss, LossKind, Losses};
use realms_store::LossRecord;
use realms_types::LossPolicy;

/// Names what is lost: `dropped: logit_bias, seed; approximated: temperature`.
const HEADER: HeaderName = HeaderName::from_static("x-realms-losses");
/// No longer than this: many proxies allow 8 KiB for all headers of an answer.
const LONGEST: usize = 1024;
/// The longest path that is kept; clients choose the keys of what they send.
const LONGEST_PATH: usize = 200;
/// Why a count is none that an upstream made.
pub(crate) const ESTIMATED: &str = "estimated from the text: the upstream does not count tokens";

/// For the trace.
pub(crate) fn records(losses: &Losses) -> Vec<LossRecord> {
    let mut records: Vec<LossRecord> = losses.named().iter().map(record).collect();
    if losses.unnamed() > 0 {
        let why = format!("{} more", losses.unnamed());
        records.push(LossRecord { path: "…".to_owned(), kind: "dropped".to_owned(), why });
    }
    records
}

fn record(loss: &Loss) -> LossRecord {
    let end = loss.path.floor_char_boundary(LONGEST_PATH);
    LossRecord {
        path: loss.path[..end].to_owned(),
        kind: loss.kind.name().to_owned(),
        why: loss.why.to_owned(),
    }
}

/// Names the losses in a header of the answer, unless the key wants silence.
pub(crate) fn tell(headers: &mut HeaderMap, losses: &[LossRecord], policy: LossPolicy) {
    if policy == LossPolicy::Silent || losses.is_empty() {
        return;
    }
    if let Ok(value) = HeaderValue::from_str(&line(losses)) {
        headers.insert(HEADER, value);
    }
}

/// One line, kind by kind, cut to what a header may hold.
fn line(losses: &[LossRecord]) -> String {
    let mut text = String::new();
    let mut told = 0;
    for kind in [LossKind::Dropped, LossKind::Approximated, LossKind::Emulated] {
        let of_kind = losses.iter().filter(|loss| loss.kind == kind.name());
        for (place, loss) in of_kind.enumerate() {
            let path: String = loss.path.chars().map(visible).collect();
            let before = match (place, text.is_empty()) {
                (0, true) => format!("{}: ", kind.name()),
                (0, false) => format!("; {}: ", kind.name()),
                _ => ", ".to_owned(),
            };
            if text.len() + before.len() + path.len() > LONGEST {
                let rest = losses.len() - told;
                return format!("{text}; and {rest} more");
            }
            text.push_str(&before);
            text.push_str(&path);
            told += 1;
        }
    }
    text
}

/// What separates paths, and what no header can carry, stands for itself nowhere.
fn visible(character: char) -> char {
    match character {
        ',' | ';' => '_',
        character if character.is_ascii_graphic() => character,
        _ => '?',
    }
}

/// The paths of what does not arrive at all, or only nearly.
pub(super) fn lost(losses: &Losses) -> Vec<&str> {
    let is_lost = |loss: &&Loss| match loss.kind {
        LossKind::Dropped | LossKind::Approximated => true,
        LossKind::Emulated => false,
    };
    losses.named().iter().filter(is_lost).map(|loss| loss.path.as_ref()).collect()
}

/// As many of them as a sentence can hold.
pub(super) fn in_words(paths: &[&str]) -> String {
    const MOST: usize = 10;
    let named: Vec<String> = paths.iter().take(MOST).map(|path| format!("`{path}`")).collect();
    match paths.len().saturating_sub(MOST) {
        0 => named.join(", "),
        rest => format!("{} and {rest} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(losses: &Losses, policy: LossPolicy) -> Option<String> {
        let mut headers = HeaderMap::new();
        tell(&mut headers, &records(losses), policy);
        headers.get(HEADER).map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_header_names_what_is_lost_kind_by_kind() {
        let mut losses = Losses::default();
        assert_eq!(told(&losses, LossPolicy::Warn), None);
        losses.emulated("max_tokens", "w");
        losses.dropped("logit_bias", "w");
        losses.approximated("temperature", "w");
        losses.dropped("metadata.a, b\u{e9}\n", "w");
        let expected = "dropped: logit_bias, metadata.a_?b??; approximated: temperature; \
                        emulated: max_tokens";
        assert_eq!(told(&losses, LossPolicy::Warn).as_deref(), Some(expected));
        assert_eq!(told(&losses, LossPolicy::Silent), None);
        assert_eq!(lost(&losses), ["logit_bias", "temperature", "metadata.a, b\u{e9}\n"]);
    }

    #[test]
    fn a_header_is_bounded_and_says_how_much_is_missing() {
        let mut losses = Losses::default();
        for turn in 0..100 {
            losses.dropped(format!("messages[{turn}].{}", "name".repeat(40)), "w");
        }
        let header = told(&losses, LossPolicy::Warn).unwrap();
        assert!(header.len() <= LONGEST + 20, "{}", header.len());
        assert!(header.ends_with(" more"), "{header}");
        assert_eq!(records(&losses).len(), 65);
    }
}
