//! ID tokens: OpenID Connect Core 1.0, section 3.1.3.7.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use realms_seal::same;
use realms_types::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};

use super::{OAuthError, jwk::Algorithm, jwk::KeySet};

/// Clocks may be so many seconds apart.
const LEEWAY: i64 = 60;
/// The longest token that is read.
const LONGEST_TOKEN: usize = 16 << 10;
/// The longest subject: OpenID Connect Core 1.0, section 2.
const LONGEST_SUBJECT: usize = 255;

/// What a token must say.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Who made it.
    pub issuer: &'a str,
    /// Whom it is for: our client id.
    pub audience: &'a str,
    /// Which log-in it is for.
    pub nonce: &'a str,
    /// The time.
    pub now: Timestamp,
}

/// Who somebody is, according to the other site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdClaims {
    /// Who they are there.
    pub subject: String,
    /// An address, for people to recognise the account by; never a key.
    pub email: Option<String>,
    /// Whether that site has made sure of the address.
    pub email_verified: bool,
    /// What they call themselves there.
    pub preferred_username: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: Option<i64>,
    nbf: Option<i64>,
    nonce: Option<String>,
    email: Option<String>,
    #[serde(default)]
    email_verified: Flag,
    preferred_username: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Some sites write a boolean as text.
#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Flag {
    Bool(bool),
    Text(String),
    #[default]
    None,
}

/// Believes a token when it is signed by a key of the site and says what is expected.
pub fn verify_id_token(
    token: &str,
    keys: &KeySet,
    expected: &Expected<'_>,
) -> Result<IdClaims, OAuthError> {
    let malformed = OAuthError::Malformed("token");
    if token.len() > LONGEST_TOKEN {
        return Err(malformed);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(malformed.clone())?;
    let (header, claims) = message.split_once('.').ok_or(malformed.clone())?;
    let head: Header = part(header)?;
    let algorithm = Algorithm::read(&head.alg)?;
    if head.crit.is_some() {
        return Err(malformed);
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| malformed)?;
    keys.verify(algorithm, head.kid.as_deref(), message.as_bytes(), &signature)?;
    part::<Claims>(claims)?.check(expected)
}

fn part<T: DeserializeOwned>(text: &str) -> Result<T, OAuthError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| OAuthError::Malformed("token"))?;
    serde_json::from_slice(&bytes).map_err(|_| OAuthError::Malformed("token"))
}

// === impl Claims ===

impl Claims {
    fn check(self, expected: &Expected<'_>) -> Result<IdClaims, OAuthError> {
        let now = expected.now.as_secs();
        let nonce = self.nonce.as_deref().unwrap_or_default();
        let checks = [
            ("iss", self.iss == expected.issuer),
            ("aud", self.aud.is_for(expected.audience, self.azp.as_deref())),
            ("exp", now < self.exp.saturating_add(LEEWAY)),
            ("iat", self.iat.is_none_or(|at| at <= now.saturating_add(LEEWAY))),
            ("nbf", self.nbf.is_none_or(|at| at <= now.saturating_add(LEEWAY))),
            ("nonce", !nonce.is_empty() && same(nonce.as_bytes(), expected.nonce.as_bytes())),
            ("sub", !self.sub.is_empty() && self.sub.len() <= LONGEST_SUBJECT),
        ];
        if let Some((claim, _)) = checks.into_iter().find(|(_, good)| !good) {
            return Err(OAuthError::Claim(claim));
        }
        Ok(IdClaims {
            subject: self.sub,
            email: self.email,
            email_verified: self.email_verified.is_set(),
            preferred_username: self.preferred_username,
        })
    }
}

// === impl Audience ===

impl Audience {
    /// A token for several must have been asked for by us.
    fn is_for(&self, client: &str, azp: Option<&str>) -> bool {
        let (named, others) = match self {
            Self::One(one) => (one == client, false),
            Self::Many(many) => (many.iter().any(|one| one == client), many.len() > 1),
        };
        named && azp.map_or(!others, |azp| azp == client)
    }
}

// === impl Flag ===

impl Flag {
    fn is_set(&self) -> bool {
        match self {
            Self::Bool(set) => *set,
            Self::Text(text) => text == "true",
            Self::None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        rand::SystemRandom,
        rsa::KeySize,
        signature::{
            ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256,
            RsaKeyPair,
        },
    };
    use serde_json::{Value, json};

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);
    const EXPECTED: Expected<'_> =
        Expected { issuer: "https://id.example.org", audience: "realms", nonce: "n-1", now: NOW };

    struct Signer(EcdsaKeyPair);

    impl Signer {
        fn new() -> Self {
            Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
        }

        fn keys(&self) -> KeySet {
            let point = self.0.public_key().as_ref();
            let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
            let set = json!({ "keys": [
                { "kty": "oct", "kid": "k", "k": "c2VjcmV0" },
                { "kty": "EC", "crv": "P-256", "kid": "a", "use": "sig", "x": text(&point[1..33]), "y": text(&point[33..]) },
            ]});
            KeySet::parse(set.to_string().as_bytes()).unwrap()
        }

        fn sign(&self, header: &Value, claims: &Value) -> String {
            let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let message = format!("{}.{}", text(header), text(claims));
            let signature = self.0.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
            format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
        }
    }

