//! The folder in which files lie, each under its id: no name that somebody chose is ever a path.

use std::{
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use realms_types::TicketFileId;
use tokio::{fs, io::AsyncWriteExt as _};

/// The folder of files. Several nodes must see the same one.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// What is written gets its name when it is whole.
const PART: &str = "part";

// === impl Folder ===

impl Folder {
    /// The folder at a path; it is made when the first file comes.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Keeps a file. When it returns, the file outlives the process.
    pub async fn put(&self, id: TicketFileId, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.0).await?;
        let (part, whole) = (self.path(id).with_extension(PART), self.path(id));
        let mut file = fs::File::create(&part).await?;
        file.write_all(bytes).await?;
        file.sync_all().await?;
        fs::rename(&part, &whole).await
    }

    /// What is in a file; `None`: it is gone.
    pub async fn read(&self, id: TicketFileId) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path(id)).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes a file; one that is gone already is removed.
    pub async fn remove(&self, id: TicketFileId) -> io::Result<()> {
        gone(fs::remove_file(self.path(id)).await)
    }

    /// The files that lie there for so long at least, eight bytes of each; what was never written whole is removed.
    pub async fn older_than(&self, age: Duration) -> io::Result<Vec<TicketFileId>> {
        let mut entries = match fs::read_dir(&self.0).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut old = Vec::new();
        while let Some(entry) = entries.next_entry().await? {
            let path = entry.path();
            if !is_older(&entry.metadata().await?.modified()?, age) {
                continue;
            }
            if path.extension().is_some_and(|ending| ending == PART) {
                gone(fs::remove_file(&path).await)?;
            } else if let Some(id) = id_of(&path) {
                old.push(id);
            }
        }
        Ok(old)
    }

    fn path(&self, id: TicketFileId) -> PathBuf {
        self.0.join(id.to_string())
    }
}

fn is_older(modified: &SystemTime, age: Duration) -> bool {
    modified.elapsed().is_ok_and(|elapsed| elapsed >= age)
}

fn id_of(path: &Path) -> Option<TicketFileId> {
    path.file_name()?.to_str()?.parse().ok()
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn files_lie_under_their_ids_and_are_removed() {
        let home = tempfile::TempDir::new().unwrap();
        let folder = Folder::new(home.path().join("tickets"));
        let (one, two) = (TicketFileId::new(1), TicketFileId::new(2));
        assert!(folder.older_than(Duration::ZERO).await.unwrap().is_empty(), "no folder yet");
        assert_eq!(folder.read(one).await.unwrap(), None);
        folder.put(one, b"a").await.unwrap();
        folder.put(two, b"b").await.unwrap();
        std::fs::write(home.path().join("tickets/README"), "not ours").unwrap();
        std::fs::write(home.path().join("tickets/tf_0000000000003.part"), "half").unwrap();
        assert_eq!(folder.read(one).await.unwrap(), Some(b"a".to_vec()));
        assert!(folder.older_than(Duration::from_hours(1)).await.unwrap().is_empty());
        let mut old = folder.older_than(Duration::ZERO).await.unwrap();
        old.sort_unstable();
        assert_eq!(old, [one, two]);
        folder.remove(one).await.unwrap();
        folder.remove(one).await.unwrap();
        let mut left: Vec<_> = std::fs::read_dir(home.path().join("tickets"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort_unstable();
        assert_eq!(left, ["README".to_owned(), two.to_string()]);
    }
}
