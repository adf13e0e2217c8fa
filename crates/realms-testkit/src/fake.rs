//! A scripted upstream on a loopback port, speaking all four dialects.

mod connection;
mod endpoint;
mod object;

use std::{collections::VecDeque, net::SocketAddr, sync::Arc};

use http::{Method, StatusCode};
use parking_lot::Mutex;
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
    time::Instant,
};

use self::{endpoint::Desk, object::Objects};
use crate::{
    Answer, Cut, Received, Reply, error_body, error_frame,
    log::Log,
    reply::{Content, Source, Step},
};

/// An HTTP/1.1 server that answers as told and keeps what it was asked. Unscripted requests get a
/// good answer. Clones are the same server; it ends with the last of them.
#[derive(Debug, Clone)]
pub struct FakeUpstream {
    shared: Arc<Shared>,
    server: Arc<Server>,
}

/// The replies to one kind of request: given in order, the last one stands.
#[derive(Debug)]
pub struct Script {
    shared: Arc<Shared>,
    when: When,
}

/// Which requests a script is for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum When {
    Any,
    Model(String),
    Path(String),
    Key(String),
}

/// What the connections and the handles share.
#[derive(Debug)]
struct Shared {
    address: SocketAddr,
    log: Log,
    scripts: Mutex<Vec<(When, VecDeque<Reply>)>>,
    objects: Mutex<Objects>,
}

/// The accepting task; dropping it drops every connection too.
#[derive(Debug)]
struct Server(Mutex<Option<JoinHandle<()>>>);

// === impl FakeUpstream ===

