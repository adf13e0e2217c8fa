//! A data key under the master key.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use realms_types::{DataKeyId, Secret, Timestamp};

use crate::{
    Purpose, SealError,
    cipher::{Cipher, VERSION},
};

/// A data key as the store keeps it: useless without the master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// Its id, named in every value it sealed.
    pub id: DataKeyId,
    /// What it is for.
    pub purpose: Purpose,
    /// `v1.<base64url(nonce ‖ ciphertext ‖ tag)>`, bound to the id and the purpose.
    pub wrapped: String,
    /// When it was made.
    pub created_at: Timestamp,
}

// === impl WrappedKey ===

impl WrappedKey {
    pub(crate) fn wrap_with(
        cipher: &Cipher,
        id: DataKeyId,
        purpose: Purpose,
        material: &Secret<[u8; 32]>,
        created_at: Timestamp,
    ) -> Result<Self, SealError> {
        let sealed = cipher.seal(&Self::associated_data(id, purpose), material.reveal())?;
        let wrapped = format!("{VERSION}.{}", URL_SAFE_NO_PAD.encode(sealed));
        Ok(Self { id, purpose, wrapped, created_at })
    }

    /// `None` when another master key wrapped it, or it was altered.
    pub(crate) fn unwrap_with(&self, cipher: &Cipher) -> Option<Secret<[u8; 32]>> {
        let data = self.wrapped.strip_prefix(VERSION)?.strip_prefix('.')?;
        let sealed = URL_SAFE_NO_PAD.decode(data).ok()?;
        let material = cipher.open(&Self::associated_data(self.id, self.purpose), &sealed)?;
        <[u8; 32]>::try_from(material.reveal().as_slice()).ok().map(Secret::new)
    }

    fn associated_data(id: DataKeyId, purpose: Purpose) -> String {
        format!("data key|{purpose}|{id}")
    }
}
