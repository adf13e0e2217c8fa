//! What apps exchange: a code for tokens, a refresh token for others, an access token for who the user is.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use realms_seal::{Secret, random_token, same};
use realms_store::{
    CodeTaken, OauthAppRecord, OauthCodeRecord, OauthGrantRecord, OauthTokenKind, OauthTokenRecord,
    RefreshTaken, StoreError, Tx,
};
use realms_types::{AppScope, AppScopes, OauthGrantId, Timestamp, UserId};

use super::{ACCESS_TOKEN, OauthProvider, REFRESH_TOKEN};

/// How long a refresh token waits to be used.
const REFRESH_LIFE: Duration = Duration::from_hours(24 * 90);
/// What a verifier may be long (RFC 7636, 4.1).
const VERIFIER: std::ops::RangeInclusive<usize> = 43..=128;

/// How an app shows which one it is.
#[derive(Debug)]
pub struct ClientAuth {
    /// Which it says it is.
    pub client_id: String,
    /// What shows it; an app without a secret sends none.
    pub secret: Option<Secret<String>>,
}

/// What an app gives for tokens.
#[derive(Debug)]
pub enum TokenGrant {
    /// A code that a user was sent back with.
    Code {
        /// The code.
        code: Secret<String>,
        /// Where they were sent, as it was asked for.
        redirect_uri: String,
        /// What the challenge was made of.
        verifier: Option<Secret<String>>,
    },
    /// A refresh token.
    Refresh {
        /// The token.
        token: Secret<String>,
        /// Less than it is good for, if less is enough.
        scope: String,
    },
}

/// What an app gets.
#[derive(Debug)]
pub struct TokenPair {
    /// To call with.
    pub access: Secret<String>,
    /// For how many seconds.
    pub expires_in: u32,
    /// To get another by, once.
    pub refresh: Secret<String>,
    /// What the access token is good for.
    pub scopes: AppScopes,
}

/// Who a user is, as far as an app may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserInfo {
    /// Their id.
    pub user: UserId,
    /// Their log-in name.
    pub username: Option<String>,
    /// Their address. It was proved to be theirs where the site asks for that.
    pub email: Option<String>,
}

