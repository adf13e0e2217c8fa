//! One frame of a stream, and its reading as the WHATWG event-stream format has it.

use std::borrow::Cow;

use memchr::memchr2;

use super::FrameKind;

/// One frame: the lines of a server-sent event without the empty line that ends it, or one element of
/// a JSON array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    raw: &'a [u8],
    kind: FrameKind,
}

/// Lines ended by CR, LF or CRLF, without their ends.
struct Lines<'a>(&'a [u8]);

// === impl Frame ===

impl<'a> Frame<'a> {
    /// The lines of an event.
    pub const fn new(raw: &'a [u8]) -> Self {
        Self::of_kind(raw, FrameKind::Event)
    }

    /// An element of a JSON array.
    pub const fn element(raw: &'a [u8]) -> Self {
        Self::of_kind(raw, FrameKind::Element)
    }

    pub(super) const fn of_kind(raw: &'a [u8], kind: FrameKind) -> Self {
        Self { raw, kind }
    }

    /// A frame of the same kind.
    pub(crate) const fn with_raw<'b>(&self, raw: &'b [u8]) -> Frame<'b> {
        Frame::of_kind(raw, self.kind)
    }

    /// The bytes of the frame.
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The name of the event: the last `event` field. `None` when there is none.
    pub fn event(&self) -> Option<&'a [u8]> {
        self.fields(b"event").last()
    }

    /// The data: the `data` lines joined by line feeds. Borrowed when there is one line or none.
    pub fn data(&self) -> Cow<'a, [u8]> {
        if self.kind == FrameKind::Element {
            return Cow::Borrowed(self.raw);
        }
        let mut lines = self.fields(b"data");
        let mut data = Cow::Borrowed(lines.next().unwrap_or_default());
        for line in lines {
            let joined = data.to_mut();
            joined.push(b'\n');
            joined.extend_from_slice(line);
        }
        data
    }

    /// Whether the frame carries no data, so that no client sees an event: comments, or a lone name.
    pub fn is_comment(&self) -> bool {
        self.kind == FrameKind::Event && self.fields(b"data").next().is_none()
    }

    /// The values of a field. One space behind the colon is not part of the value.
    fn fields(&self, name: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
        let lines = match self.kind {
            FrameKind::Event => Lines(self.raw),
            FrameKind::Element => Lines(b""),
        };
        lines.filter_map(move |line| match line.strip_prefix(name)? {
            [] => Some(&b""[..]),
            [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
            _ => None,
        })
    }
}

// === impl Lines ===

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let Some(end) = memchr2(b'\r', b'\n', self.0) else {
            return Some(std::mem::take(&mut self.0));
        };
        let (line, rest) = self.0.split_at(end);
        let skip = if rest.starts_with(b"\r\n") { 2 } else { 1 };
        self.0 = &rest[skip..];
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_whatwg_says() {
        let frame =
            Frame::new(b"event: a\r\nid:7\rdata:x\ndata:  y\ndata\nevent:b\ndatax: no\n:c\n");
        assert_eq!(frame.event(), Some(&b"b"[..]));
        assert_eq!(frame.data(), &b"x\n y\n"[..]);
        assert!(!frame.is_comment());
    }

    #[test]
    fn a_single_data_line_is_borrowed() {
        assert!(matches!(Frame::new(b"data: {}\n").data(), Cow::Borrowed(b"{}")));
    }

    #[test]
    fn frames_without_data_are_comments() {
        for raw in [&b": ping\n"[..], b"event: ping\n", b"retry: 10"] {
            assert!(Frame::new(raw).is_comment(), "{raw:?}");
        }
        assert!(!Frame::new(b"data\n").is_comment());
        assert!(!Frame::element(b"{}").is_comment());
    }
}
