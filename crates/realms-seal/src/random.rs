//! Random secrets and their comparison.

use aws_lc_rs::rand;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use realms_types::Secret;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Bytes from the generator of the cryptographic library, fit for keys and nonces.
#[expect(clippy::expect_used, reason = "a process without randomness must not go on")]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0u8; N];
    rand::fill(&mut bytes).expect("the system has a source of randomness");
    bytes
}

/// A new secret of 256 bits: the prefix and 43 characters of base64url.
pub fn random_token(prefix: &str) -> Secret<String> {
    let bytes = Zeroizing::new(random_bytes::<32>());
    // One allocation of the final size: a buffer that grows leaves copies of the secret behind.
    let mut token = String::with_capacity(prefix.len() + 43);
    token.push_str(prefix);
    URL_SAFE_NO_PAD.encode_string(bytes.as_slice(), &mut token);
    Secret::new(token)
}

/// Whether two secrets are equal, in a time that tells only their lengths.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_prefixed_url_safe_and_never_the_same() {
        let (one, two) = (random_token("sk_"), random_token("sk_"));
        assert_eq!(one.reveal().len(), 46);
        assert!(one.reveal().starts_with("sk_"));
        assert!(one.reveal().bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
        assert_ne!(one.reveal(), two.reveal());
    }

    #[test]
    fn sameness_needs_every_byte() {
        assert!(same(b"", b""));
        assert!(same(b"abc", b"abc"));
        assert!(!same(b"abc", b"abd"));
        assert!(!same(b"abc", b"ab"));
        assert!(!same(b"", b"a"));
    }
}
