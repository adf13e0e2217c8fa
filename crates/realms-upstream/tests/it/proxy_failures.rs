//! Proxies that refuse, stall, cut and lie: the call fails, is told why, and is never sent straight.

use std::time::Duration;

use realms_types::{Cause, Scope, Verdict};
use realms_upstream::{
    ConnectError, OutboundPolicy, Outgoing, ProxyFailure, SendError, Timeouts, Upstream,
    classify_send,
};
use tokio::io::AsyncWriteExt as _;

use crate::{
    fake::{CANARY, Fake, closed, failure, loopback, outgoing, short, upstream},
    proxy::{proxy, read_head, socks_greeting, socks_request},
    tls::trusting,
};

/// What a fake proxy does after it heard what it must hear first.
#[derive(Debug, Clone, Copy)]
enum Act {
    /// Hears `CONNECT`, sends this, and closes.
    Http(&'static [u8]),
    /// Hears the greeting, sends this, and closes.
    Greeting(&'static [u8]),
    /// Hears the login, sends this, and closes.
    Login(&'static [u8]),
    /// Hears the request, sends this, and closes.
    Reply(&'static [u8]),
}

const ENDLESS: &[u8] = &[b'x'; 20_000];

fn with_login(scheme: &str, fake: &Fake) -> String {
    format!("{scheme}://{CANARY}:{CANARY}@127.0.0.1:{}", fake.address.port())
}

/// Makes a call that must fail at its proxy, and looks at what it says.
async fn failed(upstream: &Upstream, text: &str) -> ProxyFailure {
    let host = Fake::bind().await;
    let call = Outgoing { proxy: Some(proxy(text)), ..outgoing(&host.url("http")) };
    let error = failure(upstream, call).await;
    assert!(host.stays_untouched(), "{text}: the host was called straight");
    for owner in [Scope::Credential, Scope::Channel] {
        let verdict = Verdict::Retry { scope: owner, cause: Cause::Connect, until: None };
        assert_eq!(classify_send(&error, owner), verdict);
    }
    match error {
        SendError::Connect(ConnectError::Proxy { source, .. }) => source,
        other => panic!("{other:?}"),
    }
}

async fn act(fake: Fake, act: Act) {
    let mut stream = fake.accept().await;
    let answer = match act {
        Act::Http(answer) => {
            read_head(&mut stream).await;
            answer
        }
        Act::Greeting(answer) => {
            // The greeting of a caller with a login: version, two methods.
            let mut greeting = [0; 4];
            tokio::io::AsyncReadExt::read_exact(&mut stream, &mut greeting).await.unwrap();
            answer
        }
        Act::Login(answer) => {
            socks_greeting(&mut stream).await.unwrap();
            answer
        }
        Act::Reply(answer) => {
            socks_greeting(&mut stream).await.unwrap();
            stream.write_all(&[1, 0]).await.unwrap();
            socks_request(&mut stream).await;
            answer
        }
    };
    // It may have heard enough already.
    let _ = stream.write_all(answer).await;
}

#[tokio::test]
async fn each_way_to_fail_has_its_words() {
    for (does, words) in [
        (
            Act::Http(b"HTTP/1.1 407 canary-8f3a\r\n\r\n"),
            "status 407 Proxy Authentication Required: its user or password",
        ),
        (
            Act::Http(b"HTTP/1.1 403 Forbidden\r\nx: canary-8f3a\r\n\r\ncanary-8f3a"),
            "status 403 Forbidden: it does not let",
        ),
        (Act::Http(b"HTTP/1.0 502 Bad Gateway\r\n\r\n"), "cannot reach the host"),
        (Act::Http(b"HTTP/1.1 405 No\r\n\r\n"), "does not tunnel"),
        (
            Act::Http(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n"),
            "status 302 Found",
        ),
        (Act::Http(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"), "status 100"),
        (Act::Http(b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"), "more than its answer"),
        (Act::Http(b"SSH-2.0-canary-8f3a\r\n\r\n"), "not HTTP/1"),
        (Act::Http(ENDLESS), "has no end"),
        (Act::Http(b"HTTP/1.1 200 OK\r\n"), "it broke off"),
        (Act::Http(b""), "it broke off"),
        (Act::Greeting(&[5, 0xff]), "none of the logins"),
        (Act::Greeting(&[5, 1]), "was not offered"),
        (Act::Greeting(&[4, 0]), "not SOCKS 5"),
        (Act::Greeting(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "not SOCKS 5"),
        (Act::Greeting(&[5]), "it broke off"),
        (Act::Greeting(b""), "it broke off"),
        (Act::Login(&[1, 1]), "refuses the login"),
        (Act::Login(b""), "it broke off"),
        (Act::Reply(&[5, 1, 0, 1, 0, 0, 0, 0, 0, 0]), "general failure"),
        (Act::Reply(&[5, 2, 0, 1, 0, 0, 0, 0, 0, 0]), "rules forbid"),
        (Act::Reply(&[5, 5, 0, 1, 0, 0, 0, 0, 0, 0]), "connection refused"),
        (Act::Reply(&[5, 99, 0, 1, 0, 0, 0, 0, 0, 0]), "without a name"),
        (Act::Reply(&[4, 0, 0, 1, 0, 0, 0, 0, 0, 0]), "its reply is not SOCKS 5"),
        (Act::Reply(&[5, 0, 0, 9, 0, 0, 0, 0, 0, 0]), "names no address"),
        (Act::Reply(&[5, 0, 0, 1, 0, 0]), "it broke off"),
        (Act::Reply(&[5, 0, 0, 3, 255, 0]), "it broke off"),
        (Act::Reply(b""), "it broke off"),
    ] {
        let fake = Fake::bind().await;
        let scheme = if matches!(does, Act::Http(_)) { "http" } else { "socks5" };
        let text = with_login(scheme, &fake);
        let story = fake.play(async move |fake| act(fake, does).await);
        let said = failed(&upstream(), &text).await.to_string();
        assert!(said.contains(words), "{does:?}: {said}");
        story.await.unwrap();
    }
}

#[tokio::test]
async fn a_proxy_that_stalls_meets_a_deadline_at_every_step() {
    let proxy = Duration::from_millis(50);
    let impatient = Upstream::new(loopback(), Timeouts { proxy, tls: proxy, ..short() }).unwrap();
    for scheme in ["http", "https", "socks5", "socks5h"] {
        let fake = Fake::bind().await;
        let text = with_login(scheme, &fake);
        let story = fake.play(async |fake| closed(&mut fake.accept().await).await);
        let said = failed(&impatient, &text).await.to_string();
        assert!(said.contains("no answer within 50ms"), "{scheme}: {said}");
        story.await.unwrap();
    }
    for steps in 1..3 {
        let fake = Fake::bind().await;
        let text = with_login("socks5h", &fake);
        fake.play(async move |fake| {
            let mut stream = fake.accept().await;
            socks_greeting(&mut stream).await;
            if steps > 1 {
                stream.write_all(&[1, 0]).await.unwrap();
                socks_request(&mut stream).await;
            }
            closed(&mut stream).await;
        });
        assert!(matches!(failed(&impatient, &text).await, ProxyFailure::Late(_)));
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_not_gone_around() {
    let closed_port = Fake::bind().await.address.port();
    for (text, words) in [
        (format!("http://127.0.0.1:{closed_port}"), "cannot connect to `127.0.0.1`"),
        (format!("socks5h://localhost:{closed_port}"), "cannot connect to `localhost`"),
        ("socks5://no-such-host.invalid:1080".to_owned(), "cannot resolve `no-such-host.invalid`"),
        ("http://127.0.0.1:25".to_owned(), "port 25 is not called"),
        ("socks5://169.254.169.254:8080".to_owned(), "never called"),
    ] {
        let said = failed(&upstream(), &text).await.to_string();
        assert!(said.contains(words), "{text}: {said}");
    }
    let fake = Fake::bind().await;
    let text = with_login("http", &fake);
    let strict = Upstream::new(OutboundPolicy::default(), short()).unwrap();
    let call = Outgoing { proxy: Some(proxy(&text)), ..outgoing("https://api.example") };
    let error = failure(&strict, call).await.to_string();
    assert!(error.contains("REALMS_OUTBOUND_ALLOW_PRIVATE"), "{error}");
    assert!(fake.stays_untouched(), "a proxy on a private address was called");
}

#[tokio::test]
async fn a_proxy_over_tls_must_prove_who_it_is() {
    for (upstream, host, words) in [
        (upstream(), "localhost", "UnknownIssuer"),
        (trusting(), "127.0.0.1", "not valid for name"),
    ] {
        let fake = Fake::bind().await;
        let text = format!("https://{CANARY}:{CANARY}@{host}:{}", fake.address.port());
        let story = fake.play(async |fake| {
            let stream = fake.accept().await;
            crate::tls::acceptor().accept(stream).await.is_ok()
        });
        let said = failed(&upstream, &text).await.to_string();
        assert!(said.contains(words), "{said}");
        assert!(!story.await.unwrap(), "it was trusted with the login");
    }
}
