//! Records that wait on disk while the database is away.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use realms_store::UsageRecord;
use tokio::{
    fs::{self, File, OpenOptions},
    io::{AsyncReadExt, AsyncWriteExt},
};

/// The spool takes no more than this; beyond it something is wrong that nobody looks at.
const MOST: u64 = 1 << 30;

/// Why records could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// The file cannot be read or written.
    #[error("the spool `{}` cannot be used: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The spool has reached its bound.
    #[error("the spool `{}` holds {MOST} bytes already: bring the database back", .0.display())]
    Full(PathBuf),
}

/// A file of usage records, one JSON object a line.
#[derive(Debug)]
pub(crate) struct Spool {
    path: PathBuf,
    occupied: bool,
}

// === impl Spool ===

impl Spool {
    /// A spool in this folder, which may hold records of an earlier run.
    pub(crate) async fn open(folder: &Path) -> Result<Self, SpoolError> {
        let path = folder.join("usage.jsonl");
        let spool = |occupied| Self { path: path.clone(), occupied };
        fs::create_dir_all(folder).await.map_err(|source| failed(folder, source))?;
        match fs::metadata(&path).await {
            Ok(metadata) => Ok(spool(metadata.len() > 0)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(spool(false)),
            Err(source) => Err(failed(&path, source)),
        }
    }

    /// Whether records wait.
    pub(crate) fn is_occupied(&self) -> bool {
        self.occupied
    }

    /// Adds records and has them on disk before it returns.
    pub(crate) async fn append(&mut self, records: &[UsageRecord]) -> Result<(), SpoolError> {
        let mut lines = Vec::new();
        for record in records {
            serde_json::to_writer(&mut lines, record)
                .map_err(|error| failed(&self.path, error.into()))?;
            lines.push(b'\n');
        }
        self.occupied = true;
        self.write(&lines).await
    }

    async fn write(&self, lines: &[u8]) -> Result<(), SpoolError> {
        let failed = |source| failed(&self.path, source);
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(&self.path).await.map_err(failed)?;
        let length = file.metadata().await.map_err(failed)?.len();
        if length + lines.len() as u64 > MOST {
            return Err(SpoolError::Full(self.path.clone()));
        }
        // What a crash cut off must not swallow the next line.
        let torn = length > 0 && !ends_with_newline(&self.path).await.map_err(failed)?;
        if torn {
            file.write_all(b"\n").await.map_err(failed)?;
        }
        file.write_all(lines).await.map_err(failed)?;
        file.sync_all().await.map_err(failed)
    }

    /// Every record that waits. A line that a crash cut off is logged and left out.
    pub(crate) async fn read(&self) -> Result<Vec<UsageRecord>, SpoolError> {
        let mut text = Vec::new();
        match File::open(&self.path).await {
            Ok(mut file) => {
                file.read_to_end(&mut text).await.map_err(|source| failed(&self.path, source))?;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(failed(&self.path, source)),
        }
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

    /// Empties the spool, once all of it is in the database.
    pub(crate) async fn clear(&mut self) -> Result<(), SpoolError> {
        match fs::remove_file(&self.path).await {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(failed(&self.path, source)),
        }
        self.occupied = false;
        Ok(())
    }
}

async fn ends_with_newline(path: &Path) -> io::Result<bool> {
    use tokio::io::AsyncSeekExt;
    let mut file = File::open(path).await?;
    file.seek(io::SeekFrom::End(-1)).await?;
    Ok(file.read_u8().await? == b'\n')
}

fn failed(path: &Path, source: io::Error) -> SpoolError {
    SpoolError::File { path: path.to_owned(), source }
}
