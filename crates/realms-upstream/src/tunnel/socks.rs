//! SOCKS 5 (RFC 1928) with a user and a password (RFC 1929).

use std::net::SocketAddr;

use realms_types::{ProxyLogin, Secret};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::Goal;
use crate::ProxyFailure;

const VERSION: u8 = 5;
const LOGIN_VERSION: u8 = 1;
const NO_LOGIN: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const NONE_ACCEPTABLE: u8 = 0xff;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;
const DONE: u8 = 0;

/// Asks for a connection. When this is done, the next byte is the host's.
pub(super) async fn connect(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    goal: Goal<'_>,
    login: Option<&ProxyLogin>,
) -> Result<(), ProxyFailure> {
    let request = request(goal)?;
    let methods: &[u8] = if login.is_some() { &[NO_LOGIN, USER_AND_PASSWORD] } else { &[NO_LOGIN] };
    send(stream, &[&[VERSION, count(methods)], methods].concat()).await?;
    let [version, method] = read(stream).await?;
    if version != VERSION {
        return Err(ProxyFailure::NotAProxy("what came is not SOCKS 5"));
    }
    match (method, login) {
        (NO_LOGIN, _) => {}
        (USER_AND_PASSWORD, Some(login)) => log_in(stream, login).await?,
        (NONE_ACCEPTABLE, _) => return Err(ProxyFailure::NoLogin),
        _ => return Err(ProxyFailure::NotAProxy("it chose a login that was not offered")),
    }
    send(stream, &request).await?;
    read_reply(stream).await
}

async fn log_in(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    login: &ProxyLogin,
) -> Result<(), ProxyFailure> {
    let (user, password) = (login.user().reveal(), login.password().reveal());
    let mut message = vec![LOGIN_VERSION];
    for part in [user.as_bytes(), password.as_bytes()] {
        message.push(count(part));
        message.extend_from_slice(part);
    }
    let message = Secret::new(message);
    send(stream, message.reveal()).await?;
    let [_, status] = read(stream).await?;
    if status == DONE { Ok(()) } else { Err(ProxyFailure::Login) }
}

fn request(goal: Goal<'_>) -> Result<Vec<u8>, ProxyFailure> {
    let mut message = vec![VERSION, CONNECT, 0];
    let port = match goal {
        Goal::Name(host, port) => {
            let length = u8::try_from(host.len()).map_err(|_| ProxyFailure::LongName)?;
            message.extend_from_slice(&[NAME, length]);
            message.extend_from_slice(host.as_bytes());
            port
        }
        Goal::Address(SocketAddr::V4(address)) => {
            message.push(IPV4);
            message.extend_from_slice(&address.ip().octets());
            address.port()
        }
        Goal::Address(SocketAddr::V6(address)) => {
            message.push(IPV6);
            message.extend_from_slice(&address.ip().octets());
            address.port()
        }
    };
    message.extend_from_slice(&port.to_be_bytes());
    Ok(message)
}

/// Reads the reply to its last byte and no further. The address in it says nothing to us.
async fn read_reply(stream: &mut (impl AsyncRead + Unpin)) -> Result<(), ProxyFailure> {
    let [version, reply, _, kind] = read(stream).await?;
    if version != VERSION {
        return Err(ProxyFailure::NotAProxy("its reply is not SOCKS 5"));
    }
    if reply != DONE {
        return Err(ProxyFailure::Reply(reply));
    }
    let length = match kind {
        IPV4 => 4,
        IPV6 => 16,
        NAME => {
            let [length] = read(stream).await?;
            usize::from(length)
        }
        _ => return Err(ProxyFailure::NotAProxy("its reply names no address")),
    };
    let mut address = [0; 255 + 2];
    stream.read_exact(&mut address[..length + 2]).await?;
    Ok(())
}

async fn read<const N: usize>(
    stream: &mut (impl AsyncRead + Unpin),
) -> Result<[u8; N], ProxyFailure> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), message: &[u8]) -> Result<(), ProxyFailure> {
    stream.write_all(message).await?;
    Ok(stream.flush().await?)
}

/// The length of what is known to have at most 255 bytes.
fn count(bytes: &[u8]) -> u8 {
    u8::try_from(bytes.len()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_goal_has_its_form() {
        let of = |address: &str| request(Goal::Address(address.parse().unwrap())).unwrap();
        assert_eq!(of("1.2.3.4:443"), [5, 1, 0, 1, 1, 2, 3, 4, 1, 187]);
        assert_eq!(of("[::1]:80")[..5], [5, 1, 0, 4, 0]);
        assert_eq!(of("[::1]:80").len(), 4 + 16 + 2);
        assert_eq!(request(Goal::Name("a.b", 1)).unwrap(), b"\x05\x01\x00\x03\x03a.b\x00\x01");
        let long = "x".repeat(256);
        assert!(matches!(request(Goal::Name(&long, 1)), Err(ProxyFailure::LongName)));
    }
}
