//! From the upstream to the client, frame by frame, with a tap on the way.
//!
//! The pump runs in a task of its own: when a client leaves, its request's future is dropped, and
//! whatever had to happen afterwards would never happen there.

use std::{future::Future, pin::Pin, time::Duration};

use bytes::Bytes;
use http_body_util::BodyExt;
use realms_dialect::{
    Delivery, Fault, FaultKind, Framer, Sight, StreamShape, Tap, Think, keep_alive,
    render_fault_frame, usage_in_tail,
};
use realms_types::{Cause, DialectId, Usage};
use realms_upstream::ReplyBody;
use tokio::{
    sync::{Semaphore, mpsc},
    time::{Instant, Sleep, sleep_until, timeout},
};
use tokio_util::sync::WaitForCancellationFuture;

use crate::{
    feed::Piece,
    kept_responses::Keeping,
    lane::Interpreter,
    opening::{Content, last_frame, next},
    running::{Pass, stopped_fault},
    upstream_fault,
};

/// Of a body without frames this much of the end is kept, to find its usage in.
const TAIL: usize = 64 << 10;

/// How long an answer is read on for that nobody waits for, and how much of it.
const DRAIN_TIME: Duration = Duration::from_secs(30);
const DRAIN_MOST: usize = 4 << 20;

/// How long a slow client may take to learn that a file broke off.
const GOODBYE: Duration = Duration::from_secs(5);

/// Deadlines of a stream.
#[derive(Debug, Clone, Copy)]
pub struct StreamLimits {
    /// To the first meaningful event.
    pub first_event: Duration,
    /// Between two events.
    pub idle: Duration,
    /// From the first event to the last.
    pub total: Duration,
    /// How long a client may leave what was sent unread.
    pub write_stall: Duration,
}

/// How a stream came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// With its terminal event, or all of its bytes.
    Complete,
    /// It broke off, and the client was told.
    Broken(Cause),
    /// The client left before the end.
    ClientGone,
}

/// Passes one answer on.
pub(crate) struct Pump<'a> {
    /// To the client.
    pub client: &'a mpsc::Sender<Piece>,
    /// Reads usage on the way.
    pub tap: &'a mut dyn Tap,
    /// The client's dialect.
    pub dialect: DialectId,
    /// The id an error event carries.
    pub request_id: &'a str,
    /// The model as the client named it.
    pub model: &'a str,
    /// Deadlines.
    pub limits: StreamLimits,
    /// Silence after which the client hears that we are alive.
    pub keep_alive: Duration,
    /// Fires when the call must end.
    pub pass: &'a Pass,
    /// Says the answer in the client's dialect, where it comes in another.
    pub interpreter: Option<Box<Interpreter>>,
    /// Moves reasoning into the content, where the channel's options say so.
    pub think: Option<Think>,
    /// Gathers a response that is kept here, and has it say so.
    pub keeping: Option<Keeping>,
    /// Reads the answer to its end although its client left, while there is room for one more.
    pub drains: Option<&'a Semaphore>,
    /// Bytes handed to the client.
    pub sent: u64,
    /// Usage found in the end of a body without frames.
    pub tail_usage: Option<Usage>,
}

/// What happened next.
enum Event {
    Chunk(Bytes),
    End,
    Failed(Cause),
    Silence,
    ClientGone,
}

/// What may happen although the upstream says nothing. Its futures live as long as the stream, so that
/// an event costs no registration.
struct Watch<'a> {
    gone: Pin<Box<dyn Future<Output = ()> + Send + 'a>>,
    stop: Pin<Box<WaitForCancellationFuture<'a>>>,
    alarm: Pin<Box<Sleep>>,
    limits: StreamLimits,
    keep_alive: Duration,
    started: Instant,
    heard: Instant,
    spoken: Instant,
}

// === impl Pump ===

