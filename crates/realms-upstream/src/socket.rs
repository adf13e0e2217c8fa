//! Responses over a WebSocket, to upstreams that speak it: `response.create` goes out, events come back, one turn after
//! the other on one connection.
//!
//! To everybody else a turn is an ordinary answer: its head is there with its first event, an error before that is an
//! answer with its status, and its body is the stream of events that HTTP would have brought. A connection whose turn
//! is over is kept for the next of the same client with the same credential.

mod event;

use std::{
    collections::VecDeque,
    sync::{Arc, Weak},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri, header, uri::Scheme};
use parking_lot::Mutex;
use realms_types::Proxy;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{self, Message, handshake::client::generate_key, protocol::WebSocketConfig},
};

pub(crate) use self::event::create_event;
use self::event::{is_of_account, is_too_old, kind_of, refusal};
use crate::{
    BodyError, Reply, ReplyBody, SendError, codex::as_headers, connector::Connector,
    destination::Destination, wire::Wire,
};

/// Connections kept while nobody uses them.
const MOST_IDLE: usize = 256;
/// How long one is kept so: the next turn of an agent comes within seconds.
const IDLE: Duration = Duration::from_mins(1);
/// How long a handshake may take: HTTP is to have its time, too.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How old one may be when a turn begins. `OpenAI` ends them after an hour.
const OLDEST: Duration = Duration::from_mins(50);
/// Endpoints that speak no WebSocket, and how long that is remembered.
const MOST_DEAF: usize = 256;
const DEAF: Duration = Duration::from_mins(10);
/// The largest event.
const MOST_EVENT: usize = 32 << 20;
/// The form of the protocol that is spoken, as the vendor names it.
const BETA: (HeaderName, &str) =
    (HeaderName::from_static("openai-beta"), "responses_websockets=2026-02-06");
const BETA_NAME: &str = "responses_websockets=";
/// Headers of a single call that say nothing of who makes it or of what is answered: where it stands in a trace, and
/// how often a client has tried. A connection is as good for a call with others.
const OF_A_CALL: [&str; 6] = [
    "baggage",
    "traceparent",
    "tracestate",
    "x-stainless-read-timeout",
    "x-stainless-retry-count",
    "x-stainless-timeout",
];

type Socket = WebSocketStream<Wire>;

/// Opens connections and keeps them between turns. A clone shares them.
#[derive(Clone)]
pub(crate) struct Sockets {
    connector: Connector,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    /// The one that waits longest comes first.
    idle: VecDeque<Idle>,
    /// Whether somebody looks after those that wait too long.
    is_tended: bool,
    deaf: VecDeque<(Uri, Instant)>,
}

struct Idle {
    path: Path,
    socket: Socket,
    opened: Instant,
    since: Instant,
}

/// What a connection was opened with, the credential included. Only a turn with all of the same is sent over it, but for
/// what belongs to a single call.
#[derive(Clone)]
struct Path {
    uri: Uri,
    headers: HeaderMap,
    proxy: Option<Arc<Proxy>>,
}

/// What came of asking.
pub(crate) enum Asked {
    /// An answer, or a refusal with its status.
    Reply(Reply),
    /// No WebSocket was to be had: HTTP will do, or tell why not.
    Deaf,
}

/// What came of opening a connection.
enum Opened {
    Socket(Box<Socket>, HeaderMap),
    /// A handshake that did not come to its end, and whether the next one would not either.
    Deaf {
        for_long: bool,
    },
}

/// Why a turn has no first event.
enum Unbegun {
    /// The connection was gone before anything came of it: whoever asks anew asks once.
    Gone(tungstenite::Error),
    /// It may have begun.
    Failed(tungstenite::Error),
}

/// The events of one turn.
pub(crate) struct Turn {
    first: Option<Bytes>,
    /// Until its last event.
    going: Option<Going>,
}

/// A turn that is not over: where its events come from, and where the connection goes then.
struct Going {
    socket: Socket,
    path: Path,
    opened: Instant,
    home: Arc<Mutex<Kept>>,
}

// === impl Sockets ===

impl Sockets {
    pub(crate) fn new(connector: Connector) -> Self {
        Self { connector, kept: Arc::default() }
    }

    /// Whether an endpoint was found to speak no WebSocket a short time ago.
    pub(crate) fn is_deaf(&self, uri: &Uri) -> bool {
        let mut kept = self.kept.lock();
        let now = Instant::now();
        kept.deaf.retain(|(_, since)| now.duration_since(*since) < DEAF);
        kept.deaf.iter().any(|(deaf, _)| deaf == uri)
    }

