//! A request of a client, read whole: bounded, within its deadlines, decompressed.

use std::time::Duration;

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, header};
use http_body_util::BodyExt;
use realms_dialect::{Fault, FaultKind};
use realms_types::{CredentialId, RequestMeta};
use tokio::{io::AsyncReadExt, time::Instant};

use crate::Operation;

/// A client's request with its body.
#[derive(Debug)]
pub(crate) struct Call {
    /// What it asks for.
    pub operation: Operation,
    /// Its method.
    pub method: Method,
    /// Its headers, untouched.
    pub headers: HeaderMap,
    /// Its query, untouched.
    pub query: Option<String>,
    /// Its body, decompressed.
    pub body: Bytes,
    /// Its id, its sender, its time.
    pub meta: RequestMeta,
    /// The response it goes on from, where that is kept here: then its body says all of the conversation.
    pub previous: Option<Previous>,
}

/// A response that is kept here, as far as a call must know it that goes on from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Previous {
    /// Its id as the client named it.
    pub id: String,
    /// Whose account sealed the newest reasoning of the conversation, if there is any.
    pub sealed_by: Option<CredentialId>,
}

/// How much a body may hold and how long it may take.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// Bytes, before and after decompression.
    pub bytes: usize,
    /// From the first byte to the last.
    pub total: Duration,
    /// Between two pieces.
    pub stall: Duration,
}

/// How long a body may drip.
const GRACE: Duration = Duration::from_secs(10);
/// Bytes a second that a body must bring from then on.
const SLOWEST: u64 = 1024;

/// A content coding we understand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// Reads a body to its end within its limits.
pub(crate) async fn read_body(
    headers: &HeaderMap,
    body: Body,
    limits: BodyLimits,
) -> Result<Bytes, Fault> {
    let coding = coding(headers)?;
    let declared = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limits.bytes) {
        return Err(too_large(limits.bytes));
    }
    let raw = collect(body, declared.unwrap_or(0), limits).await?;
    match coding {
        None => Ok(raw),
        Some(coding) => decompress(coding, &raw, limits.bytes).await,
    }
}

async fn collect(mut body: Body, declared: usize, limits: BodyLimits) -> Result<Bytes, Fault> {
    let begun = Instant::now();
    let deadline = begun + limits.total;
    let mut first: Option<Bytes> = None;
    let mut whole = BytesMut::new();
    loop {
        let next = deadline.min(Instant::now() + limits.stall);
        let frame = match tokio::time::timeout_at(next, body.frame()).await {
            Err(_) => return Err(too_slow()),
            Ok(None) => break,
            Ok(Some(frame)) => frame.map_err(|_| broke_off())?,
        };
        let Ok(piece) = frame.into_data() else { continue };
        if piece.len() > limits.bytes - whole.len() - first.as_ref().map_or(0, Bytes::len) {
            return Err(too_large(limits.bytes));
        }
        let received = whole.len() + first.as_ref().map_or(0, Bytes::len) + piece.len();
        let elapsed = begun.elapsed();
        if elapsed > GRACE && (received as u64) < SLOWEST * elapsed.as_secs() {
            return Err(too_slow());
        }
        // Most bodies come in one piece: keep it as it is and copy only when there is a second.
        match first.take() {
            None if whole.is_empty() => first = Some(piece),
            None => whole.extend_from_slice(&piece),
            Some(before) => {
                whole.reserve(declared.max(before.len() + piece.len()));
                whole.extend_from_slice(&before);
                whole.extend_from_slice(&piece);
            }
        }
    }
    Ok(first.unwrap_or_else(|| whole.freeze()))
}

fn coding(headers: &HeaderMap) -> Result<Option<Coding>, Fault> {
    let Some(value) = headers.get(header::CONTENT_ENCODING) else { return Ok(None) };
    let name = value.to_str().unwrap_or("?").trim().to_ascii_lowercase();
    Ok(Some(match name.as_str() {
        "identity" | "" => return Ok(None),
        "gzip" | "x-gzip" => Coding::Gzip,
        "deflate" => Coding::Deflate,
        "br" => Coding::Brotli,
        "zstd" => Coding::Zstd,
        _ => {
            return Err(Fault::new(
                FaultKind::UnsupportedMedia,
                format!(
                    "content-encoding `{name}` is not understood: use gzip, deflate, br or zstd"
                ),
            ));
        }
    }))
}

