//! Embeddings, as OpenAI and Gemini answer them.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use realms_types::DialectId;

use super::{
    object::Object,
    write::{compact, list, object_text},
};
use crate::{Losses, tap::raw::Raw};

/// The vectors of one call, in the order of its inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embeddings {
    /// The vectors.
    pub vectors: Vec<Vector>,
    /// How many tokens the inputs had, where that is told.
    pub input_tokens: Option<u64>,
}

/// One vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vector {
    /// A JSON list of numbers, digit for digit.
    Numbers(String),
    /// Base64 of the numbers as 32-bit floats, least significant byte first.
    Packed(String),
}

/// How a client wants its embeddings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmbeddingShape {
    /// OpenAI's list.
    List {
        /// `encoding_format` is `base64`: what OpenAI's SDKs ask for by themselves.
        packed: bool,
    },
    /// Gemini's `embedContent`: one vector.
    One,
    /// Gemini's `batchEmbedContents`.
    Batch,
}

/// Reads the answer of an upstream. `None` where a vector is missing or is none.
pub fn read_embeddings(dialect: DialectId, body: &[u8]) -> Option<Embeddings> {
    let answer = Object::of_bytes(body)?;
    match dialect {
        DialectId::Chat | DialectId::Responses => read_list(&answer),
        DialectId::Gemini => read_gemini(&answer),
        DialectId::Messages => None,
    }
}

