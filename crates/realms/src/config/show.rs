//! Configuration as text: the values in force, and the table for the documents.

use std::fmt::Write as _;

use super::{
    Source,
    table::{Config, Entry, TABLE},
    value::MASK,
};

/// What stands above the table.
const INTRODUCTION: &str = "\
# Bootstrap configuration

What Realms must know before it starts. A change needs a restart; everything else is in the database
and described in [manifest.md](manifest.md). This page is what `realms config table` prints.

Flags win over the environment, the environment over `.env`, `.env` over `realms.toml` (or the file
named by `--config` or `REALMS_CONFIG`), that over the defaults. An empty variable says nothing. Times
are written `90s`, `500ms`, `10m` or `1h`, sizes `32MiB`, `64KiB` or `1024`. A name that does not exist
is an error at start. `realms config check` tells whether all is sound, `realms config print` shows
every value in force with where it came from.
";

/// The configuration in force as a `realms.toml`, each value with where it came from.
///
/// Secrets are masked and, like values that are not set, commented out: the text can be loaded.
pub fn print(config: &Config) -> String {
    TABLE.iter().map(|entry| line(config, entry)).collect()
}

/// Every value as a Markdown document.
pub fn table() -> String {
    let mut text = format!(
        "{INTRODUCTION}\n| Variable | `realms.toml` | Default | Meaning |\n| --- | --- | --- | --- |\n"
    );
    for Entry { key, variable, about, default, .. } in TABLE {
        let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
        let about = about.trim().replace('|', "\\|");
        let _ = writeln!(text, "| `{variable}` | `{key}` | {default} | {about} |");
    }
    text
}

fn line(config: &Config, entry: &Entry) -> String {
    let Entry { key, secret, .. } = entry;
    let source = config.source(key);
    match (entry.show)(config) {
        None => format!("# {key} = \"\"  # not set\n"),
        Some(value) => {
            // A masked value would be a wrong one, and a derived one follows from the others.
            let masked = *secret || value.contains(MASK);
            let comment = masked || matches!(source, Source::Derived(_));
            let mark = if comment { "# " } else { "" };
            format!("{mark}{key} = {}  # {source}\n", toml::Value::String(value))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{SourceFile, Sources};

    const CANARY: &str = "canary-0123456789abcdef";

    fn load(environment: &[(&str, &str)]) -> Config {
        let pairs = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Config::load(&Sources { environment: pairs, ..Sources::default() }).unwrap()
    }

    #[test]
    fn secrets_are_masked() {
        let url = format!("postgres://realms:{CANARY}@db/realms");
        let dsn = format!("u:{CANARY}@tcp(h:1)/r");
        let config = load(&[
            ("REALMS_ADMIN_API_KEY", CANARY),
            ("REALMS_DB_URL", &url),
            ("REALMS_DB_DSN", &dsn),
        ]);
        let text = print(&config);
        assert!(!text.contains(CANARY), "{text}");
        assert!(text.contains("# admin_api_key = \"***\"  # environment\n"));
        assert!(text.contains("# db_url = \"postgres://realms:***@db/realms\""));
        assert!(!format!("{config:?}").contains(CANARY));
    }

    #[test]
    fn what_is_printed_can_be_loaded() {
        let config = load(&[
            ("REALMS_DRAIN_TIMEOUT", "5s"),
            ("REALMS_OUTBOUND_ALLOW_PRIVATE", "127.0.0.0/8,10.0.0.0/8"),
            ("REALMS_PUBLIC_BASE_URL", "https://realms.example.org"),
        ]);
        let text = print(&config);
        let file = Some(SourceFile { path: "realms.toml".into(), text });
        let again = Config::load(&Sources { file, ..Sources::default() }).unwrap();
        for entry in TABLE {
            assert_eq!((entry.show)(&config), (entry.show)(&again), "{}", entry.key);
        }
    }

    #[test]
    fn the_table_documents_every_value() {
        let text = table();
        assert_eq!(text.lines().filter(|line| line.starts_with("| `REALMS_")).count(), TABLE.len());
        assert!(text.contains("| `REALMS_ADDR` | `addr` | `127.0.0.1:8080` | The address"));
        for entry in TABLE {
            assert!(entry.about.trim().ends_with('.'), "{}", entry.key);
        }
    }
}