    /// Sends one turn and waits for its first event.
    pub(crate) async fn ask(
        &self,
        (uri, headers): (&Uri, &HeaderMap),
        proxy: Option<Arc<Proxy>>,
        create: String,
    ) -> Result<Asked, SendError> {
        let path = Path { uri: uri.clone(), headers: handshake_headers(headers), proxy };
        if let Some(Idle { mut socket, opened, .. }) = self.take(&path) {
            match begin(&mut socket, create.clone()).await {
                Ok((first, _)) if is_too_old(&first) => {}
                Ok((first, told)) => {
                    return Ok(self.answer(path, (socket, opened), &first, told));
                }
                // It is asked anew once, as over a kept connection of HTTP.
                Err(Unbegun::Gone(_)) => {}
                Err(Unbegun::Failed(error)) => return Err(SendError::Socket(error)),
            }
        }
        let (mut socket, mut heads) = match self.open(&path).await? {
            Opened::Socket(socket, heads) => (*socket, heads),
            Opened::Deaf { for_long } => {
                if for_long {
                    self.remember_deaf(path.uri);
                }
                return Ok(Asked::Deaf);
            }
        };
        let opened = Instant::now();
        let (first, told) = begin(&mut socket, create).await.map_err(|unbegun| {
            let (Unbegun::Gone(error) | Unbegun::Failed(error)) = unbegun;
            SendError::Socket(error)
        })?;
        heads.extend(told);
        Ok(self.answer(path, (socket, opened), &first, heads))
    }

    fn remember_deaf(&self, uri: Uri) {
        let mut kept = self.kept.lock();
        if kept.deaf.len() >= MOST_DEAF {
            kept.deaf.pop_front();
        }
        kept.deaf.push_back((uri, Instant::now()));
    }

