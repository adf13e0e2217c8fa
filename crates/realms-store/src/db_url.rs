//! Where the database is.

use std::{fmt, path::PathBuf, str::FromStr};

use url::Url;

use crate::StoreError;

/// The address of a database: `sqlite:PATH`, `postgres://…`, `mysql://…` or `mariadb://…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DbUrl {
    /// A file; the folder must exist or be creatable.
    Sqlite(PathBuf),
    /// PostgreSQL. TLS by its `sslmode` parameter.
    Postgres(ServerUrl),
    /// MySQL or MariaDB. TLS by its `ssl-mode` parameter.
    Mysql(ServerUrl),
}

/// The URL of a database server with user, database and options. Never shows its password.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUrl(Url);

/// Which database a store stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DbKind {
    /// One file, one writer.
    Sqlite,
    /// PostgreSQL 13 or newer.
    Postgres,
    /// MySQL 8 or MariaDB 10.6 and newer.
    Mysql,
}

// === impl DbUrl ===

impl DbUrl {
    /// Which database this leads to.
    pub const fn kind(&self) -> DbKind {
        match self {
            Self::Sqlite(_) => DbKind::Sqlite,
            Self::Postgres(_) => DbKind::Postgres,
            Self::Mysql(_) => DbKind::Mysql,
        }
    }

    /// The host and the port of a server, for those who must not call it; none for a file and for a
    /// socket of the system. Its options may name the host, as libpq has them.
    pub fn server(&self) -> Option<(String, u16)> {
        let (url, usual) = match self {
            Self::Sqlite(_) => return None,
            Self::Postgres(url) => (&url.0, 5432),
            Self::Mysql(url) => (&url.0, 3306),
        };
        let option = |wanted: &str| {
            let mut pairs = url.query_pairs();
            pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
        };
        let host = option("host").or_else(|| option("hostaddr"));
        let host = host.or_else(|| url.host_str().map(str::to_owned));
        let port = option("port").and_then(|port| port.parse().ok()).or(url.port());
        let host = host.filter(|host| !host.is_empty() && !host.starts_with(['/', '@']))?;
        Some((host, port.unwrap_or(usual)))
    }
}

impl FromStr for DbUrl {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let (scheme, rest) = text.split_once(':').unwrap_or((text, ""));
        match scheme {
            "sqlite" => sqlite_path(rest).map(Self::Sqlite),
            "postgres" | "postgresql" => ServerUrl::parse(text, "postgres").map(Self::Postgres),
            "mysql" | "mariadb" => ServerUrl::parse(text, "mysql").map(Self::Mysql),
            _ => Err(StoreError::Invalid(
                "the database URL starts with none of `sqlite:`, `postgres://`, `mysql://`, \
                 `mariadb://`"
                    .to_owned(),
            )),
        }
    }
}

/// `sqlite:data/realms.db`, `sqlite:/var/lib/realms.db` and `sqlite:///var/lib/realms.db`.
fn sqlite_path(rest: &str) -> Result<PathBuf, StoreError> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() || path.starts_with(":memory:") || path.contains('?') {
        return Err(StoreError::Invalid(format!(
            "`sqlite:{rest}` names no file: write it as `sqlite:data/realms.db`"
        )));
    }
    Ok(PathBuf::from(path))
}

impl fmt::Display for DbUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) | Self::Mysql(url) => url.fmt(f),
        }
    }
}

// === impl ServerUrl ===

impl ServerUrl {
    fn parse(text: &str, scheme: &str) -> Result<Self, StoreError> {
        let refused = |why: &str| StoreError::Invalid(format!("the database URL {why}"));
        let (_, rest) = text.split_once(':').unwrap_or_default();
        let url = Url::parse(&format!("{scheme}:{rest}"))
            .map_err(|cause| refused(&format!("cannot be read: {cause}")))?;
        if url.host_str().is_none_or(str::is_empty) && url.query().is_none() {
            return Err(refused("names no host"));
        }
        if url.path().trim_start_matches('/').is_empty() {
            return Err(refused("names no database after the host, as in `…@host/realms`"));
        }
        Ok(Self(url))
    }

    /// The URL with its password. Each call is a place to look at in a review.
    pub(crate) const fn reveal(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        if shown.password().is_some() && shown.set_password(Some("***")).is_err() {
            return f.write_str("a database URL with a password");
        }
        let hidden = |name: &str| name.contains("password") || name.contains("key");
        let query: Vec<_> = self
            .0
            .query_pairs()
            .map(|(name, value)| if hidden(&name) { (name, "***".into()) } else { (name, value) })
            .collect();
        if !query.is_empty() {
            shown.query_pairs_mut().clear().extend_pairs(query);
        }
        shown.fmt(f)
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

// === impl DbKind ===

impl DbKind {
    /// The word in configuration, health answers and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }
}

impl fmt::Display for DbKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_understood() {
        let sqlite = |path: &str| DbUrl::Sqlite(PathBuf::from(path));
        assert_eq!("sqlite:data/realms.db".parse::<DbUrl>().unwrap(), sqlite("data/realms.db"));
        assert_eq!("sqlite:/a/b.db".parse::<DbUrl>().unwrap(), sqlite("/a/b.db"));
        assert_eq!("sqlite:///a/b.db".parse::<DbUrl>().unwrap(), sqlite("/a/b.db"));
        assert_eq!("sqlite://b.db".parse::<DbUrl>().unwrap(), sqlite("b.db"));
        for (text, kind) in [
            ("postgres://ana:pw@db/realms", DbKind::Postgres),
            ("postgresql://db:5433/realms?sslmode=require", DbKind::Postgres),
            ("mysql://root@127.0.0.1:3306/realms", DbKind::Mysql),
            ("mariadb://root@127.0.0.1/realms", DbKind::Mysql),
        ] {
            assert_eq!(text.parse::<DbUrl>().unwrap().kind(), kind, "{text}");
        }
    }

    #[test]
    fn a_server_has_a_host_and_a_port() {
        for (text, expected) in [
            ("sqlite:data/realms.db", None),
            ("postgres://ana:pw@db/realms", Some(("db", 5432))),
            ("postgres://db:6543/realms", Some(("db", 6543))),
            ("postgres://[::1]:6543/realms", Some(("[::1]", 6543))),
            ("postgres:///realms?host=/run/postgresql", None),
            ("postgres://a/realms?host=b&port=6543", Some(("b", 6543))),
            ("mariadb://root@127.0.0.1/realms", Some(("127.0.0.1", 3306))),
        ] {
            let server = text.parse::<DbUrl>().unwrap().server();
            let server = server.as_ref().map(|(host, port)| (host.as_str(), *port));
            assert_eq!(server, expected, "{text}");
        }
    }

    #[test]
    fn what_leads_nowhere_is_refused() {
        for text in ["", "realms.db", "sqlite:", "sqlite::memory:", "postgres://db", "mysql:///"] {
            assert!(text.parse::<DbUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn no_form_shows_the_password() {
        let url: DbUrl = "postgres://ana:hunter2@db/realms?password=hunter2".parse().unwrap();
        for shown in [url.to_string(), format!("{url:?}")] {
            assert!(!shown.contains("hunter2"), "{shown}");
            assert!(shown.contains("ana") && shown.contains("db/realms"), "{shown}");
        }
    }
}
