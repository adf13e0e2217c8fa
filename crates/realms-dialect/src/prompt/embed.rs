//! Embeddings: OpenAI's `/v1/embeddings` and Gemini's `:embedContent` and `:batchEmbedContents`.

use realms_types::DialectId;
use serde_json::{Value, json};

use super::{
    Given, PromptError, Target, Unknown, Untranslatable,
    decode_gemini::bare_model,
    fields::{Fields, element},
    out::{Body, Put},
    tree,
};
use crate::Losses;

/// What is to be embedded, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct EmbedPrompt {
    /// The dialect it was written in.
    pub origin: DialectId,
    /// The model, where the body names one.
    pub model: Option<String>,
    /// Each text becomes one vector.
    pub texts: Vec<Given<String>>,
    /// Whether the client sent a list, even of one.
    pub is_list: bool,
    /// How long the vectors are to be.
    pub dimensions: Option<Given<u64>>,
    /// How the client wants the numbers: `float` or `base64`.
    pub encoding: Option<Given<String>>,
    /// Who the end user is.
    pub user: Option<Given<String>>,
    /// What the vectors are for (Gemini).
    pub task: Option<Given<String>>,
    /// What the text is called (Gemini).
    pub title: Option<Given<String>>,
    /// Everything else that was said.
    pub unknown: Vec<Unknown>,
}

/// Reads a body that asks for embeddings. Chat is OpenAI's; the other two have none.
pub fn decode_embed(dialect: DialectId, body: &[u8]) -> Result<EmbedPrompt, PromptError> {
    let mut prompt = EmbedPrompt {
        origin: dialect,
        model: None,
        texts: Vec::new(),
        is_list: false,
        dimensions: None,
        encoding: None,
        user: None,
        task: None,
        title: None,
        unknown: Vec::new(),
    };
    let body = tree::parse(body)?;
    match dialect {
        DialectId::Gemini => decode_gemini(body, &mut prompt)?,
        DialectId::Chat | DialectId::Responses | DialectId::Messages => {
            decode_openai(body, &mut prompt)?;
        }
    }
    Ok(prompt)
}

