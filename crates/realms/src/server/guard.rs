//! A connection that cannot hold its place by dripping headers or by reading nothing.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

use super::Place;

/// What an HTTP/2 connection begins with. Its frames have deadlines of their own.
const HTTP2: &[u8] = b"PRI * HTTP/2";

/// How many requests of a connection are being answered.
#[derive(Debug, Default)]
pub(crate) struct Activity(AtomicU32);

/// Counts a request as being answered until it is dropped.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Activity>);

/// A stream with two deadlines: for the headers of a request once its first byte is there, and for a
/// client to read what was written.
#[derive(Debug)]
pub(crate) struct Guard {
    stream: TcpStream,
    activity: Arc<Activity>,
    header: Duration,
    write_stall: Duration,
    headers_due: Option<Pin<Box<Sleep>>>,
    write_due: Option<Pin<Box<Sleep>>>,
    http2: Option<bool>,
    _place: Place,
}

// === impl Activity ===

impl Activity {
    pub(crate) fn enter(self: &Arc<Self>) -> Busy {
        self.0.fetch_add(1, Ordering::AcqRel);
        Busy(Arc::clone(self))
    }

    /// The connection was upgraded: it takes no more requests whose headers could drip.
    pub(crate) fn enter_for_good(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    fn is_idle(&self) -> bool {
        self.0.load(Ordering::Acquire) == 0
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}

// === impl Guard ===

impl Guard {
    pub(crate) fn new(
        stream: TcpStream,
        activity: Arc<Activity>,
        header: Duration,
        write_stall: Duration,
        place: Place,
    ) -> Self {
        Self {
            stream,
            activity,
            header,
            write_stall,
            headers_due: None,
            write_due: None,
            http2: None,
            _place: place,
        }
    }

    /// Bytes came, or none did: whether that is in time.
    fn heard(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Result<(), io::Error> {
        let http2 = *self.http2.get_or_insert_with(|| bytes.starts_with(HTTP2));
        if http2 || !self.activity.is_idle() {
            self.headers_due = None;
            return Ok(());
        }
        if self.headers_due.is_none() && !bytes.is_empty() {
            self.headers_due = Some(Box::pin(sleep_until(Instant::now() + self.header)));
        }
        overdue(&mut self.headers_due, context, "the headers of a request took too long")
    }

    fn written(
        &mut self,
        context: &mut Context<'_>,
        result: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if result.is_ready() {
            self.write_due = None;
            return result;
        }
        let due = Instant::now() + self.write_stall;
        self.write_due.get_or_insert_with(|| Box::pin(sleep_until(due)));
        overdue(&mut self.write_due, context, "the client reads nothing")?;
        Poll::Pending
    }
}

fn overdue(
    due: &mut Option<Pin<Box<Sleep>>>,
    context: &mut Context<'_>,
    what: &'static str,
) -> Result<(), io::Error> {
    let late = due.as_mut().is_some_and(|sleep| sleep.as_mut().poll(context).is_ready());
    if late { Err(io::Error::new(io::ErrorKind::TimedOut, what)) } else { Ok(()) }
}

impl AsyncRead for Guard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_pending() {
            if self.headers_due.is_some() {
                self.heard(context, &[])?;
            }
            return Poll::Pending;
        }
        ready!(read)?;
        self.heard(context, &buffer.filled()[before..])?;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Guard {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(context, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
