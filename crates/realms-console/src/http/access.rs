//! Who may use which route: one table, and the guard that holds to it.

use std::{fmt, time::Duration};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, Method, header, request::Parts};
use realms_identity::network;
use realms_seal::{Keyring, same};
use realms_store::{Role, Scope, Scopes};

use super::{
    Console,
    caller::{Caller, Principal, Visitor},
    cookie::session_token,
    same_origin::Asked,
};
use crate::ConsoleError;

/// How often the last use of an admin key is written.
const TOUCH: Duration = Duration::from_mins(1);

/// Who a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Anyone who can reach the server.
    Anyone,
    /// A person who is signed in.
    User,
    /// Root, an admin, or an admin key with this scope.
    Operator(Scope),
    /// Root, an admin, or an admin key with any of these scopes: what is asked for decides which.
    OperatorOf(&'static [Scope]),
    /// Root, or an admin key with this scope.
    Root(Scope),
}

/// For what changes configuration or users, whichever is asked for.
const EDITOR: Need = Need::OperatorOf(&[Scope::ConfigWrite, Scope::UsersWrite]);

/// Every route with what it needs.
pub(crate) const ROUTES: &[(Method, &str, Need)] = &[
    (Method::GET, "/api/openapi.json", Need::Anyone),
    (Method::POST, "/api/setup", Need::Anyone),
    (Method::GET, "/api/bootstrap", Need::Anyone),
    (Method::POST, "/api/session", Need::Anyone),
    (Method::DELETE, "/api/session", Need::User),
    (Method::POST, "/api/session/second-factor", Need::Anyone),
    (Method::POST, "/api/session/passkey/begin", Need::Anyone),
    (Method::POST, "/api/session/passkey", Need::Anyone),
    (Method::GET, "/api/session/oauth/{provider}", Need::Anyone),
    (Method::GET, "/api/session/oauth/{provider}/callback", Need::Anyone),
    (Method::POST, "/api/register", Need::Anyone),
    (Method::POST, "/api/register/code", Need::Anyone),
    (Method::POST, "/api/password/forgot", Need::Anyone),
    (Method::POST, "/api/password/reset", Need::Anyone),
    (Method::GET, "/api/me", Need::User),
    (Method::PUT, "/api/me/preferences", Need::User),
    (Method::POST, "/api/me/reauthenticate", Need::User),
    (Method::GET, "/api/me/sessions", Need::User),
    (Method::DELETE, "/api/me/sessions", Need::User),
    (Method::DELETE, "/api/me/sessions/{id}", Need::User),
    (Method::POST, "/api/me/password", Need::User),
    (Method::POST, "/api/me/email", Need::User),
    (Method::POST, "/api/me/email/confirm", Need::User),
    (Method::POST, "/api/me/totp/begin", Need::User),
    (Method::POST, "/api/me/totp", Need::User),
    (Method::DELETE, "/api/me/totp", Need::User),
    (Method::POST, "/api/me/recovery-codes", Need::User),
    (Method::GET, "/api/me/passkeys", Need::User),
    (Method::POST, "/api/me/passkeys", Need::User),
    (Method::POST, "/api/me/passkeys/begin", Need::User),
    (Method::DELETE, "/api/me/passkeys/{id}", Need::User),
    (Method::GET, "/api/me/identities", Need::User),
    (Method::DELETE, "/api/me/identities/{id}", Need::User),
    (Method::POST, "/api/admin/settings/test-mail", Need::Root(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/channels", Need::Operator(Scope::ConfigRead)),
    (Method::GET, "/api/admin/channels/{name}", Need::Operator(Scope::ConfigRead)),
    (Method::PUT, "/api/admin/channels/{name}", Need::Operator(Scope::ConfigWrite)),
    (Method::DELETE, "/api/admin/channels/{name}", Need::Operator(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/models", Need::Operator(Scope::ConfigRead)),
    (Method::GET, "/api/admin/models/{name}", Need::Operator(Scope::ConfigRead)),
    (Method::PUT, "/api/admin/models/{name}", Need::Operator(Scope::ConfigWrite)),
    (Method::DELETE, "/api/admin/models/{name}", Need::Operator(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/channel-groups", Need::Operator(Scope::ConfigRead)),
    (Method::GET, "/api/admin/channel-groups/{name}", Need::Operator(Scope::ConfigRead)),
    (Method::PUT, "/api/admin/channel-groups/{name}", Need::Operator(Scope::ConfigWrite)),
    (Method::DELETE, "/api/admin/channel-groups/{name}", Need::Operator(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/user-groups", Need::Operator(Scope::ConfigRead)),
    (Method::GET, "/api/admin/user-groups/{name}", Need::Operator(Scope::ConfigRead)),
    (Method::PUT, "/api/admin/user-groups/{name}", Need::Operator(Scope::ConfigWrite)),
    (Method::DELETE, "/api/admin/user-groups/{name}", Need::Operator(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/error-rules", Need::Operator(Scope::ConfigRead)),
    (Method::GET, "/api/admin/error-rules/{name}", Need::Operator(Scope::ConfigRead)),
    (Method::PUT, "/api/admin/error-rules/{name}", Need::Operator(Scope::ConfigWrite)),
    (Method::DELETE, "/api/admin/error-rules/{name}", Need::Operator(Scope::ConfigWrite)),
    (Method::POST, "/api/admin/error-trial", Need::Operator(Scope::ConfigRead)),
    (Method::POST, "/api/admin/channels/shape", Need::Operator(Scope::ConfigRead)),
    (Method::POST, "/api/admin/channels/{name}/shape", Need::Operator(Scope::ConfigRead)),
    (Method::GET, "/api/admin/users", Need::Operator(Scope::UsersRead)),
    (Method::GET, "/api/admin/users/{name}", Need::Operator(Scope::UsersRead)),
    (Method::PUT, "/api/admin/users/{name}", Need::Operator(Scope::UsersWrite)),
    (Method::DELETE, "/api/admin/users/{name}", Need::Operator(Scope::UsersWrite)),
    (Method::GET, "/api/admin/api-keys", Need::Operator(Scope::UsersRead)),
    (Method::PUT, "/api/admin/api-keys", Need::Operator(Scope::UsersWrite)),
    (Method::GET, "/api/admin/api-keys/{id}", Need::Operator(Scope::UsersRead)),
    (Method::DELETE, "/api/admin/api-keys/{id}", Need::Operator(Scope::UsersWrite)),
    (Method::POST, "/api/admin/api-keys/{id}/revoke", Need::Operator(Scope::UsersWrite)),
    (Method::GET, "/api/admin/api-keys/{id}/reveal", Need::Root(Scope::SecretsWrite)),
    (Method::GET, "/api/admin/settings", Need::Operator(Scope::ConfigRead)),
    (Method::GET, "/api/admin/settings/{key}", Need::Operator(Scope::ConfigRead)),
    (Method::PUT, "/api/admin/settings/{key}", Need::Root(Scope::ConfigWrite)),
    (Method::DELETE, "/api/admin/settings/{key}", Need::Root(Scope::ConfigWrite)),
    (Method::POST, "/api/admin/apply", Need::Operator(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/export", Need::Operator(Scope::ConfigRead)),
    (Method::GET, "/api/admin/usage", Need::Operator(Scope::UsageRead)),
    (Method::GET, "/api/admin/usage/{request_id}", Need::Operator(Scope::UsageRead)),
    (Method::POST, "/api/admin/routing/simulate", Need::Operator(Scope::ConfigRead)),
    (Method::GET, "/api/usage/{request_id}", Need::User),
    (Method::GET, "/api/stream", Need::User),
    (Method::GET, "/api/admin/usage/summary", Need::Operator(Scope::UsageRead)),
    (Method::GET, "/api/admin/usage/histogram", Need::Operator(Scope::UsageRead)),
    (Method::GET, "/api/admin/usage/by/{dimension}", Need::Operator(Scope::UsageRead)),
    (Method::GET, "/api/admin/usage/export", Need::Operator(Scope::UsageRead)),
    (Method::GET, "/api/admin/margin", Need::Operator(Scope::UsageRead)),
    (Method::GET, "/api/admin/margin/export", Need::Operator(Scope::UsageRead)),
    (Method::GET, "/api/usage", Need::User),
    (Method::GET, "/api/usage/summary", Need::User),
    (Method::GET, "/api/usage/histogram", Need::User),
    (Method::GET, "/api/usage/by/{dimension}", Need::User),
    (Method::GET, "/api/usage/export", Need::User),
    (Method::GET, "/api/balance", Need::User),
    (Method::GET, "/api/balance/entries", Need::User),
    (Method::GET, "/api/balance/entries/export", Need::User),
    (Method::POST, "/api/balance/redeem", Need::User),
    (Method::GET, "/api/invitation", Need::User),
    (Method::POST, "/api/invitation/code", Need::User),
    (Method::GET, "/api/top-up", Need::User),
    (Method::GET, "/api/announcements", Need::User),
    (Method::POST, "/api/announcements/read", Need::User),
    (Method::POST, "/api/announcements/{id}/read", Need::User),
    (Method::GET, "/api/admin/announcements", Need::Operator(Scope::ConfigRead)),
    (Method::POST, "/api/admin/announcements", Need::Operator(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/announcements/{id}", Need::Operator(Scope::ConfigRead)),
    (Method::PUT, "/api/admin/announcements/{id}", Need::Operator(Scope::ConfigWrite)),
    (Method::DELETE, "/api/admin/announcements/{id}", Need::Operator(Scope::ConfigWrite)),
    (Method::GET, "/api/me/notifications", Need::User),
    (Method::POST, "/api/me/notifications/{id}/retry", Need::User),
    (Method::GET, "/api/me/notifications/targets", Need::User),
    (Method::POST, "/api/me/notifications/targets", Need::User),
    (Method::PUT, "/api/me/notifications/targets/{id}", Need::User),
    (Method::DELETE, "/api/me/notifications/targets/{id}", Need::User),
    (Method::POST, "/api/me/notifications/targets/{id}/test", Need::User),
    (Method::GET, "/api/me/notifications/rules", Need::User),
    (Method::PUT, "/api/me/notifications/rules/{event}", Need::User),
    (Method::GET, "/api/admin/notifications", Need::Root(Scope::ConfigRead)),
    (Method::POST, "/api/admin/notifications/{id}/retry", Need::Root(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/notifications/targets", Need::Root(Scope::ConfigRead)),
    (Method::POST, "/api/admin/notifications/targets", Need::Root(Scope::SecretsWrite)),
    (Method::PUT, "/api/admin/notifications/targets/{id}", Need::Root(Scope::SecretsWrite)),
    (Method::DELETE, "/api/admin/notifications/targets/{id}", Need::Root(Scope::ConfigWrite)),
    (Method::POST, "/api/admin/notifications/targets/{id}/test", Need::Root(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/notifications/rules", Need::Root(Scope::ConfigRead)),
    (Method::PUT, "/api/admin/notifications/rules/{event}", Need::Root(Scope::ConfigWrite)),
    (Method::GET, "/api/oauth/authorize", Need::User),
    (Method::POST, "/api/oauth/authorize", Need::User),
    (Method::GET, "/api/oauth/grants", Need::User),
    (Method::DELETE, "/api/oauth/grants/{app}", Need::User),
    (Method::GET, "/api/admin/oauth-apps", Need::Root(Scope::ConfigRead)),
    (Method::POST, "/api/admin/oauth-apps", Need::Root(Scope::SecretsWrite)),
    (Method::GET, "/api/admin/oauth-apps/{id}", Need::Root(Scope::ConfigRead)),
    (Method::PUT, "/api/admin/oauth-apps/{id}", Need::Root(Scope::ConfigWrite)),
    (Method::DELETE, "/api/admin/oauth-apps/{id}", Need::Root(Scope::ConfigWrite)),
    (Method::POST, "/api/admin/oauth-apps/{id}/rotate-secret", Need::Root(Scope::SecretsWrite)),
    (Method::POST, "/api/admin/oauth-apps/{id}/revoke-grants", Need::Root(Scope::ConfigWrite)),
    (Method::GET, "/api/tickets", Need::User),
    (Method::POST, "/api/tickets", Need::User),
    (Method::GET, "/api/tickets/{id}", Need::User),
    (Method::POST, "/api/tickets/{id}/seen", Need::User),
    (Method::POST, "/api/tickets/{id}/messages", Need::User),
    (Method::POST, "/api/tickets/{id}/close", Need::User),
    (Method::POST, "/api/tickets/{id}/reopen", Need::User),
    (Method::POST, "/api/ticket-files", Need::User),
    (Method::GET, "/api/ticket-files/{id}", Need::User),
    (Method::GET, "/api/admin/tickets", Need::Operator(Scope::UsersRead)),
    (Method::GET, "/api/admin/tickets/{id}", Need::Operator(Scope::UsersRead)),
    (Method::POST, "/api/admin/tickets/{id}/messages", Need::Operator(Scope::UsersWrite)),
    (Method::POST, "/api/admin/tickets/{id}/close", Need::Operator(Scope::UsersWrite)),
    (Method::POST, "/api/admin/tickets/{id}/reopen", Need::Operator(Scope::UsersWrite)),
    (Method::PUT, "/api/admin/tickets/{id}/assignee", Need::Operator(Scope::UsersWrite)),
    (Method::GET, "/api/admin/ticket-files/{id}", Need::Operator(Scope::UsersRead)),
    (Method::GET, "/api/admin/canned-replies", Need::Operator(Scope::UsersRead)),
    (Method::PUT, "/api/admin/canned-replies/{name}", Need::Operator(Scope::UsersWrite)),
    (Method::DELETE, "/api/admin/canned-replies/{name}", Need::Operator(Scope::UsersWrite)),
    (Method::GET, "/api/plans", Need::User),
    (Method::POST, "/api/plans/{code}/order", Need::User),
    (Method::GET, "/api/subscriptions", Need::User),
    (Method::GET, "/api/orders", Need::User),
    (Method::POST, "/api/orders", Need::User),
    (Method::GET, "/api/orders/{id}", Need::User),
    (Method::POST, "/api/orders/{id}/pay", Need::User),
    (Method::POST, "/api/orders/{id}/cancel", Need::User),
    (Method::POST, "/api/pay/{channel}/notify", Need::Anyone),
    (Method::GET, "/api/pay/{channel}/notify", Need::Anyone),
    (Method::GET, "/api/admin/orders", Need::Operator(Scope::UsersRead)),
    (Method::POST, "/api/admin/orders/{id}/approve", Need::Root(Scope::UsersWrite)),
    (Method::POST, "/api/admin/orders/{id}/reject", Need::Root(Scope::UsersWrite)),
    (Method::POST, "/api/admin/orders/{id}/refund", Need::Root(Scope::UsersWrite)),
    (Method::POST, "/api/admin/orders/{id}/dismiss", Need::Root(Scope::UsersWrite)),
    (Method::GET, "/api/admin/quarantine", Need::Operator(Scope::UsageRead)),
    (Method::POST, "/api/admin/quarantine/{request_id}/waive", Need::Root(Scope::UsersWrite)),
    (Method::POST, "/api/admin/quarantine/{request_id}/charge", Need::Root(Scope::UsersWrite)),
    (Method::GET, "/api/admin/plans", Need::Operator(Scope::UsersRead)),
    (Method::POST, "/api/admin/plans", Need::Root(Scope::ConfigWrite)),
    (Method::PATCH, "/api/admin/plans/{code}", Need::Root(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/subscriptions", Need::Operator(Scope::UsersRead)),
    (Method::POST, "/api/admin/subscriptions", Need::Root(Scope::UsersWrite)),
    (Method::POST, "/api/admin/subscriptions/change", Need::Root(Scope::UsersWrite)),
    (Method::GET, "/api/admin/payment-channels", Need::Root(Scope::ConfigRead)),
    (Method::POST, "/api/admin/payment-channels", Need::Root(Scope::SecretsWrite)),
    (Method::PATCH, "/api/admin/payment-channels/{id}", Need::Root(Scope::SecretsWrite)),
    (Method::GET, "/api/admin/redemption-codes", Need::Operator(Scope::UsersRead)),
    (Method::POST, "/api/admin/redemption-codes", Need::Root(Scope::UsersWrite)),
    (Method::GET, "/api/admin/redemption-codes/export", Need::Root(Scope::SecretsWrite)),
    (Method::PATCH, "/api/admin/redemption-codes/{id}", Need::Root(Scope::UsersWrite)),
    (Method::GET, "/api/budgets", Need::User),
    (Method::GET, "/api/admin/users/{name}/budgets", Need::Operator(Scope::UsersRead)),
    (Method::GET, "/api/admin/users/{name}/balance", Need::Operator(Scope::UsersRead)),
    (Method::GET, "/api/admin/users/{name}/balance/entries", Need::Operator(Scope::UsersRead)),
    (Method::POST, "/api/admin/users/{name}/balance", Need::Root(Scope::UsersWrite)),
    (Method::GET, "/api/admin/models/{name}/prices", Need::Operator(Scope::ConfigRead)),
    (Method::GET, "/api/dashboard", Need::User),
    (Method::GET, "/api/admin/overview", Need::Operator(Scope::UsageRead)),
    (Method::GET, "/api/search", Need::User),
    (Method::GET, "/api/admin/catalog", Need::Operator(Scope::ConfigRead)),
    (Method::PATCH, "/api/admin/settings", Need::Root(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/people", Need::Operator(Scope::UsersRead)),
    (Method::GET, "/api/admin/people/{name}", Need::Operator(Scope::UsersRead)),
    (Method::GET, "/api/admin/users/{name}/sessions", Need::Operator(Scope::UsersRead)),
    (Method::DELETE, "/api/admin/users/{name}/sessions/{id}", Need::Operator(Scope::UsersWrite)),
    (Method::POST, "/api/admin/users/{name}/totp/reset", Need::Root(Scope::Everything)),
    (Method::POST, "/api/admin/user-groups/{name}/merge", Need::Operator(Scope::ConfigWrite)),
    (Method::POST, "/api/admin/users/{name}/log-out", Need::Operator(Scope::UsersWrite)),
    (Method::POST, "/api/admin/users/{name}/password", Need::Root(Scope::Everything)),
    (Method::GET, "/api/tokens", Need::User),
    (Method::POST, "/api/tokens", Need::User),
    (Method::GET, "/api/tokens/{id}", Need::User),
    (Method::PATCH, "/api/tokens/{id}", Need::User),
    (Method::DELETE, "/api/tokens/{id}", Need::User),
    (Method::POST, "/api/tokens/{id}/rotate", Need::User),
    (Method::POST, "/api/tokens/{id}/revoke", Need::User),
    (Method::POST, "/api/tokens/{id}/reveal", Need::User),
    (Method::GET, "/api/me/channel-groups", Need::User),
    (Method::POST, "/api/tokens/batch/preview", Need::User),
    (Method::POST, "/api/tokens/batch/apply", Need::User),
    (Method::POST, "/api/tokens/batch/undo", Need::User),
    (Method::POST, "/api/admin/batch/preview", EDITOR),
    (Method::POST, "/api/admin/batch/apply", EDITOR),
    (Method::POST, "/api/admin/batch/undo", EDITOR),
    (Method::GET, "/api/admin/audit", Need::Operator(Scope::AuditRead)),
    (Method::GET, "/api/admin/audit/{id}", Need::Operator(Scope::AuditRead)),
    (Method::GET, "/api/admin/admin-keys", Need::Root(Scope::Everything)),
    (Method::POST, "/api/admin/admin-keys", Need::Root(Scope::Everything)),
    (Method::DELETE, "/api/admin/admin-keys/{id}", Need::Root(Scope::Everything)),
    (Method::POST, "/api/admin/channels/probe", Need::Operator(Scope::ConfigWrite)),
    (Method::POST, "/api/admin/channels/{name}/test", Need::Operator(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/channels/{name}/tests", Need::Operator(Scope::ConfigRead)),
    (Method::POST, "/api/admin/channels/detect", Need::Operator(Scope::ConfigWrite)),
    (Method::POST, "/api/admin/channels/resolve", Need::Operator(Scope::ConfigWrite)),
    (Method::POST, "/api/admin/channels/upstream-models", Need::Operator(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/channels/{name}/upstream-models", Need::Operator(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/channel-status", Need::Operator(Scope::ConfigRead)),
    (Method::POST, "/api/admin/channels/{name}/wake", Need::Operator(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/accounts", Need::Operator(Scope::ConfigRead)),
    (Method::POST, "/api/admin/accounts/log-in", Need::Root(Scope::SecretsWrite)),
    (Method::POST, "/api/admin/accounts/log-in/finish", Need::Root(Scope::SecretsWrite)),
    (Method::POST, "/api/admin/accounts/import", Need::Root(Scope::SecretsWrite)),
    (Method::POST, "/api/admin/accounts/{id}/refresh", Need::Operator(Scope::ConfigWrite)),
    (Method::POST, "/api/admin/accounts/{id}/quota", Need::Operator(Scope::ConfigWrite)),
    (Method::POST, "/api/admin/models/import", Need::Root(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/price-sync", Need::Operator(Scope::ConfigRead)),
    (Method::POST, "/api/admin/price-sync/run", Need::Root(Scope::ConfigWrite)),
    (Method::POST, "/api/admin/price-sync/accept", Need::Root(Scope::ConfigWrite)),
    (Method::POST, "/api/admin/price-sync/dismiss", Need::Root(Scope::ConfigWrite)),
    (Method::GET, "/api/admin/setup", Need::Operator(Scope::ConfigRead)),
    (Method::PUT, "/api/admin/setup", Need::Root(Scope::ConfigWrite)),
    (Method::GET, "/api/models", Need::User),
    (Method::POST, "/api/playground/{api_key_id}/{*path}", Need::User),
    (Method::GET, "/api/public/prices", Need::Anyone),
    (Method::GET, "/api/public/status", Need::Anyone),
    (Method::POST, "/api/public/key", Need::Anyone),
    (Method::GET, "/api/ranking", Need::User),
    (Method::PUT, "/api/me/ranking", Need::User),
];

/// Lets a request through to its route if the table says so, with its [`Caller`] in it. Paths under
/// `/api/admin` that do not exist need an operator too, so nobody can tell from outside which do.
pub(super) async fn guard(
    State(console): State<Console>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let path = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    let route = path.unwrap_or_default();
    let need = need(&parts.method, route, parts.uri.path());
    let admitted = console.admit(need, &parts).await;
    match admitted.and_then(|caller| console.must_be_on(route).map(|()| caller)) {
        Ok(caller) => {
            if let Some(caller) = caller {
                parts.extensions.insert(caller);
            }
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => error.into_response(),
    }
}

/// What is not in the table.
const UNKNOWN: Need = Need::Operator(Scope::ConfigRead);

/// What a route needs. What is not in the table is for nobody but operators.
fn need(method: &Method, matched: &str, path: &str) -> Need {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let entry = ROUTES.iter().find(|(known, route, _)| known == method && *route == matched);
    let unknown = if matched.starts_with("/api/{") || matched == "/api" {
        let is_admin = path == "/api/admin" || path.starts_with("/api/admin/");
        if is_admin { UNKNOWN } else { Need::Anyone }
    } else {
        UNKNOWN
    };
    entry.map_or(unknown, |(_, _, need)| *need)
}

const LACKS_SCOPE: &str = "this admin key lacks the scope that this needs";

// === impl Need ===

impl fmt::Display for Need {
    /// As the OpenAPI document says it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anyone => f.write_str("anyone"),
            Self::User => f.write_str("user"),
            Self::Operator(scope) => write!(f, "operator ({scope})"),
            Self::OperatorOf(scopes) => {
                let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
                write!(f, "operator ({})", scopes.join(" or "))
            }
            Self::Root(scope) => write!(f, "root ({scope})"),
        }
    }
}

impl Need {
    /// Refuses who may not use the route.
    fn check(self, principal: &Principal) -> Result<(), ConsoleError> {
        let refusal = match (self, principal) {
            (Self::Anyone, _) | (Self::User, Principal::User(_)) => return Ok(()),
            (Self::User, Principal::AdminKey { .. }) => {
                "this is for people: sign in to the console, an admin key has nothing of its own"
            }
            (Self::Operator(scope) | Self::Root(scope), Principal::AdminKey { scopes, .. }) => {
                if scopes.allow(scope) {
                    return Ok(());
                }
                LACKS_SCOPE
            }
            (Self::OperatorOf(any), Principal::AdminKey { scopes, .. }) => {
                if any.iter().any(|scope| scopes.allow(*scope)) {
                    return Ok(());
                }
                LACKS_SCOPE
            }
            (Self::Operator(_) | Self::OperatorOf(_), Principal::User(user)) => {
                if user.role != Role::User {
                    return Ok(());
                }
                "this is for those who run the service"
            }
            (Self::Root(_), Principal::User(user)) => {
                if user.role == Role::Root {
                    return Ok(());
                }
                "this is for root users"
            }
        };
        Err(ConsoleError::Forbidden(refusal))
    }
}

// === impl Console ===

impl Console {
    /// Who sends this request, if they may. `None`: nobody known, and the route is open to anyone.
    async fn admit(&self, need: Need, parts: &Parts) -> Result<Option<Caller>, ConsoleError> {
        let visitor = Visitor::of(&parts.extensions, &parts.headers);
        // What is open to anyone is not closed to who brings a key for something else.
        let principal = match presented(&parts.headers)? {
            Some(_) if need == Need::Anyone => None,
            Some(key) => Some(self.admin_key(key, &visitor).await?),
            None => self.session(need, parts, &visitor).await?,
        };
        match principal {
            Some(principal) => {
                need.check(&principal)?;
                Ok(Some(Caller::new(principal, visitor)))
            }
            None if need == Need::Anyone => Ok(None),
            None if need == Need::User => Err(ConsoleError::Unauthenticated("sign in first")),
            None => Err(ConsoleError::Unauthenticated(
                "sign in first, or send an admin API key as `Authorization: Bearer KEY`",
            )),
        }
    }

    /// The program behind an admin key.
    async fn admin_key(&self, key: &str, visitor: &Visitor) -> Result<Principal, ConsoleError> {
        // Counted before it is known whether the key is right.
        let guess = self.0.guesses.begin(network(visitor.address))?;
        let configured = self.0.admin_api_key.as_ref();
        if configured.is_some_and(|known| same(known.reveal().as_bytes(), key.as_bytes())) {
            guess.was_right();
            let name = "environment".to_owned();
            return Ok(Principal::AdminKey { id: None, name, scopes: Scopes::everything() });
        }
        let editor = &self.0.editor;
        let (hash, now) = (admin_key_hash(&editor.keyring, key), editor.clock.now());
        let found = editor.store.read().find_admin_key_by_hash(&hash, now).await?;
        let Some(record) = found else {
            return Err(ConsoleError::Unauthenticated("this is not an admin API key"));
        };
        guess.was_right();
        if record.last_used_at.is_none_or(|at| now.since(at) >= TOUCH) {
            editor.store.touch_admin_key(record.id, now).await?;
        }
        let (id, name, scopes) = (Some(record.id), record.name, record.scopes);
        Ok(Principal::AdminKey { id, name, scopes })
    }

    /// The person behind the session of a request that they meant to send. For a route that is open
    /// to anyone a session that does not fit is as good as none.
    async fn session(
        &self,
        need: Need,
        parts: &Parts,
        visitor: &Visitor,
    ) -> Result<Option<Principal>, ConsoleError> {
        let asked = Asked {
            method: &parts.method,
            uri: &parts.uri,
            headers: &parts.headers,
            https: visitor.https,
        };
        let catalog = self.0.catalog.snapshot();
        let site = catalog.settings().site_base_url.as_ref();
        if need == Need::Anyone {
            asked.must_not_be_foreign(site)?;
        }
        let Some(token) = session_token(&parts.headers, visitor.https) else {
            return Ok(None);
        };
        let Some(signed_in) = self.0.sessions.find(token).await? else {
            return Ok(None);
        };
        match asked.must_be_meant_by(signed_in.user_id, site) {
            Ok(()) => Ok(Some(Principal::User(signed_in))),
            Err(_) if need == Need::Anyone => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What an admin key is looked up by. The prefix keeps it apart from other keys hashed with the same
/// pepper.
pub(super) fn admin_key_hash(keyring: &Keyring, key: &str) -> [u8; 32] {
    keyring.keyed_hash(&format!("admin:{key}"))
}

/// The key of a request, from `Authorization: Bearer` or `x-api-key`; `None`: it brings none.
fn presented(headers: &HeaderMap) -> Result<Option<&str>, ConsoleError> {
    const UNREADABLE: ConsoleError = ConsoleError::Unauthenticated(
        "the key cannot be read: send one as `Authorization: Bearer KEY`",
    );
    let mut keys = Vec::new();
    for value in headers.get_all(header::AUTHORIZATION) {
        let value = value.to_str().map_err(|_| UNREADABLE)?;
        match value.split_at_checked(7) {
            Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer ") => keys.push(key.trim()),
            _ => return Err(UNREADABLE),
        }
    }
    for value in headers.get_all("x-api-key") {
        keys.push(value.to_str().map_err(|_| UNREADABLE)?.trim());
    }
    match keys.split_first() {
        None => Ok(None),
        Some((&"", _)) => Err(UNREADABLE),
        Some((key, rest)) if rest.iter().all(|other| other == key) => Ok(Some(key)),
        Some(_) => Err(ConsoleError::Unauthenticated("two different keys were given: send one")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::http::openapi;

    /// The router is made of documented routes only, so document and table must be the same set.
    #[test]
    fn every_route_is_in_the_table_and_the_document() {
        let mut documented = BTreeSet::new();
        let document = serde_json::to_value(openapi()).unwrap();
        for (path, item) in document["paths"].as_object().unwrap() {
            let methods = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];
            for method in methods.iter().filter(|method| item.get(**method).is_some()) {
                documented.insert((method.to_uppercase(), path.clone()));
            }
        }
        let table = ROUTES.iter().map(|(method, path, _)| (method.to_string(), (*path).to_owned()));
        assert_eq!(table.clone().count(), ROUTES.len());
        assert_eq!(table.collect::<BTreeSet<_>>(), documented);
    }

    #[test]
    fn what_is_not_in_the_table_is_refused() {
        let of = |method, matched, path| need(&method, matched, path);
        assert_eq!(of(Method::GET, "/api/new", "/api/new"), UNKNOWN);
        assert_eq!(of(Method::POST, "/api/openapi.json", "/api/openapi.json"), UNKNOWN);
        assert_eq!(of(Method::HEAD, "/api/openapi.json", "/api/openapi.json"), Need::Anyone);
        assert_eq!(of(Method::GET, "/api/{*path}", "/api/admin/nope"), UNKNOWN);
        assert_eq!(of(Method::GET, "/api/{*path}", "/api/nope"), Need::Anyone);
    }

    #[test]
    fn absence_is_no_key() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs
                .iter()
                .map(|(name, value)| {
                    (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
                })
                .collect::<HeaderMap>()
        };
        assert_eq!(presented(&headers(&[])).unwrap(), None);
        for refused in [
            &[("authorization", "")][..],
            &[("authorization", "Bearer ")],
            &[("authorization", "Basic abc")],
            &[("x-api-key", " ")],
            &[("authorization", "Bearer a"), ("x-api-key", "b")],
        ] {
            assert!(presented(&headers(refused)).is_err(), "{refused:?}");
        }
        let bearer = headers(&[("authorization", "bearer k")]);
        assert_eq!(presented(&bearer).unwrap(), Some("k"));
        assert_eq!(presented(&headers(&[("x-api-key", "k")])).unwrap(), Some("k"));
    }
}
