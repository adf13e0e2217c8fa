//! Files beside a SQLite database that keep processes apart. The system releases such a lock when
//! its process ends, however it ends.

use std::{
    ffi::OsString,
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::Instant;

use crate::StoreError;

/// How often a process looks whether another has finished its migration.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Marks a SQLite database as served by this process: `<database>.lock`, with its process id.
#[derive(Debug)]
pub(crate) struct ServerLock {
    _file: File,
}

/// Held while the schema is brought up to date: `<database>.migrate`.
#[derive(Debug)]
pub(crate) struct MigrationLock {
    _file: File,
}

// === impl ServerLock ===

impl ServerLock {
    /// Takes the lock or names the process that has it.
    pub(crate) fn acquire(database: &Path) -> Result<Self, StoreError> {
        let path = beside(database, ".lock");
        let failed = |cause: &io::Error| unusable(&path, cause);
        let mut file = open(&path).map_err(|cause| failed(&cause))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(database, file)),
            Err(TryLockError::Error(cause)) => return Err(failed(&cause)),
        }
        note_process(&mut file).map_err(|cause| failed(&cause))?;
        Ok(Self { _file: file })
    }
}

fn note_process(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())?;
    file.sync_data()
}

fn held(database: &Path, mut file: File) -> StoreError {
    let mut text = String::new();
    let holder = match file.read_to_string(&mut text).map(|_| text.trim().parse::<u32>()) {
        Ok(Ok(process)) => format!("process {process}"),
        // The holder has the lock, and has not written its number yet.
        _ => "another process".to_owned(),
    };
    StoreError::Locked { path: database.to_owned(), holder }
}

// === impl MigrationLock ===

impl MigrationLock {
    /// Waits for other processes that migrate the same file.
    pub(crate) async fn acquire(database: &Path, wait: Duration) -> Result<Self, StoreError> {
        let path = beside(database, ".migrate");
        let file = open(&path).map_err(|cause| unusable(&path, &cause))?;
        let end = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if Instant::now() < end => {
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::Unavailable(
                        "another process is still bringing the schema up to date".to_owned(),
                    ));
                }
                Err(TryLockError::Error(cause)) => return Err(unusable(&path, &cause)),
            }
        }
    }
}

/// `realms.db` + `.lock` = `realms.db.lock`.
fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = database.into();
    name.push(suffix);
    name.into()
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

fn unusable(path: &Path, cause: &io::Error) -> StoreError {
    StoreError::Invalid(format!("cannot use the lock file `{}`: {cause}", path.display()))
}
