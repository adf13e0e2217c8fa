//! Tokens that arrived with a log-in, on their way to their credential.

use realms_seal::Purpose;
use realms_store::{
    AccountGrant, AccountTokens, AuditRecord, CredentialPatch, CredentialRecord,
    OauthAccountRecord, Tx,
};
use realms_types::{ChannelId, ChannelKind, CredentialId, Limits, Secret, Timestamp};
use realms_upstream::{Claims, TokenError, TokenSet};

use super::{AccountError, Accounts};

/// What stands for the end of a secret that is none.
const HINT: &str = "oauth";
/// A name is shown and logged.
const LONGEST_NAME: usize = 128;
/// How often a commit is tried before tokens are given up that somebody can bring again.
const TRIES: u32 = 3;

/// Tokens that somebody pastes.
#[derive(Debug)]
pub struct Pasted {
    /// Renews the account, once.
    pub refresh: Secret<String>,
    /// Signs calls.
    pub access: Option<Secret<String>>,
    /// Says who it is.
    pub id_token: Option<Secret<String>>,
    /// What the vendor calls the account, where no token says so.
    pub account_id: Option<String>,
}

/// An account that is there now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The credential it is.
    pub credential_id: CredentialId,
    /// Its name.
    pub credential: String,
}

/// What is to become of tokens.
pub(super) struct Destination<'a> {
    pub(super) channel: ChannelId,
    /// Empty: a credential named after the account.
    pub(super) name: &'a str,
}

/// The credential that becomes an account, or stays one.
enum Place {
    /// It is this account already.
    Account(CredentialRecord),
    /// It has a secret of another kind.
    Secret(CredentialRecord),
    /// It is not there.
    New(String),
}

// === impl Accounts ===

impl Accounts {
    /// Takes tokens that somebody pasted, once they have shown that they work: by asking what is used
    /// up, which costs nothing, or else by a refresh, which uses the pasted refresh token up.
    pub async fn import(
        &self,
        (channel, name): (ChannelId, &str),
        pasted: Pasted,
        entry: AuditRecord,
    ) -> Result<Arrived, AccountError> {
        self.must_be_codex(channel).await?;
        // A refresh must not be made for a database that is away.
        self.store.ping().await?;
        let tokens = match self.as_they_are(channel, &pasted).await {
            Some(tokens) => tokens,
            None => self.proved_by_refresh(&pasted).await?,
        };
        let mut claims = tokens.claims();
        claims.account_id = claims.account_id.or(pasted.account_id);
        let known = pasted.id_token.as_ref().map(Claims::of).unwrap_or_default();
        self.settle(&Destination { channel, name }, tokens, claims.or(known), entry).await
    }

