//! The first call of a key: it is written down, made, passed on to whoever listens, and its answer kept.

use std::{future::Future, mem, pin::pin, time::Duration};

use axum::{body::Body, response::Response};
use http::response::Parts;
use http_body::Body as _;
use http_body_util::BodyExt;
use realms_dialect::Fault;
use realms_store::{IdempotentCall, IdempotentState};
use realms_types::IdempotentCallId;
use tokio::{
    sync::{mpsc, oneshot},
    time::{sleep, timeout},
};

use super::{Claim, Ended, Found, kept, look, repeat};
use crate::{
    Relay,
    call::Call,
    feed::{Piece, feed},
    running::Pass,
    serve::{Ending, Ready, conduct, given_up, refuse},
    storage_fault,
    trail::Trail,
};

/// How long the client may have to wait for its answer to be kept.
const SHORT: Duration = Duration::from_secs(2);
/// Pauses between tries to keep an answer while the database is away.
const PAUSES: [u64; 6] = [1, 2, 4, 8, 15, 30];

type Client = oneshot::Sender<Result<Response, Fault>>;

// === impl Claim ===

impl Claim {
    /// Makes the call in a task of its own, which its client cannot cancel by leaving.
    pub(crate) async fn conduct(
        self,
        relay: Relay,
        call: Call,
        mut pass: Pass,
        ready: Ready,
        trail: Trail,
    ) -> Result<Response, Fault> {
        let (client, answer) = oneshot::channel();
        let tasks = relay.tasks.clone();
        tasks.spawn(Box::pin(async move {
            let row = self.row(&relay, &call, &pass);
            let taken = match write(&relay, &row).await {
                Ok(None) => {
                    let (tell, ending) = oneshot::channel();
                    let head = conduct(relay.clone(), call, pass, ready.telling(tell), trail);
                    return self.keep(&relay, row.id, (head, ending), client).await;
                }
                // Another node was faster, a moment ago: what was set aside here is given back, and the turn of
                // this call is another's. It stays counted as the request that it is.
                Ok(Some(_)) => {
                    drop(ready);
                    mem::take(&mut pass.allowance).unused(&relay);
                    self.told_elsewhere(&relay).await
                }
                Err(fault) => Err(fault),
            };
            let answer = match taken {
                Ok(found) => Ok(repeat(relay, call, pass, trail, found)),
                Err(fault) => {
                    self.refuse(&fault);
                    refuse(&relay, &call, &pass.caller, &fault, trail);
                    Err(fault)
                }
            };
            let _ = client.send(answer);
        }));
        answer.await.unwrap_or_else(|_| Err(given_up()))
    }

    /// What another node is told, which makes the call of this key.
    async fn told_elsewhere(&self, relay: &Relay) -> Result<Found, Fault> {
        match look(relay, &self.key).await? {
            Some(answer) => Ok(Found::Kept(answer)),
            // It came to nothing there: whoever asks again will be the first.
            None => Err(Fault::conflict(
                "the call with this idempotency key came to nothing: try again",
            )
            .with_code("idempotency_still_running")
            .with_retry_after(Duration::from_secs(1))),
        }
    }

    async fn keep(
        self,
        relay: &Relay,
        id: IdempotentCallId,
        (head, ending): (oneshot::Receiver<Result<Response, Fault>>, oneshot::Receiver<Ending>),
        client: Client,
    ) {
        match head.await.unwrap_or_else(|_| Err(given_up())) {
            Err(fault) => {
                // No word of its end means the worst.
                if ending.await.is_ok_and(|ending| !ending.accepted) {
                    free(relay, id).await;
                } else {
                    close(relay, id, IdempotentState::Broken, None).await;
                }
                self.refuse(&fault);
                let _ = client.send(Err(fault));
            }
            Ok(response) => {
                let (head, body) = response.into_parts();
                if body.size_hint().exact().is_some() {
                    self.keep_whole(relay, id, (head, body), ending, client).await;
                } else {
                    self.keep_stream(relay, id, (head, body), ending, client).await;
                }
            }
        }
    }

