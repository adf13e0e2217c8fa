//! The body a client reads while the pump writes it.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::sync::mpsc;

/// How many pieces may wait for a slow client before the upstream is no longer read.
const DEPTH: usize = 16;

/// What the pump hands to the client's side.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Bytes for the client.
    Data(Bytes),
    /// Everything before this is to be sent, then the connection is to break: what was sent is not
    /// a whole answer and must not look like one.
    Abort,
}

/// The client's side: a body that ends when the pump is done.
#[derive(Debug)]
pub(crate) struct Feed {
    pieces: mpsc::Receiver<Piece>,
    aborting: bool,
}

/// The answer broke off.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the answer broke off")]
pub(crate) struct BrokeOff;

/// Both ends of a body.
pub(crate) fn feed() -> (mpsc::Sender<Piece>, Feed) {
    let (sender, pieces) = mpsc::channel(DEPTH);
    (sender, Feed { pieces, aborting: false })
}

// === impl Feed ===

impl Body for Feed {
    type Data = Bytes;
    type Error = BrokeOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokeOff>>> {
        if self.aborting {
            return Poll::Ready(Some(Err(BrokeOff)));
        }
        match self.pieces.poll_recv(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Ready(Some(Piece::Data(bytes))) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            Poll::Ready(Some(Piece::Abort)) => {
                // The server writes out what it holds whenever a body is pending. Failing at once
                // would throw away the error event that was just handed over.
                self.aborting = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn an_abort_follows_all_that_was_sent() {
        let (sender, mut feed) = feed();
        sender.send(Piece::Data(Bytes::from("a"))).await.unwrap();
        sender.send(Piece::Abort).await.unwrap();
        assert_eq!(feed.frame().await.unwrap().unwrap().into_data().unwrap(), "a");
        assert!(feed.frame().await.unwrap().is_err());
    }

    #[tokio::test]
    async fn the_end_of_the_pump_is_the_end_of_the_body() {
        let (sender, mut feed) = feed();
        drop(sender);
        assert!(feed.frame().await.is_none());
    }
}
