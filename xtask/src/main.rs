//! Checks of the crate graph, of who names a dialect and of the generated files, and the test driver.

mod dialects;
mod generated;
mod graph;
mod output;
mod servers;
mod step;
mod stop;
mod tally;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{servers::Servers, stop::Stop, workspace::Workspace};

/// Checks and chores of the Realms repository.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check the crate graph, who names a dialect, and that the generated files are up to date.
    Check,
    /// Check the crate graph alone: builds nothing.
    Graph,
    /// Check who names a dialect alone: builds nothing.
    Dialects,
    /// Check the generated files alone.
    Generated,
    /// Write the generated files anew.
    Gen,
    /// Run every test with private databases, and end with `N passed, N failed`.
    Test,
    /// Start private databases, print their addresses, and keep them until interrupted.
    Servers,
}

fn main() -> ExitCode {
    match run(&Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            output::line(format_args!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    match command {
        Command::Check => {
            let holds = graph::check(&workspace)? & dialects::check(&workspace)?;
            Ok(verdict(holds & generated::check(&workspace)?))
        }
        Command::Graph => Ok(verdict(graph::check(&workspace)?)),
        Command::Dialects => Ok(verdict(dialects::check(&workspace)?)),
        Command::Generated => Ok(verdict(generated::check(&workspace)?)),
        Command::Gen => generated::write(&workspace).map(|()| ExitCode::SUCCESS),
        Command::Test => Ok(verdict(test::run(&workspace, &Stop::on_signals()?))),
        Command::Servers => serve(&Stop::on_signals()?),
    }
}

fn serve(stop: &Stop) -> anyhow::Result<ExitCode> {
    let servers = Servers::start(stop)?;
    for (name, url) in servers.environment() {
        output::line(format_args!("export {name}={url}"));
    }
    stop.wait();
    Ok(ExitCode::SUCCESS)
}

fn verdict(clean: bool) -> ExitCode {
    if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
