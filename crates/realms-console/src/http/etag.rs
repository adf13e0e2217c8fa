//! What an object looked like when it was read, and that it still does when it is changed.

use std::sync::Arc;

use axum::{
    Json,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header, request::Parts};
use realms_seal::Keyring;
use realms_types::Timestamp;
use serde::Serialize;

use super::Console;
use crate::{Code, ConsoleError, Refusal};

/// One object with its tag.
#[derive(Debug)]
pub(super) struct Tagged<T> {
    tag: String,
    view: T,
}

/// What an object must be to be changed.
#[derive(Debug, Clone, Default)]
pub(super) enum IfMatch {
    /// Whatever it is, there or not.
    #[default]
    Any,
    /// As it was read, by its tag.
    Tag(Arc<str>),
    /// Not there: `If-None-Match: *`.
    Absent,
}

// === impl Tagged ===

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.view).into_response();
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

// === impl IfMatch ===

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ConsoleError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ConsoleError> {
        if let Some(value) = parts.headers.get(header::IF_NONE_MATCH) {
            let text = value.to_str().unwrap_or_default().trim();
            return match text {
                "*" => Ok(Self::Absent),
                _ => Err(ConsoleError::Malformed("`If-None-Match` can only be `*`".to_owned())),
            };
        }
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self::Any) };
        let text = value.to_str().map_err(|_| {
            ConsoleError::Malformed("`If-Match` is not the `ETag` of an answer".to_owned())
        })?;
        Ok(Self::Tag(text.trim().into()))
    }
}

impl IfMatch {
    /// Refuses to change an object that is not what it must be.
    pub(super) fn check<T: Serialize>(
        &self,
        keyring: &Keyring,
        view: Option<&T>,
        updated_at: Option<Timestamp>,
    ) -> Result<(), ConsoleError> {
        let wanted = match self {
            Self::Any => return Ok(()),
            Self::Absent if view.is_none() => return Ok(()),
            Self::Absent => {
                return Err(ConsoleError::Conflict("there is one of this name already".to_owned()));
            }
            Self::Tag(wanted) => wanted,
        };
        let current = view.map(|view| tag(keyring, view)).transpose()?;
        let fits = current.as_ref().is_some_and(|current| {
            wanted.split(',').map(str::trim).any(|one| one == "*" || one == current)
        });
        if fits {
            return Ok(());
        }
        let detail = "it changed since you read it: read it again, then decide";
        let refusal = Refusal::new(Code::Changed, detail);
        Err(match updated_at {
            Some(at) => refusal.with("updated_at", at.to_string()).into(),
            None => refusal.into(),
        })
    }
}

// === impl Console ===

impl Console {
    /// An object with its tag.
    pub(super) fn tagged<T: Serialize>(&self, view: T) -> Result<Tagged<T>, ConsoleError> {
        Ok(Tagged { tag: tag(&self.0.editor.keyring, &view)?, view })
    }

    /// What something looks like, as a word that is another when anything of it is.
    pub(super) fn tag_of<T: Serialize>(&self, view: &T) -> Result<String, ConsoleError> {
        tag(&self.0.editor.keyring, view).map(|tag| tag.trim_matches('"').to_owned())
    }

    /// An object with a tag that only a part of it makes.
    pub(super) fn tagged_by<T: Serialize, P: Serialize>(
        &self,
        part: &P,
        view: T,
    ) -> Result<Tagged<T>, ConsoleError> {
        Ok(Tagged { tag: tag(&self.0.editor.keyring, part)?, view })
    }
}

/// Says nothing about the object, and is another when anything of it is.
fn tag<T: Serialize>(keyring: &Keyring, view: &T) -> Result<String, ConsoleError> {
    let text = serde_json::to_string(view)
        .map_err(|error| ConsoleError::Internal(format!("a view has no JSON: {error}")))?;
    let hash = keyring.keyed_hash(&format!("etag:{text}"));
    let (half, _) = hash.split_at(16);
    Ok(format!("\"{:032x}\"", half.iter().fold(0u128, |sum, byte| sum << 8 | u128::from(*byte))))
}
