//! What one attempt does on the wire, and how it fails.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use http_body_util::BodyExt as _;
use realms_types::{Cause, Scope, Secret, Verdict};
use realms_upstream::{
    ConnectError, OutboundPolicy, Outgoing, Refused, SendError, Upstream, UpstreamPath,
    classify_send,
};
use tokio::{io::AsyncWriteExt as _, time::timeout};

use crate::fake::{
    CANARY, Fake, OK, closed, failure, header, loopback, outgoing, read_request, short, text,
    upstream,
};

#[tokio::test]
async fn the_upstream_sees_its_own_key_and_the_exact_body() {
    let fake = Fake::bind().await;
    let mut call = outgoing(&fake.url("http"));
    call.headers.insert("authorization", HeaderValue::from_static("Bearer sk_of_the_client"));
    call.headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.9"));
    call.headers.insert("user-agent", HeaderValue::from_static("codex_exec/0.169.0"));
    call.headers.insert("host", HeaderValue::from_static("realms.example"));
    call.headers.insert("content-length", HeaderValue::from_static("9999"));
    call.body = vec![Bytes::from("{\"model\":"), Bytes::from("\"m\""), Bytes::from("}")];
    call.query = Some(format!("key={CANARY}&alt=sse"));
    let host = fake.address.to_string();
    let seen = fake.play(async |fake| {
        let mut stream = fake.accept().await;
        let request = read_request(&mut stream).await;
        stream.write_all(OK).await.unwrap();
        request
    });

    let reply = upstream().send(call).await.unwrap();
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(text(reply).await, "ok");
    let (head, body) = seen.await.unwrap();
    assert!(head.starts_with("POST /v1/responses?alt=sse HTTP/1.1\r\n"), "{head}");
    assert_eq!(header(&head, "host"), Some(host.as_str()));
    assert_eq!(header(&head, "authorization"), Some(format!("Bearer {CANARY}").as_str()));
    assert_eq!(header(&head, "content-length"), Some("13"));
    assert_eq!(header(&head, "user-agent"), Some("codex_exec/0.169.0"));
    assert_eq!(header(&head, "accept-encoding"), Some("identity"));
    assert_eq!(head.lines().count(), 6, "{head}");
    assert_eq!(body, b"{\"model\":\"m\"}");
}

