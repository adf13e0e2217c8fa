//! The unwrapped data keys and what is done with them.

use std::{collections::BTreeMap, fmt, sync::Arc};

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use realms_types::{DataKeyId, Secret, Timestamp};
use zeroize::Zeroizing;

use crate::{
    MasterKey, Place, Purpose, SealError, WrappedKey,
    cipher::{Cipher, VERSION},
    random_bytes,
};

/// All data keys, unwrapped. A clone shares them.
#[derive(Clone)]
pub struct Keyring(Arc<Keys>);

#[derive(Clone)]
struct Keys {
    master: MasterKey,
    by_id: BTreeMap<DataKeyId, Arc<DataKey>>,
    pepper: Arc<Pepper>,
}

struct DataKey {
    purpose: Purpose,
    created_at: Timestamp,
    material: Secret<[u8; 32]>,
    cipher: Cipher,
}

/// Drawn when the keyring opens without one, so hashing can never lack a key: until `create` has
/// given it an id and the store has kept it, its hashes match nothing that is stored.
struct Pepper {
    material: Secret<[u8; 32]>,
    key: hmac::Key,
}

// === impl Keyring ===

impl Keyring {
    /// Unwraps every data key; none at all is the state before the first start.
    ///
    /// [`SealError::WrongMasterKey`] when none unwraps, [`SealError::DamagedKey`] when some do.
    pub fn open(master: MasterKey, wrapped: Vec<WrappedKey>) -> Result<Self, SealError> {
        let cipher = master.cipher()?;
        let mut by_id = BTreeMap::new();
        let mut damaged = None;
        for key in wrapped {
            match key.unwrap_with(&cipher) {
                Some(material) => {
                    by_id.insert(key.id, Arc::new(DataKey::new(&key, material)?));
                }
                None => damaged = damaged.or(Some(key.id)),
            }
        }
        match damaged {
            Some(id) if !by_id.is_empty() => Err(SealError::DamagedKey(id)),
            Some(_) => Err(SealError::WrongMasterKey { origin: master.origin().to_owned() }),
            None => {
                let pepper = Arc::new(Pepper::of(&by_id));
                Ok(Self(Arc::new(Keys { master, by_id, pepper })))
            }
        }
    }

    /// The purposes without a key: [`Self::create`] them, then store what it returns.
    pub fn missing(&self) -> Vec<Purpose> {
        Purpose::ALL.into_iter().filter(|purpose| self.newest(*purpose).is_none()).collect()
    }

    /// Makes a data key. From now on the newest key of a purpose seals; older ones still open.
    pub fn create(
        &mut self,
        purpose: Purpose,
        id: DataKeyId,
        now: Timestamp,
    ) -> Result<WrappedKey, SealError> {
        let material = match purpose {
            Purpose::KeyPepper if self.newest(purpose).is_some() => {
                return Err(SealError::PepperExists);
            }
            Purpose::KeyPepper => self.0.pepper.material.clone(),
            Purpose::Upstream
            | Purpose::KeyCopy
            | Purpose::Totp
            | Purpose::Setting
            | Purpose::Cookie
            | Purpose::Payment
            | Purpose::Answer
            | Purpose::Response => Secret::new(random_bytes()),
        };
        let cipher = self.0.master.cipher()?;
        let wrapped = WrappedKey::wrap_with(&cipher, id, purpose, &material, now)?;
        let key = Arc::new(DataKey::new(&wrapped, material)?);
        Arc::make_mut(&mut self.0).by_id.insert(id, key);
        Ok(wrapped)
    }

