//! Looks at batches, does them and takes them back.

use std::time::Duration;

use realms_store::{BatchDone, BatchPurpose, BatchRecord, Tx};
use realms_types::{BatchId, Timestamp};

use super::{Author, Editor, Writer, resolve::Hashes};
use crate::{
    Change, Code, ConsoleError, Refusal,
    batch::{
        BatchKind, BatchOutcome, BatchPreview, BatchUndo, Claim, Content, Draft, Item, Miss, Order,
        OutcomeItem, PreviewItem, Reach, limits_of,
    },
    plan::State,
};

/// How long a batch that was looked at can be done, and one that was done taken back.
const OPEN: Duration = Duration::from_mins(10);

/// A batch as it was asked to be done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket<'a> {
    /// Which.
    pub token: BatchId,
    /// Whether it is to be done, or to take back another.
    pub purpose: BatchPurpose,
    /// The key of the request; a repeat with it is answered the same.
    pub key: Option<&'a str>,
}

/// What came of a request to do a batch.
#[derive(Debug)]
pub(crate) struct Ran {
    /// What was done.
    pub outcome: BatchOutcome,
    /// Whether it was done now, not before.
    pub is_new: bool,
}

/// What a batch writes and leaves.
struct Work {
    outcome: BatchOutcome,
    undo: Option<BatchRecord>,
    tx: Tx,
}

// === impl Editor ===

impl Editor {
    /// Shows what a change would make of many objects, and remembers it.
    pub(crate) async fn preview_batch(
        &self,
        order: Order,
        claim: &Claim,
        author: &Author,
    ) -> Result<BatchPreview, ConsoleError> {
        let state = match claim.reach {
            Reach::Everything => self.state().await?,
            Reach::Own(owner) => State::load_own(self.store.read(), owner).await?,
        };
        let (kind, change) = (order.kind, &order.change);
        change.check(kind, &state)?;
        let (mut items, mut shown) = self.items(&order, &state, author);
        let mut draft = Draft::build(kind, &items, &state, author, claim.reach)?;
        items.retain(|item| {
            let miss = draft.misses.remove(&item.name);
            let stays = miss.is_none();
            shown.push(PreviewItem::new(item, draft.find(&item.name), miss));
            stays
        });
        shown.sort_by(|a, b| a.name.cmp(&b.name));
        let (undoable, expires_at) = (change.is_undoable(kind), self.clock.now() + OPEN);
        let mut token = None;
        if !items.is_empty() {
            token = Some(self.keep(claim, Content { kind, items }, expires_at).await?);
        }
        Ok(BatchPreview { token, expires_at, undoable, items: shown })
    }

    /// The objects that are asked for, each once, and those that are skipped at first sight.
    fn items(
        &self,
        order: &Order,
        state: &State,
        author: &Author,
    ) -> (Vec<Item>, Vec<PreviewItem>) {
        let Order { kind, names, change } = order;
        let is_self = |name: &str| {
            *kind == BatchKind::User
                && change.locks_out()
                && author.username.as_deref() == Some(name)
        };
        let (mut items, mut skipped) = (Vec::new(), Vec::new());
        for asked in names {
            let found = state.find_named(*kind, asked);
            let deed = found.as_ref().and_then(|(_, name)| change.deed(*kind, name, state));
            let (Some((id, name)), Some(deed)) = (found, deed) else {
                skipped.push(PreviewItem::skipped(asked, asked, Miss::NotFound));
                continue;
            };
            if is_self(&name) {
                skipped.push(PreviewItem::skipped(&id, &name, Miss::Yourself));
                continue;
            }
            let mark = state.mark(*kind, &name, &self.keyring);
            items.push(Item { id, name, mark, deed, limits: change.limits });
        }
        // A name and an id can mean one object.
        items.sort_by(|a, b| a.name.cmp(&b.name));
        items.dedup_by(|a, b| a.name == b.name);
        (items, skipped)
    }

    async fn keep(
        &self,
        claim: &Claim,
        content: Content,
        expires_at: Timestamp,
    ) -> Result<BatchId, ConsoleError> {
        let record = self.batch(claim, BatchPurpose::Apply, &content, expires_at)?;
        let mut tx = self.store.begin().await?;
        tx.insert_batch(&record).await?;
        tx.commit().await?;
        Ok(record.id)
    }

    fn batch(
        &self,
        claim: &Claim,
        purpose: BatchPurpose,
        content: &Content,
        expires_at: Timestamp,
    ) -> Result<BatchRecord, ConsoleError> {
        Ok(BatchRecord {
            id: self.ids.next(),
            owner: claim.owner.clone(),
            purpose,
            content: serde_json::to_string(content).map_err(|error| unreadable(&error))?,
            created_at: self.clock.now(),
            expires_at,
            done: None,
        })
    }

