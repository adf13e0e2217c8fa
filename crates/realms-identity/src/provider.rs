//! Realms as an OAuth 2 provider: apps of others that users let in, to learn who they are and to call models in their
//! name.
//!
//! The authorization code flow of RFC 6749 with PKCE (RFC 7636), the issuer in the answer (RFC 9207), revocation (RFC
//! 7009) and refresh tokens that are good once. An app that may call does so as one API key of the user, whatever
//! token it brings: so limits, budgets, usage and revocation are those of a key.

mod app;
mod authorization;
mod redirect;
mod token;

pub use app::{AppDraft, AppMistake, MadeApp};
pub use authorization::{Asked, Authorization, Consent, Decision};
pub use token::{ClientAuth, TokenError, TokenGrant, TokenPair, UserInfo};

use realms_seal::Keyring;
use realms_store::{Store, StoreError};
use realms_types::{Ids, SharedClock};

use crate::MOST_API_KEYS;

/// What access tokens start with.
pub(crate) const ACCESS_TOKEN: &str = "oat_";
const REFRESH_TOKEN: &str = "ort_";
const CODE: &str = "oac_";
const CLIENT_SECRET: &str = "ocs_";

/// Lets apps of others in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct OauthProvider {
    store: Store,
    keyring: Keyring,
    clock: SharedClock,
    ids: Ids,
}

/// Why something is not done for an operator or a user; what apps are told is a [`TokenError`].
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// An app cannot be what it was to be.
    #[error(transparent)]
    App(#[from] AppMistake),
    /// There are as many apps as there may be.
    #[error("there are 200 OAuth apps: delete one first")]
    Full,
    /// The user has as many API keys as they may, and the app would call as another.
    #[error(
        "this app would call as an API key of yours, and you have {MOST_API_KEYS}: delete one you do not use"
    )]
    TooManyKeys,
    /// There is no such app.
    #[error("there is no OAuth app `{0}`")]
    NotFound(String),
    /// The app keeps no secret.
    #[error("this app keeps no secret: it shows itself by PKCE alone")]
    NoSecret,
    /// Somebody is sent here by an app that nobody knows, or that is switched off.
    #[error("there is no such app here: whoever sent you here has it set up wrongly")]
    UnknownClient,
    /// An app asks for users to be sent where it never said they would be.
    #[error(
        "the app asks for you to be sent to an address that is not its own: nothing was told to it"
    )]
    RedirectMismatch,
    /// The query of an authorization cannot be read.
    #[error("`{0}` stands twice in the address: whoever sent you here has it set up wrongly")]
    Twice(String),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

// === impl OauthProvider ===

impl OauthProvider {
    /// Over a store.
    pub const fn new(store: Store, keyring: Keyring, clock: SharedClock, ids: Ids) -> Self {
        Self { store, keyring, clock, ids }
    }

    /// What a secret, a code or a token is looked up by.
    fn hash(&self, secret: &str) -> [u8; 32] {
        self.keyring.keyed_hash(secret)
    }
}
