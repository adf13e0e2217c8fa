//! TLS: who is trusted, and how a handshake fails.
//!
//! `tls/` holds an authority and a certificate of it for `localhost`, both for a hundred years, and
//! the certificate's key. Nothing but these tests trusts them.

use std::{io, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use realms_upstream::{
    ConnectError, SendError, Timeouts, Upstream, UpstreamError, read_authorities,
};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivatePkcs8KeyDer},
};
use tokio::io::AsyncWriteExt as _;
use tokio_rustls::TlsAcceptor;

use crate::fake::{
    Fake, OK, closed, failure, header, loopback, outgoing, read_request, short, text, upstream,
};

const AUTHORITY: &[u8] = include_bytes!("tls/authority.der");
const SERVER: &[u8] = include_bytes!("tls/server.der");
const SERVER_KEY: &[u8] = include_bytes!("tls/server.key.der");

pub(crate) fn acceptor() -> TlsAcceptor {
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![SERVER.into()], PrivatePkcs8KeyDer::from(SERVER_KEY).into())
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

pub(crate) fn trusting() -> Upstream {
    let authority = CertificateDer::from(AUTHORITY);
    Upstream::trusting(loopback(), short(), [authority]).unwrap()
}

fn tls_error(error: SendError) -> Arc<io::Error> {
    match error {
        SendError::Connect(ConnectError::Tls { source, .. }) => source,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_trusted_upstream_is_called_over_http_1() {
    let fake = Fake::bind().await;
    let call = outgoing(&format!("https://localhost:{}", fake.address.port()));
    let seen = fake.play(async |fake| {
        let mut stream = acceptor().accept(fake.accept().await).await.unwrap();
        let (head, _) = read_request(&mut stream).await;
        stream.write_all(OK).await.unwrap();
        stream.flush().await.unwrap();
        (head, stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec))
    });
    assert_eq!(text(trusting().send(call).await.unwrap()).await, "ok");
    let (head, protocol) = seen.await.unwrap();
    assert!(header(&head, "authorization").is_some());
    assert_eq!(protocol.as_deref(), Some(&b"http/1.1"[..]));
}

#[tokio::test]
async fn an_unknown_authority_and_a_wrong_name_are_refused() {
    for (upstream, host, reason) in [
        (upstream(), "localhost", "UnknownIssuer"),
        (trusting(), "127.0.0.1", "not valid for name"),
    ] {
        let fake = Fake::bind().await;
        let call = outgoing(&format!("https://{host}:{}", fake.address.port()));
        let handshake = fake.play(async |fake| {
            let stream = fake.accept().await;
            acceptor().accept(stream).await.is_ok()
        });
        let said = tls_error(failure(&upstream, call).await).to_string();
        assert!(said.contains(reason), "{said}");
        assert!(!handshake.await.unwrap(), "{host} was trusted");
    }
}

#[tokio::test]
async fn tls_to_a_plain_port_fails_as_tls() {
    let fake = Fake::bind().await;
    let call = outgoing(&fake.url("https"));
    fake.play(async |fake| {
        let mut stream = fake.accept().await;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        closed(&mut stream).await;
    });
    let error = failure(&upstream(), call).await;
    assert!(matches!(error, SendError::Connect(ConnectError::Tls { .. })), "{error:?}");
}

#[tokio::test]
async fn a_silent_handshake_meets_its_deadline() {
    let fake = Fake::bind().await;
    let call = outgoing(&fake.url("https"));
    fake.play(async |fake| closed(&mut fake.accept().await).await);
    let tls = Duration::from_millis(50);
    let impatient = Upstream::new(loopback(), Timeouts { tls, ..short() }).unwrap();
    let error = tls_error(failure(&impatient, call).await);
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
}

#[tokio::test]
async fn authorities_are_read_from_a_file() {
    let (head, tail) = ("-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n");
    let pem = format!("Ours:\n{head}{}\n{tail}", STANDARD.encode(AUTHORITY));
    let found = read_authorities(pem.as_bytes()).unwrap();
    assert_eq!(found, [CertificateDer::from(AUTHORITY)]);
    for bad in [String::new(), "no".to_owned(), format!("{head}%%%\n{tail}"), head.to_owned()] {
        assert!(read_authorities(bad.as_bytes()).is_err(), "{bad}");
    }
    let nonsense = CertificateDer::from(&b"nonsense"[..]);
    let refused = Upstream::trusting(loopback(), short(), [nonsense]);
    assert!(matches!(refused, Err(UpstreamError::Authority(_))));
}
