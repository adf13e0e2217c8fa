//! Who asks: a person with a session, or a program with an admin key.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::{Extensions, HeaderMap, header, request::Parts};
pub(crate) use realms_identity::SignedIn;
use realms_store::{Actor, ActorKind, Role, Scope, Scopes};
use realms_types::{AdminKeyId, RequestMeta};

use super::Console;
use crate::{Author, Code, ConsoleError, Permission, Permissions, Refusal};

/// Who asks. The guard puts it into every request that it lets through; a handler that takes it is
/// never reached without.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Who it is.
    pub principal: Principal,
    /// Where they connect from.
    pub address: IpAddr,
    /// What they use.
    pub user_agent: Option<String>,
    /// The id of the request as it is shown.
    pub request_id: Option<String>,
}

/// Where a request comes from, whoever sends it.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// Where they connect from; requests of tests come from nowhere.
    pub address: IpAddr,
    /// What they use.
    pub user_agent: Option<String>,
    /// The id of the request as it is shown.
    pub request_id: Option<String>,
    /// Whether they came by https.
    pub https: bool,
}

/// Who somebody is.
#[derive(Debug, Clone)]
pub(crate) enum Principal {
    /// A person with a session.
    User(Arc<SignedIn>),
    /// A program with an admin key.
    AdminKey {
        /// Which; `None`: the one of the environment.
        id: Option<AdminKeyId>,
        /// Its name.
        name: String,
        /// What it may do.
        scopes: Scopes,
    },
}

// === impl Visitor ===

impl Visitor {
    /// What is known of whoever sent this request.
    pub fn of(extensions: &Extensions, headers: &HeaderMap) -> Self {
        let meta = extensions.get::<RequestMeta>();
        let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Self {
            address: meta.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |meta| meta.client),
            user_agent: user_agent.map(str::to_owned),
            request_id: meta.map(|meta| meta.shown.to_string()),
            https: meta.is_some_and(|meta| meta.https),
        }
    }

    /// Who they are to the audit log, once it is known.
    pub fn actor(&self, name: impl Into<String>) -> Actor {
        Actor {
            kind: ActorKind::User,
            name: name.into(),
            address: Some(self.address.to_string()),
            user_agent: self.user_agent.clone(),
            request_id: self.request_id.clone(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions, &parts.headers))
    }
}

// === impl Caller ===

impl Caller {
    /// Somebody who sent this request.
    pub fn new(principal: Principal, visitor: Visitor) -> Self {
        let Visitor { address, user_agent, request_id, .. } = visitor;
        Self { principal, address, user_agent, request_id }
    }

    /// The person who asks; an admin key is none.
    pub fn user(&self) -> Result<&SignedIn, ConsoleError> {
        match &self.principal {
            Principal::User(signed_in) => Ok(signed_in),
            Principal::AdminKey { .. } => Err(ConsoleError::Forbidden(
                "this is for people: sign in to the console, an admin key has nothing of its own",
            )),
        }
    }

    /// What they may do.
    pub fn permissions(&self) -> Permissions {
        match &self.principal {
            Principal::User(signed_in) => Permissions::of_role(signed_in.role),
            Principal::AdminKey { scopes, .. } => Permissions::of_scopes(scopes),
        }
    }

    /// Whether they may do this.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions().allow(permission)
    }

    /// Whether they run the service: root, admin, or a program with an admin key.
    pub fn is_operator(&self) -> bool {
        match &self.principal {
            Principal::User(signed_in) => signed_in.role != Role::User,
            Principal::AdminKey { .. } => true,
        }
    }

    /// Whether they may see who the users are.
    pub fn reads_users(&self) -> bool {
        match &self.principal {
            Principal::User(signed_in) => signed_in.role != Role::User,
            Principal::AdminKey { scopes, .. } => scopes.allow(Scope::UsersRead),
        }
    }

    /// Who they are to the audit log.
    pub fn actor(&self) -> Actor {
        let (kind, name) = match &self.principal {
            Principal::User(signed_in) => (ActorKind::User, signed_in.username.clone()),
            Principal::AdminKey { name, .. } => (ActorKind::AdminKey, name.clone()),
        };
        Actor {
            kind,
            name,
            address: Some(self.address.to_string()),
            user_agent: self.user_agent.clone(),
            request_id: self.request_id.clone(),
        }
    }

    /// Who they are to the editor.
    pub fn author(&self) -> Author {
        let username = self.user().ok().map(|signed_in| signed_in.username.clone());
        Author { actor: self.actor(), permissions: self.permissions(), username }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ConsoleError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ConsoleError> {
        let nobody = ConsoleError::Unauthenticated("sign in first");
        parts.extensions.get::<Self>().cloned().ok_or(nobody)
    }
}

/// For what is open to anyone, and looks different to somebody who is signed in.
impl<S: Sync> OptionalFromRequestParts<S> for Caller {
    type Rejection = ConsoleError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, ConsoleError> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}

// === impl Console ===

impl Console {
    /// Refuses a person who did not prove who they are within the last 10 minutes. A program
    /// presents its key with every request.
    pub(super) async fn must_be_fresh(&self, caller: &Caller) -> Result<(), ConsoleError> {
        let Principal::User(signed_in) = &caller.principal else { return Ok(()) };
        let now = self.0.editor.clock.now();
        if signed_in.is_fresh(now) {
            return Ok(());
        }
        // What was found a moment ago may have been proved since, at another node.
        let newest = self.0.sessions.find_now(signed_in.session_id).await?;
        if newest.is_some_and(|newest| newest.is_fresh(now)) {
            return Ok(());
        }
        let detail = "this needs a fresh proof of who you are: enter your password again";
        Err(Refusal::new(Code::ReauthenticationNeeded, detail).into())
    }

    /// Counts a secret that is shown, or refuses to show one more: whoever got hold of a session or
    /// a key does not leave with all of them.
    pub(super) fn count_reveal(&self, caller: &Caller) -> Result<(), ConsoleError> {
        let who = match &caller.principal {
            Principal::User(signed_in) => signed_in.user_id.raw(),
            Principal::AdminKey { id, .. } => id.map_or(0, AdminKeyId::raw),
        };
        // It is never taken back: that it was right does not make it less.
        self.0.reveals.begin(who).map(drop)
    }
}
