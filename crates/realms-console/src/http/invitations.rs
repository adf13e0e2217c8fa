//! Invitations: what a user invites with, what is given for it, and what came of it.

use axum::{Json, extract::State};
use realms_catalog::Feature;
use realms_commerce::Commerce;
use realms_identity::{IdentityError, Invite};
use realms_store::{InvitationRecord, InvitationSums};
use realms_types::{InvitationTerms, Money, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Console, caller::Caller, problem::Problems};
use crate::{Code, ConsoleError, Refusal, words};

/// Who came that are shown one by one.
const LATEST: u64 = 50;

/// What you invite with, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InvitationView {
    /// The code that whoever signs up gives.
    #[schema(example = "7G4KQ2M9XA")]
    code: String,
    /// What is promised for it today.
    terms: InvitationOffer,
    /// How many came by a code of yours.
    invited: u64,
    /// For how many of them what was promised was given.
    rewarded: u64,
    /// What you were given for them in all, in USD as a decimal string.
    #[schema(value_type = String)]
    earned_usd: Money,
    /// Who came last, the newest first; at most 50.
    latest: Vec<InvitedView>,
}

/// What an invitation is worth.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InvitationOffer {
    /// What your balance gains, in USD as a decimal string.
    #[schema(value_type = String, example = "5")]
    inviter_usd: Money,
    /// What the balance of whoever comes gains.
    #[schema(value_type = String, example = "2.5")]
    invitee_usd: Money,
    /// What whoever comes does before anything is given.
    #[schema(value_type = words::InvitationAfter)]
    after: &'static str,
}

/// Somebody who came. Who they are is nobody's business.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InvitedView {
    /// When they signed up.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// When what was promised was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    rewarded_at: Option<Timestamp>,
}

/// What you invite with.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InvitationCode {
    /// The code that whoever signs up gives.
    #[schema(example = "7G4KQ2M9XA")]
    code: String,
}

/// The routes of invitations.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(get_invitation)).routes(routes!(renew_invitation_code))
}

/// Shows what you invite with, what is given for it, and what came of it. The code is made when it is first
/// asked for.
#[utoipa::path(
    get, path = "/api/invitation", tag = "invitations",
    responses((status = 200, body = InvitationView), Problems)
)]
async fn get_invitation(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<InvitationView>, ConsoleError> {
    let (commerce, terms) = console.invites()?;
    let user = caller.user()?.user_id;
    let code = commerce.invitation_code(user).await?;
    let read = console.0.editor.store.read();
    let InvitationSums { invited, rewarded, earned } = read.sum_invitations_of(user).await?;
    let latest = read.list_invitations_of(user, LATEST).await?;
    Ok(Json(InvitationView {
        code,
        terms: InvitationOffer::from(terms),
        invited,
        rewarded,
        earned_usd: earned,
        latest: latest.into_iter().map(InvitedView::from).collect(),
    }))
}

/// Makes another code for you. Nobody comes by the one before any more; who came by it stays yours.
#[utoipa::path(
    post, path = "/api/invitation/code", tag = "invitations",
    responses((status = 200, body = InvitationCode), Problems)
)]
async fn renew_invitation_code(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<InvitationCode>, ConsoleError> {
    let (commerce, _) = console.invites()?;
    let code = commerce.renew_invitation_code(caller.user()?.user_id).await?;
    Ok(Json(InvitationCode { code }))
}

// === impl Console ===

impl Console {
    /// What an invitation is worth here; `None`: there are none.
    pub(super) fn invitation_terms(&self) -> Option<InvitationTerms> {
        let terms = self.0.catalog.load().settings().invitations;
        terms.filter(|_| self.is_on(Feature::Billing))
    }

    /// What somebody who signs up was invited by. Where there are no invitations, nobody knows their code.
    pub(super) fn invite(&self, code: Option<String>) -> Result<Option<Invite>, IdentityError> {
        let Some(code) = code else { return Ok(None) };
        let terms = self.invitation_terms().ok_or(IdentityError::UnknownInvite)?;
        Ok(Some(Invite { code, terms }))
    }

    /// Gives what is promised for somebody who signed up: they see it when they first look. What cannot be given now is
    /// given within a minute.
    pub(super) async fn reward_at_once(&self, invitee: UserId) {
        let Ok(commerce) = self.sells() else { return };
        if let Err(error) = commerce.reward_invitation(invitee).await {
            tracing::warn!(%error, "an invitation is not rewarded yet");
        }
    }

    /// What gives, and what; a refusal where there are no invitations.
    fn invites(&self) -> Result<(&Commerce, InvitationTerms), ConsoleError> {
        let off = || {
            let detail = "there are no invitations here";
            Refusal::new(Code::FeatureOff, detail).with("feature", "invitations")
        };
        let terms = self.invitation_terms().ok_or_else(off)?;
        Ok((self.sells()?, terms))
    }
}

// === impl InvitationOffer ===

impl From<InvitationTerms> for InvitationOffer {
    fn from(terms: InvitationTerms) -> Self {
        Self {
            inviter_usd: terms.inviter_usd,
            invitee_usd: terms.invitee_usd,
            after: terms.after.as_str(),
        }
    }
}

// === impl InvitedView ===

impl From<InvitationRecord> for InvitedView {
    fn from(record: InvitationRecord) -> Self {
        Self { at: record.at, rewarded_at: record.rewarded_at }
    }
}
