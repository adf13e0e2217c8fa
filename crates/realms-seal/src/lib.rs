//! Secrets at rest: the master key file, wrapped data keys, sealed values and random secrets.
//!
//! A [`MasterKey`] outside the database wraps one data key per [`Purpose`]; the data keys, unwrapped
//! in a [`Keyring`], seal the values. A sealed value is bound to its [`Place`], so it opens nowhere
//! else. Whoever has the database without the master key has nothing.

mod cipher;
mod keyring;
mod master;
mod place;
mod purpose;
mod random;
mod wrapped;

use std::{io, path::PathBuf};

use realms_types::DataKeyId;

pub use keyring::Keyring;
pub use master::MasterKey;
pub use place::Place;
pub use purpose::Purpose;
pub use random::{random_bytes, random_token, same};
pub use realms_types::Secret;
pub use wrapped::WrappedKey;

/// Why a key or a sealed value cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The file of the master key cannot be read or written.
    #[error("cannot use the master key file `{}`: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file of the master key can be read by more than its owner.
    #[error(
        "the master key file `{}` has mode {mode:03o}, so others can read it: run `chmod 600` on it",
        path.display()
    )]
    ReadableByOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// What should be a master key is not 32 bytes of base64.
    #[error("{origin} does not hold a master key: expected 32 bytes as 44 characters of base64")]
    NotAMasterKey {
        /// Where it came from.
        origin: String,
    },
    /// The data keys were wrapped with another master key.
    #[error(
        "{origin} is not the master key this database was sealed with: restore the original key, \
         or start with an empty database"
    )]
    WrongMasterKey {
        /// Where the key in use came from.
        origin: String,
    },
    /// Other data keys unwrap, this one does not.
    #[error("the data key {0} is damaged: restore its row from a backup")]
    DamagedKey(DataKeyId),
    /// A value names a data key that this keyring does not hold.
    #[error("no data key {0}: reload the keys, or restore the missing row from a backup")]
    UnknownKey(DataKeyId),
    /// Nothing can be sealed for this purpose: its key was not made yet, or it only hashes.
    #[error("no key seals for the purpose `{0}`")]
    NoKey(Purpose),
    /// There is only ever one pepper: a second would orphan every stored hash.
    #[error("the key pepper exists already and cannot be replaced")]
    PepperExists,
    /// Not the text form of a sealed value.
    #[error("not a sealed value of the form `v1.<key>.<data>`")]
    Malformed,
    /// The value was altered, moved from its place, or sealed for another purpose.
    #[error(
        "the sealed value at {0} does not open: it was altered or moved, enter the secret again"
    )]
    DoesNotOpen(Place),
    /// The cipher itself refused, which only absurd lengths can cause.
    #[error("the cipher refused the value")]
    Cipher,
}
