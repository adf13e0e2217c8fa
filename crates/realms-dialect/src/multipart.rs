//! Finds form fields in a `multipart/form-data` body (RFC 7578) and leaves the rest unread.

use std::ops::Range;

use memchr::memmem;

use crate::{Field, Intent, PeekError};

/// More parts than any call has: images and audio come one to sixteen at a time.
const MAX_PARTS: usize = 256;

/// One part of a form.
struct Part<'a> {
    name: Option<String>,
    is_file: bool,
    value: &'a [u8],
    span: Range<usize>,
}

/// Walks the parts between the boundary lines.
struct Parts<'a> {
    body: &'a [u8],
    delimiter: memmem::Finder<'static>,
    /// Just behind a boundary; `None` once the closing one was passed.
    at: Option<usize>,
}

/// Reads what a form asks for: the fields `model`, `stream` and `n`.
///
/// The span of the model is that of its bare value. A field given twice, as a file or not in UTF-8 is
/// refused; files are passed over without a look.
pub fn peek_multipart(content_type: &str, body: &[u8]) -> Result<Intent, PeekError> {
    let parts = Parts::new(content_type, body)?;
    let mut intent = Intent::default();
    let mut seen = Vec::new();
    for (count, part) in parts.enumerate() {
        let part = part?;
        if count == MAX_PARTS {
            return Err(PeekError::Form { why: "it has more than 256 parts" });
        }
        let known = ["model", "stream", "n"];
        let Some(name) = known.into_iter().find(|name| part.name.as_deref() == Some(name)) else {
            continue;
        };
        if seen.contains(&name) {
            return Err(PeekError::Duplicate { key: name.to_owned() });
        }
        seen.push(name);
        part.read_into(name, &mut intent)?;
    }
    Ok(intent)
}

/// The values of the fields that are not files, as far as the form can be read.
pub(crate) fn texts<'a>(content_type: &str, body: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let parts = Parts::new(content_type, body).ok();
    let readable = parts.into_iter().flatten().map_while(Result::ok);
    readable.filter(|part| !part.is_file).map(|part| part.value)
}

/// The boundary of a content type, 1 to 70 characters (RFC 2046 §5.1.1).
fn boundary(content_type: &str) -> Result<String, PeekError> {
    let boundary = parameter(content_type, "boundary")?
        .ok_or(PeekError::Form { why: "the content type names no boundary" })?;
    match boundary.len() {
        1..=70 => Ok(boundary),
        _ => Err(PeekError::Form { why: "a boundary has 1 to 70 characters" }),
    }
}

/// A parameter of a header value such as `form-data; name="model"`. Given twice it is refused, since
/// parsers differ on which one counts.
fn parameter(header: &str, wanted: &str) -> Result<Option<String>, PeekError> {
    let mut rest = header.split_once(';').map_or("", |(_, rest)| rest);
    let mut found = None;
    while let Some((name, after)) = rest.split_once('=') {
        let (value, tail) = parameter_value(after)?;
        if name.trim_matches([';', ' ', '\t']).eq_ignore_ascii_case(wanted) {
            if found.is_some() {
                return Err(PeekError::Form { why: "a header gives a parameter twice" });
            }
            found = Some(value);
        }
        rest = tail;
    }
    Ok(found)
}

/// A token or a quoted string, and what follows it.
fn parameter_value(text: &str) -> Result<(String, &str), PeekError> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return Ok((text[..end].trim().to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((value, &quoted[at + 1..])),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    Err(PeekError::Form { why: "a quoted parameter has no end" })
}

// === impl Parts ===

impl<'a> Parts<'a> {
    /// Between parts stand a line break, two dashes and the boundary; before the first, the break may
    /// be missing.
    fn new(content_type: &str, body: &'a [u8]) -> Result<Self, PeekError> {
        let delimiter = [b"\r\n--", boundary(content_type)?.as_bytes()].concat();
        let finder = memmem::Finder::new(&delimiter).into_owned();
        let first = if body.starts_with(&delimiter[2..]) {
            Some(delimiter.len() - 2)
        } else {
            finder.find(body).map(|at| at + delimiter.len())
        };
        let at = first.ok_or(PeekError::Form { why: "its boundary is not in the body" })?;
        Ok(Self { body, delimiter: finder, at: Some(at) })
    }

    /// The part that starts behind the boundary at `at`; `None` behind the closing boundary.
    fn part(&mut self, at: usize) -> Result<Option<Part<'a>>, PeekError> {
        let rest = &self.body[at..];
        if rest.starts_with(b"--") {
            return Ok(None);
        }
        let padding = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        // The break after the boundary stays: a part without headers begins with an empty line.
        let head = at + padding;
        if !self.body[head..].starts_with(b"\r\n") {
            return Err(PeekError::Form { why: "a boundary is not followed by a line break" });
        }
        let end = self
            .delimiter
            .find(&self.body[head..])
            .ok_or(PeekError::Form { why: "its closing boundary is missing" })?
            + head;
        let blank = memmem::find(&self.body[head..end], b"\r\n\r\n")
            .ok_or(PeekError::Form { why: "a part has no empty line after its headers" })?
            + head;
        self.at = Some(end + self.delimiter.needle().len());
        let span = blank + 4..end;
        Part::new(&self.body[head..blank], &self.body[span.clone()], span).map(Some)
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Result<Part<'a>, PeekError>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at.take()?;
        self.part(at).transpose()
    }
}

