//! Tickets as they are shown, to who asked and to those who run the site.

use std::{
    collections::HashMap,
    fmt::{self, Display},
    str::FromStr,
};

use realms_store::{TicketFileRecord, TicketMessageRecord, TicketRecord};
use realms_support::Speaker;
use realms_types::{RequestId, TicketFileId, TicketId, TicketMessageId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::Console;
use crate::{ConsoleError, words};

/// What is read of one ticket: no more is written.
const MOST_MESSAGES: u64 = 500;

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TicketView {
    /// Its id.
    #[schema(value_type = String, example = "ti_06a1b2c3d4e5f")]
    pub id: TicketId,
    /// What it is about.
    subject: String,
    /// What kind of question it is.
    #[schema(value_type = words::TicketCategory)]
    category: &'static str,
    /// Whose turn it is.
    #[schema(value_type = words::TicketState)]
    state: &'static str,
    /// The call it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    request_id: Option<RequestId>,
    /// Whether who asked has not seen the last answer.
    pub unread: bool,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When something was last said in it, or it was closed or opened again.
    #[schema(value_type = String, format = DateTime)]
    pub moved_at: Timestamp,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    /// Who asked: their log-in name; for operators. Left out when they are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// The operator who cares for it; for operators.
    #[serde(skip_serializing_if = "Option::is_none")]
    assignee: Option<String>,
}

/// A ticket with what was said in it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TicketThreadView {
    /// The ticket.
    pub ticket: TicketView,
    /// What was said, in its order.
    messages: Vec<TicketMessageView>,
}

/// Something that was said.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TicketMessageView {
    /// Its id.
    #[schema(value_type = String)]
    id: TicketMessageId,
    /// Who said it. Users see no names of those who run the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    /// Whether somebody who runs the site said it.
    by_staff: bool,
    /// Whether only those who run the site see it.
    internal: bool,
    /// What was said, as Markdown.
    body: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The files that went with it and are still there.
    files: Vec<TicketFileView>,
}

/// A file.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TicketFileView {
    /// Its id.
    #[schema(value_type = String, example = "tf_06a1b2c3d4e5f")]
    id: TicketFileId,
    /// What it was called where it came from.
    name: String,
    /// What it is.
    #[schema(example = "image/png")]
    media_type: String,
    /// How long it is, in bytes.
    size: u64,
    /// When it goes.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Where a page of tickets ends: the one that moved last comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark(pub Timestamp, pub TicketId);

// === impl Console ===

impl Console {
    /// Tickets as they are shown. Without `office`, as who asked sees them.
    pub(super) async fn ticket_views(
        &self,
        records: Vec<TicketRecord>,
        office: bool,
    ) -> Result<Vec<TicketView>, ConsoleError> {
        let people: Vec<UserId> = if office {
            records.iter().flat_map(|one| [Some(one.user), one.assignee]).flatten().collect()
        } else {
            Vec::new()
        };
        let names = self.0.editor.store.read().usernames(people).await?;
        let name = |user: UserId| names.get(&user).cloned();
        let view = |record: TicketRecord| TicketView {
            username: name(record.user),
            assignee: record.assignee.and_then(name),
            ..TicketView::from(record)
        };
        Ok(records.into_iter().map(view).collect())
    }

    /// A ticket with what was said in it, as this speaker sees it.
    pub(super) async fn thread(
        &self,
        ticket: TicketId,
        by: &Speaker,
    ) -> Result<TicketThreadView, ConsoleError> {
        let office = matches!(by, Speaker::Staff { .. });
        let found = self.desk()?.find_for(ticket, by).await?;
        let read = self.0.editor.store.read();
        let said = read.list_ticket_messages(ticket, office, MOST_MESSAGES).await?;
        let now = self.now();
        let mut files = HashMap::<TicketMessageId, Vec<TicketFileView>>::new();
        for file in read.list_ticket_files(ticket).await? {
            if let Some((_, message)) = file.message.filter(|_| file.expires_at > now) {
                files.entry(message).or_default().push(TicketFileView::from(file));
            }
        }
        let messages = said.into_iter().map(|one| {
            let files = files.remove(&one.id).unwrap_or_default();
            TicketMessageView::new(one, files, office)
        });
        let messages = messages.collect();
        let ticket = self.ticket_views(vec![found], office).await?.pop();
        let ticket = ticket.ok_or_else(|| ConsoleError::NotFound("ticket".to_owned()))?;
        Ok(TicketThreadView { ticket, messages })
    }
}

// === impl TicketView ===

impl From<TicketRecord> for TicketView {
    fn from(record: TicketRecord) -> Self {
        Self {
            id: record.id,
            subject: record.subject,
            category: record.category.as_str(),
            state: record.state.as_str(),
            request_id: record.request,
            unread: record.unread,
            created_at: record.created_at,
            moved_at: record.moved_at,
            closed_at: record.closed_at,
            username: None,
            assignee: None,
        }
    }
}

// === impl TicketMessageView ===

impl TicketMessageView {
    fn new(record: TicketMessageRecord, files: Vec<TicketFileView>, office: bool) -> Self {
        let is_named = office || !record.by_staff;
        Self {
            id: record.id,
            author: is_named.then_some(record.author_name),
            by_staff: record.by_staff,
            internal: record.internal,
            body: record.body,
            created_at: record.created_at,
            files,
        }
    }
}

// === impl TicketFileView ===

impl From<TicketFileRecord> for TicketFileView {
    fn from(record: TicketFileRecord) -> Self {
        let TicketFileRecord { id, name, media_type, size, expires_at, .. } = record;
        Self { id, name, media_type, size, expires_at }
    }
}

// === impl Mark ===

impl Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0.as_micros(), self.1)
    }
}

impl FromStr for Mark {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (moved_at, id) = text.split_once('-').ok_or(())?;
        let moved_at = Timestamp::from_micros(moved_at.parse().map_err(drop)?);
        Ok(Self(moved_at, id.parse().map_err(drop)?))
    }
}
