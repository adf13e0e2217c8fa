//! What a client is told about an error of an upstream, site-wide.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{OptionMistake, check::pattern};
use crate::DialectId;

/// A rule about errors of upstreams. Of several that match, the first counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorRule {
    /// Unique name.
    pub name: String,
    /// Whether it is looked at. Default true.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    #[schema(required = false)]
    pub enabled: bool,
    /// Which errors; all that is given must hold, and something must be given.
    #[serde(rename = "match")]
    pub when: ErrorMatch,
    /// What is done.
    #[serde(rename = "then")]
    pub act: ErrorAct,
}

/// Which errors a rule is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ErrorMatch {
    /// The upstream's status is one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([400, 422]))]
    pub status: Vec<u16>,
    /// The first 8 KiB of the upstream's body hold this text; case does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contains: Option<String>,
    /// This regular expression matches in the first 8 KiB of the upstream's body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub regex: Option<String>,
    /// The channel has one of these names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    /// The client speaks one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub dialects: Vec<DialectId>,
}

/// What a rule does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ErrorAct {
    /// The status the client sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub status: Option<u16>,
    /// What the client reads instead of the upstream's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub message: Option<String>,
    /// The client reads only that the upstream could not answer.
    #[serde(skip_serializing_if = "super::is_default")]
    pub hide: bool,
    /// The error says nothing about the health of the channel.
    #[serde(skip_serializing_if = "super::is_default")]
    pub skip_health: bool,
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
const fn is_yes(value: &bool) -> bool {
    *value
}

// === impl ErrorRule ===

impl ErrorRule {
    /// Every mistake in it.
    pub fn check(&self) -> Vec<OptionMistake> {
        let mut mistakes = Vec::new();
        let mut add = |field: &str, message: String| {
            mistakes.push(OptionMistake::new(field, message));
        };
        let name = self.name.as_str();
        if name.is_empty()
            || name.chars().count() > 64
            || name.trim() != name
            || name.chars().any(char::is_control)
        {
            add("name", "is not a name: 1 to 64 characters, no blank at either end".to_owned());
        }
        let ErrorMatch { status, contains, regex, channels, dialects } = &self.when;
        for status in status {
            if !(400..=599).contains(status) {
                add("match.status", format!("{status} is no status of an error: 400 to 599"));
            }
        }
        if contains.as_ref().is_some_and(String::is_empty) {
            add("match.contains", "is empty: leave it out".to_owned());
        }
        if let Some(Err(message)) = regex.as_deref().map(pattern) {
            add("match.regex", message);
        }
        if status.is_empty()
            && contains.is_none()
            && regex.is_none()
            && channels.is_empty()
            && dialects.is_empty()
        {
            add("match", "says nothing: name a status, a text, a channel or a dialect".to_owned());
        }
        let ErrorAct { status, message, hide, skip_health } = &self.act;
        if status.is_some_and(|status| !(400..=599).contains(&status)) {
            add("then.status", "is no status of an error: 400 to 599".to_owned());
        }
        if message.as_ref().is_some_and(|text| text.is_empty() || text.len() > 2000) {
            add("then.message", "must have 1 to 2000 bytes".to_owned());
        }
        if *hide && message.is_some() {
            add("then", "`hide` and `message` exclude each other".to_owned());
        }
        if status.is_none() && message.is_none() && !hide && !skip_health {
            add("then", "does nothing: give a status, a message, hide or skip_health".to_owned());
        }
        mistakes
    }
}
