//! Making a passkey and logging in with one.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ciborium::Value;
use realms_types::UserId;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    PasskeyError,
    authenticator_data::AuthenticatorData,
    public_key::{ALGORITHMS, PublicKey},
};

/// How long a browser waits for its user, in milliseconds.
const PATIENCE: u32 = 300_000;
/// The longest part of a credential that is read, in characters of base64url.
const LONGEST_PART: usize = 64 << 10;

/// The site a passkey is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// Its id: the host.
    id: String,
    /// Its origin: scheme, host and port.
    origin: String,
}

/// A credential as browsers write it: `PublicKeyCredential.toJSON()`.
#[derive(Debug, Clone, Deserialize)]
pub struct PasskeyCredential {
    /// Its id in base64url.
    id: String,
    /// Always `public-key`.
    #[serde(rename = "type")]
    kind: String,
    response: Response,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    attestation_object: Option<String>,
    authenticator_data: Option<String>,
    signature: Option<String>,
    user_handle: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// A passkey that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPasskey {
    /// The SHA-256 of its id.
    pub credential_hash: [u8; 32],
    /// Its id in base64url.
    pub credential_id: String,
    /// Its public key as text.
    pub public_key: String,
    /// How often it was used.
    pub sign_count: u32,
}

/// A log-in to be checked.
#[derive(Debug)]
pub struct Assertion<'a> {
    credential: &'a PasskeyCredential,
    /// The SHA-256 of the credential's id, to find the passkey by.
    pub credential_hash: [u8; 32],
}

/// A log-in that is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasskeyUse {
    /// How often the passkey was used, says its device.
    pub sign_count: u32,
}

/// What a browser is asked for to make a passkey: `PublicKeyCredentialCreationOptionsJSON`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreationOptions {
    rp: Entity,
    user: UserEntity,
    challenge: String,
    pub_key_cred_params: Vec<Parameter>,
    timeout: u32,
    exclude_credentials: Vec<Descriptor>,
    authenticator_selection: Selection,
    attestation: &'static str,
}

