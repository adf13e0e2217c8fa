//! Why an answer ended, in the words of four dialects.
//!
//! The tables are the one place where the words meet. A word that no table knows stays a word: it is
//! told as the end of a turn, and named as approximated.

use crate::Losses;

/// Why a choice ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The model had said all.
    EndTurn,
    /// The bound on output was reached.
    MaxTokens,
    /// The model's context is full.
    ContextFull,
    /// A stop sequence was generated; which one, where it is told.
    StopSequence(Option<String>),
    /// Tools are to be run by the client.
    ToolUse,
    /// The model declined.
    Refusal,
    /// A filter of the vendor cut in; its word for it, where it is told (`SAFETY`).
    ContentFilter(Option<String>),
    /// A long turn was paused and is to be continued (Messages).
    Pause,
    /// The upstream gave the answer up, in its own word (`MALFORMED_FUNCTION_CALL`).
    Failed(String),
    /// A word that is not known.
    Other(String),
}

/// What a choice holds, as far as it decides what its end is called.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Held {
    pub(super) tool_calls: bool,
    pub(super) refusal: bool,
}

/// The end of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResponseEnd {
    Completed,
    /// With the reason in `incomplete_details`.
    Incomplete(&'static str),
}

const NEAREST: &str = "the client's dialect has no such reason; the nearest is told";

/// A `finish_reason` of Chat. Vendors that copy the API add words of their own.
pub(super) fn read_chat(word: &str) -> Stop {
    match word {
        "stop" | "end_turn" | "eos" | "stop_sequence" => Stop::EndTurn,
        "length" | "max_tokens" | "MAX_TOKENS" => Stop::MaxTokens,
        "model_context_window_exceeded" | "model_length" => Stop::ContextFull,
        "tool_calls" | "function_call" | "tool_use" => Stop::ToolUse,
        "content_filter" | "sensitive" | "safety" | "SAFETY" => Stop::ContentFilter(None),
        "refusal" => Stop::Refusal,
        // DeepSeek, OpenRouter and GLM end so what they gave up.
        "error" | "insufficient_system_resource" | "network_error" | "abort" => {
            Stop::Failed(word.to_owned())
        }
        other => Stop::Other(other.to_owned()),
    }
}

/// A `stop_reason` of Messages, with its `stop_sequence`.
pub(super) fn read_messages(word: &str, sequence: Option<&str>) -> Stop {
    match word {
        "end_turn" => Stop::EndTurn,
        "max_tokens" => Stop::MaxTokens,
        "model_context_window_exceeded" => Stop::ContextFull,
        "stop_sequence" => Stop::StopSequence(sequence.map(str::to_owned)),
        "tool_use" => Stop::ToolUse,
        "refusal" => Stop::Refusal,
        "pause_turn" => Stop::Pause,
        other => Stop::Other(other.to_owned()),
    }
}

/// A `finishReason` of Gemini. What the model got wrong itself is no end a client could go on from.
pub(super) fn read_gemini(word: &str) -> Stop {
    match word {
        "STOP" => Stop::EndTurn,
        "MAX_TOKENS" => Stop::MaxTokens,
        "SAFETY"
        | "RECITATION"
        | "BLOCKLIST"
        | "PROHIBITED_CONTENT"
        | "SPII"
        | "LANGUAGE"
        | "IMAGE_SAFETY"
        | "IMAGE_PROHIBITED_CONTENT"
        | "IMAGE_RECITATION"
        | "MODEL_ARMOR"
        | "JAILBREAK" => Stop::ContentFilter(Some(word.to_owned())),
        "MALFORMED_FUNCTION_CALL"
        | "UNEXPECTED_TOOL_CALL"
        | "TOO_MANY_TOOL_CALLS"
        | "MISSING_THOUGHT_SIGNATURE"
        | "MALFORMED_RESPONSE"
        | "NO_IMAGE" => Stop::Failed(word.to_owned()),
        other => Stop::Other(other.to_owned()),
    }
}

/// The status of a response, with the reason for an incomplete one. `None` while it is not at its end.
pub(super) fn read_responses(status: &str, reason: Option<&str>) -> Option<Stop> {
    match (status, reason) {
        ("completed", _) => Some(Stop::EndTurn),
        ("incomplete", Some("max_output_tokens" | "max_tokens")) => Some(Stop::MaxTokens),
        ("incomplete", Some("content_filter")) => Some(Stop::ContentFilter(None)),
        ("incomplete", other) => Some(Stop::Other(other.unwrap_or("incomplete").to_owned())),
        _ => None,
    }
}

/// What an end is, once it is known what the choice holds.
///
/// - Gemini and Responses have no word for the call of a tool, and many vendors say `stop` beside one:
///   a client that is not told would not run it.
/// - A call that is promised and not there would leave a client waiting for it.
/// - OpenAI ends a refusal as it ends any text.
/// - Nothing said at all, where the stream was ended properly, is the end of a turn.
pub(super) fn settle(stop: Option<Stop>, held: Held) -> Stop {
    match stop {
        None | Some(Stop::EndTurn) if held.tool_calls => Stop::ToolUse,
        None | Some(Stop::EndTurn) if held.refusal => Stop::Refusal,
        Some(Stop::ToolUse) if !held.tool_calls => Stop::EndTurn,
        Some(stop) => stop,
        None => Stop::EndTurn,
    }
}

