//! The load generator: so many calls over so many keep-alive connections, as fast as they are answered.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::call::{Client, Target};

/// How much to send.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    target: Target,
    /// All calls together.
    #[arg(long)]
    calls: usize,
    /// Connections, each with one call at a time.
    #[arg(long)]
    concurrency: usize,
}

/// What came back from all calls of a round. Every call was answered in full, or there is no tally.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Calls answered.
    pub(crate) calls: usize,
    /// SSE events received.
    pub(crate) events: usize,
    /// Bytes received.
    pub(crate) bytes: usize,
}

/// Makes the calls; the first that fails ends the process with its error.
pub(crate) async fn run(options: Options) -> Result<()> {
    let tickets = Arc::new(AtomicUsize::new(options.calls));
    let mut clients = JoinSet::new();
    for _ in 0..options.concurrency {
        clients.spawn(make_calls(Client::new(options.target.clone()), Arc::clone(&tickets)));
    }
    let mut all = Tally::default();
    while let Some(tally) = clients.join_next().await {
        all.add(tally??);
    }
    writeln!(io::stdout(), "{}", all.to_json())?;
    Ok(())
}

async fn make_calls(mut client: Client, tickets: Arc<AtomicUsize>) -> Result<Tally> {
    let mut tally = Tally::default();
    while tickets.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok() {
        let received = client.call().await?;
        tally.add(Tally { calls: 1, events: received.events, bytes: received.bytes });
    }
    Ok(tally)
}

// === impl Tally ===

impl Tally {
    /// Reads the line a load generator printed.
    pub(crate) fn from_json(line: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(line).context("the load generator's tally")?;
        let count = |name: &str| {
            let count = value[name].as_u64().with_context(|| format!("no `{name}` in {line}"))?;
            Ok::<_, anyhow::Error>(usize::try_from(count)?)
        };
        Ok(Self { calls: count("calls")?, events: count("events")?, bytes: count("bytes")? })
    }

    fn to_json(self) -> Value {
        json!({ "calls": self.calls, "events": self.events, "bytes": self.bytes })
    }

    fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.events += other.events;
        self.bytes += other.bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_survives_the_pipe() {
        let tally = Tally { calls: 3, events: 300, bytes: 70_000 };
        assert_eq!(Tally::from_json(&tally.to_json().to_string()).unwrap(), tally);
        assert!(Tally::from_json("{}").is_err());
    }
}
