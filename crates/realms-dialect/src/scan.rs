//! One quick pass over a JSON object: its members, and that all of it is JSON of bounded depth.
//!
//! The pass says only yes or no. Why a text is refused is for `serde_json` to say, which then reads it
//! once more.

use std::{collections::HashMap, iter};

use serde_json::value::RawValue;

/// How deep a quick pass goes; what nests deeper is read by the parser.
pub(crate) const QUICK_DEPTH: usize = 128;

/// A member as it is written: its key with the quotes, and its value.
pub(crate) type Written<'a> = (&'a str, &'a str);

/// A place in a JSON text.
struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

/// After so many eights a string is long.
const SHORT: usize = 6;

/// What is open around a value: a bit for each level, set for an object.
struct Levels {
    objects: u128,
    depth: usize,
    most: usize,
}

/// The members of the object that the whole text is, or `None` when it is no such object or nests
/// deeper than [`QUICK_DEPTH`] levels, the object itself being the first.
pub(crate) fn members(text: &str) -> Option<Vec<Written<'_>>> {
    let mut members = Vec::with_capacity(24);
    each_member(text, |key, value| members.push((key, value)))?;
    Some(members)
}

/// The values of some members of the object that the whole text is, as they are written: `None` for one
/// that is missing or `null`. Of a key given twice the last value holds. `None` for what is no object.
pub(crate) fn pick<'a, const N: usize>(
    text: &'a str,
    wanted: [&str; N],
) -> Option<[Option<&'a str>; N]> {
    let mut found = [None; N];
    let mut is_plain = true;
    let whole = each_member(text, |key, value| {
        let key = &key[1..key.len() - 1];
        is_plain &= !key.contains('\\');
        if let Some(at) = wanted.iter().position(|name| *name == key) {
            found[at] = Some(value).filter(|value| *value != "null");
        }
    });
    if whole.is_some() && is_plain { Some(found) } else { pick_slowly(text, wanted) }
}

/// What is deep, or has keys with escapes, is read by the parser.
fn pick_slowly<'a, const N: usize>(
    text: &'a str,
    wanted: [&str; N],
) -> Option<[Option<&'a str>; N]> {
    let members: HashMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    let value = |key| members.get(key).map(|raw| raw.get()).filter(|value| *value != "null");
    Some(wanted.map(value))
}

/// The elements of the array that a text begins with, as they are written. None for what is no array.
pub(crate) fn elements(text: &str) -> impl Iterator<Item = &str> {
    let mut scanner = Scanner::new(text);
    let mut more = scanner.take(b'[').is_some() && scanner.peek() != Some(b']');
    iter::from_fn(move || {
        if !more {
            return None;
        }
        scanner.solid()?;
        let element = scanner.slice(|scanner| scanner.value(QUICK_DEPTH - 1))?;
        more = scanner.next() == Some(b',');
        Some(element)
    })
}

/// Hands on the members of the object that the whole text is.
fn each_member<'a>(text: &'a str, mut each: impl FnMut(&'a str, &'a str)) -> Option<()> {
    let mut scanner = Scanner::new(text);
    scanner.take(b'{')?;
    if scanner.peek()? == b'}' {
        scanner.at += 1;
    } else {
        loop {
            scanner.solid()?;
            let key = scanner.slice(Scanner::key)?;
            scanner.take(b':')?;
            scanner.solid()?;
            let value = scanner.slice(|scanner| scanner.value(QUICK_DEPTH - 1))?;
            each(key, value);
            match scanner.next()? {
                b',' => {}
                b'}' => break,
                _ => return None,
            }
        }
    }
    scanner.peek().is_none().then_some(())
}

// === impl Scanner ===

