//! Where configuration comes from, and which source wins.

use std::{
    collections::BTreeMap,
    fmt, io,
    path::{Path, PathBuf},
};

use toml::de::{DeTable, DeValue};

use super::{
    ConfigError, Refusal,
    names::{self, Standing},
    table::TABLE,
};

/// Everything configuration is read from, taken up front: loading is a pure function of this.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Values from the command line, by key.
    pub flags: Vec<(&'static str, String)>,
    /// The process's environment.
    pub environment: Vec<(String, String)>,
    /// `.env` of the working folder.
    pub dotenv: Option<SourceFile>,
    /// `realms.toml`, or the file named by `--config` or `REALMS_CONFIG`.
    pub file: Option<SourceFile>,
}

/// A file and what it holds.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// As messages name it.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// The process's environment.
    Environment,
    /// A `.env` file.
    DotEnv(PathBuf),
    /// A TOML file, with the line counted from 1.
    File(PathBuf, usize),
    /// Nothing was said.
    Default,
    /// It follows from another value.
    Derived(&'static str),
}

/// The source of each key that was given.
pub type Origins = BTreeMap<&'static str, Source>;

/// The winning text of each key, with its source.
#[derive(Debug, Default)]
pub(super) struct Texts(BTreeMap<&'static str, (String, Source)>);

/// The file that is read when nobody names one.
const DEFAULT_FILE: &str = "realms.toml";
/// Names the configuration file.
const FILE_VARIABLE: &str = "REALMS_CONFIG";

// === impl Sources ===

impl Sources {
    /// Reads the process's environment, `.env` and the configuration file.
    ///
    /// A file that was named must be there; `realms.toml` and `.env` may be absent.
    pub fn gather(
        named: Option<PathBuf>,
        flags: Vec<(&'static str, String)>,
    ) -> Result<Self, ConfigError> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let mut sources = Self { flags, environment, dotenv: None, file: None };
        sources.dotenv = read_optional(Path::new(".env"))?;
        let named = named.or_else(|| sources.variable(FILE_VARIABLE).map(PathBuf::from));
        sources.file = match named {
            Some(path) => Some(read_required(path)?),
            None => read_optional(Path::new(DEFAULT_FILE))?,
        };
        Ok(sources)
    }

    /// A variable of the environment or, failing that, of `.env`. Empty is the same as absent.
    pub fn variable(&self, name: &str) -> Option<String> {
        let given = |pairs: &[(String, String)]| {
            pairs
                .iter()
                .find(|(key, value)| key == name && !value.is_empty())
                .map(|(_, v)| v.clone())
        };
        given(&self.environment).or_else(|| given(&self.dotenv_pairs().unwrap_or_default()))
    }

    /// The winning text of every key, weakest source first so that a stronger one overwrites.
    pub(super) fn texts(&self, refusals: &mut Vec<Refusal>) -> Texts {
        let mut texts = Texts::default();
        if let Some(file) = &self.file {
            read_toml(file, &mut texts, refusals);
        }
        match self.dotenv_pairs() {
            Ok(pairs) => {
                let path = self.dotenv.as_ref().map(|file| file.path.clone()).unwrap_or_default();
                read_variables(&pairs, &Source::DotEnv(path), &mut texts, refusals);
            }
            Err(refusal) => refusals.push(refusal),
        }
        read_variables(&self.environment, &Source::Environment, &mut texts, refusals);
        for (key, text) in &self.flags {
            texts.set(key, text.clone(), Source::Flag);
        }
        texts
    }

    fn dotenv_pairs(&self) -> Result<Vec<(String, String)>, Refusal> {
        let Some(file) = &self.dotenv else {
            return Ok(Vec::new());
        };
        dotenvy::from_read_iter(file.text.as_bytes()).collect::<Result<_, _>>().map_err(|error| {
            // The error's own text quotes the line, which may hold a secret.
            let message = match error {
                dotenvy::Error::LineParse(..) => "a line is not `NAME=value`".to_owned(),
                other => other.to_string(),
            };
            Refusal::Syntax { path: file.path.clone(), message }
        })
    }
}

// === impl Texts ===

impl Texts {
    /// The text of a key with its source; the default's when nobody gave one.
    pub(super) fn get(&self, key: &str) -> (&str, &Source) {
        let given = self.0.get(key).map(|(text, source)| (text.as_str(), source));
        given.unwrap_or_else(|| {
            let entry = TABLE.iter().find(|entry| entry.key == key);
            (entry.map_or("", |entry| entry.default), &Source::Default)
        })
    }

    /// The text of a key, if somebody gave one.
    pub(super) fn given(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|(text, _)| text.as_str())
    }

    /// Gives a key its text. An empty one says nothing, as in a compose file that passes
    /// every variable on.
    pub(super) fn set(&mut self, key: &'static str, text: String, source: Source) {
        if !text.is_empty() {
            self.0.insert(key, (text, source));
        }
    }

    pub(super) fn into_origins(self) -> Origins {
        self.0.into_iter().map(|(key, (_, source))| (key, source)).collect()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("command line"),
            Self::Environment => f.write_str("environment"),
            Self::DotEnv(path) => write!(f, "{}", path.display()),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Default => f.write_str("default"),
            Self::Derived(from) => write!(f, "from {from}"),
        }
    }
}