    /// An answer in one piece is kept before its client has it.
    async fn keep_whole(
        self,
        relay: &Relay,
        id: IdempotentCallId,
        (head, body): (Parts, Body),
        ending: oneshot::Receiver<Ending>,
        client: Client,
    ) {
        let Ok(body) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
            let _ = client.send(Err(given_up()));
            return;
        };
        self.shared.push(&body);
        self.shared.head(head.status, &head.headers);
        let ending = ending.await.ok();
        let answer = Response::from_parts(head.clone(), Body::from(body));
        if ending.is_some_and(|ending| !ending.accepted) {
            // An upstream's own refusal is told to whoever waits for it, and to nobody later.
            free(relay, id).await;
            self.shared.end(Ended::Whole);
            let _ = client.send(Ok(answer));
            return;
        }
        let whole = ending.is_some_and(|ending| ending.is_whole);
        let keeping = self.close(relay, id, &head, whole);
        hand_over(keeping, async { drop(client.send(Ok(answer))) }).await;
    }

    /// A stream is passed on as it comes. Its last byte is there at once, its end when it is kept.
    async fn keep_stream(
        self,
        relay: &Relay,
        id: IdempotentCallId,
        (head, mut body): (Parts, Body),
        ending: oneshot::Receiver<Ending>,
        client: Client,
    ) {
        self.shared.head(head.status, &head.headers);
        let (sender, rest) = feed();
        let answer = Response::from_parts(head.clone(), Body::new(rest));
        let mut listener = client.send(Ok(answer)).is_ok().then_some(sender);
        let mut broke = false;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else {
                broke = true;
                break;
            };
            let Ok(piece) = frame.into_data() else { continue };
            self.shared.push(&piece);
            if let Some(sender) = listener.take()
                && listens(relay, &sender, Piece::Data(piece)).await
            {
                listener = Some(sender);
            }
        }
        let whole = !broke && ending.await.is_ok_and(|ending| ending.is_whole);
        let keeping = self.close(relay, id, &head, whole);
        let patience = relay.limits.stream.write_stall;
        let over = async move {
            if let Some(sender) = listener.filter(|_| broke) {
                let _ = timeout(patience, sender.send(Piece::Abort)).await;
            }
        };
        hand_over(keeping, over).await;
    }

    /// Keeps what was answered, and tells whoever listens that it is all.
    async fn close(&self, relay: &Relay, id: IdempotentCallId, head: &Parts, whole: bool) {
        self.shared.end(if whole { Ended::Whole } else { Ended::Broken });
        let answer = self.shared.whole().map(|body| {
            kept::seal(relay, id, head.status, &head.headers, &body).inspect_err(|error| {
                tracing::error!(%error, "an answer cannot be sealed, so it is not kept");
            })
        });
        let state = match &answer {
            Some(Ok(_)) => IdempotentState::Kept,
            None if self.shared.is_too_large() => IdempotentState::TooLarge,
            Some(Err(_)) | None => IdempotentState::Broken,
        };
        close(relay, id, state, answer.and_then(Result::ok).as_deref()).await;
    }
}

/// Hands an answer over when it is kept, or after a short wait: a database that is away is tried on.
async fn hand_over(keeping: impl Future<Output = ()>, over: impl Future<Output = ()>) {
    let mut keeping = pin!(keeping);
    let kept = timeout(SHORT, &mut keeping).await.is_ok();
    over.await;
    if !kept {
        keeping.await;
    }
}

/// Passes a piece on to the first client. One that reads nothing for too long is let go, so that the answer
/// does not end with it.
async fn listens(relay: &Relay, sender: &mpsc::Sender<Piece>, piece: Piece) -> bool {
    let patience = relay.limits.stream.write_stall / 2;
    timeout(patience, sender.send(piece)).await.is_ok_and(|sent| sent.is_ok())
}

/// Writes a key down. `Some`: it is taken.
async fn write(relay: &Relay, row: &IdempotentCall) -> Result<Option<IdempotentCall>, Fault> {
    relay.store.claim_idempotent_call(row).await.map_err(|error| {
        tracing::error!(%error, "cannot write down an idempotency key");
        storage_fault("the idempotency key cannot be written down: try again shortly")
    })
}

async fn free(relay: &Relay, id: IdempotentCallId) {
    if let Err(error) = relay.store.free_idempotent_call(id).await {
        tracing::warn!(%error, "an idempotency key whose call came to nothing is not given back");
    }
}

async fn close(relay: &Relay, id: IdempotentCallId, state: IdempotentState, answer: Option<&str>) {
    for pause in PAUSES.into_iter().map(Some).chain([None]) {
        match relay.store.close_idempotent_call(id, state, answer).await {
            Ok(_) => return,
            Err(error) if error.is_temporary() && pause.is_some() => {
                tracing::warn!(%error, "an answer is not kept yet");
                sleep(Duration::from_secs(pause.unwrap_or_default())).await;
            }
            Err(error) => {
                tracing::error!(%error, "an answer is not kept: a repeat of its call will be refused");
                return;
            }
        }
    }
}
