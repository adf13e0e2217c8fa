//! The commands on a data folder of their own.

use std::{
    io::{self, Write},
    sync::Arc,
};

use clap::{CommandFactory as _, Parser as _};
use parking_lot::Mutex;
use tempfile::TempDir;

use super::*;
use crate::config::SourceFile;

const CANARY: &str = "sk_canary_0123456789abcdef";

/// A place to write to that can be read.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A reader that left.
struct Gone;

impl Write for Gone {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

/// A data folder with an environment.
struct Home {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Home {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data").display().to_string();
        let environment = vec![
            ("REALMS_DATA_DIR".to_owned(), data),
            ("THE_KEY".to_owned(), CANARY.to_owned()),
            ("THE_PASSWORD".to_owned(), "correct horse".to_owned()),
        ];
        Self { folder, environment }
    }

    /// Runs a command; what it said, or why it failed.
    async fn try_run(&self, arguments: &[&str]) -> Result<String> {
        let cli = Cli::try_parse_from([&["realms"], arguments].concat())?;
        let sources = Sources {
            flags: cli.bootstrap.flags(),
            environment: self.environment.clone(),
            ..Sources::default()
        };
        let paper = Paper::default();
        let mut output = Output::new(paper.clone(), paper.clone());
        execute(cli.command.unwrap(), &sources, &mut output).await?;
        let text = String::from_utf8(paper.0.lock().clone()).unwrap();
        Ok(text)
    }

    async fn run(&self, arguments: &[&str]) -> String {
        self.try_run(arguments).await.unwrap()
    }

    async fn refused(&self, arguments: &[&str]) -> String {
        format!("{:#}", self.try_run(arguments).await.unwrap_err())
    }

