//! Limits and rules as they stand in JSON and in manifests.

use realms_types::{Budget, KeyRules, Limits, LossPolicy};
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

/// What may be spent within a time: either money or LLM tokens. A call is let in when all that it may need
/// is there, and counts for what it used in the end.
#[derive(ToSchema)]
#[schema(as = Budget)]
#[expect(dead_code, reason = "says in the API document what `realms_types::Budget` looks like")]
pub(crate) struct BudgetForm {
    /// The time: `90m`, `5h`, `7d` for the last so long, at every moment; `day`, `week`, `month` by the
    /// calendar in the site's time zone; `total` for ever.
    #[schema(example = "5h")]
    per: String,
    /// At most so much, in USD, as a decimal string.
    #[schema(example = "20")]
    usd: Option<String>,
    /// At most so many LLM tokens, read and written.
    #[schema(minimum = 1)]
    llm_tokens: Option<u64>,
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
    /// What it may spend; all of them hold.
    budgets: Option<Vec<BudgetForm>>,
}

/// Whether a field has nothing to write: it is left out, or says that nothing is limited.
#[expect(clippy::ref_option, reason = "the signature serde asks for")]
pub(crate) fn is_silent<T: Default + PartialEq>(value: &Option<T>) -> bool {
    value.as_ref().is_none_or(|value| *value == T::default())
}

/// Patterns, networks and the like in one list.
const MOST: usize = 100;
/// Budgets of one key, or of one user.
const MOST_BUDGETS: usize = 8;
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
    mistakes.extend(budget_mistakes(&rules.budgets).map(|mistake| format!("rules.{mistake}")));
    mistakes
}

/// What is wrong with budgets that can be read.
pub(crate) fn budget_mistakes(budgets: &[Budget]) -> impl Iterator<Item = String> {
    let too_many = (budgets.len() > MOST_BUDGETS)
        .then(|| format!("budgets: at most {MOST_BUDGETS} can be listed"));
    let is_same = |one: &Budget, other: &Budget| {
        one.per == other.per && one.most.is_money() == other.most.is_money()
    };
    let again = budgets.iter().enumerate().filter_map(move |(place, budget)| {
        let twice = budgets[..place].iter().any(|before| is_same(before, budget));
        twice.then(|| format!("budgets: there is another beside `{budget}` for the same time"))
    });
    too_many.into_iter().chain(again)
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
pub(crate) fn rule_fields(rules: &KeyRules) -> [(&'static str, String); 8] {
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
        ("budgets", joined(&rules.budgets)),
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

    #[test]
    fn one_time_has_one_budget_of_a_kind() {
        let budgets = |json: &str| serde_json::from_str::<Vec<Budget>>(json).unwrap();
        let sound = budgets(
            r#"[{"per":"5h","usd":"1"},{"per":"5h","llm_tokens":9},{"per":"day","usd":"2"}]"#,
        );
        assert_eq!(budget_mistakes(&sound).count(), 0);
        let twice = budgets(r#"[{"per":"24h","usd":"1"},{"per":"1d","usd":"2"}]"#);
        let found: Vec<String> = budget_mistakes(&twice).collect();
        assert_eq!(found, ["budgets: there is another beside `2 USD per 1d` for the same time"]);
        let many: Vec<String> =
            (1..=9).map(|hours| format!(r#"{{"per":"{hours}h","usd":"1"}}"#)).collect();
        let many = budgets(&format!("[{}]", many.join(",")));
        assert_eq!(
            budget_mistakes(&many).collect::<Vec<_>>(),
            ["budgets: at most 8 can be listed"]
        );
    }
}
