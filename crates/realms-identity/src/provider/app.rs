//! The apps, as those who run the site keep them.

use std::time::Duration;

use realms_seal::{Secret, random_token, same};
use realms_store::{AppSecret, AuditRecord, OauthAppRecord, OldAppSecret, Tx};
use realms_types::{AppScopes, OauthAppId, Timestamp};
use url::Url;

use super::{CLIENT_SECRET, OauthProvider, ProviderError, redirect};
use crate::{code::hex, hint_of};

/// Apps there may be.
const MOST: u64 = 200;
/// Letters of a name.
const LONGEST_NAME: usize = 64;
/// Characters of an address.
const LONGEST_ADDRESS: usize = 500;
/// Addresses of one app.
const MOST_ADDRESSES: usize = 10;
/// The longest that a replaced secret stays good.
const LONGEST_OVERLAP: Duration = Duration::from_hours(24 * 7);
/// How long access tokens may be good, in seconds.
const TOKEN_SECONDS: std::ops::RangeInclusive<u32> = 300..=31_536_000;

/// An app as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppDraft {
    /// Unique name, shown to users.
    pub name: String,
    /// Who is behind it; may be empty.
    pub publisher: String,
    /// Where more is said about it.
    pub homepage: Option<String>,
    /// Where users may be sent back to.
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scopes: AppScopes,
    /// Whether it can keep a secret. It stays so.
    pub confidential: bool,
    /// How long its access tokens are good, in seconds.
    pub access_token_s: u32,
    /// Whether it is let in.
    pub enabled: bool,
}

/// Why an app cannot be so: the field as a JSON pointer, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {detail}")]
pub struct AppMistake {
    /// The field.
    pub pointer: String,
    /// What would be right.
    pub detail: String,
}

/// An app with a secret that is told this once.
#[derive(Debug)]
pub struct MadeApp {
    /// The app.
    pub app: OauthAppRecord,
    /// Its secret, where it can keep one.
    pub secret: Option<Secret<String>>,
}

// === impl AppDraft ===

impl AppDraft {
    fn check(&self) -> Result<(), AppMistake> {
        let is_line = |text: &str| text.trim() == text && !text.chars().any(char::is_control);
        let letters = |text: &str| text.chars().count();
        if self.name.is_empty() || letters(&self.name) > LONGEST_NAME || !is_line(&self.name) {
            return Err(mistake("/name", "1 to 64 letters in one line"));
        }
        if letters(&self.publisher) > LONGEST_NAME || !is_line(&self.publisher) {
            return Err(mistake("/publisher", "at most 64 letters in one line"));
        }
        if self.homepage.as_deref().is_some_and(|address| !is_homepage(address)) {
            return Err(mistake("/homepage", "an address that begins with https://"));
        }
        if !(1..=MOST_ADDRESSES).contains(&self.redirect_uris.len()) {
            return Err(mistake("/redirect_uris", "1 to 10 addresses"));
        }
        for (at, uri) in self.redirect_uris.iter().enumerate() {
            if let Some(detail) = redirect::mistake_in(uri) {
                return Err(mistake(format!("/redirect_uris/{at}"), detail));
            }
            if self.redirect_uris[..at].contains(uri) {
                return Err(mistake(format!("/redirect_uris/{at}"), "each address once"));
            }
        }
        if self.scopes.is_empty() {
            return Err(mistake("/scopes", "at least one of `profile`, `email`, `relay`"));
        }
        if !TOKEN_SECONDS.contains(&self.access_token_s) {
            return Err(mistake("/access_token_s", "5 minutes to a year: 300 to 31536000"));
        }
        Ok(())
    }

    fn into_record(
        self,
        id: OauthAppId,
        secret: Option<AppSecret>,
        (created_at, updated_at): (Timestamp, Timestamp),
    ) -> OauthAppRecord {
        OauthAppRecord {
            id,
            name: self.name,
            publisher: self.publisher,
            homepage: self.homepage,
            redirect_uris: self.redirect_uris,
            scopes: self.scopes,
            secret,
            access_token_s: self.access_token_s,
            enabled: self.enabled,
            created_at,
            updated_at,
        }
    }
}

fn mistake(pointer: impl Into<String>, detail: &str) -> AppMistake {
    AppMistake { pointer: pointer.into(), detail: detail.to_owned() }
}

fn is_homepage(address: &str) -> bool {
    address.len() <= LONGEST_ADDRESS
        && address.bytes().all(|byte| byte.is_ascii_graphic())
        && Url::parse(address).is_ok_and(|url| url.scheme() == "https")
}

// === impl OauthProvider ===

impl OauthProvider {
    /// Makes an app. Its id is known before, for the entry in the audit log.
    pub async fn add(
        &self,
        id: OauthAppId,
        draft: AppDraft,
        audit: &AuditRecord,
    ) -> Result<MadeApp, ProviderError> {
        draft.check()?;
        if self.store.read().count_oauth_apps().await? >= MOST {
            return Err(ProviderError::Full);
        }
        let now = self.clock.now();
        let secret = draft.confidential.then(|| random_token(CLIENT_SECRET));
        let kept = secret.as_ref().map(|secret| self.kept(secret, None));
        let app = draft.into_record(id, kept, (now, now));
        let mut tx = self.store.begin().await?;
        tx.insert_oauth_app(&app).await?;
        tx.insert_audit(audit).await?;
        tx.commit().await?;
        Ok(MadeApp { app, secret })
    }

