//! The public keys of a site: RFC 7517, as far as RS256 and ES256 need it.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use super::OAuthError;

/// More keys than any site has.
const MOST_KEYS: usize = 100;

/// The keys of a site.
#[derive(Debug, Clone, Deserialize)]
pub struct KeySet {
    keys: Vec<Key>,
}

/// One of them. What is not known is not looked at.
#[derive(Debug, Clone, Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The algorithms accepted in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// RSA, PKCS #1 v1.5, SHA-256.
    Rs256,
    /// ECDSA on P-256, SHA-256.
    Es256,
}

// === impl KeySet ===

impl KeySet {
    /// Reads the document at the site's `jwks_uri`.
    pub fn parse(json: &[u8]) -> Result<Self, OAuthError> {
        let set: Self =
            serde_json::from_slice(json).map_err(|_| OAuthError::Malformed("key set"))?;
        if set.keys.len() > MOST_KEYS {
            return Err(OAuthError::Malformed("key set"));
        }
        Ok(set)
    }

    /// Checks a signature with the key of this id, or with every fitting key when none is named.
    pub(super) fn verify(
        &self,
        algorithm: Algorithm,
        kid: Option<&str>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), OAuthError> {
        let fits = |key: &&Key| {
            kid.is_none_or(|kid| key.kid.as_deref() == Some(kid)) && key.is_for(algorithm)
        };
        let mut fitting = self.keys.iter().filter(fits).peekable();
        if fitting.peek().is_none() {
            return Err(OAuthError::NoKey);
        }
        let good = fitting.any(|key| key.verify(algorithm, message, signature).is_some());
        if good { Ok(()) } else { Err(OAuthError::Signature) }
    }
}

// === impl Key ===

impl Key {
    fn is_for(&self, algorithm: Algorithm) -> bool {
        let kind = match algorithm {
            Algorithm::Rs256 => self.kty == "RSA",
            Algorithm::Es256 => self.kty == "EC" && self.crv.as_deref() == Some("P-256"),
        };
        let signs = self.usage.as_deref().is_none_or(|usage| usage == "sig");
        kind && signs && self.alg.as_deref().is_none_or(|alg| alg == algorithm.as_str())
    }

    fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Option<()> {
        let bytes = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?).ok();
        match algorithm {
            Algorithm::Rs256 => {
                let key = RsaPublicKeyComponents { n: bytes(&self.n)?, e: bytes(&self.e)? };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).ok()
            }
            Algorithm::Es256 => {
                let (x, y) = (bytes(&self.x)?, bytes(&self.y)?);
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                let point = [&[4u8][..], &x, &y].concat();
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                key.verify(message, signature).ok()
            }
        }
    }
}

// === impl Algorithm ===

impl Algorithm {
    pub(super) fn read(name: &str) -> Result<Self, OAuthError> {
        match name {
            "RS256" => Ok(Self::Rs256),
            "ES256" => Ok(Self::Es256),
            other => Err(OAuthError::Algorithm(other.chars().take(32).collect())),
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }
}
