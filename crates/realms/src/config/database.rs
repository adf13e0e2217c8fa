//! The database's address, in its own form or in one of the older ones.

use std::path::Path;

use realms_store::{DbUrl, StoreError};
use url::Url;

use super::{Refusal, Source, source::Texts, value::Value};

impl Value for DbUrl {
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error: StoreError| error.to_string())
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

/// Fills `db_url`, `master_key_file` and `tickets_attachments_dir` from the values they follow from when they are left out.
pub(super) fn derive(texts: &mut Texts, refusals: &mut Vec<Refusal>) {
    let data_dir = texts.get("data_dir").0.to_owned();
    for (key, name) in [("master_key_file", "master.key"), ("tickets_attachments_dir", "tickets")] {
        if texts.given(key).is_none() {
            let path = Path::new(&data_dir).join(name).display().to_string();
            texts.set(key, path, Source::Derived("data_dir"));
        }
    }
    if texts.given("db_url").is_some() {
        return;
    }
    match derived_url(texts, &data_dir) {
        Ok((url, source)) => texts.set("db_url", url, source),
        Err((key, message)) => {
            let source = texts.get(key).1.clone();
            refusals.push(Refusal::Value { key, source, message });
        }
    }
}

fn derived_url(texts: &Texts, data_dir: &str) -> Result<(String, Source), (&'static str, String)> {
    let dsn = texts.given("db_dsn");
    match (texts.given("db_driver"), dsn) {
        (Some("mysql"), None) => {
            Err(("db_driver", "`mysql` needs REALMS_DB_DSN or REALMS_DB_URL".to_owned()))
        }
        (Some("mysql") | None, Some(dsn)) => mysql_url(dsn)
            .map(|url| (url, Source::Derived("db_dsn")))
            .map_err(|message| ("db_dsn", message)),
        (Some("sqlite") | None, _) => Ok(sqlite_url(texts.given("sqlite_path"), data_dir)),
        (Some(other), _) => Err((
            "db_driver",
            format!("`{other}` is neither `sqlite` nor `mysql`; for PostgreSQL set REALMS_DB_URL"),
        )),
    }
}

fn sqlite_url(path: Option<&str>, data_dir: &str) -> (String, Source) {
    if let Some(path) = path {
        let file = path.split_once('?').map_or(path, |(file, _)| file);
        let file = file.strip_prefix("file:").unwrap_or(file);
        (format!("sqlite:{file}"), Source::Derived("sqlite_path"))
    } else {
        let file = Path::new(data_dir).join("realms.db");
        (format!("sqlite:{}", file.display()), Source::Derived("data_dir"))
    }
}

/// Reads `user:password@tcp(host:3306)/name?…` or `user:password@unix(/path)/name`, the form of
/// Go's MySQL driver. Its parameters tell that driver what to do; only `tls` has a meaning here.
fn mysql_url(dsn: &str) -> Result<String, String> {
    if dsn.contains("://") {
        return Ok(dsn.to_owned());
    }
    let refused = || "expected `USER:PASSWORD@tcp(HOST:3306)/NAME`".to_owned();
    let (head, tail) = dsn.rsplit_once('/').ok_or_else(refused)?;
    let (name, parameters) = tail.split_once('?').unwrap_or((tail, ""));
    let (who, at) = head.rsplit_once('@').ok_or_else(refused)?;
    let (user, password) = who.split_once(':').unwrap_or((who, ""));
    let (network, address) =
        at.strip_suffix(')').and_then(|at| at.split_once('(')).ok_or_else(refused)?;
    let host = if network == "tcp" { address } else { "localhost" };
    let mut url = Url::parse(&format!("mysql://{host}/{name}")).map_err(|_| refused())?;
    url.set_username(user).map_err(|()| refused())?;
    if !password.is_empty() {
        url.set_password(Some(password)).map_err(|()| refused())?;
    }
    match network {
        "tcp" => {}
        "unix" => drop(url.query_pairs_mut().append_pair("socket", address)),
        _ => return Err(refused()),
    }
    if let Some(mode) = ssl_mode(parameters) {
        url.query_pairs_mut().append_pair("ssl-mode", mode);
    }
    Ok(url.to_string())
}

fn ssl_mode(parameters: &str) -> Option<&'static str> {
    let tls = parameters.split('&').find_map(|pair| pair.strip_prefix("tls="))?;
    match tls {
        "true" => Some("VERIFY_IDENTITY"),
        "skip-verify" => Some("REQUIRED"),
        "preferred" => Some("PREFERRED"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_source_name_becomes_a_url() {
        let url = |dsn| mysql_url(dsn).unwrap();
        assert_eq!(
            url("realms:p@ss:/w?rd@tcp(db.internal:3307)/realms?parseTime=true&tls=skip-verify"),
            "mysql://realms:p%40ss%3A%2Fw%3Frd@db.internal:3307/realms?ssl-mode=REQUIRED"
        );
        assert_eq!(url("root@tcp([::1]:3306)/r"), "mysql://root@[::1]:3306/r");
        assert_eq!(
            url("u:p@unix(/run/mysqld.sock)/r?charset=utf8mb4"),
            "mysql://u:p@localhost/r?socket=%2Frun%2Fmysqld.sock"
        );
        assert_eq!(url("mysql://u:p@h/r"), "mysql://u:p@h/r");
        for dsn in ["", "realms", "u:p@/r", "u:p@pipe(x)/r"] {
            assert!(mysql_url(dsn).is_err(), "{dsn:?}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let url = DbUrl::read("mariadb://u:canary@h:1/r").unwrap();
        assert_eq!(url.show().unwrap(), "mysql://u:***@h:1/r");
        for text in ["mysql//u:canary@h", "oracle://u:canary@h/r", "mysql://u:canary@h"] {
            assert!(!DbUrl::read(text).unwrap_err().contains("canary"), "{text}");
        }
    }
}