impl<'a> Scanner<'a> {
    const fn new(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0 }
    }

    /// What a step passes over.
    fn slice(&mut self, step: impl FnOnce(&mut Self) -> Option<()>) -> Option<&'a str> {
        let start = self.at;
        step(self)?;
        self.text.get(start..self.at)
    }

    /// Goes to the next byte that is no blank.
    fn solid(&mut self) -> Option<()> {
        while matches!(self.bytes.get(self.at)?, b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
        Some(())
    }

    /// The next byte that is no blank, not passed over.
    fn peek(&mut self) -> Option<u8> {
        self.solid()?;
        self.bytes.get(self.at).copied()
    }

    /// The next byte that is no blank, passed over.
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn take(&mut self, wanted: u8) -> Option<()> {
        (self.next()? == wanted).then_some(())
    }

    /// A value that nests at most so deep, from its first byte to its last.
    fn value(&mut self, most: usize) -> Option<()> {
        let mut levels = Levels { objects: 0, depth: 0, most };
        loop {
            let opened = self.open(&mut levels)?;
            if !opened && !self.close(&mut levels)? {
                return Some(());
            }
        }
    }

    /// Passes over a value, or over the start of one that holds values; true when one is to follow.
    fn open(&mut self, levels: &mut Levels) -> Option<bool> {
        match self.next()? {
            b'"' => self.string()?,
            b'{' => {
                levels.enter(true)?;
                if self.peek()? != b'}' {
                    self.key_and_colon()?;
                    return Some(true);
                }
                self.at += 1;
                levels.depth -= 1;
            }
            b'[' => {
                levels.enter(false)?;
                if self.peek()? != b']' {
                    return Some(true);
                }
                self.at += 1;
                levels.depth -= 1;
            }
            b't' => self.word(b"rue")?,
            b'f' => self.word(b"alse")?,
            b'n' => self.word(b"ull")?,
            b'-' => {
                let first = *self.bytes.get(self.at)?;
                self.at += 1;
                self.number(first)?;
            }
            first => self.number(first)?,
        }
        Some(false)
    }

    /// Passes over what follows a value; false when nothing around it is open, true when another
    /// value is to follow.
    fn close(&mut self, levels: &mut Levels) -> Option<bool> {
        while levels.depth > 0 {
            match (self.next()?, levels.in_object()) {
                (b',', true) => {
                    self.key_and_colon()?;
                    return Some(true);
                }
                (b',', false) => return Some(true),
                (b'}', true) | (b']', false) => levels.depth -= 1,
                _ => return None,
            }
        }
        Some(false)
    }

    fn key(&mut self) -> Option<()> {
        self.take(b'"')?;
        self.string()
    }

    fn key_and_colon(&mut self) -> Option<()> {
        self.key()?;
        self.take(b':')
    }

    /// The rest of a string behind its opening quote.
    fn string(&mut self) -> Option<()> {
        loop {
            self.plain_run()?;
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            match byte {
                b'"' => return Some(()),
                b'\\' => self.escape()?,
                0..0x20 => return None,
                _ => {}
            }
        }
    }

    /// Passes over bytes that need no second look: a few by eights, since most strings are short, and
    /// what is long with wider registers.
    fn plain_run(&mut self) -> Option<()> {
        for _ in 0..SHORT {
            let Some(eight) = self.bytes.get(self.at..self.at + 8) else {
                return Some(());
            };
            let hits = special(u64::from_le_bytes(eight.try_into().ok()?));
            if hits != 0 {
                self.at += (hits.trailing_zeros() / 8) as usize;
                return Some(());
            }
            self.at += 8;
        }
        let rest = &self.bytes[self.at..];
        let run = &rest[..memchr::memchr2(b'"', b'\\', rest)?];
        self.at += run.len();
        // Without a way out of the loop the compiler compares sixteen bytes at once.
        let least = run.iter().fold(u8::MAX, |least, byte| least.min(*byte));
        (least >= 0x20).then_some(())
    }

    fn escape(&mut self) -> Option<()> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        match byte {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let digits = self.bytes.get(self.at..self.at + 4)?;
                self.at += 4;
                digits.iter().all(u8::is_ascii_hexdigit).then_some(())
            }
            _ => None,
        }
    }

    fn word(&mut self, rest: &[u8]) -> Option<()> {
        let found = self.bytes.get(self.at..self.at + rest.len())?;
        self.at += rest.len();
        (found == rest).then_some(())
    }

    /// The rest of a number behind its first digit.
    fn number(&mut self, first: u8) -> Option<()> {
        match first {
            b'0' => {}
            b'1'..=b'9' => self.digits(),
            _ => return None,
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Some(())
    }

    fn digits(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Option<()> {
        let start = self.at;
        self.digits();
        (self.at > start).then_some(())
    }
}

/// The high bit of each byte that ends a plain run of a string: a quote, a backslash, a control
/// character. Bytes above the first hit may be marked falsely; the first never is.
const fn special(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES * 0x80;
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let is_quote = quote.wrapping_sub(ONES) & !quote;
    let is_backslash = backslash.wrapping_sub(ONES) & !backslash;
    let is_control = word.wrapping_sub(ONES * 0x20) & !word;
    (is_quote | is_backslash | is_control) & HIGHS
}

// === impl Levels ===

impl Levels {
    fn enter(&mut self, object: bool) -> Option<()> {
        if self.depth == self.most {
            return None;
        }
        let bit = 1u128 << self.depth;
        self.objects = if object { self.objects | bit } else { self.objects & !bit };
        self.depth += 1;
        Some(())
    }

    const fn in_object(&self) -> bool {
        self.objects >> (self.depth - 1) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, value::RawValue};

    use super::*;
    use crate::depth::is_deeper_than;

    /// What the parser itself makes of a text.
    fn parsed(text: &str) -> Option<Vec<(String, String)>> {
        type Pairs<'a> = std::collections::BTreeMap<String, &'a RawValue>;
        let pairs: Pairs<'_> = serde_json::from_str(text).ok()?;
        Some(pairs.into_iter().map(|(key, raw)| (key, raw.get().to_owned())).collect())
    }

    fn scanned(text: &str) -> Option<Vec<(String, String)>> {
        let unescaped = |key: &str| serde_json::from_str::<String>(key).unwrap();
        let mut found: Vec<_> = members(text)?
            .into_iter()
            .map(|(key, value)| (unescaped(key), value.to_owned()))
            .collect();
        found.sort();
        Some(found)
    }

    #[test]
    fn it_agrees_with_the_parser() {
        for text in [
            "{}",
            " { } \n",
            r#"{"a":1}"#,
            r#"{ "a" : [ ] , "b" : { } }"#,
            r#"{"a":[1,2,{"b":[true,false,null]}],"c":"x\"y\\\u00e9\n"}"#,
            r#"{"mod\u0065l":"x","long":"0123456789abcdef ü 中文 🦀 and more"}"#,
            r#"{"n":-0.5e+10,"m":0,"k":12.25E-3,"z":-0}"#,
            // refused by both
            "",
            "[]",
            "{",
            "{}x",
            "{} {}",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            r#"{,"a":1}"#,
            r#"{"a":01}"#,
            r#"{"a":1.}"#,
            r#"{"a":.5}"#,
            r#"{"a":+1}"#,
            r#"{"a":1e}"#,
            r#"{"a":-}"#,
            r#"{"a":tru}"#,
            r#"{"a":[1,]}"#,
            r#"{"a":[1}"#,
            r#"{"a":{"b":1]}"#,
            r#"{"a":"\x"}"#,
            r#"{"a":"\u12g4"}"#,
            r#"{"a":"\u12"}"#,
            "{\"a\":\"tab\there\"}",
            "{\"a\":\"0123456\n\"}",
            "{\"a\":\"unclosed",
            "{\"a\":\"\\",
            "{'a':1}",
            r#"{"a":1 "b":2}"#,
        ] {
            assert_eq!(scanned(text), parsed(text), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded_as_everywhere() {
        for depth in [1, 5, 126, 127, 128, 129, 300] {
            let text = format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
            assert_eq!(members(&text).is_none(), is_deeper_than(text.as_bytes(), 128), "{depth}");
        }
    }

    #[test]
    fn what_is_picked_is_what_the_parser_finds() {
        let wanted = ["model", "b", "none"];
        for (text, found) in [
            (
                r#"{"a":[1,{"b":2}],"b":{"c":"d"},"model":"m"}"#,
                [Some("\"m\""), Some(r#"{"c":"d"}"#), None],
            ),
            (r#"{"b":null,"model":1,"model":2}"#, [Some("2"), None, None]),
            (r#"{"mod\u0065l":"m"}"#, [Some("\"m\""), None, None]),
        ] {
            assert_eq!(pick(text, wanted), Some(found), "{text}");
        }
        let deep = format!(r#"{{"a":{}{},"b":1}}"#, "[".repeat(200), "]".repeat(200));
        assert_eq!(pick(&deep, wanted), Some([None, Some("1"), None]));
        for text in ["", "[]", "7", "{", r#"{"b":1}x"#, r#"{"b":}"#] {
            assert_eq!(pick(text, wanted), None, "{text}");
        }
    }

    #[test]
    fn elements_come_one_by_one() {
        let all = |text| elements(text).collect::<Vec<_>>();
        assert_eq!(all(r#"[1, {"a":[2]} ,"x",[]]"#), ["1", r#"{"a":[2]}"#, "\"x\"", "[]"]);
        for none in ["[]", "[ ]", "{}", "", "7", "[", "[,]"] {
            assert!(all(none).is_empty(), "{none}");
        }
        assert_eq!(all("[1,2"), ["1", "2"]);
    }

    #[test]
    fn runs_of_eight_hide_nothing() {
        for at in 0..24 {
            for byte in 0..0x80u8 {
                let mut text = String::from("{\"k\":\"");
                text.push_str(&"x".repeat(at));
                text.push(char::from(byte));
                text.push_str(&"\u{80}ÿx".repeat(4));
                text.push_str("\"}");
                assert_eq!(scanned(&text), parsed(&text), "{byte} at {at}");
            }
        }
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_the_parser_takes_is_taken(
            object in prop::collection::btree_map(any::<String>(), json(), 0..6),
            pretty: bool,
        ) {
            let text = if pretty {
                serde_json::to_string_pretty(&object).unwrap()
            } else {
                serde_json::to_string(&object).unwrap()
            };
            prop_assert_eq!(scanned(&text), parsed(&text));
        }

        #[test]
        fn what_is_damaged_is_judged_alike(
            object in prop::collection::btree_map("[a-c]", json(), 1..4),
            at: prop::sample::Index,
            with in prop_oneof![Just(String::new()), "[\\x00-\\x7f]"],
        ) {
            let whole = serde_json::to_string(&object).unwrap();
            let chars: Vec<char> = whole.chars().collect();
            let at = at.index(chars.len());
            let mut text: String = chars[..at].iter().collect();
            text.push_str(&with);
            text.extend(&chars[at + 1..]);
            // The parser keeps the last of two equal keys; the members are compared where none repeats.
            match (scanned(&text), parsed(&text)) {
                (Some(found), Some(expected)) if found.len() == expected.len() => {
                    prop_assert_eq!(found, expected);
                }
                (found, expected) => prop_assert_eq!(found.is_some(), expected.is_some(), "{}", text),
            }
        }
    }
}