// === impl Part ===

impl<'a> Part<'a> {
    fn new(head: &[u8], value: &'a [u8], span: Range<usize>) -> Result<Self, PeekError> {
        let mut part = Self { name: None, is_file: false, value, span };
        let head = String::from_utf8_lossy(head);
        for line in head.split("\r\n") {
            let Some((header, text)) = line.split_once(':') else {
                continue;
            };
            if header.trim().eq_ignore_ascii_case("content-disposition") {
                part.name = parameter(text, "name")?;
                part.is_file = parameter(text, "filename")?.is_some()
                    || parameter(text, "filename*")?.is_some();
            }
        }
        Ok(part)
    }

    fn read_into(&self, name: &'static str, intent: &mut Intent) -> Result<(), PeekError> {
        let wrong = |wanted| PeekError::WrongType { field: name, wanted };
        let text = str::from_utf8(self.value).map_err(|_| wrong("UTF-8 text"))?;
        if self.is_file {
            return Err(wrong("a field, not a file"));
        }
        match (name, text.trim()) {
            ("model", _) => {
                intent.model = Some(Field { value: text.to_owned(), span: self.span.clone() });
            }
            ("stream", "true" | "True" | "1") => intent.stream = true,
            ("stream", "false" | "False" | "0" | "") => {}
            ("stream", _) => return Err(wrong("true or false")),
            (_, digits) => {
                let count = digits.parse().map_err(|_| wrong("a whole number"))?;
                intent.candidate_count = Some(count);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::{Edit, splice};

    const TYPE: &str = "multipart/form-data; boundary=\"x Y\"";

    fn form(parts: &[(&str, &str)]) -> Vec<u8> {
        let part = |(head, value): &(&str, &str)| {
            format!("--x Y\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n")
        };
        let parts: String = parts.iter().map(part).collect();
        format!("{parts}--x Y--\r\n").into_bytes()
    }

    #[test]
    fn the_model_is_found_and_replaced_alone() {
        let body = form(&[
            ("name=\"image\"; filename=\"a;b=\\\"c.png\"", "\u{1}\r\n--x\r\nname=\"model\""),
            ("name=\"model\"", "gpt-image-1"),
            ("name=stream", "true"),
            ("name=\"n\"", "2"),
        ]);
        let intent = peek_multipart(TYPE, &body).unwrap();
        let model = intent.model.unwrap();
        assert_eq!((model.value.as_str(), intent.stream), ("gpt-image-1", true));
        assert_eq!(intent.candidate_count, Some(2));
        let with = Bytes::from_static(b"other");
        let edited = splice(&body.clone().into(), &[Edit { span: model.span, with }]).concat();
        let expected = String::from_utf8(body).unwrap().replace("gpt-image-1", "other");
        assert_eq!(String::from_utf8(edited).unwrap(), expected);
    }

    #[test]
    fn what_parsers_could_read_differently_is_refused() {
        let twice = form(&[("name=\"model\"", "a"), ("NAME=\"model\"", "b")]);
        assert_eq!(
            peek_multipart(TYPE, &twice),
            Err(PeekError::Duplicate { key: "model".to_owned() })
        );
        let two_names = form(&[("name=\"x\"; name=\"model\"", "a")]);
        assert!(matches!(peek_multipart(TYPE, &two_names), Err(PeekError::Form { .. })));
        let file = form(&[("name=\"model\"; filename=\"m\"", "a")]);
        assert!(matches!(peek_multipart(TYPE, &file), Err(PeekError::WrongType { .. })));
        let stream = form(&[("name=\"stream\"", "maybe")]);
        assert!(matches!(peek_multipart(TYPE, &stream), Err(PeekError::WrongType { .. })));
    }

    #[test]
    fn broken_forms_are_refused_by_name() {
        let why = |content_type, body: &[u8]| match peek_multipart(content_type, body) {
            Err(PeekError::Form { why }) => why,
            other => panic!("{other:?}"),
        };
        let good = form(&[("name=\"model\"", "a")]);
        assert!(why("multipart/form-data", &good).contains("no boundary"));
        assert!(why("multipart/form-data; boundary=other", &good).contains("not in the body"));
        assert!(why("multipart/form-data; boundary=\"x", &good).contains("no end"));
        assert!(why(TYPE, &good[..good.len() - 9]).contains("closing boundary"));
        assert!(why(TYPE, b"--x Yz\r\n\r\n--x Y--").contains("line break"));
        assert!(why(TYPE, b"--x Y\r\nA: b\r\n--x Y--").contains("empty line"));
    }

    proptest::proptest! {
        #[test]
        fn random_bytes_never_panic(
            content_type in "multipart/form-data; ?bound.{0,20}",
            body in proptest::collection::vec(proptest::num::u8::ANY, 0..300),
        ) {
            let _ = peek_multipart(&content_type, &body);
            let _ = peek_multipart("multipart/form-data; boundary=a", &body);
        }
    }
}
