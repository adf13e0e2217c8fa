//! Calls through proxies: each kind, with and without a login, to hosts in the clear and over TLS.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use realms_types::{Proxy, ProxyScheme};
use realms_upstream::Outgoing;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::{
    fake::{CANARY, Fake, OK, outgoing, read_request, text},
    tls::{acceptor, trusting},
};

/// Bytes both ways, over whatever.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// What a proxy was asked for, and how its caller introduced itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) goal: String,
    pub(crate) login: Option<String>,
}

const SCHEMES: [ProxyScheme; 4] =
    [ProxyScheme::Http, ProxyScheme::Https, ProxyScheme::Socks5, ProxyScheme::Socks5h];

pub(crate) fn proxy(text: &str) -> Arc<Proxy> {
    Arc::new(text.parse().unwrap())
}

/// Where a fake proxy is, as an operator writes it.
fn at(scheme: ProxyScheme, login: &str, fake: &Fake) -> Arc<Proxy> {
    proxy(&format!("{scheme}://{login}localhost:{}", fake.address.port()))
}

/// Reads one head.
pub(crate) async fn read_head(stream: &mut impl Stream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(bytes).unwrap()
}

async fn connect_hop(stream: &mut impl Stream) -> Asked {
    let head = read_head(stream).await;
    let goal = head.lines().next().unwrap().split(' ').nth(1).unwrap().to_owned();
    assert!(head.contains(&format!("\r\nHost: {goal}\r\n")), "{head}");
    let login = head.lines().find_map(|line| line.strip_prefix("Proxy-Authorization: Basic "));
    let login = login.map(|coded| String::from_utf8(STANDARD.decode(coded).unwrap()).unwrap());
    stream.write_all(b"HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n").await.unwrap();
    Asked { goal, login }
}

async fn read_bytes(stream: &mut impl Stream) -> String {
    let length = stream.read_u8().await.unwrap();
    let mut bytes = vec![0; length.into()];
    stream.read_exact(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Reads a greeting; takes a login where one is offered.
pub(crate) async fn socks_greeting(stream: &mut impl Stream) -> Option<String> {
    assert_eq!(stream.read_u8().await.unwrap(), 5);
    let mut methods = vec![0; stream.read_u8().await.unwrap().into()];
    stream.read_exact(&mut methods).await.unwrap();
    if !methods.contains(&2) {
        stream.write_all(&[5, 0]).await.unwrap();
        return None;
    }
    stream.write_all(&[5, 2]).await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), 1);
    let (user, password) = (read_bytes(stream).await, read_bytes(stream).await);
    Some(format!("{user}:{password}"))
}

/// Reads a request.
pub(crate) async fn socks_request(stream: &mut impl Stream) -> String {
    let mut start = [0; 4];
    stream.read_exact(&mut start).await.unwrap();
    assert_eq!(start[..3], [5, 1, 0]);
    let host = match start[3] {
        1 => std::net::Ipv4Addr::from(stream.read_u32().await.unwrap()).to_string(),
        3 => read_bytes(stream).await,
        _ => format!("[{}]", std::net::Ipv6Addr::from(stream.read_u128().await.unwrap())),
    };
    format!("{host}:{}", stream.read_u16().await.unwrap())
}

async fn socks_hop(stream: &mut impl Stream) -> Asked {
    let login = socks_greeting(stream).await;
    if login.is_some() {
        stream.write_all(&[1, 0]).await.unwrap();
    }
    let goal = socks_request(stream).await;
    stream.write_all(b"\x05\x00\x00\x03\x03a.b\x00\x01").await.unwrap();
    Asked { goal, login }
}

/// Plays the proxy, then the host behind it.
async fn play(mut stream: Box<dyn Stream>, scheme: ProxyScheme, tls: bool) -> (Asked, String) {
    if scheme == ProxyScheme::Https {
        stream = Box::new(acceptor().accept(stream).await.unwrap());
    }
    let asked = if scheme.is_socks() {
        socks_hop(&mut stream).await
    } else {
        connect_hop(&mut stream).await
    };
    if tls {
        stream = Box::new(acceptor().accept(stream).await.unwrap());
    }
    let (head, _) = read_request(&mut stream).await;
    stream.write_all(OK).await.unwrap();
    stream.flush().await.unwrap();
    (asked, head)
}

