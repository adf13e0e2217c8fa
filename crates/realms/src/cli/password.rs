//! Passwords from where nobody else can read them: a variable, standard input, the keyboard.

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use realms_types::Secret;

use crate::config::Sources;

/// Where a password comes from. Never from the command line, which everybody on the machine can see.
#[derive(Debug, Default, Args)]
pub(super) struct PasswordArgs {
    /// Take the password from this environment variable
    #[arg(long, value_name = "NAME", conflicts_with = "password_stdin")]
    password_env: Option<String>,
    /// Take the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

// === impl PasswordArgs ===

impl PasswordArgs {
    /// The password: as the flags say, else asked for on the terminal, else the first line of standard
    /// input.
    pub(super) fn read(&self, sources: &Sources) -> Result<Secret<String>> {
        let password = match &self.password_env {
            Some(name) => sources
                .variable(name)
                .with_context(|| format!("the environment variable `{name}` is not set"))?,
            None if self.password_stdin || !std::io::stdin().is_terminal() => first_line()?,
            None => typed()?,
        };
        Ok(Secret::from(password))
    }
}

fn first_line() -> Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("cannot read standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn typed() -> Result<String> {
    let password = rpassword::prompt_password("Password: ").context("cannot ask for a password")?;
    let again = rpassword::prompt_password("Once more: ").context("cannot ask for a password")?;
    if password != again {
        bail!("the two passwords differ");
    }
    Ok(password)
}
