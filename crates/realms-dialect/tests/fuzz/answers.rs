//! Answers: the same events however a stream is cut, and every client can read what is made of them.

use bytes::Bytes;
use realms_dialect::{
    Decoder, Delivery, EmbeddingShape, Event, Frame, Framer, JsonArrayFramer, Losses, Reading,
    ResponseFold, SseFramer, Think, is_error_body, read_embeddings, read_token_count,
    render_embeddings, render_token_count, rewrite_results_url, turn_step, usage_in_tail,
};
use realms_types::DialectId;

use super::{
    cuts::{cut, ways},
    is_json,
    strict::{self, End},
    support::{
        assert_order, decode_body, decode_stream, encode, encode_stream, encode_whole, intent,
    },
};

/// What an answer may grow to: so many times what came, and a little.
const MOST_TIMES: usize = 512;
const LEAST: usize = 64 << 10;

pub fn stream_holds(dialect: DialectId, stream: &[u8]) {
    let (events, reading) = decoded(dialect, &[stream]);
    for cuts in ways(stream) {
        let chunks = cut(stream, &cuts);
        assert_eq!(decoded(dialect, &chunks), (events.clone(), reading.clone()), "at {cuts:?}");
    }
    assert_order(&events);
    for client in DialectId::ALL {
        told(client, &events, stream.len());
    }
    each_frame(stream, |frame| {
        turn_step(frame.event(), &frame.data());
    });
    match dialect {
        DialectId::Responses => folded(stream),
        DialectId::Chat => thought(stream),
        DialectId::Messages | DialectId::Gemini => {}
    }
    if let Some(usage) = usage_in_tail(dialect, stream) {
        assert!(usage.check().is_ok());
    }
}

pub fn body_holds(dialect: DialectId, body: &[u8]) {
    let events = decode_body(dialect, body);
    assert_order(&events);
    let complete = events.contains(&Event::Finish);
    for client in DialectId::ALL {
        told(client, &events, body.len());
        let whole = encode_whole(client, &events);
        assert!(whole.bytes.len() <= MOST_TIMES * body.len() + LEAST);
        assert!(is_json(&whole.bytes));
        assert_eq!(is_error_body(client, &whole.bytes), !complete);
        let again = decode_body(client, &whole.bytes);
        assert_order(&again);
        assert_eq!(again.contains(&Event::Finish), complete, "{client}");
    }
    if let Some(usage) = usage_in_tail(dialect, body) {
        assert!(usage.check().is_ok());
    }
    embedded(dialect, body);
    let counted = read_token_count(dialect, body);
    if let Some((tokens, told)) =
        counted.and_then(|it| Some((it, render_token_count(dialect, it)?)))
    {
        assert_eq!(read_token_count(dialect, &told), Some(tokens));
    }
    if is_json(body) {
        let body = Bytes::copy_from_slice(body);
        let thought = Think::whole(body.clone());
        let edited = rewrite_results_url(&body, "https://realms.example").unwrap_or_default();
        for json in [thought, Bytes::from(edited.concat())] {
            assert!(json.is_empty() || is_json(&json));
        }
    }
}

/// The events of a stream that came in these chunks, and what its tap has read.
fn decoded(dialect: DialectId, chunks: &[&[u8]]) -> (Vec<Event>, Reading) {
    let is_array = dialect == DialectId::Gemini && chunks.concat().starts_with(b"[");
    let mut framer = if is_array {
        Framer::JsonArray(JsonArrayFramer::new())
    } else {
        Framer::Sse(SseFramer::new())
    };
    let mut decoder = Decoder::new(dialect);
    let mut events = Vec::new();
    for chunk in chunks {
        let batch = framer.push(Bytes::copy_from_slice(chunk)).unwrap();
        events.extend(batch.frames().flat_map(|frame| decoder.frame(&frame)));
    }
    if let Some(rest) = framer.finish() {
        let frame = if is_array { Frame::element(&rest) } else { Frame::new(&rest) };
        events.extend(decoder.frame(&frame));
    }
    events.extend(decoder.finish());
    (events, decoder.reading().clone())
}

/// A client of any dialect reads its stream without a stumble, and to the same end.
fn told(client: DialectId, events: &[Event], len: usize) {
    let complete = events.contains(&Event::Finish);
    let stream = encode_stream(client, events);
    assert!(stream.bytes.len() <= MOST_TIMES * len + LEAST, "{len} became {}", stream.bytes.len());
    assert_eq!(strict::check(client, &stream.bytes) == End::Complete, complete, "{client}");
    let again = decode_stream(client, &stream.bytes, &[]);
    assert_order(&again);
    assert_eq!(again.contains(&Event::Finish), complete, "{client}");
    if client == DialectId::Gemini {
        let array = encode(client, intent(Delivery::Array), events);
        assert_eq!(strict::check_array(&array.bytes) == End::Complete, complete);
    }
}

/// Does something with each frame that has its end.
fn each_frame(stream: &[u8], each: impl FnMut(Frame<'_>)) {
    let batch = SseFramer::new().push(Bytes::copy_from_slice(stream)).unwrap();
    batch.frames().for_each(each);
}

/// A stream that is answered whole is JSON, whatever was put into it.
fn folded(stream: &[u8]) {
    let mut fold = ResponseFold::default();
    each_frame(stream, |frame| assert!(fold.push(&frame).is_ok()));
    if let Some(body) = fold.finish() {
        assert!(is_json(&body));
    }
}

/// Reasoning that is moved into the content leaves as many frames, and JSON where there was JSON.
fn thought(stream: &[u8]) {
    let moved = |chunks: &[&[u8]]| {
        let (mut framer, mut think, mut out) = (SseFramer::new(), Think::default(), Vec::new());
        for chunk in chunks {
            let batch = framer.push(Bytes::copy_from_slice(chunk)).unwrap();
            out.extend_from_slice(&think.frames(batch.bytes));
        }
        out
    };
    let whole = moved(&[stream]);
    for cuts in ways(stream) {
        assert_eq!(moved(&cut(stream, &cuts)), whole, "cut at {cuts:?}");
    }
    let are_json = |stream: &[u8]| {
        let mut found = Vec::new();
        each_frame(stream, |frame| {
            found.push(is_json(&frame.data()));
        });
        found
    };
    assert_eq!(are_json(&whole), are_json(stream));
}

/// Vectors go through every shape and stay as many.
fn embedded(dialect: DialectId, body: &[u8]) {
    let Some(read) = read_embeddings(dialect, body) else { return };
    let list = |packed| (DialectId::Chat, EmbeddingShape::List { packed });
    let batch = (DialectId::Gemini, EmbeddingShape::Batch);
    for (client, shape) in [list(false), list(true), batch] {
        let told = render_embeddings(&read, shape, "m", &mut Losses::default());
        if let Some(told) = told.filter(|_| !read.vectors.is_empty()) {
            let again = read_embeddings(client, &told).unwrap();
            assert_eq!(again.vectors.len(), read.vectors.len());
        }
    }
}
