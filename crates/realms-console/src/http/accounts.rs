//! Credentials that are accounts at a vendor: logged in to, brought in, renewed, asked for their quota.

use axum::{
    Json,
    extract::{Path, State},
};
use http::{HeaderMap, StatusCode, header};
use realms_relay::{Arrived, Pasted, RefreshOutcome};
use realms_store::{AuditChange, AuditRecord, ChannelRecord};
use realms_types::{CredentialId, Secret};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    account_view::{AccountView, views},
    body::Strict,
    caller::Caller,
    listing::Listing,
    problem::Problems,
};
use crate::{ConsoleError, Refusal, words};

/// A name is shown and logged.
const LONGEST_NAME: usize = 128;

/// Which credential is to become an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LogInRequest {
    /// The channel, of kind `codex`: its name or its id.
    channel: String,
    /// The credential: one that is there is logged in to again. Default: one named after the account.
    #[serde(default)]
    credential: Option<String>,
}

/// A log-in that has begun.
#[derive(Serialize, ToSchema)]
pub(super) struct LogInBegun {
    /// Where to log in, in any browser. It works for 30 minutes and for whoever asked for it.
    url: String,
    /// Whether a browser on the machine of Realms comes back to the console by itself. Any other ends at an address
    /// that does not load, and that is pasted.
    comes_back: bool,
}

/// The end of a log-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LogInFinished {
    /// The whole address that the browser ended at, `http://localhost…`. That page does not load: only
    /// its address matters.
    #[schema(value_type = String, write_only)]
    #[serde(deserialize_with = "super::body::secret")]
    address: Secret<String>,
}

/// Tokens of a log-in made elsewhere, as `auth.json` of the Codex CLI has them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountImport {
    /// The channel, of kind `codex`: its name or its id.
    channel: String,
    /// The credential. Default: one named after the account.
    #[serde(default)]
    credential: Option<String>,
    /// The refresh token. From now on only Realms may use it: it works once.
    #[schema(value_type = String, write_only)]
    #[serde(deserialize_with = "super::body::secret")]
    refresh_token: Secret<String>,
    /// The access token. With one that works the refresh token is not used up to prove itself.
    #[schema(value_type = Option<String>, write_only)]
    #[serde(default, deserialize_with = "super::body::optional_secret")]
    access_token: Option<Secret<String>>,
    /// The ID token: it says whose tokens they are.
    #[schema(value_type = Option<String>, write_only)]
    #[serde(default, deserialize_with = "super::body::optional_secret")]
    id_token: Option<Secret<String>>,
    /// What the vendor calls the account, where no token says so.
    #[serde(default)]
    account_id: Option<String>,
}

/// What became of a refresh.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountRefreshed {
    /// `renewed`: new tokens are in force. `moved_on`: another node renewed them. `busy`: another node
    /// is at it. `held`: new tokens came and cannot be written yet. `put_off`: it did not work and is
    /// tried again. `needs_login`: somebody must log in.
    #[schema(value_type = words::RefreshOutcome)]
    outcome: &'static str,
    /// Why it was put off.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The account as it is now.
    account: AccountView,
}

/// What was heard of a quota.
#[derive(Serialize, ToSchema)]
pub(super) struct QuotaPolled {
    /// Whether the vendor was asked. Not within seconds of the last time.
    asked: bool,
    /// The account as it is now.
    account: AccountView,
}

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list_accounts))
        .routes(routes!(begin_account_log_in))
        .routes(routes!(finish_account_log_in))
        .routes(routes!(import_account))
        .routes(routes!(refresh_account))
        .routes(routes!(poll_account_quota))
}

/// Lists the accounts, with their state and what is used up of them. No token is in the answer.
#[utoipa::path(
    get, path = "/api/admin/accounts", tag = "accounts",
    responses((status = 200, body = Listing<AccountView>), Problems)
)]
pub(super) async fn list_accounts(
    State(console): State<Console>,
) -> Result<Json<Listing<AccountView>>, ConsoleError> {
    Ok(Json(Listing { items: views(&console).await? }))
}

/// Begins a log-in for a new account, or again for one that needs it.
#[utoipa::path(
    post, path = "/api/admin/accounts/log-in", tag = "accounts", request_body = LogInRequest,
    responses((status = 200, body = LogInBegun), Problems)
)]
pub(super) async fn begin_account_log_in(
    State(console): State<Console>,
    caller: Caller,
    headers: HeaderMap,
    Strict(LogInRequest { channel, credential }): Strict<LogInRequest>,
) -> Result<Json<LogInBegun>, ConsoleError> {
    let (actor, name) = (caller.actor(), checked_name(credential)?);
    let channel = console.codex_channel(&channel).await?;
    let entry = console.entry(&actor, "account.log_in_begun", Some(&channel.name));
    let to = (channel.id, name.as_str());
    let url: Url = console.0.relay.accounts.begin_log_in(to, &actor.name, &entry).await?;
    let comes_back = match page_of(&headers) {
        Some(page) => console.0.loopback.awaits(&url, page).await,
        None => false,
    };
    Ok(Json(LogInBegun { url: url.into(), comes_back }))
}

/// Ends a log-in with the address that the browser ended at.
#[utoipa::path(
    post, path = "/api/admin/accounts/log-in/finish", tag = "accounts",
    request_body = LogInFinished,
    responses((status = 201, body = AccountView), Problems)
)]
pub(super) async fn finish_account_log_in(
    State(console): State<Console>,
    caller: Caller,
    Strict(LogInFinished { address }): Strict<LogInFinished>,
) -> Result<(StatusCode, Json<AccountView>), ConsoleError> {
    let actor = caller.actor();
    let entry = with_tokens(console.entry(&actor, "account.log_in", None));
    let finished = console.0.relay.accounts.finish_log_in(address.reveal(), &actor.name, entry);
    let arrived = finished.await?;
    console.arrived(arrived).await
}

