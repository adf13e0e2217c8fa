//! A way through a proxy: it is reached as any host is, asked, and trusted with nothing else.

mod http_connect;
mod socks;

use std::net::SocketAddr;

use realms_types::Proxy;
use tokio::time::timeout;

use crate::{
    ConnectError, ProxyFailure, destination::Destination, dialer::Dialer, policy::fixed_addresses,
    wire::Wire,
};

/// So many addresses of one host are asked for, where the proxy is given addresses.
const MOST_ADDRESSES: usize = 4;

/// What a proxy is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal<'a> {
    /// A host whose address the proxy finds out.
    Name(&'a str, u16),
    /// An address that was checked here.
    Address(SocketAddr),
}

/// Opens a connection to a host through a proxy, or none at all.
pub(crate) async fn open(
    dialer: &Dialer,
    proxy: &Proxy,
    to: &Destination,
    resolved: &(dyn Fn() + Sync),
) -> Result<Wire, ConnectError> {
    let failed = |source| ConnectError::Proxy { proxy: proxy.to_string(), source };
    let goals = goals(dialer, proxy, to).await?;
    let hop = Destination::of_proxy(proxy);
    let unreachable = |error| failed(ProxyFailure::Unreachable(Box::new(error)));
    let addresses = dialer.resolve(&hop).await.map_err(unreachable)?;
    let addresses = dialer.allowed(&hop, addresses).await.map_err(unreachable)?;
    resolved();
    let mut last = ProxyFailure::Reply(4);
    for goal in goals.into_iter().take(MOST_ADDRESSES) {
        let wire = reach(dialer, &hop, addresses.clone()).await.map_err(unreachable)?;
        match ask(dialer, proxy, wire, goal).await {
            Ok(wire) => return Ok(wire),
            Err(failure) if failure.is_of_address() => last = failure,
            Err(failure) => return Err(failed(failure)),
        }
    }
    Err(failed(last))
}

/// What the proxy is to be asked for, after all that can be checked was checked.
async fn goals<'a>(
    dialer: &Dialer,
    proxy: &Proxy,
    to: &'a Destination,
) -> Result<Vec<Goal<'a>>, ConnectError> {
    if to.literal().is_none() && proxy.scheme().resolves() {
        check_name(dialer, to).await?;
        return Ok(vec![Goal::Name(&to.host, to.port)]);
    }
    let addresses = dialer.resolve(to).await?;
    let allowed = dialer.allowed(to, addresses).await?;
    Ok(allowed.into_iter().map(Goal::Address).collect())
}

/// All that can be said of a name that only the proxy resolves.
async fn check_name(dialer: &Dialer, to: &Destination) -> Result<(), ConnectError> {
    let Some(addresses) = fixed_addresses(&to.host) else {
        let checked = dialer.policy.check_name(&to.host, to.port, to.is_covered());
        return checked.map_err(|source| to.refused(source));
    };
    // Any of them may be the one it takes, so all must be allowed.
    for address in addresses {
        dialer.allowed(to, vec![SocketAddr::new(address, to.port)]).await?;
    }
    Ok(())
}

async fn reach(
    dialer: &Dialer,
    hop: &Destination,
    addresses: Vec<SocketAddr>,
) -> Result<Wire, ConnectError> {
    let wire = dialer.connect(hop, addresses).await.map(Wire::Plain)?;
    if hop.tls { dialer.handshake(hop, wire).await } else { Ok(wire) }
}

async fn ask(
    dialer: &Dialer,
    proxy: &Proxy,
    mut wire: Wire,
    goal: Goal<'_>,
) -> Result<Wire, ProxyFailure> {
    let (deadline, login) = (dialer.timeouts.proxy, proxy.login());
    let asking = async {
        if proxy.scheme().is_socks() {
            socks::connect(&mut wire, goal, login).await
        } else {
            http_connect::connect(&mut wire, goal, login).await
        }
    };
    match timeout(deadline, asking).await {
        Ok(asked) => asked.map(|()| wire),
        Err(_) => Err(ProxyFailure::Late(deadline)),
    }
}
