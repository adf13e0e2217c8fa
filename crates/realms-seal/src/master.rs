//! The key that wraps all others. It never enters the database.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use realms_types::Secret;
use zeroize::Zeroizing;

use crate::{SealError, cipher::Cipher, random_bytes};

/// The file holds 44 characters and perhaps a line end; anything much longer is another file.
const LONGEST_FILE: u64 = 256;

/// 32 random bytes. As text, in a file or the environment: 44 characters of base64.
#[derive(Clone)]
pub struct MasterKey {
    bytes: Secret<[u8; 32]>,
    /// Where it came from, in words for error messages.
    origin: String,
}

// === impl MasterKey ===

impl MasterKey {
    /// Reads the key file, or makes it (mode 0600) when there is none. The flag tells whether it was made.
    pub fn load_or_create(path: &Path) -> Result<(Self, bool), SealError> {
        if let Some(key) = Self::load(path)? {
            return Ok((key, false));
        }
        match Self::create(path) {
            Ok(key) => Ok((key, true)),
            // Another process was faster; its key is the one to use.
            Err(SealError::File { source, .. })
                if source.kind() == io::ErrorKind::AlreadyExists =>
            {
                let found = Self::load(path)?;
                found.map(|key| (key, false)).ok_or_else(|| file_error(path, source))
            }
            Err(error) => Err(error),
        }
    }

    /// Reads the key file; `None` when there is none. Refuses a file that others can read.
    pub fn load(path: &Path) -> Result<Option<Self>, SealError> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(file_error(path, error)),
        };
        refuse_readable_by_others(&file, path)?;
        let mut text = Zeroizing::new(String::with_capacity(64));
        file.take(LONGEST_FILE)
            .read_to_string(&mut text)
            .map_err(|error| file_error(path, error))?;
        Self::parse(&text, file_origin(path)).map(Some)
    }

    /// Makes a key file that must not exist yet, and has it on disk before returning.
    pub fn create(path: &Path) -> Result<Self, SealError> {
        let key = Self { bytes: Secret::new(random_bytes()), origin: file_origin(path) };
        write_new(path, key.to_text().reveal()).map_err(|error| file_error(path, error))?;
        Ok(key)
    }

    /// Reads the text form, as the environment or a service manager's credential carries it.
    pub fn from_text(text: &str) -> Result<Self, SealError> {
        Self::parse(text, "the given master key".to_owned())
    }

    /// A new key that is in no file.
    pub fn random() -> Self {
        Self { bytes: Secret::new(random_bytes()), origin: "a new master key".to_owned() }
    }

    /// The text form, to be kept where the database is not.
    pub fn to_text(&self) -> Secret<String> {
        Secret::new(STANDARD.encode(self.bytes.reveal()))
    }

    /// Where it came from, in words for error messages.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// What wraps and unwraps data keys.
    pub(crate) fn cipher(&self) -> Result<Cipher, SealError> {
        Cipher::new(self.bytes.reveal())
    }

    fn parse(text: &str, origin: String) -> Result<Self, SealError> {
        let mut bytes = Zeroizing::new([0u8; 33]);
        match STANDARD.decode_slice(text.trim(), bytes.as_mut_slice()) {
            Ok(32) => {
                let mut exact = [0u8; 32];
                exact.copy_from_slice(&bytes[..32]);
                Ok(Self { bytes: Secret::new(exact), origin })
            }
            _ => Err(SealError::NotAMasterKey { origin }),
        }
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MasterKey").field("origin", &self.origin).finish_non_exhaustive()
    }
}

fn file_origin(path: &Path) -> String {
    format!("the file `{}`", path.display())
}

fn file_error(path: &Path, source: io::Error) -> SealError {
    SealError::File { path: path.to_owned(), source }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let written = write_synced(file, text).and_then(|()| sync_folder(path));
    if written.is_err() {
        // Half a key would stand in the way of the next start.
        let _ = fs::remove_file(path);
    }
    written
}

fn write_synced(mut file: File, text: &str) -> io::Result<()> {
    let line = Zeroizing::new(format!("{text}\n"));
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

/// A new file survives a power cut only when its folder is on disk too.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn refuse_readable_by_others(file: &File, path: &Path) -> Result<(), SealError> {
    use std::os::unix::fs::PermissionsExt;

    let metadata = file.metadata().map_err(|error| file_error(path, error))?;
    let mode = metadata.permissions().mode() & 0o777;
    let others = mode & 0o077;
    if others == 0 {
        return Ok(());
    }
    Err(SealError::ReadableByOthers { path: path.to_owned(), mode })
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_file: &File, _path: &Path) -> Result<(), SealError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_made_once_and_read_after() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let (made, created) = MasterKey::load_or_create(&path).unwrap();
        assert!(created);
        let (read, created) = MasterKey::load_or_create(&path).unwrap();
        assert!(!created);
        assert_eq!(made.to_text().reveal(), read.to_text().reveal());
        assert!(matches!(MasterKey::create(&path), Err(SealError::File { .. })));
    }

    #[test]
    fn the_text_form_round_trips_and_junk_is_refused() {
        let key = MasterKey::random();
        let again = MasterKey::from_text(&format!(" {}\n", key.to_text().reveal())).unwrap();
        assert_eq!(key.to_text().reveal(), again.to_text().reveal());
        for text in ["", "short", &"A".repeat(43), &"A".repeat(48), "!".repeat(44).as_str()] {
            let refused = MasterKey::from_text(text);
            assert!(matches!(refused, Err(SealError::NotAMasterKey { .. })), "{text:?} passed");
        }
    }

    #[test]
    fn an_empty_file_is_named_in_the_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        write_new(&path, "").unwrap();
        let error = MasterKey::load_or_create(&path).unwrap_err();
        assert!(error.to_string().contains("master.key"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        MasterKey::create(&path).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = MasterKey::load(&path).unwrap_err();
        assert!(matches!(error, SealError::ReadableByOthers { mode: 0o640, .. }));
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
}
