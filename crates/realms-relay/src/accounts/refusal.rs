//! A call was refused because of its account: somebody looks after it, while the call goes elsewhere.

use realms_catalog::Account;
use realms_store::LoginCause;
use realms_types::CredentialId;
use realms_upstream::Ailment;

use super::{AccountError, Accounts};

// === impl Accounts ===

impl Accounts {
    /// Hears what ails the account of a call. Returns at once; what is to be done is done in a task
    /// of its own, once for all calls that are refused together.
    pub(crate) fn hear(&self, credential: CredentialId, account: &Account, ailment: Ailment) {
        let now = self.clock.now();
        let generation = account.generation;
        match ailment {
            Ailment::Exhausted | Ailment::Throttled => return,
            Ailment::TokenRefused | Ailment::Deactivated => {}
        }
        let mut last = self.0.refused.entry(credential).or_insert((0, now));
        if last.0 == generation && now.since(last.1) < self.times.not_within {
            return;
        }
        *last = (generation, now);
        drop(last);
        let this = self.clone();
        self.tasks.spawn(async move {
            if let Err(error) = this.look_after(credential, generation, ailment).await {
                tracing::warn!(%credential, %error, "cannot look after a refused account");
            }
        });
    }

    async fn look_after(
        &self,
        credential: CredentialId,
        generation: i64,
        ailment: Ailment,
    ) -> Result<(), AccountError> {
        if ailment == Ailment::Deactivated {
            let why = "a call was refused: the vendor closed this account";
            self.close(credential, generation, LoginCause::Deactivated, why).await?;
            tracing::error!(%credential, "the vendor closed an account");
            return Ok(());
        }
        let now = self.clock.now();
        let not_within = self.times.not_within;
        if !self.store.hasten_refresh(credential, generation, now, not_within).await? {
            return Ok(());
        }
        if let Some(account) = self.store.oauth_account_now(credential).await? {
            self.try_refresh(&account).await;
        }
        Ok(())
    }
}
