//! Passwords: argon2id with the parameters OWASP recommends, a few at a time.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};
use realms_types::Secret;
use tokio::sync::Semaphore;

use crate::IdentityError;

/// Memory of one hash in KiB, its passes and its lanes: 19 MiB, 2, 1.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// Hashes at once; each holds its memory and a core.
const AT_ONCE: usize = 2;
/// Hashes that may wait for their turn.
const QUEUE: usize = 20;
/// Fewer characters are guessed too soon.
const SHORTEST: usize = 8;
/// More would only cost time.
const LONGEST: usize = 256;

/// A password that is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than 8 or more than 256 bytes.
    #[error("a password has {SHORTEST} to {LONGEST} bytes")]
    Length,
}

/// Hashes and checks passwords without taking over the machine.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

// === impl Passwords ===

impl Default for Passwords {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            queue: Arc::new(Semaphore::new(AT_ONCE + QUEUE)),
        }
    }
}

impl Passwords {
    /// The hash of a new password, in PHC text form.
    pub async fn hash(&self, password: Secret<String>) -> Result<String, IdentityError> {
        if !(SHORTEST..=LONGEST).contains(&password.reveal().len()) {
            return Err(WeakPassword::Length.into());
        }
        self.in_turn(move || {
            let hash = hasher()?.hash_password(password.reveal().as_bytes());
            hash.map(|hash| hash.to_string()).map_err(|_| IdentityError::UnreadableHash)
        })
        .await
    }

    /// Whether a password fits a stored hash.
    pub async fn verify(
        &self,
        password: Secret<String>,
        hash: Secret<String>,
    ) -> Result<bool, IdentityError> {
        if password.reveal().len() > LONGEST {
            return Ok(false);
        }
        self.in_turn(move || {
            let stored =
                PasswordHash::new(hash.reveal()).map_err(|_| IdentityError::UnreadableHash)?;
            Ok(hasher()?.verify_password(password.reveal().as_bytes(), &stored).is_ok())
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, IdentityError> + Send + 'static,
    ) -> Result<T, IdentityError> {
        let _place = self.queue.try_acquire().map_err(|_| IdentityError::Busy)?;
        let _turn = self.turns.acquire().await.map_err(|_| IdentityError::Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| IdentityError::Busy)?
    }
}

fn hasher() -> Result<Argon2<'static>, IdentityError> {
    let (memory, passes, lanes) = COST;
    let params =
        Params::new(memory, passes, lanes, None).map_err(|_| IdentityError::UnreadableHash)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::default();
        let hash = passwords.hash(Secret::from("correct horse")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let hash = Secret::from(hash);
        assert!(passwords.verify(Secret::from("correct horse"), hash.clone()).await.unwrap());
        assert!(!passwords.verify(Secret::from("battery staple"), hash).await.unwrap());
    }

    #[tokio::test]
    async fn weak_passwords_and_unreadable_hashes_are_errors() {
        let passwords = Passwords::default();
        let weak = passwords.hash(Secret::from("short")).await;
        assert!(matches!(weak, Err(IdentityError::Password(WeakPassword::Length))));
        let broken = passwords.verify(Secret::from("whatever"), Secret::from("plain")).await;
        assert!(matches!(broken, Err(IdentityError::UnreadableHash)));
    }
}
