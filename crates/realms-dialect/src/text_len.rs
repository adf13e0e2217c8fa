//! How much of a body is text: files and encoded data are not read by a model as their bytes.

use crate::{depth::string_len, multipart::texts};

/// The longest unbroken run of such characters that may still be text, in bytes. Smaller data costs
/// no more than a prompt of its length, so it need not be told apart.
const LONGEST_WORD: usize = 8 * 1024;

/// What an image, a page or a clip counts as, in bytes: 1,500 tokens at 3.5 bytes each, near what the
/// vendors charge for an image of common size.
const DATA_LEN: usize = 5_250;

/// How many bytes of a body a model reads as text, for [`estimate`](crate::estimate); at most the
/// body's length.
///
/// In `multipart/form-data` those are the fields: files count nothing, and so does all that follows a
/// part that cannot be read. Any other body is taken for JSON: all of it counts, but a string beyond
/// 8 KiB that can only be base64 or a `data:` URL counts as 5,250 bytes.
pub fn text_len(content_type: Option<&str>, body: &[u8]) -> u64 {
    let len = match content_type {
        Some(form) if is_form(form) => texts(form, body).map(weight).sum(),
        _ => json_text_len(body),
    };
    len as u64
}

fn is_form(content_type: &str) -> bool {
    let media = content_type.split(';').next().unwrap_or_default();
    media.trim().eq_ignore_ascii_case("multipart/form-data")
}

/// One pass from string to string: nothing is built, and broken JSON is as good as any.
fn json_text_len(body: &[u8]) -> usize {
    let mut len = body.len();
    let mut rest = body;
    while let Some(quote) = memchr::memchr(b'"', rest) {
        let behind = &rest[quote + 1..];
        let (literal, after) = behind.split_at(string_len(behind));
        let inner = literal.strip_suffix(b"\"").unwrap_or(literal);
        len -= inner.len() - weight(inner);
        rest = after;
    }
    len
}

/// What a text counts as: its length, or a flat figure for data.
fn weight(text: &[u8]) -> usize {
    if text.len() > LONGEST_WORD && is_data(text) { DATA_LEN } else { text.len() }
}

/// Whether a text is data: a `data:` URL, or base64 in either alphabet. JSON may have escaped its
/// slashes and line breaks.
fn is_data(text: &[u8]) -> bool {
    if text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"data:")) {
        return text.iter().all(u8::is_ascii_graphic);
    }
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        let good = match byte {
            b'+' | b'/' | b'-' | b'_' | b'=' => true,
            b'\\' => matches!(bytes.next(), Some(b'/' | b'n' | b'r')),
            other => other.is_ascii_alphanumeric(),
        };
        if !good {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FORM: &str = "Multipart/Form-Data; boundary=b";

    fn len(content_type: Option<&str>, body: &[u8]) -> usize {
        usize::try_from(text_len(content_type, body)).unwrap()
    }

    fn json(body: &str) -> usize {
        len(Some("application/json"), body.as_bytes())
    }

    /// The length of a message with this content, without the content.
    fn around(content: &str) -> usize {
        json(&format!(r#"{{"a \" b":"{content}"}}"#)) - r#"{"a \" b":""}"#.len()
    }

    #[test]
    fn an_image_counts_the_same_whatever_its_size() {
        let base64 = "iVBORw0KGgo+/Aa0".repeat(300_000);
        assert_eq!(around(&base64), DATA_LEN);
        assert_eq!(around(&format!("data:image/png;base64,{base64}")), DATA_LEN);
        assert_eq!(around(&format!("{}==", "aZ_-".repeat(4_000))), DATA_LEN);
        assert_eq!(around(&r"aZ09\/".repeat(4_000)), DATA_LEN);
        assert_eq!(around(&r"aZ09\r\n".repeat(4_000)), DATA_LEN);
        assert_eq!(around(&format!("data:image/svg+xml,{}", "%3Cg%3E".repeat(4_000))), DATA_LEN);
        let two = format!(r#"["{base64}","hello","{base64}"]"#);
        assert_eq!(json(&two), 2 * DATA_LEN + r#"["","hello",""]"#.len());
    }

    #[test]
    fn text_counts_whole() {
        for text in [
            "two words ".repeat(4_000),
            "data: two words ".repeat(4_000),
            "汉字".repeat(4_000),
            r"line\tline".repeat(4_000),
            r#"{\"a\":1}"#.repeat(4_000),
            "a".repeat(LONGEST_WORD),
        ] {
            assert_eq!(around(&text), text.len());
        }
        assert_eq!(len(None, b""), 0);
        assert_eq!(len(None, b"{\"a\":\"unfinished \\"), 18);
        assert_eq!(len(None, &[b'[', 0xFF, b'"', b'\\']), 4);
    }

    #[test]
    fn files_in_a_form_count_nothing() {
        let audio = "\0\u{1}".repeat(500_000);
        let image = "iVBORw0KGgo+/Aa0".repeat(1_000);
        let part = |head: &str, value: &str| {
            format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n")
        };
        let body = [
            part("name=\"file\"; filename=\"a.wav\"", &audio),
            part("name=\"file\"; filename*=UTF-8''a.wav", &audio),
            part("name=\"model\"", "whisper-1"),
            part("name=\"prompt\"", "hello"),
            part("name=\"image\"", &image),
            "--b--\r\n".to_owned(),
        ]
        .concat();
        let whole = "whisper-1hello".len() + DATA_LEN;
        assert_eq!(len(Some(FORM), body.as_bytes()), whole);
        let broken = &body.as_bytes()[..body.len() - 20];
        assert_eq!(len(Some(FORM), broken), whole - DATA_LEN);
        assert_eq!(len(Some("multipart/form-data"), body.as_bytes()), 0);
    }

    proptest! {
        #[test]
        fn never_more_than_the_body_and_never_a_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            pieces in proptest::collection::vec("[\"\\\\{} ]|[a-z]{0,3}|--b|\r\n|\\PC", 0..60),
            times in 1usize..3_000,
        ) {
            let pieces = pieces.concat().into_bytes();
            let long = [&bytes[..], b"\"", &b"Zm9v".repeat(times), &pieces].concat();
            for body in [&bytes, &pieces, &long] {
                for content_type in [None, Some("application/json"), Some(FORM)] {
                    prop_assert!(len(content_type, body) <= body.len());
                }
            }
        }

        #[test]
        fn short_strings_count_whole(text in any::<String>()) {
            let body = serde_json::to_vec(&[text]).unwrap();
            prop_assert_eq!(len(None, &body), body.len());
        }
    }
}
