//! Passkeys: WebAuthn Level 3 without attestation, verified with the one cryptographic library.
//!
//! A passkey is a whole log-in, so the device must have verified its user. Which challenge is whose,
//! and that it counts once, is the business of whoever calls this.

mod authenticator_data;
mod ceremony;
mod public_key;

pub use ceremony::{
    Assertion, CreationOptions, NewPasskey, PasskeyCredential, PasskeyUse, RelyingParty,
    RequestOptions,
};

/// Why a passkey is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// Something is not in its form.
    #[error("the passkey's {0} cannot be read")]
    Malformed(&'static str),
    /// It is for another ceremony, challenge or site.
    #[error("the passkey answers another question: its {0} is not the one asked for")]
    Mismatch(&'static str),
    /// The device did not make sure who holds it.
    #[error("the device did not verify its user")]
    NotVerified,
    /// A kind of key that is not accepted here.
    #[error("the passkey's kind of key is not accepted: ES256, EdDSA and RS256 are")]
    Algorithm,
    /// The signature is not the passkey's.
    #[error("the passkey's signature is wrong")]
    Signature,
}
