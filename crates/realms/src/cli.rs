//! The command line. Every command but `serve` works beside a running server as well as without one.

mod channel;
mod configuration;
mod desk;
mod key;
mod ledger;
mod model;
mod output;
mod password;
mod replay;
mod user;

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use self::{desk::Desk, output::Output};
use crate::{
    config::{Config, Sources},
    version::VERSION,
};

const EXAMPLES: &str = "\
Examples:
  realms                                     run the server on 127.0.0.1:8080
  realms apply site.toml --dry-run           show what a manifest would change
  realms apply site.toml                     change it, in one transaction
  realms export > backup.toml                write the configuration, without secrets
  realms user create ana --root              make an account; asks for the password
  realms key create ana laptop               make an API key and show it once
  realms config print                        every value in force, and where it came from

Values come from flags, the environment (REALMS_…), .env, realms.toml, in this order.
`realms config table` lists them all.";

/// One address and one key for every LLM API.
#[derive(Debug, Parser)]
#[command(name = "realms", version = VERSION, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    bootstrap: Bootstrap,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Flags that every command understands.
#[derive(Debug, Default, Args)]
struct Bootstrap {
    /// Read this file instead of `realms.toml`
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The address to listen on
    #[arg(long, global = true, value_name = "ADDRESS")]
    addr: Option<String>,
    /// The folder for the database file and the master key
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// The database: sqlite:PATH, mysql://… or postgres://…
    #[arg(long, global = true, value_name = "URL")]
    db_url: Option<String>,
    /// What to log, such as `info` or `info,realms_relay=debug`
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// `json` or `text`
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (also without any command)
    Serve,
    /// Make the configuration as a manifest says: all of it, or nothing
    Apply(configuration::ApplyArgs),
    /// Write the configuration as a manifest, without secrets
    Export,
    /// Look at the bootstrap configuration
    #[command(subcommand)]
    Config(configuration::ConfigCommand),
    /// Write the OpenAPI document of the admin API
    Openapi,
    /// Accounts of people
    #[command(subcommand)]
    User(user::UserCommand),
    /// Clients' secrets
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Routes to vendors
    #[command(subcommand)]
    Channel(channel::ChannelCommand),
    /// What clients name, with its price
    #[command(subcommand)]
    Model(model::ModelCommand),
    /// Whether the money is sound; money given by hand
    #[command(subcommand)]
    Ledger(ledger::LedgerCommand),
    /// Decide a recorded call once more, and show whether it would go the same way today
    Replay(replay::ReplayArgs),
    /// Show the version
    Version,
}

/// Runs the program: 0 when it did what was asked, 1 when it was refused or failed, 2 when it was
/// asked wrongly.
pub async fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too; nobody may be reading.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let mut output = Output::standard();
    match start(cli, &mut output).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output.error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn start(cli: Cli, output: &mut Output) -> Result<()> {
    let sources = Sources::gather(cli.bootstrap.config.clone(), cli.bootstrap.flags())?;
    match cli.command {
        None | Some(Command::Serve) => Box::pin(crate::serve(Config::load(&sources)?)).await,
        Some(command) => Box::pin(execute(command, &sources, output)).await,
    }
}

/// Carries out any command but `serve`.
async fn execute(command: Command, sources: &Sources, output: &mut Output) -> Result<()> {
    match command {
        Command::Serve => anyhow::bail!("a server runs in a process of its own"),
        Command::Openapi => output.line(&realms_console::openapi().to_pretty_json()?),
        Command::Version => output.line(&format!("realms {VERSION}")),
        Command::Config(command) => command.run(sources, output)?,
        Command::Replay(args) => args.run(&Desk::open(sources).await?, output).await?,
        Command::Apply(args) => args.run(&Desk::open(sources).await?, output).await?,
        Command::Export => configuration::export(&Desk::open(sources).await?, output).await?,
        Command::User(command) => command.run(&Desk::open(sources).await?, output).await?,
        Command::Key(command) => command.run(&Desk::open(sources).await?, output).await?,
        Command::Channel(command) => command.run(&Desk::open(sources).await?, output).await?,
        Command::Model(command) => command.run(&Desk::open(sources).await?, output).await?,
        Command::Ledger(command) => command.run(&Desk::open(sources).await?, output).await?,
    }
    Ok(())
}

// === impl Bootstrap ===

impl Bootstrap {
    /// The values of the flags that were given, by configuration key.
    fn flags(&self) -> Vec<(&'static str, String)> {
        let given = [
            ("addr", &self.addr),
            ("data_dir", &self.data_dir),
            ("db_url", &self.db_url),
            ("log", &self.log),
            ("log_format", &self.log_format),
        ];
        given.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))).collect()
    }
}

#[cfg(test)]
mod tests;
