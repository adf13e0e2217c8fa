//! Stands between a client and a server and keeps every byte the client sends.

use std::{net::SocketAddr, sync::Arc};

use bytes::BytesMut;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    select,
    task::{JoinHandle, JoinSet},
};

use crate::{Received, log::Log, wire::take_request};

/// A relay of bytes on a loopback port. It changes nothing; what it saw of the client is the truth
/// that the upstream's side is compared with.
#[derive(Debug)]
pub struct Tee {
    address: SocketAddr,
    log: Arc<Log>,
    task: JoinHandle<()>,
}

// === impl Tee ===

impl Tee {
    /// Starts on a free port of 127.0.0.1, in front of `server`.
    pub async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free loopback port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let log = Arc::new(Log::default());
        let task = tokio::spawn(accept(listener, server, Arc::clone(&log)));
        Self { address, log, task }
    }

    /// Where clients connect to: `http://127.0.0.1:{port}`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every whole request the client has sent so far.
    pub fn requests(&self) -> Vec<Received> {
        self.log.all()
    }
}

impl Drop for Tee {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, log: Arc<Log>) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    while let Ok((client, _)) = listener.accept().await {
        connections.spawn(join(client, server, number, Arc::clone(&log)));
        number += 1;
        while connections.try_join_next().is_some() {}
    }
}

/// Carries bytes both ways until either side ends.
async fn join(client: TcpStream, server: SocketAddr, connection: usize, log: Arc<Log>) {
    let Ok(server) = TcpStream::connect(server).await else {
        return;
    };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (client_reader, mut client_writer) = client.into_split();
    let (mut server_reader, server_writer) = server.into_split();
    select! {
        () = carry(client_reader, server_writer, connection, &log) => {}
        _ = copy(&mut server_reader, &mut client_writer) => {}
    }
}

async fn carry(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    connection: usize,
    log: &Log,
) {
    let mut buffer = BytesMut::new();
    loop {
        let old = buffer.len();
        match client.read_buf(&mut buffer).await {
            Ok(1..) => {}
            Ok(0) | Err(_) => return,
        }
        let fresh = buffer[old..].to_vec();
        while let Ok(Some(request)) = take_request(&mut buffer) {
            log.push(Received::new(request, connection));
        }
        if server.write_all(&fresh).await.is_err() {
            return;
        }
    }
}
