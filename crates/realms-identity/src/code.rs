//! Codes sent by mail: six digits, bound to a purpose and an address, good for ten minutes, five
//! tries and one use.

use std::time::Duration;

use realms_seal::{Keyring, random_bytes, same};
use realms_store::{CodeTry, OneTimeCodeRecord, Store};
use realms_types::{Ids, OneTimeCodeId, Secret, SharedClock, UserId};

use crate::IdentityError;

/// How long a code is good.
const LIFE: Duration = Duration::from_mins(10);
/// How often it may be tried.
const MOST_TRIES: i64 = 5;
/// A code is a number below this.
const MODULUS: u32 = 1_000_000;

/// Makes codes and checks them.
#[derive(Debug, Clone)]
pub(crate) struct Codes {
    store: Store,
    keyring: Keyring,
    clock: SharedClock,
    ids: Ids,
}

/// What a code is for. A code for one purpose is good for no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodePurpose {
    /// Making an account with this address.
    Register,
    /// Setting a new password.
    ResetPassword,
    /// Giving this user this address.
    ChangeEmail(UserId),
}

// === impl Codes ===

impl Codes {
    pub(crate) const fn new(store: Store, keyring: Keyring, clock: SharedClock, ids: Ids) -> Self {
        Self { store, keyring, clock, ids }
    }

    /// Makes a code, from now on the only one for this. It is made whether or not it will be sent,
    /// so that an address which is nobody's behaves like any other.
    pub(crate) async fn make(
        &self,
        purpose: CodePurpose,
        email: &str,
    ) -> Result<Secret<String>, IdentityError> {
        let (id, code, now) = (self.ids.next(), new_code(), self.clock.now());
        let record = OneTimeCodeRecord {
            id,
            subject: self.subject(purpose, email),
            hash: self.hash(id, code.reveal()),
            created_at: now,
            expires_at: now + LIFE,
        };
        let mut tx = self.store.begin().await?;
        tx.put_one_time_code(&record).await?;
        tx.commit().await?;
        Ok(code)
    }

    /// Counts a try, then compares. Whoever goes on uses the code up by its id in the transaction of
    /// what it is for.
    pub(crate) async fn check(
        &self,
        purpose: CodePurpose,
        email: &str,
        code: &str,
    ) -> Result<OneTimeCodeId, IdentityError> {
        let subject = self.subject(purpose, email);
        match self.store.try_one_time_code(&subject, MOST_TRIES, self.clock.now()).await? {
            CodeTry::Open { id, hash } => {
                let given = hex(&self.hash(id, code.trim()));
                if same(hash.as_bytes(), given.as_bytes()) {
                    Ok(id)
                } else {
                    Err(IdentityError::WrongCode)
                }
            }
            CodeTry::Expired => Err(IdentityError::ExpiredCode),
            CodeTry::Closed => Err(IdentityError::WrongCode),
        }
    }

    fn subject(&self, purpose: CodePurpose, email: &str) -> [u8; 32] {
        let subject = match purpose {
            CodePurpose::Register => format!("code\nregister\n{email}"),
            CodePurpose::ResetPassword => format!("code\nreset password\n{email}"),
            CodePurpose::ChangeEmail(user) => format!("code\nchange email\n{user}\n{email}"),
        };
        self.keyring.keyed_hash(&subject)
    }

    fn hash(&self, id: OneTimeCodeId, code: &str) -> [u8; 32] {
        self.keyring.keyed_hash(&format!("code\n{id}\n{code}"))
    }
}

/// Six digits, each as likely as any other.
fn new_code() -> Secret<String> {
    // The largest multiple of a million that fits; what lies above would make small codes likelier.
    let limit = u32::MAX - u32::MAX % MODULUS;
    loop {
        let number = u32::from_le_bytes(random_bytes());
        if number < limit {
            return Secret::from(format!("{:06}", number % MODULUS));
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_six_digits() {
        for _ in 0..100 {
            let code = new_code();
            assert_eq!(code.reveal().len(), 6);
            assert!(code.reveal().bytes().all(|byte| byte.is_ascii_digit()));
        }
        assert_eq!(hex(&[0, 255, 16]), "00ff10");
    }
}
