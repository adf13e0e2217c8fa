//! Users, passwords, sessions and API keys: who a request comes from.

mod accounts;
mod api_key;
mod callers;
mod code;
mod email;
mod guess;
mod letter;
mod mail;
mod oauth;
mod passkey;
mod password;
mod provider;
mod recovery_code;
mod sessions;
mod totp;

use realms_seal::SealError;
use realms_store::StoreError;

pub use accounts::{
    Accounts, Arrival, DEFAULT_GROUP, Invite, LoggedIn, NewTotp, Origin, Profile, Proven,
    Registration, RegistrationRules, SecondFactor, Visitor,
};
pub use api_key::{
    ApiKeyError, MOST_API_KEYS, check_api_key, hint_of, key_hash, legacy_key_hash, new_api_key,
};
pub use callers::{Caller, Callers};
pub use email::{BadEmail, read_email};
pub use guess::{Guesses, network};
pub use letter::{Language, Letter};
pub use mail::{
    FindMailSetup, MailError, MailRoute, MailSetup, Mailer, Postman, Smtp, SmtpSecurity,
};
pub use oauth::{
    Discovery, Expected, Flow, GitHubUser, IdClaims, KeySet, OAuthError, Proof, TokenAnswer,
    verify_id_token,
};
pub use passkey::{
    Assertion, CreationOptions, NewPasskey, PasskeyCredential, PasskeyError, PasskeyUse,
    RelyingParty, RequestOptions,
};
pub use password::{Passwords, WeakPassword, check_password};
pub use provider::{
    AppDraft, AppMistake, Asked, Authorization, ClientAuth, Consent, Decision, MadeApp,
    OauthProvider, ProviderError, TokenError, TokenGrant, TokenPair, UserInfo,
};
pub use sessions::{Lifetime, Lifetimes, NewSession, Opened, Sessions, SignedIn};
pub use totp::TotpSecret;

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
    /// Too many failures; wait so many seconds.
    #[error("too many failed tries: wait {0} seconds")]
    Throttled(u64),
    /// No such user, or another password.
    #[error("the name or the password is wrong")]
    WrongCredentials,
    /// It takes a fresh proof of who one is.
    #[error("show again who you are: it is more than 10 minutes ago")]
    NotFresh,
    /// The user is switched off.
    #[error("this account is switched off")]
    UserDisabled,
    /// Somebody of another site whose account there is linked to none here.
    #[error("this account of the other site is not linked to an account here")]
    UnknownIdentity,
    /// Nobody makes an account by themselves here.
    #[error("this site does not take new accounts")]
    RegistrationClosed,
    /// An account needs an address here.
    #[error("an e-mail address is needed here")]
    EmailNeeded,
    /// Nobody who is let in invites by this code.
    #[error("this invitation is not known: ask for another, or sign up without one")]
    UnknownInvite,
    /// The name, the address or the other site's account is somebody's.
    #[error("the name or the address is taken")]
    Taken,
    /// Nothing would be left to log in with.
    #[error("this is the last way to log in: set a password first")]
    LastWayIn,
    /// There are as many as there may be.
    #[error("there are as many as there may be: delete one first")]
    TooMany,
    /// A code that is none, was used, or was tried too often.
    #[error("the code is wrong, was used, or was tried too often")]
    WrongCode,
    /// A code that is too old.
    #[error("the code is too old: have a new one sent")]
    ExpiredCode,
    /// Something cannot be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Another site's word is not believed.
    #[error(transparent)]
    OAuth(#[from] OAuthError),
    /// A passkey's word is not believed.
    #[error(transparent)]
    Passkey(#[from] PasskeyError),
    /// No e-mail address.
    #[error(transparent)]
    Email(#[from] BadEmail),
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
    /// An access token of an OAuth app whose time is over.
    #[error("the access token has expired")]
    TokenExpired,
    /// An access token of an OAuth app that is not let in any more.
    #[error("the app of the access token is switched off")]
    AppDisabled,
    /// An access token that is not for calling models.
    #[error("the access token lacks the scope `relay`")]
    NotForRelay,
}

// === impl IdentityError ===

impl IdentityError {
    /// Says that something is taken without saying what: whose it is, is nobody's business.
    pub(crate) fn taken(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } => Self::Taken,
            other => Self::Store(other),
        }
    }
}
