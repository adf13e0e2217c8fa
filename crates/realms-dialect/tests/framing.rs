//! Framing: every chunking of every recorded stream, and a plain reading of the WHATWG format to
//! compare with.
#![cfg(test)]

#[path = "framing/reference.rs"]
mod reference;

use std::{fs, path::PathBuf};

use bytes::Bytes;
use proptest::prelude::*;
use realms_dialect::{Frame, FrameTooLarge, Framer, JsonArrayFramer, Limits, SseFramer};
use realms_types::DialectId;

use self::reference::Event;

/// What came out of a framer.
#[derive(Debug, PartialEq, Eq)]
struct Framed {
    bytes: Vec<u8>,
    frames: Vec<Vec<u8>>,
}

fn fixtures(extension: &str) -> Vec<(String, Vec<u8>)> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/dialect"));
    let mut found = Vec::new();
    for dialect in DialectId::ALL {
        for entry in fs::read_dir(root.join(dialect.as_str())).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ext| ext == extension) {
                found.push((path.display().to_string(), fs::read(&path).unwrap()));
            }
        }
    }
    assert!(found.len() > 5, "fixtures are missing");
    found.sort();
    found
}

fn run<'a>(framing: Framer, chunks: impl IntoIterator<Item = &'a [u8]>) -> Framed {
    let mut framing = framing;
    let mut out = Framed { bytes: Vec::new(), frames: Vec::new() };
    for chunk in chunks {
        let batch = framing.push(Bytes::copy_from_slice(chunk)).unwrap();
        out.bytes.extend_from_slice(&batch.bytes);
        out.frames.extend(batch.frames().map(|frame| frame.raw().to_vec()));
    }
    if let Some(rest) = framing.finish() {
        out.bytes.extend_from_slice(&rest);
    }
    out
}

fn sse() -> Framer {
    Framer::Sse(SseFramer::new())
}

fn json_array() -> Framer {
    Framer::JsonArray(JsonArrayFramer::new())
}

/// The chunks that cutting at these places makes.
fn cut<'a>(bytes: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<usize> = cuts.iter().map(|at| at % (bytes.len() + 1)).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

fn events(out: &Framed) -> Vec<Event> {
    let frames = out.frames.iter().map(|raw| Frame::new(raw));
    let read = |frame: Frame<'_>| (frame.event().map(<[u8]>::to_vec), frame.data().into_owned());
    frames.filter(|frame| !frame.is_comment()).map(read).collect()
}

#[test]
fn every_cut_of_every_stream_gives_the_same_frames() {
    for (name, stream) in fixtures("sse") {
        let whole = run(sse(), [&stream[..]]);
        assert_eq!(whole.bytes, stream, "{name}");
        assert_eq!(events(&whole), reference::events(&stream), "{name}");
        for at in 0..=stream.len() {
            assert_eq!(run(sse(), cut(&stream, &[at])), whole, "{name} cut at {at}");
        }
        for size in 1..=9 {
            assert_eq!(run(sse(), stream.chunks(size)), whole, "{name} in chunks of {size}");
        }
    }
}

#[test]
fn line_ends_and_a_byte_order_mark_change_no_event() {
    for (name, stream) in fixtures("sse") {
        let expected = reference::events(&stream);
        let plain = String::from_utf8(stream).unwrap().replace("\r\n", "\n");
        for end in ["\n", "\r", "\r\n"] {
            for mark in ["", "\u{feff}"] {
                let variant = format!("{mark}{}", plain.replace('\n', end)).into_bytes();
                let whole = run(sse(), [&variant[..]]);
                assert_eq!(events(&whole), expected, "{name} with {end:?}");
                for size in [1, 2, 3, 5, 64] {
                    assert_eq!(run(sse(), variant.chunks(size)), whole, "{name} with {end:?}");
                }
            }
        }
    }
}

#[test]
fn every_cut_of_an_array_gives_the_same_elements() {
    for (name, body) in fixtures("json") {
        let whole = run(json_array(), [&body[..]]);
        assert_eq!(whole.bytes, body, "{name}");
        let elements: Vec<serde_json::Value> =
            whole.frames.iter().map(|raw| serde_json::from_slice(raw).unwrap()).collect();
        let expected = match serde_json::from_slice(&body).unwrap() {
            serde_json::Value::Array(items) => items,
            single => vec![single],
        };
        assert_eq!(elements, expected, "{name}");
        for at in 0..=body.len() {
            assert_eq!(run(json_array(), cut(&body, &[at])), whole, "{name} cut at {at}");
        }
        assert_eq!(run(json_array(), body.chunks(1)), whole, "{name} byte by byte");
    }
}

#[test]
fn a_batch_is_a_slice_of_the_chunk_when_nothing_waited() {
    let chunk = Bytes::from_static(b"data: a\n\ndata: b\n\ndata: c");
    let mut framer = SseFramer::new();
    let batch = framer.push(chunk.clone()).unwrap();
    assert_eq!(batch.bytes.as_ptr(), chunk.as_ptr());
    assert_eq!((batch.frames().count(), batch.bytes.len()), (2, 18));
    assert!(!framer.at_boundary());
    let batch = framer.push(Bytes::from_static(b"\n\n")).unwrap();
    assert_eq!(&batch.bytes[..], b"data: c\n\n");
    assert!(framer.at_boundary());
    assert_eq!(framer.finish(), None);
}

