//! What users and those who run the site tell each other: tickets with their files, and announcements.
//!
//! A ticket is open while those who run the site are to answer, answered while the user is, and closed. Each step
//! locks it, so that an answer and a close take turns. Files come first, by themselves, and belong to a message
//! when it names them; what nobody names goes within the hour, the rest after seven days.
//!
//! An announcement is shown between two times, to everyone or to some groups of users, and is read once by each.
//! All of it exists in business mode only.

mod board;
mod desk;
mod error;
mod file_kind;
mod folder;

pub use board::{AnnouncementState, Board, Posted};
pub use desk::{Desk, LONGEST_BODY, LONGEST_SUBJECT, MOST_FILES, NewTicket, Said, Speaker};
pub use error::{DeskError, FileMistake};
pub use file_kind::{LARGEST, file_kind};
pub use folder::Folder;
