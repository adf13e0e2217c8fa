//! The body of an answer, whichever way it comes.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame};
use hyper::body::Incoming;
use tokio_tungstenite::tungstenite;

use crate::socket::Turn;

/// The body of an answer. Dropping it before its end closes the connection.
pub struct ReplyBody(Way);

enum Way {
    /// What HTTP brings.
    Http(Incoming),
    /// The events of a turn on a WebSocket, as those of a stream.
    Turn(Box<Turn>),
    /// It is there already.
    Whole(Option<Bytes>),
}

/// Why a body ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// The connection broke, or what came over it was not HTTP.
    #[error(transparent)]
    Http(#[from] hyper::Error),
    /// The WebSocket broke.
    #[error(transparent)]
    Socket(#[from] tungstenite::Error),
    /// The WebSocket was closed before the last event, or spoke binary.
    #[error("the WebSocket was closed before the last event")]
    Closed,
}

// === impl ReplyBody ===

impl ReplyBody {
    pub(crate) fn turn(turn: Turn) -> Self {
        Self(Way::Turn(Box::new(turn)))
    }

    pub(crate) const fn whole(bytes: Bytes) -> Self {
        Self(Way::Whole(Some(bytes)))
    }
}

impl From<Incoming> for ReplyBody {
    fn from(incoming: Incoming) -> Self {
        Self(Way::Http(incoming))
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match &mut self.0 {
            Way::Http(incoming) => {
                Pin::new(incoming).poll_frame(cx).map(|next| next.map(|next| Ok(next?)))
            }
            Way::Turn(turn) => {
                turn.poll_event(cx).map(|next| next.map(|next| next.map(Frame::data)))
            }
            Way::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Way::Http(incoming) => incoming.is_end_stream(),
            Way::Turn(turn) => turn.is_over(),
            Way::Whole(bytes) => bytes.is_none(),
        }
    }
}

impl fmt::Debug for ReplyBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = match &self.0 {
            Way::Http(_) => "http",
            Way::Turn(_) => "turn",
            Way::Whole(_) => "whole",
        };
        f.debug_tuple("ReplyBody").field(&way).finish()
    }
}