/// Writes a body that asks for embeddings; for Gemini one of `:batchEmbedContents`, which takes any number of texts.
pub fn encode_embed(
    prompt: &EmbedPrompt,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Vec<u8>, Untranslatable> {
    let body = match target.dialect {
        DialectId::Gemini => gemini(prompt, target, losses),
        DialectId::Chat => openai(prompt, target, losses),
        DialectId::Responses | DialectId::Messages => {
            return Err(target.cannot("embeddings", "input"));
        }
    };
    if prompt.origin == target.dialect {
        return Ok(crate::to_json(&Value::Object(body)).to_vec());
    }
    for unknown in &prompt.unknown {
        losses.dropped(unknown.path.clone(), "no such field there");
    }
    Ok(crate::to_json(&Value::Object(body)).to_vec())
}

fn decode_openai(body: Value, prompt: &mut EmbedPrompt) -> Result<(), PromptError> {
    const WANTED: &str = "text or a list of texts: lists of token numbers cannot be translated";
    let mut fields = Fields::of(body, "")?;
    prompt.model = fields.text("model")?.map(|model| model.value);
    prompt.dimensions = fields.count("dimensions")?;
    prompt.encoding = fields.text("encoding_format")?;
    prompt.user = fields.text("user")?;
    let missing = PromptError::Missing { path: fields.at("input") };
    let input = fields.take("input").ok_or(missing)?;
    match input.value {
        Value::String(text) => prompt.texts.push(Given::new(input.path, text)),
        Value::Array(list) => {
            prompt.is_list = true;
            for (index, one) in list.into_iter().enumerate() {
                let path = element(&input.path, index);
                match one {
                    Value::String(text) => prompt.texts.push(Given::new(path, text)),
                    _ => return Err(PromptError::wrong(path, WANTED)),
                }
            }
        }
        _ => return Err(PromptError::wrong(input.path, WANTED)),
    }
    fields.rest(&mut prompt.unknown);
    Ok(())
}

fn decode_gemini(body: Value, prompt: &mut EmbedPrompt) -> Result<(), PromptError> {
    let mut fields = Fields::proto(body, "")?;
    match fields.list("requests")? {
        Some(requests) => {
            prompt.is_list = true;
            for (index, one) in requests.value.into_iter().enumerate() {
                let request = Fields::proto(one, element(&requests.path, index))?;
                decode_request(request, prompt)?;
            }
            fields.rest(&mut prompt.unknown);
            Ok(())
        }
        None => decode_request(fields, prompt),
    }
}

/// One text, and how it is to be embedded: that must be the same for all texts of a call.
fn decode_request(mut fields: Fields, prompt: &mut EmbedPrompt) -> Result<(), PromptError> {
    const SAME: &str = "the same in every request of the batch";
    let first = prompt.texts.is_empty();
    if let Some(model) = fields.text("model")? {
        let name = bare_model(&model.value).to_owned();
        if !first && prompt.model.as_ref().is_some_and(|known| *known != name) {
            return Err(PromptError::wrong(model.path, SAME));
        }
        prompt.model = Some(name);
    }
    let dimensions = fields.count("outputDimensionality")?;
    let task = fields.text("taskType")?;
    let title = fields.text("title")?;
    if first {
        (prompt.dimensions, prompt.task, prompt.title) = (dimensions, task, title);
    } else if (&prompt.dimensions, &prompt.task, &prompt.title) != (&dimensions, &task, &title) {
        return Err(PromptError::wrong(fields.path(), SAME));
    }
    let missing = PromptError::Missing { path: fields.at("content") };
    let mut content = fields.proto_object("content")?.ok_or(missing)?;
    content.take("role");
    let path = content.at("parts");
    let mut said = Vec::new();
    if let Some(parts) = content.list("parts")? {
        for (index, part) in parts.value.into_iter().enumerate() {
            let mut part = Fields::proto(part, element(&parts.path, index))?;
            said.push(part.need_text("text")?);
            part.rest(&mut prompt.unknown);
        }
    }
    if said.is_empty() {
        return Err(PromptError::Missing { path });
    }
    prompt.texts.push(Given::new(path, said.concat()));
    content.rest(&mut prompt.unknown);
    fields.rest(&mut prompt.unknown);
    Ok(())
}

fn openai(prompt: &EmbedPrompt, target: &Target<'_>, losses: &mut Losses) -> Body {
    let mut body = Body::new();
    body.put("model", target.model);
    match (prompt.is_list, prompt.texts.as_slice()) {
        (false, [one]) => body.put("input", one.value.clone()),
        (_, texts) => {
            let texts: Vec<Value> = texts.iter().map(|at| at.value.clone().into()).collect();
            body.put("input", texts);
        }
    }
    body.put_some("dimensions", prompt.dimensions.as_ref().map(|at| at.value));
    body.put_some("encoding_format", prompt.encoding.as_ref().map(|at| at.value.clone()));
    body.put_some("user", prompt.user.as_ref().map(|at| at.value.clone()));
    for said in [&prompt.task, &prompt.title].into_iter().flatten() {
        losses.dropped(said.path.clone(), "what a vector is for cannot be said");
    }
    body
}

fn gemini(prompt: &EmbedPrompt, target: &Target<'_>, losses: &mut Losses) -> Body {
    if let Some(user) = &prompt.user {
        losses.dropped(user.path.clone(), "no such field there");
    }
    let request = |text: &Given<String>| {
        let mut request = Body::new();
        request.put("model", format!("models/{}", target.model));
        request.put("content", json!({ "parts": [{ "text": text.value }] }));
        request.put_some("outputDimensionality", prompt.dimensions.as_ref().map(|at| at.value));
        request.put_some("taskType", prompt.task.as_ref().map(|at| at.value.clone()));
        request.put_some("title", prompt.title.as_ref().map(|at| at.value.clone()));
        Value::Object(request)
    };
    let requests: Vec<Value> = prompt.texts.iter().map(request).collect();
    let mut body = Body::new();
    body.put("requests", requests);
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::Family;

    fn embed(origin: DialectId, body: &str, dialect: DialectId) -> (Value, Vec<String>) {
        let prompt = decode_embed(origin, body.as_bytes()).unwrap();
        let target = Target {
            dialect,
            model: "e",
            family: Family::native(dialect),
            max_output: None,
            at_home: true,
        };
        let mut losses = Losses::default();
        let written = encode_embed(&prompt, &target, &mut losses).unwrap();
        let lost = losses.named().iter().map(|loss| loss.path.to_string()).collect();
        (serde_json::from_slice(&written).unwrap(), lost)
    }

    #[test]
    fn texts_become_requests_and_back() {
        let openai = r#"{"model":"x","input":["a","b"],"dimensions":256,"encoding_format":"base64","user":"u"}"#;
        let (written, lost) = embed(DialectId::Chat, openai, DialectId::Gemini);
        let request = |text| json!({"model":"models/e","content":{"parts":[{"text":text}]},"outputDimensionality":256});
        assert_eq!(written, json!({"requests":[request("a"), request("b")]}));
        assert_eq!(lost, ["user"]);
        let (back, lost) = embed(DialectId::Gemini, &written.to_string(), DialectId::Chat);
        assert_eq!(back, json!({"model":"e","input":["a","b"],"dimensions":256}));
        assert!(lost.is_empty());
    }

    #[test]
    fn one_text_stays_one() {
        let gemini =
            r#"{"content":{"parts":[{"text":"a"},{"text":"b"}]},"task_type":"RETRIEVAL_QUERY"}"#;
        let (written, lost) = embed(DialectId::Gemini, gemini, DialectId::Chat);
        assert_eq!(written, json!({"model":"e","input":"ab"}));
        assert_eq!(lost, ["task_type"]);
    }

    #[test]
    fn what_cannot_be_read_says_what_to_send() {
        for (dialect, body, why) in [
            (DialectId::Chat, r#"{"input":[[1,2]]}"#, "`input[0]` must be text"),
            (DialectId::Chat, "{}", "`input` is missing"),
            (DialectId::Gemini, "{}", "`content` is missing"),
            (
                DialectId::Gemini,
                r#"{"requests":[{"content":{"parts":[{"text":"a"}]}},{"content":{"parts":[{"text":"b"}]},"title":"t"}]}"#,
                "`requests[1]` must be the same",
            ),
        ] {
            let error = decode_embed(dialect, body.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        let prompt = decode_embed(DialectId::Chat, br#"{"input":"a"}"#).unwrap();
        let target = Target {
            dialect: DialectId::Messages,
            model: "e",
            family: Family::Anthropic,
            max_output: None,
            at_home: true,
        };
        assert!(encode_embed(&prompt, &target, &mut Losses::default()).is_err());
    }
}
