//! The one table of bootstrap configuration: names, types, defaults and what each value does.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use realms_store::DbUrl;
use realms_types::Secret;
use url::Url;

use super::{
    Origins, Refusal, Source,
    source::Texts,
    value::{Files, Listen, LogFormat, Networks, Size, Value},
};

/// One configuration value, as documentation, `config print` and the loader see it.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The key in `realms.toml`.
    pub key: &'static str,
    /// The name in the environment and in `.env`.
    pub variable: &'static str,
    /// What it does; one or more lines, each with a leading blank.
    pub about: &'static str,
    /// The value when nothing is said; empty: none, or derived from another value.
    pub default: &'static str,
    /// Whether its value must never be shown.
    pub secret: bool,
    /// The value in force, fit to be shown; `None` when there is none.
    pub show: fn(&Config) -> Option<String>,
}

macro_rules! configuration {
    ($($(#[doc = $about:literal])+ $key:ident: $type:ty, $variable:literal, $default:literal;)+) => {
        /// Everything Realms must know before it starts. A change needs a restart.
        #[derive(Debug, Clone)]
        pub struct Config {
            $($(#[doc = $about])+ pub $key: $type,)+
            /// Where each value came from.
            pub(super) origins: Origins,
        }

        /// Every value, in the order it is documented.
        pub const TABLE: &[Entry] = &[$(Entry {
            key: stringify!($key),
            variable: $variable,
            about: concat!($($about),+),
            default: $default,
            secret: <$type as Value>::SECRET,
            show: |config| config.$key.show(),
        },)+];

        impl Config {
            /// Types every text; what does not fit is added to `refusals`.
            pub(super) fn read(texts: Texts, refusals: &mut Vec<Refusal>) -> Option<Self> {
                $(let $key = read_value::<$type>(&texts, stringify!($key), refusals);)+
                Some(Self { $($key: $key?,)+ origins: texts.into_origins() })
            }
        }
    };
}

configuration! {
    /// The address to listen on.
    addr: SocketAddr, "REALMS_ADDR", "127.0.0.1:8080";
    /// The folder for the database file, the master key and the spool. Made when absent.
    data_dir: PathBuf, "REALMS_DATA_DIR", "./data";
    /// The database: `sqlite:PATH`, `mysql://…` or `postgres://…`. Left out: `realms.db` in the data folder.
    db_url: DbUrl, "REALMS_DB_URL", "";
    /// `sqlite` or `mysql`, together with `db_dsn` or `sqlite_path`. `db_url` says it all in one value and wins.
    db_driver: Option<String>, "REALMS_DB_DRIVER", "";
    /// A MySQL data source name such as `user:password@tcp(host:3306)/realms?parseTime=true`, or a URL.
    db_dsn: Option<Secret<String>>, "REALMS_DB_DSN", "";
    /// The SQLite file. Anything from `?` on is dropped.
    sqlite_path: Option<PathBuf>, "REALMS_SQLITE_PATH", "";
    /// The file with the master key that seals secrets. Made on first start. Left out: `master.key` in the data folder.
    master_key_file: PathBuf, "REALMS_MASTER_KEY_FILE", "";
    /// The folder for the files of tickets; several nodes need the same one. Left out: `tickets` in the data folder.
    tickets_attachments_dir: PathBuf, "REALMS_TICKETS_ATTACHMENTS_DIR", "";
    /// Self mode: a person or a team, usage is recorded and nobody pays. `false` is business mode.
    self_mode_enable: bool, "REALMS_SELF_MODE_ENABLE", "true";
    /// The key for `/api/admin/*`, at least 8 characters, best 32 random ones. Left out: nobody gets in there by key.
    admin_api_key: Option<Secret<String>>, "REALMS_ADMIN_API_KEY", "";
    /// The address people reach this site at, such as `https://realms.example.org`.
    public_base_url: Option<Url>, "REALMS_PUBLIC_BASE_URL", "";
    /// Where a browser on this machine comes back to from a log-in at a vendor, which knows no other address; it is listened
    /// there while one is under way. `off`: the address that the browser ends at is pasted.
    account_callback_addr: Listen, "REALMS_ACCOUNT_CALLBACK_ADDR", "127.0.0.1:1455";
    /// A folder that letters are written to as `.eml` files instead of being sent: for development and tests.
    mail_dir: Option<PathBuf>, "REALMS_MAIL_DIR", "";
    /// Private networks that channels may lead to, as CIDRs with commas: `127.0.0.0/8, 10.0.0.0/8`.
    outbound_allow_private: Networks, "REALMS_OUTBOUND_ALLOW_PRIVATE", "";
    /// Private networks that notifications of users may go to, as CIDRs with commas. Those that channels may lead to are none
    /// of theirs.
    outbound_users_allow_private: Networks, "REALMS_OUTBOUND_USERS_ALLOW_PRIVATE", "";
    /// PEM files of certificate authorities that upstreams and proxies are trusted by besides the public ones, with commas.
    outbound_ca_files: Files, "REALMS_OUTBOUND_CA_FILES", "";
    /// Networks of reverse proxies whose `X-Forwarded-For` is believed; the client is the right-most hop outside them.
    trusted_proxies: Networks, "REALMS_TRUSTED_PROXIES", "";
    /// What to log: a level, or a filter such as `info,realms_relay=debug`.
    log: String, "REALMS_LOG", "info";
    /// `json` or `text`. Left out: `text` on a terminal, `json` elsewhere.
    log_format: Option<LogFormat>, "REALMS_LOG_FORMAT", "";

    /// The largest request body, before and after decompression.
    max_body_bytes: Size, "REALMS_MAX_BODY_BYTES", "32MiB";
    /// The largest request head: the request line and all header fields.
    max_header_bytes: Size, "REALMS_MAX_HEADER_BYTES", "32KiB";
    /// The most header fields of one request.
    max_headers: usize, "REALMS_MAX_HEADERS", "100";
    /// The most open connections of clients.
    max_connections: usize, "REALMS_MAX_CONNECTIONS", "10000";
    /// The most open connections from one address (IPv6: one /64); trusted proxies are not counted.
    max_connections_per_ip: usize, "REALMS_MAX_CONNECTIONS_PER_IP", "256";
    /// The largest event of an upstream's stream.
    max_frame_bytes: Size, "REALMS_MAX_FRAME_BYTES", "8MiB";

    /// From accepting a connection to its first byte.
    first_byte_timeout: Duration, "REALMS_FIRST_BYTE_TIMEOUT", "10s";
    /// Until the head of a request is complete.
    header_timeout: Duration, "REALMS_HEADER_TIMEOUT", "10s";
    /// Until the body of a request is complete.
    body_timeout: Duration, "REALMS_BODY_TIMEOUT", "60s";
    /// How long an idle connection is kept.
    keep_alive_timeout: Duration, "REALMS_KEEP_ALIVE_TIMEOUT", "75s";
    /// How long a client may take no byte before its stream is cut.
    write_stall_timeout: Duration, "REALMS_WRITE_STALL_TIMEOUT", "60s";
    /// How long running streams may finish after SIGTERM.
    drain_timeout: Duration, "REALMS_DRAIN_TIMEOUT", "60s";
    /// Until an upstream's name is resolved.
    upstream_dns_timeout: Duration, "REALMS_UPSTREAM_DNS_TIMEOUT", "5s";
    /// Until an upstream's connection is made.
    upstream_connect_timeout: Duration, "REALMS_UPSTREAM_CONNECT_TIMEOUT", "10s";
    /// Until the TLS handshake with an upstream is done.
    upstream_tls_timeout: Duration, "REALMS_UPSTREAM_TLS_TIMEOUT", "10s";
    /// Until the response head of a streamed call.
    upstream_stream_header_timeout: Duration, "REALMS_UPSTREAM_STREAM_HEADER_TIMEOUT", "120s";
    /// Until the response head of a call that is answered whole.
    upstream_whole_header_timeout: Duration, "REALMS_UPSTREAM_WHOLE_HEADER_TIMEOUT", "10m";
    /// From the response head to the first meaningful event; pings do not count.
    upstream_first_event_timeout: Duration, "REALMS_UPSTREAM_FIRST_EVENT_TIMEOUT", "180s";
    /// The longest gap between two events.
    upstream_idle_timeout: Duration, "REALMS_UPSTREAM_IDLE_TIMEOUT", "120s";
    /// The longest stream.
    stream_timeout: Duration, "REALMS_STREAM_TIMEOUT", "60m";
}

// === impl Config ===

impl Config {
    /// Where the value of this key came from.
    pub fn source(&self, key: &str) -> &Source {
        self.origins.get(key).unwrap_or(&Source::Default)
    }
}

fn read_value<T: Value>(
    texts: &Texts,
    key: &'static str,
    refusals: &mut Vec<Refusal>,
) -> Option<T> {
    let (text, source) = texts.get(key);
    T::read(text)
        .map_err(|message| {
            refusals.push(Refusal::Value { key, source: source.clone(), message });
        })
        .ok()
}
