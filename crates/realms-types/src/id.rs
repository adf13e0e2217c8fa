//! Typed ids. In the database they are `BIGINT`, on the wire `ch_06a1…`: a prefix and 13 base-32 digits.

use std::{
    fmt,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use uuid::Uuid;

use crate::{Chance, SharedClock, Timestamp};

/// Crockford's base 32 in lower case: no `i`, `l`, `o`, `u`, so an id survives being read aloud.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 13 digits of 5 bits hold the 63 bits of an id.
const WIDTH: usize = 13;
/// A prefix of two letters, an underscore, the digits.
const LENGTH: usize = 3 + WIDTH;
/// Ids count milliseconds from 2025-01-01T00:00:00Z, so 41 bits last until 2094.
const EPOCH_MS: i64 = 1_735_689_600_000;
/// Low bits filled by chance: two ids of one millisecond collide once in four million.
const CHANCE_BITS: u32 = 22;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The prefix names another kind of thing, or there is none.
    #[error("expected an id that starts with `{0}_`")]
    Prefix(&'static str),
    /// The part after the prefix is not 13 base-32 digits.
    #[error("the part after `{0}_` is not 13 base-32 digits")]
    Digits(&'static str),
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal,)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// What the text form starts with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Wraps a number that came from the database or from [`Ids`].
            pub const fn new(raw: i64) -> Self {
                Self(raw)
            }

            /// The number stored in the database.
            pub const fn raw(self) -> i64 {
                self.0
            }
        }

        impl From<i64> for $name {
            fn from(raw: i64) -> Self {
                Self(raw)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(id_text(&mut [0; LENGTH], $prefix, self.0))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                read_id(text, $prefix).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(id_text(&mut [0; LENGTH], $prefix, self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    )+};
}

ids! {
    /// A key for the admin API.
    AdminKeyId = "ad",
    /// What those who run the site tell its users.
    AnnouncementId = "an",
    /// A client's secret, `sk_…`.
    ApiKeyId = "ak",
    /// An entry of the audit log.
    AuditId = "au",
    /// A change of many objects at once, between the look at it and the end of its undo.
    BatchId = "ba",
    /// Which channel serves a model, and under which upstream name.
    BindingId = "bi",
    /// A node of the tree of channels, with a price multiplier.
    ChannelGroupId = "cg",
    /// A configured route to a vendor.
    ChannelId = "ch",
    /// How a test of a channel went.
    ChannelTestId = "ct",
    /// One secret for a channel: a key or an OAuth account.
    CredentialId = "cr",
    /// A wrapped data-encryption key.
    DataKeyId = "dk",
    /// A base URL of a channel.
    EndpointId = "ep",
    /// A rule about errors of upstreams.
    ErrorRuleId = "er",
    /// A call made under an `Idempotency-Key`.
    IdempotentCallId = "ic",
    /// What somebody is at another site, linked to a user here.
    ExternalIdentityId = "ei",
    /// A response that is kept here because its upstream keeps none.
    KeptResponseId = "kr",
    /// What clients name in `model`.
    ModelId = "mo",
    /// A running process of Realms.
    NodeId = "no",
    /// What somebody is told.
    NotificationId = "nf",
    /// Where notifications go.
    NotificationTargetId = "nt",
    /// A movement of money: an entry of the ledger.
    EntryId = "le",
    /// A program of somebody else that users let in; the id is its `client_id`.
    OauthAppId = "oa",
    /// What a user lets an OAuth app do.
    OauthGrantId = "og",
    /// A code sent by mail, good for one use.
    OneTimeCodeId = "oc",
    /// A log-in at a vendor that has begun, for a credential that is an account.
    OauthLogInId = "ol",
    /// What somebody buys.
    OrderId = "or",
    /// A key that a device keeps for logging in.
    PasskeyId = "pk",
    /// A way to pay: an account at a gateway.
    PaymentChannelId = "py",
    /// What a gateway told of a payment.
    NoticeId = "pn",
    /// What subscriptions are of.
    PlanId = "pl",
    /// The usage record of one call.
    RecordId = "re",
    /// A code that is worth money or time.
    RedemptionCodeId = "rc",
    /// A session of a user in the console.
    SessionId = "se",
    /// Time of a plan that somebody has.
    SubscriptionId = "su",
    /// A file of a ticket.
    TicketFileId = "tf",
    /// What somebody asks those who run the site.
    TicketId = "ti",
    /// What was said in a ticket.
    TicketMessageId = "tm",
    /// A group of users: who may use which channel groups.
    UserGroupId = "ug",
    /// An account of a person.
    UserId = "us",
}

/// The id of one relayed call: a UUIDv7, so records sort by arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub Uuid);

/// Makes ids from the injected clock and the injected chance: 41 bits of milliseconds, 22 of chance.
/// Ids of one process grow and never repeat; clones share what was given out last.
#[derive(Debug, Clone)]
pub struct Ids {
    clock: SharedClock,
    chance: Chance,
    last: Arc<AtomicI64>,
}

// === impl RequestId ===

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RequestId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::parse_str(text).map(Self)
    }
}

