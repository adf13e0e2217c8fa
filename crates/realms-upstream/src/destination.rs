//! One end of a connection: a host, its port, and whether TLS is spoken to it.

use std::net::{IpAddr, SocketAddr};

use http::Uri;
use realms_types::{Proxy, ProxyScheme};
use url::Host;

use crate::{ConnectError, Refused};

/// Where a connection leads.
#[derive(Debug, Clone)]
pub(crate) struct Destination {
    /// A name, or an address without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Whether TLS is spoken to it.
    pub(crate) tls: bool,
    /// Whether what is sent to it in the clear shows a credential.
    pub(crate) confidential: bool,
}

// === impl Destination ===

impl Destination {
    /// Where a URI leads.
    pub(crate) fn of(uri: &Uri) -> Self {
        let tls = uri.scheme_str() != Some("http");
        let host = uri.host().unwrap_or_default();
        // An IPv6 address stands in brackets in a URI and nowhere else.
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        Self { host: bare.to_owned(), port, tls, confidential: true }
    }

    /// The proxy itself. Most are spoken to in the clear: the TLS of the call goes through it.
    pub(crate) fn of_proxy(proxy: &Proxy) -> Self {
        let host = match proxy.host() {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let tls = proxy.scheme() == ProxyScheme::Https;
        Self { host, port: proxy.port(), tls, confidential: false }
    }

    /// The address, where the host is one.
    pub(crate) fn literal(&self) -> Option<SocketAddr> {
        let address: IpAddr = self.host.parse().ok()?;
        Some(SocketAddr::new(address, self.port))
    }

    /// Whether nothing that must stay secret would cross the network in the clear.
    pub(crate) const fn is_covered(&self) -> bool {
        self.tls || !self.confidential
    }

    pub(crate) fn refused(&self, source: Refused) -> ConnectError {
        ConnectError::Refused { host: self.host.clone(), source }
    }
}
