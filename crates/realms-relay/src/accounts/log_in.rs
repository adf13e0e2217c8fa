//! Log-ins: sent away, and brought back by whoever pastes the address they ended at.

use std::time::Duration;

use realms_seal::{Purpose, random_bytes};
use realms_store::{AuditRecord, LogInRecord};
use realms_types::ChannelId;
use realms_upstream::Callback;
use url::Url;

use super::{AccountError, Accounts, Arrived, arrival::Destination};

/// How long a log-in may take.
const LIFE: Duration = Duration::from_mins(30);
/// So many may be under way at once.
const MOST: u64 = 32;

// === impl Accounts ===

impl Accounts {
    /// Begins a log-in for a credential of this channel, or, without a name, for a new one; the
    /// address to open in a browser.
    pub async fn begin_log_in(
        &self,
        (channel_id, name): (ChannelId, &str),
        actor: &str,
        entry: &AuditRecord,
    ) -> Result<Url, AccountError> {
        self.must_be_codex(channel_id).await?;
        let away = self.site.send_away(&random_bytes::<64>(), &random_bytes::<32>())?;
        let (id, now) = (self.ids.next(), self.clock.now());
        let place = LogInRecord::verifier_place(id);
        let verifier = away.verifier.reveal().as_bytes();
        let record = LogInRecord {
            id,
            state_hash: self.keyring.keyed_hash(away.state.reveal()),
            sealed_verifier: self.keyring.seal(Purpose::Upstream, place, verifier)?,
            actor: actor.to_owned(),
            channel_id,
            credential_name: name.to_owned(),
            created_at: now,
            expires_at: now + LIFE,
        };
        let mut tx = self.store.begin().await?;
        if !tx.insert_oauth_log_in(&record, MOST).await? {
            return Err(AccountError::TooMany);
        }
        tx.insert_audit(entry).await?;
        tx.commit().await?;
        Ok(away.url)
    }

    /// Ends a log-in with the address that the browser ended at.
    pub async fn finish_log_in(
        &self,
        pasted: &str,
        actor: &str,
        entry: AuditRecord,
    ) -> Result<Arrived, AccountError> {
        let callback = Callback::parse(pasted)?;
        let now = self.clock.now();
        let hash = self.keyring.keyed_hash(callback.state.reveal());
        let found = self.store.find_oauth_log_in(&hash).await?;
        let record = found.filter(|found| found.expires_at > now);
        let record = record.ok_or(AccountError::UnknownLogIn)?;
        if record.actor != actor {
            return Err(AccountError::NotYours);
        }
        let place = LogInRecord::verifier_place(record.id);
        let verifier =
            self.keyring.unseal_text(Purpose::Upstream, place, &record.sealed_verifier)?;
        if !self.store.take_oauth_log_in(record.id).await? {
            return Err(AccountError::UnknownLogIn);
        }
        let tokens =
            self.upstream.exchange_code(&self.site, &callback.code, &verifier, now).await?;
        let claims = tokens.claims();
        let to = Destination { channel: record.channel_id, name: &record.credential_name };
        self.settle(&to, tokens, claims, entry).await
    }
}
