//! Tickets: what each is about, and whose turn it is.

use realms_types::{RequestId, TicketId, Timestamp, UserId};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use crate::{Reader, StoreError, Tx, entity::ticket, sql, tx::set};

/// A ticket, without what was said in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRecord {
    /// Its id.
    pub id: TicketId,
    /// Who asks.
    pub user: UserId,
    /// What it is about.
    pub subject: String,
    /// What kind of question it is.
    pub category: TicketCategory,
    /// Whose turn it is.
    pub state: TicketState,
    /// The call it is about; it is one of the user's.
    pub request: Option<RequestId>,
    /// The operator who cares for it.
    pub assignee: Option<UserId>,
    /// Whether the user has not seen the last answer.
    pub unread: bool,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When something was last said in it, or it was closed or opened again.
    pub moved_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// What kind of question it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketCategory {
    /// A call that does not do what it should.
    Calls,
    /// Money: a charge, an order, a plan.
    Billing,
    /// The account and its keys.
    Account,
    /// Something else.
    Other,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// Those who run the site are to answer.
    Open,
    /// The user was answered.
    Answered,
    /// Nobody expects anything more.
    Closed,
}

/// Which tickets are meant.
#[derive(Debug, Clone, Copy, Default)]
pub struct TicketFilter {
    /// Of a user.
    pub user: Option<UserId>,
    /// In a state.
    pub state: Option<TicketState>,
    /// Cared for by an operator.
    pub assignee: Option<UserId>,
    /// That moved before this one did, or at the same time and with a lower id.
    pub before: Option<(Timestamp, TicketId)>,
    /// At most so many.
    pub limit: u64,
}

/// What of a ticket changes; `None` leaves a value as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct TicketPatch {
    /// Whose turn it is.
    pub state: Option<TicketState>,
    /// The operator who cares for it.
    pub assignee: Option<Option<UserId>>,
    /// Whether the user has not seen the last answer.
    pub unread: Option<bool>,
    /// When it last moved.
    pub moved_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Option<Timestamp>>,
}

/// Locks a ticket: writes of it take turns, so that it is not answered and closed at once.
const LOCK: &str = "UPDATE tickets SET moved_at = moved_at WHERE id = ?";

/// What came after the user looked was not seen. Compared for being the same: clocks of nodes differ.
const SEE: &str = "UPDATE tickets SET unread = ? WHERE id = ? AND moved_at = ?";

// === impl TicketCategory ===

impl TicketCategory {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Calls, Self::Billing, Self::Account, Self::Other];

    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Billing => "billing",
            Self::Account => "account",
            Self::Other => "other",
        }
    }
}

// === impl TicketState ===

impl TicketState {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }
}

// === impl TicketRecord ===

impl TryFrom<ticket::Model> for TicketRecord {
    type Error = StoreError;

    fn try_from(row: ticket::Model) -> Result<Self, StoreError> {
        let request = row.request_id.as_deref().map(str::parse).transpose();
        let request = request
            .map_err(|_| StoreError::corrupt("tickets", &row.id, &"its request is no id"))?;
        Ok(Self {
            id: row.id.into(),
            user: row.user_id.into(),
            category: sql::word("tickets", &row.id, &row.category)?,
            state: sql::word("tickets", &row.id, &row.state)?,
            subject: row.subject,
            request,
            assignee: row.assignee_id.map(UserId::from),
            unread: row.unread,
            created_at: Timestamp::from_micros(row.created_at),
            moved_at: Timestamp::from_micros(row.moved_at),
            closed_at: row.closed_at.map(Timestamp::from_micros),
        })
    }
}

impl From<&TicketRecord> for ticket::Model {
    fn from(record: &TicketRecord) -> Self {
        Self {
            id: record.id.raw(),
            user_id: record.user.raw(),
            subject: record.subject.clone(),
            category: record.category.as_str().to_owned(),
            state: record.state.as_str().to_owned(),
            request_id: record.request.map(|id| id.to_string()),
            assignee_id: record.assignee.map(UserId::raw),
            unread: record.unread,
            created_at: record.created_at.as_micros(),
            moved_at: record.moved_at.as_micros(),
            closed_at: record.closed_at.map(Timestamp::as_micros),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// A ticket by id.
    pub async fn find_ticket(self, id: TicketId) -> Result<Option<TicketRecord>, StoreError> {
        self.one(ticket::Entity::find_by_id(id.raw())).await
    }

    /// Tickets, those that moved last first.
    pub async fn list_tickets(self, filter: TicketFilter) -> Result<Vec<TicketRecord>, StoreError> {
        use ticket::Column;
        let select = ticket::Entity::find()
            .filter(wanted(&filter))
            .order_by_desc(Column::MovedAt)
            .order_by_desc(Column::Id);
        self.all(select.limit(filter.limit.clamp(1, 1_000))).await
    }

    /// How many tickets there are; `before` and `limit` do not count.
    pub async fn count_tickets(self, filter: TicketFilter) -> Result<u64, StoreError> {
        let filter = TicketFilter { before: None, ..filter };
        Ok(ticket::Entity::find().filter(wanted(&filter)).count(&self.link()).await?)
    }
}

fn wanted(filter: &TicketFilter) -> Condition {
    use ticket::Column;
    let before = filter.before.map(|(moved_at, id)| {
        let same = Condition::all()
            .add(Column::MovedAt.eq(moved_at.as_micros()))
            .add(Column::Id.lt(id.raw()));
        Condition::any().add(Column::MovedAt.lt(moved_at.as_micros())).add(same)
    });
    Condition::all()
        .add_option(filter.user.map(|user| Column::UserId.eq(user.raw())))
        .add_option(filter.state.map(|state| Column::State.eq(state.as_str())))
        .add_option(filter.assignee.map(|user| Column::AssigneeId.eq(user.raw())))
        .add_option(before)
}

// === impl Tx ===

impl Tx {
    /// Adds a ticket.
    pub async fn insert_ticket(&self, record: &TicketRecord) -> Result<(), StoreError> {
        self.insert(ticket::Model::from(record), format!("ticket {}", record.id)).await
    }

    /// Locks a ticket until the end of the transaction, and reads it.
    pub async fn lock_ticket(&self, id: TicketId) -> Result<Option<TicketRecord>, StoreError> {
        self.execute(LOCK, vec![id.raw().into()]).await?;
        self.read().find_ticket(id).await
    }

    /// Notes that the user has seen a ticket as it was since it moved at this moment. Where it moved again, nothing is
    /// noted.
    pub async fn see_ticket(&self, id: TicketId, moved_at: Timestamp) -> Result<(), StoreError> {
        let values = vec![false.into(), id.raw().into(), moved_at.as_micros().into()];
        self.execute(SEE, values).await.map(drop)
    }

    /// Changes a ticket.
    pub async fn update_ticket(&self, id: TicketId, patch: TicketPatch) -> Result<(), StoreError> {
        let values = ticket::ActiveModel {
            state: set(patch.state.map(|state| state.as_str().to_owned())),
            assignee_id: set(patch.assignee.map(|user| user.map(UserId::raw))),
            unread: set(patch.unread),
            moved_at: set(patch.moved_at.map(Timestamp::as_micros)),
            closed_at: set(patch.closed_at.map(|at| at.map(Timestamp::as_micros))),
            ..Default::default()
        };
        let update = ticket::Entity::update_many().set(values);
        self.update(update.filter(ticket::Column::Id.eq(id.raw())), format!("ticket {id}")).await
    }
}
