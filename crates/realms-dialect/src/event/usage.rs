//! Disjoint buckets of usage as each dialect counts them. The way back is the taps'.

use std::fmt::Write as _;

use realms_types::Usage;

use super::write::Json;
use crate::Losses;

/// `usage` of Chat: input holds the cached, output the reasoning.
pub(super) fn write_chat(json: &mut Json<'_>, usage: &Usage, losses: &mut Losses) {
    let (cached, written) = openai_cache(usage, losses);
    json.number("prompt_tokens", usage.total_input())
        .number("completion_tokens", usage.output)
        .number("total_tokens", usage.total())
        .object("prompt_tokens_details", |json| {
            json.number("cached_tokens", cached)
                .number("cache_write_tokens", written)
                .number("audio_tokens", usage.audio_input);
            image_tokens(json, usage.image_input);
        })
        .object("completion_tokens_details", |json| {
            json.number("reasoning_tokens", usage.reasoning)
                .number("audio_tokens", usage.audio_output);
            image_tokens(json, usage.image_output);
        });
}

/// `usage` of Responses: as in Chat, with other names. The SDKs require every field.
pub(super) fn write_responses(json: &mut Json<'_>, usage: &Usage, losses: &mut Losses) {
    let (cached, written) = openai_cache(usage, losses);
    json.number("input_tokens", usage.total_input())
        .object("input_tokens_details", |json| {
            json.number("cached_tokens", cached).number("cache_write_tokens", written);
            if usage.audio_input > 0 {
                json.number("audio_tokens", usage.audio_input);
            }
            image_tokens(json, usage.image_input);
        })
        .number("output_tokens", usage.output)
        .object("output_tokens_details", |json| {
            json.number("reasoning_tokens", usage.reasoning);
            if usage.audio_output > 0 {
                json.number("audio_tokens", usage.audio_output);
            }
            image_tokens(json, usage.image_output);
        })
        .number("total_tokens", usage.total());
}

/// `usage` of Messages: the four kinds of input are apart, output holds thinking.
pub(super) fn write_messages(json: &mut Json<'_>, usage: &Usage, losses: &mut Losses) {
    let written = usage.cache_write_5m + usage.cache_write_1h;
    json.number("input_tokens", usage.input)
        .number("cache_creation_input_tokens", written)
        .number("cache_read_input_tokens", usage.cache_read);
    if written > 0 {
        json.object("cache_creation", |json| {
            json.number("ephemeral_5m_input_tokens", usage.cache_write_5m)
                .number("ephemeral_1h_input_tokens", usage.cache_write_1h);
        });
    }
    json.number("output_tokens", usage.output);
    if usage.reasoning > 0 {
        json.object("output_tokens_details", |json| {
            json.number("thinking_tokens", usage.reasoning);
        });
    }
    if usage.tool_calls > 0 {
        json.object("server_tool_use", |json| {
            json.number("web_search_requests", usage.tool_calls);
        });
    }
    if usage.audio_input + usage.audio_output > 0 {
        losses.dropped("usage.audio", "Messages does not count audio");
    }
    if usage.image_input + usage.image_output > 0 {
        losses.dropped("usage.image", "Messages does not count images");
    }
}

/// The part that is images, where there is one.
fn image_tokens(json: &mut Json<'_>, tokens: u64) {
    if tokens > 0 {
        json.number("image_tokens", tokens);
    }
}

/// `usageMetadata` of Gemini: the prompt holds the cached, candidates hold no thoughts.
pub(super) fn write_gemini(json: &mut Json<'_>, usage: &Usage, losses: &mut Losses) {
    json.number("promptTokenCount", usage.total_input());
    if usage.cache_read > 0 {
        json.number("cachedContentTokenCount", usage.cache_read);
    }
    json.number("candidatesTokenCount", usage.output.saturating_sub(usage.reasoning));
    if usage.reasoning > 0 {
        json.number("thoughtsTokenCount", usage.reasoning);
    }
    json.number("totalTokenCount", usage.total());
    let said = usage.output.saturating_sub(usage.reasoning);
    for (key, audio, image, whole) in [
        ("promptTokensDetails", usage.audio_input, usage.image_input, usage.total_input()),
        ("candidatesTokensDetails", usage.audio_output, usage.image_output, said),
    ] {
        if audio + image > 0 {
            json.raw_compact(key, &by_modality(audio, image, whole));
        }
    }
    if usage.cache_write_5m + usage.cache_write_1h > 0 {
        losses.approximated("usage.cache_write", "Gemini counts it as plain input");
    }
    billed_tools(usage, losses);
}

/// Counts by modality; the rest of the whole is text.
fn by_modality(audio: u64, image: u64, whole: u64) -> String {
    let text = whole.saturating_sub(audio).saturating_sub(image);
    let mut list = format!(r#"[{{"modality":"TEXT","tokenCount":{text}}}"#);
    for (modality, count) in [("AUDIO", audio), ("IMAGE", image)] {
        if count > 0 {
            let _ = write!(list, r#",{{"modality":"{modality}","tokenCount":{count}}}"#);
        }
    }
    list.push(']');
    list
}

/// What was read from the cache and what was written to it.
fn openai_cache(usage: &Usage, losses: &mut Losses) -> (u64, u64) {
    if usage.cache_write_1h > 0 {
        losses.approximated("usage.cache_write_1h", "OpenAI counts one lifetime of the cache");
    }
    billed_tools(usage, losses);
    (usage.cache_read, usage.cache_write_5m + usage.cache_write_1h)
}

fn billed_tools(usage: &Usage, losses: &mut Losses) {
    if usage.tool_calls > 0 {
        losses.dropped("usage.tool_calls", "the client's dialect does not count them");
    }
}
