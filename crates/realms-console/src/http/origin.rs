//! Where a request comes from, for whoever counts and notes it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::{header, request::Parts};
use realms_identity::{Language, Origin};

use super::caller::Visitor;

/// Somebody who may be nobody yet: where they come from and what they speak.
#[derive(Debug)]
pub(super) struct Guest {
    /// Where they come from.
    pub(super) origin: Origin,
    /// Whether they came by https.
    pub(super) https: bool,
}

// === impl Guest ===

impl<S: Sync> FromRequestParts<S> for Guest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let Visitor { address, user_agent, request_id, https } =
            Visitor::of(&parts.extensions, &parts.headers);
        let language = parts.headers.get(header::ACCEPT_LANGUAGE);
        let language = language.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let language = Language::of(language);
        Ok(Self { origin: Origin { address, user_agent, request_id, language }, https })
    }
}
