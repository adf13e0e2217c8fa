//! One file of the journal.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
};

/// A segment takes no more lines beyond this size.
const SIZE: u64 = 1 << 20;

/// A file that lines are appended to.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) number: u64,
    file: File,
    /// Bytes in it.
    size: u64,
    /// Whether its last line is whole, so that another can follow.
    is_whole: bool,
}

// === impl Segment ===

impl Segment {
    /// An empty one.
    pub(super) fn create(number: u64, path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.create_new(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        Ok(Self { number, file, size: 0, is_whole: true })
    }

    /// Whether there is room for a line.
    pub(super) const fn takes_more(&self) -> bool {
        self.is_whole && self.size < SIZE
    }

    /// Whether nothing is in it.
    pub(super) const fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// Hands a line to the system, in one write if nothing is wrong. What came of it when it failed is cut
    /// off again.
    pub(super) fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(line);
        match written {
            Ok(()) => self.size += line.len() as u64,
            Err(_) => self.cut(self.size),
        }
        written
    }

    /// Forgets every line.
    pub(super) fn clear(&mut self) {
        self.cut(0);
    }

    fn cut(&mut self, size: u64) {
        match self.file.set_len(size) {
            Ok(()) => self.size = size,
            Err(_) => self.is_whole = false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_follows_the_other_until_there_is_no_room() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("segment");
        let mut segment = Segment::create(1, &path).unwrap();
        assert!(Segment::create(1, &path).is_err(), "it is another's");
        segment.append(b"one\n").unwrap();
        segment.append(b"two\n").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"one\ntwo\n");
        segment.clear();
        assert!(segment.is_empty());
        segment.append(b"three\n").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"three\n");
        assert!(segment.takes_more());
        segment.append(&vec![b'x'; 1 << 20]).unwrap();
        assert!(!segment.takes_more());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_and_nothing_follows_half_a_line() {
        let file = OpenOptions::new().append(true).open("/dev/full").unwrap();
        let mut segment = Segment { number: 1, file, size: 0, is_whole: true };
        assert!(segment.append(b"a line\n").is_err());
        assert!(segment.is_empty());
        // A device cannot be cut, so what is in it is not known.
        assert!(!segment.takes_more());
    }
}