/// What a browser is asked for to log in: `PublicKeyCredentialRequestOptionsJSON`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestOptions {
    challenge: String,
    timeout: u32,
    rp_id: String,
    user_verification: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct Entity {
    id: String,
    name: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct UserEntity {
    id: String,
    name: String,
    display_name: String,
}

#[derive(Debug, Clone, Serialize)]
struct Parameter {
    #[serde(rename = "type")]
    kind: &'static str,
    alg: i64,
}

#[derive(Debug, Clone, Serialize)]
struct Descriptor {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Selection {
    resident_key: &'static str,
    require_resident_key: bool,
    user_verification: &'static str,
}

// === impl RelyingParty ===

impl RelyingParty {
    /// The site at this address. Browsers have passkeys over https and on localhost, and for names
    /// only.
    pub fn at(site: &Url) -> Option<Self> {
        let id = site.domain()?.to_owned();
        let secure = site.scheme() == "https" || id == "localhost" || id.ends_with(".localhost");
        secure.then(|| Self { id, origin: site.origin().ascii_serialization() })
    }

    /// Asks a browser for a passkey of this user.
    pub fn creation_options(
        &self,
        site: &str,
        (user, username): (UserId, &str),
        challenge: &str,
        known: impl IntoIterator<Item = String>,
    ) -> CreationOptions {
        let parameter = |alg| Parameter { kind: "public-key", alg };
        let descriptor = |id| Descriptor { kind: "public-key", id };
        CreationOptions {
            rp: Entity { id: self.id.clone(), name: site.to_owned() },
            user: UserEntity {
                id: user_handle(user),
                name: username.to_owned(),
                display_name: username.to_owned(),
            },
            challenge: challenge.to_owned(),
            pub_key_cred_params: ALGORITHMS.into_iter().map(parameter).collect(),
            timeout: PATIENCE,
            exclude_credentials: known.into_iter().map(descriptor).collect(),
            authenticator_selection: Selection {
                resident_key: "required",
                require_resident_key: true,
                user_verification: "required",
            },
            attestation: "none",
        }
    }

    /// Asks a browser for any passkey of this site.
    pub fn request_options(&self, challenge: &str) -> RequestOptions {
        RequestOptions {
            challenge: challenge.to_owned(),
            timeout: PATIENCE,
            rp_id: self.id.clone(),
            user_verification: "required",
        }
    }

    /// Checks a passkey that was made for this challenge. What the device says about its maker is
    /// not asked for and not read.
    pub fn check_new(
        &self,
        credential: &PasskeyCredential,
        challenge: &str,
    ) -> Result<NewPasskey, PasskeyError> {
        let malformed = PasskeyError::Malformed("attestation");
        self.check_client_data(credential, "webauthn.create", challenge)?;
        let object = decode(credential.response.attestation_object.as_deref(), "attestation")?;
        let object: Value = ciborium::de::from_reader_with_recursion_limit(object.as_slice(), 16)
            .map_err(|_| malformed)?;
        let entries = object.as_map().ok_or(malformed)?;
        let data = entries.iter().find(|(key, _)| key.as_text() == Some("authData"));
        let bytes = data.and_then(|(_, value)| value.as_bytes()).ok_or(malformed)?;
        let data = AuthenticatorData::parse(bytes)?;
        self.check_site(&data)?;
        data.check_user()?;
        let (id, key) = data.credential()?;
        if decode(Some(&credential.id), "id")? != id {
            return Err(PasskeyError::Mismatch("id"));
        }
        Ok(NewPasskey {
            credential_hash: sha256(id),
            credential_id: URL_SAFE_NO_PAD.encode(id),
            public_key: key.to_string(),
            sign_count: data.sign_count,
        })
    }

    /// Checks a log-in against the challenge and the public key of the passkey it names.
    pub fn check_login(
        &self,
        assertion: &Assertion<'_>,
        challenge: &str,
        (user, public_key): (UserId, &str),
    ) -> Result<PasskeyUse, PasskeyError> {
        let credential = assertion.credential;
        let client_data = self.check_client_data(credential, "webauthn.get", challenge)?;
        let response = &credential.response;
        let bytes = decode(response.authenticator_data.as_deref(), "authenticator data")?;
        let data = AuthenticatorData::parse(&bytes)?;
        self.check_site(&data)?;
        data.check_user()?;
        if response.user_handle.as_ref().is_some_and(|handle| *handle != user_handle(user)) {
            return Err(PasskeyError::Mismatch("user"));
        }
        let signature = decode(response.signature.as_deref(), "signature")?;
        let message = [bytes.as_slice(), &sha256(&client_data)].concat();
        public_key.parse::<PublicKey>()?.verify(&message, &signature)?;
        Ok(PasskeyUse { sign_count: data.sign_count })
    }

    fn check_client_data(
        &self,
        credential: &PasskeyCredential,
        kind: &str,
        challenge: &str,
    ) -> Result<Vec<u8>, PasskeyError> {
        if credential.kind != "public-key" {
            return Err(PasskeyError::Malformed("type"));
        }
        let bytes = decode(Some(&credential.response.client_data), "client data")?;
        let data: ClientData =
            serde_json::from_slice(&bytes).map_err(|_| PasskeyError::Malformed("client data"))?;
        let checks = [
            ("type", data.kind == kind),
            ("challenge", data.challenge == challenge),
            ("origin", data.origin == self.origin && !data.cross_origin),
        ];
        match checks.into_iter().find(|(_, good)| !good) {
            Some((what, _)) => Err(PasskeyError::Mismatch(what)),
            None => Ok(bytes),
        }
    }

    fn check_site(&self, data: &AuthenticatorData<'_>) -> Result<(), PasskeyError> {
        if data.rp_id_hash == sha256(self.id.as_bytes()) {
            Ok(())
        } else {
            Err(PasskeyError::Mismatch("site"))
        }
    }
}

// === impl PasskeyCredential ===

impl PasskeyCredential {
    /// Reads it as a log-in, to find the passkey it names.
    pub fn assertion(&self) -> Result<Assertion<'_>, PasskeyError> {
        let id = decode(Some(&self.id), "id")?;
        Ok(Assertion { credential: self, credential_hash: sha256(&id) })
    }

    /// The challenge it says it answers: to find what was handed out, which is compared with it.
    pub fn challenge(&self) -> Result<String, PasskeyError> {
        let bytes = decode(Some(&self.response.client_data), "client data")?;
        let data: ClientData =
            serde_json::from_slice(&bytes).map_err(|_| PasskeyError::Malformed("client data"))?;
        Ok(data.challenge)
    }
}

/// What a device keeps as the user: the id, which tells nobody anything.
fn user_handle(user: UserId) -> String {
    URL_SAFE_NO_PAD.encode(user.raw().to_be_bytes())
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

fn decode(text: Option<&str>, what: &'static str) -> Result<Vec<u8>, PasskeyError> {
    let malformed = PasskeyError::Malformed(what);
    let text = text.filter(|text| text.len() <= LONGEST_PART).ok_or(malformed)?;
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| malformed)
}

#[cfg(test)]
mod tests;