    /// Changes an app: all of it but its secret. What users let it do before stays.
    pub async fn change(
        &self,
        before: &OauthAppRecord,
        draft: AppDraft,
        audit: &AuditRecord,
    ) -> Result<OauthAppRecord, ProviderError> {
        draft.check()?;
        if draft.confidential != before.secret.is_some() {
            let detail = "it stays as it was: make another app";
            return Err(mistake("/confidential", detail).into());
        }
        let times = (before.created_at, self.clock.now());
        let (mut tx, before) = self.lock(before.id).await?;
        let app = draft.into_record(before.id, before.secret, times);
        write(&mut tx, &app, audit).await?;
        tx.commit().await?;
        Ok(app)
    }

    /// Gives an app another secret. The one before stays good for a while, at most 7 days.
    pub async fn rotate(
        &self,
        app: OauthAppId,
        overlap: Duration,
        audit: &AuditRecord,
    ) -> Result<MadeApp, ProviderError> {
        let (mut tx, before) = self.lock(app).await?;
        let Some(old) = before.secret.clone() else { return Err(ProviderError::NoSecret) };
        if overlap > LONGEST_OVERLAP {
            return Err(mistake("/keep_old_s", "at most 7 days: 604800").into());
        }
        let now = self.clock.now();
        let old =
            (!overlap.is_zero()).then(|| OldAppSecret { hash: old.hash, until: now + overlap });
        let secret = random_token(CLIENT_SECRET);
        let kept = Some(self.kept(&secret, old));
        let app = OauthAppRecord { secret: kept, updated_at: now, ..before };
        write(&mut tx, &app, audit).await?;
        tx.commit().await?;
        Ok(MadeApp { app, secret: Some(secret) })
    }

    /// Deletes an app: no token of it is good any more.
    pub async fn remove(&self, id: OauthAppId, audit: &AuditRecord) -> Result<(), ProviderError> {
        let mut tx = self.store.begin().await?;
        tx.delete_oauth_app(id, self.clock.now()).await?;
        tx.insert_audit(audit).await?;
        Ok(tx.commit().await?)
    }

    /// Ends what every user lets an app do, and says of how many.
    pub async fn end_grants(
        &self,
        id: OauthAppId,
        audit: &AuditRecord,
    ) -> Result<u64, ProviderError> {
        let mut tx = self.store.begin().await?;
        let ended = tx.end_oauth_grants(id, self.clock.now()).await?;
        tx.insert_audit(audit).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Whether a secret is that of an app, or the one before while it is good.
    pub(super) fn knows(&self, app: &AppSecret, given: &str) -> bool {
        let given = hex(&self.hash(given));
        let is = |hash: &str| same(hash.as_bytes(), given.as_bytes());
        let old = app.old.as_ref().filter(|old| old.until > self.clock.now());
        is(&app.hash) || old.is_some_and(|old| is(&old.hash))
    }

    fn kept(&self, secret: &Secret<String>, old: Option<OldAppSecret>) -> AppSecret {
        let secret = secret.reveal();
        AppSecret { hash: hex(&self.hash(secret)), hint: hint_of(secret), old }
    }

    /// An app as it is now, and the transaction in which it stays so.
    async fn lock(&self, id: OauthAppId) -> Result<(Tx, OauthAppRecord), ProviderError> {
        let mut tx = self.store.begin().await?;
        let found = tx.lock_oauth_app(id).await?;
        Ok((tx, found.ok_or_else(|| ProviderError::NotFound(id.to_string()))?))
    }
}

async fn write(
    tx: &mut Tx,
    app: &OauthAppRecord,
    audit: &AuditRecord,
) -> Result<(), ProviderError> {
    tx.update_oauth_app(app).await?;
    Ok(tx.insert_audit(audit).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> AppDraft {
        AppDraft {
            name: "纸鹤".to_owned(),
            publisher: String::new(),
            homepage: Some("https://app.example/".to_owned()),
            redirect_uris: vec!["https://app.example/cb".to_owned()],
            scopes: "profile relay".parse().unwrap(),
            confidential: true,
            access_token_s: 3_600,
            enabled: true,
        }
    }

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        assert_eq!(draft().check(), Ok(()));
        let uri = "https://app.example/cb".to_owned();
        for (draft, pointer) in [
            (AppDraft { name: String::new(), ..draft() }, "/name"),
            (AppDraft { name: "a\nb".to_owned(), ..draft() }, "/name"),
            (AppDraft { name: "名".repeat(65), ..draft() }, "/name"),
            (AppDraft { publisher: " x".to_owned(), ..draft() }, "/publisher"),
            (AppDraft { homepage: Some("http://app.example".to_owned()), ..draft() }, "/homepage"),
            (AppDraft { homepage: Some("javascript:x".to_owned()), ..draft() }, "/homepage"),
            (AppDraft { redirect_uris: Vec::new(), ..draft() }, "/redirect_uris"),
            (AppDraft { redirect_uris: vec![uri.clone(), uri], ..draft() }, "/redirect_uris/1"),
            (AppDraft { scopes: AppScopes::default(), ..draft() }, "/scopes"),
            (AppDraft { access_token_s: 299, ..draft() }, "/access_token_s"),
        ] {
            assert_eq!(draft.check().unwrap_err().pointer, pointer);
        }
    }
}