/// Brings an account in by its tokens. They are kept once they have shown that they work.
#[utoipa::path(
    post, path = "/api/admin/accounts/import", tag = "accounts", request_body = AccountImport,
    responses((status = 201, body = AccountView), Problems)
)]
pub(super) async fn import_account(
    State(console): State<Console>,
    caller: Caller,
    Strict(import): Strict<AccountImport>,
) -> Result<(StatusCode, Json<AccountView>), ConsoleError> {
    let AccountImport { channel, credential, refresh_token, access_token, id_token, account_id } =
        import;
    let name = checked_name(credential)?;
    let channel = console.codex_channel(&channel).await?;
    let entry = with_tokens(console.entry(&caller.actor(), "account.import", None));
    let pasted = Pasted { refresh: refresh_token, access: access_token, id_token, account_id };
    let arrived = console.0.relay.accounts.import((channel.id, &name), pasted, entry).await?;
    console.arrived(arrived).await
}

/// Renews the tokens of an account now.
#[utoipa::path(
    post, path = "/api/admin/accounts/{id}/refresh", tag = "accounts",
    params(("id" = String, Path, description = "The credential, `cr_…`")),
    responses((status = 200, body = AccountRefreshed), Problems)
)]
pub(super) async fn refresh_account(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<AccountRefreshed>, ConsoleError> {
    let id = credential_id(&id)?;
    let name = console.account(id).await?.into_credential();
    console.note_account(&caller, "account.refresh", &name).await?;
    let outcome = console.0.relay.accounts.refresh_now(id).await?;
    (console.0.reload)().await;
    let (outcome, detail) = match outcome {
        RefreshOutcome::Renewed { .. } => ("renewed", None),
        RefreshOutcome::Busy => ("busy", None),
        RefreshOutcome::MovedOn => ("moved_on", None),
        RefreshOutcome::Held => ("held", None),
        RefreshOutcome::PutOff { error } => ("put_off", Some(error)),
        RefreshOutcome::NeedsLogin(_) => ("needs_login", None),
    };
    Ok(Json(AccountRefreshed { outcome, detail, account: console.account(id).await? }))
}

/// Asks the vendor now what is used up of an account.
#[utoipa::path(
    post, path = "/api/admin/accounts/{id}/quota", tag = "accounts",
    params(("id" = String, Path, description = "The credential, `cr_…`")),
    responses((status = 200, body = QuotaPolled), Problems)
)]
pub(super) async fn poll_account_quota(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<QuotaPolled>, ConsoleError> {
    let id = credential_id(&id)?;
    let name = console.account(id).await?.into_credential();
    console.note_account(&caller, "account.poll_quota", &name).await?;
    let asked = console.0.relay.accounts.poll_quota_now(id).await?;
    Ok(Json(QuotaPolled { asked, account: console.account(id).await? }))
}

/// The console that a browser is at; nothing where the caller is no browser.
fn page_of(headers: &HeaderMap) -> Option<Url> {
    let origin: Url = headers.get(header::ORIGIN)?.to_str().ok()?.parse().ok()?;
    matches!(origin.scheme(), "http" | "https").then_some(origin)
}

fn credential_id(text: &str) -> Result<CredentialId, ConsoleError> {
    text.parse().map_err(|_| ConsoleError::NotFound(format!("account `{text}`")))
}

/// A name for a credential; empty when none is given.
fn checked_name(name: Option<String>) -> Result<String, ConsoleError> {
    let Some(name) = name else { return Ok(String::new()) };
    let sound = !name.trim().is_empty()
        && name.len() <= LONGEST_NAME
        && !name.contains(|c: char| c.is_control());
    if sound {
        return Ok(name);
    }
    let detail = format!("a name has 1 to {LONGEST_NAME} bytes and no control characters");
    Err(Refusal::field("/credential", "malformed", detail).into())
}

/// What the audit log says of tokens.
fn with_tokens(entry: AuditRecord) -> AuditRecord {
    let set = Some("(set)".to_owned());
    let tokens = AuditChange { path: "tokens".to_owned(), before: None, after: set };
    AuditRecord { changes: vec![tokens], ..entry }
}

// === impl Console ===

impl Console {
    async fn codex_channel(&self, name: &str) -> Result<ChannelRecord, ConsoleError> {
        let reader = self.0.editor.store.read();
        let found = match (reader.find_channel_by_name(name).await?, name.parse()) {
            (Some(channel), _) => Some(channel),
            (None, Ok(id)) => reader.find_channel(id).await?,
            (None, Err(_)) => None,
        };
        found.ok_or_else(|| ConsoleError::NotFound(format!("channel `{name}`")))
    }

    async fn account(&self, id: CredentialId) -> Result<AccountView, ConsoleError> {
        let found = views(self).await?.into_iter().find(|view| view.is(id));
        found.ok_or_else(|| ConsoleError::NotFound(format!("account `{id}`")))
    }

    /// What arrived is in force before the answer goes.
    async fn arrived(
        &self,
        arrived: Arrived,
    ) -> Result<(StatusCode, Json<AccountView>), ConsoleError> {
        (self.0.reload)().await;
        Ok((StatusCode::CREATED, Json(self.account(arrived.credential_id).await?)))
    }

    async fn note_account(
        &self,
        caller: &Caller,
        action: &str,
        credential: &str,
    ) -> Result<(), ConsoleError> {
        let entry = self.entry(&caller.actor(), action, None).about("credential", credential);
        self.write(&entry).await
    }
}
