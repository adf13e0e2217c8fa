//! Sources of what was said, as far as dialects can tell each other of them.

use realms_types::DialectId;

use super::{
    object::Object,
    write::{compact, object_text},
};
use crate::{
    Losses,
    depth::{MOST_WITHIN, is_deeper_than},
    tap::raw::Raw,
};

/// A source. What it says beyond its address only its own dialect can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The dialect it came in.
    pub dialect: DialectId,
    /// Where the source is.
    pub url: Option<String>,
    /// What it is called.
    pub title: Option<String>,
    /// The part of the text it belongs to, in characters, where that is told.
    pub range: Option<(u32, u32)>,
    /// As it came, compact JSON.
    pub raw: String,
}

// === impl Citation ===

impl Citation {
    /// An annotation of Responses: `{"type":"url_citation","url",…}`.
    pub(super) fn read_responses(raw: Raw<'_>) -> Option<Self> {
        Some(Self::read_openai(DialectId::Responses, raw, &Object::of(raw)?))
    }

    /// An annotation of Chat, where the same stands one level deeper.
    pub(super) fn read_chat(raw: Raw<'_>) -> Option<Self> {
        let annotation = Object::of(raw)?;
        let inner = annotation.object("url_citation").unwrap_or_default();
        Some(Self::read_openai(DialectId::Chat, raw, &inner))
    }

    fn read_openai(dialect: DialectId, raw: Raw<'_>, object: &Object<'_>) -> Self {
        let range = object.index("start_index").zip(object.index("end_index"));
        Self { range, ..Self::of(dialect, raw, object, "url") }
    }

    /// A citation of Messages. Those of documents have no address.
    pub(super) fn read_messages(raw: Raw<'_>) -> Option<Self> {
        let object = Object::of(raw)?;
        let of_document = object.filled("document_title").map(Into::into);
        let citation = Self::of(DialectId::Messages, raw, &object, "url");
        Some(Self { title: citation.title.clone().or(of_document), ..citation })
    }

    /// A grounding chunk of Gemini: `{"web":{"uri","title"}}`.
    pub(super) fn read_gemini(raw: Raw<'_>) -> Option<Self> {
        let chunk = Object::of(raw)?;
        let source = chunk.object("web").or_else(|| chunk.object("retrievedContext"))?;
        Some(Self::of(DialectId::Gemini, raw, &source, "uri"))
    }

    fn of(dialect: DialectId, raw: Raw<'_>, object: &Object<'_>, url: &str) -> Self {
        Self {
            dialect,
            url: object.filled(url).map(Into::into),
            title: object.filled("title").map(Into::into),
            range: None,
            raw: compact(raw.json()),
        }
    }

    /// How many bytes it holds.
    pub(super) fn size(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        self.raw.len() + text(&self.url) + text(&self.title)
    }

    /// The citation for a client; `len` is how many characters of text stand before it. `None`, and a
    /// loss, where the client's dialect cannot hold it:
    ///
    /// - Messages cites only what its own search or the client's own documents hold; a citation it did
    ///   not make would be refused when it comes back.
    /// - The others cite addresses; a document has none.
    pub(super) fn write(&self, client: DialectId, len: u32, losses: &mut Losses) -> Option<String> {
        if self.dialect == client && !is_deeper_than(self.raw.as_bytes(), MOST_WITHIN) {
            return Some(self.raw.clone());
        }
        let Some(url) = self.url.as_deref().filter(|_| client != DialectId::Messages) else {
            losses.dropped("citations", "the client's dialect cannot cite such a source");
            return None;
        };
        let title = self.title.as_deref().unwrap_or_default();
        let (start, end) = self.range.unwrap_or((0, len));
        if self.range.is_none() {
            losses
                .approximated("citations.range", "the source is told for the whole text before it");
        }
        let openai = |json: &mut super::write::Json<'_>| {
            json.number("start_index", start)
                .number("end_index", end)
                .text("url", url)
                .text("title", title);
        };
        Some(match client {
            DialectId::Responses => object_text(|json| {
                json.text("type", "url_citation");
                openai(json);
            }),
            DialectId::Chat => object_text(|json| {
                json.text("type", "url_citation").object("url_citation", openai);
            }),
            DialectId::Gemini | DialectId::Messages => object_text(|json| {
                json.object("web", |json| {
                    json.text("uri", url).text("title", title);
                });
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Raw<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_address_is_cited_in_every_dialect_but_messages() {
        let source = r#"{"type":"url_citation","url_citation":{"start_index":1,"end_index":4,"url":"https://a","title":"A"}}"#;
        let citation = Citation::read_chat(raw(source)).unwrap();
        let mut losses = Losses::default();
        let written = |client, losses: &mut Losses| citation.write(client, 9, losses);
        assert_eq!(written(DialectId::Chat, &mut losses).as_deref(), Some(source));
        let flat = r#"{"type":"url_citation","start_index":1,"end_index":4,"url":"https://a","title":"A"}"#;
        assert_eq!(written(DialectId::Responses, &mut losses).as_deref(), Some(flat));
        assert_eq!(Citation::read_responses(raw(flat)).unwrap().range, Some((1, 4)));
        let web = r#"{"web":{"uri":"https://a","title":"A"}}"#;
        assert_eq!(written(DialectId::Gemini, &mut losses).as_deref(), Some(web));
        assert!(losses.is_empty());
        assert_eq!(written(DialectId::Messages, &mut losses), None);
        assert_eq!(losses.named()[0].path, "citations");
    }

    #[test]
    fn a_document_has_no_address_and_a_chunk_no_range() {
        let document = r#"{"type":"char_location","document_title":"D","cited_text":"x"}"#;
        let citation = Citation::read_messages(raw(document)).unwrap();
        let mut losses = Losses::default();
        assert_eq!(citation.write(DialectId::Chat, 5, &mut losses), None);
        assert_eq!(citation.write(DialectId::Messages, 5, &mut losses).as_deref(), Some(document));
        let chunk = Citation::read_gemini(raw(r#"{"web":{"uri":"https://a"}}"#)).unwrap();
        let mut losses = Losses::default();
        let written = chunk.write(DialectId::Responses, 5, &mut losses).unwrap();
        assert!(written.contains(r#""start_index":0,"end_index":5"#), "{written}");
        assert_eq!(losses.named()[0].path, "citations.range");
    }
}
