//! Authenticated encryption with the nonce, ciphertext and tag in one piece.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use realms_types::Secret;
use zeroize::Zeroizing;

use crate::SealError;

/// The version of the text forms `v1.…`: AES-256-GCM, 12 bytes of nonce, ciphertext, 16 bytes of tag.
pub(crate) const VERSION: &str = "v1";

/// AES-256-GCM under one key, a random nonce for each message. Good for 2³² messages of a key.
pub(crate) struct Cipher(RandomizedNonceKey);

// === impl Cipher ===

impl Cipher {
    const NONCE: usize = 12;

    pub(crate) fn new(key: &[u8; 32]) -> Result<Self, SealError> {
        RandomizedNonceKey::new(&AES_256_GCM, key).map(Self).map_err(|_| SealError::Cipher)
    }

    pub(crate) fn seal(&self, associated: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut sealed = Vec::with_capacity(Self::NONCE + plain.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&[0; Self::NONCE]);
        sealed.extend_from_slice(plain);
        let (nonce, tag) = self
            .0
            .seal_in_place_separate_tag(Aad::from(associated), &mut sealed[Self::NONCE..])
            .map_err(|_| SealError::Cipher)?;
        sealed[..Self::NONCE].copy_from_slice(nonce.as_ref());
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// `None` when the bytes were altered or belong elsewhere.
    pub(crate) fn open(&self, associated: &str, sealed: &[u8]) -> Option<Secret<Vec<u8>>> {
        let (nonce, data) = sealed.split_first_chunk::<{ Self::NONCE }>()?;
        let mut data = Zeroizing::new(data.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let plain = self.0.open_in_place(nonce, Aad::from(associated), &mut data).ok()?;
        Some(Secret::new(plain.to_vec()))
    }
}
