//! One connection to the fake: reads requests, plays their steps, notices when the peer leaves.

use std::sync::Arc;

use bytes::BytesMut;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    select,
    time::Instant,
};

use super::Shared;
use crate::{
    Cut, Received,
    reply::Step,
    wire::{WireRequest, take_request},
};

/// How a reply ended.
enum Played {
    Whole,
    Cut(Cut),
    PeerLeft,
}

/// Serves a connection until one side has had enough.
pub(super) async fn serve(mut stream: TcpStream, connection: usize, shared: Arc<Shared>) {
    // Each write has to leave at once: the tests are about when which bytes arrive.
    let _ = stream.set_nodelay(true);
    let reset = {
        let (mut reader, mut writer) = stream.split();
        converse(&mut reader, &mut writer, connection, &shared).await
    };
    if reset {
        let _ = stream.set_zero_linger();
    }
}

/// Answers one request after another; tells whether the connection is to be reset.
async fn converse(
    reader: &mut ReadHalf<'_>,
    writer: &mut WriteHalf<'_>,
    connection: usize,
    shared: &Shared,
) -> bool {
    let mut buffer = BytesMut::new();
    while let Some(request) = read_request(reader, &mut buffer).await {
        let (number, steps) = shared.receive(&Received::new(request, connection));
        // Whoever has read all of the reply may leave: a finished reply comes first.
        let played = select! {
            biased;
            played = play(writer, steps) => played,
            () = departure(reader, &mut buffer) => Played::PeerLeft,
        };
        let now = Some(Instant::now());
        match played {
            Played::Whole => shared.log.update(number, |request| request.replied = now),
            Played::Cut(cut) => {
                shared.log.update(number, |request| request.closed = now);
                return cut == Cut::Reset;
            }
            Played::PeerLeft => {
                shared.log.update(number, |request| request.closed = now);
                return false;
            }
        }
    }
    false
}

/// The next request; `None` when the peer has gone or does not speak HTTP.
async fn read_request(reader: &mut ReadHalf<'_>, buffer: &mut BytesMut) -> Option<WireRequest> {
    loop {
        match take_request(buffer) {
            Ok(Some(request)) => return Some(request),
            Ok(None) => {}
            Err(_) => return None,
        }
        if reader.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
}

/// Returns when the peer has closed the connection; what it sends meanwhile is kept.
async fn departure(reader: &mut ReadHalf<'_>, buffer: &mut BytesMut) {
    while matches!(reader.read_buf(buffer).await, Ok(1..)) {}
}

async fn play(writer: &mut WriteHalf<'_>, steps: Vec<Step>) -> Played {
    for step in steps {
        match step {
            Step::Write(bytes) => {
                if writer.write_all(&bytes).await.is_err() {
                    return Played::PeerLeft;
                }
            }
            Step::Wait(gate) => gate.pass().await,
            Step::Cut(cut) => return Played::Cut(cut),
            Step::Never => std::future::pending().await,
        }
    }
    Played::Whole
}
