//! HTTP/1.1 requests, read from bytes by hand: the harness must see exactly what was sent.

use bytes::{Buf, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use crate::fixture::find;

/// One whole request, as it stood on the wire.
#[derive(Debug, Clone)]
pub(crate) struct WireRequest {
    /// Request line and headers with their blank line, untouched.
    pub(crate) head: Bytes,
    pub(crate) method: Method,
    /// Path and query as sent.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    /// The body without its transfer coding; a content coding stays.
    pub(crate) body: Bytes,
}

/// Why bytes are not a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed(&'static str);

/// Takes the first whole request off the buffer; `None` while it is incomplete.
pub(crate) fn take_request(buffer: &mut BytesMut) -> Result<Option<WireRequest>, Malformed> {
    let Some(head_end) = find(buffer, b"\r\n\r\n").map(|at| at + 4) else {
        return Ok(None);
    };
    let (method, target, headers) = read_head(&buffer[..head_end])?;
    let Some((body, body_end)) = read_body(&headers, &buffer[head_end..])? else {
        return Ok(None);
    };
    let head = buffer.split_to(head_end).freeze();
    buffer.advance(body_end);
    Ok(Some(WireRequest { head, method, target, headers, body }))
}

fn read_head(head: &[u8]) -> Result<(Method, String, HeaderMap), Malformed> {
    let text = str::from_utf8(head).map_err(|_| Malformed("the head is not UTF-8"))?;
    let mut lines = text.split_terminator("\r\n");
    let mut request_line = lines.next().unwrap_or_default().split(' ');
    let method = request_line.next().unwrap_or_default();
    let method = method.parse().map_err(|_| Malformed("no such method"))?;
    let target = request_line.next().ok_or(Malformed("no request target"))?;
    let mut headers = HeaderMap::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or(Malformed("a header without a colon"))?;
        headers.append(
            name.parse::<HeaderName>().map_err(|_| Malformed("a bad header name"))?,
            value.trim().parse::<HeaderValue>().map_err(|_| Malformed("a bad header value"))?,
        );
    }
    Ok((method, target.to_owned(), headers))
}

/// The body and how many bytes it took on the wire.
fn read_body(headers: &HeaderMap, rest: &[u8]) -> Result<Option<(Bytes, usize)>, Malformed> {
    let field = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if field(header::TRANSFER_ENCODING).is_some_and(|coding| coding.contains("chunked")) {
        return read_chunks(rest);
    }
    let length = field(header::CONTENT_LENGTH).unwrap_or("0");
    let length = length.parse::<usize>().map_err(|_| Malformed("a bad content-length"))?;
    Ok(rest.get(..length).map(|body| (Bytes::copy_from_slice(body), length)))
}

fn read_chunks(rest: &[u8]) -> Result<Option<(Bytes, usize)>, Malformed> {
    let mut body = BytesMut::new();
    let mut at = 0;
    loop {
        let Some(line) = find(&rest[at..], b"\r\n") else {
            return Ok(None);
        };
        let size = str::from_utf8(&rest[at..at + line]).unwrap_or_default();
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(|_| Malformed("a bad chunk size"))?;
        let start = at + line + 2;
        let Some(chunk) = rest.get(start..start + size + 2) else {
            return Ok(None);
        };
        body.extend_from_slice(&chunk[..size]);
        at = start + size + 2;
        if size == 0 {
            return Ok(Some((body.freeze(), at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &[u8] =
        b"POST /v1/messages?beta=true HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}\
        POST /v1/responses HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";

    #[test]
    fn requests_come_off_one_by_one_however_they_arrive() {
        let mut buffer = BytesMut::new();
        let mut seen = Vec::new();
        for byte in TWO {
            buffer.extend_from_slice(&[*byte]);
            seen.extend(take_request(&mut buffer).unwrap());
        }
        assert_eq!(buffer.len(), 0);
        assert_eq!(seen[0].target, "/v1/messages?beta=true");
        assert_eq!(seen[0].body, "{}");
        assert!(seen[0].head.ends_with(b"Content-Length: 2\r\n\r\n"));
        assert_eq!(seen[1].body, "abc");
    }

    #[test]
    fn what_is_not_a_request_is_refused() {
        for bytes in [&b"\x16\x03\x01\r\n\r\n"[..], b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nno\r\n\r\n"]
        {
            assert!(take_request(&mut BytesMut::from(bytes)).is_err());
        }
    }
}
