//! What is used up of accounts: heard with every answer, and asked for now and then.

use std::time::Duration;

use futures_util::StreamExt as _;
use http::HeaderMap;
use realms_catalog::{Account, Catalog, Channel, Credential};
use realms_store::{Credits, QuotaWindow, QuotaWindowName};
use realms_types::{ChannelKind, CredentialId, Timestamp};
use realms_upstream::{Ailment, Limit, UsageCredits, UsageError, limits_in_event, limits_of};

use super::{AccountError, Accounts};

/// What answers tell is written this often at most.
const WRITE_EVERY: Duration = Duration::from_mins(1);
/// Vendors are asked this often.
const POLL_EVERY: Duration = Duration::from_mins(10);
/// Whoever asks by hand may ask this often.
const POLL_BY_HAND: Duration = Duration::from_secs(5);
/// So many are asked side by side.
const SIDE_BY_SIDE: usize = 4;

// === impl Accounts ===

impl Accounts {
    /// Hears what an answer's headers tell of its account. Returns at once; one report in a minute is
    /// written, whichever node hears it.
    pub(crate) fn hear_limits(&self, credential: &Credential, headers: &HeaderMap) {
        if credential.account.is_some() {
            let now = self.clock.now();
            self.note_limits(credential.id, &limits_of(headers, now), now);
        }
    }

    /// The same of an event in the stream of an answer.
    pub(crate) fn hear_event(&self, credential: &Credential, event: &str) {
        if credential.account.is_some() {
            let now = self.clock.now();
            self.note_limits(credential.id, &limits_in_event(event, now), now);
        }
    }

    fn note_limits(&self, id: CredentialId, limits: &[Limit], now: Timestamp) {
        if limits.is_empty() || !self.is_turn(id, now) {
            return;
        }
        let windows: Vec<QuotaWindow> = limits.iter().map(|limit| window(limit, now)).collect();
        let this = self.clone();
        self.tasks.spawn(async move {
            if let Err(error) = this.store.note_quota(id, &windows, now, WRITE_EVERY).await {
                tracing::debug!(credential = %id, %error, "cannot write a quota");
            }
        });
    }

    fn is_turn(&self, id: CredentialId, now: Timestamp) -> bool {
        let mut heard = self.0.heard.entry(id).or_insert(Timestamp::EPOCH);
        let turn = now.since(*heard) >= WRITE_EVERY;
        if turn {
            *heard = now;
        }
        turn
    }

    /// Asks for the quota of every account that nobody asked for lately.
    pub async fn poll_quotas(&self) {
        let catalog = self.catalog.snapshot();
        futures_util::stream::iter(accounts(&catalog))
            .for_each_concurrent(SIDE_BY_SIDE, |(channel, credential)| async move {
                if let Err(error) = self.poll(channel, credential, POLL_EVERY).await {
                    tracing::debug!(credential = %credential.id, %error, "no quota");
                }
            })
            .await;
    }

    /// Asks for the quota of one account because somebody wants to know. `false`: it was asked for a
    /// moment ago.
    pub async fn poll_quota_now(&self, id: CredentialId) -> Result<bool, AccountError> {
        self.account(id).await?;
        let catalog = self.catalog.snapshot();
        let found = accounts(&catalog).find(|(_, credential)| credential.id == id);
        let (channel, credential) = found.ok_or(AccountError::NotFound(
            "such account in force: it is switched off, or was added a moment ago",
        ))?;
        self.poll(channel, credential, POLL_BY_HAND).await
    }

    async fn poll(
        &self,
        channel: &Channel,
        credential: &Credential,
        every: Duration,
    ) -> Result<bool, AccountError> {
        let (id, now) = (credential.id, self.clock.now());
        let (Some(account), Some(endpoint)) = (&credential.account, channel.endpoints.first())
        else {
            return Ok(false);
        };
        if !self.store.claim_quota_poll(id, now, every).await? {
            return Ok(false);
        }
        let secret = &credential.secret;
        match self.upstream.codex_usage(&endpoint.base_url, &account.id, secret, now).await {
            Ok(usage) => {
                let now = self.clock.now();
                let windows: Vec<_> = usage.limits.iter().map(|one| window(one, now)).collect();
                let credits = usage.credits.map(credits);
                self.store.note_polled_quota(id, &windows, credits.as_ref(), now).await?;
                Ok(true)
            }
            Err(error) => {
                self.store.note_quota_poll_failed(id, &error.to_string()).await?;
                self.hear_refused_poll(id, account, &error);
                Err(error.into())
            }
        }
    }

    fn hear_refused_poll(&self, id: CredentialId, account: &Account, error: &UsageError) {
        if matches!(error, UsageError::Unauthorized(_)) {
            self.hear(id, account, Ailment::TokenRefused);
        }
    }
}

/// Every account in force, with its channel.
fn accounts(catalog: &Catalog) -> impl Iterator<Item = (&Channel, &Credential)> {
    let codex = catalog.channels().filter(|channel| channel.kind == ChannelKind::Codex);
    codex.flat_map(|channel| {
        let with = channel.credentials.iter().filter(|one| one.account.is_some());
        with.map(move |credential| (&**channel, &**credential))
    })
}

fn window(limit: &Limit, now: Timestamp) -> QuotaWindow {
    QuotaWindow {
        name: if limit.secondary { QuotaWindowName::Secondary } else { QuotaWindowName::Primary },
        length: limit.length,
        used: limit.used,
        resets_at: limit.resets_at,
        seen_at: now,
    }
}

fn credits(credits: UsageCredits) -> Credits {
    let UsageCredits { has_credits, unlimited, balance } = credits;
    Credits { has_credits, unlimited, balance }
}
