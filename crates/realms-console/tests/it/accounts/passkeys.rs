//! Passkeys, with a device in software.

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ciborium::Value as Cbor;
use futures_util::future::join_all;
use realms_store::Role;
use serde_json::{Value, json};

use super::{browser::Browser, house::House};

const ORIGIN: &str = "https://realms.example.org";

/// Answers a challenge.
type Answering<'a> = &'a dyn Fn(&str) -> Value;

struct Device {
    key: EcdsaKeyPair,
    id: &'static [u8],
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn client(kind: &str, challenge: &str, origin: &str) -> String {
    json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false })
        .to_string()
}

impl Device {
    fn new(id: &'static [u8]) -> Self {
        Self { key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(), id }
    }

    fn data(flags: u8, count: u32) -> Vec<u8> {
        let mut data = digest(&SHA256, b"realms.example.org").as_ref().to_vec();
        data.push(flags);
        data.extend(count.to_be_bytes());
        data
    }

    fn credential(&self, response: &Value) -> Value {
        json!({ "id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response })
    }

    fn create(&self, challenge: &str) -> Value {
        let point = self.key.public_key().as_ref();
        let int = |number: i64| Cbor::from(number);
        let key = Cbor::Map(vec![
            (int(1), int(2)),
            (int(3), int(-7)),
            (int(-1), int(1)),
            (int(-2), Cbor::Bytes(point[1..33].to_vec())),
            (int(-3), Cbor::Bytes(point[33..].to_vec())),
        ]);
        let mut data = Self::data(0b0100_0101, 0);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(self.id);
        ciborium::into_writer(&key, &mut data).unwrap();
        let object = Cbor::Map(vec![
            (Cbor::from("fmt"), Cbor::from("none")),
            (Cbor::from("attStmt"), Cbor::Map(Vec::new())),
            (Cbor::from("authData"), Cbor::Bytes(data)),
        ]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&object, &mut bytes).unwrap();
        let client = client("webauthn.create", challenge, ORIGIN);
        self.credential(&json!({ "clientDataJSON": b64(client), "attestationObject": b64(bytes) }))
    }

    fn get(&self, challenge: &str, origin: &str, count: u32) -> Value {
        let client = client("webauthn.get", challenge, origin);
        let data = Self::data(0b0000_0101, count);
        let message = [data.as_slice(), digest(&SHA256, client.as_bytes()).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &message).unwrap();
        self.credential(&json!({
            "clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature),
        }))
    }
}

async fn make(browser: &Browser<'_>, device: &Device) -> Value {
    let begun = browser.post("/api/me/passkeys/begin", json!({})).await.ok(200);
    let challenge = begun["challenge"].as_str().unwrap();
    assert_eq!(begun["options"]["challenge"], challenge);
    assert_eq!(begun["options"]["rp"]["id"], "realms.example.org");
    let body =
        json!({ "challenge": challenge, "name": "phone", "credential": device.create(challenge) });
    let made = browser.post("/api/me/passkeys", body.clone()).await.ok(201);
    assert_eq!(browser.post("/api/me/passkeys", body).await.problem(401), "code_expired", "used");
    made
}

async fn ask(browser: &Browser<'_>) -> String {
    let begun = browser.post("/api/session/passkey/begin", json!({})).await.ok(200);
    assert_eq!(begun["options"]["userVerification"], "required");
    begun["challenge"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_passkey_is_made_logs_in_and_is_deleted() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let (ana, phone) = (house.browser_of("ana").await, Device::new(b"phone"));
    let made = make(&ana, &phone).await;
    assert_eq!((made["name"].as_str(), made.get("last_used_at")), (Some("phone"), None));
    assert_eq!(ana.get("/api/me").await.ok(200)["passkeys"], 1);

    let browser = house.browser();
    let challenge = ask(&browser).await;
    let body = json!({ "challenge": challenge, "credential": phone.get(&challenge, ORIGIN, 1) });
    let me = browser.post("/api/session/passkey", body.clone()).await.ok(200);
    assert_eq!(me["me"]["username"], "ana");
    assert_eq!(browser.status().await, 200);
    let replay = house.browser().post("/api/session/passkey", body).await;
    assert_eq!(replay.problem(401), "code_expired", "a challenge is answered once");

    let list = ana.get("/api/me/passkeys").await.ok(200);
    assert!(list["items"][0]["last_used_at"].is_string());
    let path = format!("/api/me/passkeys/{}", made["id"].as_str().unwrap());
    house.person("bob", Role::User).await;
    assert_eq!(house.browser_of("bob").await.delete(&path).await.problem(404), "not_found");
    ana.delete(&path).await.ok(204);
    let challenge = ask(&house.browser()).await;
    let gone = json!({ "challenge": challenge, "credential": phone.get(&challenge, ORIGIN, 2) });
    let gone = house.browser().post("/api/session/passkey", gone).await;
    assert_eq!(gone.problem(401), "wrong_credentials");
}

#[tokio::test]
async fn another_site_device_or_count_is_refused() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let (ana, phone) = (house.browser_of("ana").await, Device::new(b"phone"));
    make(&ana, &phone).await;
    let try_with = async |answer: &dyn Fn(&str) -> Value| {
        let browser = house.browser();
        let challenge = ask(&browser).await;
        let body = json!({ "challenge": challenge, "credential": answer(&challenge) });
        browser.post("/api/session/passkey", body).await
    };
    try_with(&|challenge| phone.get(challenge, ORIGIN, 7)).await.ok(200);
    let forged = Device::new(b"phone");
    let unknown = Device::new(b"unknown");
    let refused: [(&str, Answering<'_>); 5] = [
        ("phishing", &|challenge| phone.get(challenge, "https://realms.example.evil", 8)),
        ("another challenge", &|_| phone.get("YW5vdGhlcg", ORIGIN, 8)),
        ("another key", &|challenge| forged.get(challenge, ORIGIN, 8)),
        ("another device", &|challenge| unknown.get(challenge, ORIGIN, 8)),
        ("a copy", &|challenge| phone.get(challenge, ORIGIN, 7)),
    ];
    for (what, answer) in refused {
        assert_eq!(try_with(answer).await.problem(401), "wrong_credentials", "{what}");
    }
    for junk in [json!({}), json!("x"), Value::Null] {
        assert_eq!(try_with(&|_| junk.clone()).await.problem(400), "malformed");
    }
}

#[tokio::test]
async fn a_challenge_is_answered_once_however_many_come_at_once() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let (ana, phone) = (house.browser_of("ana").await, Device::new(b"phone"));
    make(&ana, &phone).await;
    let challenge = ask(&house.browser()).await;
    let browsers: Vec<_> = (0..20).map(|_| house.browser()).collect();
    let answers = join_all((1..).zip(&browsers).map(|(count, browser)| {
        let credential = phone.get(&challenge, ORIGIN, count);
        browser.post(
            "/api/session/passkey",
            json!({ "challenge": challenge, "credential": credential }),
        )
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn there_are_no_more_than_there_may_be_however_many_were_begun() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let ana = house.browser_of("ana").await;
    let mut challenges = Vec::new();
    for _ in 0..21 {
        let begun = ana.post("/api/me/passkeys/begin", json!({})).await.ok(200);
        challenges.push(begun["challenge"].as_str().unwrap().to_owned());
    }
    let mut statuses = Vec::new();
    for (number, challenge) in (0..).zip(&challenges) {
        let id = Box::leak(Box::new([number; 16]));
        let credential = Device::new(id).create(challenge);
        let body = json!({ "challenge": challenge, "name": "phone", "credential": credential });
        statuses.push(ana.post("/api/me/passkeys", body).await.status.as_u16());
    }
    assert_eq!(statuses, [[201; 20].as_slice(), &[409]].concat());
}

#[tokio::test]
async fn a_passkey_for_one_user_is_not_kept_for_another() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    house.person("bob", Role::User).await;
    let (ana, bob) = (house.browser_of("ana").await, house.browser_of("bob").await);
    let begun = ana.post("/api/me/passkeys/begin", json!({})).await.ok(200);
    let challenge = begun["challenge"].as_str().unwrap();
    let credential = Device::new(b"phone").create(challenge);
    let body = json!({ "challenge": challenge, "name": "phone", "credential": credential });
    assert_eq!(bob.post("/api/me/passkeys", body).await.problem(401), "code_expired");
}

#[tokio::test]
async fn without_an_address_by_name_there_are_none() {
    let house = House::open().await;
    house.set("site_base_url", "http://192.0.2.1:8080").await;
    assert_eq!(house.browser().get("/api/bootstrap").await.ok(200)["passkeys"], false);
    let off = house.browser().post("/api/session/passkey/begin", json!({})).await;
    assert_eq!(off.problem(404), "feature_off");
}