impl Pump<'_> {
    /// Passes the whole content on and says how it ended.
    pub(crate) async fn run(&mut self, content: Content) -> End {
        let passed = match content {
            Content::Whole(bytes) => self.send(bytes).await.map(|()| End::Complete),
            Content::Frames { framer, held, rest } => self.frames(framer, held, rest).await,
            Content::Through { held, rest } => self.through(held, rest).await,
        };
        match passed.unwrap_or_else(|end| end) {
            // The upstream gave its answer up and told the client so itself.
            End::Complete if self.tap.reading().fault.is_some() => End::Broken(Cause::Broken),
            // What the model said is no answer in the client's dialect. That is nobody's health.
            End::Complete if self.interpreter.as_ref().is_some_and(|it| it.has_failed()) => {
                End::Broken(Cause::NotAnAnswer)
            }
            end => end,
        }
    }

    async fn frames(
        &mut self,
        mut framer: Framer,
        held: Vec<Bytes>,
        mut rest: Option<ReplyBody>,
    ) -> Result<End, End> {
        let passed = self.pass_frames(&mut framer, held, rest.as_mut()).await;
        if let (Err(End::ClientGone), Some(rest)) = (passed, &mut rest) {
            self.drain(&mut framer, rest).await;
        }
        passed
    }

    /// Reads on for the usage alone, within bounds, when that was asked for.
    pub(crate) async fn drain(&mut self, framer: &mut Framer, rest: &mut ReplyBody) {
        let Some(_room) = self.drains.and_then(|drains| drains.try_acquire().ok()) else { return };
        let deadline = Instant::now() + DRAIN_TIME;
        let mut read = 0;
        // Chat tells its usage after its end.
        let told = |tap: &dyn Tap| tap.reading().ended && tap.reading().usage.is_some();
        while !told(self.tap) && read <= DRAIN_MOST {
            let chunk = tokio::select! {
                chunk = next(rest, deadline) => chunk,
                () = self.pass.stopped() => return,
            };
            let Ok(Some(chunk)) = chunk else { return };
            read += chunk.len();
            let Ok(batch) = framer.push(chunk) else { return };
            for frame in batch.frames() {
                self.tap.frame(&frame);
            }
            if let Some(progress) = &self.pass.progress {
                progress.read(self.tap.reading());
            }
        }
    }

    /// The bytes of whole frames as the client is to see them.
    fn shown(&mut self, bytes: Bytes) -> Bytes {
        let bytes = match &mut self.interpreter {
            Some(interpreter) => interpreter.push(bytes),
            None => bytes,
        };
        self.edited(bytes)
    }

    /// What is said in the client's dialect, with what is ours to change.
    fn edited(&mut self, bytes: Bytes) -> Bytes {
        if bytes.is_empty() {
            return bytes;
        }
        let bytes = match &mut self.think {
            Some(think) => think.frames(bytes),
            None => bytes,
        };
        match &mut self.keeping {
            Some(keeping) => keeping.frames(bytes),
            None => bytes,
        }
    }

    /// What the client gets at the end of an answer in another dialect, whole or not.
    async fn conclude(&mut self) -> Result<(), End> {
        let Some(interpreter) = &mut self.interpreter else { return Ok(()) };
        let last = interpreter.finish();
        let last = self.edited(last);
        self.send(last).await
    }

    /// What may be sent into silence.
    fn keep_alive(&self, json_array: bool) -> Option<Bytes> {
        let delivery = self.interpreter.as_ref().map(|interpreter| interpreter.delivery());
        let json = delivery.map_or(json_array, |delivery| delivery != Delivery::Events);
        keep_alive(self.dialect, json)
    }

    async fn pass_frames(
        &mut self,
        framer: &mut Framer,
        held: Vec<Bytes>,
        rest: Option<&mut ReplyBody>,
    ) -> Result<End, End> {
        let json_array = framer.is_json_array();
        for bytes in held {
            let bytes = self.shown(bytes);
            self.send(bytes).await?;
        }
        let Some(rest) = rest else { return self.conclude().await.map(|()| End::Complete) };
        let mut watch = Watch::new(self);
        loop {
            let cause = match self.next(rest, &mut watch).await {
                Event::Chunk(chunk) => match framer.push(chunk) {
                    Ok(batch) => {
                        for frame in batch.frames() {
                            self.tap.frame(&frame);
                        }
                        if let Some(progress) = &self.pass.progress {
                            progress.read(self.tap.reading());
                        }
                        if !batch.bytes.is_empty() {
                            let bytes = self.shown(batch.bytes);
                            self.send(bytes).await?;
                        }
                        continue;
                    }
                    Err(_) => Cause::TooLarge,
                },
                Event::Silence => {
                    if let Some(bytes) = self.keep_alive(json_array) {
                        self.send(bytes).await?;
                    }
                    watch.spoke();
                    continue;
                }
                // What happens after the terminal event changes nothing about the answer.
                Event::ClientGone if self.tap.reading().ended => return Ok(End::Complete),
                Event::Failed(_) if self.tap.reading().ended => {
                    return self.conclude().await.map(|()| End::Complete);
                }
                Event::ClientGone => return Err(End::ClientGone),
                Event::End if self.finish(framer).await? => return Ok(End::Complete),
                Event::End => Cause::Broken,
                Event::Failed(cause) => cause,
            };
            return Err(self.break_off(cause, json_array).await);
        }
    }

    /// The upstream is done: what is left over goes out if it completes the answer.
    async fn finish(&mut self, framer: &mut Framer) -> Result<bool, End> {
        if let Some(rest) = framer.finish() {
            let sight = self.tap.frame(&last_frame(framer, &rest));
            if self.tap.reading().ended || !matches!(sight, Sight::Noise) {
                let rest = self.shown(rest);
                self.send(rest).await?;
            }
        }
        self.conclude().await?;
        let is_whole =
            self.interpreter.as_ref().is_none_or(|it| it.is_complete() || it.has_failed());
        Ok(self.tap.reading().ended && is_whole)
    }

    async fn through(&mut self, held: Vec<Bytes>, mut rest: ReplyBody) -> Result<End, End> {
        let mut tail = Tail::default();
        for bytes in held {
            tail.push(&bytes);
            self.send(bytes).await?;
        }
        let mut watch = Watch::new(self);
        loop {
            match self.next(&mut rest, &mut watch).await {
                Event::Chunk(chunk) => {
                    tail.push(&chunk);
                    self.send(chunk).await?;
                }
                // A comment inside a file would spoil it.
                Event::Silence => watch.spoke(),
                Event::End => {
                    self.tail_usage = usage_in_tail(self.dialect, &tail.0);
                    return Ok(End::Complete);
                }
                Event::ClientGone => return Err(End::ClientGone),
                Event::Failed(cause) => {
                    let abort = self.client.send(Piece::Abort);
                    let _ = timeout(GOODBYE, abort).await;
                    return Err(End::Broken(cause));
                }
            }
        }
    }

    async fn next(&mut self, rest: &mut ReplyBody, watch: &mut Watch<'_>) -> Event {
        loop {
            tokio::select! {
                biased;
                frame = rest.frame() => match frame {
                    None => return Event::End,
                    Some(Err(_)) => return Event::Failed(Cause::Broken),
                    Some(Ok(frame)) => {
                        let Ok(bytes) = frame.into_data() else { continue };
                        watch.heard = Instant::now();
                        return Event::Chunk(bytes);
                    }
                },
                () = &mut watch.gone => return Event::ClientGone,
                () = &mut watch.stop => return Event::Failed(self.pass.why()),
                () = &mut watch.alarm => {
                    if let Some(event) = watch.due() {
                        return event;
                    }
                    let wake = watch.wake();
                    watch.alarm.as_mut().reset(wake);
                }
            }
        }
    }

    async fn send(&mut self, bytes: Bytes) -> Result<(), End> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.sent += bytes.len() as u64;
        let piece = match self.client.try_send(Piece::Data(bytes)) {
            Ok(()) => return Ok(()),
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(End::ClientGone),
            Err(mpsc::error::TrySendError::Full(piece)) => piece,
        };
        tokio::select! {
            sent = timeout(self.limits.write_stall, self.client.send(piece)) => match sent {
                Ok(Ok(())) => Ok(()),
                // A client that reads nothing for this long is as good as gone.
                Ok(Err(_)) | Err(_) => Err(End::ClientGone),
            },
            () = self.pass.stopped() => Err(End::Broken(self.pass.why())),
        }
    }

    /// Tells the client in its own dialect that the answer broke off.
    ///
    /// HTTP then ends in good order. Breaking the connection too would lose the event in some clients
    /// (Claude Code) and the whole turn in others (Gemini CLI); the event is what none takes for an end.
    async fn break_off(&mut self, cause: Cause, json_array: bool) -> End {
        if let Some(interpreter) = &mut self.interpreter {
            let last = interpreter.fail(&broken_fault(cause));
            return match self.send(last).await {
                Ok(()) => End::Broken(cause),
                Err(_) => End::ClientGone,
            };
        }
        // The upstream may have told the client itself.
        if self.tap.reading().fault.is_none() {
            let reading = self.tap.reading();
            let shape = StreamShape {
                json_array,
                started: true,
                sequence: reading.sequence,
                object_id: reading.object_id.as_deref(),
                model: Some(self.model),
            };
            let fault = broken_fault(cause);
            let frame = render_fault_frame(self.dialect, &fault, self.request_id, shape);
            if self.send(frame).await.is_err() {
                return End::ClientGone;
            }
        }
        End::Broken(cause)
    }
}