/// Why an app gets nothing.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// No app is known by this, or it is switched off.
    #[error("no app is known here by this client_id and secret")]
    Client,
    /// A code or a refresh token that is not good.
    #[error("{0}")]
    Grant(&'static str),
    /// More is asked for than there was.
    #[error("the refresh token is not good for these scopes")]
    Scope,
    /// An access token that is none, or whose time is over.
    #[error("the access token is not known here, or has expired")]
    Token,
    /// An access token that is good for something else.
    #[error("the access token has neither the scope `profile` nor `email`")]
    InsufficientScope,
    /// The database did not say.
    #[error(transparent)]
    Store(#[from] StoreError),
}

// === impl OauthProvider ===

impl OauthProvider {
    /// Gives an app tokens for what it brings. What it brings is used up, whatever comes of it.
    pub async fn exchange(
        &self,
        client: &ClientAuth,
        grant: &TokenGrant,
    ) -> Result<TokenPair, TokenError> {
        let app = self.client(client).await?;
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let given = match grant {
            TokenGrant::Code { code, redirect_uri, verifier } => {
                let verifier = verifier.as_ref().map(|verifier| verifier.reveal().as_str());
                self.by_code(&mut tx, &app, code, (redirect_uri, verifier), now).await
            }
            TokenGrant::Refresh { token, scope } => {
                self.by_refresh(&mut tx, &app, token, scope, now).await
            }
        };
        match &given {
            Err(TokenError::Store(_)) => {}
            _ => tx.commit().await?,
        }
        given.map_err(TokenError::ended_meanwhile)
    }

    /// Ends a token of an app with all that came of the same code. One that is not known is over already.
    pub async fn revoke(&self, client: &ClientAuth, token: &str) -> Result<(), TokenError> {
        let app = self.client(client).await?;
        let found = self.store.read().find_oauth_family(&self.hash(token), app.id).await?;
        let Some(family) = found else { return Ok(()) };
        let mut tx = self.store.begin().await?;
        tx.end_oauth_family(family).await?;
        Ok(tx.commit().await?)
    }

    /// Who the user behind an access token is, as far as the app may know.
    pub async fn user_info(&self, token: &str) -> Result<UserInfo, TokenError> {
        let found = self.store.find_behind_token(&self.hash(token)).await?;
        let now = self.clock.now();
        let behind = found.filter(|behind| behind.app_enabled && behind.expires_at > now);
        let behind = behind.ok_or(TokenError::Token)?;
        let user = self.store.read().find_user(behind.user).await?.filter(|user| user.enabled);
        let user = user.ok_or(TokenError::Token)?;
        let (profile, email) =
            (behind.scopes.has(AppScope::Profile), behind.scopes.has(AppScope::Email));
        if !profile && !email {
            return Err(TokenError::InsufficientScope);
        }
        Ok(UserInfo {
            user: user.id,
            username: profile.then_some(user.username),
            email: user.email.filter(|_| email),
        })
    }

    /// The app that shows itself, if it is let in.
    async fn client(&self, client: &ClientAuth) -> Result<OauthAppRecord, TokenError> {
        let id = client.client_id.parse().map_err(|_| TokenError::Client)?;
        let found = self.store.read().find_oauth_app(id).await?.filter(|app| app.enabled);
        let app = found.ok_or(TokenError::Client)?;
        let is_it = match (&app.secret, &client.secret) {
            (Some(known), Some(given)) => self.knows(known, given.reveal()),
            (None, None) => true,
            _ => false,
        };
        if is_it { Ok(app) } else { Err(TokenError::Client) }
    }

    async fn by_code(
        &self,
        tx: &mut Tx,
        app: &OauthAppRecord,
        code: &Secret<String>,
        proof: (&str, Option<&str>),
        now: Timestamp,
    ) -> Result<TokenPair, TokenError> {
        let code = match tx.take_oauth_code(self.hash(code.reveal()), now).await? {
            CodeTaken::Now(code) => code,
            CodeTaken::Before => {
                return Err(TokenError::Grant(
                    "the code was used before: all that came of it ended",
                ));
            }
            CodeTaken::Unknown => return Err(TokenError::Grant("there is no such code")),
        };
        if code.expires_at <= now {
            return Err(TokenError::Grant("the code has expired: it is good for a minute"));
        }
        let grant = self.live_grant(tx, app, code.grant).await?;
        check_proof(&code, proof)?;
        self.issue(tx, app, (&grant, code.family), (&code.scopes, &code.scopes), now).await
    }

    async fn by_refresh(
        &self,
        tx: &mut Tx,
        app: &OauthAppRecord,
        token: &Secret<String>,
        scope: &str,
        now: Timestamp,
    ) -> Result<TokenPair, TokenError> {
        let asked: AppScopes = scope.parse().map_err(|_| TokenError::Scope)?;
        let token = match tx.take_refresh_token(self.hash(token.reveal()), now).await? {
            RefreshTaken::Now(token) => token,
            RefreshTaken::Before => {
                let why = "the refresh token was used before: all that came of it ended";
                return Err(TokenError::Grant(why));
            }
            RefreshTaken::Unknown => {
                return Err(TokenError::Grant("there is no such refresh token"));
            }
        };
        if token.expires_at <= now {
            return Err(TokenError::Grant("the refresh token has expired"));
        }
        let grant = self.live_grant(tx, app, token.grant).await?;
        let wanted = if asked.is_empty() { token.scopes.clone() } else { asked };
        if !wanted.are_within(&token.scopes) {
            return Err(TokenError::Scope);
        }
        self.issue(tx, app, (&grant, token.family), (&wanted, &token.scopes), now).await
    }

    /// The grant behind a code or a token: it must be one of this app, of a user who is let in.
    async fn live_grant(
        &self,
        tx: &Tx,
        app: &OauthAppRecord,
        id: OauthGrantId,
    ) -> Result<OauthGrantRecord, TokenError> {
        let reader = tx.read();
        let found = reader.find_oauth_grant_by_id(id).await?.filter(|grant| grant.app == app.id);
        let grant = found.ok_or(TokenError::Grant("it was given to another app, or taken back"))?;
        let user = reader.find_user(grant.user).await?;
        if user.is_some_and(|user| user.enabled) {
            Ok(grant)
        } else {
            Err(TokenError::Grant("the user is switched off"))
        }
    }

    /// Makes tokens: the access token for what was asked, the refresh token for all there was.
    async fn issue(
        &self,
        tx: &mut Tx,
        app: &OauthAppRecord,
        (grant, family): (&OauthGrantRecord, i64),
        (access_scopes, scopes): (&AppScopes, &AppScopes),
        now: Timestamp,
    ) -> Result<TokenPair, TokenError> {
        let (access, refresh) = (random_token(ACCESS_TOKEN), random_token(REFRESH_TOKEN));
        let life = Duration::from_secs(app.access_token_s.into());
        let kinds = [
            (&access, OauthTokenKind::Access, access_scopes, now + life),
            (&refresh, OauthTokenKind::Refresh, scopes, now + REFRESH_LIFE),
        ];
        for (token, kind, scopes, expires_at) in kinds {
            let record = OauthTokenRecord {
                hash: self.hash(token.reveal()),
                grant: grant.id,
                family,
                kind,
                scopes: scopes.clone(),
                created_at: now,
                expires_at,
            };
            tx.insert_oauth_token(&record).await?;
        }
        tx.touch_oauth_grant(grant.id, now).await?;
        tx.trim_oauth_families(grant.id).await?;
        let scopes = access_scopes.clone();
        Ok(TokenPair { access, expires_in: app.access_token_s, refresh, scopes })
    }
}

// === impl TokenError ===

impl TokenError {
    /// A grant that was taken back, and a family that was ended, at the moment at which something was to come of them
    /// are refused by the database.
    fn ended_meanwhile(self) -> Self {
        match self {
            Self::Store(StoreError::InUse { .. } | StoreError::Conflict { .. }) => {
                Self::Grant("what it stood for was ended at the same moment")
            }
            other => other,
        }
    }
}

/// Whether who brings a code is who asked for it.
fn check_proof(
    code: &OauthCodeRecord,
    (redirect_uri, verifier): (&str, Option<&str>),
) -> Result<(), TokenError> {
    if code.redirect_uri != redirect_uri {
        return Err(TokenError::Grant("redirect_uri is not the one that the code was asked with"));
    }
    let is_proved = match (&code.challenge, verifier) {
        (Some(challenge), Some(verifier)) => {
            let hashed = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
            VERIFIER.contains(&verifier.len()) && same(hashed.as_bytes(), challenge.as_bytes())
        }
        (None, None) => true,
        _ => false,
    };
    let why = "code_verifier does not fit the code_challenge that the code was asked with";
    if is_proved { Ok(()) } else { Err(TokenError::Grant(why)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ended_at_the_same_moment_is_no_fault_of_ours() {
        let what = || "an OAuth token".to_owned();
        for refused in [StoreError::InUse { what: what() }, StoreError::Conflict { what: what() }] {
            let told = TokenError::from(refused).ended_meanwhile();
            assert!(matches!(told, TokenError::Grant(_)), "{told:?}");
        }
        let away = TokenError::from(StoreError::Unavailable("away".to_owned())).ended_meanwhile();
        assert!(matches!(away, TokenError::Store(_)), "{away:?}");
    }

    #[test]
    fn a_code_is_for_who_asked_for_it() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let code = |challenge: Option<&str>| OauthCodeRecord {
            hash: [0; 32],
            grant: OauthGrantId::new(1),
            family: 1,
            scopes: AppScopes::default(),
            redirect_uri: "https://app.example/cb".to_owned(),
            challenge: challenge.map(str::to_owned),
            expires_at: Timestamp::EPOCH,
        };
        let fits =
            |code: &OauthCodeRecord, uri, verifier| check_proof(code, (uri, verifier)).is_ok();
        let uri = "https://app.example/cb";
        assert!(fits(&code(Some(challenge)), uri, Some(verifier)));
        assert!(fits(&code(None), uri, None));
        assert!(!fits(&code(Some(challenge)), "https://app.example/cb/", Some(verifier)));
        assert!(!fits(&code(Some(challenge)), uri, None));
        assert!(!fits(&code(Some(challenge)), uri, Some("dBjftJeZ4CVP")));
        assert!(!fits(&code(None), uri, Some(verifier)), "no challenge was sent");
    }
}
