//! An editor on a database of its own.

use std::{path::Path, sync::Arc};

use realms_console::{Applied, Author, ConsoleError, Edit, Editor, manifest::Manifest};
use realms_identity::Passwords;
use realms_seal::MasterKey;
use realms_store::{Store, StoreOptions};
use realms_types::{Chance, Clock as _, Ids, SystemClock};
use tempfile::TempDir;

/// A secret that must be seen nowhere.
pub(crate) const CANARY: &str = "sk_canary_0123456789abcdef";

/// The documented example.
pub(crate) const WHOLE: &str = include_str!("../../src/manifest/whole.toml");

/// An editor, and the folder its database lies in.
pub(crate) struct Desk {
    pub(crate) editor: Editor,
    folder: TempDir,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite:{}", folder.path().join("realms.db").display());
        let store = Store::open(StoreOptions::new(url.parse().unwrap())).await.unwrap();
        let clock = Arc::new(SystemClock);
        let ids = Ids::new(clock.clone(), Chance::seeded(7));
        let keyring = store.unlock_keyring(MasterKey::random(), &ids, clock.now()).await.unwrap();
        let passwords = Passwords::default();
        Self { editor: Editor { store, keyring, clock, ids, passwords }, folder }
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Every variable has a value that names it and holds the canary.
    pub(crate) fn lookup(name: &str) -> Option<String> {
        (!name.starts_with("MISSING")).then(|| format!("{CANARY}_{name}"))
    }

    pub(crate) async fn edit(&self, edit: Edit) -> Result<Applied, ConsoleError> {
        self.editor.apply(edit, &Self::lookup, &Author::cli()).await
    }

    pub(crate) async fn apply(&self, text: &str) -> Applied {
        self.try_apply(text).await.unwrap()
    }

    pub(crate) async fn try_apply(&self, text: &str) -> Result<Applied, ConsoleError> {
        self.edit(Edit::manifest(document(text))).await
    }

    pub(crate) async fn prune(&self, text: &str) -> Applied {
        let edit = Edit { prune: true, ..Edit::manifest(document(text)) };
        self.edit(edit).await.unwrap()
    }

    pub(crate) async fn refused(&self, text: &str) -> String {
        self.try_apply(text).await.unwrap_err().to_string()
    }

    pub(crate) async fn export(&self) -> String {
        Manifest::export(&self.editor.state().await.unwrap()).render().unwrap()
    }

    pub(crate) async fn catalog_version(&self) -> i64 {
        self.editor.store.versions().await.unwrap().catalog
    }
}

/// Reads a manifest; the first line may be left out.
pub(crate) fn document(text: &str) -> Manifest {
    let text =
        if text.contains("version = 1") { text.to_owned() } else { format!("version = 1\n{text}") };
    Manifest::parse(&text).unwrap()
}
