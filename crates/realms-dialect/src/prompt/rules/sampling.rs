//! Parameters of sampling: who knows which, within which range.

use realms_types::DialectId;

use crate::{
    Losses,
    prompt::{
        Family, Given, Prompt, Sampling, Target,
        out::{Body, Put, number, texts},
    },
};

const UNKNOWN: &str = "no such parameter there";

/// The most stop sequences that OpenAI's Chat takes, and those that Gemini takes.
const STOPS_CHAT: usize = 4;
const STOPS_GEMINI: usize = 5;

/// Writes what OpenAI's dialects know; Responses knows no seed and no penalties.
pub(in crate::prompt) fn openai(
    prompt: &Prompt,
    target: &Target<'_>,
    body: &mut Body,
    losses: &mut Losses,
) {
    let Sampling { temperature, top_p, top_k, presence_penalty, frequency_penalty, seed } =
        &prompt.sampling;
    body.put_some("temperature", temperature.as_ref().map(|at| number(at.value)));
    body.put_some("top_p", top_p.as_ref().map(|at| number(at.value)));
    drop_field(top_k.as_ref(), losses);
    if target.dialect == DialectId::Chat {
        body.put_some("presence_penalty", presence_penalty.as_ref().map(|at| number(at.value)));
        body.put_some("frequency_penalty", frequency_penalty.as_ref().map(|at| number(at.value)));
        body.put_some("seed", seed.as_ref().map(|at| at.value));
    } else {
        drop_field(presence_penalty.as_ref(), losses);
        drop_field(frequency_penalty.as_ref(), losses);
        drop_field(seed.as_ref(), losses);
    }
}

/// Writes what Anthropic knows: a temperature up to 1. From 4.7 on Claude takes no sampling at all, from 4.1 on not
/// both temperature and top_p, and while it thinks neither temperature nor top_k.
pub(in crate::prompt) fn anthropic(
    prompt: &Prompt,
    target: &Target<'_>,
    thinks: bool,
    body: &mut Body,
    losses: &mut Losses,
) {
    let Sampling { temperature, top_p, top_k, presence_penalty, frequency_penalty, seed } =
        &prompt.sampling;
    drop_field(presence_penalty.as_ref(), losses);
    drop_field(frequency_penalty.as_ref(), losses);
    drop_field(seed.as_ref(), losses);
    let version = target.claude();
    if version.is_some_and(|version| version >= (4, 7)) {
        const FIXED: &str = "this model's sampling cannot be set";
        drop_for(temperature.as_ref(), FIXED, losses);
        drop_for(top_p.as_ref(), FIXED, losses);
        drop_for(top_k.as_ref(), FIXED, losses);
        return;
    }
    if thinks {
        const THINKS: &str = "a model that thinks takes no sampling";
        drop_for(
            temperature.as_ref().filter(|at| at.value.to_bits() != 1f64.to_bits()),
            THINKS,
            losses,
        );
        drop_for(top_p.as_ref(), THINKS, losses);
        drop_for(top_k.as_ref(), THINKS, losses);
        return;
    }
    if let Some(Given { path, value }) = temperature {
        if *value > 1.0 {
            losses.approximated(path.clone(), "temperatures go up to 1");
        }
        body.put("temperature", number(value.clamp(0.0, 1.0)));
    }
    if temperature.is_some() && version.is_some_and(|version| version >= (4, 1)) {
        drop_for(top_p.as_ref(), "this model takes only one of temperature and top_p", losses);
    } else {
        body.put_some("top_p", top_p.as_ref().map(|at| number(at.value)));
    }
    body.put_some("top_k", top_k.as_ref().map(|at| at.value));
}

/// Writes what Google knows: all of it.
pub(in crate::prompt) fn google(prompt: &Prompt, config: &mut Body) {
    let Sampling { temperature, top_p, top_k, presence_penalty, frequency_penalty, seed } =
        &prompt.sampling;
    config.put_some("temperature", temperature.as_ref().map(|at| number(at.value)));
    config.put_some("topP", top_p.as_ref().map(|at| number(at.value)));
    config.put_some("topK", top_k.as_ref().map(|at| at.value));
    config.put_some("presencePenalty", presence_penalty.as_ref().map(|at| number(at.value)));
    config.put_some("frequencyPenalty", frequency_penalty.as_ref().map(|at| number(at.value)));
    config.put_some("seed", seed.as_ref().map(|at| at.value));
}

