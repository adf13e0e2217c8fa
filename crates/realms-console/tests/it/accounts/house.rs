//! A site with its database, its mailbox and a clock that a test moves.

use std::{net::IpAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::Router;
use parking_lot::Mutex;
use realms_catalog::Live;
use realms_console::{
    Author, Console, ConsoleParts, Edit, Editor, Reload, manifest::Manifest, offer_setup,
};
use realms_identity::{
    Accounts, FindMailSetup, Lifetimes, MailRoute, MailSetup, Mailer, Passwords, Sessions,
};
use realms_seal::MasterKey;
use realms_store::{
    AuditFilter, Role, Store, StoreOptions, UserGroupRecord, UserPatch, UserRecord,
};
use realms_types::{Chance, Clock, Ids, Secret, SystemClock, Timestamp};
use realms_upstream::{OutboundPolicy, Timeouts, Upstream};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::browser::Browser;
use crate::plant;

/// The password of everyone.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// The address of the site.
pub(crate) const SITE: &str = "https://realms.example.org/";

/// The system's time and what a test adds to it.
#[derive(Debug, Default)]
pub(crate) struct Hands(Mutex<Duration>);

/// A site.
pub(crate) struct House {
    pub(crate) router: Router,
    pub(crate) store: Store,
    pub(crate) editor: Editor,
    clock: Arc<Hands>,
    mailbox: PathBuf,
    reload: Reload,
    _folder: TempDir,
}

/// A letter as it lies in the mailbox.
#[derive(Debug, Clone)]
pub(crate) struct Mail(pub(crate) String);

// === impl Hands ===

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        SystemClock.now() + *self.0.lock()
    }
}

// === impl House ===

impl House {
    /// A site that is set up: mail works, and `root` is there with [`PASSWORD`].
    pub(crate) async fn open() -> Self {
        let house = Self::empty().await;
        house.person("root", Role::Root).await;
        house
    }

