//! The desk: who asks, who answers, and whose turn it is.

use std::time::Duration;

use realms_store::{
    AuditRecord, Notification, Reader, Store, TicketCategory, TicketFileRecord, TicketFilter,
    TicketMessageRecord, TicketPatch, TicketRecord, TicketState, Tx,
};
use realms_types::{
    Ids, Occurrence, RequestId, SharedClock, TicketFileId, TicketId, TicketMessageId, Timestamp,
    UserId,
};

use crate::{DeskError, Folder, file_kind};

/// The longest subject, in letters.
pub const LONGEST_SUBJECT: usize = 200;
/// The longest text, in letters.
pub const LONGEST_BODY: usize = 8_000;
/// What a notification quotes of a text, in letters.
const LONGEST_NEWS: usize = 4_000;
/// Files with one message.
pub const MOST_FILES: usize = 10;
/// Tickets of one user that are not closed.
const MOST_OPEN: u64 = 20;
/// What is said in one ticket.
const MOST_MESSAGES: u64 = 500;
/// Files of one user that are still there, and their bytes together.
const MOST_KEPT: usize = 200;
const MOST_BYTES: u64 = 100 << 20;
/// How long a file stays that belongs to a message.
const STAYS: Duration = Duration::from_hours(24 * 7);
/// How long one stays that no message has named.
const WAITS: Duration = Duration::from_hours(1);
/// Files that go in one pass because their time is over.
const A_PASS: u64 = 200;
/// Files that are asked for at once.
const A_BATCH: usize = 200;

/// Keeps tickets and their files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Desk {
    store: Store,
    folder: Folder,
    clock: SharedClock,
    ids: Ids,
}

/// A ticket to be opened.
#[derive(Debug, Clone)]
pub struct NewTicket {
    /// What it is about.
    pub subject: String,
    /// What kind of question it is.
    pub category: TicketCategory,
    /// The call it is about; who calls this has looked that it is the user's.
    pub request: Option<RequestId>,
    /// What is said first.
    pub first: Said,
}

/// What is said, with the files that go with it.
#[derive(Debug, Clone)]
pub struct Said {
    /// The text, as Markdown.
    pub body: String,
    /// Files that who says it sent before.
    pub files: Vec<TicketFileId>,
}

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speaker {
    /// Who asks.
    User {
        /// Their id.
        id: UserId,
        /// Their log-in name.
        name: String,
    },
    /// Who runs the site.
    Staff {
        /// Their id; `None`: a program with an admin key.
        id: Option<UserId>,
        /// As the audit log names them.
        name: String,
    },
}

// === impl Desk ===

impl Desk {
    /// Over a store and a folder for files.
    pub const fn new(store: Store, folder: Folder, clock: SharedClock, ids: Ids) -> Self {
        Self { store, folder, clock, ids }
    }

    /// Opens a ticket.
    pub async fn open(
        &self,
        user: UserId,
        name: &str,
        new: NewTicket,
    ) -> Result<TicketRecord, DeskError> {
        check("subject", &new.subject, LONGEST_SUBJECT)?;
        if new.subject.chars().any(char::is_control) {
            return Err(DeskError::Text("subject", "one line".to_owned()));
        }
        let now = self.clock.now();
        let ticket = TicketRecord {
            id: self.ids.next(),
            user,
            subject: new.subject,
            category: new.category,
            state: TicketState::Open,
            request: new.request,
            assignee: None,
            unread: false,
            created_at: now,
            moved_at: now,
            closed_at: None,
        };
        let by = Speaker::User { id: user, name: name.to_owned() };
        let tx = self.store.begin().await?;
        has_room_for_one(&tx, user).await?;
        tx.insert_ticket(&ticket).await?;
        let message = self.write(&tx, ticket.id, &by, &new.first, false).await?;
        tx.notify(&self.news(&ticket, message, &by, &new.first)).await?;
        tx.commit().await?;
        Ok(ticket)
    }

