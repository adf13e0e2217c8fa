//! `apply`, `export` and `config`.

use std::{io::Read as _, path::PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use realms_console::{Edit, manifest::Manifest};

use super::{desk::Desk, output::Output};
use crate::config::{self, Config, Sources};

/// How a manifest is applied.
#[derive(Debug, Args)]
pub(super) struct ApplyArgs {
    /// The manifest; `-` reads standard input
    file: PathBuf,
    /// Only show what would change
    #[arg(long)]
    dry_run: bool,
    /// Delete what the manifest does not name, of the kinds it names any of
    #[arg(long)]
    prune: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Tell whether the configuration is sound
    Check,
    /// Show every value in force and where it came from; secrets are masked
    Print,
    /// List every value there is, as a Markdown table
    Table,
}

/// Writes the configuration in the store as a manifest.
pub(super) async fn export(desk: &Desk<'_>, output: &mut Output) -> Result<()> {
    output.text(&Manifest::export(&desk.state().await?).render()?);
    Ok(())
}

// === impl ApplyArgs ===

impl ApplyArgs {
    pub(super) async fn run(self, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
        let Self { file, dry_run, prune } = self;
        let shown = file.display().to_string();
        let text = if shown == "-" {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        } else {
            std::fs::read_to_string(&file)
        };
        let text = text.with_context(|| format!("cannot read {shown}"))?;
        let manifest = Manifest::parse(&text).with_context(|| shown.clone())?;
        let edit = Edit { dry_run, prune, ..Edit::manifest(manifest) };
        desk.edit(edit, output).await.with_context(|| shown)?;
        Ok(())
    }
}

// === impl ConfigCommand ===

impl ConfigCommand {
    pub(super) fn run(self, sources: &Sources, output: &mut Output) -> Result<()> {
        match self {
            Self::Check => {
                Config::load(sources)?;
                output.line("the configuration is sound");
            }
            Self::Print => output.text(&config::print(&Config::load(sources)?)),
            Self::Table => output.text(&config::markdown_table()),
        }
        Ok(())
    }
}
