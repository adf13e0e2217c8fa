//! Users, passwords, sessions and API keys: who a request comes from.

mod api_key;
mod callers;
mod password;
mod sessions;

use realms_store::StoreError;

pub use api_key::{ApiKeyError, check_api_key, hint_of, key_hash, legacy_key_hash, new_api_key};
pub use callers::{Caller, Callers};
pub use password::{Passwords, WeakPassword};
pub use sessions::{Lifetime, Lifetimes, NewSession, Opened, Sessions, SignedIn};

/// Why a caller or a password could not be established.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The key stands for nobody who may call.
    #[error("{0}")]
    Denied(Denied),
    /// The database did not say.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Too many passwords are being checked at once.
    #[error("too many passwords are being checked: try again shortly")]
    Busy,
    /// A password that is not acceptable.
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// A stored password hash that cannot be read.
    #[error("the stored password hash cannot be read: set a new password")]
    UnreadableHash,
}

/// Why a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// No such key.
    #[error("the API key is not known")]
    UnknownKey,
    /// Revoked for good.
    #[error("the API key was revoked")]
    KeyRevoked,
    /// Switched off for now.
    #[error("the API key is switched off")]
    KeyDisabled,
    /// Its user is switched off.
    #[error("the user of the API key is switched off")]
    UserDisabled,
}
