//! What was said in tickets.

use realms_types::{TicketId, TicketMessageId, Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{Reader, StoreError, Tx, entity::ticket_message, sql};

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketMessageRecord {
    /// Its id.
    pub id: TicketMessageId,
    /// The ticket.
    pub ticket: TicketId,
    /// Who said it; `None`: a program with an admin key.
    pub author: Option<UserId>,
    /// As they were called.
    pub author_name: String,
    /// Whether somebody who runs the site said it.
    pub by_staff: bool,
    /// Whether only those who run the site see it.
    pub internal: bool,
    /// What was said, as Markdown.
    pub body: String,
    /// When.
    pub created_at: Timestamp,
}

// === impl TicketMessageRecord ===

impl TryFrom<ticket_message::Model> for TicketMessageRecord {
    type Error = StoreError;

    fn try_from(row: ticket_message::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            ticket: row.ticket_id.into(),
            author: row.author_id.map(UserId::from),
            author_name: row.author,
            by_staff: row.by_staff,
            internal: row.internal,
            body: row.body,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

impl From<&TicketMessageRecord> for ticket_message::Model {
    fn from(record: &TicketMessageRecord) -> Self {
        Self {
            id: record.id.raw(),
            ticket_id: record.ticket.raw(),
            author_id: record.author.map(UserId::raw),
            author: sql::bounded(&record.author_name, 128),
            by_staff: record.by_staff,
            internal: record.internal,
            body: sql::text(&record.body),
            created_at: record.created_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// What was said in a ticket, in its order, at most so much. Without `internal`, what the user sees.
    pub async fn list_ticket_messages(
        self,
        ticket: TicketId,
        internal: bool,
        limit: u64,
    ) -> Result<Vec<TicketMessageRecord>, StoreError> {
        use ticket_message::Column;
        let mut said = ticket_message::Entity::find().filter(Column::TicketId.eq(ticket.raw()));
        if !internal {
            said = said.filter(Column::Internal.eq(false));
        }
        self.all(said.order_by_asc(Column::Id).limit(limit)).await
    }

    /// How much was said in a ticket.
    pub async fn count_ticket_messages(self, ticket: TicketId) -> Result<u64, StoreError> {
        let of_ticket = ticket_message::Column::TicketId.eq(ticket.raw());
        Ok(ticket_message::Entity::find().filter(of_ticket).count(&self.link()).await?)
    }
}

// === impl Tx ===

impl Tx {
    /// Adds what was said.
    pub async fn insert_ticket_message(
        &self,
        record: &TicketMessageRecord,
    ) -> Result<(), StoreError> {
        let what = format!("message {}", record.id);
        self.insert(ticket_message::Model::from(record), what).await
    }
}