fn read_optional(path: &Path) -> Result<Option<SourceFile>, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(SourceFile { path: path.to_owned(), text })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path.to_owned(), &error)),
    }
}

fn read_required(path: PathBuf) -> Result<SourceFile, ConfigError> {
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(SourceFile { path, text }),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn unreadable(path: PathBuf, error: &io::Error) -> ConfigError {
    ConfigError::from(Refusal::Unreadable { path, error: error.to_string() })
}

fn read_variables(
    pairs: &[(String, String)],
    source: &Source,
    texts: &mut Texts,
    refusals: &mut Vec<Refusal>,
) {
    for (name, value) in pairs.iter().filter(|(name, _)| name.starts_with("REALMS_")) {
        match names::standing(name) {
            Standing::Known(key) => texts.set(key, value.clone(), source.clone()),
            Standing::Ignored => {}
            Standing::Removed(instead) => refusals.push(Refusal::Removed {
                name: name.clone(),
                source: source.clone(),
                instead,
            }),
            Standing::Unknown(nearest) => refusals.push(Refusal::Unknown {
                name: name.clone(),
                source: source.clone(),
                nearest,
            }),
        }
    }
}

fn read_toml(file: &SourceFile, texts: &mut Texts, refusals: &mut Vec<Refusal>) {
    let table = match DeTable::parse(&file.text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            let line = error.span().map_or(1, |span| line_of(&file.text, span.start));
            let message = format!("line {line}: {}", error.message());
            refusals.push(Refusal::Syntax { path: file.path.clone(), message });
            return;
        }
    };
    for (key, value) in table {
        let source = Source::File(file.path.clone(), line_of(&file.text, key.span().start));
        let name = key.into_inner();
        let Some(entry) = TABLE.iter().find(|entry| entry.key == name) else {
            let nearest = names::nearest_key(&name);
            refusals.push(Refusal::Unknown { name: name.into_owned(), source, nearest });
            continue;
        };
        match text_of(value.get_ref()) {
            Some(text) => texts.set(entry.key, text, source),
            None => refusals.push(Refusal::Value {
                key: entry.key,
                source,
                message: "expected a string, a whole number, a boolean or a list of strings"
                    .to_owned(),
            }),
        }
    }
}

fn text_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Boolean(yes) => Some(yes.to_string()),
        DeValue::Array(items) => {
            let texts: Option<Vec<&str>> =
                items.iter().map(|item| item.get_ref().as_str()).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}
