//! Where sessions were served: the vendor's account that has read a conversation answers its next turn
//! sooner and cheaper than any other.

use std::time::Duration;

use dashmap::{DashMap, Entry};
use parking_lot::Mutex;
use realms_types::Timestamp;

use crate::Bond;

/// Sessions remembered at once: about 40 MB.
const MOST: usize = 500_000;

/// A session of one user with one model, hashed: what clients call their sessions is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionKey(pub [u8; 16]);

/// A session with where it was served, as it is written down to outlive the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remembered {
    /// The session.
    pub session: SessionKey,
    /// Where it was served.
    pub bond: Bond,
    /// Until when that counts.
    pub until: Timestamp,
}

/// How sure it is that two calls are of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kinship {
    /// The client names the session.
    Named,
    /// They begin alike. Most that begin so have no second turn: the first is not worth writing down.
    Alike,
}

/// Which credential served each session last.
#[derive(Debug, Default)]
pub struct Affinity {
    kept: DashMap<SessionKey, Kept>,
    /// What is to be written down.
    unsaved: Mutex<Vec<SessionKey>>,
}

#[derive(Debug, Clone, Copy)]
struct Kept {
    bond: Bond,
    until: Timestamp,
    /// Until when it counts as far as it is written down.
    saved_until: Timestamp,
}

// === impl Affinity ===

impl Affinity {
    /// Where a session was served, unless that is too long ago.
    pub fn find(&self, session: SessionKey, now: Timestamp) -> Option<Bond> {
        self.kept.get(&session).filter(|kept| kept.until > now).map(|kept| kept.bond)
    }

    /// Notes who served a session; it stays there for `ttl`, or until somebody else served it.
    ///
    /// When too many sessions are remembered, a new one is not: it is served all the same.
    pub fn bind(
        &self,
        session: SessionKey,
        kinship: Kinship,
        bond: Bond,
        ttl: Duration,
        now: Timestamp,
    ) {
        if self.kept.len() >= MOST {
            self.forget_old(now);
        }
        let (is_full, until) = (self.kept.len() >= MOST, now + ttl);
        let is_news = match self.kept.entry(session) {
            Entry::Occupied(mut known) => known.get_mut().renew(bond, until, ttl),
            Entry::Vacant(_) if is_full => false,
            Entry::Vacant(place) => {
                let is_news = kinship == Kinship::Named;
                let saved_until = if is_news { until } else { Timestamp::EPOCH };
                place.insert(Kept { bond, until, saved_until });
                is_news
            }
        };
        if is_news {
            self.unsaved.lock().push(session);
        }
    }

    /// What has changed since the last time this was asked. Whoever cannot write it down gives it back
    /// with [`Affinity::not_saved`].
    pub fn take_unsaved(&self) -> Vec<Remembered> {
        let mut sessions = std::mem::take(&mut *self.unsaved.lock());
        sessions.sort_unstable_by_key(|session| session.0);
        sessions.dedup();
        let read = |session: SessionKey| {
            let kept = self.kept.get(&session)?;
            Some(Remembered { session, bond: kept.bond, until: kept.until })
        };
        sessions.into_iter().filter_map(read).collect()
    }

    /// Puts back what could not be written down.
    pub fn not_saved(&self, remembered: &[Remembered]) {
        self.unsaved.lock().extend(remembered.iter().map(|one| one.session));
    }

    /// Learns what was written down, by an earlier process or another node. What is known to count
    /// longer stays.
    pub fn learn(&self, remembered: impl IntoIterator<Item = Remembered>) {
        for Remembered { session, bond, until } in remembered {
            if self.kept.len() >= MOST {
                return;
            }
            let written = Kept { bond, until, saved_until: until };
            self.kept
                .entry(session)
                .and_modify(|kept| {
                    if kept.until < until {
                        *kept = written;
                    }
                })
                .or_insert(written);
        }
    }

    /// Forgets bonds that are over.
    pub fn forget_old(&self, now: Timestamp) {
        self.kept.retain(|_, kept| kept.until > now);
    }
}

// === impl Kept ===

impl Kept {
    /// Served once more. Says whether that is to be written down: a bond that only lasts a little longer
    /// is not, or every turn would be.
    fn renew(&mut self, bond: Bond, until: Timestamp, ttl: Duration) -> bool {
        let moved = self.bond != bond;
        (self.bond, self.until) = (bond, until);
        let is_news = moved || until.since(self.saved_until) > ttl / 4;
        if is_news {
            self.saved_until = until;
        }
        is_news
    }
}

#[cfg(test)]
mod tests {
    use realms_types::{ChannelId, CredentialId};

    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn bond(credential: i64) -> Bond {
        Bond { channel: ChannelId::new(1), credential: CredentialId::new(credential) }
    }

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(1_000 + secs)
    }

    fn session(number: u8) -> SessionKey {
        SessionKey([number; 16])
    }

    #[test]
    fn a_bond_holds_until_its_end_or_until_somebody_else_serves() {
        let affinity = Affinity::default();
        let bind = |credential, secs| {
            affinity.bind(session(7), Kinship::Named, bond(credential), MINUTE, at(secs));
        };
        assert_eq!(affinity.find(session(7), at(0)), None);
        bind(1, 0);
        assert_eq!(affinity.find(session(7), at(59)), Some(bond(1)));
        assert_eq!(affinity.find(session(7), at(60)), None);
        assert_eq!(affinity.find(session(8), at(0)), None);
        bind(2, 30);
        assert_eq!(affinity.find(session(7), at(60)), Some(bond(2)));
        affinity.forget_old(at(90));
        assert!(affinity.kept.is_empty());
    }

    #[test]
    fn what_is_new_is_written_down_and_what_lasts_is_renewed_now_and_then() {
        let affinity = Affinity::default();
        let bind = |credential, secs| {
            affinity.bind(session(1), Kinship::Named, bond(credential), MINUTE, at(secs));
            affinity.take_unsaved().len()
        };
        assert_eq!([bind(1, 0), bind(1, 5), bind(1, 15), bind(1, 16)], [1, 0, 0, 1]);
        assert_eq!([bind(2, 17), bind(2, 18)], [1, 0]);
    }

    #[test]
    fn what_begins_alike_is_written_down_from_its_second_turn_on() {
        let affinity = Affinity::default();
        let bind = || affinity.bind(session(1), Kinship::Alike, bond(1), MINUTE, at(0));
        bind();
        assert!(affinity.take_unsaved().is_empty());
        bind();
        let unsaved = affinity.take_unsaved();
        assert_eq!(unsaved, [Remembered { session: session(1), bond: bond(1), until: at(60) }]);
        affinity.not_saved(&unsaved);
        assert_eq!(affinity.take_unsaved(), unsaved);
        assert!(affinity.take_unsaved().is_empty());
    }

    #[test]
    fn what_was_written_down_is_learnt_unless_newer_is_known() {
        let affinity = Affinity::default();
        let written = |number, credential, secs| Remembered {
            session: session(number),
            bond: bond(credential),
            until: at(secs),
        };
        affinity.bind(session(1), Kinship::Named, bond(1), MINUTE, at(0));
        affinity.learn([written(1, 9, 50), written(2, 9, 50)]);
        assert_eq!(affinity.find(session(1), at(0)), Some(bond(1)));
        assert_eq!(affinity.find(session(2), at(0)), Some(bond(9)));
        affinity.learn([written(1, 9, 70)]);
        assert_eq!(affinity.find(session(1), at(0)), Some(bond(9)));
    }
}
