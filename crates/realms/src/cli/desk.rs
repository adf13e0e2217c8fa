//! The store, opened for one command.

use std::sync::Arc;

use anyhow::{Result, anyhow};
use realms_console::{Applied, Author, ConsoleError, Edit, Editor, State};
use realms_identity::Passwords;
use realms_types::{Chance, Ids, SharedClock, SystemClock};

use super::output::Output;
use crate::{
    config::{Config, Sources},
    unlock::{open_keyring, open_store},
};

/// An editor of the configuration, and the environment that `env:NAME` is looked up in.
pub(crate) struct Desk<'a> {
    pub(crate) editor: Editor,
    pub(crate) sources: &'a Sources,
    /// Nobody pays here.
    pub(crate) self_mode: bool,
}

// === impl Desk ===

impl<'a> Desk<'a> {
    /// Opens the store of this configuration, beside a running server if there is one.
    pub(crate) async fn open(sources: &'a Sources) -> Result<Self> {
        let config = Config::load(sources)?;
        let clock: SharedClock = Arc::new(SystemClock);
        let ids = Ids::new(Arc::clone(&clock), Chance::from_entropy());
        let store = open_store(&config, false).await?;
        let keyring = open_keyring(&config, &store, &ids, &clock).await?;
        let passwords = Passwords::default();
        let editor = Editor { store, keyring, clock, ids, passwords };
        Ok(Self { editor, sources, self_mode: config.self_mode_enable })
    }

    /// Everything there is.
    pub(crate) async fn state(&self) -> Result<State> {
        Ok(self.editor.state().await?)
    }

    /// Carries an edit out and tells what changed; a key that was made is shown this once.
    pub(crate) async fn edit(&self, edit: Edit, output: &mut Output) -> Result<Applied> {
        let applied = self.try_edit(edit).await?;
        output.text(&applied.to_string());
        for made in &applied.generated {
            output.remark(&format!("API key {}/{}, shown this once:", made.user, made.name));
            output.line(made.key.reveal());
        }
        Ok(applied)
    }

    async fn try_edit(&self, edit: Edit) -> Result<Applied, ConsoleError> {
        let lookup = |name: &str| self.sources.variable(name);
        self.editor.apply(edit, &lookup, &Author::cli()).await
    }
}

/// Refuses a name that is not there, with the nearest that is.
pub(crate) fn must_exist<'n>(
    kind: &str,
    name: &str,
    known: impl Iterator<Item = &'n String> + Clone,
) -> Result<()> {
    if known.clone().any(|known| known == name) {
        return Ok(());
    }
    let nearest = known
        .map(|known| (strsim::normalized_damerau_levenshtein(name, known), known))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = nearest.map(|(_, known)| format!("; did you mean `{known}`?")).unwrap_or_default();
    Err(anyhow!("there is no {kind} `{name}`{hint}"))
}

/// `yes` or `no`, as lists show it.
pub(crate) fn yes_no(yes: Option<bool>) -> String {
    if yes == Some(false) { "no" } else { "yes" }.to_owned()
}

/// Names with commas.
pub(crate) fn joined<T: ToString>(items: Option<&Vec<T>>) -> String {
    items
        .map(|items| items.iter().map(T::to_string).collect::<Vec<_>>().join(","))
        .unwrap_or_default()
}
