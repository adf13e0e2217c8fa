//! Finds the end of a JSON object that arrives in fragments, without keeping them.

/// How far an object has come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct JsonEnd {
    depth: u32,
    in_string: bool,
    is_escaped: bool,
    is_whole: bool,
}

// === impl JsonEnd ===

impl JsonEnd {
    /// Takes the next fragment.
    pub(super) fn push(&mut self, fragment: &[u8]) {
        for byte in fragment {
            match *byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' if self.in_string => self.is_escaped = true,
                b'"' => self.in_string = !self.in_string,
                _ if self.in_string => {}
                b'{' | b'[' => self.depth = self.depth.saturating_add(1),
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.is_whole |= self.depth == 0;
                }
                _ => {}
            }
        }
    }

    /// Whether the bracket that opened the value was closed: nothing but white space can follow.
    pub(super) fn is_whole(self) -> bool {
        self.is_whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_whole_when_its_bracket_closes() {
        for (fragments, whole) in [
            (&["{}"][..], true),
            (&["", "{\"a\":\"}", "\\\"}\"", "}"], true),
            (&["{\"a\":\"}", "\\\"}\""], false),
            (&["{\"a\":[{}]"], false),
            (&[""], false),
            (&["\"{}\""], false),
        ] {
            let mut end = JsonEnd::default();
            for fragment in fragments {
                end.push(fragment.as_bytes());
            }
            assert_eq!(end.is_whole(), whole, "{fragments:?}");
        }
    }
}