fn broken_fault(cause: Cause) -> Fault {
    let (kind, message) = match cause {
        Cause::Shutdown | Cause::Revoked => return stopped_fault(cause),
        Cause::IdleTimeout => (FaultKind::Timeout, "the upstream fell silent in mid-answer"),
        Cause::StreamTimeout => (FaultKind::Timeout, "the answer took longer than allowed"),
        Cause::TooLarge => (FaultKind::BadGateway, "the upstream sent an event that is too large"),
        _ => (FaultKind::BadGateway, "the upstream broke off in mid-answer"),
    };
    upstream_fault(kind, message)
}

// === impl Watch ===

impl<'a> Watch<'a> {
    fn new(pump: &Pump<'a>) -> Self {
        let now = Instant::now();
        let (limits, keep_alive) = (pump.limits, pump.keep_alive);
        let first = keep_alive.min(limits.idle).min(limits.total);
        Self {
            gone: Box::pin(pump.client.closed()),
            stop: Box::pin(pump.pass.stopped()),
            alarm: Box::pin(sleep_until(now + first)),
            limits,
            keep_alive,
            started: now,
            heard: now,
            spoken: now,
        }
    }

    /// The alarm is set anew only when it rings: an event merely moves the times it looks at.
    fn wake(&self) -> Instant {
        let silence = self.heard.max(self.spoken) + self.keep_alive;
        silence.min(self.heard + self.limits.idle).min(self.started + self.limits.total)
    }

    fn due(&self) -> Option<Event> {
        let now = Instant::now();
        if now >= self.started + self.limits.total {
            Some(Event::Failed(Cause::StreamTimeout))
        } else if now >= self.heard + self.limits.idle {
            Some(Event::Failed(Cause::IdleTimeout))
        } else if now >= self.heard.max(self.spoken) + self.keep_alive {
            Some(Event::Silence)
        } else {
            None
        }
    }

    /// A keep-alive went out, or would have.
    fn spoke(&mut self) {
        self.spoken = Instant::now();
        let wake = self.wake();
        self.alarm.as_mut().reset(wake);
    }
}

/// The last bytes of a body.
#[derive(Default)]
struct Tail(Vec<u8>);

impl Tail {
    fn push(&mut self, bytes: &[u8]) {
        let new = &bytes[bytes.len().saturating_sub(TAIL)..];
        let over = (self.0.len() + new.len()).saturating_sub(TAIL);
        self.0.drain(..over);
        self.0.extend_from_slice(new);
    }
}
