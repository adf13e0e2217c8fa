//! One hash for each day of the ledger: whoever changes an old entry must change every day after it.

use std::fmt::Write as _;

use aws_lc_rs::digest::{Context, SHA256};
use realms_store::{AnchorRecord, EntryRecord, Store, StoreError};
use realms_types::{EntryId, Timestamp};

/// Entries read at once.
const PAGE: u64 = 500;
/// Microseconds after its end in which a day may still get entries of a node whose clock is behind.
const GRACE: i64 = 3_600_000_000;

/// Where the chain of days stands.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    /// The hash of the last day; empty before the first.
    previous: String,
}

/// A day, hashed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct HashedDay {
    pub(crate) entries: i64,
    pub(crate) hash: String,
}

/// Makes the anchors of the days that ended an hour ago or earlier and have none; tells how many. Two
/// nodes that do it at once make the same; one of them is told of a conflict.
pub async fn anchor_days(store: &Store, now: Timestamp) -> Result<usize, StoreError> {
    let anchors = store.read().list_anchors().await?;
    let last = anchors.last();
    let mut chain = last.map(Chain::after).unwrap_or_default();
    let today = EntryRecord::day_of(Timestamp::from_micros(now.as_micros() - GRACE));
    let days = store.read().list_entry_days(last.map_or(i64::MIN, |one| one.day)).await?;
    let mut made = 0;
    for day in days.into_iter().take_while(|day| *day < today) {
        let HashedDay { entries, hash } = hash_day(store, day, &chain).await?;
        let anchor = AnchorRecord { day, entries, hash, created_at: now };
        let tx = store.begin().await?;
        tx.insert_anchor(&anchor).await?;
        tx.commit().await?;
        chain = Chain::after(&anchor);
        made += 1;
    }
    Ok(made)
}

/// The hash of the entries of a day and of the days before it.
pub(crate) async fn hash_day(
    store: &Store,
    day: i64,
    chain: &Chain,
) -> Result<HashedDay, StoreError> {
    let mut context = Context::new(&SHA256);
    context.update(format!("{day}\n{}\n", chain.previous).as_bytes());
    let (mut entries, mut after) = (0, EntryId::new(i64::MIN));
    loop {
        let page = store.read().list_entries_of_day(day, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for entry in &page {
            context.update(line(entry).as_bytes());
            entries += 1;
        }
    }
    Ok(HashedDay { entries, hash: hex(context.finish().as_ref()) })
}

/// An entry as it is hashed: every field, each with its length, so that no two entries read alike.
fn line(entry: &EntryRecord) -> String {
    let request = entry.request_id.map(|id| id.to_string());
    let mut line = format!("{} {} ", entry.id.raw(), entry.created_at.as_micros());
    let words = [
        Some(entry.key.as_str()),
        Some(entry.kind.as_str()),
        request.as_deref(),
        entry.reference.as_deref(),
        entry.actor.as_deref(),
        entry.reason.as_deref(),
    ];
    for word in words {
        match word {
            Some(word) => {
                // A text takes whatever is written to it.
                let _ = write!(line, "{}:{word} ", word.len());
            }
            None => line.push_str("- "),
        }
    }
    for posting in &entry.postings {
        let _ = write!(line, "{}={} ", posting.account.raw(), posting.amount.nano());
    }
    line.push('\n');
    line
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

// === impl Chain ===

impl Chain {
    /// After a day that has its anchor.
    pub(crate) fn after(anchor: &AnchorRecord) -> Self {
        Self { previous: anchor.hash.clone() }
    }
}
