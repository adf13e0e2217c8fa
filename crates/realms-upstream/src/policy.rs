//! Who may be called: the one outbound policy of the program.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;
use url::{Host, Url};

use crate::address::{Class, class, faces};

/// Ports below 1024 that serve HTTP. All others there belong to other protocols.
const WEB_PORTS: [u16; 2] = [80, 443];

/// Ports of databases, queues and machine administration: nothing there is a model vendor.
const SERVICE_PORTS: [u16; 20] = [
    1433, 1521, 2375, 2376, 2379, 2380, 3306, 3389, 5432, 5672, 5984, 6379, 6443, 9042, 9092, 9200,
    9300, 10250, 11211, 27017,
];

/// What machines call the place where they are given credentials.
const METADATA_NAMES: [&str; 5] = [
    "metadata",
    "metadata.goog",
    "metadata.google.internal",
    "instance-data",
    "instance-data.ec2.internal",
];

/// Names that mean the machine of whoever resolves them.
const LOOPBACK_NAMES: [&str; 5] =
    ["localhost", "localhost.localdomain", "localhost6", "ip6-localhost", "ip6-loopback"];

const LOOPBACK: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

/// Which addresses may be called. The public internet may, over https; the operator's own networks
/// only when listed; link-local and metadata addresses never.
#[derive(Debug, Clone, Default)]
pub struct OutboundPolicy {
    /// Networks called although they are private, and without TLS: `REALMS_OUTBOUND_ALLOW_PRIVATE`.
    allow_private: Vec<IpNet>,
    /// Our own listeners: a call that comes back to us would go round for ever.
    own: Vec<SocketAddr>,
    /// Our own database: host and port, as they are configured.
    stores: Vec<(String, u16)>,
}

/// Why an address or a URL is not called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Another scheme than http and https.
    #[error("the scheme `{0}` is not called: use https")]
    Scheme(String),
    /// A user name or password in the URL.
    #[error("a URL with a user name or password is not called: put the secret into a credential")]
    UserInfo,
    /// Something after `#`.
    #[error("a URL with a fragment is not called: remove the part after `#`")]
    Fragment,
    /// No host.
    #[error("the URL has no host")]
    NoHost,
    /// A port of another kind of service.
    #[error("port {0} is not called: it belongs to another kind of service")]
    Port(u16),
    /// An address that no setting allows.
    #[error("{address} is never called: it is {what}")]
    Forbidden {
        /// The address, or the one hidden in it.
        address: IpAddr,
        /// What it is.
        what: &'static str,
    },
    /// A private address that is not on the list.
    #[error("{address} is {what}: to call it, add its network to REALMS_OUTBOUND_ALLOW_PRIVATE")]
    Private {
        /// The address, or the one hidden in it.
        address: IpAddr,
        /// What it is.
        what: &'static str,
    },
    /// A credential would cross the internet in the clear.
    #[error(
        "plain http to {0} would show the credential to everyone between: use https, or add its \
         network to REALMS_OUTBOUND_ALLOW_PRIVATE"
    )]
    PlainHttp(IpAddr),
    /// Realms itself.
    #[error("{0} is a listener of Realms itself: a call there would go round for ever")]
    OwnListener(SocketAddr),
    /// The database of Realms itself.
    #[error("{0} is the database of Realms itself: no channel leads there")]
    OwnStore(SocketAddr),
    /// The same, by its name.
    #[error("`{0}` is the database of Realms itself: no channel leads there")]
    OwnStoreName(String),
    /// A name under which machines hand out credentials.
    #[error("`{0}` is never called: it is a cloud metadata name")]
    ForbiddenName(String),
    /// A credential would cross who knows which network in the clear.
    #[error(
        "plain http to `{0}`, whose address only the proxy knows, may show the credential to everyone \
         between: use https, or a `socks5://` proxy, which is given checked addresses"
    )]
    PlainHttpName(String),
}

// === impl OutboundPolicy ===

impl OutboundPolicy {
    /// A policy that also allows these private networks.
    pub fn new(allow_private: Vec<IpNet>) -> Self {
        Self { allow_private, ..Self::default() }
    }

