//! Errors as problem documents (RFC 9457).

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use realms_identity::IdentityError;
use realms_store::StoreError;
use realms_types::RequestMeta;
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::{ConsoleError, FieldMistake};

/// Why a request was not carried out.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "urn:realms:problem:invalid", "title": "Unprocessable Entity", "status": 422,
    "code": "invalid", "detail": "channel `a`: there is no channel_group `defualt`",
    "mistakes": ["channel `a`: there is no channel_group `defualt`; did you mean `default`?"],
    "request_id": "01890a5d-ac96-774b-bcce-b302099a8057"
}))]
pub(crate) struct Problem {
    /// The kind of problem as a URI: `urn:realms:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The kind of problem in one word. It never changes its meaning.
    code: &'static str,
    /// What is wrong, and what to do.
    detail: String,
    /// Every single mistake, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mistakes: Vec<String>,
    /// Values that belong into the message, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    params: BTreeMap<&'static str, String>,
    /// What is wrong with single fields of the body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<ProblemField>,
    /// Where more is said: a path of the console or an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'static str>,
    /// The id of this request, as in the `X-Request-Id` header and in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// How many seconds to wait.
    #[serde(skip)]
    retry_after: Option<u64>,
}

/// What is wrong with one field of a body.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ProblemField {
    /// The field as a JSON pointer.
    #[schema(example = "/credentials/0/key")]
    pointer: String,
    /// What is wrong in one word.
    code: &'static str,
    /// What is wrong, and what would be right.
    detail: String,
}

/// The problems that any route can end in.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes responses")]
pub(crate) enum Problems {
    /// The request cannot be read: `malformed`.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// Nobody, or somebody unknown, asks: `unauthenticated`, `wrong_credentials`,
    /// `second_factor_needed`, `code_wrong`, `code_expired`.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// It is not for whoever asks: `forbidden`, `reauthentication_needed`, `user_disabled`,
    /// `registration_closed`.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// There is no such object: `not_found`; or what it belongs to is switched off: `feature_off`.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// Something is in the way: `conflict`, `not_revealable`.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// What was looked at was looked at too long ago, or was never there: `expired`.
    #[response(status = 410, content_type = "application/problem+json")]
    Expired(Problem),
    /// The object changed since it was read: `changed`.
    #[response(status = 412, content_type = "application/problem+json")]
    Changed(Problem),
    /// The body is too large: `too_large`.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// It can be read but not done: `invalid`, or `defective` when the catalogue would have defects.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Too many wrong keys: `throttled`.
    #[response(status = 429, content_type = "application/problem+json")]
    Throttled(Problem),
    /// The database is away, or the server is too busy: `unavailable`.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

// === impl Problem ===

impl Problem {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:realms:problem:{code}"),
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            code,
            detail: detail.into(),
            mistakes: Vec::new(),
            params: BTreeMap::new(),
            fields: Vec::new(),
            help: None,
            request_id: None,
            retry_after: None,
        }
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<ConsoleError> for Problem {
    fn from(error: ConsoleError) -> Self {
        let detail = error.to_string();
        let (status, code) = standing(&error);
        let mut problem = Self::new(status, code, detail);
        match error {
            ConsoleError::Invalid(mistakes) => problem.mistakes = mistakes,
            ConsoleError::Throttled(seconds) => problem.retry_after = Some(seconds),
            ConsoleError::Refused(refusal) => {
                problem.params = refusal.params;
                problem.fields = refusal.fields.into_iter().map(ProblemField::from).collect();
                problem.help = refusal.help;
            }
            _ if status.is_server_error() => {
                tracing::error!(error = %problem.detail, "console request failed");
                // What the database says is for the log.
                public_detail(code).clone_into(&mut problem.detail);
            }
            _ => {}
        }
        problem
    }
}

impl From<FieldMistake> for ProblemField {
    fn from(FieldMistake { pointer, code, detail }: FieldMistake) -> Self {
        Self { pointer, code, detail }
    }
}

fn standing(error: &ConsoleError) -> (StatusCode, &'static str) {
    match error {
        ConsoleError::Malformed(_) | ConsoleError::Syntax { .. } => {
            (StatusCode::BAD_REQUEST, "malformed")
        }
        ConsoleError::Refused(refusal) => (refusal.code.status(), refusal.code.as_str()),
        ConsoleError::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, "unauthenticated"),
        ConsoleError::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
        ConsoleError::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
        ConsoleError::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
        ConsoleError::TooLarge(_) | ConsoleError::TooMany(_) => {
            (StatusCode::PAYLOAD_TOO_LARGE, "too_large")
        }
        ConsoleError::Invalid(_)
        | ConsoleError::Store(StoreError::Invalid(_))
        | ConsoleError::Identity(IdentityError::Password(_)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid")
        }
        ConsoleError::Defective(_) => (StatusCode::UNPROCESSABLE_ENTITY, "defective"),
        ConsoleError::Throttled(_) => (StatusCode::TOO_MANY_REQUESTS, "throttled"),
        ConsoleError::Store(error) if error.is_temporary() => {
            (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
        }
        ConsoleError::Identity(IdentityError::Store(error)) if error.is_temporary() => {
            (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
        }
        ConsoleError::Identity(IdentityError::Busy) => {
            (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
        }
        ConsoleError::Store(_)
        | ConsoleError::Seal(_)
        | ConsoleError::Identity(_)
        | ConsoleError::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
    }
}

fn public_detail(code: &str) -> &'static str {
    match code {
        "unavailable" => {
            "the database does not answer, or the server is too busy: try again shortly"
        }
        _ => "something went wrong in Realms: the log has the reason under this request id",
    }
}

impl IntoResponse for ConsoleError {
    /// Leaves the problem for [`render`], which knows the request.
    fn into_response(self) -> Response {
        let problem = Problem::from(self);
        let mut response = problem.status().into_response();
        response.extensions_mut().insert(problem);
        response
    }
}

/// Writes the problem that a handler left, with the id of the request. No answer is ever cached.
pub(super) async fn render(request: Request, next: Next) -> Response {
    let meta = request.extensions().get::<RequestMeta>();
    let request_id = meta.map(|meta| meta.shown.to_string());
    let mut response = next.run(request).await;
    if let Some(mut problem) = response.extensions_mut().remove::<Problem>() {
        problem.request_id = request_id;
        let headers = std::mem::take(response.headers_mut());
        response = written(&problem);
        response
            .headers_mut()
            .extend(headers.into_iter().filter_map(|(name, value)| Some((name?, value))));
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    }
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(no_store);
    let no_sniff = HeaderValue::from_static("nosniff");
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, no_sniff);
    response
}

fn written(problem: &Problem) -> Response<Body> {
    let mut response = (problem.status(), Json(problem)).into_response();
    response.headers_mut().remove(header::CONTENT_LENGTH);
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if problem.status() == StatusCode::UNAUTHORIZED {
        let bearer = HeaderValue::from_static("Bearer realm=\"realms\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
    }
    response
}

/// For every path under `/api` that does not exist.
pub(super) async fn no_such_path() -> ConsoleError {
    ConsoleError::NotFound("path like this; /api/openapi.json lists those there are".to_owned())
}

/// For a path that exists, with another method.
pub(super) async fn no_such_method() -> Response {
    let detail = "this path does not take this method; see /api/openapi.json";
    let status = StatusCode::METHOD_NOT_ALLOWED;
    let mut response = status.into_response();
    response.extensions_mut().insert(Problem::new(status, "method_not_allowed", detail));
    response
}
