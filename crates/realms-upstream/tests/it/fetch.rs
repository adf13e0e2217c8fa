//! Small documents, fetched whole or not at all.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use realms_upstream::{
    ConnectError, FetchError, FetchLimits, OutboundPolicy, SendError, Timeouts, Upstream,
};
use tokio::io::AsyncWriteExt as _;

use crate::fake::{Fake, OK, read_request, upstream};

const LIMITS: FetchLimits = FetchLimits { deadline: Duration::from_secs(5), bytes: 1024 };

fn request(url: &str) -> Request<Bytes> {
    Request::post(url).header("accept", "application/json").body(Bytes::from("a=1")).unwrap()
}

#[tokio::test]
async fn a_document_comes_whole_and_nothing_is_added_to_the_request() {
    let fake = Fake::bind().await;
    let url = format!("{}/keys?x=1", fake.url("http"));
    let seen = fake.play(async |fake| {
        let mut stream = fake.accept().await;
        let request = read_request(&mut stream).await;
        stream.write_all(OK).await.unwrap();
        request
    });
    let fetched = upstream().fetch(request(&url), LIMITS).await.unwrap();
    assert_eq!((fetched.status, &*fetched.body), (StatusCode::OK, &b"ok"[..]));
    let (head, body) = seen.await.unwrap();
    assert!(head.starts_with("POST /keys?x=1 HTTP/1.1\r\n"), "{head}");
    assert!(!head.contains("authorization"));
    assert_eq!(body, b"a=1");
}

#[tokio::test]
async fn what_is_too_large_or_too_late_is_not_read() {
    let fake = Fake::bind().await;
    let url = fake.url("http");
    let story = fake.play(async |fake| {
        let mut stream = fake.accept().await;
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n").await.unwrap();
        let _ = stream.write_all(&[b'x'; 2000]).await;
        let mut stream = fake.accept().await;
        read_request(&mut stream).await;
        stream
    });
    let large = upstream().fetch(request(&url), LIMITS).await;
    assert!(matches!(large, Err(FetchError::Body(1024))), "{large:?}");
    let limits = FetchLimits { deadline: Duration::from_millis(50), ..LIMITS };
    let late = upstream().fetch(request(&url), limits).await;
    assert!(matches!(late, Err(FetchError::Late(_))), "{late:?}");
    story.await.unwrap();
}

#[tokio::test]
async fn the_policy_holds_for_documents_too() {
    let strict = Upstream::new(OutboundPolicy::default(), Timeouts::default()).unwrap();
    for url in ["http://127.0.0.1:1/", "https://169.254.169.254/latest", "https://[::1]/"] {
        let refused = strict.fetch(request(url), LIMITS).await;
        let refused_by_policy = matches!(
            refused,
            Err(FetchError::Send(SendError::Connect(ConnectError::Refused { .. })))
        );
        assert!(refused_by_policy, "{url}: {refused:?}");
    }
}
