//! Realms as an OAuth 2 provider: apps of others, what users let them do, and the codes and tokens that stand for it.

mod app;
mod grant;
mod token;

pub use app::{AppSecret, OauthAppRecord, OldAppSecret};
pub use grant::{OauthGrantPatch, OauthGrantRecord};
pub use token::{
    BehindToken, CodeTaken, OauthCodeRecord, OauthTokenKind, OauthTokenRecord, RefreshTaken,
};

use realms_types::AppScopes;

use crate::StoreError;

/// The scopes in a column.
fn scopes(table: &'static str, row: &impl ToString, words: &str) -> Result<AppScopes, StoreError> {
    words.parse().map_err(|cause| StoreError::corrupt(table, row, &cause))
}
