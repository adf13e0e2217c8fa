//! `CONNECT` (RFC 9110 §9.3.6): asks an HTTP proxy for a tunnel.

use std::{fmt::Write as _, io};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::StatusCode;
use realms_types::{ProxyLogin, Secret};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::Goal;
use crate::ProxyFailure;

/// The largest head of an answer. What an error page says is not read.
const MOST_HEAD: u64 = 16 * 1024;
const END: &[u8] = b"\r\n\r\n";

/// Asks for a tunnel. When this is done, the next byte is the host's.
pub(super) async fn connect(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    goal: Goal<'_>,
    login: Option<&ProxyLogin>,
) -> Result<(), ProxyFailure> {
    let request = request(goal, login);
    stream.write_all(request.reveal().as_bytes()).await?;
    stream.flush().await?;
    let (head, rest) = read_head(stream).await?;
    let status = status(&head).ok_or(ProxyFailure::NotAProxy("what came is not HTTP/1"))?;
    if !status.is_success() {
        return Err(ProxyFailure::Status(status));
    }
    // The host waits for the first word of ours, so this is not from the host.
    if rest { Err(ProxyFailure::NotAProxy("it sends more than its answer")) } else { Ok(()) }
}

fn request(goal: Goal<'_>, login: Option<&ProxyLogin>) -> Secret<String> {
    let authority = match goal {
        Goal::Name(host, port) => format!("{host}:{port}"),
        Goal::Address(address) => address.to_string(),
    };
    let mut text = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
    if let Some(login) = login {
        let pair = format!("{}:{}", login.user().reveal(), login.password().reveal());
        let pair = Secret::new(pair);
        let coded = Secret::new(STANDARD.encode(pair.reveal()));
        // Writing to a string cannot fail.
        let _ = write!(text, "Proxy-Authorization: Basic {}\r\n", coded.reveal());
    }
    text.push_str("\r\n");
    Secret::new(text)
}

/// The head, and whether something came behind it.
async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Result<(Vec<u8>, bool), ProxyFailure> {
    let mut limited = stream.take(MOST_HEAD);
    let mut bytes = Vec::with_capacity(1024);
    loop {
        let from = bytes.len().saturating_sub(END.len() - 1);
        let read = limited.read_buf(&mut bytes).await?;
        if let Some(place) = bytes[from..].windows(END.len()).position(|window| window == END) {
            let end = from + place + END.len();
            let rest = bytes.len() > end;
            bytes.truncate(end);
            return Ok((bytes, rest));
        }
        if read == 0 && limited.limit() == 0 {
            return Err(ProxyFailure::NotAProxy("its answer has no end"));
        }
        if read == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
    }
}

fn status(head: &[u8]) -> Option<StatusCode> {
    let rest = head.strip_prefix(b"HTTP/1.1 ").or_else(|| head.strip_prefix(b"HTTP/1.0 "))?;
    let (code, after) = rest.split_at_checked(3)?;
    let ends = matches!(after.first(), Some(b' ' | b'\r'));
    if ends { StatusCode::from_bytes(code).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_read_from_http_1_alone() {
        for (head, expected) in [
            (&b"HTTP/1.1 200 Connection established\r\n\r\n"[..], Some(200)),
            (b"HTTP/1.0 200\r\n\r\n", Some(200)),
            (b"HTTP/1.1 407 Nope\r\nx: y\r\n\r\n", Some(407)),
            (b"HTTP/1.1 20 x\r\n\r\n", None),
            (b"HTTP/1.1 2000\r\n\r\n", None),
            (b"HTTP/2 200\r\n\r\n", None),
            (b"ICY 200 OK\r\n\r\n", None),
            (b"\r\n\r\n", None),
        ] {
            assert_eq!(status(head).map(|status| status.as_u16()), expected, "{head:?}");
        }
    }

    #[test]
    fn an_address_is_asked_for_as_a_url_writes_it() {
        for (address, authority) in
            [("1.2.3.4:443", "1.2.3.4:443"), ("[2001:db8::1]:443", "[2001:db8::1]:443")]
        {
            let asked = request(Goal::Address(address.parse().unwrap()), None);
            let expected = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
            assert_eq!(asked.reveal(), &expected);
        }
    }
}
