//! Recorded bodies and streams under `fixtures/dialect/`.

use std::{fs, path::Path};

use bytes::Bytes;

/// Reads `fixtures/dialect/{name}`, for example `messages/hello.sse`.
pub fn fixture(name: &str) -> Bytes {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dialect").join(name);
    match fs::read(&path) {
        Ok(bytes) => bytes.into(),
        Err(error) => panic!("cannot read the fixture {}: {error}", path.display()),
    }
}

/// Splits a recorded stream behind every blank line, so that it can be sent event by event. The
/// pieces put together are the recording, byte for byte.
pub fn frames_of(stream: &Bytes) -> Vec<Bytes> {
    let mut frames = Vec::new();
    let mut start = 0;
    while start < stream.len() {
        let end = frame_end(&stream[start..]).map_or(stream.len(), |length| start + length);
        frames.push(stream.slice(start..end));
        start = end;
    }
    frames
}

/// Where the first frame ends, its blank line included.
fn frame_end(bytes: &[u8]) -> Option<usize> {
    let unix = find(bytes, b"\n\n").map(|at| at + 2);
    let dos = find(bytes, b"\r\n\r\n").map(|at| at + 4);
    match (unix, dos) {
        (Some(unix), Some(dos)) => Some(unix.min(dos)),
        (unix, dos) => unix.or(dos),
    }
}

/// Where `needle` starts in `bytes`.
pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_end_behind_blank_lines_and_add_up() {
        let stream = Bytes::from_static(b"data: a\n\ndata: b\r\n\r\ndata: cut");
        let frames = frames_of(&stream);
        assert_eq!(frames, [&b"data: a\n\n"[..], b"data: b\r\n\r\n", b"data: cut"]);
        assert_eq!(frames.concat(), stream);
    }
}