    fn file(&self, text: &str) -> String {
        let path = self.folder.path().join("manifest.toml");
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

const MANIFEST: &str = "version = 1\n[[channel]]\nname = \"a\"\nkind = \"openai\"\n\
    credentials = [{ key = \"env:THE_KEY\" }]\nmodels = [\"m\"]\n";

#[test]
fn the_command_line_is_sound_and_its_help_reads_well() {
    Cli::command().debug_assert();
    insta::assert_snapshot!(Cli::command().render_help(), @r"
    One address and one key for every LLM API

    Usage: realms [OPTIONS] [COMMAND]

    Commands:
      serve    Run the server (also without any command)
      apply    Make the configuration as a manifest says: all of it, or nothing
      export   Write the configuration as a manifest, without secrets
      config   Look at the bootstrap configuration
      openapi  Write the OpenAPI document of the admin API
      user     Accounts of people
      key      Clients' secrets
      channel  Routes to vendors
      model    What clients name, with its price
      ledger   Whether the money is sound; money given by hand
      replay   Decide a recorded call once more, and show whether it would go the same way today
      version  Show the version
      help     Print this message or the help of the given subcommand(s)

    Options:
          --config <FILE>        Read this file instead of `realms.toml`
          --addr <ADDRESS>       The address to listen on
          --data-dir <FOLDER>    The folder for the database file and the master key
          --db-url <URL>         The database: sqlite:PATH, mysql://… or postgres://…
          --log <FILTER>         What to log, such as `info` or `info,realms_relay=debug`
          --log-format <FORMAT>  `json` or `text`
      -h, --help                 Print help
      -V, --version              Print version

    Examples:
      realms                                     run the server on 127.0.0.1:8080
      realms apply site.toml --dry-run           show what a manifest would change
      realms apply site.toml                     change it, in one transaction
      realms export > backup.toml                write the configuration, without secrets
      realms user create ana --root              make an account; asks for the password
      realms key create ana laptop               make an API key and show it once
      realms config print                        every value in force, and where it came from

    Values come from flags, the environment (REALMS_…), .env, realms.toml, in this order.
    `realms config table` lists them all.
    ");
}

#[test]
fn a_wrong_command_is_a_usage_error() {
    for wrong in
        [&["realms", "aply"][..], &["realms", "apply"], &["realms", "user", "create", "a b"]]
    {
        assert_eq!(Cli::try_parse_from(wrong).unwrap_err().exit_code(), 2);
    }
}

#[tokio::test]
async fn a_manifest_is_applied_and_exported() {
    let home = Home::new();
    let file = home.file(MANIFEST);
    let rehearsed = home.run(&["apply", &file, "--dry-run"]).await;
    assert!(rehearsed.ends_with("nothing was changed: this was a dry run\n"), "{rehearsed}");
    let applied = home.run(&["apply", &file]).await;
    assert!(applied.contains("+ channel `a`\n"), "{applied}");
    assert_eq!(home.run(&["apply", &file]).await, "nothing to change\n");
    let exported = home.run(&["export"]).await;
    assert!(exported.contains("key = \"env:CHANNEL_A_DEFAULT_KEY\""), "{exported}");
    for text in [rehearsed, applied, exported] {
        assert!(!text.contains(CANARY), "{text}");
    }

    let broken = home.file("version = 1\n[[chanel]]\nname = \"a\"\n");
    let refused = home.refused(&["apply", &broken]).await;
    assert!(
        refused.contains("manifest.toml: line 2, column 3: unknown field `chanel`"),
        "{refused}"
    );
    assert!(home.refused(&["apply", "/nowhere.toml"]).await.contains("cannot read /nowhere.toml"));
}

#[tokio::test]
async fn users_and_keys_are_made_listed_and_taken_away() {
    let home = Home::new();
    home.run(&["user", "create", "ana", "--root", "--password-env", "THE_PASSWORD"]).await;
    assert!(
        home.refused(&["user", "create", "ana", "--no-password"]).await.contains("exists already")
    );
    home.run(&["user", "create", "bob", "--no-password", "--email", "bob@example.org"]).await;
    let same = home.run(&["user", "set-password", "ana", "--password-env", "THE_PASSWORD"]).await;
    assert_eq!(same, "nothing to change\n");
    let listed = home.run(&["user", "list"]).await;
    assert!(listed.contains("bob   user  default  bob@example.org  yes"), "{listed}");

    let made = home.run(&["key", "create", "bob", "laptop"]).await;
    let key = made.lines().last().unwrap();
    assert!(key.starts_with("sk_"), "{made}");
    assert_eq!(home.run(&["key", "reveal", "bob/laptop"]).await.trim_end(), key);
    assert!(!home.run(&["key", "list"]).await.contains(key));
    assert_eq!(home.run(&["key", "revoke", "bob/laptop"]).await, "revoked\n");
    assert_eq!(home.run(&["key", "revoke", "bob/laptop"]).await, "it was revoked before\n");
    assert!(
        home.refused(&["key", "reveal", "bob/lapto"]).await.contains("did you mean `bob/laptop`?")
    );

    home.run(&["user", "disable", "bob"]).await;
    home.run(&["user", "delete", "bob"]).await;
    assert!(home.refused(&["user", "delete", "ana"]).await.contains("last root"));
}

#[tokio::test]
async fn channels_and_models_are_switched_and_priced() {
    let home = Home::new();
    home.run(&["apply", &home.file(MANIFEST)]).await;
    let off = home.run(&["channel", "disable", "a"]).await;
    assert!(off.contains("enabled: true -> false"), "{off}");
    assert!(home.run(&["channel", "list"]).await.contains("  no\n"));
    home.run(&["channel", "enable", "a"]).await;
    let priced = home.run(&["model", "set-price", "m", "--input", "1.25", "--output", "10"]).await;
    assert!(priced.contains("input_usd_per_1m: 1.25"), "{priced}");
    assert!(
        home.refused(&["model", "set-price", "n", "--input", "1"]).await.contains("no model `n`")
    );
    assert!(home.refused(&["model", "delete", "m"]).await.contains("channel `a` uses it"));
    home.run(&["channel", "delete", "a"]).await;
    home.run(&["model", "delete", "m"]).await;
    assert_eq!(home.run(&["model", "list"]).await.lines().count(), 1);
}

#[tokio::test]
async fn the_configuration_is_checked_and_printed() {
    let mut home = Home::new();
    home.environment.push(("REALMS_ADMIN_API_KEY".to_owned(), CANARY.to_owned()));
    assert_eq!(home.run(&["config", "check"]).await, "the configuration is sound\n");
    let printed = home.run(&["config", "print", "--addr", "127.0.0.1:1"]).await;
    assert!(printed.contains("addr = \"127.0.0.1:1\"  # command line\n"), "{printed}");
    assert!(!printed.contains(CANARY));
    assert!(home.run(&["config", "table"]).await.contains("`REALMS_ADDR`"));
    home.environment.push(("REALMS_ADRR".to_owned(), "x".to_owned()));
    assert!(home.refused(&["config", "check"]).await.contains("did you mean `REALMS_ADDR`?"));
}

#[tokio::test]
async fn the_openapi_document_needs_no_store() {
    let home = Home::new();
    let document: serde_json::Value = serde_json::from_str(&home.run(&["openapi"]).await).unwrap();
    assert!(document["paths"]["/api/admin/channels"].is_object());
    assert!(!home.folder.path().join("data").exists());
}

#[tokio::test]
async fn a_reader_that_left_is_no_error() {
    let mut output = Output::new(Gone, Gone);
    execute(Command::Version, &Sources::default(), &mut output).await.unwrap();
    output.error("nobody hears this");
}

#[test]
fn a_variable_of_dotenv_is_found() {
    let dotenv = SourceFile { path: ".env".into(), text: "THE_KEY=from-dotenv\n".to_owned() };
    let sources = Sources { dotenv: Some(dotenv), ..Sources::default() };
    assert_eq!(sources.variable("THE_KEY").as_deref(), Some("from-dotenv"));
}

#[tokio::test]
async fn ledger_is_verified_and_damage_named() {
    let home = Home::new();
    let said = home.run(&["ledger", "verify"]).await;
    assert!(said.ends_with("the ledger is sound\n"), "{said}");
    assert!(home.run(&["ledger", "reconcile"]).await.contains("the same"));
    assert!(home.run(&["ledger", "recompute"]).await.contains("every call cost what"));

    let path = home.folder.path().join("data/realms.db");
    let url = realms_store::DbUrl::Sqlite(path);
    let store = realms_store::Store::open(realms_store::StoreOptions::new(url)).await.unwrap();
    let tx = store.begin().await.unwrap();
    let (more, none) = ("1.5".parse().unwrap(), realms_types::Money::ZERO);
    let revenue = realms_store::AccountId::REVENUE;
    assert!(tx.move_balance(revenue, more, none, realms_types::Timestamp::EPOCH).await.unwrap());
    tx.commit().await.unwrap();
    let refused = home.try_run(&["ledger", "verify"]).await.unwrap_err();
    assert!(refused.to_string().contains("1 defects"), "{refused}");
    let since = home.try_run(&["ledger", "reconcile", "--since", "yesterday"]).await;
    assert!(since.is_err(), "no moment");
}

const GIFT: [&str; 10] = [
    "ledger",
    "adjust",
    "--user",
    "ana",
    "--amount-usd",
    "10",
    "--reason",
    "welcome",
    "--key",
    "gift-1",
];

#[tokio::test]
async fn money_is_given_by_hand_once_and_the_log_says_so() {
    let mut home = Home::new();
    home.run(&["user", "create", "ana", "--no-password"]).await;
    assert!(home.refused(&GIFT).await.contains("REALMS_SELF_MODE_ENABLE is true"));
    home.environment.push(("REALMS_SELF_MODE_ENABLE".to_owned(), "false".to_owned()));
    assert_eq!(home.run(&GIFT).await, "ana has 10 USD available and 0 USD held\n");
    assert_eq!(
        home.run(&GIFT).await,
        "it was done before under this key: nothing was changed\n\
         ana has 10 USD available and 0 USD held\n"
    );
    // Without a key, twice is twice.
    let adjusted = |amount: &'static str, reason: &'static str| {
        ["ledger", "adjust", "--user", "ana", "--amount-usd", amount, "--reason", reason]
    };
    for (amount, left) in [("2.50", "12.5"), ("2.50", "15"), ("-3", "12")] {
        let said = home.run(&adjusted(amount, "by hand")).await;
        assert_eq!(said, format!("ana has {left} USD available and 0 USD held\n"));
    }

    let other = ["anna", "1", "a friend", "k"];
    let wordy = "w".repeat(501);
    for ([user, amount, reason, key], told) in [
        (other, "there is no user `anna`; did you mean `ana`?"),
        (["ana", "0", "nothing", "k"], "changes nothing"),
        (["ana", "10000001", "too much", "k"], "more than is moved at once: 10000000 USD"),
        (["ana", "-12.000000001", "too much", "k"], "the balance has 12 USD available"),
        (["ana", "1", " ", "k"], "the reason is missing"),
        (["ana", "1", &wordy, "k"], "at most 500 characters, this one has 501"),
        (["ana", "11", "welcome", "gift-1"], "was used for another movement"),
        (["ana", "1", "why not", "a b"], "without spaces"),
    ] {
        let parts = ["--user", user, "--amount-usd", amount, "--reason", reason, "--key", key];
        let refused = home.refused(&[&["ledger", "adjust"][..], &parts].concat()).await;
        assert!(refused.contains(told), "{refused}");
    }
    assert!(home.try_run(&adjusted("1e3", "no decimal")).await.is_err());
    assert!(home.run(&["ledger", "verify"]).await.ends_with("the ledger is sound\n"));

    let path = home.folder.path().join("data/realms.db");
    let options = realms_store::StoreOptions::new(realms_store::DbUrl::Sqlite(path));
    let store = realms_store::Store::open(options).await.unwrap();
    let actions = vec!["balance.adjust".to_owned()];
    let filter = realms_store::AuditFilter { actions, ..Default::default() };
    let told = store.read().list_audit(&filter).await.unwrap().records;
    assert_eq!(told.len(), 4, "what was refused or done before is not told of");
    let gift = told.last().unwrap();
    assert_eq!((gift.actor.kind.as_str(), gift.object.as_deref()), ("cli", Some("ana")));
    let changes: Vec<_> =
        gift.changes.iter().map(|one| (one.path.as_str(), one.after.as_deref())).collect();
    assert_eq!(changes, [("amount_usd", Some("10")), ("reason", Some("welcome"))]);
}
