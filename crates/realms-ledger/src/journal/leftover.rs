//! What a process that is gone has left of its journal.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use realms_store::UsageRecord;
use realms_types::{Ids, NodeId};

use super::{JournalError, failed, lock_path};
use crate::{NotedCall, lost::lost_call};

/// The segments of a dead process. Nobody else takes them as long as this lives.
#[derive(Debug)]
pub(crate) struct Leftover {
    folder: PathBuf,
    node: NodeId,
    ids: Ids,
    _lock: File,
}

// === impl Leftover ===

impl Leftover {
    /// Takes over what dead processes left in this folder.
    pub(super) fn claim(folder: &Path, ids: &Ids) -> io::Result<Vec<Self>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name();
            let Some(node) = name.to_str().and_then(node_of_lock) else { continue };
            if let Some(lock) = seize(&lock_path(folder, node)) {
                found.push(Self { folder: folder.to_owned(), node, ids: ids.clone(), _lock: lock });
            }
        }
        Ok(found)
    }

    /// Its files.
    pub(crate) async fn segments(&self) -> Result<Vec<PathBuf>, JournalError> {
        let unusable = |source| failed(&self.folder, source);
        let mut found = Vec::new();
        let mut files = tokio::fs::read_dir(&self.folder).await.map_err(unusable)?;
        while let Some(file) = files.next_entry().await.map_err(unusable)? {
            if file.file_name().to_str().is_some_and(|name| is_segment(name, self.node)) {
                found.push(file.path());
            }
        }
        Ok(found)
    }

    /// The calls that are noted in one of them.
    pub(crate) async fn read(segment: &Path) -> Result<Vec<NotedCall>, JournalError> {
        let text = tokio::fs::read(segment).await.map_err(|source| failed(segment, source))?;
        Ok(whole_lines(&text))
    }

    /// Removes one of them, once each of its calls has a record.
    pub(crate) async fn remove(segment: &Path) -> Result<(), JournalError> {
        tokio::fs::remove_file(segment).await.map_err(|source| failed(segment, source))
    }

    /// Nothing of it is left.
    pub(crate) async fn end(self) -> Result<(), JournalError> {
        Self::remove(&lock_path(&self.folder, self.node)).await
    }

    /// What is recorded of a call of that process.
    pub(crate) fn lost(&self, call: NotedCall) -> UsageRecord {
        lost_call(call, self.node, self.ids.next())
    }
}

/// The lock of a process that is gone; `None` while it lives, and when somebody else is done with it.
fn seize(path: &Path) -> Option<File> {
    try_to_seize(path).unwrap_or_else(|error| {
        tracing::warn!(file = %path.display(), %error, "what a process left of its call journal cannot be taken over");
        None
    })
}

fn try_to_seize(path: &Path) -> io::Result<Option<File>> {
    let file = match OpenOptions::new().read(true).write(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The calls of all lines but a last one that was cut off.
fn whole_lines(text: &[u8]) -> Vec<NotedCall> {
    let end = text.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
    let lines = text[..end].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let calls = lines.filter_map(|line| match serde_json::from_slice(line) {
        Ok(call) => Some(call),
        Err(error) => {
            tracing::error!(%error, "a line of the call journal cannot be read");
            None
        }
    });
    calls.collect()
}

fn node_of_lock(name: &str) -> Option<NodeId> {
    name.strip_suffix(".lock")?.parse().ok()
}

fn is_segment(name: &str, node: NodeId) -> bool {
    let rest = name.strip_suffix(".jsonl").and_then(|name| name.strip_prefix(&node.to_string()));
    rest.is_some_and(|rest| rest.starts_with('-'))
}
