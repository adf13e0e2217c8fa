//! Limits and rules as they stand in JSON and in manifests.

use realms_types::{KeyRules, Limits, LossPolicy};
use utoipa::ToSchema;

use crate::words;

/// What may be used at most; what is left out is not limited, `{}` limits nothing. Several nodes share a
/// limit evenly.
#[derive(ToSchema)]
#[schema(as = Limits)]
#[expect(dead_code, reason = "says in the API document what `realms_types::Limits` looks like")]
pub(crate) struct LimitsForm {
    /// Calls begun within any minute.
    #[schema(minimum = 1)]
    requests_per_minute: Option<u32>,
    /// LLM tokens, read and written, of the calls begun within any minute. What a call will use is
    /// expected when it begins and corrected when it ends.
    #[schema(minimum = 1)]
    tokens_per_minute: Option<u32>,
    /// Calls at once. Who comes too many waits up to half a minute.
    #[schema(minimum = 1)]
    concurrency: Option<u32>,
    /// Streams among the calls at once.
    #[schema(minimum = 1)]
    streams: Option<u32>,
}

/// What an API key is good for; what is left out, and an empty list, narrows nothing.
#[derive(ToSchema)]
#[schema(as = KeyRules)]
#[expect(dead_code, reason = "says in the API document what `realms_types::KeyRules` looks like")]
pub(crate) struct KeyRulesForm {
    /// Models it may call: names, or beginnings of names that end in `*`.
    #[schema(example = json!(["gpt-5*"]))]
    models: Option<Vec<String>>,
    /// Dialects it may speak.
    dialects: Option<Vec<words::Dialect>>,
    /// Programs it may be used by, such as `claude_code`, `codex_cli`, `gemini_cli`. A program says
    /// itself which it is.
    clients: Option<Vec<String>>,
    /// Networks it may be used from.
    #[schema(example = json!(["203.0.113.0/24"]))]
    addresses: Option<Vec<String>>,
    /// When it ends.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// How many seconds after its first call it ends.
    #[schema(minimum = 1)]
    valid_for_s: Option<u32>,
    /// What becomes of a call of which something is lost on the way to another dialect: `strict`: it is not
    /// sent, `warn`: a header of the answer says so, `silent`: only its trace does. `warn` by default.
    losses: Option<words::LossPolicy>,
}

/// Whether a field has nothing to write: it is left out, or says that nothing is limited.
#[expect(clippy::ref_option, reason = "the signature serde asks for")]
pub(crate) fn is_silent<T: Default + PartialEq>(value: &Option<T>) -> bool {
    value.as_ref().is_none_or(|value| *value == T::default())
}

/// Patterns, networks and the like in one list.
const MOST: usize = 100;
/// Characters of one of them.
const LONGEST: usize = 255;

/// What is wrong with rules that can be read, one sentence each.
pub(crate) fn mistakes(rules: &KeyRules) -> Vec<String> {
    let mut mistakes = Vec::new();
    let lists = [
        ("models", rules.models.len()),
        ("dialects", rules.dialects.len()),
        ("clients", rules.clients.len()),
        ("addresses", rules.addresses.len()),
    ];
    for (name, count) in lists {
        if count > MOST {
            mistakes.push(format!("rules.{name}: at most {MOST} can be listed"));
        }
    }
    for pattern in &rules.models {
        let inner = pattern.strip_suffix('*').unwrap_or(pattern);
        if pattern.is_empty() || pattern.chars().count() > LONGEST || inner.contains('*') {
            mistakes.push(format!(
                "rules.models: `{pattern}` is no name of a model, nor the beginning of one with `*` \
                 at its end"
            ));
        }
    }
    for word in &rules.clients {
        if realms_relay::Client::name_of(word).is_none() {
            let known = realms_relay::Client::words();
            let hint = crate::nearest::hint(word, known);
            mistakes.push(format!("rules.clients: there is no client `{word}`{hint}"));
        }
    }
    if rules.valid_for_s == Some(0) {
        mistakes.push("rules.valid_for_s: at least 1, or leave it out".to_owned());
    }
    mistakes
}

/// Limits as pairs of a path and a value, for the list of changes.
pub(crate) fn limit_fields(limits: Limits) -> [(&'static str, Option<u32>); 4] {
    let value = |limit: Option<std::num::NonZeroU32>| limit.map(u32::from);
    [
        ("requests_per_minute", value(limits.requests_per_minute)),
        ("tokens_per_minute", value(limits.tokens_per_minute)),
        ("concurrency", value(limits.concurrency)),
        ("streams", value(limits.streams)),
    ]
}

/// Rules as pairs of a path and a value, for the list of changes.
pub(crate) fn rule_fields(rules: &KeyRules) -> [(&'static str, String); 7] {
    fn joined<T: ToString>(items: &[T]) -> String {
        items.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
    }
    // The usual is nothing to tell.
    let losses = Some(rules.losses).filter(|losses| *losses != LossPolicy::default());
    let losses = losses.map(|losses| losses.as_str().to_owned());
    [
        ("models", joined(&rules.models)),
        ("dialects", joined(&rules.dialects)),
        ("clients", joined(&rules.clients)),
        ("addresses", joined(&rules.addresses)),
        ("expires_at", rules.expires_at.map(|at| at.to_string()).unwrap_or_default()),
        ("valid_for_s", rules.valid_for_s.map(|s| s.to_string()).unwrap_or_default()),
        ("losses", losses.unwrap_or_default()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_says_what_to_do() {
        let rules = KeyRules {
            models: vec!["gpt-*".into(), "*-mini".into(), String::new()],
            clients: vec!["claude_code".into(), "cladue_code".into()],
            valid_for_s: Some(0),
            ..KeyRules::default()
        };
        let found = mistakes(&rules);
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found[2].contains("claude_code"), "{}", found[2]);
        assert!(mistakes(&KeyRules::default()).is_empty());
    }
}
