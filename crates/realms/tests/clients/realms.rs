//! The server itself, in this process: a manifest applied, calls taken, records read.

use std::{net::SocketAddr, sync::Arc};

use realms::{
    App, AppOptions,
    config::{Config, Sources},
};
use realms_console::{Author, Edit, Editor, manifest::Manifest};
use realms_identity::Passwords;
use realms_store::{DbUrl, Store, StoreOptions, TraceRecord, UsageFilter, UsageRecord};
use realms_types::{Chance, Ids, SharedClock, SystemClock};
use tempfile::TempDir;

/// A running server with a data folder of its own.
pub(crate) struct Realms {
    app: App,
    data: TempDir,
}

// === impl Realms ===

impl Realms {
    /// Starts on a free port, set up by the manifest.
    pub(crate) async fn start(manifest: &str) -> Self {
        Self::start_with(manifest, &[]).await
    }

    /// The same with more in its environment.
    pub(crate) async fn start_with(manifest: &str, more: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let environment = [
            ("REALMS_ADDR", "127.0.0.1:0"),
            ("REALMS_DATA_DIR", data.path().to_str().unwrap()),
            ("REALMS_OUTBOUND_ALLOW_PRIVATE", "127.0.0.0/8"),
        ];
        let environment = environment.iter().chain(more);
        let environment =
            environment.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let sources = Sources { environment: environment.collect(), ..Sources::default() };
        let options = AppOptions::new(Config::load(&sources).unwrap());
        let realms = Self { app: App::start(options).await.unwrap(), data };
        realms.apply(manifest).await;
        realms
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.app.address()
    }

    /// Stops, which waits until every call is recorded, and reads the records, oldest first.
    pub(crate) async fn stop(self) -> Vec<UsageRecord> {
        self.app.stop().await.unwrap();
        records(&left_in(&self.data).await).await
    }

    /// The same, each record with its trace.
    pub(crate) async fn stop_with_traces(self) -> Vec<(UsageRecord, TraceRecord)> {
        self.app.stop().await.unwrap();
        let store = left_in(&self.data).await;
        let mut traced = Vec::new();
        for record in records(&store).await {
            let trace = store.find_trace(record.id).await.unwrap();
            traced.push((record, trace.expect("every call leaves a trace")));
        }
        traced
    }

    async fn apply(&self, manifest: &str) {
        let clock: SharedClock = Arc::new(SystemClock);
        let editor = Editor {
            store: self.app.store().clone(),
            keyring: self.app.keyring().clone(),
            clock: Arc::clone(&clock),
            ids: Ids::new(clock, Chance::from_entropy()),
            passwords: Passwords::default(),
        };
        let manifest = Manifest::parse(manifest).unwrap();
        editor.apply(Edit::manifest(manifest), &|_| None, &Author::cli()).await.unwrap();
        self.app.follow().await.unwrap();
    }
}

/// What a stopped server has left behind.
async fn left_in(data: &TempDir) -> Store {
    let database = DbUrl::Sqlite(data.path().join("realms.db"));
    Store::open(StoreOptions::new(database)).await.unwrap()
}

/// The records, oldest first; they must all fit into one page.
async fn records(store: &Store) -> Vec<UsageRecord> {
    let filter = UsageFilter { limit: 1_000, ..UsageFilter::default() };
    let page = store.list_usage(&filter).await.unwrap();
    assert_eq!(page.next, None, "there are more");
    page.records.into_iter().rev().collect()
}
