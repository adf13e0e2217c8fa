//! The OpenAPI document.

use axum::Json;
use utoipa::{
    IntoResponses as _, OpenApi,
    openapi::{
        OpenApi as Document, PathItem, Ref, RefOr, Schema, Type,
        extensions::Extensions,
        path::Operation,
        schema::{AdditionalProperties, ArrayItems, SchemaType},
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use super::{
    access::ROUTES,
    channel_tests::{TestPhase, TestsDone},
    problem::{Problem, Problems},
    stream::{ConfigNotice, LagNotice},
};

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
            `not_revealable`, `expired`, `changed`, `too_large`, `invalid`, `defective`, `throttled`, \
            `unavailable`, `internal`.\n\nSecrets are written and never read back, except by \
            `reveal`.",
        license(name = "MIT", identifier = "MIT")
    ),
    components(schemas(Problem, TestPhase, TestsDone, ConfigNotice, LagNotice)),
    security(("bearer" = []), ("api_key" = [])),
    tags(
        (name = "channels", description = "Routes to vendors, with their credentials and the models they serve."),
        (name = "batches", description = "Many objects changed at once: shown, done as shown, taken back for a while."),
        (name = "models", description = "What clients name, with its price."),
        (name = "groups", description = "Groups of channels, and groups of users that may use them."),
        (name = "users", description = "Accounts of people."),
        (name = "api keys", description = "Clients' secrets."),
        (name = "my api keys", description = "The API keys of who is signed in."),
        (name = "admin keys", description = "Programs that operate the service, each with its scopes."),
        (name = "audit", description = "Who did what."),
        (name = "settings", description = "Values that can be changed while Realms runs."),
        (name = "configuration", description = "The whole configuration as one document."),
        (name = "balance", description = "What users have, what is held of it, and every movement."),
        (name = "usage", description = "What was called, by whom, with which attempts."),
        (name = "setup", description = "The first start.")
    )
)]
struct Frame;

/// The OpenAPI document of every route.
pub fn openapi() -> Document {
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
    share_problems(&mut document);
    let components = document.components.get_or_insert_default();
    components.schemas.values_mut().for_each(never_null);
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.add_security_scheme("bearer", bearer);
    let header = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("x-api-key")));
    components.add_security_scheme("api_key", header);
    document
}

/// Says once what may go wrong with every operation: written out for each it is nine tenths of the document.
fn share_problems(document: &mut Document) {
    let problems = Problems::responses();
    let name = |status: &str| format!("Problem{status}");
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        for (status, response) in &mut operation.responses.responses {
            if problems.get(status) == Some(response) {
                *response = RefOr::Ref(Ref::from_response_name(name(status)));
            }
        }
    }
    let components = document.components.get_or_insert_default();
    components.responses.extend(problems.into_iter().map(|(status, it)| (name(&status), it)));
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, patch, delete, .. } = item;
    [get, put, post, patch, delete].into_iter().flatten()
}

/// What need not be there is left out and is never null: so the answers are written. (utoipa makes
/// every `Option` a thing that may also be null.)
fn never_null(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            for (name, property) in &mut object.properties {
                if !object.required.contains(name) {
                    not_null(property);
                }
                never_null(property);
            }
            if let Some(AdditionalProperties::RefOr(values)) =
                object.additional_properties.as_deref_mut()
            {
                never_null(values);
            }
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                never_null(items);
            }
        }
        Schema::OneOf(parts) => parts.items.iter_mut().for_each(never_null),
        Schema::AllOf(parts) => parts.items.iter_mut().for_each(never_null),
        Schema::AnyOf(parts) => parts.items.iter_mut().for_each(never_null),
        _ => {}
    }
}

/// The same schema without null.
fn not_null(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => drop_null(&mut object.schema_type),
        RefOr::T(Schema::Array(array)) => drop_null(&mut array.schema_type),
        RefOr::T(Schema::OneOf(parts)) => {
            parts.items.retain(|part| !is_null(part));
            if parts.items.len() == 1
                && let Some(mut only) = parts.items.pop()
            {
                if let (RefOr::Ref(only), Some(about)) = (&mut only, parts.description.take()) {
                    only.description = about;
                }
                *schema = only;
            }
        }
        _ => {}
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    let RefOr::T(Schema::Object(object)) = schema else { return false };
    object.schema_type == SchemaType::Type(Type::Null)
}

fn drop_null(of: &mut SchemaType) {
    if let SchemaType::Array(types) = of {
        types.retain(|one| *one != Type::Null);
        if let [only] = types.as_slice() {
            *of = SchemaType::Type(only.clone());
        }
    }
}

/// This document.
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "setup", security(()),
    responses((status = 200, description = "The OpenAPI document", body = BTreeMap<String, serde_json::Value>))
)]
pub(super) async fn get_openapi() -> Json<Document> {
    Json(openapi())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// A list may hold null where there was nothing; a field is left out instead.
    #[test]
    fn no_field_is_ever_null() {
        fn look(value: &Value) {
            for (field, schema) in value["properties"].as_object().into_iter().flatten() {
                let types = schema["type"].as_array().into_iter().flatten();
                let parts = schema["oneOf"].as_array().into_iter().flatten();
                let mut types = types.chain(parts.map(|part| &part["type"]));
                assert!(types.all(|of| of != "null"), "`{field}` may be null: {value}");
            }
            match value {
                Value::Array(values) => values.iter().for_each(look),
                Value::Object(values) => values.values().for_each(look),
                _ => {}
            }
        }
        look(&serde_json::to_value(openapi()).unwrap()["components"]);
    }

    /// What the document refers to must be in it, and what it offers must be explained.
    #[test]
    fn the_document_is_complete_and_explains_itself() {
        let document = serde_json::to_value(openapi()).unwrap();
        let text = document.to_string();
        for kind in ["schemas", "responses"] {
            let place = format!("#/components/{kind}/");
            let named = text.split(&place).skip(1);
            for name in named.map(|rest| rest.split('"').next().unwrap()) {
                assert!(document["components"][kind].get(name).is_some(), "no {kind} {name}");
            }
        }
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                assert!(operation["summary"].is_string(), "{method} {path} has no summary");
                assert!(operation["operationId"].is_string(), "{method} {path} has no name");
            }
        }
    }
}
