//! Codes on paper that stand in for a lost authenticator.

use realms_seal::{Keyring, random_bytes};
use realms_types::{Secret, UserId};

/// How many a user gets.
const CODES: usize = 10;
/// Letters and digits that survive being read aloud.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Ten new codes of 60 bits each: `k3m9-x7p2-0a4q`.
pub(crate) fn new_recovery_codes() -> Vec<Secret<String>> {
    let new = || {
        let digits = random_bytes::<12>().map(|byte| char::from(DIGITS[usize::from(byte & 31)]));
        let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
        Secret::from(groups.join("-"))
    };
    std::iter::repeat_with(new).take(CODES).collect()
}

/// What a code is kept by. People write it with and without the strokes.
pub(crate) fn recovery_code_hash(keyring: &Keyring, user: UserId, code: &str) -> [u8; 32] {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    keyring.keyed_hash(&format!("recovery code\n{user}\n{}", plain.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use realms_seal::MasterKey;

    use super::*;

    #[test]
    fn codes_are_different_and_known_however_they_are_written() {
        let keyring = Keyring::open(MasterKey::random(), Vec::new()).unwrap();
        let codes = new_recovery_codes();
        assert_eq!(codes.len(), 10);
        let hash = |user: i64, code: &str| recovery_code_hash(&keyring, UserId::new(user), code);
        let first = codes[0].reveal();
        assert_eq!(hash(1, first), hash(1, &first.replace('-', " ").to_uppercase()));
        assert_ne!(hash(1, first), hash(2, first));
        assert_ne!(hash(1, first), hash(1, codes[1].reveal()));
    }
}
