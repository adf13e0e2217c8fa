//! What only its maker can read: signatures of thoughts and encrypted reasoning, on their way to a
//! client that speaks another dialect, and back.
//!
//! A client keeps such a value and sends it back with the next turn. In its own dialect it goes as it
//! is. In another it goes in an envelope that says who made it, so that no upstream ever gets a value
//! that is not its own.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use realms_types::DialectId;

/// How every envelope begins: the base64 of `realms:1:`, whose nine bytes make twelve characters. A
/// body that holds it carries state of another dialect.
pub const SEAL_MARK: &str = "cmVhbG1zOjE6";

/// What the text in an envelope begins with.
const MARK: &str = "realms:1:";

/// Reads both lengths of padding: clients may have taken the value apart and put it together again.
const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A sealed value and who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The dialect of its maker.
    pub dialect: DialectId,
    /// What it seals.
    pub kind: SealKind,
    /// The value as its maker gave it.
    pub value: String,
}

/// What a seal belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealKind {
    /// The thought it stands at, whose text (or a summary of it) is shown.
    Thinking,
    /// A thought of which nothing is shown (`redacted_thinking`).
    Redacted,
    /// The part that follows: Gemini signs calls of tools and texts, where other dialects can only
    /// sign thoughts.
    Part,
}

// === impl Seal ===

impl Seal {
    /// Reads a value that came in a dialect: one in an envelope is taken out of it.
    #[must_use]
    pub fn read(dialect: DialectId, kind: SealKind, value: &str) -> Self {
        Self::open(value).unwrap_or_else(|| Self { dialect, kind, value: value.to_owned() })
    }

    /// The value for a client: as it is where the client speaks the dialect of its maker, else in an
    /// envelope. Envelopes are standard base64, since Google's SDKs take signatures for bytes.
    #[must_use]
    pub fn for_client(&self, client: DialectId) -> String {
        if self.dialect == client {
            return self.value.clone();
        }
        let dialect = match self.dialect {
            DialectId::Responses => 'r',
            DialectId::Chat => 'c',
            DialectId::Messages => 'm',
            DialectId::Gemini => 'g',
        };
        let kind = match self.kind {
            SealKind::Thinking => 't',
            SealKind::Redacted => 'r',
            SealKind::Part => 'p',
        };
        STANDARD.encode(format!("{MARK}{dialect}{kind}:{}", self.value))
    }

    /// Opens an envelope. `None` for what is none.
    ///
    /// Either base64 alphabet is read: google-genai for Python reads the standard one and writes the
    /// one for URLs.
    #[must_use]
    pub fn open(text: &str) -> Option<Self> {
        if !text.starts_with(SEAL_MARK) {
            return None;
        }
        let standard = text.replace('-', "+").replace('_', "/");
        let inner = String::from_utf8(TOLERANT.decode(standard).ok()?).ok()?;
        let (tags, value) = inner.strip_prefix(MARK)?.split_once(':')?;
        let (dialect, kind) = match tags.as_bytes() {
            [dialect, kind] => (*dialect, *kind),
            _ => return None,
        };
        let dialect = match dialect {
            b'r' => DialectId::Responses,
            b'c' => DialectId::Chat,
            b'm' => DialectId::Messages,
            b'g' => DialectId::Gemini,
            _ => return None,
        };
        let kind = match kind {
            b't' => SealKind::Thinking,
            b'r' => SealKind::Redacted,
            b'p' => SealKind::Part,
            _ => return None,
        };
        Some(Self { dialect, kind, value: value.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seal(dialect: DialectId, kind: SealKind, value: &str) -> Seal {
        Seal { dialect, kind, value: value.to_owned() }
    }

    #[test]
    fn in_its_own_dialect_a_value_is_as_its_maker_gave_it() {
        for dialect in DialectId::ALL {
            assert_eq!(seal(dialect, SealKind::Thinking, "EqQB").for_client(dialect), "EqQB");
        }
    }

    #[test]
    fn what_is_no_envelope_is_left_alone() {
        for text in ["", "EqQB", "cmVhbG1zOjE6", "cmVhbG1zOjE6eHg6eA==", "cmVhbG1zOjE6!"] {
            assert_eq!(Seal::open(text), None, "{text}");
            let read = Seal::read(DialectId::Gemini, SealKind::Part, text);
            assert_eq!(read, seal(DialectId::Gemini, SealKind::Part, text));
        }
    }

    proptest! {
        #[test]
        fn an_envelope_opens_to_what_was_put_in(value in any::<String>(), url in any::<bool>()) {
            for dialect in DialectId::ALL {
                for kind in [SealKind::Thinking, SealKind::Redacted, SealKind::Part] {
                    let sealed = seal(dialect, kind, &value);
                    for client in DialectId::ALL.into_iter().filter(|client| *client != dialect) {
                        let mut text = sealed.for_client(client);
                        prop_assert!(text.starts_with(SEAL_MARK));
                        if url {
                            text = text.replace('+', "-").replace('/', "_");
                            text = text.trim_end_matches('=').to_owned();
                        }
                        prop_assert_eq!(Seal::open(&text), Some(sealed.clone()));
                        prop_assert_eq!(&Seal::read(client, SealKind::Part, &text), &sealed);
                    }
                }
            }
        }

        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = Seal::open(&text);
            let _ = Seal::open(&format!("{SEAL_MARK}{text}"));
        }
    }
}
