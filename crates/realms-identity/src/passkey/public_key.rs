//! Public keys of passkeys: read from COSE (RFC 9052), kept as text, used to verify.

use std::{fmt, str::FromStr};

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ciborium::Value;

use super::PasskeyError;

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PublicKey {
    /// ECDSA on P-256 with SHA-256: an uncompressed point.
    Es256(Vec<u8>),
    /// Ed25519.
    EdDsa(Vec<u8>),
    /// RSA, PKCS #1 v1.5, SHA-256: modulus and exponent.
    Rs256(Vec<u8>, Vec<u8>),
}

/// The algorithms asked for, best first, by their numbers at IANA.
pub(super) const ALGORITHMS: [i64; 3] = [-7, -8, -257];

// === impl PublicKey ===

impl PublicKey {
    /// Reads a COSE key.
    pub(super) fn from_cose(key: &Value) -> Result<Self, PasskeyError> {
        let malformed = PasskeyError::Malformed("public key");
        let map = key.as_map().ok_or(malformed)?;
        let get = |label: i64| {
            let found = map.iter().find(|(key, _)| key.as_integer() == Some(label.into()));
            found.map(|(_, value)| value)
        };
        let number = |label: i64| {
            get(label).and_then(Value::as_integer).and_then(|number| i64::try_from(number).ok())
        };
        let bytes = |label: i64, most: usize| {
            let bytes = get(label).and_then(Value::as_bytes).ok_or(malformed)?;
            if bytes.len() > most { Err(malformed) } else { Ok(bytes.clone()) }
        };
        match (number(1), number(3), number(-1)) {
            (Some(2), Some(-7), Some(1)) => {
                let (x, y) = (bytes(-2, 32)?, bytes(-3, 32)?);
                if x.len() != 32 || y.len() != 32 {
                    return Err(malformed);
                }
                Ok(Self::Es256([&[4u8][..], &x, &y].concat()))
            }
            (Some(1), Some(-8), Some(6)) => {
                let x = bytes(-2, 32)?;
                if x.len() == 32 { Ok(Self::EdDsa(x)) } else { Err(malformed) }
            }
            (Some(3), Some(-257), _) => Ok(Self::Rs256(bytes(-1, 1024)?, bytes(-2, 8)?)),
            _ => Err(PasskeyError::Algorithm),
        }
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), PasskeyError> {
        let verified = match self {
            Self::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            Self::EdDsa(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            Self::Rs256(n, e) => RsaPublicKeyComponents { n, e }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                message,
                signature,
            ),
        };
        verified.map_err(|_| PasskeyError::Signature)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Es256(point) => write!(f, "es256.{}", text(point)),
            Self::EdDsa(key) => write!(f, "eddsa.{}", text(key)),
            Self::Rs256(n, e) => write!(f, "rs256.{}.{}", text(n), text(e)),
        }
    }
}

impl FromStr for PublicKey {
    type Err = PasskeyError;

    fn from_str(text: &str) -> Result<Self, PasskeyError> {
        let malformed = PasskeyError::Malformed("stored key");
        let mut parts = text.split('.');
        let name = parts.next().unwrap_or_default();
        let mut bytes = || {
            let part = parts.next().ok_or(malformed)?;
            URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed)
        };
        match name {
            "es256" => Ok(Self::Es256(bytes()?)),
            "eddsa" => Ok(Self::EdDsa(bytes()?)),
            "rs256" => Ok(Self::Rs256(bytes()?, bytes()?)),
            _ => Err(malformed),
        }
    }
}
