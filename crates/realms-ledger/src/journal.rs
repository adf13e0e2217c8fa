//! Calls without a hold, noted on disk before anybody is asked for them.
//!
//! A hold outlives its process in the database. Who calls without one has a line in a file instead:
//! appended with a plain write and never synced, it outlives the process, not the machine. It has done its
//! work once the record of the call is in the database or in the spool. Lines that a process leaves behind
//! become records of lost calls at the next start, each once: writing a record that is there changes nothing.
//!
//! Processes may share the folder. Each has a lock, `<node>.lock`, and segments, `<node>-<number>.jsonl`; what
//! belongs to a lock that is free was left by a process that is gone.

mod leftover;
mod notes;
mod segment;
#[cfg(test)]
mod tests;

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use realms_types::{Ids, NodeId};

pub(crate) use self::{
    leftover::Leftover,
    notes::{Notes, Ticket},
};

/// Why calls cannot be noted.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A file cannot be read or written.
    #[error("the call journal `{}` cannot be used: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It has reached its bound.
    #[error("the call journal `{}` is full: too many of its files wait for calls to end", .0.display())]
    Full(PathBuf),
}

/// The journal of a process that starts, and what processes before it left behind.
#[derive(Debug)]
pub struct Journal {
    pub(crate) notes: Arc<Notes>,
    pub(crate) leftovers: Vec<Leftover>,
}

// === impl Journal ===

impl Journal {
    /// The journal of this node in this folder. What the dead left there is taken over, to be written by
    /// the [`Recorder`](crate::Recorder) that gets the journal.
    pub fn open(folder: &Path, node: NodeId, ids: &Ids) -> Result<Self, JournalError> {
        let unusable = |source| failed(folder, source);
        fs::create_dir_all(folder).map_err(unusable)?;
        let leftovers = Leftover::claim(folder, ids).map_err(unusable)?;
        let lock = take_lock(folder, node).map_err(unusable)?;
        let notes = Arc::new(Notes::new(folder, node, ids.clone(), lock));
        Ok(Self { notes, leftovers })
    }
}

/// Says that this process lives. The lock is taken before it has the name that others look for, and the
/// system releases it when the process ends, however it ends.
fn take_lock(folder: &Path, node: NodeId) -> io::Result<File> {
    let unnamed = folder.join(format!("{node}.new"));
    let file = OpenOptions::new().write(true).create_new(true).open(&unnamed)?;
    file.lock()?;
    fs::rename(&unnamed, lock_path(folder, node))?;
    Ok(file)
}

fn lock_path(folder: &Path, node: NodeId) -> PathBuf {
    folder.join(format!("{node}.lock"))
}

fn segment_path(folder: &Path, node: NodeId, number: u64) -> PathBuf {
    folder.join(format!("{node}-{number:08}.jsonl"))
}

fn failed(path: &Path, source: io::Error) -> JournalError {
    JournalError::File { path: path.to_owned(), source }
}
