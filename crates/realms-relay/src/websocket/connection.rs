//! One connection from its first frame to its close.

use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code},
    response::Response,
};
use bytes::Bytes;
use http_body_util::BodyExt;
use realms_dialect::{CreateEvent, Fault, Limits, SseFramer};
use realms_types::{Cause, RequestMeta};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until, timeout};

use super::{
    frames,
    handshake::Handshake,
    memory::{Basis, MOST, Memory},
    turn::{cut, is_stream},
};
use crate::{Operation, Relay, running::Pass, serve::serve};

/// So many pings without an answer mean that it is not.
const UNANSWERED: u32 = 3;
/// How long it may take to say goodbye, and an answer to end behind its last event.
const GOODBYE: Duration = Duration::from_secs(5);
/// So much of an answer that is no stream is read.
const MOST_ERROR: usize = 1 << 20;

/// A connection that is open.
pub(super) struct Connection {
    relay: Relay,
    socket: WebSocket,
    pass: Pass,
    handshake: Handshake,
    memory: Memory,
    ends: Instant,
    pings: Interval,
    unanswered: u32,
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goodbye {
    /// The client is no longer there.
    Gone,
    /// It is told why.
    Close(u16, &'static str),
    /// A frame was larger than may be read.
    TooLarge,
    /// It lived as long as it may.
    TooOld,
}

/// What a client sent.
#[derive(Debug)]
enum Heard {
    Text(Bytes),
    Binary,
    /// Only that it is there.
    Alive,
}

// === impl Connection ===

impl Connection {
    pub(super) fn new(relay: Relay, socket: WebSocket, pass: Pass, handshake: Handshake) -> Self {
        let now = Instant::now();
        let limits = relay.limits.sockets;
        let mut pings = interval_at(now + limits.ping, limits.ping);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let memory = Memory::new(MOST, Arc::clone(relay.socket_memory()));
        let ends = now + limits.life;
        Self { relay, socket, pass, handshake, memory, ends, pings, unanswered: 0 }
    }

    /// Serves responses one after the other until one side ends it.
    pub(super) async fn run(mut self) {
        let goodbye = loop {
            let turn = match self.listen().await {
                Ok(text) => self.turn(&text).await,
                Err(goodbye) => Err(goodbye),
            };
            if let Err(goodbye) = turn {
                break goodbye;
            }
        };
        let id = self.handshake.meta(&self.relay.ids).shown;
        let (code, reason) = match goodbye {
            Goodbye::Gone => return,
            Goodbye::Close(code, reason) => (code, reason),
            Goodbye::TooLarge => {
                let _ = self.send(frames::too_large(self.relay.limits.body.bytes, &id)).await;
                (close_code::SIZE, "the frame is too large")
            }
            Goodbye::TooOld => {
                let _ = self.send(frames::too_old(&id)).await;
                (close_code::NORMAL, "open for too long")
            }
        };
        let close = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
        let close = self.socket.send(Message::Close(Some(close)));
        if let Ok(Ok(())) = timeout(GOODBYE, close).await {
            // The client answers, which ends it for both; to close first could lose what was sent.
            let _ = timeout(GOODBYE, async { while let Some(Ok(_)) = self.socket.recv().await {} })
                .await;
        }
    }

    /// Waits for the next text.
    async fn listen(&mut self) -> Result<Bytes, Goodbye> {
        let silent = Instant::now() + self.relay.limits.sockets.idle;
        loop {
            let message = tokio::select! {
                biased;
                () = self.pass.stopped() => return Err(ended(self.pass.why())),
                () = self.relay.stopping.cancelled() => return Err(ended(Cause::Shutdown)),
                () = sleep_until(self.ends) => return Err(Goodbye::TooOld),
                () = sleep_until(silent) => {
                    return Err(Goodbye::Close(close_code::NORMAL, "idle for too long"));
                }
                _ = self.pings.tick() => None,
                message = self.socket.recv() => Some(message),
            };
            let Some(message) = message else {
                self.ping().await?;
                continue;
            };
            match self.hear(message)? {
                Heard::Text(text) => return Ok(text),
                Heard::Binary => {
                    let id = self.handshake.meta(&self.relay.ids).shown;
                    self.send(frames::no_binary(&id)).await?;
                }
                Heard::Alive => {}
            }
        }
    }

    /// Waits for something while the client may leave, and may ask for nothing else.
    async fn meanwhile<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Goodbye> {
        let mut work = pin!(work);
        loop {
            let message = tokio::select! {
                biased;
                done = &mut work => return Ok(done),
                message = self.socket.recv() => Some(message),
                _ = self.pings.tick() => None,
            };
            let Some(message) = message else {
                self.ping().await?;
                continue;
            };
            match self.hear(message)? {
                Heard::Text(_) | Heard::Binary => {
                    let id = self.handshake.meta(&self.relay.ids).shown;
                    self.send(frames::response_running(&id)).await?;
                }
                Heard::Alive => {}
            }
        }
    }

    /// Answers one text.
    async fn turn(&mut self, text: &Bytes) -> Result<(), Goodbye> {
        let meta = self.handshake.meta(&self.relay.ids);
        let create = CreateEvent::read(text);
        let read = create.and_then(|create| Ok((self.memory.basis(&create)?, create)));
        match read {
            Ok((basis, create)) if create.generates() => self.respond(&create, &basis, meta).await,
            Ok((basis, create)) => self.warm_up(&create, &basis, &meta).await,
            Err(fault) => self.tell(&fault, &meta).await,
        }
    }

    /// Answers a turn that only warms the connection up: nobody is asked, nothing is charged.
    async fn warm_up(
        &mut self,
        create: &CreateEvent<'_>,
        basis: &Basis,
        meta: &RequestMeta,
    ) -> Result<(), Goodbye> {
        let id = format!("resp_{}", meta.id.to_string().replace('-', ""));
        let gathered = self.memory.gather(create, basis);
        let created_at = self.relay.clock.now().as_secs();
        for frame in frames::warm_up(&id, create.model(), created_at) {
            self.send(frame).await?;
        }
        self.memory.keep_warm(gathered, id);
        Ok(())
    }

    /// Makes one call and passes its answer on.
    async fn respond(
        &mut self,
        create: &CreateEvent<'_>,
        basis: &Basis,
        meta: RequestMeta,
    ) -> Result<(), Goodbye> {
        let whole = match basis {
            Basis::Whole(items) => Some(items.as_str()),
            Basis::Own | Basis::Stored => None,
        };
        let body = Body::from(create.body(whole).concat());
        let parts = self.handshake.call(create.metadata());
        let call = serve(self.relay.clone(), Operation::Respond, parts, body, meta.clone());
        let answer = self.meanwhile(Box::pin(call)).await?;
        if !is_stream(answer.status(), answer.headers()) {
            return self.tell_answer(answer, &meta).await;
        }
        self.pass_on(answer.into_body(), create, basis, &meta).await
    }

    /// Passes a stream on, event by event.
    async fn pass_on(
        &mut self,
        mut body: Body,
        create: &CreateEvent<'_>,
        basis: &Basis,
        meta: &RequestMeta,
    ) -> Result<(), Goodbye> {
        let most = self.relay.limits.frame_bytes;
        let mut framer = SseFramer::with_limits(Limits { line: most, frame: most });
        let mut gathering = self.memory.gather(create, basis);
        while let Some(Ok(piece)) = self.meanwhile(body.frame()).await? {
            let Ok(chunk) = piece.into_data() else { continue };
            let Ok(texts) = cut(&mut framer, &mut gathering, chunk) else { break };
            for text in texts {
                self.send_text(text).await?;
            }
            if gathering.ended() {
                // The client may ask for the next response from here on: nothing is read from it
                // until this one is wholly over.
                let _ =
                    timeout(GOODBYE, async { while let Some(Ok(_)) = body.frame().await {} }).await;
                self.memory.keep(gathering);
                return Ok(());
            }
        }
        self.send(frames::broken_frame(&meta.shown)).await
    }

    /// Tells what was answered instead of a stream.
    async fn tell_answer(&mut self, answer: Response, meta: &RequestMeta) -> Result<(), Goodbye> {
        let (head, body) = answer.into_parts();
        let body = http_body_util::Limited::new(body, MOST_ERROR).collect();
        let body = self.meanwhile(body).await?.map(http_body_util::Collected::to_bytes);
        let body = body.unwrap_or_default();
        self.send(frames::answer_frame(head.status, &head.headers, &body, &meta.shown)).await
    }

    async fn tell(&mut self, fault: &Fault, meta: &RequestMeta) -> Result<(), Goodbye> {
        self.send(frames::fault_frame(fault, &meta.shown)).await
    }

    async fn ping(&mut self) -> Result<(), Goodbye> {
        if self.unanswered >= UNANSWERED {
            return Err(Goodbye::Gone);
        }
        self.unanswered += 1;
        self.write(Message::Ping(Bytes::new())).await
    }

    fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<Heard, Goodbye> {
        self.unanswered = 0;
        match message {
            None | Some(Ok(Message::Close(_))) => Err(Goodbye::Gone),
            Some(Err(error)) => Err(unreadable(error)),
            Some(Ok(Message::Text(text))) => Ok(Heard::Text(text.into())),
            Some(Ok(Message::Binary(_))) => Ok(Heard::Binary),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Heard::Alive),
        }
    }

    /// Sends JSON of our own.
    async fn send(&mut self, json: Bytes) -> Result<(), Goodbye> {
        match Utf8Bytes::try_from(json) {
            Ok(text) => self.send_text(text).await,
            Err(_) => Ok(()),
        }
    }

    async fn send_text(&mut self, text: Utf8Bytes) -> Result<(), Goodbye> {
        self.write(Message::Text(text)).await
    }

    async fn write(&mut self, message: Message) -> Result<(), Goodbye> {
        let stall = self.relay.limits.stream.write_stall;
        match timeout(stall, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Goodbye::Gone),
        }
    }
}

/// How a connection ends that somebody else ends.
fn ended(cause: Cause) -> Goodbye {
    if cause == Cause::Shutdown {
        Goodbye::Close(close_code::AWAY, "the server is stopping")
    } else {
        Goodbye::Close(close_code::POLICY, "the API key was switched off or revoked")
    }
}

/// What follows a frame that cannot be read.
fn unreadable(error: axum::Error) -> Goodbye {
    match error.into_inner().downcast_ref::<tungstenite::Error>() {
        Some(tungstenite::Error::Capacity(_)) => Goodbye::TooLarge,
        Some(tungstenite::Error::Utf8(_)) => {
            Goodbye::Close(close_code::INVALID, "a text frame is not UTF-8")
        }
        Some(tungstenite::Error::Protocol(
            tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        )) => Goodbye::Gone,
        Some(tungstenite::Error::Protocol(_)) => {
            Goodbye::Close(close_code::PROTOCOL, "this is no WebSocket frame")
        }
        _ => Goodbye::Gone,
    }
}
