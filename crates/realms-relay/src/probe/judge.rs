//! What an upstream gets wrong, told from one exchange. Pure.
//!
//! Only what breaks clients, or makes what is charged wrong, is a finding: an upstream that refuses
//! honestly has a failure, and no findings.

use std::time::Duration;

use realms_dialect::{Reading, ToolCall, facts};
use realms_types::{DialectId, Finding, Usage, is_same_model};
use serde_json::Value;

use super::answer::BodyEnd;

/// So many pieces in one burst are no chance.
const PIECES: u32 = 8;
/// Whoever begins sooner than this has kept nobody waiting.
const SOON: Duration = Duration::from_millis(300);
/// The least time in which a model says so much.
const BRISK: Duration = Duration::from_millis(5);
/// Tokens that vendors put around a request: templates, and instructions for tools.
const TEMPLATE: u64 = 1024;
/// Tokens that an answer may have besides what is seen of it.
const HIDDEN: u64 = 256;
/// The most bytes of a text that one token stands for.
const BYTES_A_TOKEN: u64 = 24;

/// What was asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) dialect: DialectId,
    /// The model by the vendor's name.
    pub(super) model: &'a str,
    /// A stream was asked for.
    pub(super) stream: bool,
    /// A Chat stream was asked to tell its usage.
    pub(super) usage: bool,
    /// A tool had to be called.
    pub(super) tool: bool,
    /// Bytes of the request's body.
    pub(super) size: u64,
    /// The most tokens that were asked for, where that could be said.
    pub(super) limit: Option<u32>,
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Came<'a> {
    pub(super) is_success: bool,
    pub(super) content_type: Option<&'a str>,
    /// It came as events.
    pub(super) framed: bool,
    /// It is an error, or a web page.
    pub(super) is_failure: bool,
    pub(super) reading: &'a Reading,
    pub(super) end: BodyEnd,
    pub(super) pace: Pace,
    pub(super) tools: &'a [ToolCall],
}

/// When content came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Pace {
    /// Events with content.
    pub(super) pieces: u32,
    /// When the first came, from the start of the exchange.
    pub(super) first: Duration,
    /// When the last did.
    pub(super) last: Duration,
}

// === impl Pace ===

impl Pace {
    /// Notes that content came.
    pub(super) fn note(&mut self, at: Duration) {
        if self.pieces == 0 {
            self.first = at;
        }
        self.pieces += 1;
        self.last = at;
    }
}

/// Everything that is wrong with an exchange, the worst first.
pub(super) fn judge(asked: Asked<'_>, came: Came<'_>) -> Vec<Finding> {
    let reading = came.reading;
    if !came.is_success {
        return Vec::new();
    }
    let says_nothing = !reading.meaningful && !reading.ended;
    if came.is_failure || (says_nothing && came.end == BodyEnd::Whole) {
        return vec![Finding::FalseSuccess];
    }
    if says_nothing || reading.fault.is_some() {
        // It broke off, or told its trouble as it should: the failure says so.
        return Vec::new();
    }
    let mut findings = Vec::new();
    if reading.model.as_deref().is_some_and(|name| !is_same_model(asked.model, name)) {
        findings.push(Finding::OtherModel);
    }
    let lacks_end = came.framed && !reading.ended && came.end == BodyEnd::Whole;
    if lacks_end {
        findings.push(Finding::NoEnd);
    }
    findings.extend(form(asked, came));
    if reading.ended {
        findings.extend(usage(asked, reading));
    }
    if asked.tool {
        findings.extend(tools(came));
    }
    if asked.stream && came.framed && is_burst(came.pace) {
        findings.push(Finding::Burst);
    }
    findings.sort_unstable();
    findings.dedup();
    findings
}

/// Whether the answer has the form that was asked for, and says so.
fn form(asked: Asked<'_>, came: Came<'_>) -> Option<Finding> {
    let essence = came.content_type.and_then(|text| text.split(';').next());
    let essence = essence.unwrap_or_default().trim().to_ascii_lowercase();
    let is_json = essence == "application/json" || essence.ends_with("+json");
    let is_array = facts(asked.dialect).streams_arrays() && is_json;
    let expected = if came.framed { essence == "text/event-stream" || is_array } else { is_json };
    match (asked.stream, came.framed) {
        (true, false) => Some(Finding::NotStreamed),
        (false, true) => Some(Finding::NoWholeAnswer),
        (true, true) | (false, false) => (!expected).then_some(Finding::WrongContentType),
    }
}

/// What is wrong with the usage of an answer that is complete.
fn usage(asked: Asked<'_>, reading: &Reading) -> Option<Finding> {
    let missing = match (asked.stream, asked.dialect) {
        (false, _) => Some(Finding::NoUsage),
        // Whoever was not asked need not tell.
        (true, dialect) if facts(dialect).usage_on_demand => {
            asked.usage.then_some(Finding::IncludeUsageIgnored)
        }
        (true, _) => Some(Finding::NoStreamUsage),
    };
    match &reading.usage {
        _ if reading.implausible => Some(Finding::ImplausibleUsage),
        None => missing,
        Some(usage) => (!is_plausible(asked, reading, usage)).then_some(Finding::ImplausibleUsage),
    }
}

/// Whether a usage can be true of what was asked and answered. A token is at least a byte and at most
/// a long word; what is added out of sight has its bounds.
fn is_plausible(asked: Asked<'_>, reading: &Reading, usage: &Usage) -> bool {
    let input = usage.total_input();
    let spoken = usage.output.saturating_sub(usage.reasoning);
    let unseen = HIDDEN.max(2 * u64::from(asked.limit.unwrap_or(0)));
    let most_output = reading.output_chars.saturating_add(unseen);
    input > 0
        && input <= asked.size.saturating_add(TEMPLATE)
        && spoken <= most_output
        && usage.output.saturating_mul(BYTES_A_TOKEN) >= reading.output_chars
}

fn tools(came: Came<'_>) -> Option<Finding> {
    // Whoever ran into the limit that was asked for is not to blame for the end.
    let stop = came.reading.stop.as_deref().unwrap_or_default().to_ascii_lowercase();
    let at_limit = ["length", "max_tokens", "max_output_tokens", "incomplete"]
        .iter()
        .any(|word| stop.contains(word));
    if came.tools.is_empty() {
        return (!at_limit).then_some(Finding::NoToolCall);
    }
    came.tools.iter().filter_map(|call| arguments(call, at_limit)).min()
}

/// What is wrong with the arguments of a call of [`TOOL`](super::tools::TOOL).
fn arguments(call: &ToolCall, at_limit: bool) -> Option<Finding> {
    match serde_json::from_str::<Value>(&call.arguments) {
        Err(error) if error.is_eof() && !call.arguments.trim().is_empty() => {
            (!at_limit).then_some(Finding::ToolArgumentsCut)
        }
        Ok(Value::Object(members)) => {
            let fits = members.get("city").is_some_and(Value::is_string)
                && members.get("days").is_some_and(is_integer);
            (!fits).then_some(Finding::ToolArgumentsOffSchema)
        }
        Err(_) | Ok(_) => Some(Finding::ToolArgumentsNotObject),
    }
}

/// JSON does not tell 3 from 3.0, and neither does JSON Schema.
fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

/// Whether many pieces that were waited for came all at once.
fn is_burst(pace: Pace) -> bool {
    let spread = pace.last.saturating_sub(pace.first);
    pace.pieces >= PIECES && pace.first >= SOON && spread < BRISK.max(pace.first / 100)
}

#[cfg(test)]
mod tests;
