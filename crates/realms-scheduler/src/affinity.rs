//! Where sessions were served: the vendor's account that has read a conversation answers its next turn
//! sooner and cheaper than any other.

use dashmap::{DashMap, Entry};
use realms_types::Timestamp;

use crate::Bond;

/// Sessions remembered at once: about 30 MB.
const MOST: usize = 500_000;

/// A session of one user with one model, hashed: what clients call their sessions is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionKey(pub [u8; 16]);

/// Which credential served each session last.
#[derive(Debug, Default)]
pub struct Affinity {
    kept: DashMap<SessionKey, Kept>,
}

#[derive(Debug, Clone, Copy)]
struct Kept {
    bond: Bond,
    until: Timestamp,
}

// === impl Affinity ===

impl Affinity {
    /// Where a session was served, unless that is too long ago.
    pub fn find(&self, session: SessionKey, now: Timestamp) -> Option<Bond> {
        self.kept.get(&session).filter(|kept| kept.until > now).map(|kept| kept.bond)
    }

    /// Notes who served a session; it stays there until `until`, or until somebody else served it.
    ///
    /// When too many sessions are remembered, a new one is not: it is served all the same.
    pub fn bind(&self, session: SessionKey, bond: Bond, until: Timestamp, now: Timestamp) {
        if self.kept.len() >= MOST {
            self.forget_old(now);
        }
        let is_full = self.kept.len() >= MOST;
        match self.kept.entry(session) {
            Entry::Occupied(mut known) => *known.get_mut() = Kept { bond, until },
            Entry::Vacant(_) if is_full => {}
            Entry::Vacant(place) => {
                place.insert(Kept { bond, until });
            }
        }
    }

    /// Forgets bonds that are over.
    pub fn forget_old(&self, now: Timestamp) {
        self.kept.retain(|_, kept| kept.until > now);
    }

    /// Forgets bonds with credentials that no longer exist.
    pub fn retain(&self, exists: impl Fn(Bond) -> bool) {
        self.kept.retain(|_, kept| exists(kept.bond));
    }
}

#[cfg(test)]
mod tests {
    use realms_types::{ChannelId, CredentialId};

    use super::*;

    fn bond(credential: i64) -> Bond {
        Bond { channel: ChannelId::new(1), credential: CredentialId::new(credential) }
    }

    #[test]
    fn a_bond_holds_until_its_end_or_until_somebody_else_serves() {
        let (affinity, session) = (Affinity::default(), SessionKey([7; 16]));
        let at = Timestamp::from_secs;
        assert_eq!(affinity.find(session, at(0)), None);
        affinity.bind(session, bond(1), at(60), at(0));
        assert_eq!(affinity.find(session, at(59)), Some(bond(1)));
        assert_eq!(affinity.find(session, at(60)), None);
        assert_eq!(affinity.find(SessionKey([8; 16]), at(0)), None);
        affinity.bind(session, bond(2), at(90), at(30));
        assert_eq!(affinity.find(session, at(60)), Some(bond(2)));
        affinity.retain(|bond| bond.credential.raw() != 2);
        assert_eq!(affinity.find(session, at(60)), None);
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let affinity = Affinity::default();
        let at = Timestamp::from_secs;
        affinity.bind(SessionKey([1; 16]), bond(1), at(10), at(0));
        affinity.bind(SessionKey([2; 16]), bond(1), at(20), at(0));
        affinity.forget_old(at(10));
        assert_eq!(affinity.kept.len(), 1);
    }
}
