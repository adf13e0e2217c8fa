//! A stream that a client did not ask for, read to its end and answered whole.

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use realms_dialect::{Frame, Framer, ResponseFold, Sight, Tap, tap};
use realms_types::{Cause, Timestamp};
use realms_upstream::Reply;
use tokio::time::Instant;

use super::{
    Answer, Content, Expected, Opening, Refusal, error_inside, first, last_frame, next, silent,
    went_silent,
};

/// No stream that is folded has more bytes.
const MOST: usize = 128 << 20;

/// What there is of the stream.
struct Folding {
    framer: Framer,
    tap: Box<dyn Tap>,
    fold: ResponseFold,
    size: usize,
}

/// Reads a stream to the event that holds the whole answer. Until then nothing has gone to the client,
/// so whatever goes wrong another candidate may do better.
pub(super) async fn open_folded(
    reply: Reply,
    framer: Framer,
    expected: Expected,
    now: Timestamp,
) -> Opening {
    let Reply { status, mut headers, mut body } = reply;
    let (tap, fold) = (tap(expected.dialect), ResponseFold::default());
    let mut folding = Folding { framer, tap, fold, size: 0 };
    let mut deadline = expected.first_event;
    loop {
        let done = match next(&mut body, deadline).await {
            Ok(Some(chunk)) => folding.listen(chunk, status, now),
            Ok(None) => match folding.end(status, now) {
                Ok(true) => Ok(true),
                Ok(false) => return silent(status, Cause::Broken, "before the end of its answer"),
                Err(refusal) => Err(refusal),
            },
            Err(cause) if folding.size == 0 => {
                return silent(status, first(cause), "before the first event");
            }
            Err(cause) => return silent(status, cause, "before the end of its answer"),
        };
        match done {
            Ok(true) => break,
            Ok(false) => {}
            Err(refusal) => return Opening::Refusal(*refusal),
        }
        deadline = expected.end.min(Instant::now() + expected.idle);
    }
    let Some(whole) = folding.fold.finish() else {
        return silent(status, Cause::NotAnAnswer, "and ended without an answer");
    };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Opening::Answer(Answer::new(status, headers, Content::Whole(whole), folding.tap))
}

// === impl Folding ===

impl Folding {
    /// Takes the next bytes; true once the answer is whole.
    fn listen(
        &mut self,
        chunk: Bytes,
        status: StatusCode,
        now: Timestamp,
    ) -> Result<bool, Box<Refusal>> {
        self.size += chunk.len();
        if self.size > MOST {
            return Err(too_large(status));
        }
        let batch = self.framer.push(chunk).map_err(|_| too_large(status))?;
        for frame in batch.frames() {
            if Self::judge(&mut self.tap, &mut self.fold, &frame, status, now)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The stream ended: true if what is left completes the answer.
    fn end(&mut self, status: StatusCode, now: Timestamp) -> Result<bool, Box<Refusal>> {
        match self.framer.finish() {
            Some(rest) => {
                let frame = last_frame(&self.framer, &rest);
                Self::judge(&mut self.tap, &mut self.fold, &frame, status, now)
            }
            None => Ok(false),
        }
    }

    /// Reads a frame. An error counts wherever it comes: nothing has gone out.
    fn judge(
        tap: &mut Box<dyn Tap>,
        fold: &mut ResponseFold,
        frame: &Frame<'_>,
        status: StatusCode,
        now: Timestamp,
    ) -> Result<bool, Box<Refusal>> {
        if let Sight::Fault(fault) = tap.frame(frame) {
            return Err(error_inside(status, &fault, now).into());
        }
        if let Some(fault) = &tap.reading().fault {
            return Err(error_inside(status, fault, now).into());
        }
        fold.push(frame).map_err(|_| too_large(status))
    }
}

fn too_large(status: StatusCode) -> Box<Refusal> {
    went_silent(status, Cause::TooLarge, "larger than may be held").into()
}
