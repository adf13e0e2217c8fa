//! Configuration as code over HTTP.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Console,
    api_keys::MadeKey,
    body::{Document, Params},
    caller::Caller,
    problem::Problems,
};
use crate::{Applied, ConsoleError, Edit, Plan, manifest::Manifest};

/// How a manifest is applied.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ApplyParams {
    /// Only tell what would be done.
    #[serde(default)]
    dry_run: bool,
    /// Delete what the manifest does not name, of the kinds it names any of.
    #[serde(default)]
    prune: bool,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ApplyView {
    /// Whether it was only a rehearsal.
    dry_run: bool,
    #[serde(flatten)]
    plan: Plan,
    /// The API keys that were made. They are shown this once.
    generated: Vec<MadeKey>,
}

/// Applies a manifest: everything in one transaction, or nothing.
///
/// Secrets are literal here: `env:NAME` would read the server's environment and is refused.
#[utoipa::path(
    post, path = "/api/admin/apply", tag = "configuration",
    params(ApplyParams),
    request_body(
        content = String, content_type = "application/toml",
        description = "A manifest of at most 4 MiB",
        example = "version = 1\n[[channel]]\nname = \"openai-a\"\nkind = \"openai\"\nmodels = [\"gpt-5.2\"]\n"
    ),
    responses((status = 200, body = ApplyView), Problems)
)]
pub(super) async fn apply_manifest(
    State(console): State<Console>,
    caller: Caller,
    Params(params): Params<ApplyParams>,
    Document(text): Document,
) -> Result<Json<ApplyView>, ConsoleError> {
    let ApplyParams { dry_run, prune } = params;
    let manifest = Manifest::parse(&text)?;
    let applied =
        console.edit(&caller, Edit { prune, dry_run, ..Edit::manifest(manifest) }).await?;
    Ok(Json(applied.into()))
}

/// Writes the configuration as a manifest. The name of an environment variable stands for each
/// secret. A key without `users:read` gets it without users and their API keys.
#[utoipa::path(
    get, path = "/api/admin/export", tag = "configuration",
    responses((status = 200, body = String, content_type = "application/toml"), Problems)
)]
pub(super) async fn export_manifest(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Response, ConsoleError> {
    let mut manifest = Manifest::export(&console.0.editor.state().await?);
    if !caller.reads_users() {
        manifest.users.clear();
        manifest.api_keys.clear();
    }
    let text = manifest.render()?;
    Ok(([(header::CONTENT_TYPE, "application/toml")], text).into_response())
}

// === impl ApplyView ===

impl From<Applied> for ApplyView {
    fn from(Applied { plan, generated, dry_run }: Applied) -> Self {
        Self { dry_run, plan, generated: generated.into_iter().map(MadeKey::from).collect() }
    }
}

// === impl Console ===

impl Console {
    /// Carries an edit out and brings it into force here.
    pub(super) async fn edit(&self, caller: &Caller, edit: Edit) -> Result<Applied, ConsoleError> {
        // Whoever holds the admin key must not be able to read the server's environment with it.
        if edit.manifest.names_a_variable() {
            return Err(ConsoleError::Invalid(vec![
                "`env:NAME` is for the command line: over HTTP a secret is given literally"
                    .to_owned(),
            ]));
        }
        let applied = self.0.editor.apply(edit, &|_| None, &caller.author()).await?;
        if !applied.dry_run && !applied.plan.is_empty() {
            (self.0.reload)().await;
        }
        Ok(applied)
    }
}
