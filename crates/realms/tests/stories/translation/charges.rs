//! A translated call costs what its upstream says was used, whatever dialect that says it in.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use realms_testkit::FakeUpstream;
use realms_types::{Billing, Money, SystemClock};

use super::{
    asks::{What, ask},
    manifest, ok, on, pairs,
    policies::{PATH, lossy},
};
use crate::support::{TestApp, usd};

/// 21 × 1.25 + 84 × 0.125 + 17 × 10 USD per million.
const COST: &str = "0.00020675";

#[tokio::test]
async fn by_the_usage_that_the_upstream_tells() {
    for (client, upstream_dialect) in pairs() {
        let upstream = FakeUpstream::start().await;
        let app = TestApp::start_business(Arc::new(SystemClock), Duration::from_millis(20)).await;
        app.apply(&manifest(&[(&upstream, &format!("\"{upstream_dialect}\""))], "")).await;
        app.pay("1").await;
        for (number, stream) in [(1, false), (2, true)] {
            let which = format!("{} {stream}", on(client, upstream_dialect));
            let (path, body) = ask(client, What::Plain, stream);
            ok(&app.client().post(&path, body).await, &which);
            let record = app.wait_for_records(number).await.remove(number - 1);
            assert_eq!(record.cost, Some(usd(COST)), "{which}: {:?}", record.usage);
            assert_eq!(record.billing, Some(Billing::Charged), "{which}");
        }
        let left = (usd("0.9995865"), Money::ZERO);
        assert_eq!(app.balance().await, left, "{}", on(client, upstream_dialect));
        app.is_sound().await;
    }
}

#[tokio::test]
async fn nothing_while_nobody_can_be_told() {
    let (upstream, own) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let app = TestApp::start_business(Arc::new(SystemClock), Duration::from_millis(20)).await;
    let strict = "rules = { losses = \"strict\" }";
    app.apply(&manifest(&[(&upstream, "\"messages\"")], strict)).await;
    app.pay("1").await;
    let answer = app.client().post(PATH, lossy()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!(record.billing, Some(Billing::Free));
    assert_eq!(app.balance().await, (usd("1"), Money::ZERO));
    // The next candidate speaks the client's dialect: it alone is paid for.
    app.apply(&manifest(&[(&upstream, "\"messages\""), (&own, "\"chat\"")], strict)).await;
    ok(&app.client().post(PATH, lossy()).await, "the other channel");
    app.wait_for_records(2).await;
    assert!(upstream.requests().is_empty());
    assert_eq!(app.balance().await, (usd("0.99979325"), Money::ZERO));
    app.is_sound().await;
}
