//! Accounts at vendors as they are shown: everything but their tokens.

use std::collections::HashMap;

use realms_store::{Credits, OauthAccountRecord, QuotaReport, QuotaWindow};
use realms_types::{ChannelId, CredentialId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::Console;
use crate::{ConsoleError, words};

/// A credential that is an account at a vendor.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccountView {
    /// The id of the credential.
    #[schema(value_type = String, example = "cr_06a1b2c3d4e5f")]
    id: CredentialId,
    /// The name of the credential.
    credential: String,
    /// The name of its channel.
    channel: String,
    /// The id of its channel.
    #[schema(value_type = String, example = "ch_06a1b2c3d4e5f")]
    channel_id: ChannelId,
    /// Whether the credential takes calls, as long as the account is active.
    enabled: bool,
    /// What the vendor calls the account.
    account_id: String,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// What was bought.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    /// Who it is at the vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    /// Until when it is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    subscription_until: Option<Timestamp>,
    /// Whether it works.
    #[schema(value_type = words::AccountState)]
    state: &'static str,
    /// Why somebody must log in again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::LoginCause>)]
    cause: Option<&'static str>,
    /// Since when it is in that state.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// When its access token is good for nothing.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// When its tokens are renewed next; none when nobody can.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    next_refresh_at: Option<Timestamp>,
    /// When they were renewed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_refreshed_at: Option<Timestamp>,
    /// Why that failed last, if it failed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    /// Since when a refresh token is under way without an answer. Some seconds are usual; minutes mean
    /// that a node was killed, and the next try tells whether the account survived.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    unanswered_since: Option<Timestamp>,
    /// What is used up of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    quota: Option<QuotaView>,
}

/// What is used up of an account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct QuotaView {
    /// When anything was heard last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    seen_at: Option<Timestamp>,
    /// When it was asked for last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    polled_at: Option<Timestamp>,
    /// Why that failed, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// The windows, the short one first.
    windows: Vec<QuotaWindowView>,
    /// Credits beside them.
    #[serde(skip_serializing_if = "Option::is_none")]
    credits: Option<CreditsView>,
}

/// One window of a quota.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct QuotaWindowView {
    /// Which.
    #[schema(value_type = words::QuotaWindowName)]
    name: &'static str,
    /// How long it is; 0 when the vendor did not say.
    window_seconds: u64,
    /// What is used up, in millionths: 420000 is 42 %.
    used_ppm: i64,
    /// When it starts anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    resets_at: Option<Timestamp>,
    /// When the vendor said so.
    #[schema(value_type = String, format = DateTime)]
    seen_at: Timestamp,
}

/// Credits of an account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreditsView {
    /// Whether there are any.
    has_credits: bool,
    /// Whether they never end.
    unlimited: bool,
    /// What is left, in the vendor's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<String>,
}

/// Every account, by channel and name.
pub(super) async fn views(console: &Console) -> Result<Vec<AccountView>, ConsoleError> {
    let reader = console.0.editor.store.read();
    let mut quotas: HashMap<CredentialId, QuotaReport> =
        reader.list_quotas().await?.into_iter().map(|one| (one.credential_id, one)).collect();
    let credentials = reader.list_credentials(None).await?;
    let channels = reader.list_channels().await?;
    let mut views = Vec::new();
    for account in reader.list_oauth_accounts().await? {
        let id = account.credential_id;
        let Some(credential) = credentials.iter().find(|one| one.id == id) else { continue };
        let Some(channel) = channels.iter().find(|one| one.id == credential.channel_id) else {
            continue;
        };
        let name = (channel.name.clone(), credential.name.clone());
        let view = AccountView::new(account, name, quotas.remove(&id));
        views.push(AccountView { channel_id: channel.id, enabled: credential.enabled, ..view });
    }
    views.sort_by(|a, b| (&a.channel, &a.credential).cmp(&(&b.channel, &b.credential)));
    Ok(views)
}

// === impl AccountView ===

impl AccountView {
    /// Whether it is this credential.
    pub(super) fn is(&self, id: CredentialId) -> bool {
        self.id == id
    }

    /// The name of the credential.
    pub(super) fn into_credential(self) -> String {
        self.credential
    }

    fn new(
        account: OauthAccountRecord,
        (channel, credential): (String, String),
        quota: Option<QuotaReport>,
    ) -> Self {
        let (state, grant) = (account.state, account.grant);
        let generation = account.generation;
        let unanswered = account.sent.filter(|(sent, _)| *sent == generation);
        Self {
            id: account.credential_id,
            credential,
            channel,
            channel_id: ChannelId::new(0),
            enabled: false,
            account_id: grant.account_id,
            email: grant.email,
            plan: grant.plan,
            user_id: grant.user_id,
            subscription_until: grant.subscription_until,
            state: state.as_str(),
            cause: state.cause().map(realms_store::LoginCause::as_str),
            since: account.state_since,
            expires_at: grant.tokens.expires_at,
            next_refresh_at: state.cause().is_none().then_some(account.refresh_at),
            last_refreshed_at: account.last_refreshed_at,
            last_error: account.last_error,
            unanswered_since: unanswered.map(|(_, at)| at),
            quota: quota.map(QuotaView::from),
        }
    }
}

// === impl QuotaView ===

impl From<QuotaReport> for QuotaView {
    fn from(report: QuotaReport) -> Self {
        let known = |at: Timestamp| (at > Timestamp::EPOCH).then_some(at);
        Self {
            seen_at: known(report.seen_at),
            polled_at: known(report.polled_at),
            error: report.poll_error,
            windows: report.windows.iter().map(QuotaWindowView::from).collect(),
            credits: report.credits.map(CreditsView::from),
        }
    }
}

impl From<&QuotaWindow> for QuotaWindowView {
    fn from(window: &QuotaWindow) -> Self {
        Self {
            name: window.name.as_str(),
            window_seconds: window.length.as_secs(),
            used_ppm: window.used.parts(),
            resets_at: window.resets_at,
            seen_at: window.seen_at,
        }
    }
}

impl From<Credits> for CreditsView {
    fn from(credits: Credits) -> Self {
        let Credits { has_credits, unlimited, balance } = credits;
        Self { has_credits, unlimited, balance }
    }
}