    /// Seals a value for its place: `v1.<key id>.<base64url(nonce ‖ ciphertext ‖ tag)>`.
    pub fn seal(&self, purpose: Purpose, place: Place, value: &[u8]) -> Result<String, SealError> {
        let (id, key) =
            self.newest(purpose).filter(|_| purpose.seals()).ok_or(SealError::NoKey(purpose))?;
        let sealed = key.cipher.seal(&place.associated_data(id), value)?;
        Ok(format!("{VERSION}.{id}.{}", URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// Opens a value that [`Self::seal`] made for the same purpose and place.
    pub fn unseal(
        &self,
        purpose: Purpose,
        place: Place,
        sealed: &str,
    ) -> Result<Secret<Vec<u8>>, SealError> {
        let (id, data) = read_sealed(sealed)?;
        let key = self.0.by_id.get(&id).ok_or(SealError::UnknownKey(id))?;
        if key.purpose != purpose || !purpose.seals() {
            return Err(SealError::DoesNotOpen(place));
        }
        key.cipher.open(&place.associated_data(id), &data).ok_or(SealError::DoesNotOpen(place))
    }

    /// Opens a value that is text.
    pub fn unseal_text(
        &self,
        purpose: Purpose,
        place: Place,
        sealed: &str,
    ) -> Result<Secret<String>, SealError> {
        let bytes = self.unseal(purpose, place, sealed)?;
        let text = str::from_utf8(bytes.reveal()).map_err(|_| SealError::DoesNotOpen(place))?;
        Ok(Secret::from(text))
    }

    /// HMAC-SHA256 of an API key under the pepper: what the store looks keys up by.
    pub fn keyed_hash(&self, secret: &str) -> [u8; 32] {
        let tag = hmac::sign(&self.0.pepper.key, secret.as_bytes());
        let mut hash = [0u8; 32];
        hash.copy_from_slice(tag.as_ref());
        hash
    }

    /// All data keys wrapped with another master key, for the store to replace in one transaction.
    /// Sealed values stay as they are.
    pub fn rewrap(&self, master: &MasterKey) -> Result<Vec<WrappedKey>, SealError> {
        let cipher = master.cipher()?;
        let keys = self.0.by_id.iter();
        keys.map(|(id, key)| {
            WrappedKey::wrap_with(&cipher, *id, key.purpose, &key.material, key.created_at)
        })
        .collect()
    }

    fn newest(&self, purpose: Purpose) -> Option<(DataKeyId, &DataKey)> {
        let keys = self.0.by_id.iter().filter(|(_, key)| key.purpose == purpose);
        keys.max_by_key(|(id, key)| (key.created_at, **id)).map(|(id, key)| (*id, &**key))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("master", &self.0.master)
            .field("keys", &self.0.by_id.keys())
            .finish_non_exhaustive()
    }
}

// === impl DataKey ===

impl DataKey {
    fn new(wrapped: &WrappedKey, material: Secret<[u8; 32]>) -> Result<Self, SealError> {
        let cipher = Cipher::new(material.reveal())?;
        let WrappedKey { purpose, created_at, .. } = *wrapped;
        Ok(Self { purpose, created_at, material, cipher })
    }
}

// === impl Pepper ===

impl Pepper {
    fn of(keys: &BTreeMap<DataKeyId, Arc<DataKey>>) -> Self {
        let stored = keys.values().find(|key| key.purpose == Purpose::KeyPepper);
        let material =
            stored.map_or_else(|| Secret::new(random_bytes()), |key| key.material.clone());
        let key = hmac::Key::new(hmac::HMAC_SHA256, material.reveal());
        Self { material, key }
    }
}

fn read_sealed(text: &str) -> Result<(DataKeyId, Zeroizing<Vec<u8>>), SealError> {
    let mut parts = text.split('.');
    let (Some(VERSION), Some(id), Some(data), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(SealError::Malformed);
    };
    let id = id.parse().map_err(|_| SealError::Malformed)?;
    let data = URL_SAFE_NO_PAD.decode(data).map_err(|_| SealError::Malformed)?;
    Ok((id, Zeroizing::new(data)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLACE: Place = Place { table: "credentials", column: "secret", row: 7 };
    const CANARY: &str = "sk-canary-0123456789";

    /// A keyring with every key, and those keys as the store would keep them.
    fn keyring(master: &MasterKey) -> (Keyring, Vec<WrappedKey>) {
        let mut keyring = Keyring::open(master.clone(), Vec::new()).unwrap();
        let wrapped = (1..)
            .zip(keyring.missing())
            .map(|(id, purpose)| {
                keyring.create(purpose, DataKeyId::new(id), Timestamp::from_secs(id)).unwrap()
            })
            .collect();
        assert_eq!(keyring.missing(), []);
        (keyring, wrapped)
    }

    #[test]
    fn what_is_sealed_opens_after_a_restart() {
        let master = MasterKey::random();
        let (before, wrapped) = keyring(&master);
        let sealed = before.seal(Purpose::Upstream, PLACE, CANARY.as_bytes()).unwrap();
        let after = Keyring::open(master, wrapped).unwrap();
        let opened = after.unseal_text(Purpose::Upstream, PLACE, &sealed).unwrap();
        assert_eq!(opened.reveal(), CANARY);
        assert_eq!(before.keyed_hash(CANARY), after.keyed_hash(CANARY));
        assert_ne!(after.keyed_hash(CANARY), after.keyed_hash("other"));
    }

    #[test]
    fn a_value_opens_only_in_its_place_and_for_its_purpose() {
        let (keyring, _) = keyring(&MasterKey::random());
        let sealed = keyring.seal(Purpose::Upstream, PLACE, b"value").unwrap();
        for place in [
            Place { row: 8, ..PLACE },
            Place { column: "other", ..PLACE },
            Place { table: "other", ..PLACE },
        ] {
            let moved = keyring.unseal(Purpose::Upstream, place, &sealed);
            assert!(matches!(moved, Err(SealError::DoesNotOpen(at)) if at == place));
        }
        let repurposed = keyring.unseal(Purpose::KeyCopy, PLACE, &sealed);
        assert!(matches!(repurposed, Err(SealError::DoesNotOpen(_))));
    }

    #[test]
    fn the_pepper_never_seals() {
        let (mut keyring, _) = keyring(&MasterKey::random());
        let sealed = keyring.seal(Purpose::KeyPepper, PLACE, b"value");
        assert!(matches!(sealed, Err(SealError::NoKey(Purpose::KeyPepper))));
        let second = keyring.create(Purpose::KeyPepper, DataKeyId::new(9), Timestamp::EPOCH);
        assert!(matches!(second, Err(SealError::PepperExists)));
    }

    #[test]
    fn another_master_key_is_refused_and_named() {
        let (_, wrapped) = keyring(&MasterKey::random());
        let error = Keyring::open(MasterKey::random(), wrapped).unwrap_err();
        assert!(matches!(error, SealError::WrongMasterKey { .. }));
        assert!(error.to_string().contains("restore"), "{error}");
    }

    #[test]
    fn a_damaged_or_swapped_data_key_is_named() {
        let master = MasterKey::random();
        let (_, mut wrapped) = keyring(&master);
        wrapped[1].wrapped = wrapped[0].wrapped.clone();
        let error = Keyring::open(master, wrapped.clone()).unwrap_err();
        assert!(matches!(error, SealError::DamagedKey(id) if id == wrapped[1].id));
    }

    #[test]
    fn rotating_the_master_key_keeps_every_value() {
        let (old, new) = (MasterKey::random(), MasterKey::random());
        let (before, wrapped) = keyring(&old);
        let sealed = before.seal(Purpose::KeyCopy, PLACE, CANARY.as_bytes()).unwrap();
        let rewrapped = before.rewrap(&new).unwrap();
        assert_eq!(rewrapped.len(), wrapped.len());
        let after = Keyring::open(new, rewrapped.clone()).unwrap();
        let opened = after.unseal_text(Purpose::KeyCopy, PLACE, &sealed).unwrap();
        assert_eq!(opened.reveal(), CANARY);
        assert!(matches!(Keyring::open(old, rewrapped), Err(SealError::WrongMasterKey { .. })));
    }

    #[test]
    fn a_newer_data_key_seals_and_the_older_still_opens() {
        let (mut keyring, _) = keyring(&MasterKey::random());
        let old = keyring.seal(Purpose::Upstream, PLACE, b"old").unwrap();
        let id = DataKeyId::new(99);
        keyring.create(Purpose::Upstream, id, Timestamp::from_secs(99)).unwrap();
        let new = keyring.seal(Purpose::Upstream, PLACE, b"new").unwrap();
        assert!(new.contains(&id.to_string()) && !old.contains(&id.to_string()));
        let opened = keyring.unseal(Purpose::Upstream, PLACE, &old).unwrap();
        assert_eq!(opened.reveal(), b"old");
    }

    #[test]
    fn nothing_secret_is_in_the_debug_form() {
        let master = MasterKey::random();
        let (keyring, wrapped) = keyring(&master);
        let sealed = keyring.seal(Purpose::Upstream, PLACE, CANARY.as_bytes()).unwrap();
        let seen = format!("{keyring:?} {master:?} {wrapped:?} {sealed}");
        assert!(!seen.contains(CANARY) && !seen.contains(master.to_text().reveal()));
        let raw = format!("{:?}", keyring.0.pepper.material.reveal());
        assert!(!seen.contains(raw.trim_matches(['[', ']'])));
    }

    #[test]
    fn junk_is_told_from_values_of_unknown_keys() {
        let (keyring, _) = keyring(&MasterKey::random());
        for text in ["", "plain", "v1.", "v2.dk_0000000000001.AAAA", "v1.dk_1.AAAA", "v1.a.b.c"] {
            let result = keyring.unseal(Purpose::Upstream, PLACE, text);
            assert!(matches!(result, Err(SealError::Malformed)), "{text:?} passed");
        }
        let foreign = format!("v1.{}.AAAA", DataKeyId::new(1234));
        let result = keyring.unseal(Purpose::Upstream, PLACE, &foreign);
        assert!(matches!(result, Err(SealError::UnknownKey(id)) if id == DataKeyId::new(1234)));
    }

    proptest! {
        #[test]
        fn every_value_round_trips_and_no_altered_byte_opens(
            value in prop::collection::vec(any::<u8>(), 0..200),
            at in any::<prop::sample::Index>(),
            flip in 1u8..,
        ) {
            let (keyring, _) = keyring(&MasterKey::random());
            let sealed = keyring.seal(Purpose::Upstream, PLACE, &value).unwrap();
            let opened = keyring.unseal(Purpose::Upstream, PLACE, &sealed).unwrap();
            prop_assert_eq!(opened.reveal(), &value);

            let (head, data) = sealed.rsplit_once('.').unwrap();
            let mut data = URL_SAFE_NO_PAD.decode(data).unwrap();
            let at = at.index(data.len());
            data[at] ^= flip;
            let altered = format!("{head}.{}", URL_SAFE_NO_PAD.encode(data));
            let result = keyring.unseal(Purpose::Upstream, PLACE, &altered);
            prop_assert!(matches!(result, Err(SealError::DoesNotOpen(_))));
        }
    }
}
