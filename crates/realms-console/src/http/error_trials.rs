//! Tries the rules about errors on an error, without a call.

use axum::{Json, extract::State};
use http::StatusCode;
use realms_dialect::ErrorRules;
use realms_relay::{ErrorSample, RehearsedError, rehearse_error};
use realms_types::{Cause, DialectId, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Console, body::Strict, problem::Problems};
use crate::{ConsoleError, manifest::ErrorRule, words};

/// An error of an upstream.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ErrorTrial {
    /// The dialect of the call.
    #[schema(value_type = words::Dialect)]
    dialect: DialectId,
    /// The status of the upstream's answer, 400 to 599.
    #[schema(minimum = 400, maximum = 599, example = 400)]
    status: u16,
    /// Its body, as text.
    #[serde(default)]
    #[schema(required = false, example = "{\"error\":{\"message\":\"prompt is too long\"}}")]
    body: String,
    /// The channel that it comes from. Default: none that a rule names.
    #[serde(default)]
    channel: Option<String>,
    /// A rule that is not saved, or not saved yet in this form: it is looked at beside the others.
    #[serde(default)]
    rule: Option<ErrorRule>,
}

/// What a call makes of the error when nobody else is left to ask.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErrorTrialResult {
    /// The rule that speaks of it; left out when none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// What the error is taken for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::AttemptCause>)]
    cause: Option<&'static str>,
    /// Whether another channel or credential is asked first. The client then hears this only when none
    /// of them answers.
    retried: bool,
    /// What rests because of it; left out when nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::AttemptScope>)]
    rests: Option<&'static str>,
    /// The status that the client hears.
    status: u16,
    /// The body that the client hears.
    body: String,
}

/// Shows what the rules about errors make of an error. Nobody is called and nothing is saved.
#[utoipa::path(
    post, path = "/api/admin/error-trial", tag = "errors",
    request_body = ErrorTrial,
    responses((status = 200, body = ErrorTrialResult), Problems)
)]
pub(super) async fn try_error(
    State(console): State<Console>,
    Strict(trial): Strict<ErrorTrial>,
) -> Result<Json<ErrorTrialResult>, ConsoleError> {
    let status = StatusCode::from_u16(trial.status).ok();
    let status = status
        .filter(|status| status.is_client_error() || status.is_server_error())
        .ok_or_else(|| ConsoleError::Invalid(vec!["status: 400 to 599".to_owned()]))?;
    let state = console.0.editor.state().await?;
    let saved = state.error_rules.values().map(|held| &held.object);
    let rules = in_order(saved, trial.rule.as_ref());
    let rules = ErrorRules::compile(&rules)
        .map_err(|mistake| ConsoleError::Invalid(vec![mistake.to_string()]))?;
    let sample = ErrorSample {
        status,
        body: trial.body.into(),
        channel: trial.channel.unwrap_or_default(),
        dialect: trial.dialect,
    };
    let now = console.0.editor.clock.now();
    Ok(Json(rehearse_error(&rules, &sample, now).into()))
}

/// The saved rules, and the one that is tried in its place among them, as they are looked at.
fn in_order<'a>(
    saved: impl Iterator<Item = &'a ErrorRule>,
    tried: Option<&'a ErrorRule>,
) -> Vec<realms_types::ErrorRule> {
    let others = saved.filter(|rule| tried.is_none_or(|tried| tried.name != rule.name));
    let mut all: Vec<_> = others.chain(tried).collect();
    all.sort_by(|one, other| {
        let priorities = (other.priority.unwrap_or(0)).cmp(&one.priority.unwrap_or(0));
        priorities.then_with(|| one.name.cmp(&other.name))
    });
    all.into_iter().map(ErrorRule::whole).collect()
}

// === impl ErrorTrialResult ===

impl From<RehearsedError> for ErrorTrialResult {
    fn from(made: RehearsedError) -> Self {
        Self {
            rule: made.rule,
            cause: made.cause.map(Cause::as_str),
            retried: made.retried,
            rests: made.rests.map(Scope::as_str),
            status: made.status.as_u16(),
            body: String::from_utf8_lossy(&made.body).into_owned(),
        }
    }
}
