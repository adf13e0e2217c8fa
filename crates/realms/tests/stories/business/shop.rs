//! A site in business mode with a gateway that signs.

use std::sync::Arc;

use http::{Method, StatusCode};
use realms_commerce::Webhook;
use realms_testkit::FakeUpstream;
use realms_types::{Secret, SharedClock};
use serde_json::{Value, json};

use super::{OFTEN, paying_on};
use crate::support::{Answered, Client, Person, TestApp};

pub(super) const SIGNS: &str = "a secret of the gateway";
const TERMS: &str = r#"{"currencies":{"CNY":{"credit":"0.14","minimum":1000,"presets":[5000],"bonuses":[{"from":10000,"extra":"0.1"}]}}}"#;

/// A site that sells, with whoever runs it and a user.
pub(super) struct Shop {
    pub app: TestApp,
    pub boss: Client,
    pub ana: Client,
    pub channel: String,
    clock: SharedClock,
}

pub(super) async fn sign_in(app: &TestApp, name: &str) -> Client {
    let Person { client, .. } = app.sign_in(name).await;
    client
}

pub(super) async fn shop(clock: SharedClock, upstream: &FakeUpstream) -> Shop {
    let app = paying_on(Arc::clone(&clock), OFTEN, &[upstream], "0").await;
    let people = "version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n\
                  [[user]]\nusername = \"helper\"\nrole = \"admin\"\n\
                  [[user]]\nusername = \"ben\"\n[settings]\nsite_base_url = \"https://realms.example\"\n";
    app.apply(people).await;
    let boss = sign_in(&app, "boss").await;
    let terms = json!({ "value": TERMS }).to_string();
    let set = boss.call(Method::PUT, "/api/admin/settings/top_up", terms.into()).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.text());
    let new =
        json!({ "name": "elsewhere", "kind": "webhook", "gateway": { "sign_secret": SIGNS } });
    let made = boss.post("/api/admin/payment-channels", new.to_string()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert!(!made.text().contains(SIGNS), "secrets are not shown");
    let channel = made.json()["id"].as_str().unwrap().to_owned();
    let ana = sign_in(&app, "ana").await;
    Shop { app, boss, ana, channel, clock }
}

impl Shop {
    pub async fn try_order(&self, amount: &str) -> Answered {
        let new =
            json!({ "amount": amount, "currency": "CNY", "payment_channel_id": self.channel });
        self.ana.post("/api/orders", new.to_string()).await
    }

    pub async fn order(&self, amount: &str) -> Value {
        let made = self.try_order(amount).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        made.json()
    }

    /// What the gateway tells, signed with a secret.
    pub async fn tell(&self, order: &Value, amount: &str, secret: &str) -> StatusCode {
        let id = order["id"].as_str().unwrap();
        let body = json!({
            "id": format!("evt-{id}-{amount}"), "order": id, "payment": format!("tx-{id}"),
            "status": "paid", "amount": amount, "currency": "CNY", "test": false,
        })
        .to_string();
        let signer = Webhook::new(Secret::from(secret)).unwrap();
        let now = self.clock.now();
        let signature = signer.sign(body.as_bytes(), now);
        let stranger = Client::new(self.app.app().address()).header(Webhook::HEADER, &signature);
        let answer = stranger.post(&format!("/api/pay/{}/notify", self.channel), body).await;
        if answer.status == StatusCode::OK {
            assert_eq!(answer.text(), "success");
        }
        answer.status
    }

    pub async fn state(&self, order: &Value) -> String {
        let path = format!("/api/orders/{}", order["id"].as_str().unwrap());
        self.ana.get(&path).await.json()["state"].as_str().unwrap().to_owned()
    }
}
