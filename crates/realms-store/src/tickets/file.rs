//! The files of tickets: what is known of them. They themselves lie in a folder, under their ids.

use std::collections::HashSet;

use realms_types::{TicketFileId, TicketId, TicketMessageId, Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{Reader, StoreError, Tx, entity::ticket_file, sql};

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketFileRecord {
    /// Its id, and its name in the folder.
    pub id: TicketFileId,
    /// Who sent it.
    pub owner: UserId,
    /// The message it belongs to, with its ticket; `None`: it was sent and not used yet.
    pub message: Option<(TicketId, TicketMessageId)>,
    /// What it was called where it came from; shown and never a path here.
    pub name: String,
    /// What it is, by what is in it.
    pub media_type: String,
    /// How long it is, in bytes.
    pub size: u64,
    /// When it came.
    pub created_at: Timestamp,
    /// When it goes.
    pub expires_at: Timestamp,
}

/// Files belong to one message, once, and only those of who sent them.
const ATTACH: &str = "\
UPDATE ticket_files SET ticket_id = ?, message_id = ?, expires_at = ? \
WHERE id = ? AND owner_id = ? AND message_id IS NULL AND expires_at > ?";

// === impl TicketFileRecord ===

impl TryFrom<ticket_file::Model> for TicketFileRecord {
    type Error = StoreError;

    fn try_from(row: ticket_file::Model) -> Result<Self, StoreError> {
        let message = row.ticket_id.zip(row.message_id);
        Ok(Self {
            id: row.id.into(),
            owner: row.owner_id.into(),
            message: message.map(|(ticket, message)| (ticket.into(), message.into())),
            name: row.name,
            media_type: row.media_type,
            size: row.size.unsigned_abs(),
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}

impl From<&TicketFileRecord> for ticket_file::Model {
    fn from(record: &TicketFileRecord) -> Self {
        let (ticket, message) = record.message.unzip();
        Self {
            id: record.id.raw(),
            owner_id: record.owner.raw(),
            message_id: message.map(TicketMessageId::raw),
            ticket_id: ticket.map(TicketId::raw),
            name: sql::text(&record.name),
            media_type: record.media_type.clone(),
            size: i64::try_from(record.size).unwrap_or(i64::MAX),
            created_at: record.created_at.as_micros(),
            expires_at: record.expires_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// A file by id.
    pub async fn find_ticket_file(
        self,
        id: TicketFileId,
    ) -> Result<Option<TicketFileRecord>, StoreError> {
        self.one(ticket_file::Entity::find_by_id(id.raw())).await
    }

    /// The files of a ticket, in the order in which they came.
    pub async fn list_ticket_files(
        self,
        ticket: TicketId,
    ) -> Result<Vec<TicketFileRecord>, StoreError> {
        use ticket_file::Column;
        let of_ticket = ticket_file::Entity::find().filter(Column::TicketId.eq(ticket.raw()));
        self.all(of_ticket.order_by_asc(Column::Id).limit(1_000)).await
    }

    /// The files that somebody sent and that are still there.
    pub async fn list_files_of(self, owner: UserId) -> Result<Vec<TicketFileRecord>, StoreError> {
        use ticket_file::Column;
        let own = ticket_file::Entity::find().filter(Column::OwnerId.eq(owner.raw()));
        self.all(own.order_by_asc(Column::Id).limit(1_000)).await
    }

    /// Which of these ids, at most some hundreds, are of files that are known.
    pub async fn known_ticket_files(
        self,
        ids: &[TicketFileId],
    ) -> Result<HashSet<TicketFileId>, StoreError> {
        use ticket_file::Column;
        let raw = ids.iter().map(|id| id.raw());
        let found = ticket_file::Entity::find().select_only().column(Column::Id);
        let known: Vec<i64> =
            found.filter(Column::Id.is_in(raw)).into_tuple().all(&self.link()).await?;
        Ok(known.into_iter().map(TicketFileId::from).collect())
    }

    /// Files whose time is over, the oldest first.
    pub async fn list_expired_ticket_files(
        self,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<TicketFileRecord>, StoreError> {
        use ticket_file::Column;
        let over = ticket_file::Entity::find().filter(Column::ExpiresAt.lte(now.as_micros()));
        self.all(over.order_by_asc(Column::ExpiresAt).limit(limit)).await
    }
}

// === impl Tx ===

impl Tx {
    /// Adds what is known of a file.
    pub async fn insert_ticket_file(&self, record: &TicketFileRecord) -> Result<(), StoreError> {
        self.insert(ticket_file::Model::from(record), format!("file {}", record.id)).await
    }

    /// Makes a file part of a message, until when it stays. `false`: it is another's, is used already, or is
    /// gone.
    pub async fn attach_ticket_file(
        &self,
        file: TicketFileId,
        owner: UserId,
        message: (TicketId, TicketMessageId),
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (ticket, message) = message;
        let values = vec![
            ticket.raw().into(),
            message.raw().into(),
            expires_at.as_micros().into(),
            file.raw().into(),
            owner.raw().into(),
            now.as_micros().into(),
        ];
        Ok(self.execute(ATTACH, values).await? > 0)
    }

    /// Forgets a file.
    pub async fn delete_ticket_file(&self, id: TicketFileId) -> Result<(), StoreError> {
        let sql = "DELETE FROM ticket_files WHERE id = ?";
        self.execute(sql, vec![id.raw().into()]).await.map(drop)
    }
}
