//! What an API key is good for: whether this call may be made with it.

use http::{HeaderMap, header};
use realms_dialect::Fault;
use realms_identity::Caller;
use realms_types::{DialectId, KeyRules, RequestMeta, Timestamp};

use crate::client::Client;

/// So many of the models a key may call are named to who asked for another.
const NAMED: usize = 10;

/// Whether a key is good for a call, as far as that is known before its body.
pub(crate) fn check(
    caller: &Caller,
    meta: &RequestMeta,
    headers: &HeaderMap,
    dialect: DialectId,
    now: Timestamp,
) -> Result<(), Fault> {
    check_whoever(caller, meta, headers, now)?;
    let rules = &caller.rules;
    if !rules.allows_dialect(dialect) {
        let allowed = rules.dialects.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
        let message =
            format!("this API key may not be used for the dialect {dialect}, only for {allowed}");
        return Err(Fault::forbidden(message).with_code("dialect_not_allowed"));
    }
    Ok(())
}

/// Whether a key may be used by this client, from where it is, now.
pub(crate) fn check_whoever(
    caller: &Caller,
    meta: &RequestMeta,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<(), Fault> {
    let rules = &caller.rules;
    if let Some(ended) = caller.ends_at.filter(|end| *end <= now) {
        let message = format!("this API key ended at {ended}: make another in the console");
        return Err(Fault::unauthorized(message).with_code("api_key_expired"));
    }
    if rules.is_none() {
        return Ok(());
    }
    if !rules.allows_address(meta.client) {
        let message = format!(
            "this API key may not be used from {}: add the address to it in the console",
            meta.client.to_canonical()
        );
        return Err(Fault::forbidden(message).with_code("address_not_allowed"));
    }
    check_client(rules, headers)
}

fn check_client(rules: &KeyRules, headers: &HeaderMap) -> Result<(), Fault> {
    if rules.clients.is_empty() {
        return Ok(());
    }
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let client = Client::read(agent.unwrap_or_default());
    if rules.allows_client(client.word) {
        return Ok(());
    }
    let name = |word: &String| Client::name_of(word).unwrap_or(word).to_owned();
    let allowed = rules.clients.iter().map(name).collect::<Vec<_>>().join(", ");
    let message = format!("this API key may only be used by {allowed}");
    Err(Fault::forbidden(message).with_code("client_not_allowed"))
}

/// Whether a key may call a model.
pub(crate) fn check_model(rules: &KeyRules, name: &str) -> Result<(), Fault> {
    if rules.allows_model(name) {
        return Ok(());
    }
    let shown: String = name.chars().take(100).collect();
    let mut allowed: Vec<&str> = rules.models.iter().take(NAMED).map(String::as_str).collect();
    if rules.models.len() > NAMED {
        allowed.push("…");
    }
    let message = format!("this API key may not call `{shown}`, only {}", allowed.join(", "));
    Err(Fault::forbidden(message).with_param("model").with_code("model_not_allowed"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use realms_types::{ApiKeyId, Chance, Ids, Limits, Ppm, SystemClock, UserId};

    use super::*;

    fn caller(rules: KeyRules, ends_at: Option<Timestamp>) -> Caller {
        Caller {
            api_key_id: ApiKeyId::new(1),
            user_id: UserId::new(1),
            username: "ana".to_owned(),
            user_group: None,
            channel_groups: Vec::new(),
            limits: Limits::NONE,
            user_limits: Limits::NONE,
            user_budgets: Vec::new(),
            subscriptions: Vec::new(),
            rules,
            multiplier: Ppm::ONE,
            ends_at,
            by_app: false,
        }
    }

    fn code(rules: KeyRules, ends_at: Option<Timestamp>, agent: &str) -> Option<String> {
        let ids = Ids::new(Arc::new(SystemClock), Chance::seeded(1));
        let id = ids.next_request();
        let meta = RequestMeta {
            shown: id.to_string().into(),
            id,
            from_client: None,
            client: "203.0.113.7".parse().unwrap(),
            https: false,
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, agent.parse().unwrap());
        let caller = caller(rules, ends_at);
        let now = Timestamp::from_secs(100);
        check(&caller, &meta, &headers, DialectId::Chat, now).err().and_then(|fault| fault.code)
    }

    #[test]
    fn each_rule_says_its_own_word() {
        let none = KeyRules::default;
        assert_eq!(code(none(), None, "x"), None);
        assert_eq!(code(none(), Some(Timestamp::from_secs(101)), "x"), None);
        let ended = code(none(), Some(Timestamp::from_secs(100)), "x");
        assert_eq!(ended.as_deref(), Some("api_key_expired"));
        let addresses = KeyRules { addresses: vec!["10.0.0.0/8".parse().unwrap()], ..none() };
        assert_eq!(code(addresses, None, "x").as_deref(), Some("address_not_allowed"));
        let dialects = KeyRules { dialects: vec![DialectId::Messages], ..none() };
        assert_eq!(code(dialects, None, "x").as_deref(), Some("dialect_not_allowed"));
        let clients = || KeyRules { clients: vec!["claude_code".to_owned()], ..none() };
        assert_eq!(code(clients(), None, "curl/8").as_deref(), Some("client_not_allowed"));
        assert_eq!(code(clients(), None, "claude-cli/2.1.0 (external)"), None);
    }

    #[test]
    fn who_may_not_call_a_model_hears_which_it_may() {
        let rules = KeyRules { models: vec!["gpt-5*".to_owned()], ..KeyRules::default() };
        assert!(check_model(&rules, "gpt-5.2").is_ok());
        let fault = check_model(&rules, "claude").unwrap_err();
        assert!(fault.message.contains("gpt-5*"), "{}", fault.message);
    }
}
