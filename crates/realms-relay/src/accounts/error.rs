//! Why an account is not logged in, renewed or asked.

use realms_seal::SealError;
use realms_store::StoreError;
use realms_upstream::{CallbackError, TokenError, UsageError};

/// What can go wrong. Messages are fit to be shown and hold no token.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// What was pasted is no callback, or says that the log-in was refused.
    #[error(transparent)]
    Callback(#[from] CallbackError),
    /// The state belongs to no log-in that is under way.
    #[error(
        "this address belongs to no log-in that is under way: it was used already, began more than \
         30 minutes ago, or comes from another log-in; start again"
    )]
    UnknownLogIn,
    /// Somebody else began this log-in.
    #[error("somebody else began this log-in: begin your own")]
    NotYours,
    /// Too many log-ins are under way.
    #[error("too many log-ins are under way: finish some, or wait until they are over")]
    TooMany,
    /// The vendor refused, or could not be reached.
    #[error(transparent)]
    Token(TokenError),
    /// Pasted tokens do not work.
    #[error("these tokens do not work: {0}")]
    Pasted(String),
    /// Nobody knows whose the tokens are.
    #[error("the tokens do not say which account they are for: paste the `id_token` too")]
    NoAccount,
    /// The credential is another account.
    #[error(
        "credential `{credential}` is another account: log in to that one, or name a new credential"
    )]
    OtherAccount {
        /// The credential.
        credential: String,
    },
    /// The account is in the channel already.
    #[error("this account is credential `{credential}` already: log in again there")]
    Present {
        /// The credential.
        credential: String,
    },
    /// There is no such thing.
    #[error("there is no {0}")]
    NotFound(&'static str),
    /// The account needs a log-in first.
    #[error("this account needs a log-in: nothing else brings it back")]
    NeedsLogin,
    /// The vendor does not tell what is used up.
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A token cannot be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
}

// === impl AccountError ===

impl From<TokenError> for AccountError {
    fn from(error: TokenError) -> Self {
        Self::Token(error)
    }
}