// === impl Ids ===

impl Ids {
    /// Ids of this clock and this chance.
    pub fn new(clock: SharedClock, chance: Chance) -> Self {
        Self { clock, chance, last: Arc::default() }
    }

    /// A fresh id of the kind the caller names: `ids.next::<ChannelId>()`.
    pub fn next<I: From<i64>>(&self) -> I {
        let fresh = raw_at(self.clock.now(), self.chance.u64());
        let after = |last: i64| Some(fresh.max(last.saturating_add(1)));
        match self.last.fetch_update(Ordering::AcqRel, Ordering::Acquire, after) {
            Ok(last) | Err(last) => I::from(fresh.max(last.saturating_add(1))),
        }
    }

    /// A fresh request id.
    pub fn next_request(&self) -> RequestId {
        let millis = u64::try_from(self.clock.now().as_millis()).unwrap_or(0);
        let mut random = [0u8; 10];
        random[..8].copy_from_slice(&self.chance.u64().to_le_bytes());
        random[8..].copy_from_slice(&self.chance.u64().to_le_bytes()[..2]);
        RequestId(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

fn raw_at(now: Timestamp, chance: u64) -> i64 {
    let millis = (now.as_millis() - EPOCH_MS).max(0);
    let low = i64::try_from(chance & ((1 << CHANCE_BITS) - 1)).unwrap_or(0);
    ((millis << CHANCE_BITS) & i64::MAX) | low
}

/// The text of an id: every call writes a few dozen, so no formatter is asked.
fn id_text<'a>(text: &'a mut [u8; LENGTH], prefix: &str, raw: i64) -> &'a str {
    text[..2].copy_from_slice(prefix.as_bytes());
    text[2] = b'_';
    let mut rest = raw.cast_unsigned();
    for slot in text[3..].iter_mut().rev() {
        *slot = DIGITS[(rest & 31) as usize];
        rest >>= 5;
    }
    str::from_utf8(text).unwrap_or_default()
}

fn read_id(text: &str, prefix: &'static str) -> Result<i64, IdError> {
    let digits = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .ok_or(IdError::Prefix(prefix))?;
    if digits.len() != WIDTH {
        return Err(IdError::Digits(prefix));
    }
    let mut raw: u64 = 0;
    for byte in digits.bytes() {
        let digit = DIGITS.iter().position(|d| *d == byte).ok_or(IdError::Digits(prefix))?;
        raw = raw.checked_mul(32).ok_or(IdError::Digits(prefix))? | digit as u64;
    }
    i64::try_from(raw).map_err(|_| IdError::Digits(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_names_its_kind() {
        for raw in [0, 1, 31, 32, 1_234_567_890_123, i64::MAX] {
            let id = ChannelId::new(raw);
            assert_eq!(id.to_string().parse::<ChannelId>(), Ok(id));
        }
        assert_eq!(ChannelId::new(0).to_string(), "ch_0000000000000");
    }

    #[test]
    fn another_kind_is_refused() {
        let user = UserId::new(7).to_string();
        assert_eq!(user.parse::<ChannelId>(), Err(IdError::Prefix("ch")));
        assert_eq!("ch_7".parse::<ChannelId>(), Err(IdError::Digits("ch")));
        assert_eq!("ch_zzzzzzzzzzzzz".parse::<ChannelId>(), Err(IdError::Digits("ch")));
        assert_eq!("ch_000000000000u".parse::<ChannelId>(), Err(IdError::Digits("ch")));
    }

    #[test]
    fn ids_of_one_process_never_repeat() {
        let ids = Ids::new(Arc::new(crate::SystemClock), Chance::seeded(3));
        let made: Vec<ChannelId> = (0..10_000).map(|_| ids.next()).collect();
        assert!(made.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let early = raw_at(Timestamp::from_millis(EPOCH_MS + 1), u64::MAX);
        let late = raw_at(Timestamp::from_millis(EPOCH_MS + 2), 0);
        assert!(early < late);
    }
}
