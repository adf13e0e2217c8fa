//! Where the calls of a channel would go, and what is to be said about that.

use std::sync::Arc;

use realms_catalog::with_api_version;
use realms_relay::create_url;
use realms_types::{ChannelKind, DialectId, Proxy};
use realms_upstream::{ConnectError, OutboundPolicy, Refused, SendError, Upstream};
use url::Url;

use crate::{
    ConsoleError,
    manifest::{ProxyText, Slot},
    plan::check_api_version,
};

/// Where calls would go.
#[derive(Debug)]
pub(crate) struct Resolution {
    pub(crate) urls: Vec<(DialectId, String)>,
    pub(crate) warnings: Vec<(WarningCode, String)>,
    pub(crate) addresses: Vec<String>,
}

/// What is to be said about a base URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WarningCode {
    /// The version stands in the path twice.
    DuplicateVersion,
    /// The base URL names no version, so one is added.
    NoVersion,
    /// A private address, which is allowed.
    PrivateAddress,
    /// An address that is not called.
    BlockedAddress,
    /// The credential would cross the network in the clear.
    PlainHttp,
    /// The name cannot be resolved.
    Dns,
}

/// A base URL as somebody wrote it.
pub(crate) fn read_base(text: &str) -> Result<Url, ConsoleError> {
    let refused = |why: &str| ConsoleError::Invalid(vec![format!("base_url: {why}")]);
    let url = Url::parse(text.trim()).map_err(|error| refused(&error.to_string()))?;
    match url.scheme() {
        "http" | "https" if url.host().is_some() => Ok(url),
        _ => Err(refused("an address such as \"https://api.example.com/v1\" is expected")),
    }
}

/// A base URL as somebody wrote it, with the version of the API that is to be asked for.
pub(crate) fn read_versioned_base(
    kind: ChannelKind,
    text: &str,
    api_version: Option<&str>,
) -> Result<Url, ConsoleError> {
    let base = read_base(text)?;
    let version = api_version.filter(|version| !version.is_empty());
    if let Some(version) = version {
        check_api_version(Some(kind), version)
            .map_err(|mistake| ConsoleError::Invalid(vec![mistake]))?;
    }
    Ok(with_api_version(base, version))
}

/// A proxy as somebody wrote it, to be used once. None is ever left out in silence.
pub(crate) fn read_proxy(
    slot: Option<&Slot<ProxyText>>,
) -> Result<Option<Arc<Proxy>>, ConsoleError> {
    let invalid = |mistake: &str| ConsoleError::Invalid(vec![format!("proxy: {mistake}")]);
    let Some(text) = slot.and_then(Slot::as_ref) else { return Ok(None) };
    if let Some(mistake) = text.mistake() {
        return Err(invalid(mistake));
    }
    let literal = text.literal().cloned();
    Ok(Some(literal.ok_or_else(|| invalid("write it out: no variable is read here"))?))
}

/// Asks the resolver and the policy; nothing is connected.
pub(crate) async fn resolve(
    upstream: &Upstream,
    kind: ChannelKind,
    base: &Url,
    dialects: &[DialectId],
) -> Resolution {
    let dialects = if dialects.is_empty() { kind.default_dialects() } else { dialects };
    let urls: Vec<(DialectId, String)> = dialects
        .iter()
        .filter_map(|dialect| Some((*dialect, create_url(kind, base, *dialect).ok()?)))
        .collect();
    let mut warnings = path_warnings(kind, base, &urls);
    let mut addresses = Vec::new();
    match (upstream.policy().check_url(base), upstream.resolve(base).await) {
        (Err(refused), _) => warnings.push(refusal(&refused)),
        (Ok(()), Err(error)) => warnings.push(failure(&error)),
        (Ok(()), Ok(found)) => {
            for one in &found {
                addresses.push(one.address.to_string());
                let said = match &one.refused {
                    Some(refused) => Some(refusal(refused)),
                    None if is_private(one.address) => Some((
                        WarningCode::PrivateAddress,
                        format!("{} is private, and allowed", one.address),
                    )),
                    None => None,
                };
                warnings.extend(said.filter(|said| !warnings.contains(said)));
            }
        }
    }
    Resolution { urls, warnings, addresses }
}

/// What the paths alone tell.
fn path_warnings(
    kind: ChannelKind,
    base: &Url,
    urls: &[(DialectId, String)],
) -> Vec<(WarningCode, String)> {
    let mut warnings = Vec::new();
    let called = urls.first().and_then(|(_, url)| Url::parse(url).ok());
    let versions = called.as_ref().map_or(0, |url| count_versions(url.path()));
    if versions > 1 {
        let detail = "the version stands in the path twice: leave it out of the base URL";
        warnings.push((WarningCode::DuplicateVersion, detail.to_owned()));
    }
    if !matches!(kind, ChannelKind::Codex | ChannelKind::Azure)
        && count_versions(base.path()) == 0
        && versions == 1
    {
        let detail = format!("{} names no version, so one is added", base.as_str());
        warnings.push((WarningCode::NoVersion, detail));
    }
    warnings
}

fn count_versions(path: &str) -> usize {
    let is_version = |segment: &&str| {
        segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    path.split('/').filter(is_version).count()
}

fn is_private(address: std::net::IpAddr) -> bool {
    OutboundPolicy::default().check_addr(address).is_err()
}

fn refusal(refused: &Refused) -> (WarningCode, String) {
    let code = match refused {
        Refused::PlainHttp(_) => WarningCode::PlainHttp,
        _ => WarningCode::BlockedAddress,
    };
    (code, refused.to_string())
}

fn failure(error: &SendError) -> (WarningCode, String) {
    match error {
        SendError::Connect(ConnectError::Refused { source, .. }) => refusal(source),
        other => (WarningCode::Dns, other.to_string()),
    }
}

// === impl WarningCode ===

impl WarningCode {
    /// The word in JSON.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::DuplicateVersion => "duplicate_version",
            Self::NoVersion => "no_version",
            Self::PrivateAddress => "private_address",
            Self::BlockedAddress => "blocked_address",
            Self::PlainHttp => "plain_http",
            Self::Dns => "dns",
        }
    }
}
