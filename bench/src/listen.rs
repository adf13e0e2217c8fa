//! The accept loop of the two servers measured against: plain HTTP/1.1 on a free loopback port.

use std::{
    convert::Infallible,
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr},
    process, thread,
};

use anyhow::Result;
use http::{Request, Response};
use hyper::{
    body::{Body, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// Serves until the process that started this one is gone. The first line of output is the address.
pub(crate) async fn serve<H, F, B>(handler: H) -> Result<()>
where
    H: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Response<B>> + Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    writeln!(io::stdout(), "{}", listener.local_addr()?)?;
    leave_with_the_parent();
    loop {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        let handler = handler.clone();
        let service = service_fn(move |request| {
            let answer = handler(request);
            async move { Ok::<_, Infallible>(answer.await) }
        });
        // A connection that breaks is the load generator's to report.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), service));
    }
}

/// Ends this process when its standard input closes, which is when the parent ends, however it ends.
fn leave_with_the_parent() {
    thread::spawn(|| {
        let _ = io::stdin().lock().read_to_end(&mut Vec::new());
        process::exit(0);
    });
}
