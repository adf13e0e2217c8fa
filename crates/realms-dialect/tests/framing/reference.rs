//! The event stream as the WHATWG standard reads it, written for clarity.

/// Name and data of an event, as a client sees it.
pub type Event = (Option<Vec<u8>>, Vec<u8>);

/// The events of a stream.
pub fn events(bytes: &[u8]) -> Vec<Event> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut lines = vec![Vec::new()];
    let mut at = 0;
    while at < bytes.len() {
        if matches!(bytes[at], b'\r' | b'\n') {
            at += usize::from(bytes[at..].starts_with(b"\r\n"));
            lines.push(Vec::new());
        } else {
            lines.last_mut().unwrap().push(bytes[at]);
        }
        at += 1;
    }
    lines.pop(); // a line without an end is not complete
    let (mut events, mut name, mut data) = (Vec::new(), None, None::<Vec<u8>>);
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let value = line.get(colon + 1..).unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match &line[..colon] {
            b"" if line.is_empty() => {
                let name = name.take();
                events.extend(data.take().map(|data| (name, data)));
            }
            b"event" => name = Some(value.to_vec()),
            b"data" => match &mut data {
                Some(data) => data.extend([b"\n", value].concat()),
                None => data = Some(value.to_vec()),
            },
            _ => {}
        }
    }
    events
}