    /// Refuses these addresses too: where Realms itself listens.
    #[must_use]
    pub fn without(mut self, own: impl IntoIterator<Item = SocketAddr>) -> Self {
        self.own.extend(own);
        self
    }

    /// Refuses these hosts and ports too: where the database is. Every address of such a host counts,
    /// and where it is on this machine, every address of this machine.
    #[must_use]
    pub fn without_stores(mut self, stores: impl IntoIterator<Item = (String, u16)>) -> Self {
        self.stores.extend(stores.into_iter().map(|(host, port)| (bare(&host), port)));
        self
    }

    /// What can be said of a URL before its name is resolved; asked when a channel is configured.
    pub fn check_url(&self, url: &Url) -> Result<(), Refused> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refused::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(Refused::Fragment);
        }
        let port = url.port_or_known_default().unwrap_or(0);
        let address = match url.host() {
            None => return Err(Refused::NoHost),
            Some(Host::Domain(name)) => return self.check_host(name, port),
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
        };
        self.check_target(SocketAddr::new(address, port), url.scheme() == "https")
    }

    /// Whether an address may be called at all.
    pub fn check_addr(&self, address: IpAddr) -> Result<(), Refused> {
        for face in faces(address) {
            match class(face) {
                Class::Public => {}
                Class::Private(_) if self.allows(face) => {}
                Class::Private(what) => {
                    return Err(Refused::Private { address: face, what });
                }
                Class::Forbidden(what) => {
                    return Err(Refused::Forbidden { address: face, what });
                }
            }
        }
        Ok(())
    }

    /// What can be said of a name that only the proxy resolves.
    pub(crate) fn check_name(&self, host: &str, port: u16, covered: bool) -> Result<(), Refused> {
        self.check_host(host, port)?;
        if covered { Ok(()) } else { Err(Refused::PlainHttpName(bare(host))) }
    }

    /// The configured hosts of our own database on this port.
    pub(crate) fn own_stores_on(&self, port: u16) -> impl Iterator<Item = &str> {
        let stores = self.stores.iter().filter(move |(_, own)| *own == port);
        stores.map(|(host, _)| host.as_str())
    }

    /// Whether one of our listeners is met on every address of this machine, on this port.
    pub(crate) fn listens_everywhere_on(&self, port: u16) -> bool {
        self.own.iter().any(|own| own.ip().is_unspecified() && own.port() == port)
    }

    fn check_host(&self, host: &str, port: u16) -> Result<(), Refused> {
        check_port(port)?;
        let name = bare(host);
        if METADATA_NAMES.contains(&name.as_str()) {
            return Err(Refused::ForbiddenName(name));
        }
        if self.own_stores_on(port).any(|own| own == name) {
            return Err(Refused::OwnStoreName(name));
        }
        Ok(())
    }

    /// Everything that is known before connecting.
    pub(crate) fn check_target(&self, target: SocketAddr, tls: bool) -> Result<(), Refused> {
        check_port(target.port())?;
        self.check_addr(target.ip())?;
        let address = target.ip().to_canonical();
        if self.own.contains(&SocketAddr::new(address, target.port())) {
            return Err(Refused::OwnListener(target));
        }
        if tls || self.allows(address) { Ok(()) } else { Err(Refused::PlainHttp(address)) }
    }

    /// What only the open connection tells: whom it really reached. A listener on all addresses is
    /// met on any address of this machine, which is where both ends have the same address.
    pub(crate) fn check_connected(
        &self,
        local: SocketAddr,
        peer: SocketAddr,
        tls: bool,
    ) -> Result<(), Refused> {
        self.check_target(peer, tls)?;
        let here = local.ip().to_canonical() == peer.ip().to_canonical();
        if here && self.listens_everywhere_on(peer.port()) {
            return Err(Refused::OwnListener(peer));
        }
        Ok(())
    }

    fn allows(&self, address: IpAddr) -> bool {
        self.allow_private.iter().any(|net| net.contains(&address))
    }
}

/// A host as it is compared: the dot at the end of a whole name means the same without.
fn bare(host: &str) -> String {
    host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase()
}

/// The addresses of a name that always has the same ones.
pub(crate) fn fixed_addresses(host: &str) -> Option<[IpAddr; 2]> {
    let name = bare(host);
    let loopback = name.ends_with(".localhost") || LOOPBACK_NAMES.contains(&name.as_str());
    loopback.then_some(LOOPBACK)
}

