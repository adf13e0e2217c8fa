//! New tokens on their way into the database. Until they are there they are the only ones that work.

use realms_store::{AccountGrant, OauthAccountRecord, StoreError};
use realms_types::CredentialId;
use realms_upstream::TokenSet;

use super::{AccountError, Accounts, RefreshOutcome, RefreshStep};

/// When the process stops, it tries so many more times.
const LAST_TRIES: u32 = 3;

/// What a refresh brought, and for which generation.
#[derive(Debug)]
pub(super) struct Held {
    credential: CredentialId,
    generation: i64,
    /// The account as it was: what the new tokens do not say stays.
    before: AccountGrant,
    tokens: TokenSet,
}

/// What became of a try to commit.
enum Commit {
    Done,
    /// The account is of another generation, and not by us.
    MovedOn,
}

// === impl Held ===

impl Held {
    pub(super) fn new(account: &OauthAccountRecord, tokens: TokenSet) -> Self {
        Self {
            credential: account.credential_id,
            generation: account.generation,
            before: account.grant.clone(),
            tokens,
        }
    }
}

// === impl Accounts ===

impl Accounts {
    /// Whether new tokens of this account wait to be written by this node.
    pub(super) fn holds(&self, credential: CredentialId) -> bool {
        self.0.held.contains_key(&credential)
    }

    /// Makes new tokens durable, now or, when that fails, by a task that does not give up.
    pub(super) async fn keep(&self, held: Held) -> RefreshOutcome {
        let credential = held.credential;
        match self.commit(&held).await {
            Ok(Commit::Done) => {
                (self.tell)(credential, RefreshStep::Kept);
                RefreshOutcome::Renewed { generation: held.generation + 1 }
            }
            Ok(Commit::MovedOn) => RefreshOutcome::MovedOn,
            Err(error) => {
                tracing::error!(
                    %credential, %error,
                    "new tokens of an account cannot be written: they are in memory only, and this \
                     process must not be stopped before they are",
                );
                self.0.held.insert(credential, ());
                let this = self.clone();
                self.tasks.spawn(async move { this.keep_trying(held).await });
                RefreshOutcome::Held
            }
        }
    }

    async fn keep_trying(&self, held: Held) {
        let credential = held.credential;
        let (mut pause, longest) = self.times.commit;
        let mut last_tries = LAST_TRIES;
        loop {
            if self.stopping.is_cancelled() {
                if last_tries == 0 {
                    tracing::error!(
                        %credential,
                        "the process stops with new tokens that were never written: the account will \
                         need a log-in",
                    );
                    break;
                }
                last_tries -= 1;
                tokio::time::sleep(self.times.commit.0).await;
            } else {
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = self.stopping.cancelled() => {}
                }
            }
            match self.commit(&held).await {
                Ok(_) => {
                    (self.tell)(credential, RefreshStep::Kept);
                    tracing::info!(%credential, "new tokens of an account are written at last");
                    break;
                }
                Err(error) => {
                    tracing::error!(%credential, %error, "new tokens are still not written");
                    pause = (pause * 2).min(longest);
                }
            }
        }
        self.0.held.remove(&credential);
    }

    async fn commit(&self, held: &Held) -> Result<Commit, AccountError> {
        let now = self.clock.now();
        let grant = self.grant(held.credential, &held.tokens, Some(&held.before))?;
        let refresh_at = self.times.refresh_at(grant.tokens.expires_at, now, &self.chance);
        let (credential, generation) = (held.credential, held.generation);
        let mut tx = self.store.begin().await?;
        let renewed =
            tx.renew_oauth_account(credential, generation, &grant, refresh_at, now).await?;
        tx.commit().await?;
        if renewed || self.is_ours(held).await? {
            return Ok(Commit::Done);
        }
        Ok(Commit::MovedOn)
    }

    /// Whether an earlier commit went through although its answer was lost.
    async fn is_ours(&self, held: &Held) -> Result<bool, StoreError> {
        let Some(account) = self.store.oauth_account_now(held.credential).await? else {
            return Ok(false);
        };
        let place = OauthAccountRecord::access_place(held.credential);
        let sealed = &account.grant.tokens.sealed_access;
        let purpose = realms_seal::Purpose::Upstream;
        let access = self.keyring.unseal_text(purpose, place, sealed);
        let same = access.is_ok_and(|access| access.reveal() == held.tokens.access.reveal());
        Ok(account.generation == held.generation + 1 && same)
    }
}
