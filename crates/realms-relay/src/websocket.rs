//! `GET /v1/responses`: a WebSocket over which responses are asked for one after the other.
//!
//! Each `response.create` becomes an ordinary streamed call, so that all that holds for calls holds for
//! it. What lives with the connection is the input that the next turn builds on.

mod connection;
mod frames;
mod handshake;
mod memory;
mod turn;

use std::{sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::{FromRequestParts, Request, State, WebSocketUpgrade},
    response::Response,
};
use http::{HeaderValue, Version, header};
use realms_dialect::{Fault, FaultKind};
use realms_types::RequestMeta;
use tokio::sync::OwnedSemaphorePermit;

use self::{connection::Connection, handshake::Handshake};
use crate::{
    Operation, Relay, Running,
    running::Pass,
    serve::{fault_response, let_in},
};

/// How many connections there may be, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct SocketLimits {
    /// Connections at once, on this node.
    pub most: usize,
    /// Bytes of conversations that all of them together remember; at most 8 MiB of it is of one. Over
    /// that a client is asked for its whole input again.
    pub memory: usize,
    /// How old one may become. A response that runs by then ends first.
    pub life: Duration,
    /// How long one may wait for its next response.
    pub idle: Duration,
    /// How often its client is asked whether it is there.
    pub ping: Duration,
}

// === impl SocketLimits ===

impl Default for SocketLimits {
    /// The life is what OpenAI gives one.
    fn default() -> Self {
        Self {
            most: 1024,
            memory: 256 << 20,
            life: Duration::from_hours(1),
            idle: Duration::from_mins(10),
            ping: Duration::from_secs(30),
        }
    }
}

/// Opens a connection for whoever might make the same calls with `POST`.
pub(crate) async fn open(
    State(relay): State<Relay>,
    Extension(meta): Extension<RequestMeta>,
    request: Request,
) -> Response {
    let (mut parts, _) = request.into_parts();
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => {
            return upgrade_required(&rejection.body_text(), parts.version, &meta);
        }
    };
    let (pass, place) = match admit(&relay, &parts, &meta).await {
        Ok(admitted) => admitted,
        Err(fault) => return fault_response(Operation::Respond.dialect(), &fault, &meta.shown),
    };
    let most = relay.limits.body.bytes;
    let handshake = Handshake::new(parts, meta);
    // Counted before the client knows of it, so that a stop that comes in between waits for it.
    let token = relay.tasks.token();
    upgrade.max_message_size(most).max_frame_size(most).on_upgrade(move |socket| async move {
        Connection::new(relay, socket, pass, handshake).run().await;
        drop((place, token));
    })
}

async fn admit(
    relay: &Relay,
    parts: &http::request::Parts,
    meta: &RequestMeta,
) -> Result<(Pass, OwnedSemaphorePermit), Fault> {
    let pass = let_in(relay, &Operation::Respond, parts, meta, Running::attend).await?;
    if relay.stopping.is_cancelled() {
        return Err(busy("this server is stopping: connect again"));
    }
    let place = Arc::clone(relay.sockets())
        .try_acquire_owned()
        .map_err(|_| busy("too many WebSockets are open: use POST /v1/responses meanwhile"))?;
    Ok((pass, place))
}

fn busy(message: &str) -> Fault {
    Fault::unavailable(message).with_retry_after(Duration::from_secs(1))
}

fn upgrade_required(why: &str, version: Version, meta: &RequestMeta) -> Response {
    let message = format!(
        "GET /v1/responses opens a WebSocket, and this is no such request ({why}): upgrade it, or send the call with POST /v1/responses"
    );
    let fault = Fault::new(FaultKind::UpgradeRequired, message);
    let mut response = fault_response(Operation::Respond.dialect(), &fault, &meta.shown);
    if version < Version::HTTP_2 {
        response.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    }
    response
}
