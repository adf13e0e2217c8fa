//! `replay`: a recorded call, decided once more.

use anyhow::{Context as _, Result, anyhow};
use clap::Args;
use realms_catalog::Catalog;
use realms_relay::{Choice, replay_call};
use realms_types::{Considered, Exclusion, RequestId};

use super::{desk::Desk, output::Output};

/// Which call is decided again.
#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// The id of the call, as its answer and the console name it
    request: String,
}

// === impl ReplayArgs ===

impl ReplayArgs {
    pub(super) async fn run(self, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
        let missing = || anyhow!("there is no call `{}` on record", self.request);
        let id: RequestId = self.request.parse().map_err(|_| missing())?;
        let store = &desk.editor.store;
        let call = store.find_usage(id).await?.ok_or_else(missing)?;
        let trace = store.find_trace(call.id).await?;
        let undecided = realms_relay::NotReplayable::Undecided;
        let trace = trace.ok_or(undecided)?;
        let decision = trace.decision.ok_or(undecided)?;
        let rows = store.load_catalog(&desk.editor.keyring).await?;
        let catalog = Catalog::build(&rows)
            .map_err(|defects| anyhow!("the configuration has {} defects", defects.len()))
            .context("the call cannot be decided by it")?;
        let replayed = replay_call(&catalog, &call, &decision)?;
        output.remark(&format!(
            "decided at {} by version {} of the configuration; it is at version {} now",
            decision.at,
            trace.catalog_version,
            catalog.version(),
        ));
        let names = Names(&catalog);
        let rows: Vec<[String; 3]> = (0..replayed.then.len().max(replayed.now.len()))
            .map(|place| {
                let at = |choices: &[Choice]| {
                    choices.get(place).map(|one| names.choice(*one)).unwrap_or_default()
                };
                [(place + 1).to_string(), at(&replayed.then), at(&replayed.now)]
            })
            .collect();
        output.table(["place", "then", "now"], &rows);
        if replayed.is_same() {
            output.line("the same choice");
            return Ok(());
        }
        output.line("another choice");
        let was = |one: &&Considered| {
            replayed.then.iter().any(|choice| choice.channel == one.channel)
                && one.excluded.is_some()
        };
        for one in replayed.considered.iter().filter(was) {
            let reason = one.excluded.map_or("-", Exclusion::as_str);
            output.line(&format!("{} is left out now: {reason}", names.channel(one.channel)));
        }
        for gone in replayed.then.iter().filter(|one| catalog.find_channel(one.channel).is_none()) {
            output.line(&format!("{} is gone", gone.channel));
        }
        Ok(())
    }
}

/// What ids are called today.
struct Names<'a>(&'a Catalog);

impl Names<'_> {
    fn channel(&self, id: realms_types::ChannelId) -> String {
        self.0.find_channel(id).map_or_else(|| id.to_string(), |channel| channel.name.clone())
    }

    fn choice(&self, choice: Choice) -> String {
        let channel = self.0.find_channel(choice.channel);
        let credential = choice.credential.map(|id| {
            let found = channel.and_then(|channel| channel.find_credential(id));
            found.map_or_else(|| id.to_string(), |credential| credential.name.clone())
        });
        format!("{} / {}", self.channel(choice.channel), credential.unwrap_or_default())
    }
}
