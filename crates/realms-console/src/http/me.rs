//! Who I am here, and what I set for myself.

use axum::{Json, extract::State};
use http::StatusCode;
use realms_identity::{Profile, SignedIn};
use realms_store::Role;
use realms_types::{Secret, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{
    Console, announcements::MyAnnouncements, body::Strict, caller::Caller, features::Features,
    origin::Guest, problem::Problems,
};
use crate::{ConsoleError, Permission, Permissions, words};

/// The longest preferences, in bytes of JSON.
const LONGEST_PREFERENCES: usize = 16 << 10;

/// Who I am here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Me {
    #[schema(value_type = String, example = "us_06a1b2c3d4e5f")]
    id: UserId,
    /// My log-in name.
    username: String,
    /// My address.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Whether the address was shown to be mine.
    email_verified: bool,
    /// What I may do, in one word.
    #[schema(value_type = words::Role, example = "root")]
    role: Role,
    /// The name of my group.
    user_group: String,
    /// Whether I can log in by password.
    has_password: bool,
    /// Whether I am asked for a second factor.
    totp: bool,
    /// How many passkeys I have.
    passkeys: usize,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When this session ends if it is not used.
    #[schema(value_type = String, format = DateTime)]
    session_expires_at: Timestamp,
    /// What I may do, one by one.
    permissions: Vec<Permission>,
    /// What the web app keeps for me.
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    preferences: Box<RawValue>,
    /// What is switched on here.
    features: Features,
    /// What of the announcements I have not read; left out where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    announcements: Option<MyAnnouncements>,
}

/// A proof of who I am.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reauthentication {
    /// My password.
    #[serde(default)]
    password: Option<String>,
    /// A code of my authenticator.
    #[serde(default)]
    totp: Option<String>,
}

/// Shows who I am.
#[utoipa::path(
    get, path = "/api/me", tag = "me",
    responses((status = 200, body = Me), Problems)
)]
pub(super) async fn get_me(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<Me>, ConsoleError> {
    console.me(caller.user()?).await.map(Json)
}

/// Replaces what the web app keeps for me: any JSON object of up to 16 kB.
#[utoipa::path(
    put, path = "/api/me/preferences", tag = "me",
    request_body = BTreeMap<String, serde_json::Value>,
    responses((status = 204, description = "They are kept"), Problems)
)]
pub(super) async fn put_preferences(
    State(console): State<Console>,
    caller: Caller,
    Strict(preferences): Strict<Box<RawValue>>,
) -> Result<StatusCode, ConsoleError> {
    let json = preferences.get();
    if json.len() > LONGEST_PREFERENCES {
        return Err(ConsoleError::TooLarge(LONGEST_PREFERENCES));
    }
    if !json.starts_with('{') {
        return Err(ConsoleError::Malformed("preferences are a JSON object".to_owned()));
    }
    console.accounts().put_preferences(caller.user()?.user_id, json).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows again who I am, for what needs a fresh proof. It is good for ten minutes.
#[utoipa::path(
    post, path = "/api/me/reauthenticate", tag = "me",
    request_body = Reauthentication,
    responses((status = 204, description = "It is believed"), Problems)
)]
pub(super) async fn reauthenticate(
    State(console): State<Console>,
    caller: Caller,
    guest: Guest,
    Strict(Reauthentication { password, totp }): Strict<Reauthentication>,
) -> Result<StatusCode, ConsoleError> {
    let me = caller.user()?;
    let proof = (password.map(Secret::from), totp);
    console.accounts().reauthenticate((me.user_id, me.session_id), proof, &guest.origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

// === impl Console ===

impl Console {
    /// What the user of a session sees of themselves.
    pub(super) async fn me(&self, session: &SignedIn) -> Result<Me, ConsoleError> {
        let profile = self.accounts().profile(session.user_id).await?;
        let Profile { user, group, email_verified, totp, passkeys, preferences } = profile;
        let preferences = RawValue::from_string(preferences)
            .map_err(|error| ConsoleError::Internal(format!("preferences: {error}")))?;
        let announcements = self.announcements_of(&user).await?;
        Ok(Me {
            announcements,
            id: user.id,
            username: user.username,
            email: user.email,
            email_verified,
            role: user.role,
            user_group: group,
            has_password: user.password_hash.is_some(),
            totp,
            passkeys,
            created_at: user.created_at,
            session_expires_at: session.expires_at,
            permissions: Permissions::of_role(user.role).iter().collect(),
            preferences,
            features: self.features(),
        })
    }
}
