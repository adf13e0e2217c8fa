//! The one-time code by which the owner of the machine becomes the first root user.

use aws_lc_rs::digest::{SHA256, digest};
use realms_seal::random_bytes;

/// Letters and digits that are not mistaken for each other.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A new code: four groups of four, 80 bits, such as `7KQ2-…`.
pub fn new_setup_code() -> String {
    let letters: Vec<char> = random_bytes::<16>()
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte & 31)]))
        .collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

/// What the database keeps of a code. Case, dashes and spaces do not count: codes are typed by hand.
pub fn setup_code_hash(code: &str) -> [u8; 32] {
    let typed: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, typed.as_bytes()).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_recognised_however_it_is_typed() {
        let code = new_setup_code();
        assert_eq!(code.len(), 19);
        let typed = code.to_lowercase().replace('-', " ");
        assert_eq!(setup_code_hash(&code), setup_code_hash(&typed));
        assert_ne!(setup_code_hash(&code), setup_code_hash(&new_setup_code()));
    }
}
