//! A user is sent here by an app, sees what it asks for, and is sent back with a code, or with a reason.

use std::time::Duration;

use realms_seal::random_token;
use realms_store::{
    Actor, ApiKeyRecord, AuditRecord, OauthAppRecord, OauthCodeRecord, OauthGrantPatch,
    OauthGrantRecord, Reader, Tx,
};
use realms_types::{
    ApiKeyId, AppScope, AppScopes, KeyRules, Limits, OauthAppId, OauthGrantId, Ppm, Timestamp,
    UserId,
};
use url::{Url, form_urlencoded};

use super::{CODE, OauthProvider, ProviderError, redirect};
use crate::{MOST_API_KEYS, key_hash, new_api_key};

/// How long a code is good.
const CODE_LIFE: Duration = Duration::from_mins(1);
/// The longest `state` that is carried back.
const LONGEST_STATE: usize = 2_048;
/// Letters of the name of an API key.
const LONGEST_KEY_NAME: usize = 64;

/// What an app asks for: the query it sends a user here with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authorization {
    client_id: String,
    redirect_uri: String,
    response_type: String,
    scope: String,
    state: Option<String>,
    challenge: Option<String>,
    challenge_method: Option<String>,
    prompt: Option<String>,
}

/// What is to be done with somebody whom an app sent here.
#[derive(Debug)]
pub enum Asked {
    /// They are sent back to this address, with the reason in it.
    SentBack(String),
    /// They are asked.
    Consent(Box<Consent>),
}

/// What a user is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Who asks.
    pub app: OauthAppRecord,
    /// Where they will be sent: a host, or the scheme of a program.
    pub redirect_host: String,
    /// What it asks for.
    pub scopes: AppScopes,
    /// Whether they may say that they want to be asked no more.
    pub can_remember: bool,
    /// Whether they said yes to as much before, and wanted to be asked no more.
    pub remembered: bool,
}

/// What a user decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The app is let in.
    Approve {
        /// Whether the user wants to be asked no more for the same.
        remember: bool,
    },
    /// It is not.
    Deny,
}

/// What is sound in what an app asks for.
struct Wanted {
    scopes: AppScopes,
    challenge: Option<String>,
}

/// Why an app is told no, in the words of RFC 6749, 4.1.2.1.
struct No(&'static str, &'static str);

// === impl Authorization ===

impl Authorization {
    /// Reads the query. What is not known is passed over; what stands twice is no request.
    pub fn read(query: &str) -> Result<Self, ProviderError> {
        let mut read = Self::default();
        let mut seen = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.into_owned();
            match &*name {
                "client_id" => read.client_id = value,
                "redirect_uri" => read.redirect_uri = value,
                "response_type" => read.response_type = value,
                "scope" => read.scope = value,
                "state" => read.state = Some(value),
                "code_challenge" => read.challenge = Some(value),
                "code_challenge_method" => read.challenge_method = Some(value),
                "prompt" => read.prompt = Some(value),
                _ => continue,
            }
            if seen.contains(&name) {
                return Err(ProviderError::Twice(name.into_owned()));
            }
            seen.push(name);
        }
        Ok(read)
    }

    fn asks_anew(&self) -> bool {
        self.prompt.as_deref().is_some_and(|prompt| prompt != "none")
    }

    /// What is sound in it, for this app.
    fn wanted(&self, app: &OauthAppRecord) -> Result<Wanted, No> {
        if self.state.as_ref().is_some_and(|state| state.len() > LONGEST_STATE) {
            return Err(No("invalid_request", "state has more than 2048 bytes"));
        }
        if self.response_type != "code" {
            return Err(No("unsupported_response_type", "response_type must be code"));
        }
        let scopes: AppScopes =
            self.scope.parse().map_err(|_| No("invalid_scope", "use profile, email, relay"))?;
        let scopes = if scopes.is_empty() { app.scopes.clone() } else { scopes };
        if !scopes.are_within(&app.scopes) {
            return Err(No("invalid_scope", "this app may not ask for all of these scopes"));
        }
        match (&self.challenge, self.challenge_method.as_deref()) {
            (Some(challenge), Some("S256")) if is_challenge(challenge) => {}
            (Some(_), _) => {
                let why = "code_challenge is 43 characters, with code_challenge_method=S256";
                return Err(No("invalid_request", why));
            }
            (None, Some(_)) => return Err(No("invalid_request", "code_challenge is missing")),
            (None, None) if app.secret.is_none() => {
                let why = "an app without a secret must send code_challenge (PKCE, S256)";
                return Err(No("invalid_request", why));
            }
            (None, None) => {}
        }
        Ok(Wanted { scopes, challenge: self.challenge.clone() })
    }

    /// Where the user goes with this answer.
    fn answer(&self, issuer: &str, answer: &[(&str, &str)]) -> Result<String, ProviderError> {
        let mut url =
            Url::parse(&self.redirect_uri).map_err(|_| ProviderError::RedirectMismatch)?;
        {
            let mut pairs = url.query_pairs_mut();
            pairs.extend_pairs(answer);
            if let Some(state) = self.state.as_ref().filter(|state| state.len() <= LONGEST_STATE) {
                pairs.append_pair("state", state);
            }
            pairs.append_pair("iss", issuer);
        }
        Ok(url.into())
    }

    fn refusal(&self, issuer: &str, No(error, why): No) -> Result<String, ProviderError> {
        self.answer(issuer, &[("error", error), ("error_description", why)])
    }

    fn redirect_host(&self) -> Result<String, ProviderError> {
        let url = Url::parse(&self.redirect_uri).map_err(|_| ProviderError::RedirectMismatch)?;
        Ok(match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => url.scheme().to_owned(),
        })
    }
}

