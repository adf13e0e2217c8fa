//! The OpenAPI document.

use axum::Json;
use utoipa::{
    OpenApi,
    openapi::{
        extensions::Extensions,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use super::{access::ROUTES, problem::Problem};

/// What the document says besides its routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Realms API",
        description = "The API of the console of a Realms server: what people have of their own, and \
            the configuration, the users and the usage records.\n\n\
            People sign in and send the cookie of their session with their own id as `Realms-User`. \
            Programs send an admin API key as `Authorization: Bearer KEY` or `x-api-key: KEY`: the \
            one of the environment (`REALMS_ADMIN_API_KEY`), which may do everything, or one made \
            under `/api/admin/admin-keys`. `x-needs` says of each operation who may: `anyone`, \
            `user` (who is signed in), `operator` (root and admins, or a key with the scope in \
            brackets), `root` (root, or a key with that scope).\n\n\
            Lists take `q`, `filter`, `sort`, `cursor` and `limit`. An object is read with an `ETag`; \
            a change with `If-Match` is refused when the object is another by now (`changed`).\n\n\
            Errors are problem documents (RFC 9457) with a `code` that never changes its meaning: \
            `malformed`, `unauthenticated`, `wrong_credentials`, `second_factor_needed`, \
            `code_wrong`, `code_expired`, `forbidden`, `reauthentication_needed`, `user_disabled`, \
            `registration_closed`, `not_found`, `feature_off`, `method_not_allowed`, `conflict`, \
            `not_revealable`, `changed`, `too_large`, `invalid`, `defective`, `throttled`, \
            `unavailable`, `internal`.\n\nSecrets are written and never read back, except by \
            `reveal`.",
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
        (name = "my api keys", description = "The API keys of who is signed in."),
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
    for (method, path, need) in ROUTES {
        let Some(item) = document.paths.paths.get_mut(*path) else { continue };
        let operation = match method.as_str() {
            "GET" => &mut item.get,
            "PUT" => &mut item.put,
            "POST" => &mut item.post,
            "PATCH" => &mut item.patch,
            _ => &mut item.delete,
        };
        if let Some(operation) = operation {
            let needs = Extensions::builder().add("x-needs", need.to_string()).build();
            operation.extensions.get_or_insert_default().merge(needs);
        }
    }
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
