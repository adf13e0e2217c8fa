//! One Realms on a database of its own, configured by a manifest.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use realms::{
    App, AppOptions,
    config::{Config, Sources},
};
use realms_console::{Author, Edit, Editor, manifest::Manifest};
use realms_identity::Passwords;
use realms_ledger::LEASE;
use realms_relay::SocketLimits;
use realms_store::{UsageFilter, UsageRecord};
use realms_testkit::{FakeProvider, FakeUpstream, TestClock};
use realms_types::{Chance, Ids, SharedClock, SystemClock};
use realms_upstream::OauthSite;
use tempfile::TempDir;

use super::{Client, KEY};

/// A running Realms; its folder goes with it.
pub struct TestApp {
    app: Option<App>,
    folder: TempDir,
}

impl TestApp {
    /// On SQLite in a fresh folder, with nothing configured.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With these environment variables besides.
    pub async fn start_with(environment: &[(&str, &str)]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), environment).await
    }

    /// On a clock that the test moves.
    pub async fn start_on(clock: &TestClock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::start_whole(folder, &[], OauthSite::codex(), clock.shared()).await
    }

    /// Where people log in to vendors at this provider.
    pub async fn start_at(provider: &FakeProvider, environment: &[(&str, &str)]) -> Self {
        let site = OauthSite::codex().at(&provider.url());
        let folder = tempfile::tempdir().unwrap();
        Self::start_whole(folder, environment, site, Arc::new(SystemClock)).await
    }

    /// In a folder that may hold the state of an earlier run.
    pub async fn start_in(folder: TempDir, environment: &[(&str, &str)]) -> Self {
        Self::start_whole(folder, environment, OauthSite::codex(), Arc::new(SystemClock)).await
    }

    /// With these bounds of WebSockets.
    pub async fn start_with_sockets(sockets: SocketLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SystemClock);
        Self::start_fully(folder, &[], OauthSite::codex(), clock, (sockets, LEASE / 3)).await
    }

    /// In business mode, on a clock that the test moves, its holds renewed so often.
    pub async fn start_business(clock: SharedClock, renew: Duration) -> Self {
        Self::start_business_in(tempfile::tempdir().unwrap(), clock, renew).await
    }

    /// The same, with these environment variables besides.
    pub async fn start_business_with(
        clock: SharedClock,
        renew: Duration,
        environment: &[(&str, &str)],
    ) -> Self {
        Self::start_business_over(tempfile::tempdir().unwrap(), clock, renew, environment).await
    }

    /// The same, in a folder that may hold the state of an earlier run.
    pub async fn start_business_over(
        folder: TempDir,
        clock: SharedClock,
        renew: Duration,
        environment: &[(&str, &str)],
    ) -> Self {
        let mut variables = vec![("REALMS_SELF_MODE_ENABLE", "false")];
        variables.extend(environment);
        let sockets = SocketLimits::default();
        Self::start_fully(folder, &variables, OauthSite::codex(), clock, (sockets, renew)).await
    }

    /// The same, in a folder that may hold the state of an earlier run.
    pub async fn start_business_in(folder: TempDir, clock: SharedClock, renew: Duration) -> Self {
        Self::start_business_over(folder, clock, renew, &[]).await
    }

    /// In business mode, waiting for running calls no longer than this when it stops.
    pub async fn start_business_draining(drain: Duration) -> Self {
        let drain = format!("{}ms", drain.as_millis());
        let variables =
            [("REALMS_SELF_MODE_ENABLE", "false"), ("REALMS_DRAIN_TIMEOUT", drain.as_str())];
        Self::start_with(&variables).await
    }

    async fn start_whole(
        folder: TempDir,
        environment: &[(&str, &str)],
        codex: OauthSite,
        clock: SharedClock,
    ) -> Self {
        Self::start_fully(folder, environment, codex, clock, (SocketLimits::default(), LEASE / 3))
            .await
    }

    async fn start_fully(
        folder: TempDir,
        environment: &[(&str, &str)],
        codex: OauthSite,
        clock: SharedClock,
        (sockets, renew): (SocketLimits, Duration),
    ) -> Self {
        let data = folder.path().display().to_string();
        let usual = [
            ("REALMS_ADDR", "127.0.0.1:0"),
            ("REALMS_DATA_DIR", data.as_str()),
            ("REALMS_OUTBOUND_ALLOW_PRIVATE", "127.0.0.0/8"),
            ("REALMS_OUTBOUND_USERS_ALLOW_PRIVATE", "127.0.0.0/8"),
            ("REALMS_ACCOUNT_CALLBACK_ADDR", "off"),
        ];
        let is_given = |name: &str| environment.iter().any(|(given, _)| *given == name);
        let usual = usual.iter().filter(|(name, _)| !is_given(name));
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let variables = usual.chain(environment).map(own).collect();
        let sources = Sources { environment: variables, ..Sources::default() };
        let config = Config::load(&sources).unwrap();
        let chance = Chance::seeded(7);
        let options =
            AppOptions { clock, chance, codex, sockets, renew, ..AppOptions::new(config) };
        let app = App::start(options).await.unwrap();
        Self { app: Some(app), folder }
    }

    /// With upstreams, the first at the highest priority, each an `openai` channel that speaks every
    /// dialect and serves the model `m` (and `alias`, called `real-name` upstream).
    pub async fn serving(upstreams: &[&FakeUpstream]) -> Self {
        let app = Self::start().await;
        app.serve(upstreams).await;
        app
    }

    /// The same, for an app that is running.
    pub async fn serve(&self, upstreams: &[&FakeUpstream]) {
        let mut manifest = String::from("version = 1\n");
        for (number, upstream) in (0..).zip(upstreams) {
            let name = char::from(b'a' + number);
            write!(
                manifest,
                "[[channel]]\nname = \"{name}\"\nkind = \"openai\"\nbase_url = \"{}\"\n\
                 dialects = [\"responses\", \"chat\", \"messages\", \"gemini\"]\n\
                 priority = {}\ngroups = [\"default\"]\n\
                 credentials = [{{ name = \"k\", key = \"upstream-key-{name}\" }}]\n\
                 models = [\"m\", {{ name = \"alias\", upstream = \"real-name\" }}]\n",
                upstream.url(),
                100 - number,
            )
            .unwrap();
        }
        manifest.push_str(
            "[[model]]\nname = \"m\"\nowner = \"maker\"\ninput_usd_per_1m = \"1.25\"\n\
             output_usd_per_1m = \"10\"\ncache_read_usd_per_1m = \"0.125\"\n",
        );
        write!(
            manifest,
            "[[user]]\nusername = \"ana\"\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"{KEY}\"\n"
        )
        .unwrap();
        self.apply(&manifest).await;
    }

    /// Applies a manifest and has it in force.
    pub async fn apply(&self, manifest: &str) {
        let clock: SharedClock = Arc::new(SystemClock);
        let editor = Editor {
            store: self.app().store().clone(),
            keyring: self.app().keyring().clone(),
            clock: Arc::clone(&clock),
            ids: Ids::new(clock, Chance::from_entropy()),
            passwords: Passwords::default(),
        };
        let manifest = Manifest::parse(manifest).unwrap();
        editor.apply(Edit::manifest(manifest), &|_| None, &Author::cli()).await.unwrap();
        self.app().follow().await.unwrap();
    }

    /// The app itself.
    pub fn app(&self) -> &App {
        self.app.as_ref().unwrap()
    }

    /// Where its data is.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A client with the key of the tests' user.
    pub fn client(&self) -> Client {
        Client::new(self.app().address()).bearer(KEY)
    }

    /// All records, oldest first.
    pub async fn records(&self) -> Vec<UsageRecord> {
        self.app().flush().await;
        let filter = UsageFilter { limit: 200, ..UsageFilter::default() };
        let mut records = self.app().store().list_usage(&filter).await.unwrap().records;
        records.reverse();
        records
    }

    /// All records however many, oldest first.
    pub async fn all_records(&self) -> Vec<UsageRecord> {
        self.app().flush().await;
        let mut filter = UsageFilter { limit: 200, ..UsageFilter::default() };
        let mut records = Vec::new();
        loop {
            let page = self.app().store().list_usage(&filter).await.unwrap();
            records.extend(page.records);
            match page.next {
                Some(next) => filter.after = Some(next),
                None => break,
            }
        }
        records.reverse();
        records
    }

    /// The record of the only call, once it is there.
    pub async fn record(&self) -> UsageRecord {
        let mut records = self.records().await;
        assert_eq!(records.len(), 1, "{records:#?}");
        records.remove(0)
    }

    /// Waits until this many calls are recorded: some records come after their answers.
    pub async fn wait_for_records(&self, count: usize) -> Vec<UsageRecord> {
        let deadline = tokio::time::Instant::now() + realms_testkit::DEADLINE;
        loop {
            let records = self.records().await;
            if records.len() >= count {
                return records;
            }
            assert!(tokio::time::Instant::now() < deadline, "{count} records never came");
            tokio::task::yield_now().await;
        }
    }

    /// Waits until the call with this id is recorded, which is the newest.
    pub async fn wait_for_record(&self, id: &str) -> UsageRecord {
        let deadline = tokio::time::Instant::now() + realms_testkit::DEADLINE;
        loop {
            self.app().flush().await;
            let filter = UsageFilter { limit: 1, ..UsageFilter::default() };
            let newest = self.app().store().list_usage(&filter).await.unwrap().records.pop();
            if let Some(record) = newest.filter(|record| record.request_id.to_string() == id) {
                return record;
            }
            assert!(tokio::time::Instant::now() < deadline, "the record of {id} never came");
            tokio::task::yield_now().await;
        }
    }

    /// Stops it as SIGTERM does, and hands back its folder.
    pub async fn stop(mut self) -> TempDir {
        self.app.take().unwrap().stop().await.unwrap();
        self.folder
    }
}

/// The attempts of a record, one line each: channel, status, outcome, cause.
pub fn attempts(record: &UsageRecord) -> Vec<String> {
    let line = |attempt: &realms_store::AttemptRecord| {
        let status = attempt.status.map_or("-".to_owned(), |status| status.to_string());
        let cause = attempt.cause.map_or("-", realms_types::Cause::as_str);
        format!("{status} {} {cause}", attempt.outcome)
    };
    record.attempts.iter().map(line).collect()
}
