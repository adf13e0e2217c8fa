//! Bounds on guessing: at most 10 failures in a quarter of an hour for an account, and 30 from an
//! address, over everything that can be guessed, on all nodes together.
//!
//! A try is counted before anything is compared. One that was right takes its own count back.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use realms_seal::{Keyring, random_bytes};
use realms_store::{Bucket, Claim, Store};
use realms_types::{SharedClock, UserId};

use crate::IdentityError;

/// How long a failure counts.
const WINDOW: Duration = Duration::from_mins(15);
/// Failures of an account within it.
const MOST_OF_ACCOUNT: u32 = 10;
/// Failures from an address within it.
const MOST_OF_ADDRESS: u32 = 30;

/// Counts guesses, and mail that anyone can have sent.
#[derive(Debug, Clone)]
pub struct Guesses {
    store: Store,
    keyring: Keyring,
    clock: SharedClock,
}

/// Whose secret is guessed at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Account<'a> {
    /// A user's.
    Known(UserId),
    /// That of a name or address which is nobody's: it must look like somebody's.
    Unknown(&'a str),
}

/// A guess that counts as a failure until it is said to have been right.
#[derive(Debug)]
#[must_use = "a guess is a failure unless it `was_right`"]
pub(crate) struct Guess<'a> {
    guesses: &'a Guesses,
    taken: Vec<Taken>,
}

#[derive(Debug)]
struct Taken {
    bucket: Bucket,
    slot: i64,
    ticket: i64,
}

// === impl Guesses ===

impl Guesses {
    /// Counts in this store.
    pub const fn new(store: Store, keyring: Keyring, clock: SharedClock) -> Self {
        Self { store, keyring, clock }
    }

    /// Counts a guess against the account and the address it comes from, or refuses it.
    pub(crate) async fn begin(
        &self,
        account: Account<'_>,
        address: IpAddr,
    ) -> Result<Guess<'_>, IdentityError> {
        let account = match account {
            Account::Known(id) => format!("account\n{id}"),
            Account::Unknown(name) => format!("nobody\n{name}"),
        };
        let address = format!("address\n{}", network(address));
        self.claim([
            self.bucket(&address, MOST_OF_ADDRESS, WINDOW),
            self.bucket(&account, MOST_OF_ACCOUNT, WINDOW),
        ])
        .await
    }

    /// Counts a message to an address, whoever is behind it: one a minute and five an hour to the
    /// same, five a minute and twenty an hour from the same place.
    pub(crate) async fn begin_mail(&self, email: &str, from: IpAddr) -> Result<(), IdentityError> {
        let (minute, hour) = (Duration::from_mins(1), Duration::from_hours(1));
        let from = network(from);
        self.claim([
            self.bucket(&format!("mail from, minute\n{from}"), 5, minute),
            self.bucket(&format!("mail from, hour\n{from}"), 20, hour),
            self.bucket(&format!("mail to, minute\n{email}"), 1, minute),
            self.bucket(&format!("mail to, hour\n{email}"), 5, hour),
        ])
        .await
        .map(drop)
    }

    /// Counts an account somebody makes, or tries to: so many an hour from the same place.
    pub(crate) async fn begin_registration(&self, from: IpAddr) -> Result<(), IdentityError> {
        let name = format!("registrations\n{}", network(from));
        self.claim([self.bucket(&name, 20, Duration::from_hours(1))]).await.map(drop)
    }

    /// Counts a question that leaves a row behind: so many a minute from the same place.
    pub(crate) async fn begin_challenge(&self, from: IpAddr) -> Result<(), IdentityError> {
        let name = format!("challenges\n{}", network(from));
        self.claim([self.bucket(&name, 60, Duration::from_mins(1))]).await.map(drop)
    }

    /// Whether this is the first event of its kind about an account for a quarter of an hour: what
    /// can be caused without end is noted once in that time.
    pub(crate) async fn is_news(&self, kind: &str, about: &str) -> Result<bool, IdentityError> {
        let bucket = self.bucket(&format!("news\n{kind}\n{about}"), 1, WINDOW);
        let claim = self.store.claim_try(&bucket, ticket(), self.clock.now()).await?;
        Ok(matches!(claim, Claim::Taken(_)))
    }

    fn bucket(&self, name: &str, most: u32, window: Duration) -> Bucket {
        Bucket { hash: self.keyring.keyed_hash(name), most, window }
    }

    /// Counts in all buckets, or in none.
    async fn claim<const N: usize>(
        &self,
        buckets: [Bucket; N],
    ) -> Result<Guess<'_>, IdentityError> {
        let now = self.clock.now();
        let mut guess = Guess { guesses: self, taken: Vec::with_capacity(N) };
        for bucket in buckets {
            let ticket = ticket();
            match self.store.claim_try(&bucket, ticket, now).await? {
                Claim::Taken(slot) => guess.taken.push(Taken { bucket, slot, ticket }),
                Claim::Full(free_at) => {
                    guess.was_right().await;
                    let wait = free_at.since(now);
                    return Err(IdentityError::Throttled(wait.as_secs().max(1)));
                }
            }
        }
        Ok(guess)
    }
}

// === impl Guess ===

impl Guess<'_> {
    /// Takes the failure back.
    pub(crate) async fn was_right(self) {
        for Taken { bucket, slot, ticket } in &self.taken {
            let given_back = self.guesses.store.give_back_try(bucket, *slot, *ticket).await;
            if let Err(error) = given_back {
                // It counts as a failure for a while, which does no harm.
                tracing::warn!(%error, "cannot take a failed try back");
            }
        }
    }
}

fn ticket() -> i64 {
    i64::from_le_bytes(random_bytes())
}

/// What stands for the place a request comes from: an IPv6 user has a whole /64.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_is_one_place() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("2001:db8:1:2:ffff::1"), "2001:db8:1:2::");
        assert_eq!(of("::ffff:10.0.0.1"), "10.0.0.1");
    }
}
