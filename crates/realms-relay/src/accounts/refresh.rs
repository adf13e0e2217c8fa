//! One refresh: lease, journal, the call, and the commit of what came.

use futures_util::StreamExt as _;
use realms_seal::Purpose;
use realms_store::{
    AccountState, LoginCause, NeverRefreshed, OauthAccountRecord, Refresher, StoreError,
};
use realms_types::{CredentialId, Secret};
use realms_upstream::{TokenError, TokenSet};

use super::{AccountError, Accounts, held::Held};

/// So many due accounts are looked at in one pass, and so many renewed side by side.
const MOST_DUE: u64 = 64;
const SIDE_BY_SIDE: usize = 8;

/// A step of a refresh that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshStep {
    /// The lease is taken.
    Claimed,
    /// Somebody else has it, and is left to it.
    Yielded,
    /// The journal says that the token is sent.
    Noted,
    /// The vendor answered, well or not.
    Answered,
    /// What came is durable.
    Kept,
}

/// What became of a refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefreshOutcome {
    /// New tokens are in force, durable.
    Renewed {
        /// Their generation.
        generation: i64,
    },
    /// Another node is at it, or may still hear of a refresh it sent.
    Busy,
    /// The account moved on meanwhile: another node renewed it, or somebody logged in.
    MovedOn,
    /// New tokens came and cannot be committed: they are in memory, and are tried again.
    Held,
    /// It did not work, the account is as it was, and it is tried again.
    PutOff {
        /// Why.
        error: String,
    },
    /// Somebody must log in again.
    NeedsLogin(LoginCause),
}

/// How the vendor answered, and whether an earlier answer may have been lost.
struct Answered {
    result: Result<TokenSet, TokenError>,
    lost: bool,
}

// === impl Accounts ===

impl Accounts {
    /// Renews every account whose time has come. Failures are noted on the accounts themselves.
    pub async fn refresh_due(&self) -> Result<usize, StoreError> {
        let due = self.store.list_due_oauth_accounts(self.clock.now(), MOST_DUE).await?;
        let count = due.len();
        futures_util::stream::iter(due)
            .for_each_concurrent(SIDE_BY_SIDE, |account| async move {
                self.try_refresh(&account).await;
            })
            .await;
        Ok(count)
    }

    /// Renews an account because somebody asks for it, and waits for another node that is at it. It
    /// goes on when whoever asked leaves.
    pub async fn refresh_now(
        &self,
        credential: CredentialId,
    ) -> Result<RefreshOutcome, AccountError> {
        // The database may be what is in the way.
        if self.holds(credential) {
            return Ok(RefreshOutcome::Held);
        }
        let account = self.account(credential).await?;
        let (this, generation) = (self.clone(), account.generation);
        let task = self.tasks.spawn(async move { this.refresh(&account).await });
        let outcome = task.await.map_err(|_| AccountError::NotFound("answer"))??;
        match outcome {
            RefreshOutcome::Busy => self.wait_for_another(credential, generation).await,
            outcome => Ok(outcome),
        }
    }

    pub(super) async fn account(
        &self,
        credential: CredentialId,
    ) -> Result<OauthAccountRecord, AccountError> {
        let found = self.store.oauth_account_now(credential).await?;
        let account = found.ok_or(AccountError::NotFound("account behind this credential"))?;
        match account.state {
            AccountState::Active => Ok(account),
            AccountState::NeedsLogin(_) => Err(AccountError::NeedsLogin),
        }
    }

    /// The generation moves, or the other node takes too long.
    async fn wait_for_another(
        &self,
        credential: CredentialId,
        generation: i64,
    ) -> Result<RefreshOutcome, AccountError> {
        let end = tokio::time::Instant::now() + self.times.wait;
        while tokio::time::Instant::now() < end {
            tokio::time::sleep(self.times.wait / 20).await;
            if self.account(credential).await?.generation != generation {
                return Ok(RefreshOutcome::MovedOn);
            }
        }
        Ok(RefreshOutcome::Busy)
    }

    /// A refresh whose failure is logged.
    pub(super) async fn try_refresh(&self, account: &OauthAccountRecord) {
        let credential = account.credential_id;
        match self.refresh(account).await {
            Ok(RefreshOutcome::Renewed { generation }) => {
                tracing::info!(%credential, generation, "account renewed");
            }
            Ok(RefreshOutcome::Busy | RefreshOutcome::MovedOn | RefreshOutcome::Held) => {}
            Ok(RefreshOutcome::PutOff { error }) => {
                tracing::warn!(%credential, error, "account not renewed; it is tried again");
            }
            Ok(RefreshOutcome::NeedsLogin(cause)) => {
                let cause = cause.as_str();
                tracing::error!(%credential, cause, "account needs a log-in");
            }
            Err(error) => tracing::warn!(%credential, %error, "cannot renew an account"),
        }
    }

