//! Idle streams: opens a lot, waits until each has shown its first event, says so, and opens the next
//! lot when told to by a line of input. All stay open until the process ends.

use std::io::{self, Write};

use anyhow::{Context, Result};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::task::{JoinSet, spawn_blocking};

use crate::call::{Client, Target};

/// How many streams to open at the same moment.
const AT_ONCE: usize = 20;

/// How many streams to hold.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    target: Target,
    /// Streams per lot.
    #[arg(long)]
    lot: usize,
    /// How many lots.
    #[arg(long)]
    lots: usize,
}

/// A stream that has fallen silent. The client is kept because it owns the connection.
type Held = (Client, Incoming);

/// Opens lot after lot.
pub(crate) async fn run(options: Options) -> Result<()> {
    let mut held: Vec<Held> = Vec::new();
    for lot in 1..=options.lots {
        while held.len() < lot * options.lot {
            let missing = lot * options.lot - held.len();
            held.extend(open(&options.target, missing.min(AT_ONCE)).await?);
        }
        writeln!(io::stdout(), "{}", held.len())?;
        spawn_blocking(|| io::stdin().read_line(&mut String::new())).await??;
    }
    Ok(())
}

async fn open(target: &Target, count: usize) -> Result<Vec<Held>> {
    let mut streams = JoinSet::new();
    for _ in 0..count {
        streams.spawn(open_one(Client::new(target.clone())));
    }
    let mut held = Vec::with_capacity(count);
    while let Some(stream) = streams.join_next().await {
        held.push(stream??);
    }
    Ok(held)
}

async fn open_one(mut client: Client) -> Result<Held> {
    let mut body = client.send().await?.into_body();
    body.frame().await.context("the stream ended before its first event")??;
    Ok((client, body))
}
