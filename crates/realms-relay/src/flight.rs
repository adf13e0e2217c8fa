//! One attempt on its way: whom it asks, what it holds, and what came of it so far.

use std::sync::{Arc, OnceLock};

use http::HeaderMap;
use realms_dialect::Shape;
use realms_scheduler::{Candidate, Load};
use realms_store::LossRecord;
use realms_upstream::{Outgoing, Reply, classify_send};
use tokio::time::Instant;

use crate::{
    Relay,
    attempt::micros,
    lane::{Return, receive},
    limits::Allowance,
    opening::{Expected, Opening, Refusal, open},
    pump::StreamLimits,
};

/// What an attempt holds from its start on. It outlives the answer: what was counted is settled at the
/// end of the call.
pub(crate) struct Flight {
    /// Its place among the attempts of the record.
    pub place: usize,
    /// Its candidate in the plan.
    pub index: usize,
    /// When it began.
    pub begun: Instant,
    /// What the upstream answered first. Written by whoever awaits the answer, which may be given up.
    pub head: Arc<OnceLock<Head>>,
    /// What the options of its channel make of the call; `None` where they say nothing.
    pub shape: Option<Arc<Shape>>,
    /// What the upstream was not told of the call as it was said.
    pub losses: Vec<LossRecord>,
    /// What it may use of its candidate.
    pub allowance: Allowance,
    /// Counts it for its channel until it is over.
    pub load: Option<Load>,
}

/// The head of an upstream's answer.
#[derive(Debug)]
pub(crate) struct Head {
    /// How long it took, in microseconds.
    pub took_us: i64,
    /// The status.
    pub status: u16,
    /// How the upstream calls the request.
    pub request_id: Option<String>,
}

/// What is asked, and what the answer may look like.
pub(crate) struct Ask<'a> {
    /// Who is asked.
    pub candidate: &'a Candidate,
    /// What is sent.
    pub outgoing: Outgoing,
    /// Whether it goes over a WebSocket, where the upstream speaks it.
    pub by_socket: bool,
    /// The answer, but for the deadlines, which begin with its head.
    pub expected: Expected,
    /// The deadlines.
    pub limits: StreamLimits,
    /// When the attempt began.
    pub begun: Instant,
    /// Where the head is noted.
    pub head: Arc<OnceLock<Head>>,
    /// How the answer becomes the client's, where it is in another dialect.
    pub back: Option<Return>,
}

// === impl Ask ===

impl Ask<'_> {
    /// Sends it and reads so much of the answer that it can be judged.
    pub(crate) async fn send(self, relay: &Relay) -> Opening {
        let upstream = &relay.upstream;
        let sent = if self.by_socket {
            upstream.send_by_socket(self.outgoing).await
        } else {
            upstream.send(self.outgoing).await
        };
        let reply = match sent {
            Ok(reply) => reply,
            Err(error) => {
                let detail = error.to_string();
                let verdict = classify_send(&error, self.candidate.proxy_owner());
                let (words, seen, ailment) = (None, None, None);
                return Opening::Refusal(Refusal { verdict, words, detail, seen, ailment });
            }
        };
        let _ = self.head.set(Head::of(&reply, self.begun));
        relay.accounts.hear_limits(&self.candidate.credential, &reply.headers);
        let now = Instant::now();
        let expected = Expected {
            first_event: now + self.limits.first_event,
            end: now + self.limits.total,
            ..self.expected
        };
        let opening = open(reply, expected, relay.clock.now()).await;
        match &self.back {
            Some(back) => receive(opening, back),
            None => opening,
        }
    }
}

// === impl Head ===

impl Head {
    fn of(reply: &Reply, begun: Instant) -> Self {
        Self {
            took_us: micros(begun.elapsed()),
            status: reply.status.as_u16(),
            request_id: upstream_request_id(&reply.headers),
        }
    }
}

fn upstream_request_id(headers: &HeaderMap) -> Option<String> {
    ["x-request-id", "request-id", "x-goog-request-id"]
        .into_iter()
        .find_map(|name| headers.get(name)?.to_str().ok())
        .map(|id| id.chars().take(200).collect())
}
