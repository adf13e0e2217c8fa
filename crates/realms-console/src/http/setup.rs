//! The first start: a one-time code makes the first root user.

use std::time::Duration;

use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use realms_seal::{Keyring, random_bytes};
use realms_store::{Role, Store, StoreError};
use realms_types::{Secret, Timestamp, Username};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Console, body::Strict, caller::Visitor, entry::Entry, me::Me, origin::Guest, problem::Problems,
};
use crate::{
    Author, ConsoleError, Edit, Permissions,
    manifest::{Manifest, SecretText, Slot, User},
};

/// A code is good for a week; every start makes a new one.
const LIFE: Duration = Duration::from_hours(24 * 7);
/// Letters and digits that survive being read aloud.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Whoever has the code becomes the first root user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetupRequest {
    /// The one-time code that Realms printed when it started.
    #[schema(example = "k3m9-x7p2-...")]
    code: String,
    /// The user's name.
    #[schema(value_type = String, example = "ana")]
    username: Username,
    /// The user's address.
    #[serde(default)]
    email: Option<String>,
    /// The user's password, 8 to 256 bytes.
    password: String,
}

/// Makes the first root user, and logs them in. The code works once, and only while there is no root
/// user.
#[utoipa::path(
    post, path = "/api/setup", tag = "setup", security(()),
    request_body = SetupRequest,
    responses((status = 201, body = Me), Problems)
)]
pub(super) async fn create_root(
    State(console): State<Console>,
    visitor: Visitor,
    visiting: Guest,
    Strict(request): Strict<SetupRequest>,
) -> Result<impl IntoResponse, ConsoleError> {
    let guess = console.0.setup_guesses.begin(())?;
    let SetupRequest { code, username, email, password } = request;
    let user = User {
        email: email.map(Slot::Full),
        password: Some(SecretText::from(Secret::from(password))),
        role: Some(Role::Root),
        ..User::named(username.clone())
    };
    let edit = Edit::manifest(Manifest { users: vec![user], ..Manifest::empty() });
    let editor = &console.0.editor;
    let (hash, now) = (editor.keyring.keyed_hash(&plain(&code)), editor.clock.now());
    let author = Author {
        actor: visitor.actor(username.as_str()),
        permissions: Permissions::all(),
        username: None,
    };
    let outcome = editor.apply_with_code(edit, &hash, now - LIFE, &author).await;
    // Whoever has the code and mistypes the address is not guessing.
    if !matches!(outcome, Err(ConsoleError::Unauthenticated(_))) {
        guess.was_right();
    }
    outcome?;
    (console.0.reload)().await;
    let user = editor.store.read().find_user_by_name(username.as_str()).await?;
    let user = user.ok_or_else(|| ConsoleError::NotFound(format!("user `{username}`")))?;
    let entry = Entry { proved: true, remember: false };
    let entered = console.enter(&user, entry, &visiting).await?;
    Ok((StatusCode::CREATED, entered.cookie, Json(entered.me)))
}

/// Makes a code and returns it to be shown to whoever started the server; `None` when there is a
/// root user already. Codes made before stop working.
pub async fn offer_setup(
    store: &Store,
    keyring: &Keyring,
    now: Timestamp,
) -> Result<Option<Secret<String>>, StoreError> {
    if store.has_root().await? {
        return Ok(None);
    }
    let code = new_code();
    let put = store.put_setup_code(&keyring.keyed_hash(&plain(code.reveal())), now).await?;
    Ok(put.then_some(code))
}

/// 100 bits as five groups of four: `k3m9-x7p2-0a4q-zz8r-5cde`.
fn new_code() -> Secret<String> {
    let digits = random_bytes::<20>().map(|byte| char::from(DIGITS[usize::from(byte & 31)]));
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    Secret::from(groups.join("-"))
}

/// A code as it is compared: people write it with and without the strokes.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