/// The `finish_reason` for a client of Chat.
pub(super) fn write_chat(stop: &Stop, held: Held, losses: &mut Losses) -> &'static str {
    match stop {
        Stop::EndTurn => "stop",
        Stop::MaxTokens => "length",
        Stop::ContextFull => nearest("length", losses),
        Stop::StopSequence(sequence) => {
            if sequence.is_some() {
                losses.dropped("stop_sequence", "Chat does not name the sequence that ended it");
            }
            "stop"
        }
        Stop::ToolUse => "tool_calls",
        Stop::Refusal if held.refusal => "stop",
        Stop::Refusal => nearest("content_filter", losses),
        Stop::ContentFilter(word) => {
            unnamed(word.as_deref(), losses);
            "content_filter"
        }
        Stop::Pause | Stop::Failed(_) | Stop::Other(_) => nearest("stop", losses),
    }
}

/// The `stop_reason` and `stop_sequence` for a client of Messages.
pub(super) fn write_messages<'s>(
    stop: &'s Stop,
    losses: &mut Losses,
) -> (&'static str, Option<&'s str>) {
    match stop {
        Stop::EndTurn => ("end_turn", None),
        Stop::MaxTokens => ("max_tokens", None),
        Stop::ContextFull => ("model_context_window_exceeded", None),
        Stop::StopSequence(sequence) => ("stop_sequence", sequence.as_deref()),
        Stop::ToolUse => ("tool_use", None),
        Stop::Refusal => ("refusal", None),
        Stop::ContentFilter(word) => {
            unnamed(word.as_deref(), losses);
            (nearest("refusal", losses), None)
        }
        Stop::Pause => ("pause_turn", None),
        Stop::Failed(_) | Stop::Other(_) => (nearest("end_turn", losses), None),
    }
}

/// The `finishReason` for a client of Gemini.
pub(super) fn write_gemini<'s>(stop: &'s Stop, losses: &mut Losses) -> &'s str {
    match stop {
        Stop::EndTurn | Stop::ToolUse => "STOP",
        Stop::MaxTokens => "MAX_TOKENS",
        Stop::ContextFull => nearest("MAX_TOKENS", losses),
        Stop::StopSequence(sequence) => {
            if sequence.is_some() {
                losses.dropped("stop_sequence", "Gemini does not name the sequence that ended it");
            }
            "STOP"
        }
        Stop::Refusal => nearest("SAFETY", losses),
        Stop::ContentFilter(word) => match word.as_deref() {
            Some(word) => word,
            None => "SAFETY",
        },
        Stop::Pause => nearest("STOP", losses),
        // A word of Gemini's own comes only from Gemini, or is as good as `OTHER`.
        Stop::Failed(_) | Stop::Other(_) => nearest("OTHER", losses),
    }
}

/// The end of the response for a client of Responses.
pub(super) fn write_responses(stop: &Stop, held: Held, losses: &mut Losses) -> ResponseEnd {
    match stop {
        Stop::EndTurn | Stop::ToolUse => ResponseEnd::Completed,
        Stop::MaxTokens => ResponseEnd::Incomplete("max_output_tokens"),
        Stop::ContextFull => ResponseEnd::Incomplete(nearest("max_output_tokens", losses)),
        Stop::StopSequence(sequence) => {
            if sequence.is_some() {
                losses.dropped("stop_sequence", "Responses knows no stop sequences");
            }
            ResponseEnd::Completed
        }
        Stop::Refusal if held.refusal => ResponseEnd::Completed,
        Stop::Refusal => ResponseEnd::Incomplete(nearest("content_filter", losses)),
        Stop::ContentFilter(word) => {
            unnamed(word.as_deref(), losses);
            ResponseEnd::Incomplete("content_filter")
        }
        Stop::Pause | Stop::Failed(_) | Stop::Other(_) => {
            nearest("completed", losses);
            ResponseEnd::Completed
        }
    }
}

