//! Letting somebody in: a session, its cookie, and who they are.

use std::{convert::Infallible, time::Duration};

use axum::response::{IntoResponseParts, ResponseParts};
use http::{HeaderValue, header};
use realms_identity::Opened;
use realms_store::UserRecord;

use super::{Console, cookie, me::Me, origin::Guest};
use crate::ConsoleError;

/// How long a browser keeps the cookie of a session that is to last. The session itself may end
/// sooner.
const KEPT: Duration = Duration::from_hours(24 * 30);

/// A `Set-Cookie` of an answer.
#[derive(Debug)]
pub(super) struct SetCookie(HeaderValue);

/// Somebody who is in.
#[derive(Debug)]
pub(super) struct Entered {
    /// For the browser.
    pub(super) cookie: SetCookie,
    /// For the page.
    pub(super) me: Me,
}

/// How somebody came in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Whether they proved who they are to Realms itself.
    pub(super) proved: bool,
    /// Whether the session is to outlast the browser.
    pub(super) remember: bool,
}

// === impl SetCookie ===

impl SetCookie {
    /// One that was written, if it could be.
    pub(super) fn new(value: Option<HeaderValue>) -> Result<Self, ConsoleError> {
        let refused = || ConsoleError::Internal("a cookie that no header can carry".to_owned());
        value.map(Self).ok_or_else(refused)
    }

    /// The cookie of a session.
    pub(super) fn session(
        opened: &Opened,
        remember: bool,
        https: bool,
    ) -> Result<Self, ConsoleError> {
        Self::new(cookie::session_cookie(&opened.token, https, remember.then_some(KEPT)))
    }

    /// Takes the cookie of a session away.
    pub(super) fn no_session(https: bool) -> Result<Self, ConsoleError> {
        Self::new(cookie::no_session_cookie(https))
    }
}

impl IntoResponseParts for SetCookie {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        parts.headers_mut().append(header::SET_COOKIE, self.0);
        Ok(parts)
    }
}

// === impl Console ===

impl Console {
    /// Opens a session for somebody who just came in.
    pub(super) async fn enter(
        &self,
        user: &UserRecord,
        Entry { proved, remember }: Entry,
        guest: &Guest,
    ) -> Result<Entered, ConsoleError> {
        let opened = self.accounts().enter(user, proved, &guest.origin).await?;
        let session = self.0.sessions.find_now(opened.session_id).await?;
        // Switched off at this very moment.
        let session = session.ok_or(ConsoleError::Unauthenticated("sign in first"))?;
        let cookie = SetCookie::session(&opened, remember, guest.https)?;
        Ok(Entered { cookie, me: self.me(&session).await? })
    }
}
