//! What the fake upstream answers in each cell: what a model would, from what has arrived of the question.

use realms_dialect::{Prompt, decode_prompt};
use realms_testkit::{Answer, Ending, FakeUpstream, Received, Reply, ToolCall};
use realms_types::DialectId;
use serde_json::json;

use super::cell::{Cell, Trial};
use crate::{
    bill::{Bill, TAG},
    stand::results_in,
};

/// What a stopped answer was to be stopped by.
pub(super) const STOP: &str = "END";
/// How many tokens the answer of [`Trial::Length`] may have.
pub(super) const BOUND: u64 = 16;

/// Has an upstream answer every cell and write down what it charges.
pub(super) fn script(upstream: &FakeUpstream, bill: &Bill) {
    let bill = bill.clone();
    upstream.replies(Reply::by(move |request| reply(request, &bill)));
}

fn reply(request: &Received, bill: &Bill) -> Reply {
    let tag = request.header(TAG);
    let Some(cell) = Cell::of_tag(tag) else {
        // Told by its record, which then has no bill.
        return Reply::status(501);
    };
    match cell.trial {
        Trial::Limited => Reply::status(429).header("retry-after", "1"),
        // In the middle of its words: Gemini says one in each frame, the others have opened something first.
        Trial::Broken if cell.upstream == DialectId::Gemini => Reply::error_event_after(3, 529),
        Trial::Broken => Reply::error_event_after(5, 529),
        trial => {
            let Ok(prompt) = decode_prompt(request.dialect(), &request.body) else {
                return Reply::status(400);
            };
            let usage = bill.write(request, trial == Trial::Usage);
            answer(trial, &prompt, request).with_usage(usage).into()
        }
    }
}

fn answer(trial: Trial, prompt: &Prompt, request: &Received) -> Answer {
    match trial {
        Trial::Tools => tool_turn(results_in(request)),
        Trial::Image => Answer::text("One dot."),
        Trial::Schema => Answer::text(r#"{"city": "Ulm"}"#),
        Trial::Thinking => Answer::text("It rains.").with_reasoning("Clouds are near."),
        Trial::Length => Answer::text("One two").ending(Ending::OutputLimit),
        Trial::Stop if stops(prompt) => Answer::text("Before ").ending(Ending::StopSequence(STOP)),
        Trial::Stop => Answer::text("Before END after."),
        Trial::Plain | Trial::Stream | Trial::Usage | Trial::Limited | Trial::Broken => {
            Answer::text("Grüße, 世界. It rains.")
        }
    }
}

/// Two calls at once, then one more, then the last word.
fn tool_turn(results: usize) -> Answer {
    let weather = |city: &str| ToolCall::function("weather", json!({ "city": city }));
    match results {
        0 => Answer::text("Let me look. ").with_tool(weather("Zürich")).with_tool(weather("Ulm")),
        2 => Answer::calls(ToolCall::function("pack", json!({"things": ["umbrella", "hat"]}))),
        _ => Answer::text("All packed."),
    }
}

/// Whether the sequence has arrived.
pub(super) fn stops(prompt: &Prompt) -> bool {
    prompt.stop.as_ref().is_some_and(|stop| stop.value.iter().any(|one| one == STOP))
}