impl FakeUpstream {
    /// Starts on a free port of 127.0.0.1.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free loopback port");
        let shared = Arc::new(Shared {
            address: listener.local_addr().expect("a bound socket has an address"),
            log: Log::default(),
            scripts: Mutex::default(),
            objects: Mutex::default(),
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { shared, server: Arc::new(Server(Mutex::new(Some(task)))) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// `http://127.0.0.1:{port}`, without a version segment.
    pub fn url(&self) -> String {
        format!("http://{}", self.shared.address)
    }

    /// Begins the script of every request that no other script is for.
    pub fn replies(&self, reply: impl Into<Reply>) -> Script {
        let script = self.script(When::Any);
        script.replies(reply);
        script
    }

    /// Answers every request with a good answer of this text.
    pub fn says(&self, text: &str) -> Script {
        self.replies(Answer::text(text))
    }

    /// Answers every request with a recorded stream or body, see [`Reply::fixture`].
    pub fn streams(&self, fixture: &str) -> Script {
        self.replies(Reply::fixture(fixture))
    }

    /// The script of the requests that name this model.
    pub fn for_model(&self, model: &str) -> Script {
        self.script(When::Model(model.to_owned()))
    }

    /// The script of the requests to this path: whole, or without its version segment.
    pub fn for_path(&self, path: &str) -> Script {
        self.script(When::Path(path.to_owned()))
    }

    /// The script of the requests that come with this secret.
    pub fn for_key(&self, key: &str) -> Script {
        self.script(When::Key(key.to_owned()))
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Received> {
        self.shared.log.all()
    }

    /// The latest request; fails the test when there is none.
    pub fn last(&self) -> Received {
        self.requests().pop().expect("a request reached the fake upstream")
    }

    /// Waits until `count` requests have arrived in all, and gives them.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        let enough = |seen: &[Received]| (seen.len() >= count).then(|| seen.to_vec());
        self.shared.log.wait_until(&format!("{count} requests"), enough).await
    }

    /// Waits until the peer has closed the connection of this request, from 0, before the reply was
    /// complete; tells when that was.
    pub async fn wait_closed(&self, number: usize) -> Instant {
        let closed = |seen: &[Received]| seen.get(number).and_then(|request| request.closed);
        self.shared.log.wait_until(&format!("the peer to leave request {number}"), closed).await
    }

    /// Waits until the whole reply to this request, from 0, has been sent.
    pub async fn wait_replied(&self, number: usize) -> Instant {
        let replied = |seen: &[Received]| seen.get(number).and_then(|request| request.replied);
        self.shared.log.wait_until(&format!("the reply to request {number}"), replied).await
    }

    /// Closes the port and every connection: from now on connecting is refused.
    pub async fn stop(&self) {
        let task = self.server.0.lock().take();
        if let Some(task) = task {
            task.abort();
            // Being cancelled is the point.
            let _ = task.await;
        }
    }

    fn script(&self, when: When) -> Script {
        Script { shared: Arc::clone(&self.shared), when }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(connection::serve(stream, number, Arc::clone(&shared)));
        number += 1;
        while connections.try_join_next().is_some() {}
    }
}

// === impl Script ===

impl Script {
    /// Begins the script anew with this reply.
    pub fn replies(&self, reply: impl Into<Reply>) -> &Self {
        self.shared.scripts.lock().retain(|(when, _)| *when != self.when);
        self.then(reply)
    }

    /// Adds a reply; the ones before it are given once each.
    pub fn then(&self, reply: impl Into<Reply>) -> &Self {
        let mut scripts = self.shared.scripts.lock();
        match scripts.iter_mut().find(|(when, _)| *when == self.when) {
            Some((_, replies)) => replies.push_back(reply.into()),
            None => scripts.push((self.when.clone(), VecDeque::from([reply.into()]))),
        }
        drop(scripts);
        self
    }
}

// === impl When ===

impl When {
    fn fits(&self, received: &Received) -> bool {
        match self {
            Self::Any => true,
            Self::Model(model) => received.model().as_ref() == Some(model),
            Self::Path(path) => received.path == *path || received.resource() == path,
            Self::Key(key) => received.key() == key,
        }
    }
}

// === impl Shared ===

impl Shared {
    /// Keeps a request and tells its number and what to do about it.
    fn receive(&self, received: &Received) -> (usize, Vec<Step>) {
        let reply = self.decide(received);
        let number = self.log.push(received.clone());
        (number, self.steps(reply, received))
    }

    /// The next reply of the first script that fits; the one for any request comes last.
    fn decide(&self, received: &Received) -> Reply {
        let mut scripts = self.scripts.lock();
        scripts.sort_by_key(|(when, _)| *when == When::Any);
        let fitting = scripts.iter_mut().find(|(when, _)| when.fits(received));
        match fitting {
            Some((_, replies)) if replies.len() > 1 => replies.pop_front(),
            Some((_, replies)) => replies.front().cloned(),
            None => None,
        }
        .unwrap_or_else(Reply::good)
    }

    fn steps(&self, mut reply: Reply, received: &Received) -> Vec<Step> {
        while let Source::By(decide) = &reply.source {
            reply = decide(received);
        }
        let content = match &reply.source {
            Source::Raw(bytes) => {
                return vec![Step::Write(bytes.clone()), Step::Cut(Cut::Close)];
            }
            Source::HangUp(cut) => return vec![Step::Cut(*cut)],
            Source::Never | Source::By(_) => return vec![Step::Never],
            Source::Answer(answer) => self.answer(answer, received),
            Source::Fault(status) => fault(*status, received),
            Source::ErrorEvent { frames, status } => self.error_event(*frames, *status, received),
            Source::Pings(count) => Content::stream(endpoint::pings(*count, received)),
            Source::Body { media_type, frames, streamed } => Content {
                frames: frames.clone(),
                streamed: *streamed,
                ..Content::whole(media_type, "")
            },
        };
        reply.steps(&content, received.method == Method::HEAD)
    }

    fn error_event(&self, frames: usize, status: StatusCode, received: &Received) -> Content {
        let good = self.answer(&Answer::default(), received);
        let mut frames: Vec<_> = good.frames.into_iter().take(frames).collect();
        frames.push(error_frame(received.dialect(), status));
        Content::stream(frames)
    }

    fn answer(&self, answer: &Answer, received: &Received) -> Content {
        let mut objects = self.objects.lock();
        Desk { answer, received, objects: &mut objects, address: self.address }.content()
    }
}

fn fault(status: StatusCode, received: &Received) -> Content {
    let content = if status.is_client_error() || status.is_server_error() {
        Content::json(&error_body(received.dialect(), status))
    } else {
        Content::whole("text/plain", "")
    };
    content.with_status(status)
}

// === impl Server ===

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(task) = self.0.get_mut().take() {
            task.abort();
        }
    }
}
