//! How deep JSON nests.

/// How deep a value may nest that is put into a body or an event around it: with all that may be around
/// it, parsers that give up at 128 levels still read the whole.
pub(crate) const MOST_WITHIN: usize = 112;

/// Whether valid JSON nests deeper than `most`. The parser itself does not recurse into what it
/// passes over, so it does not count.
pub(crate) fn is_deeper_than(json: &[u8], most: usize) -> bool {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => at += string_len(&json[at + 1..]),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > most {
            return true;
        }
        at += 1;
    }
    false
}

/// How many bytes a string has from behind its opening quote, its closing quote included.
pub(crate) fn string_len(rest: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &rest[at..]) {
        at += found + 1;
        if rest[at - 1] == b'"' {
            return at;
        }
        at = (at + 1).min(rest.len());
    }
    rest.len()
}
