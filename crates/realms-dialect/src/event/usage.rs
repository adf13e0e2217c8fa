//! Disjoint buckets of usage as each dialect counts them. The way back is the taps'.

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
        })
        .object("completion_tokens_details", |json| {
            json.number("reasoning_tokens", usage.reasoning)
                .number("audio_tokens", usage.audio_output);
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
        })
        .number("output_tokens", usage.output)
        .object("output_tokens_details", |json| {
            json.number("reasoning_tokens", usage.reasoning);
            if usage.audio_output > 0 {
                json.number("audio_tokens", usage.audio_output);
            }
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
    for (key, audio, whole) in [
        ("promptTokensDetails", usage.audio_input, usage.total_input()),
        (
            "candidatesTokensDetails",
            usage.audio_output,
            usage.output.saturating_sub(usage.reasoning),
        ),
    ] {
        if audio > 0 {
            let text = whole.saturating_sub(audio);
            let list = format!(
                r#"[{{"modality":"TEXT","tokenCount":{text}}},{{"modality":"AUDIO","tokenCount":{audio}}}]"#
            );
            json.raw_compact(key, &list);
        }
    }
    if usage.cache_write_5m + usage.cache_write_1h > 0 {
        losses.approximated("usage.cache_write", "Gemini counts it as plain input");
    }
    billed_tools(usage, losses);
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