/// Writes the stop sequences, as many as the target takes. Anthropic refuses blank ones, and Responses
/// knows none at all.
pub(in crate::prompt) fn stop(
    prompt: &Prompt,
    target: &Target<'_>,
    body: &mut Body,
    losses: &mut Losses,
) {
    let Some(Given { path, value: asked }) = &prompt.stop else { return };
    let mut kept = asked.clone();
    let key = match target.dialect {
        DialectId::Responses => {
            if !asked.is_empty() {
                losses.dropped(path.clone(), UNKNOWN);
            }
            return;
        }
        DialectId::Chat => {
            if target.family == Family::Openai {
                kept.truncate(STOPS_CHAT);
            }
            "stop"
        }
        DialectId::Messages => {
            kept.retain(|stop| !stop.trim().is_empty());
            "stop_sequences"
        }
        DialectId::Gemini => {
            kept.truncate(STOPS_GEMINI);
            "stopSequences"
        }
    };
    if kept.len() != asked.len() {
        losses.approximated(path.clone(), "not all of these stop sequences can be sent");
    }
    if !kept.is_empty() {
        body.put(key, texts(&kept));
    }
}

fn drop_field<T>(field: Option<&Given<T>>, losses: &mut Losses) {
    drop_for(field, UNKNOWN, losses);
}

fn drop_for<T>(field: Option<&Given<T>>, why: &'static str, losses: &mut Losses) {
    if let Some(at) = field {
        losses.dropped(at.path.clone(), why);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::decode_prompt;

    fn prompt() -> Prompt {
        let body = br#"{"messages":[],"temperature":1.5,"top_p":0.9,"seed":7,
            "presence_penalty":0.5,"stop":["a"," ","b","c","d","e"]}"#;
        decode_prompt(DialectId::Chat, body).unwrap()
    }

    fn target(dialect: DialectId, model: &str) -> Target<'_> {
        Target { dialect, model, family: Family::native(dialect), max_output: None, at_home: true }
    }

    fn lost(losses: &Losses) -> Vec<&str> {
        losses.named().iter().map(|loss| &*loss.path).collect()
    }

    #[test]
    fn claude_takes_what_its_version_takes() {
        let others = ["presence_penalty", "seed"];
        for (model, thinks, body, more) in [
            (
                "claude-3-5-haiku",
                false,
                json!({"temperature":1.0,"top_p":0.9}),
                vec!["temperature"],
            ),
            ("claude-opus-4-5", false, json!({"temperature":1.0}), vec!["temperature", "top_p"]),
            ("claude-opus-4-5", true, json!({}), vec!["temperature", "top_p"]),
            ("claude-opus-4-7", false, json!({}), vec!["temperature", "top_p"]),
        ] {
            let mut losses = Losses::default();
            let mut found = Body::new();
            let target = target(DialectId::Messages, model);
            anthropic(&prompt(), &target, thinks, &mut found, &mut losses);
            assert_eq!(Value::Object(found), body, "{model}");
            assert_eq!(lost(&losses), [&others[..], &more[..]].concat(), "{model}");
        }
    }

    #[test]
    fn stops_are_as_many_as_are_taken() {
        for (dialect, family, kept) in [
            (DialectId::Chat, Family::Openai, 4),
            (DialectId::Chat, Family::Other, 6),
            (DialectId::Gemini, Family::Google, 5),
            (DialectId::Messages, Family::Anthropic, 5),
            (DialectId::Responses, Family::Openai, 0),
        ] {
            let mut losses = Losses::default();
            let mut body = Body::new();
            let target = Target { family, ..target(dialect, "m") };
            stop(&prompt(), &target, &mut body, &mut losses);
            let found = body.values().next().and_then(Value::as_array).map_or(0, Vec::len);
            assert_eq!(found, kept, "{dialect}");
            assert_eq!(losses.is_empty(), kept == 6, "{dialect}");
        }
    }
}
