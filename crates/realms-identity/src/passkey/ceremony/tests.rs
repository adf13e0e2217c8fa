//! A device in software, and what is done to its answers.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use serde_json::{Value as Json, json};

use super::*;

const CHALLENGE: &str = "Y2hhbGxlbmdl";
const USER: UserId = UserId::new(7);
const ORIGIN: &str = "https://realms.example.org";

enum Key {
    P256(Box<EcdsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

struct Device {
    key: Key,
    flags: u8,
    rp_id: &'static str,
}

impl Device {
    fn new() -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        Self { key: Key::P256(Box::new(key)), flags: 0b0100_0101, rp_id: "realms.example.org" }
    }

    fn cose(&self) -> Value {
        let int = |number: i64| Value::from(number);
        Value::Map(match &self.key {
            Key::P256(pair) => {
                let point = pair.public_key().as_ref();
                vec![
                    (int(1), int(2)),
                    (int(3), int(-7)),
                    (int(-1), int(1)),
                    (int(-2), Value::Bytes(point[1..33].to_vec())),
                    (int(-3), Value::Bytes(point[33..].to_vec())),
                ]
            }
            Key::Ed25519(pair) => vec![
                (int(1), int(1)),
                (int(3), int(-8)),
                (int(-1), int(6)),
                (int(-2), Value::Bytes(pair.public_key().as_ref().to_vec())),
            ],
        })
    }

    fn data(&self, count: u32, credential: bool) -> Vec<u8> {
        let mut data = sha256(self.rp_id.as_bytes()).to_vec();
        data.push(if credential { self.flags } else { self.flags & 0b1011_1111 });
        data.extend(count.to_be_bytes());
        if credential {
            data.extend([0; 16]);
            data.extend(3u16.to_be_bytes());
            data.extend(b"cid");
            ciborium::into_writer(&self.cose(), &mut data).unwrap();
        }
        data
    }

    fn create(&self, client: &Json) -> PasskeyCredential {
        let object = Value::Map(vec![
            (Value::from("fmt"), Value::from("none")),
            (Value::from("attStmt"), Value::Map(Vec::new())),
            (Value::from("authData"), Value::Bytes(self.data(0, true))),
        ]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&object, &mut bytes).unwrap();
        read(&json!({ "clientDataJSON": text(client), "attestationObject": b64(&bytes) }))
    }

    fn get(&self, client: &Json, count: u32, user: UserId) -> PasskeyCredential {
        let data = self.data(count, false);
        let message = [data.as_slice(), &sha256(client.to_string().as_bytes())].concat();
        let signature = match &self.key {
            Key::P256(pair) => pair.sign(&SystemRandom::new(), &message).unwrap().as_ref().to_vec(),
            Key::Ed25519(pair) => pair.sign(&message).as_ref().to_vec(),
        };
        read(&json!({
            "clientDataJSON": text(client), "authenticatorData": b64(&data),
            "signature": b64(&signature), "userHandle": user_handle(user),
        }))
    }
}

fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn text(client: &Json) -> String {
    b64(client.to_string().as_bytes())
}

fn read(response: &Json) -> PasskeyCredential {
    let credential = json!({
        "id": b64(b"cid"), "rawId": b64(b"cid"), "type": "public-key", "response": response,
        "clientExtensionResults": {}, "authenticatorAttachment": "platform",
    });
    serde_json::from_value(credential).unwrap()
}

fn client(kind: &str) -> Json {
    json!({ "type": kind, "challenge": CHALLENGE, "origin": ORIGIN, "crossOrigin": false })
}

fn site() -> RelyingParty {
    RelyingParty::at(&ORIGIN.parse().unwrap()).unwrap()
}

fn log_in(device: &Device, key: &str, credential: &PasskeyCredential) -> Result<u32, PasskeyError> {
    let _ = device;
    let assertion = credential.assertion()?;
    site().check_login(&assertion, CHALLENGE, (USER, key)).map(|signed| signed.sign_count)
}

#[test]
fn a_passkey_that_was_made_logs_in() {
    let ed25519 =
        Device { key: Key::Ed25519(Ed25519KeyPair::generate().unwrap()), ..Device::new() };
    for device in [Device::new(), ed25519] {
        let credential = device.create(&client("webauthn.create"));
        assert_eq!(credential.challenge().unwrap(), CHALLENGE);
        let made = site().check_new(&credential, CHALLENGE).unwrap();
        assert_eq!(made.credential_id, b64(b"cid"));
        let answer = device.get(&client("webauthn.get"), 5, USER);
        assert_eq!(answer.assertion().unwrap().credential_hash, made.credential_hash);
        assert_eq!(log_in(&device, &made.public_key, &answer), Ok(5));
    }
}

#[test]
fn an_answer_to_another_question_is_refused() {
    let device = Device::new();
    let key = site().check_new(&device.create(&client("webauthn.create")), CHALLENGE).unwrap();
    for (field, value, what) in [
        ("type", json!("webauthn.create"), "type"),
        ("challenge", json!("b3RoZXI"), "challenge"),
        ("challenge", json!(""), "challenge"),
        ("origin", json!("https://evil.example"), "origin"),
        ("origin", json!("http://realms.example.org"), "origin"),
        ("origin", json!("https://realms.example.org:8443"), "origin"),
        ("crossOrigin", json!(true), "origin"),
    ] {
        let mut altered = client("webauthn.get");
        altered[field] = value;
        let answer = device.get(&altered, 1, USER);
        let refused = log_in(&device, &key.public_key, &answer);
        assert_eq!(refused, Err(PasskeyError::Mismatch(what)), "{field}");
    }
    let mut altered = client("webauthn.get");
    altered["type"] = json!("webauthn.get");
    let refused = site().check_new(&device.create(&altered), CHALLENGE);
    assert_eq!(refused, Err(PasskeyError::Mismatch("type")));
    let answer = device.get(&client("webauthn.get"), 1, UserId::new(8));
    assert_eq!(log_in(&device, &key.public_key, &answer), Err(PasskeyError::Mismatch("user")));
}

#[test]
fn another_site_key_or_an_absent_user_is_refused() {
    let device = Device::new();
    let key = site().check_new(&device.create(&client("webauthn.create")), CHALLENGE).unwrap();
    let foreign = Device { rp_id: "evil.example", ..Device::new() };
    let refused = site().check_new(&foreign.create(&client("webauthn.create")), CHALLENGE);
    assert_eq!(refused, Err(PasskeyError::Mismatch("site")));
    for flags in [0b0100_0001, 0b0100_0100, 0b0100_0000] {
        let absent = Device { flags, ..Device::new() };
        let refused = site().check_new(&absent.create(&client("webauthn.create")), CHALLENGE);
        assert_eq!(refused, Err(PasskeyError::NotVerified));
        let answer = absent.get(&client("webauthn.get"), 1, USER);
        assert_eq!(log_in(&absent, &key.public_key, &answer), Err(PasskeyError::NotVerified));
    }
    let other = Device::new();
    let answer = other.get(&client("webauthn.get"), 1, USER);
    assert_eq!(log_in(&other, &key.public_key, &answer), Err(PasskeyError::Signature));
}

#[test]
fn junk_is_refused_without_harm() {
    for object in ["", "!", "AA", "oA", &b64(&[0x9f; 5000]), &b64(&[0xbf, 0x61])] {
        let credential = read(&json!({
            "clientDataJSON": text(&client("webauthn.create")), "attestationObject": object,
        }));
        let refused = site().check_new(&credential, CHALLENGE);
        assert_eq!(refused, Err(PasskeyError::Malformed("attestation")), "{object:.20}");
    }
    for data in ["", "AA", &b64(&[0; 36])] {
        let credential = read(&json!({
            "clientDataJSON": text(&client("webauthn.get")), "authenticatorData": data,
            "signature": "AA",
        }));
        let refused = log_in(&Device::new(), "es256.AA", &credential);
        assert_eq!(refused, Err(PasskeyError::Malformed("authenticator data")));
    }
    let absent = read(&json!({ "clientDataJSON": text(&client("webauthn.get")) }));
    assert!(log_in(&Device::new(), "es256.AA", &absent).is_err());
}

#[test]
fn passkeys_need_a_name_and_a_safe_way() {
    for (url, there) in [
        ("https://realms.example.org", true),
        ("http://localhost:8080", true),
        ("http://realms.example.org", false),
        ("https://127.0.0.1", false),
    ] {
        assert_eq!(RelyingParty::at(&url.parse().unwrap()).is_some(), there, "{url}");
    }
    let options = site().creation_options("Realms", (USER, "ana"), CHALLENGE, ["x".to_owned()]);
    let json = serde_json::to_value(&options).unwrap();
    assert_eq!(json["rp"], json!({ "id": "realms.example.org", "name": "Realms" }));
    assert_eq!(json["pubKeyCredParams"][0], json!({ "type": "public-key", "alg": -7 }));
    assert_eq!(json["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(json["excludeCredentials"][0]["id"], "x");
    let json = serde_json::to_value(site().request_options(CHALLENGE)).unwrap();
    assert_eq!(
        (json["rpId"].as_str(), json["challenge"].as_str()),
        (Some("realms.example.org"), Some(CHALLENGE))
    );
}