#[tokio::test]
async fn every_kind_of_proxy_leads_to_every_kind_of_host() {
    let login = format!("us%40er:{CANARY}@");
    let table = SCHEMES.map(|scheme| [(scheme, ""), (scheme, login.as_str())]);
    for (scheme, login) in table.into_iter().flatten() {
        for url in ["http://127.0.0.1", "https://localhost"] {
            let (host, fake) = (Fake::bind().await, Fake::bind().await);
            let base = format!("{url}:{}", host.address.port());
            let call = Outgoing { proxy: Some(at(scheme, login, &fake)), ..outgoing(&base) };
            let tls = url.starts_with("https");
            let seen =
                fake.play(async move |fake| play(Box::new(fake.accept().await), scheme, tls).await);
            let reply = trusting().send(call).await.unwrap_or_else(|e| panic!("{scheme} {e}"));
            assert_eq!(text(reply).await, "ok");
            let (asked, head) = seen.await.unwrap();
            // A name goes to the proxy as it is, unless Realms resolves.
            let name = if tls && scheme.resolves() { "localhost" } else { "127.0.0.1" };
            let goal = format!("{name}:{}", host.address.port());
            let login = (!login.is_empty()).then(|| format!("us@er:{CANARY}"));
            assert_eq!(asked, Asked { goal, login }, "{scheme} {url}");
            assert!(head.starts_with("POST /v1/responses?"), "{head}");
            assert!(!head.to_lowercase().contains("proxy"), "{head}");
            assert!(host.stays_untouched(), "{scheme} {url}: the host was called straight");
        }
    }
}

/// Serves one tunnel and every call on it, with the number of the connection as the answer.
async fn serve(fake: Fake) {
    for number in 1.. {
        let mut stream = fake.accept().await;
        tokio::spawn(async move {
            connect_hop(&mut stream).await;
            loop {
                read_request(&mut stream).await;
                let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{number}");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
    }
}

#[tokio::test]
async fn a_connection_serves_only_calls_that_go_its_way() {
    let (host, one, two) = (Fake::bind().await, Fake::bind().await, Fake::bind().await);
    let base = host.url("http");
    let plain = outgoing(&base);
    let through = |proxy| Outgoing { proxy: Some(proxy), ..plain.clone() };
    let first = through(at(ProxyScheme::Http, "a:b@", &one));
    let other_login = through(at(ProxyScheme::Http, "a:c@", &one));
    let other_proxy = through(at(ProxyScheme::Http, "a:b@", &two));
    host.play(async |fake| {
        let mut stream = fake.accept().await;
        loop {
            read_request(&mut stream).await;
            stream.write_all(OK).await.unwrap();
        }
    });
    one.play(serve);
    two.play(serve);
    let upstream = crate::fake::upstream();
    for _ in 0..2 {
        for (call, expected) in
            [(&plain, "ok"), (&first, "1"), (&other_login, "2"), (&other_proxy, "1"), (&first, "1")]
        {
            let answer = text(upstream.send(call.clone()).await.unwrap()).await;
            assert_eq!(answer, expected, "{call:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_comes_in_pieces_is_read_and_no_byte_of_the_host_is_lost() {
    let fake = Fake::bind().await;
    let call = Outgoing {
        proxy: Some(at(ProxyScheme::Socks5h, "", &fake)),
        ..outgoing("http://127.0.0.1:8000")
    };
    fake.play(async |fake| {
        let mut stream = fake.accept().await;
        socks_greeting(&mut stream).await;
        socks_request(&mut stream).await;
        for byte in b"\x05\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01" {
            stream.write_all(&[*byte]).await.unwrap();
            stream.flush().await.unwrap();
            tokio::task::yield_now().await;
        }
        read_request(&mut stream).await;
        stream.write_all(OK).await.unwrap();
    });
    assert_eq!(text(crate::fake::upstream().send(call).await.unwrap()).await, "ok");
}