    /// A site where nobody has been yet.
    pub(crate) async fn empty() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite:{}", folder.path().join("realms.db").display());
        let store = Store::open(StoreOptions::new(url.parse().unwrap())).await.unwrap();
        let clock = Arc::new(Hands::default());
        let ids = Ids::new(clock.clone(), Chance::from_entropy());
        let keyring = store.unlock_keyring(MasterKey::random(), &ids, clock.now()).await.unwrap();
        let passwords = Passwords::default();
        let sessions = Sessions::new(
            store.clone(),
            keyring.clone(),
            clock.clone(),
            ids.clone(),
            Lifetimes::SELF_MODE,
        );
        let mailbox = folder.path().join("mail");
        let (mailer, postman) = Mailer::new(to(mailbox.clone()), ids.clone());
        tokio::spawn(postman.run(std::future::pending()));
        let accounts = Accounts::new(
            store.clone(),
            keyring.clone(),
            (clock.clone(), ids.clone()),
            passwords.clone(),
            sessions.clone(),
            mailer,
        );
        let editor = Editor { store: store.clone(), keyring, clock: clock.clone(), ids, passwords };
        let live = Arc::new(Live::default());
        let reload: Reload = {
            let (live, editor) = (live.clone(), editor.clone());
            Arc::new(move || {
                let (live, editor) = (live.clone(), editor.clone());
                Box::pin(async move {
                    live.offer(&editor.store.load_catalog(&editor.keyring).await.unwrap());
                })
            })
        };
        let policy = OutboundPolicy::new(vec!["127.0.0.0/8".parse().unwrap()]);
        let relay = plant::relay(&editor, &live, folder.path(), true).await;
        let parts = ConsoleParts {
            editor: editor.clone(),
            catalog: live,
            sessions,
            accounts,
            upstream: Upstream::new(policy, Timeouts::default()).unwrap(),
            admin_api_key: None,
            version: "1.2.3",
            self_mode: true,
            reload: reload.clone(),
            config: Vec::new(),
            relay,
            commerce: None,
            desk: None,
            notifier: None,
            loopback: realms_console::Loopback::default(),
            stopping: CancellationToken::new(),
        };
        let router = Console::new(parts).router();
        let house = Self { router, store, editor, clock, mailbox, reload, _folder: folder };
        house.set("site_base_url", SITE).await;
        house
    }

    pub(crate) async fn set(&self, key: &str, value: &str) {
        let manifest = Manifest::parse(&format!("version = 1\n[settings]\n{key} = \"{value}\"\n"));
        let edit = Edit::manifest(manifest.unwrap());
        self.editor.apply(edit, &|_| None, &Author::cli()).await.unwrap();
        (self.reload)().await;
    }

    /// Somebody with [`PASSWORD`] and the address `NAME@example.org`.
    pub(crate) async fn person(&self, username: &str, role: Role) -> UserRecord {
        let hash = self.editor.passwords.hash(Secret::from(PASSWORD)).await.unwrap();
        self.person_with(username, role, Some(&hash)).await
    }

    pub(crate) async fn person_with(
        &self,
        username: &str,
        role: Role,
        hash: Option<&str>,
    ) -> UserRecord {
        let groups = self.store.read().list_user_groups().await.unwrap();
        let now = self.now();
        let mut tx = self.store.begin().await.unwrap();
        let group_id = if let Some(group) = groups.first() {
            group.id
        } else {
            let group = UserGroupRecord {
                id: self.editor.ids.next(),
                name: "default".to_owned(),
                channel_groups: Vec::new(),
                multiplier: realms_types::Ppm::ONE,
                created_at: now,
                updated_at: now,
            };
            tx.insert_user_group(&group).await.unwrap();
            group.id
        };
        let user = UserRecord {
            limits: realms_types::Limits::NONE,
            budgets: Vec::new(),
            id: self.editor.ids.next(),
            username: username.to_owned(),
            email: Some(format!("{username}@example.org")),
            password_hash: hash.map(Secret::from),
            role,
            group_id,
            enabled: true,
            created_at: now,
            updated_at: now,
            epoch: 0,
        };
        tx.insert_user(&user).await.unwrap();
        tx.commit().await.unwrap();
        user
    }

    pub(crate) async fn disable(&self, user: &UserRecord) {
        let mut tx = self.store.begin().await.unwrap();
        let patch = UserPatch { enabled: Some(false), ..UserPatch::default() };
        tx.update_user(user.id, patch, self.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn setup_code(&self) -> String {
        let editor = &self.editor;
        let code = offer_setup(&editor.store, &editor.keyring, self.now()).await.unwrap();
        code.unwrap().reveal().clone()
    }

    /// A browser nobody has used yet.
    pub(crate) fn browser(&self) -> Browser<'_> {
        self.browser_at("203.0.113.1")
    }

    pub(crate) fn browser_at(&self, address: &str) -> Browser<'_> {
        Browser::new(self, address.parse::<IpAddr>().unwrap())
    }

    /// A browser in which this person is logged in.
    pub(crate) async fn browser_of(&self, username: &str) -> Browser<'_> {
        let browser = self.browser();
        browser.log_in(username, PASSWORD).await.ok(200);
        browser
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn pass(&self, time: Duration) {
        *self.clock.0.lock() += time;
    }

    /// The actions in the audit log, oldest first.
    pub(crate) async fn audit(&self) -> Vec<String> {
        let page = self.store.read().list_audit(&AuditFilter::default()).await.unwrap();
        page.records.into_iter().rev().map(|record| record.action).collect()
    }

    /// So many letters, once they are there; each is read once.
    pub(crate) async fn mail(&self, letters: usize) -> Vec<Mail> {
        let all_there = async {
            loop {
                let found = self.letters();
                if found.len() >= letters {
                    return found;
                }
                sleep(Duration::from_millis(2)).await;
            }
        };
        let found = timeout(Duration::from_secs(10), all_there).await.unwrap();
        assert_eq!(found.len(), letters, "{found:?}");
        found
            .into_iter()
            .map(|path| {
                let text = std::fs::read_to_string(&path).unwrap();
                std::fs::remove_file(path).unwrap();
                Mail(text)
            })
            .collect()
    }

    /// The one letter there is to be.
    pub(crate) async fn letter(&self) -> Mail {
        self.mail(1).await.remove(0)
    }

    fn letters(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(&self.mailbox) else { return Vec::new() };
        let paths = entries.map(|entry| entry.unwrap().path());
        let mut found: Vec<_> =
            paths.filter(|path| path.extension().is_some_and(|end| end == "eml")).collect();
        found.sort();
        found
    }
}

fn to(mailbox: PathBuf) -> FindMailSetup {
    let setup = MailSetup {
        site: "Realms".to_owned(),
        from: "Realms <realms@example.org>".to_owned(),
        route: MailRoute::Folder(mailbox),
    };
    Arc::new(move || Some(setup.clone()))
}

// === impl Mail ===

impl Mail {
    /// The code it carries.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        let mut lines = self.0.lines().map(str::trim);
        lines
            .find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit()))
            .unwrap_or_else(|| panic!("no code in {}", self.0))
            .to_owned()
    }

    #[track_caller]
    pub(crate) fn is_about(&self, to: &str, words: &str) {
        assert!(self.0.contains(&format!("To: {to}")), "{}", self.0);
        assert!(self.0.contains(words), "{}", self.0);
    }
}
