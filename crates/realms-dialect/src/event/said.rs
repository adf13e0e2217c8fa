//! A text as it comes in pieces: a character may be cut in two between them.
//!
//! The halves of a surrogate pair can stand in two JSON strings, the bytes of one character in two
//! frames. Neither half is text, so such a piece is kept in WTF-8 until its neighbour is there. A byte
//! that is no UTF-8 takes the form of a low surrogate meanwhile, `\udc80` to `\udcff`, as Python has it.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

use crate::tap::raw::Raw;

/// How long a surrogate is in WTF-8, in bytes.
const HALF: usize = 3;

/// A piece of a text.
#[derive(Debug, Clone)]
pub(super) enum Said<'a> {
    /// Characters.
    Whole(Cow<'a, str>),
    /// Characters and halves of some, as WTF-8.
    Cut(Vec<u8>),
}

/// A JSON string as WTF-8.
struct Wtf8(Vec<u8>);

struct Wtf8Visitor;

/// A frame without a byte that is no UTF-8: each became the escape of a low surrogate. `None` where all
/// of it is UTF-8 as it is.
pub(super) fn mended(frame: &[u8]) -> Option<Vec<u8>> {
    if simdutf8::basic::from_utf8(frame).is_ok() {
        return None;
    }
    let mut mended = Vec::with_capacity(frame.len() + 64);
    for chunk in frame.utf8_chunks() {
        mended.extend_from_slice(chunk.valid().as_bytes());
        for byte in chunk.invalid() {
            mended.extend_from_slice(format!("\\udc{byte:02x}").as_bytes());
        }
    }
    Some(mended)
}

/// All of a text; what is half a character is U+FFFD.
pub(super) fn ended(wtf8: &[u8]) -> String {
    settled(wtf8, true).0
}

/// The characters of WTF-8, and what at its end may be half of one. At the end of a text nothing is.
fn settled(wtf8: &[u8], is_end: bool) -> (String, Vec<u8>) {
    let mut text = String::with_capacity(wtf8.len());
    let mut halves = Vec::new();
    let mut rest = wtf8;
    loop {
        let (plain, behind) = rest.split_at(next_half(rest));
        if !plain.is_empty() {
            join(&halves, true, &mut text);
            halves.clear();
            text.push_str(&String::from_utf8_lossy(plain));
        }
        let [_, high, low, more @ ..] = behind else { break };
        halves.push(0xd000 | (u16::from(high & 0x3f) << 6) | u16::from(low & 0x3f));
        rest = more;
    }
    let open = halves.len() - join(&halves, is_end, &mut text);
    (text, wtf8[wtf8.len() - open * HALF..].to_vec())
}

/// Where the next surrogate stands.
fn next_half(wtf8: &[u8]) -> usize {
    let found = wtf8.windows(2).position(|pair| pair[0] == 0xed && pair[1] >= 0xa0);
    found.unwrap_or(wtf8.len())
}

/// Adds what surrogates in a row come to; how many of them that took. Those that are left may be half of
/// a character.
fn join(halves: &[u16], is_end: bool, text: &mut String) -> usize {
    let mut at = 0;
    while let Some(half) = halves.get(at).copied() {
        let is_last = at + 1 == halves.len();
        let bytes: Vec<u8> = halves[at..].iter().copied().map_while(byte_of).collect();
        if let Some(pair) = halves.get(at + 1).and_then(|low| pair_of(half, *low)) {
            text.push(pair);
            at += 2;
        } else if !bytes.is_empty() {
            let may_go_on = !is_end && at + bytes.len() == halves.len();
            let whole = bytes.len() - if may_go_on { begun(&bytes) } else { 0 };
            text.push_str(&String::from_utf8_lossy(&bytes[..whole]));
            at += whole;
            if whole < bytes.len() {
                break;
            }
        } else if is_last && !is_end && is_high(half) {
            break;
        } else {
            text.push(char::REPLACEMENT_CHARACTER);
            at += 1;
        }
    }
    at
}

/// How many bytes at the end begin a character that does not end there.
fn begun(bytes: &[u8]) -> usize {
    let last = bytes.utf8_chunks().last().map(|chunk| chunk.invalid()).unwrap_or_default();
    let is_begun = str::from_utf8(last).is_err_and(|error| error.error_len().is_none());
    if is_begun { last.len() } else { 0 }
}

fn pair_of(high: u16, low: u16) -> Option<char> {
    char::decode_utf16([high, low]).next()?.ok()
}

/// The byte that this surrogate stands for, if it stands for one.
fn byte_of(half: u16) -> Option<u8> {
    (0xdc80..=0xdcff).contains(&half).then(|| half.to_be_bytes()[1])
}

fn is_high(half: u16) -> bool {
    (0xd800..0xdc00).contains(&half)
}

// === impl Said ===

impl<'a> Said<'a> {
    /// What a JSON string says; `None` for what is none.
    pub(super) fn of(raw: Raw<'a>) -> Option<Self> {
        match raw.text() {
            Some(text) => Some(Self::Whole(text)),
            None => raw.parse::<Wtf8>().map(|Wtf8(bytes)| Self::Cut(bytes)),
        }
    }

