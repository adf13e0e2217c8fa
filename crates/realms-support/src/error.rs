//! Why nothing was done.

use realms_store::StoreError;

use crate::LARGEST;

/// Why [`Desk`](crate::Desk) did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such thing, or it is another user's.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Nothing is said in a ticket that is closed.
    #[error("this ticket is closed: open it again to go on")]
    Closed,
    /// Somebody has as much as there may be.
    #[error("{0}")]
    Full(&'static str),
    /// A text that is empty or too long, by its field.
    #[error("{0}: {1}")]
    Text(&'static str, String),
    /// A file that is not taken.
    #[error(transparent)]
    File(#[from] FileMistake),
    /// A file of a message cannot be used: it is another's, was used before, or is gone.
    #[error("the file {0} cannot be used: send it again")]
    Attachment(usize),
    /// The folder of files cannot be used.
    #[error("files cannot be kept right now")]
    Folder(#[source] std::io::Error),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileMistake {
    /// The name is none, or a path.
    #[error("a file has a name of 1 to 150 letters without slashes, and an ending")]
    Name,
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// It is too large.
    #[error("a file has at most {} MiB", LARGEST >> 20)]
    Large,
    /// The ending is of no kind that is taken.
    #[error(
        "files are pictures (png, jpg, gif, webp), pdf, or text (txt, log, md, csv, json, toml, yaml)"
    )]
    Kind,
    /// What is in it is not what its ending says.
    #[error("what is in the file is not what its ending says")]
    Content,
}
