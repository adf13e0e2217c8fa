//! The proof that no call reaches what the outbound policy forbids, however it is spelled, resolved or
//! led there: a listener stands in for every address there is, and counts who connects.

mod spellings;

use std::{
    io,
    net::{IpAddr, SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use realms_types::Proxy;
use realms_upstream::{
    ConnectError, FetchError, FetchLimits, Network, OutboundPolicy, Outgoing, Refused, SendError,
    Upstream,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::fake::{Fake, outgoing, read_request, short};

use self::spellings::spellings;

const LIMITS: FetchLimits = FetchLimits { deadline: Duration::from_secs(5), bytes: 1024 };

/// Addresses that are never called, or only when their network is allowed.
const FORBIDDEN: [&str; 24] = [
    "0.0.0.0",
    "0.1.2.3",
    "169.254.169.254",
    "169.254.1.1",
    "100.100.100.200",
    "168.63.129.16",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.8",
    "198.18.0.1",
    "198.19.255.255",
    "10.255.255.255",
    "192.168.255.255",
    "127.0.0.2",
];
const FORBIDDEN_V6: [&str; 12] = [
    "::",
    "::1",
    "fe80::1",
    "febf::ffff",
    "ff02::1",
    "ff0e::1",
    "fc00::1",
    "fdff::1",
    "fd00:ec2::254",
    "fec0::1",
    "100::1",
    "64:ff9b:1::1",
];
const PUBLIC: [&str; 5] = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "223.255.255.1"];

/// Every way out.
const WAYS: [Option<&str>; 5] = [
    None,
    Some("http://9.9.9.9:3128"),
    Some("https://9.9.9.9:3129"),
    Some("socks5://9.9.9.9:1080"),
    Some("socks5h://9.9.9.9:1080"),
];

/// Stands in for every address.
struct Everywhere(TcpListener);

// === impl Everywhere ===

impl Everywhere {
    fn bind() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    /// A way out for which names have these addresses, and every address is this listener.
    fn upstream(&self, policy: OutboundPolicy, answers: &[&str]) -> Upstream {
        let to = self.0.local_addr().unwrap();
        let answers: Vec<IpAddr> = answers.iter().map(|text| text.parse().unwrap()).collect();
        let network = Network::new(
            move |_, port| {
                let found = answers.iter().map(|ip| SocketAddr::new(*ip, port)).collect();
                Box::pin(std::future::ready(Ok(found)))
            },
            move |_| Box::pin(TcpStream::connect(to)),
        );
        Upstream::new(policy, short()).unwrap().over(network)
    }

    /// How many have connected since it was last asked.
    fn count(&self) -> usize {
        self.0.incoming().take_while(Result::is_ok).count()
    }
}

/// The call, or `None` where the address cannot even be read: then there is none.
fn call(url: &str, way: Option<&str>) -> Option<Outgoing> {
    let base = url.parse().ok()?;
    let proxy = way.map(|text| Arc::new(text.parse::<Proxy>().unwrap()));
    Some(Outgoing { base, proxy, ..outgoing("https://unused.example") })
}

async fn attempt(upstream: &Upstream, url: &str, way: Option<&str>) -> Option<SendError> {
    upstream.send(call(url, way)?).await.err()
}

fn is_refused(error: &SendError) -> bool {
    matches!(error, SendError::Connect(ConnectError::Refused { .. }))
}

#[tokio::test]
async fn no_spelling_of_a_forbidden_address_is_called() {
    let everywhere = Everywhere::bind();
    let upstream = everywhere.upstream(OutboundPolicy::default(), &["1.1.1.1"]);
    let mut tried = 0;
    for address in FORBIDDEN {
        for host in spellings(address.parse().unwrap()) {
            for way in WAYS {
                for url in [format!("https://{host}/v1"), format!("http://{host}:8000/v1")] {
                    if let Some(error) = attempt(&upstream, &url, way).await {
                        assert!(is_refused(&error), "{url} {way:?}: {error:?}");
                    }
                    tried += 1;
                }
            }
            let document = format!("https://{host}/v1");
            if let Ok(request) = Request::get(&document).body(Bytes::new()) {
                let error = upstream.fetch(request, LIMITS).await.unwrap_err();
                let refused = matches!(&error, FetchError::Send(error) if is_refused(error));
                assert!(refused || matches!(error, FetchError::Address), "{document}: {error:?}");
            }
            if let Some(call) = call(&document, None) {
                let error = upstream.send_by_socket(call).await.unwrap_err();
                assert!(is_refused(&error), "{document} by WebSocket: {error:?}");
            }
        }
    }
    for host in FORBIDDEN_V6 {
        let upper = host.to_uppercase();
        for host in [host, &upper] {
            for way in WAYS {
                let error = attempt(&upstream, &format!("https://[{host}]/v1"), way).await.unwrap();
                assert!(is_refused(&error), "{host} {way:?}: {error:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 4_000, "{tried} were tried");
    assert_eq!(everywhere.count(), 0, "somebody connected");
}

#[tokio::test]
async fn every_spelling_of_a_public_address_is_called() {
    let everywhere = Everywhere::bind();
    let upstream = everywhere.upstream(OutboundPolicy::default(), &["1.1.1.1"]);
    for address in PUBLIC {
        for host in spellings(address.parse().unwrap()) {
            for way in WAYS {
                let Some(_) = attempt(&upstream, &format!("https://{host}/v1"), way).await else {
                    continue;
                };
                assert_eq!(everywhere.count(), 1, "{host} {way:?} was not called");
            }
        }
    }
}

#[tokio::test]
async fn no_trick_with_the_parts_of_a_url_leads_elsewhere() {
    let everywhere = Everywhere::bind();
    let upstream = everywhere.upstream(OutboundPolicy::default(), &["10.0.0.1"]);
    for url in [
        "https://api.example@127.0.0.1/v1",
        "https://127.0.0.1@api.example/v1",
        "https://api.example:443@127.0.0.1/v1",
        "https://api.example%40127.0.0.1/v1",
        "https://127.0.0.1#@api.example/v1",
        "https://api.example#@127.0.0.1/v1",
        "https://127.0.0.1\\@api.example/v1",
        "https:127.0.0.1/v1",
        "https:\\\\127.0.0.1\\v1",
        "https:///127.0.0.1/v1",
        "https://[fe80::1%25eth0]/v1",
        "https://[::1%25lo]/v1",
        "https://[::ffff:127.0.0.1%25lo]/v1",
        "https://[127.0.0.1]/v1",
        "https://127.0.0.1%00.api.example/v1",
        "https://127.0.0.1%2f@api.example/v1",
        "https://127.0.0.1:443:443/v1",
        "https://127.0.0.1.:443/v1",
        "https://127.0.0.1 /v1",
        "https://\t127.0.0.1/v1",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_x",
        "ftp://127.0.0.1/",
        "unix:///var/run/docker.sock",
        "https://",
    ] {
        for way in WAYS {
            if let Some(error) = attempt(&upstream, url, way).await {
                assert!(is_refused(&error), "{url} {way:?}: {error:?}");
            }
        }
    }
    assert_eq!(everywhere.count(), 0, "somebody connected");
}

#[tokio::test]
async fn names_are_judged_by_every_address_they_have() {
    let everywhere = Everywhere::bind();
    let ours = [None, Some("socks5://9.9.9.9:1080")];
    for address in FORBIDDEN.iter().chain(&FORBIDDEN_V6) {
        let upstream = everywhere.upstream(OutboundPolicy::default(), &[address]);
        for host in ["evil.example", "EVIL.Example", "evil.example.", "xn--evl-1ma.example"] {
            for way in ours {
                let error = attempt(&upstream, &format!("https://{host}/v1"), way).await.unwrap();
                assert!(is_refused(&error), "{host} at {address} {way:?}: {error:?}");
            }
            // A proxy at such an address is no better.
            let proxy = format!("http://{host}:3128");
            let error = attempt(&upstream, "https://1.1.1.1/v1", Some(&proxy)).await.unwrap();
            assert!(error.to_string().contains("is not called"), "{proxy}: {error}");
        }
    }
    assert_eq!(everywhere.count(), 0, "somebody connected");
    let public = everywhere.upstream(OutboundPolicy::default(), &["1.1.1.1"]);
    for way in WAYS {
        attempt(&public, "https://good.example./v1", way).await.unwrap();
        assert_eq!(everywhere.count(), 1, "{way:?}");
    }
}

#[tokio::test]
async fn of_mixed_answers_only_the_public_ones_are_called() {
    let seen: Arc<parking_lot::Mutex<Vec<SocketAddr>>> = Arc::default();
    let asked = Arc::new(AtomicUsize::new(0));
    let (dialled, counted) = (Arc::clone(&seen), Arc::clone(&asked));
    let network = Network::new(
        move |_, port| {
            counted.fetch_add(1, Ordering::Relaxed);
            let mixed = ["10.0.0.1", "::1", "1.1.1.1", "169.254.169.254", "::ffff:192.168.0.1"];
            let found = mixed.map(|text| SocketAddr::new(text.parse().unwrap(), port));
            Box::pin(std::future::ready(Ok(found.to_vec())))
        },
        move |address| {
            dialled.lock().push(address);
            Box::pin(std::future::ready(Err(io::ErrorKind::ConnectionRefused.into())))
        },
    );
    let upstream = Upstream::new(OutboundPolicy::default(), short()).unwrap().over(network);
    let error = attempt(&upstream, "https://mixed.example/v1", None).await.unwrap();
    assert!(matches!(error, SendError::Connect(ConnectError::Connect { .. })), "{error:?}");
    assert_eq!(*seen.lock(), ["1.1.1.1:443".parse().unwrap()]);
    // A second answer could be another one: there is none.
    assert_eq!(asked.load(Ordering::Relaxed), 1, "the name was resolved again");
}

#[tokio::test]
async fn who_answers_in_place_of_the_checked_address_gets_no_byte() {
    let fake = Fake::bind().await;
    let to = fake.address;
    let network = Network::new(
        |_, port| {
            Box::pin(std::future::ready(Ok(vec![SocketAddr::new([1, 1, 1, 1].into(), port)])))
        },
        move |_| Box::pin(TcpStream::connect(to)),
    );
    let upstream = Upstream::new(OutboundPolicy::default(), short()).unwrap().over(network);
    for url in ["https://rebound.example/v1", "https://1.1.1.1/v1"] {
        let error = attempt(&upstream, url, None).await.unwrap();
        assert!(is_refused(&error), "{error:?}");
        let mut bytes = Vec::new();
        fake.accept().await.read_to_end(&mut bytes).await.unwrap();
        assert_eq!(bytes, b"", "{url}");
    }
}

#[tokio::test]
async fn a_redirect_to_a_forbidden_address_is_an_answer_like_any_other() {
    let (fake, inside) = (Fake::bind().await, Fake::bind().await);
    let location = inside.url("http");
    let (url, document) = (fake.url("http"), fake.url("http"));
    fake.play(async move |fake| {
        for status in [301, 302, 303, 307, 308, 302] {
            let mut stream = fake.accept().await;
            read_request(&mut stream).await;
            let answer = format!(
                "HTTP/1.1 {status} Moved\r\nlocation: {location}\r\nconnection: close\r\n\
                 content-length: 0\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let upstream = crate::fake::upstream();
    for status in [301, 302, 303, 307, 308] {
        let reply = upstream.send(outgoing(&url)).await.unwrap();
        assert_eq!(reply.status, status);
    }
    let request = Request::get(document).body(Bytes::new()).unwrap();
    assert_eq!(upstream.fetch(request, LIMITS).await.unwrap().status, 302);
    assert!(inside.stays_untouched(), "a redirect was followed");
}

#[tokio::test]
async fn ports_of_other_services_are_not_called() {
    let everywhere = Everywhere::bind();
    let upstream = everywhere.upstream(OutboundPolicy::default(), &["1.1.1.1"]);
    for port in [1, 22, 23, 25, 53, 110, 143, 389, 445, 465, 587, 993]
        .into_iter()
        .chain([1433, 2375, 2379, 3306, 5432, 5672, 6379, 9200, 10250, 11211, 27017])
    {
        for host in ["good.example", "1.1.1.1"] {
            for way in WAYS {
                let url = format!("https://{host}:{port}/v1");
                let error = attempt(&upstream, &url, way).await.unwrap();
                assert!(is_refused(&error), "{url} {way:?}: {error:?}");
            }
        }
        for scheme in ["http", "https", "socks5", "socks5h"] {
            let proxy = format!("{scheme}://1.1.1.1:{port}");
            let error = attempt(&upstream, "https://8.8.8.8/", Some(&proxy)).await.unwrap();
            assert!(error.to_string().contains("another kind of service"), "{proxy}: {error}");
        }
    }
    assert_eq!(everywhere.count(), 0, "somebody connected");
    for port in [80, 443, 1024, 8080, 8443, 11434] {
        attempt(&upstream, &format!("https://1.1.1.1:{port}/v1"), None).await.unwrap();
        assert_eq!(everywhere.count(), 1, "{port}");
    }
}

#[tokio::test]
async fn names_that_only_the_proxy_resolves_are_refused_where_their_meaning_is_known() {
    let everywhere = Everywhere::bind();
    let policy = OutboundPolicy::new(vec!["127.0.0.0/8".parse().unwrap()])
        .without_stores([("db.internal".to_owned(), 6543)]);
    let upstream = everywhere.upstream(policy, &["1.1.1.1"]);
    for way in ["http://9.9.9.9:3128", "https://9.9.9.9:3128", "socks5h://9.9.9.9:1080"] {
        for url in [
            "https://localhost/v1",
            "https://LOCALHOST./v1",
            "https://api.localhost/v1",
            "https://ip6-loopback/v1",
            "https://metadata.google.internal/v1",
            "https://Metadata.Google.Internal./v1",
            "https://instance-data.ec2.internal/v1",
            "http://good.example/v1",
            "https://db.internal:6543/v1",
            "https://DB.internal.:6543/v1",
        ] {
            let error = attempt(&upstream, url, Some(way)).await.unwrap();
            assert!(is_refused(&error), "{url} {way}: {error:?}");
        }
    }
    assert_eq!(everywhere.count(), 0, "somebody connected");
}

/// A listener that really is on this machine, and the addresses under which it is met.
fn listener(address: &str) -> (TcpListener, u16) {
    let listener = TcpListener::bind(address).unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

fn everything() -> OutboundPolicy {
    OutboundPolicy::new(vec!["0.0.0.0/0".parse().unwrap(), "::/0".parse().unwrap()])
}

#[tokio::test]
async fn our_own_listeners_are_not_called() {
    let ((wide, port), (narrow, other)) = (listener("0.0.0.0:0"), listener("127.0.0.1:0"));
    let own = [wide.local_addr().unwrap(), narrow.local_addr().unwrap()];
    let far = Everywhere::bind();
    let policy = everything().without(own);
    let upstream = Upstream::new(policy.clone(), short()).unwrap();
    let through = far.upstream(policy, &["127.0.0.1"]);
    for (host, port) in [
        ("127.0.0.1", port),
        ("127.0.0.2", port),
        ("localhost", port),
        ("[::ffff:127.0.0.1]", port),
        ("127.0.0.1", other),
        ("2130706433", other),
        ("[::ffff:7f00:1]", other),
    ] {
        let proxies = ["http", "socks5"].map(|way| format!("{way}://{host}:{port}"));
        let itself = format!("http://{host}:{port}/v1");
        for way in &WAYS[1..] {
            let error = attempt(&through, &itself, *way).await.unwrap().to_string();
            assert!(error.contains("a listener of Realms itself"), "{itself} {way:?}: {error}");
        }
        for (url, way) in [
            (itself, None),
            ("https://1.1.1.1/v1".to_owned(), Some(proxies[0].as_str())),
            ("https://1.1.1.1/v1".to_owned(), Some(proxies[1].as_str())),
        ] {
            let error = attempt(&upstream, &url, way).await.unwrap().to_string();
            assert!(error.contains("a listener of Realms itself"), "{url} {way:?}: {error}");
        }
    }
    assert_eq!(far.count(), 0, "a proxy was asked for a listener of ours");
    for listener in [wide, narrow] {
        assert!(listener.accept().is_err(), "Realms called itself");
    }
}

#[tokio::test]
async fn our_own_database_is_not_called() {
    let (database, port) = listener("127.0.0.1:0");
    let far = Everywhere::bind();
    for configured in ["127.0.0.1", "localhost", "LOCALHOST."] {
        let policy = everything().without_stores([(configured.to_owned(), port)]);
        let upstream = Upstream::new(policy.clone(), short()).unwrap();
        let through = far.upstream(policy, &["127.0.0.1", "::1"]);
        for host in ["127.0.0.1", "127.0.0.2", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1"]
        {
            let url = format!("http://{host}:{port}/v1");
            for way in WAYS {
                let upstream = if way.is_some() { &through } else { &upstream };
                let error = attempt(upstream, &url, way).await.unwrap();
                let refused = matches!(
                    error,
                    SendError::Connect(ConnectError::Refused {
                        source: Refused::OwnStore(_) | Refused::OwnStoreName(_),
                        ..
                    })
                );
                assert!(refused, "{configured}: {url} {way:?}: {error:?}");
            }
        }
    }
    assert!(database.accept().is_err(), "the database was called");
    assert_eq!(far.count(), 0, "a proxy was asked for the database");

    // By a name that means the same place, and only on its port.
    let everywhere = Everywhere::bind();
    let policy = OutboundPolicy::default().without_stores([("db.example".to_owned(), 6543)]);
    let upstream = everywhere.upstream(policy, &["1.1.1.1"]);
    for host in ["db.example", "other.example", "1.1.1.1"] {
        let error = attempt(&upstream, &format!("https://{host}:6543/v1"), None).await.unwrap();
        assert!(error.to_string().contains("the database of Realms"), "{host}: {error}");
    }
    assert_eq!(everywhere.count(), 0, "the database was called");
    attempt(&upstream, "https://other.example/v1", None).await.unwrap();
    assert_eq!(everywhere.count(), 1);
}
