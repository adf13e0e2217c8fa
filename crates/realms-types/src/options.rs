//! What an operator has a channel do to every call that goes through it.
//!
//! One JSON object in one column. Nothing here is done to a call: this says what is allowed to be said,
//! and every mistake at once. How a request is shaped by it is for `realms-dialect`.

mod auto_disable;
mod body;
mod check;
mod error_rule;
mod headers;
mod hours;
mod model_rule;
mod params;
mod path;
mod policy;
mod prompt;
mod suffix;
mod template;

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use auto_disable::{AutoDisable, HARD_CAUSES};
pub use body::BodyFilter;
pub use check::{OptionMistake, pattern};
pub use error_rule::{ErrorAct, ErrorMatch, ErrorRule};
pub use headers::HeaderEdits;
pub use hours::{Hours, OpenHours, Weekday, Window};
pub use model_rule::{ModelRule, RuleKind};
pub use params::{Compare, Condition, Joint, ParamMode, ParamOperation, Params};
pub use path::{JsonPath, Step};
pub use policy::{CacheTtl, Forward, OnDisconnect, StorePolicy, TierPolicy};
pub use prompt::{PromptMode, SystemPrompt};
pub use suffix::{EffortSuffix, MessagesEffort};
pub use template::{HeaderTemplate, Piece};

use crate::{Exclusion, Timestamp};

/// What a channel does to the calls that go through it. Left out means: nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChannelOptions {
    /// Puts a system prompt in front, in the dialect's own place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub system_prompt: Option<SystemPrompt>,
    /// Sets and edits fields of the body.
    #[serde(skip_serializing_if = "Params::is_empty")]
    pub params: Params,
    /// Which fields of the body pass.
    #[serde(skip_serializing_if = "BodyFilter::is_empty")]
    pub body: BodyFilter,
    /// Reads a suffix of the model's name, such as `-high`, as a reasoning effort.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub effort_suffix: Option<EffortSuffix>,
    /// What becomes of `service_tier`.
    #[serde(skip_serializing_if = "is_default")]
    pub service_tier: TierPolicy,
    /// Whether calls may ask for the fast lane (`service_tier` of `priority` or `fast`, `speed` of
    /// `fast`). `false`: such a call does not come here. Default true.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fast_mode: Option<bool>,
    /// What becomes of `store`.
    #[serde(skip_serializing_if = "is_default")]
    pub store: StorePolicy,
    /// What becomes of `safety_identifier`.
    #[serde(skip_serializing_if = "is_default")]
    pub safety_identifier: Forward,
    /// The `OpenAI-Organization` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub organization: Option<String>,
    /// The `OpenAI-Project` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub project: Option<String>,
    /// How long what a Messages call marks for the prompt cache is to be kept.
    #[serde(skip_serializing_if = "is_default")]
    pub cache_ttl: CacheTtl,
    /// Chat: moves `reasoning_content` of the answer into its content, between `<think>` tags.
    #[serde(skip_serializing_if = "is_default")]
    pub thinking_to_content: bool,
    /// The status a client sees instead of the upstream's, for errors that are returned as they are.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(example = json!({"400": 422}))]
    pub status_codes: BTreeMap<String, u16>,
    /// Sends the client's body as it is, even with the model's name as the client wrote it.
    #[serde(skip_serializing_if = "is_default")]
    pub pass_through_body: bool,
    /// Headers to set and to remove.
    #[serde(skip_serializing_if = "HeaderEdits::is_empty")]
    pub headers: HeaderEdits,
    /// Which upstream model is called instead of the bound one; the first rule that fits counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub model_rules: Vec<ModelRule>,
    /// When it takes calls. Left out: always.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub hours: Option<Hours>,
    /// Asks for streams of Responses over a WebSocket, where the upstream speaks it: a connection is kept between the
    /// turns of a client. Where it does not, over HTTP.
    #[serde(skip_serializing_if = "is_default")]
    pub websocket: bool,
    /// What happens to a running answer when its client leaves.
    #[serde(skip_serializing_if = "is_default")]
    pub on_disconnect: OnDisconnect,
    /// Switches the channel off after failures that will not go away by themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub auto_disable: Option<AutoDisable>,
    /// The model a test calls first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub test_model: Option<String>,
    /// Minutes between two tests that it gets by itself, over each of its addresses and with each of its
    /// credentials: 1 to 10,080, which is a week. Left out: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 10080)]
    pub test_every_minutes: Option<u32>,
    /// Seconds between two probes of what rests of it, 10 to 3,600: a tiny call to its test model finds out
    /// whether a rest is over, so that no call of a client has to. Left out: the first call after the rest
    /// finds out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 10, maximum = 3600)]
    pub probe_every_seconds: Option<u32>,
    /// Words to find it by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// A note for operators.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub remark: Option<String>,
}

/// What a call asks for, as far as options decide whether a channel may serve it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asks {
    /// It asks for the fast lane.
    pub fast: bool,
    /// It asks for a price tier that is not the usual one.
    pub tier: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

// === impl ChannelOptions ===

impl ChannelOptions {
    /// Reads what lies in the database; an empty text says nothing.
    pub fn parse(text: &str) -> Result<Self, OptionMistake> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        // What the parser quotes may be a secret of a header, and defects of rows are logged.
        serde_json::from_str(text).map_err(|error| {
            let place = format!("line {} column {}", error.line(), error.column());
            OptionMistake::new("", format!("cannot be read at {place}"))
        })
    }

    /// What lies in the database.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }

    /// The time between two tests that the channel gets by itself.
    pub fn test_every(&self) -> Option<Duration> {
        self.test_every_minutes.map(|minutes| Duration::from_mins(u64::from(minutes)))
    }

    /// The time between two probes of what rests of the channel.
    pub fn probe_every(&self) -> Option<Duration> {
        self.probe_every_seconds.map(|seconds| Duration::from_secs(u64::from(seconds)))
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a call that asks for this may come here at this moment. `hours` are those of these
    /// options, compiled.
    pub fn fits(
        &self,
        asks: Asks,
        hours: Option<&OpenHours>,
        now: Timestamp,
    ) -> Result<(), Exclusion> {
        if asks.tier && self.service_tier == TierPolicy::Refuse {
            Err(Exclusion::ServiceTier)
        } else if asks.fast && self.fast_mode == Some(false) {
            Err(Exclusion::FastMode)
        } else if hours.is_some_and(|hours| !hours.is_open(now)) {
            Err(Exclusion::OutOfHours)
        } else {
            Ok(())
        }
    }

    /// Every part as `(path, JSON text)`, in the order of the fields: for showing what differs. Header
    /// values are not in it.
    pub fn parts(&self) -> Vec<(String, String)> {
        let mut bare = self.clone();
        bare.headers.set.clear();
        let value = serde_json::to_value(&bare).unwrap_or_default();
        let mut parts = Vec::new();
        flatten("", &value, &mut parts);
        parts
    }
}

/// Objects are taken apart, lists are not.
fn flatten(path: &str, value: &serde_json::Value, parts: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::Object(members) => {
            for (key, value) in members {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, value, parts);
            }
        }
        serde_json::Value::String(text) => parts.push((path.to_owned(), text.clone())),
        other => parts.push((path.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests;