    /// Says something in a ticket. An answer of those who run the site makes it the user's turn, and theirs what
    /// the user says; a note among themselves changes nothing.
    pub async fn say(
        &self,
        ticket: TicketId,
        by: &Speaker,
        said: &Said,
        internal: bool,
    ) -> Result<TicketRecord, DeskError> {
        let tx = self.store.begin().await?;
        let found = self.lock(&tx, ticket, by).await?;
        let internal = internal && by.is_staff();
        if found.state == TicketState::Closed && !internal {
            return Err(DeskError::Closed);
        }
        if tx.read().count_ticket_messages(ticket).await? >= MOST_MESSAGES {
            return Err(DeskError::Full("this ticket is full: open another"));
        }
        let message = self.write(&tx, ticket, by, said, internal).await?;
        if !internal {
            tx.notify(&self.news(&found, message, by, said)).await?;
            let state = if by.is_staff() { TicketState::Answered } else { TicketState::Open };
            let patch = TicketPatch {
                state: Some(state),
                unread: Some(by.is_staff()),
                moved_at: Some(self.clock.now()),
                ..TicketPatch::default()
            };
            tx.update_ticket(ticket, patch).await?;
        }
        tx.commit().await?;
        self.find(ticket).await
    }

    /// Closes a ticket, or opens it again, with an entry in the audit log where it is an act of those who run the
    /// site. What is so already stays so.
    pub async fn close(
        &self,
        ticket: TicketId,
        by: &Speaker,
        closed: bool,
        audit: Option<&AuditRecord>,
    ) -> Result<(), DeskError> {
        let mut tx = self.store.begin().await?;
        let found = self.lock(&tx, ticket, by).await?;
        if (found.state == TicketState::Closed) != closed {
            if !closed && matches!(by, Speaker::User { .. }) {
                has_room_for_one(&tx, found.user).await?;
            }
            let now = self.clock.now();
            let patch = TicketPatch {
                state: Some(if closed { TicketState::Closed } else { TicketState::Open }),
                moved_at: Some(now),
                closed_at: Some(closed.then_some(now)),
                ..TicketPatch::default()
            };
            tx.update_ticket(ticket, patch).await?;
            if let Some(audit) = audit {
                tx.insert_audit(audit).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Gives a ticket into the care of an operator, or of nobody, with an entry in the audit log.
    pub async fn assign(
        &self,
        ticket: TicketId,
        assignee: Option<UserId>,
        audit: &AuditRecord,
    ) -> Result<(), DeskError> {
        let mut tx = self.store.begin().await?;
        tx.lock_ticket(ticket).await?.ok_or(DeskError::NotFound("ticket"))?;
        let patch = TicketPatch { assignee: Some(assignee), ..TicketPatch::default() };
        tx.update_ticket(ticket, patch).await?;
        tx.insert_audit(audit).await?;
        Ok(tx.commit().await?)
    }

    /// The user has seen a ticket as it was since it moved at this moment. An answer that came later stays unseen.
    pub async fn see(
        &self,
        ticket: TicketId,
        by: &Speaker,
        moved_at: Timestamp,
    ) -> Result<(), DeskError> {
        self.find_for(ticket, by).await?;
        let tx = self.store.begin().await?;
        tx.see_ticket(ticket, moved_at).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a file, for a message to come.
    pub async fn take_file(
        &self,
        owner: UserId,
        name: &str,
        bytes: &[u8],
    ) -> Result<TicketFileRecord, DeskError> {
        let media_type = file_kind(name, bytes)?;
        let size = bytes.len() as u64;
        has_room_for(size, self.store.read(), owner).await?;
        let now = self.clock.now();
        let record = TicketFileRecord {
            id: self.ids.next(),
            owner,
            message: None,
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            size,
            created_at: now,
            expires_at: now + WAITS,
        };
        // The file first: a row without one would promise what is not there.
        self.folder.put(record.id, bytes).await.map_err(DeskError::Folder)?;
        let kept = self.note_file(&record).await;
        if matches!(kept, Err(DeskError::Full(_))) {
            self.folder.remove(record.id).await.map_err(DeskError::Folder)?;
        }
        kept.map(|()| record)
    }

    /// Writes down that a file is there. Of files that come at once, each is counted with those before it.
    async fn note_file(&self, record: &TicketFileRecord) -> Result<(), DeskError> {
        let tx = self.store.begin().await?;
        tx.lock_user(record.owner).await?;
        has_room_for(record.size, tx.read(), record.owner).await?;
        tx.insert_ticket_file(record).await?;
        Ok(tx.commit().await?)
    }

    /// A file that belongs to a message which who asks may see, with what is in it.
    pub async fn read_file(
        &self,
        id: TicketFileId,
        by: &Speaker,
    ) -> Result<(TicketFileRecord, Vec<u8>), DeskError> {
        const MISSING: DeskError = DeskError::NotFound("file");
        let read = self.store.read();
        let record = read.find_ticket_file(id).await?.ok_or(MISSING)?;
        if record.expires_at <= self.clock.now() {
            return Err(MISSING);
        }
        let (ticket, message) = record.message.ok_or(MISSING)?;
        let found = read.find_ticket(ticket).await?.ok_or(MISSING)?;
        if !by.may_see(&found) {
            return Err(MISSING);
        }
        if !by.is_staff() {
            let said = read.list_ticket_messages(ticket, false, MOST_MESSAGES).await?;
            if said.iter().all(|one| one.id != message) {
                return Err(MISSING);
            }
        }
        let bytes = self.folder.read(id).await.map_err(DeskError::Folder)?.ok_or(MISSING)?;
        Ok((record, bytes))
    }

    /// Removes files whose time is over, and those that no row speaks of; tells how many went.
    pub async fn sweep(&self) -> Result<usize, DeskError> {
        let over = self.store.read().list_expired_ticket_files(self.clock.now(), A_PASS).await?;
        let mut gone = 0;
        for file in over {
            // The file first: a file without a row is found by the other half of this.
            self.folder.remove(file.id).await.map_err(DeskError::Folder)?;
            let tx = self.store.begin().await?;
            tx.delete_ticket_file(file.id).await?;
            tx.commit().await?;
            gone += 1;
        }
        let old = self.folder.older_than(WAITS).await.map_err(DeskError::Folder)?;
        for batch in old.chunks(A_BATCH) {
            let known = self.store.read().known_ticket_files(batch).await?;
            for id in batch.iter().filter(|id| !known.contains(id)) {
                self.folder.remove(*id).await.map_err(DeskError::Folder)?;
                gone += 1;
            }
        }
        Ok(gone)
    }

    /// A ticket that who asks may see.
    pub async fn find_for(
        &self,
        ticket: TicketId,
        by: &Speaker,
    ) -> Result<TicketRecord, DeskError> {
        let found = self.find(ticket).await?;
        if by.may_see(&found) { Ok(found) } else { Err(DeskError::NotFound("ticket")) }
    }

    async fn find(&self, ticket: TicketId) -> Result<TicketRecord, DeskError> {
        self.store.read().find_ticket(ticket).await?.ok_or(DeskError::NotFound("ticket"))
    }

    async fn lock(
        &self,
        tx: &Tx,
        ticket: TicketId,
        by: &Speaker,
    ) -> Result<TicketRecord, DeskError> {
        let found = tx.lock_ticket(ticket).await?.filter(|found| by.may_see(found));
        found.ok_or(DeskError::NotFound("ticket"))
    }

    /// What the other side is told of what was said.
    fn news(
        &self,
        ticket: &TicketRecord,
        message: TicketMessageId,
        by: &Speaker,
        said: &Said,
    ) -> Notification {
        let subject = ticket.subject.clone();
        let text: String = said.body.chars().take(LONGEST_NEWS).collect();
        let occurrence = if by.is_staff() {
            Occurrence::TicketAnswered { ticket: ticket.id, subject, answer: text }
        } else {
            Occurrence::TicketOpened { ticket: ticket.id, subject, by: by.name().to_owned(), text }
        };
        Notification {
            id: self.ids.next(),
            owner: by.is_staff().then_some(ticket.user),
            key: format!("ticket:{message}"),
            occurrence,
            at: self.clock.now(),
        }
    }

    /// Writes down what is said, and that its files belong to it.
    async fn write(
        &self,
        tx: &Tx,
        ticket: TicketId,
        by: &Speaker,
        said: &Said,
        internal: bool,
    ) -> Result<TicketMessageId, DeskError> {
        check("body", &said.body, LONGEST_BODY)?;
        if said.files.len() > MOST_FILES {
            return Err(DeskError::Full("10 files go with one message"));
        }
        let now = self.clock.now();
        let message = TicketMessageRecord {
            id: self.ids.next(),
            ticket,
            author: by.id(),
            author_name: by.name().to_owned(),
            by_staff: by.is_staff(),
            internal,
            body: said.body.clone(),
            created_at: now,
        };
        tx.insert_ticket_message(&message).await?;
        self.attach(tx, by, (ticket, message.id), &said.files, now).await?;
        Ok(message.id)
    }

    async fn attach(
        &self,
        tx: &Tx,
        by: &Speaker,
        message: (TicketId, TicketMessageId),
        files: &[TicketFileId],
        now: Timestamp,
    ) -> Result<(), DeskError> {
        for (at, file) in files.iter().enumerate() {
            // A program has no files of its own.
            let owner = by.id().ok_or(DeskError::Attachment(at))?;
            if !tx.attach_ticket_file(*file, owner, message, now + STAYS, now).await? {
                return Err(DeskError::Attachment(at));
            }
        }
        Ok(())
    }
}

/// Refuses one more open ticket than a user may have. Of tickets that are opened at once, each is counted with those
/// before it.
async fn has_room_for_one(tx: &Tx, user: UserId) -> Result<(), DeskError> {
    tx.lock_user(user).await?;
    let of_user = TicketFilter { user: Some(user), ..TicketFilter::default() };
    let closed = TicketFilter { state: Some(TicketState::Closed), ..of_user };
    let read = tx.read();
    let (all, closed) = (read.count_tickets(of_user).await?, read.count_tickets(closed).await?);
    if all.saturating_sub(closed) >= MOST_OPEN {
        return Err(DeskError::Full("20 of your tickets are open: close one first"));
    }
    Ok(())
}

/// Refuses a file where those that somebody sent take up all the room there is.
async fn has_room_for(size: u64, read: Reader<'_>, owner: UserId) -> Result<(), DeskError> {
    let kept = read.list_files_of(owner).await?;
    let bytes: u64 = kept.iter().map(|file| file.size).sum();
    if kept.len() >= MOST_KEPT || bytes.saturating_add(size) > MOST_BYTES {
        let full = "files of yours take up all the room there is: older ones go after seven days";
        return Err(DeskError::Full(full));
    }
    Ok(())
}

/// A text of a field, that says something and is not too long.
pub(crate) fn check(field: &'static str, text: &str, most: usize) -> Result<(), DeskError> {
    if text.trim().is_empty() || text.chars().count() > most {
        return Err(DeskError::Text(field, format!("1 to {most} characters")));
    }
    Ok(())
}

// === impl Speaker ===

impl Speaker {
    /// Their id, where they are a person.
    pub const fn id(&self) -> Option<UserId> {
        match self {
            Self::User { id, .. } => Some(*id),
            Self::Staff { id, .. } => *id,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::User { name, .. } | Self::Staff { name, .. } => name,
        }
    }

    const fn is_staff(&self) -> bool {
        matches!(self, Self::Staff { .. })
    }

    fn may_see(&self, ticket: &TicketRecord) -> bool {
        match self {
            Self::User { id, .. } => ticket.user == *id,
            Self::Staff { .. } => true,
        }
    }
}