    /// Whether nothing is in it, not even half a character.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes().is_empty()
    }

    /// It, as WTF-8.
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Whole(text) => text.as_bytes(),
            Self::Cut(bytes) => bytes,
        }
    }

    /// It, borrowing nothing.
    pub(super) fn into_owned(self) -> Said<'static> {
        match self {
            Self::Whole(text) => Said::Whole(Cow::Owned(text.into_owned())),
            Self::Cut(bytes) => Said::Cut(bytes),
        }
    }

    /// Its characters, behind the half that is open; what is half a character at its end is open then.
    pub(super) fn behind(&self, open: &mut Vec<u8>) -> Cow<'_, str> {
        match self {
            Self::Whole(text) if open.is_empty() => Cow::Borrowed(text),
            _ => {
                let (text, half) = settled(&[open.as_slice(), self.bytes()].concat(), false);
                *open = half;
                Cow::Owned(text)
            }
        }
    }
}

impl Default for Said<'_> {
    fn default() -> Self {
        Self::Whole(Cow::Borrowed(""))
    }
}

// === impl Wtf8 ===

impl<'de> Deserialize<'de> for Wtf8 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(Wtf8Visitor)
    }
}

impl Visitor<'_> for Wtf8Visitor {
    type Value = Wtf8;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Wtf8, E> {
        Ok(Wtf8(bytes.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(json: &str) -> Said<'_> {
        Said::of(serde_json::from_str(json).unwrap()).unwrap()
    }

    /// What pieces come to, one after the other.
    fn folded(pieces: &[&str]) -> String {
        let (mut text, mut open) = (String::new(), Vec::new());
        for piece in pieces {
            text.push_str(&said(piece).behind(&mut open));
        }
        text + &ended(&open)
    }

    /// A JSON string of UTF-16.
    fn json(units: &[u16]) -> String {
        let escapes: Vec<String> = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
        format!("\"{}\"", escapes.concat())
    }

    #[test]
    fn halves_of_a_character_find_each_other() {
        for (pieces, whole) in [
            (&[r#""a\ud83d""#, r#""\ude00b""#][..], "a😀b"),
            (&[r#""\ud83d""#, r#""""#, r#""\ude00""#], "😀"),
            // bytes
            (&[r#""x\udcf0\udc9f""#, r#""\udc98""#, r#""\udc80y""#], "x😀y"),
            (&[r#""\udcc3""#, r#""\udca9\udcc3\udca9""#], "éé"),
            // halves without the other
            (&[r#""a\ud83d""#, r#""b""#], "a\u{fffd}b"),
            (&[r#""a\ud83d""#], "a\u{fffd}"),
            (&[r#""\ude00\ud83d""#, r#""\ud83d\ude00""#], "\u{fffd}\u{fffd}😀"),
            (&[r#""\udcf0\udc9f""#, r#""z""#], "\u{fffd}z"),
            (&[r#""\ud83d\n\ud83d\\""#], "\u{fffd}\n\u{fffd}\\"),
        ] {
            assert_eq!(folded(pieces), whole, "{pieces:?}");
        }
    }

    #[test]
    fn only_a_string_says_something() {
        for other in ["7", "[\"a\"]", "{}", "true"] {
            assert!(Said::of(serde_json::from_str(other).unwrap()).is_none(), "{other}");
        }
        assert!(said("\"\"").is_empty() && Said::default().is_empty());
        assert!(!said(r#""\ud83d""#).is_empty());
    }

    #[test]
    fn broken_bytes_are_escapes_and_nothing_else_changes() {
        assert_eq!(mended("{\"a\":\"é😀\"}".as_bytes()), None);
        assert_eq!(
            mended(b"{\"a\":\"\xc3\xa9\xf0\x9f\"}").unwrap(),
            "{\"a\":\"é\\udcf0\\udc9f\"}".as_bytes()
        );
    }

    proptest! {
        #[test]
        fn pieces_say_what_the_whole_says(
            units in prop::collection::vec(
                prop_oneof![0x61_u16..0x64, 0xd83c_u16..0xd83e, 0xdc80_u16..0xdd00, 0xddfe_u16..0xde02],
                0..24,
            ),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(units.len() + 1)).collect();
            cuts.extend([0, units.len()]);
            cuts.sort_unstable();
            let pieces: Vec<String> =
                cuts.windows(2).map(|pair| json(&units[pair[0]..pair[1]])).collect();
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            prop_assert_eq!(folded(&pieces), folded(&[&json(&units)]));
        }

        #[test]
        fn any_text_is_whole_again_however_it_was_cut(
            text in any::<String>(),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let units: Vec<u16> = text.encode_utf16().collect();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(units.len() + 1)).collect();
            cuts.extend([0, units.len()]);
            cuts.sort_unstable();
            let pieces: Vec<String> =
                cuts.windows(2).map(|pair| json(&units[pair[0]..pair[1]])).collect();
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            prop_assert_eq!(folded(&pieces), text);
        }
    }
}
