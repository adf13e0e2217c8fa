//! Records and settlements that wait on disk while the database is away.
//!
//! A folder of segments, `usage-<number>.jsonl`, each a bounded file of one JSON record a line, so that
//! what waits can be brought back piece by piece however much it is.

use std::{
    collections::VecDeque,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use realms_store::UsageRecord;
use serde::{Deserialize, Serialize};
use tokio::{
    fs::{self, OpenOptions},
    io::AsyncWriteExt,
};

use crate::order::Closing;

/// A line of a segment.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Spooled {
    /// The end of a hold, with the record of its call.
    Closing {
        /// It.
        closing: Box<Closing>,
    },
    /// The record of a call without a hold; the only form of earlier versions.
    Record(Box<UsageRecord>),
}

/// A segment takes no more records beyond this size.
const SEGMENT: u64 = 4 << 20;
/// More segments than this, 1 GiB, mean that something is wrong which nobody looks at.
const MOST: usize = 256;

/// Where lines go that the database refuses for ever. It is not read again.
const REFUSED: &str = "refused.jsonl";

/// Why records could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// A file cannot be read or written.
    #[error("the spool `{}` cannot be used: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no thread to write on.
    #[error("the writer cannot be started: {0}")]
    Start(io::Error),
    /// The spool has reached its bound.
    #[error("the spool `{}` is full: bring the database back", .0.display())]
    Full(PathBuf),
}

/// The segments that wait, oldest first.
#[derive(Debug)]
pub(crate) struct Spool {
    folder: PathBuf,
    waiting: VecDeque<u64>,
}

// === impl Spool ===

impl Spool {
    /// A spool in this folder, which may hold records of an earlier run.
    pub(crate) async fn open(folder: &Path) -> Result<Self, SpoolError> {
        fs::create_dir_all(folder).await.map_err(|source| failed(folder, source))?;
        let mut found = Vec::new();
        let mut files = fs::read_dir(folder).await.map_err(|source| failed(folder, source))?;
        while let Some(file) = files.next_entry().await.map_err(|source| failed(folder, source))? {
            found.extend(file.file_name().to_str().and_then(number_of));
        }
        found.sort_unstable();
        Ok(Self { folder: folder.to_owned(), waiting: found.into() })
    }

    /// Whether records wait.
    pub(crate) fn is_occupied(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Adds records and has them on disk before it returns.
    pub(crate) async fn append(&mut self, records: &[Spooled]) -> Result<(), SpoolError> {
        let lines = text_of(&self.folder, records)?;
        let path = self.open_segment().await?;
        write(&path, &lines).await.map_err(|source| failed(&path, source))
    }

    /// Keeps lines that the database refuses for ever apart from those that wait, for people to look at.
    pub(crate) async fn set_apart(&self, lines: &[Spooled]) -> Result<PathBuf, SpoolError> {
        let path = self.folder.join(REFUSED);
        let text = text_of(&self.folder, lines)?;
        write(&path, &text).await.map_err(|source| failed(&path, source))?;
        Ok(path)
    }

    /// The records of the oldest segment; none when nothing waits. A line that a crash cut off is
    /// logged and left out.
    pub(crate) async fn oldest(&self) -> Result<Vec<Spooled>, SpoolError> {
        let Some(number) = self.waiting.front() else { return Ok(Vec::new()) };
        let path = self.path(*number);
        let text = fs::read(&path).await.map_err(|source| failed(&path, source))?;
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let records = lines.filter_map(|line| match serde_json::from_slice(line) {
            Ok(record) => Some(record),
            Err(error) => {
                tracing::error!(%error, "a line of the spool cannot be read");
                None
            }
        });
        Ok(records.collect())
    }

    /// Removes the oldest segment, once all of it is in the database.
    pub(crate) async fn remove_oldest(&mut self) -> Result<(), SpoolError> {
        let Some(number) = self.waiting.front() else { return Ok(()) };
        let path = self.path(*number);
        match fs::remove_file(&path).await {
            Err(source) if source.kind() != ErrorKind::NotFound => Err(failed(&path, source)),
            _ => {
                self.waiting.pop_front();
                Ok(())
            }
        }
    }

    /// The segment that takes the next records.
    async fn open_segment(&mut self) -> Result<PathBuf, SpoolError> {
        if let Some(last) = self.waiting.back() {
            let path = self.path(*last);
            let length = fs::metadata(&path).await.map_or(SEGMENT, |metadata| metadata.len());
            if length < SEGMENT {
                return Ok(path);
            }
        }
        if self.waiting.len() >= MOST {
            return Err(SpoolError::Full(self.folder.clone()));
        }
        let next = self.waiting.back().map_or(1, |last| last + 1);
        self.waiting.push_back(next);
        Ok(self.path(next))
    }

    fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("usage-{number:08}.jsonl"))
    }
}

fn text_of(folder: &Path, lines: &[Spooled]) -> Result<Vec<u8>, SpoolError> {
    let mut text = Vec::new();
    for line in lines {
        serde_json::to_writer(&mut text, line).map_err(|error| failed(folder, error.into()))?;
        text.push(b'\n');
    }
    Ok(text)
}

async fn write(path: &Path, lines: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(path).await?;
    // What a crash cut off must not swallow the next line.
    if file.metadata().await?.len() > 0 {
        file.write_all(b"\n").await?;
    }
    file.write_all(lines).await?;
    file.sync_all().await
}

fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix("usage-")?.strip_suffix(".jsonl")?.parse().ok()
}

fn failed(path: &Path, source: io::Error) -> SpoolError {
    SpoolError::File { path: path.to_owned(), source }
}