    fn claims() -> Value {
        json!({ "iss": "https://id.example.org", "sub": "u-1", "aud": "realms", "nonce": "n-1",
            "exp": NOW.as_secs() + 300, "iat": NOW.as_secs(), "email": "ana@example.org",
            "email_verified": "true" })
    }

    fn with(key: &str, value: Value) -> Value {
        let mut claims = claims();
        claims[key] = value;
        claims
    }

    #[test]
    fn a_sound_token_is_believed() {
        let signer = Signer::new();
        for header in [json!({"alg": "ES256", "kid": "a"}), json!({"alg": "ES256"})] {
            let token = signer.sign(&header, &claims());
            let found = verify_id_token(&token, &signer.keys(), &EXPECTED).unwrap();
            assert_eq!(found.subject, "u-1");
            assert!(found.email_verified);
        }
        for good in [
            with("aud", json!(["realms"])),
            with("azp", json!("realms")),
            with("exp", json!(NOW.as_secs() - LEEWAY + 1)),
        ] {
            let token = signer.sign(&json!({"alg": "ES256"}), &good);
            verify_id_token(&token, &signer.keys(), &EXPECTED).unwrap();
        }
    }

    #[test]
    fn a_token_that_says_something_else_is_not() {
        let signer = Signer::new();
        for (claim, value) in [
            ("iss", json!("https://evil.example")),
            ("iss", json!("https://id.example.org/")),
            ("aud", json!("another")),
            ("aud", json!(["realms", "another"])),
            ("aud", json!([])),
            ("exp", json!(NOW.as_secs() - LEEWAY)),
            ("iat", json!(NOW.as_secs() + LEEWAY + 1)),
            ("nbf", json!(NOW.as_secs() + LEEWAY + 1)),
            ("nonce", json!("n-2")),
            ("nonce", json!("")),
            ("nonce", Value::Null),
            ("sub", json!("")),
            ("sub", json!("x".repeat(256))),
        ] {
            let token =
                signer.sign(&json!({"alg": "ES256", "kid": "a"}), &with(claim, value.clone()));
            let error = verify_id_token(&token, &signer.keys(), &EXPECTED).unwrap_err();
            assert_eq!(error, OAuthError::Claim(claim), "{claim} {value}");
        }
        let several = with("aud", json!(["realms", "another"]));
        let mut foreign = several.clone();
        foreign["azp"] = json!("another");
        let token = signer.sign(&json!({"alg": "ES256"}), &foreign);
        let error = verify_id_token(&token, &signer.keys(), &EXPECTED).unwrap_err();
        assert_eq!(error, OAuthError::Claim("aud"));
    }

    #[test]
    fn no_other_algorithm_or_key_is_believed() {
        let (signer, other) = (Signer::new(), Signer::new());
        let token = |header: Value| signer.sign(&header, &claims());
        let check =
            |token: &str, keys: &KeySet| verify_id_token(token, keys, &EXPECTED).unwrap_err();
        for alg in ["none", "HS256", "RS512", "ES384", ""] {
            let error = check(&token(json!({"alg": alg, "kid": "k"})), &signer.keys());
            assert_eq!(error, OAuthError::Algorithm(alg.to_owned()));
        }
        let sound = token(json!({"alg": "ES256", "kid": "a"}));
        assert_eq!(check(&sound, &other.keys()), OAuthError::Signature);
        // The key is there, but it is one of another kind.
        assert_eq!(
            check(&token(json!({"alg": "RS256", "kid": "a"})), &signer.keys()),
            OAuthError::NoKey
        );
        assert_eq!(
            check(&token(json!({"alg": "ES256", "kid": "k"})), &signer.keys()),
            OAuthError::NoKey
        );
        assert_eq!(
            check(&token(json!({"alg": "ES256", "kid": "b"})), &signer.keys()),
            OAuthError::NoKey
        );
        let critical = token(json!({"alg": "ES256", "kid": "a", "crit": ["x"]}));
        assert_eq!(check(&critical, &signer.keys()), OAuthError::Malformed("token"));
        let unsigned = format!("{}.", sound.rsplit_once('.').unwrap().0);
        assert_eq!(check(&unsigned, &signer.keys()), OAuthError::Signature);
        for junk in ["", "a", "a.b", "a.b.c", "..", &"x".repeat(LONGEST_TOKEN + 1)] {
            assert_eq!(check(junk, &signer.keys()), OAuthError::Malformed("token"));
        }
    }

    #[test]
    fn rsa_keys_work_too() {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let public = pair.public_key();
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let set = json!({ "keys": [{ "kty": "RSA", "kid": "r", "alg": "RS256",
            "n": text(public.modulus().big_endian_without_leading_zero()),
            "e": text(public.exponent().big_endian_without_leading_zero()) }]});
        let keys = KeySet::parse(set.to_string().as_bytes()).unwrap();
        let part = |value: &Value| text(value.to_string().as_bytes());
        let message = format!("{}.{}", part(&json!({"alg": "RS256", "kid": "r"})), part(&claims()));
        let mut signature = vec![0; public.modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .unwrap();
        let token = format!("{message}.{}", text(&signature));
        verify_id_token(&token, &keys, &EXPECTED).unwrap();
        signature[7] ^= 1;
        let altered = format!("{message}.{}", text(&signature));
        let error = verify_id_token(&altered, &keys, &EXPECTED).unwrap_err();
        assert_eq!(error, OAuthError::Signature);
    }
}
