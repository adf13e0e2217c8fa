//! Realms beside a minimal pass-through: CPU per call and per streamed event, memory per idle stream.
//!
//! One program plays every part, each in a process of its own, so that CPU and memory can be read from
//! outside and belong to one part only. `bench/README.md` says what the figures mean.

mod call;
mod case;
mod count;
mod hold;
mod home;
mod listen;
mod load;
mod passthrough;
mod payload;
mod profile;
mod report;
mod run;
mod script;
mod server;
mod upstream;

use std::net::SocketAddr;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Measures Realms beside a minimal hyper pass-through, in one run, in turns.
#[derive(Debug, Parser)]
#[command(name = "realms-bench", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    run: run::Options,
    #[command(subcommand)]
    part: Option<Part>,
}

/// The parts of a run. The run starts them itself; by hand they serve to look at one alone.
#[derive(Debug, Subcommand)]
enum Part {
    /// The fake vendor: answers as the model's name tells it to.
    Upstream,
    /// The thing to compare with: every request goes to one upstream, untouched and unread.
    Passthrough {
        /// Where the requests go.
        #[arg(long)]
        upstream: SocketAddr,
    },
    /// A fixed number of calls over keep-alive connections; prints a tally as one line of JSON.
    Load(load::Options),
    /// Opens streams that fall silent after their first event, and keeps them open.
    Hold(hold::Options),
}

#[tokio::main]
async fn main() -> Result<()> {
    let cli = Cli::parse();
    match cli.part {
        None => run::run(&cli.run).await,
        Some(Part::Upstream) => upstream::serve().await,
        Some(Part::Passthrough { upstream }) => passthrough::serve(upstream).await,
        Some(Part::Load(options)) => load::run(options).await,
        Some(Part::Hold(options)) => hold::run(options).await,
    }
}
