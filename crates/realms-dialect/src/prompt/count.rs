//! Questions of how many tokens a prompt has: the prompt itself, without how it is to be answered.

use realms_types::DialectId;
use serde_json::{Value, json};

use super::{
    Given, Prompt, PromptError, Target, Untranslatable, decode_tree, encode_tree,
    fields::{Fields, join},
    tree,
};
use crate::Losses;

/// Reads the body of `count_tokens` (Messages), `:countTokens` (Gemini) or `input_tokens` (Responses).
/// Chat has no such question; a body of its own is read as the prompt it asks about.
pub fn decode_count(dialect: DialectId, body: &[u8]) -> Result<Prompt, PromptError> {
    let body = tree::parse(body)?;
    if dialect != DialectId::Gemini {
        return decode_tree(dialect, body);
    }
    let mut fields = Fields::proto(body, "")?;
    let Some(Given { path, value }) = fields.take("generateContentRequest") else {
        return decode_tree(dialect, fields.whole());
    };
    let mut prompt = decode_tree(dialect, value)?;
    for unknown in &mut prompt.unknown {
        unknown.path = join(&path, &unknown.path);
    }
    fields.rest(&mut prompt.unknown);
    Ok(prompt)
}

/// Writes the same question in the target's dialect. What only matters to an answer is left out without a word:
/// it does not count.
pub fn encode_count(
    prompt: &Prompt,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Vec<u8>, Untranslatable> {
    const MESSAGES: [&str; 7] =
        ["model", "system", "messages", "tools", "tool_choice", "thinking", "output_config"];
    const RESPONSES: [&str; 8] = [
        "model",
        "instructions",
        "input",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "reasoning",
        "text",
    ];
    let counted = Prompt {
        max_output: prompt.max_output.clone().or_else(|| Some(Given::new("", u64::from(u32::MAX)))),
        sampling: super::Sampling::default(),
        stop: None,
        candidates: None,
        logprobs: None,
        metadata: None,
        user: None,
        cache_key: None,
        tier: None,
        stream: false,
        store: None,
        ..prompt.clone()
    };
    let kept: &[&str] = match target.dialect {
        DialectId::Messages => &MESSAGES,
        DialectId::Responses => &RESPONSES,
        DialectId::Gemini => &[],
        DialectId::Chat => return Err(target.cannot("a count of tokens", "messages")),
    };
    let mut body = encode_tree(&counted, target, losses)?;
    if let Value::Object(map) = &mut body {
        if target.dialect == DialectId::Gemini {
            map.shift_remove("generationConfig");
            map.insert("model".to_owned(), format!("models/{}", target.model).into());
            body = json!({ "generateContentRequest": body });
        } else {
            map.retain(|key, _| kept.contains(&key.as_str()));
        }
    }
    Ok(crate::to_json(&body).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::Family;

    fn count(origin: DialectId, body: &str, dialect: DialectId) -> Result<Value, Untranslatable> {
        let prompt = decode_count(origin, body.as_bytes()).unwrap();
        let target = Target {
            dialect,
            model: "m",
            family: Family::native(dialect),
            max_output: None,
            at_home: true,
        };
        let mut losses = Losses::default();
        let written = encode_count(&prompt, &target, &mut losses)?;
        assert!(losses.is_empty(), "{losses:?}");
        Ok(serde_json::from_slice(&written).unwrap())
    }

    #[test]
    fn the_question_is_asked_in_each_dialects_words() {
        let messages = r#"{"model":"x","system":"s","messages":[{"role":"user","content":"a"}]}"#;
        let plain = r#"{"contents":[{"role":"user","parts":[{"text":"a"}]}]}"#;
        let whole = r#"{"generateContentRequest":{"model":"models/x","systemInstruction":{"parts":[{"text":"s"}]},
            "contents":[{"role":"user","parts":[{"text":"a"}]}],"generationConfig":{"temperature":1}}}"#;
        let gemini = json!({"generateContentRequest":{
            "systemInstruction":{"parts":[{"text":"s"}]},
            "contents":[{"role":"user","parts":[{"text":"a"}]}],"model":"models/m"}});
        assert_eq!(count(DialectId::Messages, messages, DialectId::Gemini).unwrap(), gemini);
        assert_eq!(
            count(DialectId::Gemini, plain, DialectId::Messages).unwrap(),
            json!({"model":"m","messages":[{"role":"user","content":"a"}]})
        );
        assert_eq!(
            count(DialectId::Gemini, whole, DialectId::Responses).unwrap(),
            json!({"model":"m","instructions":"s","input":[{"type":"message","role":"user",
                "content":[{"type":"input_text","text":"a"}]}]})
        );
        assert!(count(DialectId::Messages, messages, DialectId::Chat).is_err());
    }
}