    async fn proved_by_refresh(&self, pasted: &Pasted) -> Result<TokenSet, AccountError> {
        let now = self.clock.now();
        match self.upstream.refresh_token(&self.site, &pasted.refresh, now).await {
            Ok(mut tokens) => {
                tokens.refresh = tokens.refresh.or_else(|| Some(pasted.refresh.clone()));
                tokens.id_token = tokens.id_token.or_else(|| pasted.id_token.clone());
                Ok(tokens)
            }
            Err(error @ (TokenError::Refused { .. } | TokenError::Rejected { .. })) => {
                Err(AccountError::Pasted(error.to_string()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The pasted tokens, if their access token works and says how long.
    async fn as_they_are(&self, channel: ChannelId, pasted: &Pasted) -> Option<TokenSet> {
        let now = self.clock.now();
        let access = pasted.access.clone()?;
        let id_token = pasted.id_token.clone();
        let claims = Claims::of(&access);
        let expires_at = claims.expires_at.filter(|at| *at > now)?;
        let tokens =
            TokenSet { access, refresh: Some(pasted.refresh.clone()), id_token, expires_at };
        let account = tokens.claims().account_id.or_else(|| pasted.account_id.clone())?;
        let catalog = self.catalog.snapshot();
        let base = &catalog.find_channel(channel)?.endpoints.first()?.base_url;
        let usage = self.upstream.codex_usage(base, &account, &tokens.access, now).await;
        usage.is_ok().then_some(tokens)
    }

    pub(super) async fn must_be_codex(&self, channel: ChannelId) -> Result<(), AccountError> {
        let found = self.store.read().find_channel(channel).await?;
        match found {
            Some(found) if found.kind == ChannelKind::Codex => Ok(()),
            _ => Err(AccountError::NotFound("channel of kind `codex` with this name")),
        }
    }

    /// Makes new tokens a credential's, with the entry in the audit log.
    pub(super) async fn settle(
        &self,
        to: &Destination<'_>,
        tokens: TokenSet,
        claims: Claims,
        entry: AuditRecord,
    ) -> Result<Arrived, AccountError> {
        let account = claims.account_id.clone().ok_or(AccountError::NoAccount)?;
        let mut tries = TRIES;
        loop {
            tries -= 1;
            match self.try_settle(to, &account, &tokens, &claims, &entry).await {
                Err(AccountError::Store(error)) if tries > 0 && error.is_temporary() => {
                    tracing::warn!(%error, "an account that was logged in to is not written yet");
                    tokio::time::sleep(self.times.commit.0).await;
                }
                settled => return settled,
            }
        }
    }

    async fn try_settle(
        &self,
        to: &Destination<'_>,
        account: &str,
        tokens: &TokenSet,
        claims: &Claims,
        entry: &AuditRecord,
    ) -> Result<Arrived, AccountError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        // Two log-ins at once take turns from here on.
        tx.bump_catalog().await?;
        let place = find_place(&tx, to, account, claims).await?;
        let arrived = match place {
            Place::Account(row) => {
                let grant = self.arriving(row.id, account, tokens, claims)?;
                let refresh_at = self.refresh_at(&grant, now);
                tx.log_oauth_account_in(row.id, &grant, refresh_at, now).await?;
                Arrived { credential_id: row.id, credential: row.name }
            }
            Place::Secret(row) => {
                let secret = Some((self.placeholder(row.id)?, HINT.to_owned()));
                let patch = CredentialPatch { secret, ..CredentialPatch::default() };
                tx.update_credential(row.id, patch, now).await?;
                self.add(&mut tx, row.id, (account, tokens, claims), now).await?;
                Arrived { credential_id: row.id, credential: row.name }
            }
            Place::New(name) => {
                let id = self.ids.next();
                tx.insert_credential(&CredentialRecord {
                    sealed_proxy: None,
                    id,
                    channel_id: to.channel,
                    name: name.clone(),
                    sealed_secret: self.placeholder(id)?,
                    hint: HINT.to_owned(),
                    enabled: true,
                    limits: Limits::NONE,
                    created_at: now,
                    updated_at: now,
                })
                .await?;
                self.add(&mut tx, id, (account, tokens, claims), now).await?;
                Arrived { credential_id: id, credential: name }
            }
        };
        tx.insert_audit(&entry.clone().about("credential", arrived.credential.as_str())).await?;
        tx.commit().await?;
        Ok(arrived)
    }

    async fn add(
        &self,
        tx: &mut Tx,
        id: CredentialId,
        (account, tokens, claims): (&str, &TokenSet, &Claims),
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let grant = self.arriving(id, account, tokens, claims)?;
        let refresh_at = self.refresh_at(&grant, now);
        tx.insert_oauth_account(&OauthAccountRecord::new(id, grant, refresh_at, now)).await?;
        Ok(tx.insert_quota_report(id).await?)
    }

    fn refresh_at(&self, grant: &AccountGrant, now: Timestamp) -> Timestamp {
        self.times.refresh_at(grant.tokens.expires_at, now, &self.chance)
    }

    fn placeholder(&self, id: CredentialId) -> Result<String, AccountError> {
        let (place, text) = (CredentialRecord::secret_place(id), OauthAccountRecord::PLACEHOLDER);
        Ok(self.keyring.seal(Purpose::Upstream, place, text.as_bytes())?)
    }

    fn arriving(
        &self,
        id: CredentialId,
        account: &str,
        tokens: &TokenSet,
        claims: &Claims,
    ) -> Result<AccountGrant, AccountError> {
        let refresh = tokens.refresh.as_ref().ok_or(AccountError::Pasted(
            "the vendor gave no refresh token: the account could not be kept".to_owned(),
        ))?;
        Ok(AccountGrant {
            account_id: account.to_owned(),
            email: claims.email.clone(),
            plan: claims.plan.clone(),
            user_id: claims.user_id.clone(),
            subscription_until: claims.subscription_until,
            tokens: self.sealed(id, tokens, refresh)?,
        })
    }

    /// What an account becomes by new tokens. What they do not say stays as it was, and so does which
    /// account it is.
    pub(super) fn grant(
        &self,
        id: CredentialId,
        tokens: &TokenSet,
        before: Option<&AccountGrant>,
    ) -> Result<AccountGrant, AccountError> {
        let claims = tokens.claims();
        let before = before.ok_or(AccountError::NoAccount)?.clone();
        let sealed = if let Some(refresh) = &tokens.refresh {
            self.sealed(id, tokens, refresh)?
        } else {
            // The vendor gave none: the old one goes on.
            let sealed_refresh = before.tokens.sealed_refresh.clone();
            AccountTokens { sealed_refresh, ..self.sealed(id, tokens, &tokens.access)? }
        };
        let sealed_id_token = sealed.sealed_id_token.or(before.tokens.sealed_id_token);
        Ok(AccountGrant {
            account_id: before.account_id,
            email: claims.email.or(before.email),
            plan: claims.plan.or(before.plan),
            user_id: claims.user_id.or(before.user_id),
            subscription_until: claims.subscription_until.or(before.subscription_until),
            tokens: AccountTokens { sealed_id_token, ..sealed },
        })
    }

    fn sealed(
        &self,
        id: CredentialId,
        tokens: &TokenSet,
        refresh: &Secret<String>,
    ) -> Result<AccountTokens, AccountError> {
        let seal = |place, token: &Secret<String>| {
            self.keyring.seal(Purpose::Upstream, place, token.reveal().as_bytes())
        };
        let id_token = tokens.id_token.as_ref();
        Ok(AccountTokens {
            sealed_access: seal(OauthAccountRecord::access_place(id), &tokens.access)?,
            sealed_refresh: seal(OauthAccountRecord::refresh_place(id), refresh)?,
            sealed_id_token: id_token
                .map(|token| seal(OauthAccountRecord::id_token_place(id), token))
                .transpose()?,
            expires_at: tokens.expires_at,
        })
    }
}

/// Where an account goes in its channel. One account is one credential: two would use up one quota
/// and be taken for two.
async fn find_place(
    tx: &Tx,
    to: &Destination<'_>,
    account: &str,
    claims: &Claims,
) -> Result<Place, AccountError> {
    let rows = tx.read().list_credentials(Some(to.channel)).await?;
    let mut same = None;
    let mut named = None;
    for row in rows {
        let own = tx.read().find_oauth_account(row.id).await?.map(|own| own.grant.account_id);
        if row.name == to.name {
            named = Some((row, own));
        } else if own.as_deref() == Some(account) {
            same = Some(row);
        }
    }
    match (named, same) {
        (Some((row, Some(own))), _) if own == account => Ok(Place::Account(row)),
        (Some((row, Some(_))), _) => Err(AccountError::OtherAccount { credential: row.name }),
        (Some(_) | None, Some(row)) if !to.name.is_empty() => {
            Err(AccountError::Present { credential: row.name })
        }
        (_, Some(row)) => Ok(Place::Account(row)),
        (Some((row, None)), None) => Ok(Place::Secret(row)),
        (None, None) if !to.name.is_empty() => Ok(Place::New(to.name.to_owned())),
        (None, None) => {
            let name = claims.email.as_deref().unwrap_or(account);
            let name: String = name.chars().filter(|c| !c.is_control()).collect();
            let end = name.floor_char_boundary(LONGEST_NAME);
            Ok(Place::New(name[..end].to_owned()))
        }
    }
}
