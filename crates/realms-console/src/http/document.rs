//! The OpenAPI document.

use axum::Json;
use utoipa::{
    OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

use super::problem::Problem;

/// What the document says besides its routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Realms admin API",
        description = "The configuration of a Realms server: channels, models, groups, users, API \
            keys and settings, one by one or as a whole manifest; and the usage records.\n\n\
            Every path under `/api/admin` needs the admin API key (`REALMS_ADMIN_API_KEY`) as \
            `Authorization: Bearer KEY` or `x-api-key: KEY`.\n\n\
            Errors are problem documents (RFC 9457) with a `code` that never changes its meaning: \
            `malformed`, `unauthenticated`, `forbidden`, `not_found`, `method_not_allowed`, \
            `conflict`, `too_large`, `invalid`, `defective`, `throttled`, `unavailable`, \
            `internal`.\n\nSecrets are written and never read back, except by `reveal`.",
        license(name = "MIT", identifier = "MIT")
    ),
    components(schemas(Problem)),
    security(("bearer" = []), ("api_key" = [])),
    tags(
        (name = "channels", description = "Routes to vendors, with their credentials and the models they serve."),
        (name = "models", description = "What clients name, with its price."),
        (name = "groups", description = "Groups of channels, and groups of users that may use them."),
        (name = "users", description = "Accounts of people."),
        (name = "api keys", description = "Clients' secrets."),
        (name = "admin keys", description = "Programs that operate the service, each with its scopes."),
        (name = "audit", description = "Who did what."),
        (name = "settings", description = "Values that can be changed while Realms runs."),
        (name = "configuration", description = "The whole configuration as one document."),
        (name = "usage", description = "What was called, by whom, with which attempts."),
        (name = "setup", description = "The first start.")
    )
)]
struct Frame;

/// The OpenAPI document of every route.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, mut document) =
        OpenApiRouter::with_openapi(Frame::openapi()).merge(super::routes()).split_for_parts();
    let components = document.components.get_or_insert_default();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.add_security_scheme("bearer", bearer);
    let header = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("x-api-key")));
    components.add_security_scheme("api_key", header);
    document
}

/// This document.
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "setup", security(()),
    responses((status = 200, description = "The OpenAPI document", body = Object))
)]
pub(super) async fn get_openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(openapi())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the document refers to must be in it, and what it offers must be explained.
    #[test]
    fn the_document_is_complete_and_explains_itself() {
        let document = serde_json::to_value(openapi()).unwrap();
        let text = document.to_string();
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(document["components"]["schemas"].get(name).is_some(), "no schema {name}");
        }
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                assert!(operation["summary"].is_string(), "{method} {path} has no summary");
                assert!(operation["operationId"].is_string(), "{method} {path} has no name");
            }
        }
    }
}