/// Renders the answer for a client that named this model. `None` where it does not fit: a vector that
/// cannot be packed or unpacked, or not exactly one where one was asked for.
pub fn render_embeddings(
    embeddings: &Embeddings,
    shape: EmbeddingShape,
    model: &str,
    losses: &mut Losses,
) -> Option<Bytes> {
    let Embeddings { vectors, input_tokens } = embeddings;
    let packed = matches!(shape, EmbeddingShape::List { packed: true });
    let vectors: Vec<String> =
        vectors.iter().map(|vector| vector.literal(packed)).collect::<Option<_>>()?;
    let values = |vector: &String| format!(r#"{{"values":{vector}}}"#);
    let body = match (shape, vectors.as_slice()) {
        (EmbeddingShape::List { .. }, vectors) => {
            list_body(vectors, input_tokens.unwrap_or(0), model)
        }
        (EmbeddingShape::One, [vector]) => format!(r#"{{"embedding":{}}}"#, values(vector)),
        (EmbeddingShape::One, _) => return None,
        (EmbeddingShape::Batch, vectors) => {
            let vectors: Vec<String> = vectors.iter().map(values).collect();
            format!(r#"{{"embeddings":{}}}"#, list(&vectors))
        }
    };
    if input_tokens.is_some() && !matches!(shape, EmbeddingShape::List { .. }) {
        losses.dropped("usage", "Gemini's embeddings tell no usage");
    }
    Some(body.into())
}

fn read_list(answer: &Object<'_>) -> Option<Embeddings> {
    let mut entries = answer.get("data").is_some().then(|| answer.objects("data"))?;
    if entries.iter().all(|entry| entry.index("index").is_some()) {
        entries.sort_by_key(|entry| entry.index("index"));
    }
    let vectors = entries.iter().map(|entry| {
        let raw = entry.get("embedding")?;
        raw.text().map(|text| Vector::Packed(text.into_owned())).or_else(|| numbers(raw))
    });
    let usage = answer.object("usage").unwrap_or_default();
    let tokens = usage.get("prompt_tokens").or_else(|| usage.get("total_tokens"));
    let input_tokens = tokens.and_then(|tokens| tokens.count().ok());
    Some(Embeddings { vectors: vectors.collect::<Option<_>>()?, input_tokens })
}

fn read_gemini(answer: &Object<'_>) -> Option<Embeddings> {
    let one = answer.object("embedding");
    let all = one.map_or_else(|| answer.objects("embeddings"), |one| vec![one]);
    let vectors = all.iter().map(|embedding| numbers(embedding.get("values")?));
    let vectors = vectors.collect::<Option<Vec<_>>>()?;
    (!vectors.is_empty()).then_some(Embeddings { vectors, input_tokens: None })
}

fn numbers(raw: Raw<'_>) -> Option<Vector> {
    raw.parse::<Vec<f32>>()?;
    Some(Vector::Numbers(compact(raw.json())))
}

fn list_body(vectors: &[String], tokens: u64, model: &str) -> String {
    let entry = |(index, vector): (u64, &String)| {
        object_text(|json| {
            json.text("object", "embedding")
                .number("index", index)
                .raw_compact("embedding", vector);
        })
    };
    let entries: Vec<String> = (0u64..).zip(vectors).map(entry).collect();
    object_text(|json| {
        json.text("object", "list")
            .raw_compact("data", &list(&entries))
            .text("model", model)
            .object("usage", |json| {
                json.number("prompt_tokens", tokens).number("total_tokens", tokens);
            });
    })
}

// === impl Vector ===

impl Vector {
    /// The vector as JSON: a list of numbers, or a text.
    fn literal(&self, packed: bool) -> Option<String> {
        match (self, packed) {
            (Self::Numbers(numbers), false) => Some(numbers.clone()),
            (Self::Packed(text), true) => Some(format!("\"{}\"", is_base64(text)?)),
            (Self::Numbers(numbers), true) => {
                let numbers: Vec<f32> = serde_json::from_str(numbers).ok()?;
                let bytes: Vec<u8> =
                    numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                Some(format!("\"{}\"", STANDARD.encode(bytes)))
            }
            (Self::Packed(text), false) => {
                let bytes = STANDARD.decode(text).ok()?;
                let (numbers, rest) = bytes.as_chunks::<4>();
                let numbers: Vec<f32> =
                    numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
                let is_sound = rest.is_empty() && numbers.iter().all(|number| number.is_finite());
                is_sound.then(|| serde_json::to_string(&numbers).ok())?
            }
        }
    }
}

fn is_base64(text: &str) -> Option<&str> {
    STANDARD.decode(text).ok().map(|_| text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn render(embeddings: &Embeddings, shape: EmbeddingShape) -> Option<String> {
        let body = render_embeddings(embeddings, shape, "m", &mut Losses::default())?;
        Some(String::from_utf8(body.to_vec()).unwrap())
    }

    #[test]
    fn numbers_keep_their_digits_and_inputs_their_order() {
        let body = br#"{"data":[{"index":1,"embedding":[0.25]},{"index":0,"embedding":[ -0.0123456789012, 1e-7 ]}],"usage":{"prompt_tokens":8}}"#;
        let read = read_embeddings(DialectId::Chat, body).unwrap();
        assert_eq!(read.input_tokens, Some(8));
        let mut losses = Losses::default();
        let batch = render_embeddings(&read, EmbeddingShape::Batch, "m", &mut losses).unwrap();
        assert_eq!(
            batch,
            r#"{"embeddings":[{"values":[-0.0123456789012,1e-7]},{"values":[0.25]}]}"#
        );
        assert_eq!(losses.named()[0].path, "usage");
        assert_eq!(render(&read, EmbeddingShape::One), None, "two are not one");
    }

    #[test]
    fn what_the_sdks_ask_for_by_themselves_is_packed() {
        let read =
            read_embeddings(DialectId::Gemini, br#"{"embedding":{"values":[1,0]}}"#).unwrap();
        let body = render(&read, EmbeddingShape::List { packed: true }).unwrap();
        assert!(body.contains(r#""embedding":"AACAPwAAAAA=""#), "{body}");
        let back = read_embeddings(DialectId::Chat, body.as_bytes()).unwrap();
        assert_eq!(
            render(&back, EmbeddingShape::One).unwrap(),
            r#"{"embedding":{"values":[1.0,0.0]}}"#
        );
    }

    #[test]
    fn what_is_no_vector_is_none() {
        for body in [
            "{}",
            r#"{"data":[{"index":0}]}"#,
            r#"{"data":[{"embedding":["x"]}]}"#,
            r#"{"embedding":{}}"#,
            r#"{"embeddings":[]}"#,
        ] {
            let chat = read_embeddings(DialectId::Chat, body.as_bytes());
            let gemini = read_embeddings(DialectId::Gemini, body.as_bytes());
            assert_eq!((chat, gemini), (None, None), "{body}");
        }
        let odd = |text: &str| Embeddings {
            vectors: vec![Vector::Packed(text.into())],
            input_tokens: None,
        };
        for text in ["AAA", "AACA", "AADAfw==", "\"}"] {
            assert_eq!(render(&odd(text), EmbeddingShape::One), None, "{text}");
        }
        assert_eq!(render(&odd("\"}"), EmbeddingShape::List { packed: true }), None);
    }

    proptest! {
        #[test]
        fn packing_and_unpacking_gives_the_same_numbers(
            numbers in proptest::collection::vec(-1.0f32..1.0, 0..20),
        ) {
            let text = serde_json::to_string(&numbers).unwrap();
            let plain = Vector::Numbers(text);
            let packed = plain.literal(true).unwrap();
            let packed = Vector::Packed(packed.trim_matches('"').to_owned());
            let back: Vec<f32> = serde_json::from_str(&packed.literal(false).unwrap()).unwrap();
            prop_assert_eq!(back, numbers);
        }
    }
}
