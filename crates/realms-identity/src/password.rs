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
/// What every hash made here starts with.
const CURRENT: &str = "$argon2id$v=19$m=19456,t=2,p=1$";
/// Hashes at once; each holds its memory and a core.
const AT_ONCE: usize = 2;
/// Hashes that may wait for their turn.
const QUEUE: usize = 20;
/// Fewer characters are guessed too soon.
const SHORTEST: usize = 8;
/// More would only cost time.
const LONGEST: usize = 256;
/// The highest cost of a bcrypt hash that is checked: each step doubles the time, and at 15 it is
/// two seconds.
const MOST_BCRYPT_COST: u32 = 15;
/// What the password of nobody is compared with, so that an unknown name takes as long as a wrong
/// password. The words behind it are random and forgotten.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$cGFzc3dvcmRvZm5vYm9keQ$\
                      Yf1p2d1v0m0l5m9uYV8yfN3pO0m8m0l1m3c8cB5kX0Q";
/// The 8,359 passwords of 8 and more characters among the 20,000 most common ones, in lower case
/// and sorted: `common-passwords.txt` of Django 5.2 (BSD-3-Clause), from the breach corpora that
/// Royce Williams ranked, <https://gist.github.com/roycewilliams/226886fd01572964e1431ac8afc999ce>.
const COMMON: &str = include_str!("common_passwords.txt");

/// A password that is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than 8 or more than 256 bytes.
    #[error("a password has {SHORTEST} to {LONGEST} bytes")]
    Length,
    /// One of those that are tried first.
    #[error("this password is among those that are tried first: choose another")]
    Common,
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
        check_password(&password)?;
        self.rehash(password).await
    }

    /// The hash of a password that was good once, whatever is asked of new ones.
    pub(crate) async fn rehash(&self, password: Secret<String>) -> Result<String, IdentityError> {
        self.in_turn(move || {
            let hash = hasher()?.hash_password(password.reveal().as_bytes());
            hash.map(|hash| hash.to_string()).map_err(|_| IdentityError::UnreadableHash)
        })
        .await
    }

    /// Whether a password fits a stored hash: argon2 in PHC form, or bcrypt.
    pub async fn verify(
        &self,
        password: Secret<String>,
        hash: Secret<String>,
    ) -> Result<bool, IdentityError> {
        if password.reveal().len() > LONGEST {
            return Ok(false);
        }
        self.in_turn(move || {
            if hash.reveal().starts_with("$2") {
                return fits_bcrypt(&password, &hash);
            }
            let stored =
                PasswordHash::new(hash.reveal()).map_err(|_| IdentityError::UnreadableHash)?;
            Ok(hasher()?.verify_password(password.reveal().as_bytes(), &stored).is_ok())
        })
        .await
    }

    /// Takes as long as [`Self::verify`] for a user who does not exist or has no password.
    pub async fn verify_nobody(&self, password: Secret<String>) -> Result<(), IdentityError> {
        self.verify(password, Secret::from(NOBODY)).await.map(drop)
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

/// Whether a new password is acceptable.
pub fn check_password(password: &Secret<String>) -> Result<(), WeakPassword> {
    let password = password.reveal();
    if !(SHORTEST..=LONGEST).contains(&password.len()) {
        return Err(WeakPassword::Length);
    }
    let plain = password.to_lowercase();
    if COMMON.lines().any(|common| common == plain) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

/// Whether a stored hash should be replaced at the next log-in.
pub(crate) fn is_outdated(hash: &Secret<String>) -> bool {
    !hash.reveal().starts_with(CURRENT)
}

fn hasher() -> Result<Argon2<'static>, IdentityError> {
    let (memory, passes, lanes) = COST;
    let params =
        Params::new(memory, passes, lanes, None).map_err(|_| IdentityError::UnreadableHash)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// `$2a$`, `$2b$` and `$2y$`, brought along from another system. Like there, only the first 72 bytes
/// of a password count.
fn fits_bcrypt(password: &Secret<String>, hash: &Secret<String>) -> Result<bool, IdentityError> {
    let cost = hash.reveal().split('$').nth(2).and_then(|cost| cost.parse::<u32>().ok());
    if cost.is_none_or(|cost| cost > MOST_BCRYPT_COST) {
        return Err(IdentityError::UnreadableHash);
    }
    bcrypt::verify(password.reveal(), hash.reveal()).map_err(|_| IdentityError::UnreadableHash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::default();
        let hash = passwords.hash(Secret::from("correct horse")).await.unwrap();
        assert!(hash.starts_with(CURRENT), "{hash}");
        let hash = Secret::from(hash);
        assert!(!is_outdated(&hash));
        assert!(passwords.verify(Secret::from("correct horse"), hash.clone()).await.unwrap());
        assert!(!passwords.verify(Secret::from("battery staple"), hash).await.unwrap());
    }

    #[tokio::test]
    async fn weak_passwords_and_unreadable_hashes_are_errors() {
        let passwords = Passwords::default();
        let weak = passwords.hash(Secret::from("short")).await;
        assert!(matches!(weak, Err(IdentityError::Password(WeakPassword::Length))));
        for common in ["password1", "PassWord1", "1q2w3e4r5t"] {
            assert_eq!(check_password(&Secret::from(common)), Err(WeakPassword::Common));
        }
        assert_eq!(check_password(&Secret::from("x".repeat(257))), Err(WeakPassword::Length));
        for broken in ["plain", "$2b$31$abcdefghijklmnopqrstuu", "$2b$10$short", "$2"] {
            let broken = passwords.verify(Secret::from("whatever"), Secret::from(broken)).await;
            assert!(matches!(broken, Err(IdentityError::UnreadableHash)), "{broken:?}");
        }
    }

    /// The three names the algorithm has had.
    #[tokio::test]
    async fn hashes_of_other_systems_fit_and_are_outdated() {
        let passwords = Passwords::default();
        let made = bcrypt::hash("correct horse", 4).unwrap();
        for name in ["$2a$", "$2b$", "$2y$"] {
            let hash = Secret::from(made.replacen("$2b$", name, 1));
            assert!(is_outdated(&hash));
            assert!(passwords.verify(Secret::from("correct horse"), hash.clone()).await.unwrap());
            assert!(!passwords.verify(Secret::from("battery staple"), hash).await.unwrap());
        }
    }

    #[tokio::test]
    async fn the_password_of_nobody_is_checked_like_any_other() {
        assert!(NOBODY.starts_with(CURRENT));
        assert!(PasswordHash::new(NOBODY).is_ok());
        Passwords::default().verify_nobody(Secret::from("correct horse")).await.unwrap();
    }

    #[test]
    fn the_common_ones_are_sorted_in_lower_case_and_long_enough_to_matter() {
        let common: Vec<&str> = COMMON.lines().collect();
        assert!(common.len() > 8_000);
        assert!(common.is_sorted());
        assert!(common.iter().all(|word| word.len() >= SHORTEST && *word == word.to_lowercase()));
    }
}
