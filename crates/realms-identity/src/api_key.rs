//! The form of API keys and how they are looked up.

use aws_lc_rs::digest::{SHA256, digest};
use realms_seal::{Keyring, Secret, random_token};
use realms_store::KeyHash;

/// API keys that one user may have, those of apps and those that were revoked among them.
pub const MOST_API_KEYS: usize = 100;
/// What keys made here start with.
const PREFIX: &str = "sk_";
/// Shorter keys could be guessed over the network.
const SHORTEST: usize = 8;
/// Longer keys do not fit a header comfortably.
const LONGEST: usize = 256;

/// Why a key that somebody brings along is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApiKeyError {
    /// Too short or too long.
    #[error("an API key has {SHORTEST} to {LONGEST} characters, best `sk_` and 43 random ones")]
    Length,
    /// Characters that do not survive in a header.
    #[error("an API key consists of visible ASCII characters without spaces")]
    Characters,
}

/// A new key: `sk_` and 32 random bytes in base64url, 46 characters.
pub fn new_api_key() -> Secret<String> {
    random_token(PREFIX)
}

/// Checks a key that was not made here: any form that survives in a header, so that `rlm_…` and
/// keys of other systems can be brought along.
pub fn check_api_key(key: &str) -> Result<(), ApiKeyError> {
    if !(SHORTEST..=LONGEST).contains(&key.len()) {
        return Err(ApiKeyError::Length);
    }
    if key.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(ApiKeyError::Characters)
    }
}

/// What a key is looked up by: a keyed hash, useless without the master key.
pub fn key_hash(keyring: &Keyring, key: &str) -> KeyHash {
    KeyHash::Hmac(keyring.keyed_hash(key))
}

/// What a key imported from a system that kept only plain hashes is looked up by.
pub fn legacy_key_hash(key: &str) -> KeyHash {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, key.as_bytes()).as_ref());
    KeyHash::Sha256(bytes)
}

/// The end of a key, by which its owner recognises it.
pub fn hint_of(key: &str) -> String {
    let skipped = key.chars().count().saturating_sub(4);
    key.chars().skip(skipped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_keys_have_the_documented_form() {
        let key = new_api_key();
        assert!(key.reveal().starts_with("sk_"));
        assert_eq!(key.reveal().len(), 46);
        assert_eq!(check_api_key(key.reveal()), Ok(()));
        assert_eq!(hint_of(key.reveal()).len(), 4);
    }

    #[test]
    fn keys_of_other_systems_come_along_unless_they_break_headers() {
        assert_eq!(check_api_key("rlm_0123456789abcdef"), Ok(()));
        assert_eq!(check_api_key("sk_1"), Err(ApiKeyError::Length));
        assert_eq!(check_api_key("sk_with a space"), Err(ApiKeyError::Characters));
        assert_eq!(check_api_key("sk_密钥密钥密钥"), Err(ApiKeyError::Characters));
        assert_eq!(check_api_key(&"x".repeat(257)), Err(ApiKeyError::Length));
    }
}
