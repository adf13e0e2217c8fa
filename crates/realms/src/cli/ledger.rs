//! `ledger`: is the money sound?

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use realms_ledger::{recompute, reconcile, verify};
use realms_types::Timestamp;

use super::{desk::Desk, output::Output};

#[derive(Debug, Subcommand)]
pub(super) enum LedgerCommand {
    /// Check every entry, balance, hold, charge, allowance and anchor; changes nothing
    Verify,
    /// Compare what calls were charged with what their records say; changes nothing
    Reconcile(CallsArgs),
    /// Reckon the cost of every call again from its usage and its price; changes nothing
    Recompute(CallsArgs),
}

/// Which calls are looked at.
#[derive(Debug, Args)]
pub(super) struct CallsArgs {
    /// From this moment, such as 2026-11-01T00:00:00Z; without it, from the first call
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// Up to this moment; without it, up to now
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
}

// === impl LedgerCommand ===

impl LedgerCommand {
    pub(super) async fn run(self, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
        match self {
            Self::Verify => check(desk, output).await,
            Self::Reconcile(args) => args.reconcile(desk, output).await,
            Self::Recompute(args) => args.recompute(desk, output).await,
        }
    }
}

async fn check(desk: &Desk<'_>, output: &mut Output) -> Result<()> {
    let found = verify(&desk.editor.store).await?;
    let totals = found.totals;
    output.remark(&format!(
        "{} accounts, {} entries, {} calls held, {} anchored days",
        totals.accounts, totals.entries, totals.held, found.anchors,
    ));
    for defect in &found.defects {
        output.line(&defect.to_string());
    }
    match found.defects.len() {
        0 => output.line("the ledger is sound"),
        count => bail!("the ledger has {count} defects: stop charging and keep a backup as it is"),
    }
    Ok(())
}

// === impl CallsArgs ===

impl CallsArgs {
    /// From when, and until when.
    fn bounds(&self, desk: &Desk<'_>) -> (Timestamp, Timestamp) {
        let until = self.until.unwrap_or_else(|| desk.editor.clock.now());
        (self.since.unwrap_or(Timestamp::EPOCH), until)
    }

    async fn recompute(self, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
        let (since, until) = self.bounds(desk);
        let found = recompute(&desk.editor.store, since, until).await?;
        output.remark(&format!(
            "{} calls reckoned again, {} without a price to reckon from",
            found.calls, found.without_price
        ));
        for miscount in &found.named {
            output.line(&miscount.to_string());
        }
        match found.miscounts {
            0 => output.line("every call cost what its usage and its price say"),
            count => bail!("{count} calls cost something else than their usage and price say"),
        }
        Ok(())
    }

    async fn reconcile(self, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
        let (since, until) = self.bounds(desk);
        let found = reconcile(&desk.editor.store, since, until).await?;
        for difference in &found.differences {
            output.line(&difference.to_string());
        }
        match found.differences.len() {
            0 => output.line("charges and records tell the same"),
            count => bail!("{count} calls do not fit"),
        }
        Ok(())
    }
}
