//! A call that nothing is held for, and that is noted on disk while it runs.

use std::sync::{Arc, atomic::Ordering};

use realms_store::CallNote;
use realms_types::{Billing, RequestId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    journal::{Notes, Ticket},
    recorder::Line,
    writer::Order,
};

/// What is noted of a call before anybody is asked for it: a line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotedCall {
    /// The call.
    pub request_id: RequestId,
    /// Whose call it is.
    pub user_id: UserId,
    /// When it began.
    pub started_at: Timestamp,
    /// What its record is to say of its charge; `None` where nobody pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing: Option<Billing>,
    /// What its record is to say besides.
    pub call: CallNote,
}

/// A call that is noted: hand its record over with it.
///
/// One that is dropped has its call recorded as broken off. If nobody takes that record any more, the next start
/// writes it.
#[must_use = "a noted call that is dropped is recorded as broken off"]
#[derive(Debug)]
pub struct Noted {
    line: Line,
    notes: Arc<Notes>,
    /// `None` once the writer has it.
    open: Option<(NotedCall, Ticket)>,
}

// === impl Noted ===

impl Noted {
    pub(crate) fn new(line: Line, notes: Arc<Notes>, call: NotedCall, ticket: Ticket) -> Self {
        Self { line, notes, open: Some((call, ticket)) }
    }

    /// Its line is for somebody else to end.
    pub(crate) fn take_ticket(&mut self) -> Option<Ticket> {
        self.open.take().map(|(_, ticket)| ticket)
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        let Some((call, ticket)) = self.open.take() else { return };
        let request = call.request_id;
        let record = Box::new(self.notes.lost(call));
        if self.line.queue.try_send(Order::Keep(record, Some(ticket))).is_ok() {
            self.line.counts.submitted.fetch_add(1, Ordering::Relaxed);
        } else {
            tracing::warn!(request.id = %request, "a call ended without a record: the next start writes one");
        }
    }
}
