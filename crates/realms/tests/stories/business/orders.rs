//! Orders, from a wish to money on a balance, by a gateway that signs.

use std::sync::Arc;

use futures_util::future::join_all;
use http::StatusCode;
use realms_testkit::FakeUpstream;
use realms_types::Money;

use super::{
    real,
    shop::{SIGNS, Shop, sign_in},
};
use crate::support::{Client, TestApp, usd};

async fn shop() -> Shop {
    super::shop::shop(real(), &FakeUpstream::start().await).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_top_up_is_credited_once_however_often_the_gateway_tells() {
    let shop = Arc::new(shop().await);
    let offer = shop.ana.get("/api/top-up").await.json();
    assert_eq!(offer["currencies"]["CNY"]["minimum"], "10.00", "{offer}");
    assert_eq!(offer["payment_channels"][0]["name"], "elsewhere", "{offer}");
    let order = shop.order("100").await;
    assert_eq!(
        (order["value_usd"].as_str(), order["bonus_usd"].as_str()),
        (Some("14"), Some("1.4"))
    );
    assert_eq!(shop.state(&order).await, "pending");
    let told = join_all((0..20).map(|_| shop.tell(&order, "100.00", SIGNS))).await;
    assert!(told.iter().all(|status| *status == StatusCode::OK), "{told:?}");
    assert_eq!(shop.state(&order).await, "paid");
    assert_eq!(shop.app.balance().await, (usd("15.4"), Money::ZERO));
    assert_eq!(shop.app.entries().await, ["credit 15.4"]);
    shop.app.is_sound().await;
}

#[tokio::test]
async fn what_is_forged_or_does_not_fit_credits_nothing_and_is_looked_at() {
    let shop = shop().await;
    let order = shop.order("50").await;
    let forged = shop.tell(&order, "50.00", "another secret of theirs").await;
    assert_eq!(forged, StatusCode::FORBIDDEN);
    // Signed, and another amount.
    assert_eq!(shop.tell(&order, "49.99", SIGNS).await, StatusCode::OK);
    assert_eq!(
        (shop.state(&order).await, shop.app.balance().await.0),
        ("pending".into(), Money::ZERO)
    );
    let helper = sign_in(&shop.app, "helper").await;
    let looked = helper.get("/api/admin/orders?attention=true").await.json();
    assert_eq!(looked["items"][0]["office"]["attention"], "mismatch", "{looked}");
    assert_eq!(looked["items"][0]["office"]["username"], "ana", "{looked}");
    let id = order["id"].as_str().unwrap();
    let reason = || r#"{"reason":"paid in cash"}"#.to_owned();
    let approve = format!("/api/admin/orders/{id}/approve");
    assert_eq!(helper.post(&approve, reason()).await.status, StatusCode::FORBIDDEN);
    let approved = shop.boss.post(&approve, reason()).await;
    assert_eq!(approved.status, StatusCode::OK, "{}", approved.text());
    assert_eq!(shop.app.balance().await.0, usd("7"));
    let audit = shop.boss.get("/api/admin/audit?filter=action:order.approve").await.json();
    assert_eq!(audit["items"][0]["object"], id, "{audit}");
    // What it gave is taken back, no more than that.
    let refund = format!("/api/admin/orders/{id}/refund");
    let too_much = r#"{"amount":"50.01","reason":"too much"}"#;
    assert_eq!(shop.boss.post(&refund, too_much).await.status, StatusCode::CONFLICT);
    let half = r#"{"amount":"25","reason":"half"}"#;
    let refunded = shop.boss.post(&refund, half).await;
    assert_eq!(refunded.status, StatusCode::OK, "{}", refunded.text());
    assert_eq!(shop.app.balance().await.0, usd("3.5"));
    shop.app.is_sound().await;
}

#[tokio::test]
async fn orders_are_their_users_and_bounded() {
    let shop = shop().await;
    for (amount, status) in [
        ("9.99", StatusCode::CONFLICT),
        ("0", StatusCode::CONFLICT),
        ("ten", StatusCode::UNPROCESSABLE_ENTITY),
        ("10.001", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(shop.try_order(amount).await.status, status, "{amount}");
    }
    let order = shop.order("10").await;
    let path = format!("/api/orders/{}", order["id"].as_str().unwrap());
    let ben = sign_in(&shop.app, "ben").await;
    for act in ["", "/pay", "/cancel"] {
        let answer = if act.is_empty() {
            ben.get(&path).await
        } else {
            ben.post(&format!("{path}{act}"), "{}").await
        };
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{act}");
    }
    assert_eq!(ben.get("/api/orders").await.json()["items"].as_array().unwrap().len(), 0);
    let cancelled = shop.ana.post(&format!("{path}/cancel"), "").await;
    assert_eq!(cancelled.json()["state"], "cancelled", "{}", cancelled.text());
    // Paid all the same: somebody must look at it, and nothing is credited by itself.
    assert_eq!(shop.tell(&order, "10.00", SIGNS).await, StatusCode::OK);
    assert_eq!(shop.app.balance().await.0, Money::ZERO);
    for _ in 0..10 {
        shop.order("10").await;
    }
    let eleventh = shop.try_order("10").await;
    assert!(eleventh.status.is_client_error(), "{}", eleventh.text());
    let listed = shop.ana.get("/api/orders?state=pending&limit=4").await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 4);
    assert!(listed["next"].is_string());
    assert!(listed["items"][0].get("office").is_none(), "{listed}");
}

#[tokio::test]
async fn self_mode_sells_nothing() {
    let app = TestApp::start().await;
    app.apply("version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n").await;
    let boss = sign_in(&app, "boss").await;
    let paths = [
        "/api/top-up",
        "/api/orders",
        "/api/plans",
        "/api/subscriptions",
        "/api/admin/orders",
        "/api/admin/plans",
        "/api/admin/subscriptions",
        "/api/admin/payment-channels",
    ];
    for path in paths {
        let answer = boss.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.text());
    }
    let notice = Client::new(app.app().address());
    let answer = notice.post("/api/pay/py_0000000000000/notify", "{}").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text());
}
