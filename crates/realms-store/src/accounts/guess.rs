//! Tries of something that can be guessed, counted where every node sees them.

use std::time::Duration;

use realms_types::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    Store, StoreError,
    api_keys::hex,
    entity::guess,
    sql::{self, OnDuplicate},
};

/// What a try is counted against, and how many it allows within a window.
///
/// A bucket has one slot for each try it allows. A slot that was taken is free again when the
/// window has passed, so no window of time ever holds more tries than there are slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// A keyed hash of what is counted: an account, an address.
    pub hash: [u8; 32],
    /// How many tries it allows.
    pub most: u32,
    /// Within how much time.
    pub window: Duration,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It is counted, in this slot.
    Taken(i64),
    /// There were too many; the first slot is free at this time.
    Full(Timestamp),
}

/// Reading the slots again after every free one was lost to others: each round means that others won.
const ROUNDS: usize = 5;

const TAKE: &str = "\
UPDATE guesses SET made_at = ?, ticket = ? WHERE bucket = ? AND slot = ? AND made_at <= ?";

const GIVE_BACK: &str = "DELETE FROM guesses WHERE bucket = ? AND slot = ? AND ticket = ?";

// === impl Store ===

impl Store {
    /// Counts a try under this ticket, or says until when no other is allowed. Each slot is taken by
    /// one conditional statement whose row count decides, so tries at the same time, on any node,
    /// never take more slots than there are.
    pub async fn claim_try(
        &self,
        bucket: &Bucket,
        ticket: i64,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        let name = hex(&bucket.hash);
        let cutoff = now - bucket.window;
        for _ in 0..ROUNDS {
            let rows = self.tries(&name).await?;
            let slots = 0..i64::from(bucket.most);
            let mut open: Vec<(i64, bool)> = slots
                .clone()
                .filter_map(|slot| match rows.iter().find(|row| row.slot == slot) {
                    Some(row) if row.made_at > cutoff.as_micros() => None,
                    Some(_) => Some((slot, true)),
                    None => Some((slot, false)),
                })
                .collect();
            if open.is_empty() {
                let taken = rows.iter().filter(|row| slots.contains(&row.slot));
                let first = taken.map(|row| row.made_at).min().unwrap_or(now.as_micros());
                return Ok(Claim::Full(Timestamp::from_micros(first) + bucket.window));
            }
            // Tries at the same time begin at different slots.
            let length = i64::try_from(open.len()).unwrap_or(1);
            open.rotate_left(usize::try_from(ticket.rem_euclid(length)).unwrap_or(0));
            for (slot, exists) in open {
                let taken = if exists {
                    self.take_slot(&name, slot, ticket, now, cutoff).await?
                } else {
                    self.make_slot(&name, slot, ticket, now).await?
                };
                if taken {
                    return Ok(Claim::Taken(slot));
                }
            }
        }
        Ok(Claim::Full(now + bucket.window))
    }

    /// Takes a try back that was none, if nobody took its slot since.
    pub async fn give_back_try(
        &self,
        bucket: &Bucket,
        slot: i64,
        ticket: i64,
    ) -> Result<(), StoreError> {
        let values = vec![hex(&bucket.hash).into(), slot.into(), ticket.into()];
        sql::execute(self.writers(), GIVE_BACK, values).await?;
        Ok(())
    }

    async fn tries(&self, bucket: &str) -> Result<Vec<guess::Model>, StoreError> {
        let select = guess::Entity::find().filter(guess::Column::Bucket.eq(bucket));
        Ok(select.all(&self.readers()).await?)
    }

    async fn take_slot(
        &self,
        bucket: &str,
        slot: i64,
        ticket: i64,
        now: Timestamp,
        cutoff: Timestamp,
    ) -> Result<bool, StoreError> {
        let (now, cutoff) = (now.as_micros(), cutoff.as_micros());
        let values = vec![now.into(), ticket.into(), bucket.into(), slot.into(), cutoff.into()];
        Ok(sql::execute(self.writers(), TAKE, values).await? == 1)
    }

    async fn make_slot(
        &self,
        bucket: &str,
        slot: i64,
        ticket: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let row =
            guess::Model { bucket: bucket.to_owned(), slot, made_at: now.as_micros(), ticket };
        let made = sql::insert_all(self.writers(), vec![row], OnDuplicate::Fail).await;
        match made.map_err(StoreError::about("a try")) {
            Ok(_) => Ok(true),
            Err(StoreError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