    /// Renews the tokens of exactly this generation, if nobody else does.
    pub(super) async fn refresh(
        &self,
        account: &OauthAccountRecord,
    ) -> Result<RefreshOutcome, AccountError> {
        let credential = account.credential_id;
        if self.holds(credential) {
            return Ok(RefreshOutcome::Held);
        }
        let refresher =
            Refresher { credential, generation: account.generation, node: self.node_id };
        let (lease, grace) = (self.times.lease, self.times.grace);
        if !self.store.claim_refresh(refresher, self.clock.now(), lease, grace).await? {
            (self.tell)(credential, RefreshStep::Yielded);
            return Ok(RefreshOutcome::Busy);
        }
        (self.tell)(credential, RefreshStep::Claimed);
        let token = match self.open_refresh_token(account) {
            Ok(token) => token,
            Err(error) => return self.put_off(refresher, &error.to_string(), false).await,
        };
        if !self.store.note_refresh_sent(refresher, self.clock.now()).await? {
            return Ok(RefreshOutcome::Busy);
        }
        (self.tell)(credential, RefreshStep::Noted);
        let Answered { result, lost } = self.ask(account, &token).await;
        (self.tell)(credential, RefreshStep::Answered);
        match result {
            Ok(tokens) => Ok(self.keep(Held::new(account, tokens)).await),
            Err(TokenError::Refused { reused, code, description }) => {
                let cause = match (lost, reused) {
                    (true, _) => LoginCause::AnswerLost,
                    (false, true) => LoginCause::Reused,
                    (false, false) => LoginCause::Refused,
                };
                let error = TokenError::Refused { reused, code, description }.to_string();
                self.close(credential, account.generation, cause, &error).await
            }
            Err(error) => self.put_off(refresher, &error.to_string(), lost).await,
        }
    }

    fn open_refresh_token(
        &self,
        account: &OauthAccountRecord,
    ) -> Result<Secret<String>, AccountError> {
        let place = OauthAccountRecord::refresh_place(account.credential_id);
        let sealed = &account.grant.tokens.sealed_refresh;
        Ok(self.keyring.unseal_text(Purpose::Upstream, place, sealed)?)
    }

    /// Up to three tries. Once an answer was lost, only another try with the same token can tell
    /// whether it is used up: if it is, the new one is lost whatever we do.
    async fn ask(&self, account: &OauthAccountRecord, token: &Secret<String>) -> Answered {
        let generation = account.generation;
        let sent_before = account.sent.is_some_and(|(sent, _)| sent == generation);
        let mut lost = sent_before || account.lost_generation == Some(generation);
        let mut pauses = self.times.pauses.iter();
        loop {
            let result = self.upstream.refresh_token(&self.site, token, self.clock.now()).await;
            let Err(error) = &result else { return Answered { result, lost } };
            lost |= error.answer_lost();
            match pauses.next() {
                Some(pause) if error.is_transient() => {
                    tokio::select! {
                        () = tokio::time::sleep(*pause) => {}
                        () = self.stopping.cancelled() => return Answered { result, lost },
                    }
                }
                _ => return Answered { result, lost },
            }
        }
    }

    async fn put_off(
        &self,
        refresher: Refresher,
        error: &str,
        answer_lost: bool,
    ) -> Result<RefreshOutcome, AccountError> {
        let now = self.clock.now();
        let try_at = now + self.times.put_off;
        let outcome = NeverRefreshed { error, try_at, answer_lost };
        self.store.put_refresh_off(refresher, &outcome, now).await?;
        Ok(RefreshOutcome::PutOff { error: error.to_owned() })
    }

    /// Closes an account, unless it has moved on: then the refusal is of a token that counts no more.
    pub(super) async fn close(
        &self,
        credential: CredentialId,
        generation: i64,
        cause: LoginCause,
        error: &str,
    ) -> Result<RefreshOutcome, AccountError> {
        let mut tx = self.store.begin().await?;
        let why = (cause, error);
        let closed = tx.close_oauth_account(credential, generation, why, self.clock.now()).await?;
        tx.commit().await?;
        Ok(if closed { RefreshOutcome::NeedsLogin(cause) } else { RefreshOutcome::MovedOn })
    }
}