async fn decompress(coding: Coding, raw: &[u8], most: usize) -> Result<Bytes, Fault> {
    match coding {
        Coding::Gzip => read_bounded(GzipDecoder::new(raw), most).await,
        Coding::Deflate => read_bounded(ZlibDecoder::new(raw), most).await,
        Coding::Brotli => read_bounded(BrotliDecoder::new(raw), most).await,
        Coding::Zstd => read_bounded(ZstdDecoder::new(raw), most).await,
    }
}

/// One byte more than allowed tells that there is more than allowed; no bomb gets further.
async fn read_bounded(
    decoder: impl tokio::io::AsyncRead + Unpin,
    most: usize,
) -> Result<Bytes, Fault> {
    let mut whole = Vec::new();
    let mut bounded = decoder.take(most as u64 + 1);
    bounded.read_to_end(&mut whole).await.map_err(|_| {
        Fault::new(
            FaultKind::BadRequest,
            "the body does not decompress as its content-encoding says",
        )
    })?;
    if whole.len() > most { Err(too_large(most)) } else { Ok(whole.into()) }
}

fn too_large(most: usize) -> Fault {
    Fault::new(FaultKind::TooLarge, format!("the body is larger than {most} bytes"))
}

fn too_slow() -> Fault {
    Fault::new(FaultKind::BadRequest, "the body did not arrive in time")
}

fn broke_off() -> Fault {
    Fault::new(FaultKind::BadRequest, "the body broke off")
}

#[cfg(test)]
mod tests {
    use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
    use http::HeaderValue;

    use super::*;

    const LIMITS: BodyLimits =
        BodyLimits { bytes: 4096, total: Duration::from_secs(5), stall: Duration::from_secs(1) };

    fn encoded(name: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static(name))])
    }

    async fn all(mut encoder: impl tokio::io::AsyncRead + Unpin) -> Vec<u8> {
        let mut bytes = Vec::new();
        encoder.read_to_end(&mut bytes).await.unwrap();
        bytes
    }

    #[tokio::test]
    async fn every_coding_opens() {
        let text = br#"{"model":"m"}"#.as_slice();
        for (name, bytes) in [
            ("gzip", all(GzipEncoder::new(text)).await),
            ("deflate", all(ZlibEncoder::new(text)).await),
            ("br", all(BrotliEncoder::new(text)).await),
            ("zstd", all(ZstdEncoder::new(text)).await),
            ("identity", text.to_vec()),
        ] {
            let read = read_body(&encoded(name), Body::from(bytes), LIMITS).await.unwrap();
            assert_eq!(read, text, "{name}");
        }
    }

    #[tokio::test]
    async fn a_bomb_is_refused_before_it_unfolds() {
        let zeros = vec![b'0'; 10_000_000];
        let bomb = all(ZstdEncoder::new(zeros.as_slice())).await;
        assert!(bomb.len() < LIMITS.bytes);
        let fault = read_body(&encoded("zstd"), Body::from(bomb), LIMITS).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::TooLarge);
    }

    #[tokio::test]
    async fn what_is_too_large_or_garbled_is_refused() {
        let large = Body::from(vec![b'x'; 5000]);
        let fault = read_body(&HeaderMap::new(), large, LIMITS).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::TooLarge);
        let fault = read_body(&encoded("gzip"), Body::from("no"), LIMITS).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::BadRequest);
        let fault = read_body(&encoded("lzma"), Body::from("no"), LIMITS).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::UnsupportedMedia);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stalls_is_given_up() {
        let never =
            Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        let fault = read_body(&HeaderMap::new(), never, LIMITS).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::BadRequest);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_drips_is_given_up() {
        let drops = futures_util::stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from("x")), ()))
        });
        let limits = BodyLimits { total: Duration::from_mins(1), ..LIMITS };
        let begun = Instant::now();
        read_body(&HeaderMap::new(), Body::from_stream(drops), limits).await.unwrap_err();
        assert!(begun.elapsed() < Duration::from_secs(12));
    }

    #[tokio::test]
    async fn pieces_are_joined_in_order() {
        let pieces = ["{\"a\":", "1", "}"].map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece)));
        let body = Body::from_stream(futures_util::stream::iter(pieces));
        assert_eq!(read_body(&HeaderMap::new(), body, LIMITS).await.unwrap(), "{\"a\":1}");
    }
}
