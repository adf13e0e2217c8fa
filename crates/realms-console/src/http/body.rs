//! Bodies and queries, read strictly: bounded, and what is not known is refused.

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest, FromRequestParts, Query, Request},
};
use http::{HeaderMap, header, request::Parts};
use realms_types::Secret;
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::{ConsoleError, nearest};

/// A JSON body of at most 256 KiB.
#[derive(Debug)]
pub(super) struct Strict<T>(pub(super) T);

/// A JSON body of at most 12 MiB: a whole library of prices as a text within JSON.
#[derive(Debug)]
pub(super) struct Large<T>(pub(super) T);

/// A TOML body of at most 4 MiB, as text.
#[derive(Debug)]
pub(super) struct Document(pub(super) String);

/// A body of at most so many bytes, as it is.
#[derive(Debug)]
pub(super) struct Raw<const MOST: usize>(pub(super) Vec<u8>);

/// The parameters of a query.
#[derive(Debug)]
pub(super) struct Params<T>(pub(super) T);

/// Reads a text straight into a secret.
pub(super) fn secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Secret<String>, D::Error> {
    String::deserialize(deserializer).map(Secret::new)
}

/// Reads a text that may be missing straight into a secret; an empty one is none.
pub(super) fn optional_secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Secret<String>>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()).map(Secret::new))
}

/// A body that says nothing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Empty {}

const MOST_JSON: usize = 256 << 10;
const MOST_LARGE: usize = 12 << 20;
const MOST_TOML: usize = 4 << 20;

// === impl Strict ===

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Strict<T> {
    type Rejection = ConsoleError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ConsoleError> {
        json(request, MOST_JSON).await.map(Self)
    }
}

// === impl Large ===

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Large<T> {
    type Rejection = ConsoleError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ConsoleError> {
        json(request, MOST_LARGE).await.map(Self)
    }
}

async fn json<T: DeserializeOwned>(request: Request, most: usize) -> Result<T, ConsoleError> {
    if !is_json(request.headers()) {
        return Err(ConsoleError::Malformed(
            "the body must be JSON: send `Content-Type: application/json`".to_owned(),
        ));
    }
    let bytes = read(request.into_body(), most).await?;
    serde_json::from_slice(&bytes)
        .map_err(|error| ConsoleError::Malformed(nearest::improve(&error.to_string())))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or_default());
    kind.is_none_or(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    })
}

// === impl Document ===

impl<S: Sync> FromRequest<S> for Document {
    type Rejection = ConsoleError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ConsoleError> {
        let bytes = read(request.into_body(), MOST_TOML).await?;
        let text = String::from_utf8(bytes);
        text.map(Self).map_err(|_| ConsoleError::Malformed("the body is not UTF-8".to_owned()))
    }
}

// === impl Raw ===

impl<const MOST: usize, S: Sync> FromRequest<S> for Raw<MOST> {
    type Rejection = ConsoleError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ConsoleError> {
        read(request.into_body(), MOST).await.map(Self)
    }
}

async fn read(body: Body, most: usize) -> Result<Vec<u8>, ConsoleError> {
    match to_bytes(body, most + 1).await {
        Ok(bytes) if bytes.len() <= most => Ok(bytes.into()),
        // The limit's own error cannot be told from a client that left; to it no answer matters.
        Ok(_) | Err(_) => Err(ConsoleError::TooLarge(most)),
    }
}

// === impl Params ===

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Params<T> {
    type Rejection = ConsoleError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ConsoleError> {
        Query::try_from_uri(&parts.uri).map(|Query(value)| Self(value)).map_err(|rejection| {
            ConsoleError::Malformed(format!("query: {}", nearest::improve(&rejection.body_text())))
        })
    }
}