fn check_port(port: u16) -> Result<(), Refused> {
    let refused = (port < 1024 && !WEB_PORTS.contains(&port)) || SERVICE_PORTS.contains(&port);
    if refused { Err(Refused::Port(port)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allowed: &[&str]) -> OutboundPolicy {
        OutboundPolicy::new(allowed.iter().map(|net| net.parse().unwrap()).collect())
    }

    fn check(policy: &OutboundPolicy, url: &str) -> Result<(), Refused> {
        policy.check_url(&url.parse().unwrap())
    }

    #[test]
    fn every_spelling_of_loopback_is_loopback() {
        for host in [
            "127.0.0.1",
            "127.1",
            "0x7f000001",
            "2130706433",
            "0177.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
        ] {
            let url = format!("https://{host}/v1");
            let refused = check(&policy(&[]), &url);
            assert!(matches!(refused, Err(Refused::Private { .. })), "{host}: {refused:?}");
            assert_eq!(check(&policy(&["127.0.0.0/8", "::1/128"]), &url), Ok(()), "{host}");
        }
    }

    #[test]
    fn no_setting_allows_link_local_or_metadata() {
        let everything = policy(&["0.0.0.0/0", "::/0"]);
        for host in [
            "169.254.169.254",
            "169.254.1.1",
            "[fe80::1]",
            "100.100.100.200",
            "0.0.0.0",
            "[fd00:ec2::254]",
            "224.0.0.1",
            "[::ffff:169.254.169.254]",
            "[64:ff9b::a9fe:a9fe]",
        ] {
            let refused = check(&everything, &format!("http://{host}/"));
            assert!(matches!(refused, Err(Refused::Forbidden { .. })), "{host}: {refused:?}");
        }
    }

    #[test]
    fn private_networks_need_permission_and_public_ones_tls() {
        let policy = policy(&["10.0.0.0/8"]);
        assert_eq!(check(&policy, "http://10.1.2.3:11434/v1"), Ok(()));
        assert_eq!(check(&policy, "https://1.1.1.1/v1"), Ok(()));
        assert!(matches!(check(&policy, "https://192.168.0.1"), Err(Refused::Private { .. })));
        assert!(matches!(check(&policy, "http://1.1.1.1/v1"), Err(Refused::PlainHttp(_))));
    }

    #[test]
    fn odd_urls_are_refused_with_a_reason() {
        let policy = policy(&[]);
        assert_eq!(check(&policy, "https://api.openai.com/v1"), Ok(()));
        assert_eq!(check(&policy, "ftp://a.example"), Err(Refused::Scheme("ftp".into())));
        assert_eq!(check(&policy, "data:text/plain,x"), Err(Refused::Scheme("data".into())));
        assert_eq!(check(&policy, "https://u:p@a.example"), Err(Refused::UserInfo));
        assert_eq!(check(&policy, "https://a.example/#x"), Err(Refused::Fragment));
        assert_eq!(check(&policy, "https://a.example:22"), Err(Refused::Port(22)));
        assert_eq!(check(&policy, "https://a.example:5432"), Err(Refused::Port(5432)));
        assert_eq!(check(&policy, "https://a.example:8443"), Ok(()));
    }

    #[test]
    fn realms_does_not_call_itself() {
        let own: SocketAddr = "127.0.0.1:8080".parse().unwrap();
        let all: SocketAddr = "0.0.0.0:8081".parse().unwrap();
        let policy = policy(&["127.0.0.0/8", "10.0.0.0/8"]).without([own, all]);
        let refused = check(&policy, "http://[::ffff:127.0.0.1]:8080/");
        assert!(matches!(refused, Err(Refused::OwnListener(_))), "{refused:?}");

        let here: SocketAddr = "10.0.0.5:50000".parse().unwrap();
        let ours: SocketAddr = "10.0.0.5:8081".parse().unwrap();
        let theirs: SocketAddr = "10.0.0.6:8081".parse().unwrap();
        assert_eq!(policy.check_connected(here, ours, false), Err(Refused::OwnListener(ours)));
        assert_eq!(policy.check_connected(here, theirs, false), Ok(()));
    }
}