fn nearest(word: &'static str, losses: &mut Losses) -> &'static str {
    losses.approximated("stop_reason", NEAREST);
    word
}

fn unnamed(word: Option<&str>, losses: &mut Losses) {
    if word.is_some() {
        losses.approximated("stop_reason", "the client's dialect does not name the filter");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every reason, and what each dialect calls it; `~` where that is only near.
    #[test]
    fn every_reason_has_a_word_in_every_dialect() {
        let filter = || Stop::ContentFilter(Some("RECITATION".into()));
        let table = [
            (Stop::EndTurn, "stop", "end_turn", "STOP", "completed"),
            (Stop::MaxTokens, "length", "max_tokens", "MAX_TOKENS", "max_output_tokens"),
            (
                Stop::ContextFull,
                "~length",
                "model_context_window_exceeded",
                "~MAX_TOKENS",
                "~max_output_tokens",
            ),
            (Stop::StopSequence(None), "stop", "stop_sequence", "STOP", "completed"),
            (Stop::ToolUse, "tool_calls", "tool_use", "STOP", "completed"),
            (Stop::Refusal, "~content_filter", "refusal", "~SAFETY", "~content_filter"),
            (Stop::ContentFilter(None), "content_filter", "~refusal", "SAFETY", "content_filter"),
            (filter(), "~content_filter", "~refusal", "RECITATION", "~content_filter"),
            (Stop::Pause, "~stop", "pause_turn", "~STOP", "~completed"),
            (Stop::Other("odd".into()), "~stop", "~end_turn", "~OTHER", "~completed"),
        ];
        for (stop, chat, messages, gemini, responses) in table {
            let told = |write: &dyn Fn(&mut Losses) -> String| {
                let mut losses = Losses::default();
                let word = write(&mut losses);
                if losses.is_empty() { word } else { format!("~{word}") }
            };
            let held = Held::default();
            assert_eq!(told(&|losses| write_chat(&stop, held, losses).into()), chat, "{stop:?}");
            let (word, _) = write_messages(&stop, &mut Losses::default());
            assert_eq!(word, messages.trim_start_matches('~'));
            assert_eq!(told(&|losses| write_messages(&stop, losses).0.into()), messages);
            assert_eq!(told(&|losses| write_gemini(&stop, losses).into()), gemini, "{stop:?}");
            let end = told(&|losses| match write_responses(&stop, held, losses) {
                ResponseEnd::Completed => "completed".into(),
                ResponseEnd::Incomplete(reason) => reason.into(),
            });
            assert_eq!(end, responses, "{stop:?}");
        }
    }

    #[test]
    fn what_a_dialect_writes_it_reads_as_the_same() {
        let held = Held { tool_calls: true, refusal: false };
        for stop in [Stop::EndTurn, Stop::MaxTokens, Stop::ToolUse, Stop::ContentFilter(None)] {
            let lost = &mut Losses::default();
            assert_eq!(read_chat(write_chat(&stop, held, lost)), stop);
        }
        let sequence = || Stop::StopSequence(Some("END".into()));
        for stop in [
            Stop::EndTurn,
            Stop::ContextFull,
            Stop::Pause,
            Stop::Refusal,
            Stop::ToolUse,
            sequence(),
        ] {
            let (word, sequence) = write_messages(&stop, &mut Losses::default());
            assert_eq!(read_messages(word, sequence), stop);
        }
        let filter = Stop::ContentFilter(Some("SPII".into()));
        for stop in [Stop::EndTurn, Stop::MaxTokens, filter] {
            assert_eq!(read_gemini(write_gemini(&stop, &mut Losses::default())), stop);
        }
    }

    #[test]
    fn what_a_choice_holds_decides_where_words_do_not() {
        let tools = Held { tool_calls: true, refusal: false };
        let refusal = Held { tool_calls: false, refusal: true };
        let none = Held::default();
        for (stop, held, settled) in [
            (Some(Stop::EndTurn), tools, Stop::ToolUse),
            (None, tools, Stop::ToolUse),
            (Some(Stop::MaxTokens), tools, Stop::MaxTokens),
            (Some(Stop::ToolUse), none, Stop::EndTurn),
            (Some(Stop::EndTurn), refusal, Stop::Refusal),
            (None, none, Stop::EndTurn),
        ] {
            assert_eq!(settle(stop.clone(), held), settled, "{stop:?} {held:?}");
        }
    }

    #[test]
    fn a_refusal_that_was_said_is_an_ordinary_end_for_openai() {
        let held = Held { tool_calls: false, refusal: true };
        let mut losses = Losses::default();
        assert_eq!(write_chat(&Stop::Refusal, held, &mut losses), "stop");
        assert_eq!(write_responses(&Stop::Refusal, held, &mut losses), ResponseEnd::Completed);
        assert!(losses.is_empty());
    }

    #[test]
    fn a_response_that_still_runs_has_no_end() {
        for status in ["in_progress", "queued", "", "failed"] {
            assert_eq!(read_responses(status, None), None);
        }
    }

    #[test]
    fn a_stop_sequence_is_named_or_lost_by_name() {
        let stop = Stop::StopSequence(Some("END".into()));
        for (dialect, lost) in [("messages", false), ("chat", true), ("gemini", true)] {
            let mut losses = Losses::default();
            match dialect {
                "messages" => drop(write_messages(&stop, &mut losses)),
                "chat" => drop(write_chat(&stop, Held::default(), &mut losses).to_owned()),
                _ => drop(write_gemini(&stop, &mut losses).to_owned()),
            }
            assert_eq!(!losses.is_empty(), lost, "{dialect}");
        }
    }
}
