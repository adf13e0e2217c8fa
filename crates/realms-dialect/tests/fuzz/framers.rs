//! Framing: the same frames however the bytes are cut, read as the standard says.

#[path = "../framing/reference.rs"]
mod reference;

use bytes::Bytes;
use realms_dialect::{Frame, FrameTooLarge, Framer, JsonArrayFramer, Limits, SseFramer};

use super::cuts::{cut, ways};

/// Small, so that an input of the fuzzer can break them.
const SMALL: Limits = Limits { line: 64, frame: 160 };

/// What came out of a framer.
#[derive(Debug, PartialEq, Eq)]
struct Framed {
    bytes: Vec<u8>,
    frames: Vec<Vec<u8>>,
}

pub fn hold(bytes: &[u8]) {
    let sse = || Framer::Sse(SseFramer::new());
    let array = || Framer::JsonArray(JsonArrayFramer::new());
    let whole = run(sse(), &[bytes]).unwrap();
    assert_eq!(events(&whole), reference::events(bytes), "not what the standard says");
    let small_sse = || Framer::Sse(SseFramer::with_limits(SMALL));
    let small_array = || Framer::JsonArray(JsonArrayFramer::with_limits(SMALL));
    cuts_change_nothing(bytes, sse);
    cuts_change_nothing(bytes, array);
    cuts_hide_nothing(bytes, small_sse);
    cuts_hide_nothing(bytes, small_array);
}

fn cuts_change_nothing(bytes: &[u8], framer: impl Fn() -> Framer) {
    let whole = run(framer(), &[bytes]).unwrap();
    assert_eq!(whole.bytes, bytes, "bytes in, the same bytes out");
    for cuts in ways(bytes) {
        assert_eq!(run(framer(), &cut(bytes, &cuts)).unwrap(), whole, "cut at {cuts:?}");
    }
}

/// What is too large is too large in pieces, too. The other way round it may not be: what waits between
/// elements counts only while it waits.
fn cuts_hide_nothing(bytes: &[u8], framer: impl Fn() -> Framer) {
    let whole = run(framer(), &[bytes]);
    for cuts in ways(bytes) {
        if let Ok(parts) = run(framer(), &cut(bytes, &cuts)) {
            assert_eq!(Ok(&parts), whole.as_ref(), "cut at {cuts:?}");
        }
    }
}

fn run(mut framer: Framer, chunks: &[&[u8]]) -> Result<Framed, FrameTooLarge> {
    let mut out = Framed { bytes: Vec::new(), frames: Vec::new() };
    for chunk in chunks {
        let batch = framer.push(Bytes::copy_from_slice(chunk))?;
        out.bytes.extend_from_slice(&batch.bytes);
        out.frames.extend(batch.frames().map(|frame| frame.raw().to_vec()));
    }
    out.bytes.extend(framer.finish().unwrap_or_default());
    Ok(out)
}

fn events(out: &Framed) -> Vec<reference::Event> {
    let frames = out.frames.iter().map(|raw| Frame::new(raw));
    let read = |frame: Frame<'_>| (frame.event().map(<[u8]>::to_vec), frame.data().into_owned());
    frames.filter(|frame| !frame.is_comment()).map(read).collect()
}
