//! Codes and refresh tokens at a provider that forgives nothing.

use std::time::Duration;

use realms_testkit::{FakeProvider, FakeUpstream, ProviderFault, Reply};
use realms_types::{Secret, Timestamp};
use realms_upstream::{
    Callback, OauthSite, OutboundPolicy, Timeouts, TokenError, Upstream, UsageError,
};
use serde_json::json;

use crate::fake::upstream;

const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);

#[tokio::test]
async fn a_log_in_brings_tokens_and_each_refresh_the_next() {
    let provider = FakeProvider::start().await;
    let (upstream, site) = (upstream(), OauthSite::codex().at(&provider.url()));
    let away = site.send_away(&[1; 64], &[2; 32]).unwrap();
    let callback = Callback::parse(&provider.log_in(away.url.as_str(), "acc")).unwrap();
    assert_eq!(callback.state.reveal(), away.state.reveal());
    let wrong = Secret::from("another-verifier");
    let other = Callback::parse(&provider.log_in(away.url.as_str(), "acc")).unwrap();
    let refused = upstream.exchange_code(&site, &other.code, &wrong, NOW).await.unwrap_err();
    assert!(matches!(refused, TokenError::Refused { .. }), "{refused:?}");

    let first = upstream.exchange_code(&site, &callback.code, &away.verifier, NOW).await.unwrap();
    let claims = first.claims();
    assert_eq!(claims.account_id.as_deref(), Some("acc"));
    assert_eq!(claims.email.as_deref(), Some("acc@example.org"));
    assert_eq!(first.expires_at, NOW + Duration::from_hours(1));
    let again = upstream.exchange_code(&site, &callback.code, &away.verifier, NOW).await;
    assert!(again.is_err(), "a code works once");

    let old = first.refresh.unwrap();
    let second = upstream.refresh_token(&site, &old, NOW).await.unwrap();
    assert_ne!(second.access.reveal(), first.access.reveal());
    let twice = upstream.refresh_token(&site, &old, NOW).await.unwrap_err();
    assert!(matches!(twice, TokenError::Refused { reused: true, .. }), "{twice:?}");
    let dead = upstream.refresh_token(&site, &second.refresh.unwrap(), NOW).await.unwrap_err();
    assert!(matches!(dead, TokenError::Refused { reused: false, .. }), "{dead:?}");
    assert_eq!(provider.current("acc"), None, "the whole family is gone");
    // Nobody is impersonated, and no token is in the words of an error.
    let request = provider.requests().remove(0);
    assert_eq!(request.header("user-agent"), "realms");
    assert!(!format!("{dead} {dead:?} {twice:?}").contains("rt-acc"));
}

#[tokio::test]
async fn trouble_is_told_by_whether_the_token_may_be_used_up() {
    let provider = FakeProvider::start().await;
    let (upstream, site) = (upstream(), OauthSite::codex().at(&provider.url()));
    let token = Secret::from(provider.give("acc")["refresh_token"].as_str().unwrap());
    provider
        .fails_next(ProviderFault::Status(503))
        .fails_next(ProviderFault::Status(429))
        .fails_next(ProviderFault::CutBefore)
        .fails_next(ProviderFault::CutAfter);
    let mut lost = Vec::new();
    for _ in 0..4 {
        let error = upstream.refresh_token(&site, &token, NOW).await.unwrap_err();
        assert!(error.is_transient(), "{error:?}");
        lost.push(error.answer_lost());
    }
    assert_eq!(lost, [false, false, true, true]);
    assert_ne!(provider.current("acc").as_deref(), Some(token.reveal().as_str()), "it was rotated");

    let gone = OauthSite::codex().at("http://127.0.0.1:1");
    let error = upstream.refresh_token(&gone, &token, NOW).await.unwrap_err();
    assert!(matches!(error, TokenError::Unreachable(_)), "{error:?}");
    // The one way out holds for the provider too.
    let strict = Upstream::new(OutboundPolicy::default(), Timeouts::default()).unwrap();
    let error = strict.refresh_token(&site, &token, NOW).await.unwrap_err();
    assert!(matches!(error, TokenError::Unreachable(_)), "{error:?}");
}

#[tokio::test]
async fn usage_is_asked_for_where_it_lies() {
    let fake = FakeUpstream::start().await;
    let report = json!({ "plan_type": "plus", "rate_limit": { "primary_window": {
        "used_percent": 12, "limit_window_seconds": 18_000, "reset_after_seconds": 60 } } });
    fake.replies(Reply::status(404));
    fake.for_path("/api/codex/usage").replies(Reply::json(&report));
    let base = format!("{}/backend-api/codex", fake.url()).parse().unwrap();
    let token = Secret::from("at-1");
    let usage = upstream().codex_usage(&base, "acc", &token, NOW).await.unwrap();
    assert_eq!((usage.plan.as_deref(), usage.limits.len()), (Some("plus"), 1));
    let asked = fake.requests();
    assert_eq!(asked[0].path, "/backend-api/wham/usage");
    assert_eq!(asked.len(), 4);
    assert_eq!((asked[0].key(), asked[0].header("chatgpt-account-id")), ("at-1", "acc"));

    fake.for_path("/backend-api/wham/usage").replies(Reply::status(401));
    let refused = upstream().codex_usage(&base, "acc", &token, NOW).await.unwrap_err();
    assert!(matches!(refused, UsageError::Unauthorized(_)), "{refused:?}");
    fake.for_path("/backend-api/wham/usage").replies(Reply::html());
    let page = upstream().codex_usage(&base, "acc", &token, NOW).await.unwrap_err();
    assert!(matches!(page, UsageError::NotAReport), "{page:?}");
}
