//! `ledger`: is the money sound? And money given or taken by hand.

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use realms_console::ByHand;
use realms_ledger::{AccountId, Posted, adjust_alone, recompute, reconcile, verify};
use realms_store::Actor;
use realms_types::{Money, Timestamp, Username};

use super::{
    desk::{Desk, must_exist},
    output::Output,
};

#[derive(Debug, Subcommand)]
pub(super) enum LedgerCommand {
    /// Check every entry, balance, hold, charge, allowance and anchor; changes nothing
    Verify,
    /// Compare what calls were charged with what their records say; changes nothing
    Reconcile(CallsArgs),
    /// Reckon the cost of every call again from its usage and its price; changes nothing
    Recompute(CallsArgs),
    /// Give to a user's balance or take from it, with a reason, and show what is there then
    Adjust(AdjustArgs),
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

/// What is given to whom, and why.
#[derive(Debug, Args)]
pub(super) struct AdjustArgs {
    /// Whose balance
    #[arg(long, value_name = "NAME")]
    user: Username,
    /// What it gains in USD, such as 10 or 2.50; what it loses with a minus. What is not available
    /// cannot be taken
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    amount_usd: Money,
    /// Why; the user sees it, and the audit log keeps it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// What makes a repetition known: the same key moves money once
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

// === impl LedgerCommand ===

impl LedgerCommand {
    pub(super) async fn run(self, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
        match self {
            Self::Verify => check(desk, output).await,
            Self::Reconcile(args) => args.reconcile(desk, output).await,
            Self::Recompute(args) => args.recompute(desk, output).await,
            Self::Adjust(args) => Box::pin(args.run(desk, output)).await,
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

// === impl AdjustArgs ===

impl AdjustArgs {
    async fn run(self, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
        if desk.self_mode {
            bail!("balances are kept in business mode only: here REALMS_SELF_MODE_ENABLE is true");
        }
        let Self { user: name, amount_usd: amount, reason, key } = self;
        let editor = &desk.editor;
        must_exist("user", name.as_str(), desk.state().await?.users.keys())?;
        let user = editor.store.read().find_user_by_name(name.as_str()).await?;
        let user = user.with_context(|| format!("user `{name}` was deleted meanwhile"))?;
        let (movement, audit) = editor.by_hand(&user, ByHand { amount, reason, key }, Actor::cli());
        let posted = adjust_alone(&editor.store, movement, audit, editor.ids.next()).await?;
        if posted == Posted::Already {
            output.remark("it was done before under this key: nothing was changed");
        }
        let balance = editor.store.read().find_balance(AccountId::user(user.id)).await?;
        let [available, held] =
            balance.map_or([Money::ZERO; 2], |balance| [balance.available, balance.held]);
        output.line(&format!("{name} has {available} USD available and {held} USD held"));
        Ok(())
    }
}