    /// A connection of the same way that waits and is still open.
    fn take(&self, path: &Path) -> Option<Idle> {
        let mut kept = self.kept.lock();
        kept.forget_old();
        while let Some(at) = kept.idle.iter().position(|idle| idle.path.serves(path)) {
            let mut idle = kept.idle.remove(at)?;
            // Nothing but a ping may have come meanwhile.
            let is_open = loop {
                match idle.socket.next().now_or_never() {
                    None => break true,
                    Some(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => {}
                    Some(_) => break false,
                }
            };
            if is_open {
                return Some(idle);
            }
        }
        None
    }

    async fn open(&self, path: &Path) -> Result<Opened, SendError> {
        let connector = match &path.proxy {
            Some(proxy) => self.connector.through(Arc::clone(proxy)),
            None => self.connector.clone(),
        };
        let wire = connector.open(&Destination::of(&path.uri)).await?;
        let request = handshake(path).map_err(|_| SendError::Credential)?;
        let mut config = WebSocketConfig::default();
        config.max_message_size = Some(MOST_EVENT);
        config.max_frame_size = Some(MOST_EVENT);
        let shaking = client_async_with_config(request, wire, Some(config));
        let Ok(shaken) = timeout(HANDSHAKE, shaking).await else {
            return Ok(Opened::Deaf { for_long: true });
        };
        Ok(match shaken {
            Ok((socket, answer)) => Opened::Socket(Box::new(socket), answer.into_parts().0.headers),
            // A handshake has no body that could be at fault, and the body of its refusal is not read: over HTTP the
            // upstream says what there is to say.
            Err(tungstenite::Error::Http(answer)) => {
                Opened::Deaf { for_long: speaks_none(answer.status()) }
            }
            Err(_) => Opened::Deaf { for_long: true },
        })
    }

    /// What a first event is the answer of: an error with a status is one of its own.
    fn answer(
        &self,
        path: Path,
        (socket, opened): (Socket, Instant),
        first: &str,
        mut headers: HeaderMap,
    ) -> Asked {
        let kind = kind_of(first);
        if kind == "error"
            && let Some(reply) = refusal(first)
        {
            return Asked::Reply(reply);
        }
        for name in [
            header::CONNECTION,
            header::UPGRADE,
            header::SEC_WEBSOCKET_ACCEPT,
            header::CONTENT_LENGTH,
        ] {
            headers.remove(name);
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        let going = Going { socket, path, opened, home: Arc::clone(&self.kept) };
        let mut turn = Turn { first: None, going: Some(going) };
        turn.first = Some(turn.event(&kind, first));
        let body = ReplyBody::turn(turn);
        Asked::Reply(Reply { status: StatusCode::OK, headers, body })
    }
}

// === impl Kept ===

impl Kept {
    fn forget_old(&mut self) {
        let now = Instant::now();
        self.idle.retain(|idle| {
            now.duration_since(idle.since) < IDLE && now.duration_since(idle.opened) < OLDEST
        });
    }
}

// === impl Path ===

impl Path {
    /// Whether a turn that is to go this other way may go over a connection of this one.
    fn serves(&self, other: &Self) -> bool {
        let (ours, theirs) = (&self.headers, &other.headers);
        let are_same = |name: &HeaderName| {
            OF_A_CALL.contains(&name.as_str())
                || ours.get_all(name).iter().eq(theirs.get_all(name).iter())
        };
        self.uri == other.uri
            && self.proxy == other.proxy
            && ours.keys().chain(theirs.keys()).all(are_same)
    }
}

/// Closes connections that nobody used for too long, until none is left.
async fn tend(home: Weak<Mutex<Kept>>) {
    loop {
        sleep(IDLE).await;
        let Some(home) = home.upgrade() else { return };
        let mut kept = home.lock();
        kept.forget_old();
        if kept.idle.is_empty() {
            kept.is_tended = false;
            return;
        }
    }
}

/// Whether the status of a handshake is one of an endpoint that speaks no WebSocket, not one of a key or of a bad moment.
fn speaks_none(status: StatusCode) -> bool {
    let may_pass = matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::PAYMENT_REQUIRED
            | StatusCode::FORBIDDEN
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
    );
    !may_pass && (!status.is_server_error() || status == StatusCode::NOT_IMPLEMENTED)
}

/// Sends what asks for a turn, and waits for the first event of it. What is told of the account before that comes as the
/// headers that would say so over HTTP.
async fn begin(socket: &mut Socket, create: String) -> Result<(String, HeaderMap), Unbegun> {
    use tungstenite::{Error, protocol::frame::coding::CloseCode};
    let mut told = HeaderMap::new();
    socket.send(Message::text(create)).await.map_err(Unbegun::Gone)?;
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) if is_of_account(&kind_of(&text)) => {
                told.extend(as_headers(&text));
            }
            Some(Ok(Message::Text(text))) => return Ok((text.as_str().to_owned(), told)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            // One that was about to be closed crossed what was sent.
            Some(Ok(Message::Close(Some(frame))))
                if !matches!(frame.code, CloseCode::Normal | CloseCode::Away) =>
            {
                return Err(Unbegun::Failed(Error::ConnectionClosed));
            }
            Some(Ok(Message::Close(_))) | None => {
                return Err(Unbegun::Gone(Error::ConnectionClosed));
            }
            Some(Ok(Message::Binary(_) | Message::Frame(_))) => {
                return Err(Unbegun::Failed(Error::ConnectionClosed));
            }
            Some(Err(error @ (Error::Io(_) | Error::ConnectionClosed))) => {
                return Err(Unbegun::Gone(error));
            }
            Some(Err(error)) => return Err(Unbegun::Failed(error)),
        }
    }
}

/// What of a call's headers opens a connection: all but what describes its body.
fn handshake_headers(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in [
        header::ACCEPT,
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::CONTENT_ENCODING,
        header::TRANSFER_ENCODING,
    ] {
        headers.remove(name);
    }
    let theirs: Vec<&str> =
        headers.get_all(&BETA.0).iter().filter_map(|value| value.to_str().ok()).collect();
    if !theirs.iter().any(|value| value.contains(BETA_NAME)) {
        let all = [&theirs[..], &[BETA.1]].concat().join(", ");
        if let Ok(all) = HeaderValue::try_from(all) {
            headers.insert(BETA.0, all);
        }
    }
    headers
}

fn handshake(path: &Path) -> Result<Request<()>, http::Error> {
    let mut parts = path.uri.clone().into_parts();
    let is_tls = parts.scheme == Some(Scheme::HTTPS);
    parts.scheme = Some(if is_tls { "wss" } else { "ws" }.parse()?);
    let uri = Uri::from_parts(parts)?;
    let host = uri.authority().map(http::uri::Authority::as_str).unwrap_or_default().to_owned();
    let mut request = Request::get(uri).body(())?;
    let headers = request.headers_mut();
    *headers = path.headers.clone();
    headers.insert(header::HOST, HeaderValue::try_from(host)?);
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    headers.insert(header::SEC_WEBSOCKET_KEY, HeaderValue::try_from(generate_key())?);
    Ok(request)
}