    /// Does exactly what was shown, to the objects that still are what was shown. A repeat gets the
    /// same answer and does nothing.
    pub(crate) async fn run_batch(
        &self,
        ticket: Ticket<'_>,
        claim: &Claim,
        author: &Author,
    ) -> Result<Ran, ConsoleError> {
        let mut tx = self.store.begin().await?;
        // Locks out whoever else writes what this may write, other runs of this batch included.
        if claim.reach == Reach::Everything {
            tx.bump_catalog().await?;
        }
        tx.bump_identity().await?;
        let found = tx.read().find_batch(&claim.owner, ticket.token).await?;
        let record = found.filter(|record| record.purpose == ticket.purpose);
        let record = record.ok_or_else(|| expired("there is no such preview, or no longer"))?;
        if let Some(done) = record.done {
            if ticket.purpose == BatchPurpose::Apply && done.key.as_deref() != ticket.key {
                let message = "this was done already, by a request with another `Idempotency-Key`";
                return Err(ConsoleError::Conflict(message.to_owned()));
            }
            let outcome =
                serde_json::from_str(&done.outcome).map_err(|error| unreadable(&error))?;
            return Ok(Ran { outcome, is_new: false });
        }
        if record.expires_at <= self.clock.now() {
            return Err(expired("this was looked at too long ago: look again"));
        }
        let content: Content =
            serde_json::from_str(&record.content).map_err(|error| unreadable(&error))?;
        let mut work = self.work(tx, &content, claim, author).await?;
        if ticket.purpose == BatchPurpose::Undo {
            (work.undo, work.outcome.undo) = (None, None);
        }
        self.seal(work, &ticket).await
    }

    /// Writes what still can be done, and what would take it back.
    async fn work(
        &self,
        tx: Tx,
        content: &Content,
        claim: &Claim,
        author: &Author,
    ) -> Result<Work, ConsoleError> {
        let (kind, reach) = (content.kind, claim.reach);
        let state = self.reached(&tx, reach).await?;
        let is_same = |item: &&Item| state.mark(kind, &item.name, &self.keyring) == item.mark;
        let same: Vec<&Item> = content.items.iter().filter(is_same).collect();
        let Draft { plan, mut misses } =
            Draft::build(kind, same.iter().copied(), &state, author, reach)?;
        for item in content.items.iter().filter(|item| !is_same(item)) {
            let is_there = state.find_named(kind, &item.name).is_some();
            let miss = if is_there { Miss::Changed } else { Miss::NotFound };
            misses.insert(item.name.clone(), (miss, None));
        }
        let items = content.items.iter();
        let items = items.map(|item| OutcomeItem::new(item, misses.get(&item.name).cloned()));
        let items: Vec<OutcomeItem> = items.collect();
        let done = items.iter().filter(|item| item.failed.is_none()).count();
        let mut outcome = BatchOutcome { done, items, undo: None };
        if done == 0 {
            // The versions stay what they were.
            drop(tx);
            return Ok(Work { outcome, undo: None, tx: self.store.begin().await? });
        }
        let changed = |item: &&Item| !misses.contains_key(&item.name);
        let inverses = content.items.iter().filter(changed).filter_map(|item| {
            let deed = item.deed.inverse(kind, &item.name, &state)?;
            let limits = item.limits.and_then(|_| limits_of(kind, &item.name, &state));
            Some(Item { deed, limits, mark: None, ..item.clone() })
        });
        let mut inverses: Vec<Item> = inverses.collect();
        let mut writer = Writer::new(self, author, tx, state, Hashes::default());
        for change in &plan.changes {
            writer.write(change).await?;
            writer.audit(change).await?;
        }
        if reach == Reach::Everything {
            writer.check_catalog().await?;
        }
        let tx = writer.tx;
        let after = self.reached(&tx, reach).await?;
        for item in &mut inverses {
            item.mark = after.mark(kind, &item.name, &self.keyring);
        }
        let mut undo = None;
        if !inverses.is_empty() {
            let until = self.clock.now() + OPEN;
            let content = Content { kind, items: inverses };
            let record = self.batch(claim, BatchPurpose::Undo, &content, until)?;
            outcome.undo = Some(BatchUndo { token: record.id, until });
            undo = Some(record);
        }
        Ok(Work { outcome, undo, tx })
    }

    /// Notes what came of a batch, together with all that it wrote.
    async fn seal(&self, work: Work, ticket: &Ticket<'_>) -> Result<Ran, ConsoleError> {
        let Work { outcome, undo, mut tx } = work;
        if let Some(undo) = undo {
            tx.insert_batch(&undo).await?;
        }
        let done = BatchDone {
            at: self.clock.now(),
            key: ticket.key.map(str::to_owned),
            outcome: serde_json::to_string(&outcome).map_err(|error| unreadable(&error))?,
        };
        tx.finish_batch(ticket.token, &done).await?;
        tx.commit().await?;
        Ok(Ran { is_new: outcome.done > 0, outcome })
    }

    async fn reached(&self, tx: &Tx, reach: Reach) -> Result<State, ConsoleError> {
        match reach {
            Reach::Everything => State::load(tx.read(), &self.keyring).await,
            Reach::Own(owner) => State::load_own(tx.read(), owner).await,
        }
    }
}

fn expired(detail: &str) -> ConsoleError {
    Refusal::new(Code::Expired, detail).into()
}

fn unreadable(error: &serde_json::Error) -> ConsoleError {
    ConsoleError::Internal(format!("a batch is not in its form: {error}"))
}

// === impl PreviewItem ===

impl PreviewItem {
    fn skipped(id: &str, name: &str, miss: Miss) -> Self {
        let (id, name) = (id.to_owned(), name.to_owned());
        Self { id, name, changes: Vec::new(), skipped: Some(miss), detail: None }
    }

    fn new(item: &Item, change: Option<&Change>, miss: Option<(Miss, Option<String>)>) -> Self {
        let (id, name) = (item.id.clone(), item.name.clone());
        let changes = change.map(|change| change.fields.clone()).unwrap_or_default();
        let (skipped, detail) = miss.unzip();
        Self { id, name, changes, skipped, detail: detail.flatten() }
    }
}
