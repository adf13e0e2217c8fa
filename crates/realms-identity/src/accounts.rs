//! What people do with their own accounts: make one, log in, prove who they are, change what is
//! theirs.
//!
//! Every flow counts its try before it compares anything, takes the same way for an account that
//! does not exist as for one that does, and writes its change and its audit entry in one
//! transaction.

mod audit;
mod email;
mod entry;
mod external;
mod log_in;
mod passkeys;
mod password;
mod profile;
mod registration;
mod second_factor;

use std::net::IpAddr;

use realms_seal::Keyring;
use realms_store::{Store, UserRecord};
use realms_types::{Ids, SharedClock, UserId};

use crate::{Guesses, IdentityError, Language, Mailer, Passwords, Sessions, code::Codes};

pub use external::{Arrival, Visitor};
pub use log_in::LoggedIn;
pub use profile::Profile;
pub use registration::{DEFAULT_GROUP, Invite, Registration, RegistrationRules};
pub use second_factor::{NewTotp, Proven, SecondFactor};

/// The accounts of people.
#[derive(Debug, Clone)]
pub struct Accounts {
    store: Store,
    keyring: Keyring,
    clock: SharedClock,
    ids: Ids,
    passwords: Passwords,
    sessions: Sessions,
    mailer: Mailer,
    guesses: Guesses,
    codes: Codes,
}

/// Where a request comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The address of the client.
    pub address: IpAddr,
    /// What it says it is.
    pub user_agent: Option<String>,
    /// The id of the request.
    pub request_id: Option<String>,
    /// The language it is to be answered in.
    pub language: Language,
}

// === impl Accounts ===

impl Accounts {
    /// The accounts in this store.
    pub fn new(
        store: Store,
        keyring: Keyring,
        (clock, ids): (SharedClock, Ids),
        passwords: Passwords,
        sessions: Sessions,
        mailer: Mailer,
    ) -> Self {
        let guesses = Guesses::new(store.clone(), keyring.clone(), clock.clone());
        let codes = Codes::new(store.clone(), keyring.clone(), clock.clone(), ids.clone());
        Self { store, keyring, clock, ids, passwords, sessions, mailer, guesses, codes }
    }

    /// The mailer letters leave by.
    pub const fn mailer(&self) -> &Mailer {
        &self.mailer
    }

    /// A user who must be there: sessions end with their users.
    async fn user(&self, id: UserId) -> Result<UserRecord, IdentityError> {
        let user = self.store.read().find_user(id).await?;
        user.filter(|user| user.enabled).ok_or(IdentityError::UserDisabled)
    }
}
