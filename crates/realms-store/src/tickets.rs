//! What users ask those who run the site: tickets, what was said in them, their files, answers given often.

mod canned;
mod file;
mod message;
mod ticket;

pub use canned::CannedReplyRecord;
pub use file::TicketFileRecord;
pub use message::TicketMessageRecord;
pub use ticket::{TicketCategory, TicketFilter, TicketPatch, TicketRecord, TicketState};
