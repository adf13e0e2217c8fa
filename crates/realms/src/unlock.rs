//! Opens the database and the secrets in it, for the server and the command line alike.

use anyhow::{Context, Result};
use realms_seal::{Keyring, MasterKey};
use realms_store::{Store, StoreError, StoreOptions};
use realms_types::{Ids, SharedClock};

use crate::config::Config;

/// Opens the database of this configuration. `exclusive` is for the server: on SQLite it keeps a
/// second one out.
pub(crate) async fn open_store(config: &Config, exclusive: bool) -> Result<Store> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make the data folder {}", config.data_dir.display()))?;
    let options = StoreOptions { exclusive, ..StoreOptions::new(config.db_url.clone()) };
    Ok(Store::open(options).await?)
}

/// Opens the keyring with the master key of this configuration, which is made on the first start.
pub(crate) async fn open_keyring(
    config: &Config,
    store: &Store,
    ids: &Ids,
    clock: &SharedClock,
) -> Result<Keyring> {
    let path = &config.master_key_file;
    let (master, made) = MasterKey::load_or_create(path)?;
    match store.unlock_keyring(master, ids, clock.now()).await {
        Err(StoreError::WrongMasterKey(message)) if made => {
            // The database has secrets already: the new key is of no use and must not look like one.
            std::fs::remove_file(path).ok();
            anyhow::bail!(
                "there is no master key at {}, and {message}; put the original file back there",
                path.display()
            )
        }
        opened => Ok(opened?),
    }
}
