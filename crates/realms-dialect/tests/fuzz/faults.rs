//! Errors: whatever an upstream says, a client is told in words that its SDK can read.

use realms_dialect::{
    Decoder, Event, Fault, Frame, Framer, JsonArrayFramer, SseFramer, StreamShape, UpstreamFault,
    fault_of, is_error_body, is_foreign_state, looks_like_html, read_fault, render_fault,
    render_fault_frame,
};
use realms_types::DialectId;

use super::support::REQUEST;

/// Longer than any message that is kept.
const LONGEST: usize = 4_096;
/// Some that an answer can have.
const STATUSES: [u16; 5] = [200, 400, 404, 429, 503];

pub fn hold(dialect: DialectId, body: &[u8]) {
    for status in STATUSES {
        let read = read_fault(dialect, status, body);
        assert!((400..600).contains(&read.status), "{}", read.status);
        assert!(status < 400 || read.status == status);
        assert!(!read.message.is_empty() && read.message.len() <= LONGEST);
        is_foreign_state(&read);
        for client in DialectId::ALL {
            told(client, &read);
        }
    }
    for client in DialectId::ALL {
        assert!(!(is_error_body(client, body) && looks_like_html(body)));
    }
}

fn told(client: DialectId, read: &UpstreamFault) {
    let fault = fault_of(read);
    let rendered = render_fault(client, &fault, REQUEST);
    assert!(rendered.status.is_client_error());
    assert!(is_error_body(client, &rendered.body));
    let again = read_fault(client, rendered.status.as_u16(), &rendered.body);
    assert_eq!(again.message, fault.message);
    in_a_stream(client, &fault, StreamShape::default());
    if client == DialectId::Gemini {
        in_a_stream(client, &fault, StreamShape { json_array: true, ..StreamShape::default() });
    }
}

/// As the last thing of a stream it is the end of the answer.
fn in_a_stream(client: DialectId, fault: &Fault, shape: StreamShape<'_>) {
    let bytes = render_fault_frame(client, fault, REQUEST, shape);
    let mut framer = if shape.json_array {
        Framer::JsonArray(JsonArrayFramer::new())
    } else {
        Framer::Sse(SseFramer::new())
    };
    let batch = framer.push(bytes).unwrap();
    assert!(framer.finish().is_none() && framer.at_boundary());
    let mut decoder = Decoder::new(client);
    let read = |frame: Frame<'_>| decoder.frame(&frame);
    let events: Vec<Event> = batch.frames().flat_map(read).collect();
    match events.as_slice() {
        [Event::Fault(read)] => assert_eq!(read.message, fault.message),
        other => panic!("{other:?}"),
    }
}
