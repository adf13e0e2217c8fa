//! What a device signs: WebAuthn Level 3, section 6.1.

use ciborium::Value;

use super::{PasskeyError, public_key::PublicKey};

/// The longest credential id: WebAuthn Level 3, section 4.
const LONGEST_ID: usize = 1023;

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const HAS_CREDENTIAL: u8 = 1 << 6;

/// What a device says about itself and its user.
#[derive(Debug)]
pub(super) struct AuthenticatorData<'a> {
    /// The SHA-256 of the site's id.
    pub(super) rp_id_hash: &'a [u8],
    flags: u8,
    /// How often the key was used; 0 when the device does not count.
    pub(super) sign_count: u32,
    rest: &'a [u8],
}

// === impl AuthenticatorData ===

impl<'a> AuthenticatorData<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, PasskeyError> {
        let malformed = PasskeyError::Malformed("authenticator data");
        let (rp_id_hash, rest) = bytes.split_at_checked(32).ok_or(malformed)?;
        let (flags, rest) = rest.split_first().ok_or(malformed)?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or(malformed)?;
        Ok(Self { rp_id_hash, flags: *flags, sign_count: u32::from_be_bytes(*count), rest })
    }

    /// The device made sure who holds it.
    pub(super) fn check_user(&self) -> Result<(), PasskeyError> {
        let both = USER_PRESENT | USER_VERIFIED;
        if self.flags & both == both { Ok(()) } else { Err(PasskeyError::NotVerified) }
    }

    /// The new credential: its id and its key.
    pub(super) fn credential(&self) -> Result<(&'a [u8], PublicKey), PasskeyError> {
        let malformed = PasskeyError::Malformed("credential");
        if self.flags & HAS_CREDENTIAL == 0 {
            return Err(malformed);
        }
        // 16 bytes say what kind of device it is, which nobody asks here.
        let (_, rest) = self.rest.split_at_checked(16).ok_or(malformed)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(malformed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (id, rest) = rest.split_at_checked(length).ok_or(malformed)?;
        if id.is_empty() || length > LONGEST_ID {
            return Err(malformed);
        }
        let key: Value =
            ciborium::de::from_reader_with_recursion_limit(rest, 8).map_err(|_| malformed)?;
        Ok((id, PublicKey::from_cose(&key)?))
    }
}