// === impl Turn ===

impl Turn {
    pub(crate) const fn is_over(&self) -> bool {
        self.first.is_none() && self.going.is_none()
    }

    /// The next event as a frame of a stream; `None` after the last.
    pub(crate) fn poll_event(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BodyError>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        loop {
            let Some(going) = &mut self.going else { return Poll::Ready(None) };
            let message = std::task::ready!(going.socket.poll_next_unpin(cx));
            let failure = match message {
                Some(Ok(Message::Text(text))) => {
                    let kind = kind_of(&text);
                    if is_of_account(&kind) {
                        continue;
                    }
                    return Poll::Ready(Some(Ok(self.event(&kind, &text))));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Ok(_)) | None => BodyError::Closed,
                Some(Err(error)) => BodyError::Socket(error),
            };
            self.going = None;
            return Poll::Ready(Some(Err(failure)));
        }
    }

    /// An event as a frame of a stream. The last one lets the connection go.
    fn event(&mut self, kind: &str, event: &str) -> Bytes {
        match kind {
            "response.completed" | "response.incomplete" | "response.failed" => {
                if let Some(going) = self.going.take() {
                    going.keep();
                }
            }
            // What an error leaves behind is not known.
            "error" => self.going = None,
            _ => {}
        }
        let lines = event.replace("\r\n", "\n").replace(['\r', '\n'], "\ndata: ");
        Bytes::from(format!("event: {kind}\ndata: {lines}\n\n"))
    }
}

// === impl Going ===

impl Going {
    /// Keeps the connection for the next turn.
    fn keep(self) {
        let Self { socket, path, opened, home } = self;
        let idle = Idle { path, socket, opened, since: Instant::now() };
        let mut kept = home.lock();
        if kept.idle.len() >= MOST_IDLE {
            kept.idle.pop_front();
        }
        kept.idle.push_back(idle);
        if !kept.is_tended {
            kept.is_tended = true;
            tokio::spawn(tend(Arc::downgrade(&home)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_the_protocol_stands_beside_what_else_a_client_asks_for() {
        let of = |theirs: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in theirs {
                headers.append(BETA.0, HeaderValue::from_static(value));
            }
            let all = handshake_headers(&headers);
            all.get_all(BETA.0)
                .iter()
                .map(|one| one.to_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(of(&[]), [BETA.1]);
        assert_eq!(
            of(&["responses=experimental"]),
            ["responses=experimental, responses_websockets=2026-02-06"]
        );
        assert_eq!(of(&["responses_websockets=2099-01-01"]), ["responses_websockets=2099-01-01"]);
    }

    #[test]
    fn a_connection_serves_calls_that_differ_in_their_trace_only() {
        let path = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, HeaderValue::from_static(value));
            }
            Path { uri: Uri::from_static("http://a/v1/responses"), headers, proxy: None }
        };
        let opened = path(&[("authorization", "k"), ("session-id", "s"), ("traceparent", "00-1")]);
        for (pairs, serves) in [
            (&[("authorization", "k"), ("session-id", "s"), ("traceparent", "00-2")][..], true),
            (&[("session-id", "s"), ("authorization", "k")], true),
            (&[("authorization", "k"), ("session-id", "s"), ("baggage", "a=1")], true),
            (&[("authorization", "other"), ("session-id", "s")], false),
            (&[("authorization", "k")], false),
            (&[("authorization", "k"), ("session-id", "s"), ("x-codex-turn-state", "t")], false),
            (&[("authorization", "k"), ("session-id", "s"), ("session-id", "s")], false),
        ] {
            let wanted = path(pairs);
            assert_eq!(opened.serves(&wanted), serves, "{pairs:?}");
            assert_eq!(wanted.serves(&opened), serves, "{pairs:?}");
        }
        let elsewhere = Path { uri: Uri::from_static("http://b/v1/responses"), ..opened.clone() };
        assert!(!opened.serves(&elsewhere));
    }

    #[test]
    fn a_handshake_that_is_refused_says_whether_the_next_would_be() {
        for (status, lasts) in
            [(200, true), (302, true), (400, true), (404, true), (426, true), (501, true)]
        {
            assert_eq!(speaks_none(StatusCode::from_u16(status).unwrap()), lasts, "{status}");
        }
        for status in [401, 402, 403, 429, 500, 503] {
            assert!(!speaks_none(StatusCode::from_u16(status).unwrap()), "{status}");
        }
    }
}