#[tokio::test]
async fn the_header_deadline_of_a_stream_fires() {
    let fake = Fake::bind().await;
    let call = Outgoing { stream: true, ..outgoing(&fake.url("http")) };
    let gone = fake.play(async |fake| {
        let mut stream = fake.accept().await;
        read_request(&mut stream).await;
        closed(&mut stream).await;
    });
    let error = failure(&upstream(), call).await;
    assert!(matches!(error, SendError::HeaderTimeout(_)), "{error:?}");
    assert_eq!(
        classify_send(&error, Scope::Channel),
        Verdict::Retry { scope: Scope::Endpoint, cause: Cause::HeaderTimeout, until: None }
    );
    timeout(Duration::from_secs(1), gone).await.expect("the connection is closed").unwrap();
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (fake, other) = (Fake::bind().await, Fake::bind().await);
    let call = outgoing(&fake.url("http"));
    let location = other.url("http");
    fake.play(async move |fake| {
        let mut stream = fake.accept().await;
        read_request(&mut stream).await;
        let reply = format!(
            "HTTP/1.1 307 Temporary Redirect\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
        );
        stream.write_all(reply.as_bytes()).await.unwrap();
    });
    let reply = upstream().send(call).await.unwrap();
    assert_eq!(reply.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(text(reply).await, "");
    let accepted = timeout(Duration::from_millis(50), other.listener.accept()).await;
    assert!(accepted.is_err(), "the redirect was followed");
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let fake = Fake::bind().await;
    let call = outgoing(&fake.url("http"));
    let upstream = upstream();
    fake.play(async |fake| {
        let mut stream = fake.accept().await;
        loop {
            read_request(&mut stream).await;
            stream.write_all(OK).await.unwrap();
        }
    });
    for _ in 0..3 {
        assert_eq!(text(upstream.send(call.clone()).await.unwrap()).await, "ok");
    }
}

#[tokio::test]
async fn a_kept_connection_that_the_upstream_closed_is_replaced() {
    let fake = Fake::bind().await;
    let call = outgoing(&fake.url("http"));
    let upstream = upstream();
    let (told, hear) = tokio::sync::oneshot::channel();
    let second = fake.play(async |fake| {
        let mut first = fake.accept().await;
        read_request(&mut first).await;
        first.write_all(OK).await.unwrap();
        first.shutdown().await.unwrap();
        closed(&mut first).await;
        told.send(()).unwrap();
        let mut second = fake.accept().await;
        let request = read_request(&mut second).await;
        second.write_all(OK).await.unwrap();
        request
    });
    assert_eq!(text(upstream.send(call.clone()).await.unwrap()).await, "ok");
    hear.await.unwrap();
    assert_eq!(text(upstream.send(call).await.unwrap()).await, "ok");
    assert_eq!(second.await.unwrap().1, b"{}");
}

#[tokio::test]
async fn a_call_that_was_written_is_never_repeated() {
    let fake = Fake::bind().await;
    let call = outgoing(&fake.url("http"));
    let upstream = upstream();
    let story = fake.play(async |fake| {
        let mut stream = fake.accept().await;
        read_request(&mut stream).await;
        stream.write_all(OK).await.unwrap();
        read_request(&mut stream).await;
        drop(stream);
        timeout(Duration::from_millis(50), fake.listener.accept()).await.is_ok()
    });
    assert_eq!(text(upstream.send(call.clone()).await.unwrap()).await, "ok");
    let error = failure(&upstream, call).await;
    assert!(matches!(error, SendError::Broken(_)), "{error:?}");
    assert!(!story.await.unwrap(), "the call was made again");
}

#[tokio::test]
async fn a_refused_connection_says_so() {
    let base = Fake::bind().await.url("http");
    let error = failure(&upstream(), outgoing(&base)).await;
    assert!(matches!(error, SendError::Connect(ConnectError::Connect { .. })), "{error:?}");
    assert_eq!(
        classify_send(&error, Scope::Channel),
        Verdict::Retry { scope: Scope::Endpoint, cause: Cause::Connect, until: None }
    );
}

#[tokio::test]
async fn a_name_nobody_has_says_so() {
    let error = failure(&upstream(), outgoing("https://nobody.invalid")).await;
    assert!(matches!(error, SendError::Connect(ConnectError::Dns { .. })), "{error:?}");
}

#[tokio::test]
async fn without_permission_nothing_private_is_even_connected() {
    let fake = Fake::bind().await;
    let port = fake.address.port();
    let strict = Upstream::new(OutboundPolicy::default(), short()).unwrap();
    for host in ["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "localhost"] {
        let error = failure(&strict, outgoing(&format!("https://{host}:{port}"))).await;
        let SendError::Connect(ConnectError::Refused { source, .. }) = error else {
            panic!("{host}: {error:?}");
        };
        assert!(matches!(source, Refused::Private { .. }), "{host}: {source:?}");
    }
    let accepted = timeout(Duration::from_millis(50), fake.listener.accept()).await;
    assert!(accepted.is_err(), "it was connected");
}

#[tokio::test]
async fn a_listener_on_all_addresses_is_not_called_by_itself() {
    let fake = Fake::bind().await;
    let everywhere = SocketAddr::from(([0, 0, 0, 0], fake.address.port()));
    let upstream = Upstream::new(loopback().without([everywhere]), short()).unwrap();
    let error = failure(&upstream, outgoing(&fake.url("http"))).await;
    let SendError::Connect(ConnectError::Refused { source, .. }) = error else {
        panic!("{error:?}");
    };
    assert_eq!(source, Refused::OwnListener(fake.address));
}

#[tokio::test]
async fn an_upstream_that_breaks_off_or_talks_nonsense_is_broken() {
    for answer in [&b""[..], b"HTTP/1.1 200", b"SSH-2.0-OpenSSH_9.9\r\n\r\n"] {
        let fake = Fake::bind().await;
        let call = outgoing(&fake.url("http"));
        fake.play(async move |fake| {
            let mut stream = fake.accept().await;
            read_request(&mut stream).await;
            stream.write_all(answer).await.unwrap();
        });
        let error = failure(&upstream(), call).await;
        assert!(matches!(error, SendError::Broken(_)), "{error:?}");
    }
}

#[tokio::test]
async fn a_dropped_body_closes_the_connection_at_once() {
    let fake = Fake::bind().await;
    let call = outgoing(&fake.url("http"));
    let gone = fake.play(async |fake| {
        let mut stream = fake.accept().await;
        read_request(&mut stream).await;
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nping\r\n";
        stream.write_all(head).await.unwrap();
        closed(&mut stream).await;
    });
    let mut reply = upstream().send(call).await.unwrap();
    let frame = reply.body.frame().await.unwrap().unwrap();
    assert_eq!(frame.into_data().unwrap(), "ping");
    drop(reply);
    timeout(Duration::from_secs(1), gone).await.expect("the connection is closed").unwrap();
}

#[tokio::test]
async fn an_abandoned_attempt_closes_the_connection_at_once() {
    let fake = Fake::bind().await;
    let call = outgoing(&fake.url("http"));
    let (told, hear) = tokio::sync::oneshot::channel();
    let gone = fake.play(async |fake| {
        let mut stream = fake.accept().await;
        read_request(&mut stream).await;
        told.send(()).unwrap();
        closed(&mut stream).await;
    });
    let upstream = upstream();
    tokio::select! {
        _ = upstream.send(call) => panic!("there is no answer"),
        heard = hear => heard.unwrap(),
    }
    timeout(Duration::from_secs(1), gone).await.expect("the connection is closed").unwrap();
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_before_connecting() {
    let upstream = upstream();
    let base = "http://127.0.0.1:9";
    let path = UpstreamPath::new("/responses/../../admin");
    let error = failure(&upstream, Outgoing { path, ..outgoing("http://127.0.0.1:8000") }).await;
    assert!(matches!(error, SendError::Target(_)), "{error:?}");
    assert_eq!(classify_send(&error, Scope::Channel), Verdict::Fail { cause: Cause::BadRequest });

    let credential = Secret::new(format!("{CANARY}\n"));
    let call = Outgoing { credential, ..outgoing("http://127.0.0.1:8000") };
    let error = failure(&upstream, call).await;
    assert!(matches!(error, SendError::Credential), "{error:?}");

    let error = failure(&upstream, outgoing(base)).await;
    let refused = ConnectError::Refused { host: "127.0.0.1".into(), source: Refused::Port(9) };
    assert_eq!(error.to_string(), refused.to_string());
}

#[tokio::test]
async fn a_large_body_arrives_whole() {
    let fake = Fake::bind().await;
    let mut call = outgoing(&fake.url("http"));
    call.body = (0..64u8).map(|byte| Bytes::from(vec![byte; 100_000])).collect();
    call.headers.insert(HeaderName::from_static("content-type"), HeaderValue::from_static("a/b"));
    let seen = fake.play(async |fake| {
        let mut stream = fake.accept().await;
        let request = read_request(&mut stream).await;
        stream.write_all(OK).await.unwrap();
        request
    });
    let expected = call.body.concat();
    assert_eq!(text(upstream().send(call).await.unwrap()).await, "ok");
    assert_eq!(seen.await.unwrap().1, expected);
}