/// SHA-256 in base64url without padding.
fn is_challenge(text: &str) -> bool {
    text.len() == 43
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

// === impl OauthProvider ===

impl OauthProvider {
    /// What is to be done with a user whom an app sent here with this query.
    pub async fn ask(
        &self,
        user: UserId,
        query: &str,
        issuer: &str,
    ) -> Result<Asked, ProviderError> {
        let (asked, app) = self.read(query).await?;
        let wanted = match asked.wanted(&app) {
            Ok(wanted) => wanted,
            Err(no) => return asked.refusal(issuer, no).map(Asked::SentBack),
        };
        let can_remember = redirect::shows_who(&asked.redirect_uri);
        let remembered = can_remember
            && !asked.asks_anew()
            && self.remembers(user, app.id, &wanted.scopes).await?;
        if !remembered && asked.prompt.as_deref() == Some("none") {
            let no = No("consent_required", "the user must be asked");
            return asked.refusal(issuer, no).map(Asked::SentBack);
        }
        let redirect_host = asked.redirect_host()?;
        let scopes = wanted.scopes;
        let consent = Consent { app, redirect_host, scopes, can_remember, remembered };
        Ok(Asked::Consent(Box::new(consent)))
    }

    /// Does what a user decided, and says where they go with it.
    pub async fn decide(
        &self,
        user: UserId,
        query: &str,
        issuer: &str,
        decision: Decision,
        actor: Actor,
    ) -> Result<String, ProviderError> {
        let (asked, app) = self.read(query).await?;
        let wanted = match asked.wanted(&app) {
            Ok(wanted) => wanted,
            Err(no) => return asked.refusal(issuer, no),
        };
        let Decision::Approve { remember } = decision else {
            return asked.refusal(issuer, No("access_denied", "the user said no"));
        };
        let remember = remember && redirect::shows_who(&asked.redirect_uri);
        let now = self.clock.now();
        let code = random_token(CODE);
        let mut tx = self.store.begin().await?;
        let (grant, is_news) =
            self.grant(&mut tx, (user, &app), &wanted.scopes, remember, now).await?;
        let record = OauthCodeRecord {
            hash: self.hash(code.reveal()),
            grant,
            family: self.ids.next::<OauthGrantId>().raw(),
            scopes: wanted.scopes,
            redirect_uri: asked.redirect_uri.clone(),
            challenge: wanted.challenge,
            expires_at: now + CODE_LIFE,
        };
        tx.insert_oauth_code(&record).await?;
        if is_news {
            let entry = AuditRecord::new(self.ids.next(), now, actor, "oauth_grant.create");
            tx.insert_audit(&entry.about("oauth_grant", &app.name)).await?;
        }
        tx.commit().await?;
        asked.answer(issuer, &[("code", code.reveal())])
    }

    /// Ends what a user lets an app do.
    pub async fn end_grant(
        &self,
        user: UserId,
        app: OauthAppId,
        audit: &AuditRecord,
    ) -> Result<(), ProviderError> {
        let unknown = || ProviderError::NotFound(app.to_string());
        let found = self.store.read().find_oauth_grant(app, user).await?;
        let grant = found.ok_or_else(unknown)?;
        let mut tx = self.store.begin().await?;
        if !tx.end_oauth_grant(grant.id, self.clock.now()).await? {
            return Err(unknown());
        }
        tx.insert_audit(audit).await?;
        Ok(tx.commit().await?)
    }

    /// What is asked for, and the app that asks: it is known, let in, and its users go where it said they would.
    async fn read(&self, query: &str) -> Result<(Authorization, OauthAppRecord), ProviderError> {
        let asked = Authorization::read(query)?;
        let id = asked.client_id.parse().map_err(|_| ProviderError::UnknownClient)?;
        let found = self.store.read().find_oauth_app(id).await?.filter(|app| app.enabled);
        let app = found.ok_or(ProviderError::UnknownClient)?;
        let is_its_own = |uri: &String| redirect::matches(uri, &asked.redirect_uri);
        if !app.redirect_uris.iter().any(is_its_own) {
            return Err(ProviderError::RedirectMismatch);
        }
        Ok((asked, app))
    }

    /// Whether a user said yes to as much before and wanted to be asked no more. Who took back the API key of an app
    /// is asked again.
    async fn remembers(
        &self,
        user: UserId,
        app: OauthAppId,
        scopes: &AppScopes,
    ) -> Result<bool, ProviderError> {
        let reader = self.store.read();
        let Some(grant) = reader.find_oauth_grant(app, user).await? else { return Ok(false) };
        Ok(grant.remembered
            && scopes.are_within(&grant.scopes)
            && (!scopes.has(AppScope::Relay) || live_key(reader, &grant).await?.is_some()))
    }

    /// Notes what a user lets an app do, with an API key where it may call. Whether it is more than before goes along.
    async fn grant(
        &self,
        tx: &mut Tx,
        (user, app): (UserId, &OauthAppRecord),
        scopes: &AppScopes,
        remember: bool,
        now: Timestamp,
    ) -> Result<(OauthGrantId, bool), ProviderError> {
        let known = tx.read().find_oauth_grant(app.id, user).await?;
        if let Some(known) = known
            && scopes.are_within(&known.scopes)
            && has_its_key(tx.read(), &known, scopes).await?
        {
            let remembered = remember.then_some(true);
            let patch = OauthGrantPatch { remembered, ..OauthGrantPatch::default() };
            tx.update_oauth_grant(known.id, patch, now).await?;
            return Ok((known.id, false));
        }
        // Whoever else lets more in or makes a key waits from here on: what is read stays so until it is written.
        tx.bump_identity().await?;
        let before = tx.read().find_oauth_grant(app.id, user).await?;
        let live = match &before {
            Some(grant) => live_key(tx.read(), grant).await?,
            None => None,
        };
        if let Some(before) = &before
            && before.api_key.is_some()
            && live.is_none()
        {
            // The key was taken back: a yes to somebody is no yes to those it was taken from.
            tx.end_oauth_tokens(before.id).await?;
        }
        let api_key = match live {
            None if scopes.has(AppScope::Relay) => {
                Some(self.make_key(tx, user, &app.name, now).await?)
            }
            kept => kept,
        };
        let Some(before) = before else {
            let grant = OauthGrantRecord {
                id: self.ids.next(),
                app: app.id,
                user,
                scopes: scopes.clone(),
                remembered: remember,
                api_key,
                created_at: now,
                updated_at: now,
                last_used_at: None,
            };
            tx.insert_oauth_grant(&grant).await?;
            return Ok((grant.id, true));
        };
        let is_news = !scopes.are_within(&before.scopes) || api_key != before.api_key;
        // Who wanted to be asked no more wanted so for what they saw.
        let remembered = remember || (before.remembered && scopes.are_within(&before.scopes));
        let patch = OauthGrantPatch {
            scopes: Some(before.scopes.and(scopes)),
            remembered: Some(remembered),
            api_key: Some(api_key),
        };
        tx.update_oauth_grant(before.id, patch, now).await?;
        Ok((before.id, is_news))
    }

    /// Makes the API key that an app calls as, one of those that the user may have. Nobody ever holds its own secret.
    async fn make_key(
        &self,
        tx: &mut Tx,
        user: UserId,
        app: &str,
        now: Timestamp,
    ) -> Result<ApiKeyId, ProviderError> {
        let keys = tx.read().list_api_keys(Some(user)).await?;
        if keys.len() >= MOST_API_KEYS {
            return Err(ProviderError::TooManyKeys);
        }
        let secret = new_api_key();
        let key = ApiKeyRecord {
            id: self.ids.next(),
            user_id: user,
            hash: key_hash(&self.keyring, secret.reveal()),
            name: free_name(app, |name| keys.iter().any(|key| key.name == name)),
            hint: "app".to_owned(),
            sealed_copy: None,
            enabled: true,
            revoked_at: None,
            last_used_at: None,
            channel_groups: Vec::new(),
            limits: Limits::default(),
            rules: KeyRules::default(),
            multiplier: Ppm::ONE,
            first_used_at: None,
            created_at: now,
            updated_at: now,
        };
        tx.insert_api_key(&key).await?;
        Ok(key.id)
    }
}

/// The API key that an app calls as, unless it was taken back.
async fn live_key(
    reader: Reader<'_>,
    grant: &OauthGrantRecord,
) -> Result<Option<ApiKeyId>, ProviderError> {
    let Some(id) = grant.api_key else { return Ok(None) };
    let found = reader.find_api_key(id).await?;
    Ok(found.filter(|key| key.revoked_at.is_none()).map(|key| key.id))
}

/// Whether an app has the API key that it calls as, where it may call. One that was taken back is none.
async fn has_its_key(
    reader: Reader<'_>,
    grant: &OauthGrantRecord,
    scopes: &AppScopes,
) -> Result<bool, ProviderError> {
    let live = live_key(reader, grant).await?;
    Ok(live == grant.api_key && (live.is_some() || !scopes.has(AppScope::Relay)))
}

/// The name of an app, with the first number that makes it another where the user has an API key of that name. They
/// have fewer keys than there are numbers, so one is found.
fn free_name(app: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let (mut name, mut number) = (app.to_owned(), 1_usize);
    while is_taken(&name) {
        number += 1;
        let end = format!(" {number}");
        let letters = app.chars().take(LONGEST_KEY_NAME - end.len());
        name = letters.chain(end.chars()).collect();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn app(confidential: bool) -> OauthAppRecord {
        let hash =
            || realms_store::AppSecret { hash: String::new(), hint: String::new(), old: None };
        OauthAppRecord {
            id: OauthAppId::new(1),
            name: "App".to_owned(),
            publisher: String::new(),
            homepage: None,
            redirect_uris: vec!["https://app.example/cb?x=1".to_owned()],
            scopes: "profile relay".parse().unwrap(),
            secret: confidential.then(hash),
            access_token_s: 3_600,
            enabled: true,
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::EPOCH,
        }
    }

    fn no(query: &str, confidential: bool) -> Option<&'static str> {
        let asked = Authorization::read(query).unwrap();
        asked.wanted(&app(confidential)).err().map(|No(error, _)| error)
    }

    #[test]
    fn what_is_not_sound_is_told_in_the_words_of_the_rfc() {
        let pkce = format!("code_challenge={CHALLENGE}&code_challenge_method=S256");
        assert_eq!(no(&format!("response_type=code&{pkce}"), false), None);
        assert_eq!(no("response_type=code&scope=relay&later=1", true), None);
        for (query, error) in [
            (format!("response_type=token&{pkce}"), "unsupported_response_type"),
            (pkce.clone(), "unsupported_response_type"),
            ("response_type=code".to_owned(), "invalid_request"),
            (format!("response_type=code&code_challenge={CHALLENGE}"), "invalid_request"),
            (
                format!(
                    "response_type=code&code_challenge={CHALLENGE}&code_challenge_method=plain"
                ),
                "invalid_request",
            ),
            (
                "response_type=code&code_challenge=short&code_challenge_method=S256".to_owned(),
                "invalid_request",
            ),
            (format!("response_type=code&scope=email&{pkce}"), "invalid_scope"),
            (format!("response_type=code&scope=relay%20all&{pkce}"), "invalid_scope"),
            (format!("response_type=code&state={}&{pkce}", "s".repeat(2_049)), "invalid_request"),
        ] {
            assert_eq!(no(&query, false), Some(error), "{query}");
        }
        let twice = Authorization::read("client_id=a&state=1&client_id=b");
        assert!(matches!(twice, Err(ProviderError::Twice(name)) if name == "client_id"));
    }

    #[test]
    fn a_name_is_found_however_many_are_taken() {
        let mut taken: Vec<String> = Vec::new();
        let app = "名".repeat(LONGEST_KEY_NAME);
        for _ in 0..MOST_API_KEYS {
            let name = free_name(&app, |name| taken.iter().any(|one| one == name));
            assert!(name.chars().count() <= LONGEST_KEY_NAME && !taken.contains(&name), "{name}");
            taken.push(name);
        }
        assert_eq!(taken[0], app);
        assert!(taken[MOST_API_KEYS - 1].ends_with("名 100"));
        assert_eq!(free_name("App", |_| false), "App");
    }

    #[test]
    fn the_answer_keeps_what_the_address_had_and_says_who_answers() {
        let query = "redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fx%3D1&state=a%26b";
        let asked = Authorization::read(query).unwrap();
        let answer = asked.answer("https://realms.example", &[("code", "c")]).unwrap();
        let iss = "iss=https%3A%2F%2Frealms.example";
        assert_eq!(answer, format!("https://app.example/cb?x=1&code=c&state=a%26b&{iss}"));
        assert_eq!(asked.redirect_host().unwrap(), "app.example");
        let program = Authorization::read("redirect_uri=com.example.app:/cb").unwrap();
        assert_eq!(program.redirect_host().unwrap(), "com.example.app");
    }
}