#[test]
fn a_frame_does_not_wait_for_the_line_feed_of_its_last_break() {
    let mut framer = SseFramer::new();
    let batch = framer.push(Bytes::from_static(b"data: a\r\n\r")).unwrap();
    assert_eq!(batch.frames().count(), 1);
    assert!(framer.at_boundary());
    let batch = framer.push(Bytes::from_static(b"\n")).unwrap();
    assert_eq!((&batch.bytes[..], batch.frames().count()), (&b"\n"[..], 0));
}

#[test]
fn a_last_frame_without_an_empty_line_is_left_over() {
    let mut framer = SseFramer::new();
    assert!(framer.push(Bytes::from_static(b"data: [DONE]\n")).unwrap().is_empty());
    let rest = framer.finish().unwrap();
    assert_eq!(Frame::new(&rest).data(), &b"[DONE]"[..]);
}

#[test]
fn separators_of_an_array_wait_so_that_an_error_can_be_written_between() {
    let mut framer = JsonArrayFramer::new();
    assert!(framer.push(Bytes::from_static(b"[")).unwrap().is_empty());
    let batch = framer.push(Bytes::from_static(b"{\"a\":\"]},\\\"\"}\n,\n")).unwrap();
    assert_eq!(&batch.bytes[..], b"[{\"a\":\"]},\\\"\"}");
    assert!(framer.at_boundary());
    assert!(framer.push(Bytes::from_static(b"{\"b\"")).unwrap().is_empty());
    assert!(!framer.at_boundary());
    let batch = framer.push(Bytes::from_static(b":1}]")).unwrap();
    assert_eq!(&batch.bytes[..], b"\n,\n{\"b\":1}]");
    assert_eq!(batch.frames().next().unwrap().data(), &b"{\"b\":1}"[..]);
}

#[test]
fn what_grows_without_end_is_given_up() {
    let limits = Limits { line: 100, frame: 250 };
    let line = "data: ".to_owned() + &"x".repeat(90) + "\n";
    let push = |framer: &mut SseFramer, text: &str| framer.push(Bytes::from(text.to_owned()));
    let too_large = |what, limit| Err(FrameTooLarge { what, limit });

    let mut framer = SseFramer::with_limits(limits);
    push(&mut framer, &"x".repeat(100)).unwrap();
    assert_eq!(push(&mut framer, "y").map(|_| ()), too_large("line", 100));

    let mut framer = SseFramer::with_limits(limits);
    push(&mut framer, &line).unwrap();
    push(&mut framer, &line).unwrap();
    assert_eq!(push(&mut framer, &line).map(|_| ()), too_large("frame", 250));

    let mut framer = SseFramer::with_limits(limits);
    for _ in 0..100 {
        push(&mut framer, &format!("{line}\n")).unwrap();
    }

    let mut framer = JsonArrayFramer::with_limits(limits);
    let element = Bytes::from("[\"".to_owned() + &"x".repeat(300));
    assert_eq!(framer.push(element).map(|_| ()), too_large("frame", 250));
}

#[test]
fn the_framing_follows_the_content_type() {
    let chosen = |dialect, content_type| {
        Framer::for_response(dialect, content_type).map(|framer| framer.is_json_array())
    };
    assert_eq!(chosen(DialectId::Chat, "Text/Event-Stream; charset=utf-8"), Some(false));
    assert_eq!(chosen(DialectId::Responses, ""), Some(false));
    assert_eq!(chosen(DialectId::Gemini, "application/json; charset=UTF-8"), Some(true));
    assert_eq!(chosen(DialectId::Chat, "application/json"), None);
    assert_eq!(chosen(DialectId::Messages, "text/html"), None);
}

/// Pieces that make every kind of line, in any order.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let pieces: [&[u8]; 14] = [
        b"data",
        b"data:",
        b"data: x",
        b"event: a",
        b"event",
        b":",
        b" ",
        b"\r",
        b"\n",
        b"\r\n",
        b"\n\n",
        b"\xEF\xBB\xBF",
        b"\xFF",
        b"id: 1",
    ];
    let piece = proptest::sample::select(pieces.to_vec());
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_lines_in_any_chunks_read_as_the_standard_says(
        bytes in soup(),
        cuts in proptest::collection::vec(any::<usize>(), 0..12),
    ) {
        let framed = run(sse(), cut(&bytes, &cuts));
        prop_assert_eq!(&framed, &run(sse(), [&bytes[..]]));
        prop_assert_eq!(events(&framed), reference::events(&bytes));
        prop_assert_eq!(framed.bytes, bytes);
    }

    #[test]
    fn random_bytes_come_out_as_they_went_in(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        cuts in proptest::collection::vec(any::<usize>(), 0..12),
    ) {
        for new in [sse, json_array] {
            let framed = run(new(), cut(&bytes, &cuts));
            prop_assert_eq!(&framed, &run(new(), [&bytes[..]]));
            prop_assert_eq!(framed.bytes, bytes.clone());
        }
    }

    #[test]
    fn random_brackets_never_panic(
        text in "[\\[\\]{},:\" \\\\a1\n]{0,80}",
        cuts in proptest::collection::vec(any::<usize>(), 0..8),
    ) {
        let framed = run(json_array(), cut(text.as_bytes(), &cuts));
        prop_assert_eq!(&framed, &run(json_array(), [text.as_bytes()]));
        prop_assert_eq!(framed.bytes, text.as_bytes());
    }
}
