//! Why a test failed, in one word and one sentence, with what mends it where that is known. Pure.

use std::net::IpAddr;

use http::header;
use realms_dialect::UpstreamFault;
use realms_types::{Cause, Scope, Timestamp, Verdict};
use realms_upstream::{ConnectError, Refused, SendError, classify};
use url::Url;

use super::answer::{Answer, BodyEnd};
use crate::opening::line;

/// The variable that lets private addresses be called.
const ALLOW_PRIVATE: &str = "REALMS_OUTBOUND_ALLOW_PRIVATE";
/// How vendors say that they do not serve a country. Google says it with a 400.
const REGION: [&str; 4] = [
    "unsupported_country_region_territory",
    "country, region, or territory not supported",
    "location is not supported",
    "not available in your region",
];

/// Why a test failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// In one word.
    pub code: FailureCode,
    /// In one sentence, without secrets.
    pub detail: String,
    /// What mends it.
    pub fix: Option<Fix>,
}

/// What mends a failure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fix {
    /// The base URL that would answer.
    pub base_url: Option<String>,
    /// The network to allow.
    pub allow_private: Option<String>,
    /// The variable to set.
    pub setting: Option<String>,
}

/// Why a test failed, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureCode {
    /// The name cannot be resolved.
    Dns,
    /// Nobody accepts the connection.
    Connect,
    /// The handshake failed.
    Tls,
    /// It took too long.
    Timeout,
    /// The key is refused.
    Unauthorized,
    /// The account may not, or not from here.
    Forbidden,
    /// The path is not there.
    NotFound,
    /// The model is not there.
    ModelNotFound,
    /// Too many calls.
    RateLimited,
    /// Nothing left to pay with.
    NoMoney,
    /// The outbound policy forbids the address.
    BlockedAddress,
    /// The request is refused.
    BadRequest,
    /// The vendor's trouble.
    ServerError,
    /// What answers is no API.
    NotAnApi,
    /// The proxy does not lead there.
    Proxy,
    /// Something else.
    Other,
}

/// Why there are no response headers.
pub(crate) fn of_send(error: &SendError, base: &Url) -> Failure {
    let detail = error.to_string();
    match error {
        SendError::Target(_) => Failure::new(FailureCode::BadRequest, detail),
        SendError::Credential => Failure::new(FailureCode::Unauthorized, detail),
        SendError::HeaderTimeout(_) => Failure::new(FailureCode::Timeout, detail),
        SendError::Broken(_) | SendError::Socket(_) => Failure::new(FailureCode::Other, detail),
        SendError::Connect(error) => of_connect(error, detail, base),
    }
}

fn of_connect(error: &ConnectError, detail: String, base: &Url) -> Failure {
    let late = |source: &std::io::Error| source.kind() == std::io::ErrorKind::TimedOut;
    match error {
        ConnectError::Dns { source, .. }
        | ConnectError::Connect { source, .. }
        | ConnectError::Tls { source, .. }
            if late(source) =>
        {
            Failure::new(FailureCode::Timeout, detail)
        }
        ConnectError::Dns { .. } => Failure::new(FailureCode::Dns, detail),
        ConnectError::Connect { .. } => Failure::new(FailureCode::Connect, detail),
        ConnectError::Tls { source, .. } if source.to_string().contains("InvalidContentType") => {
            let detail = format!("{detail}: the server does not speak TLS there");
            Failure::new(FailureCode::Tls, detail).with_base(with_scheme(base, "http"))
        }
        ConnectError::Tls { .. } => Failure::new(FailureCode::Tls, detail),
        ConnectError::Refused { source, .. } => of_refused(source, detail, base),
        ConnectError::Proxy { .. } => Failure::new(FailureCode::Proxy, detail),
    }
}

fn of_refused(refused: &Refused, detail: String, base: &Url) -> Failure {
    let failure = Failure::new(FailureCode::BlockedAddress, detail);
    match refused {
        Refused::Private { address, .. } => failure.with_network(*address),
        Refused::PlainHttp(_) => failure.with_base(with_scheme(base, "https")),
        _ => failure,
    }
}

/// Why an answer is none; `None` when it is one.
pub(super) fn of_answer(answer: &Answer, base: &Url, now: Timestamp) -> Option<Failure> {
    let status = answer.status;
    if status.is_redirection() {
        return Some(of_redirect(answer, base));
    }
    if answer.is_html() && (status.is_success() || matches!(status.as_u16(), 400 | 405)) {
        let detail = format!("a web page came with status {}: this is no API", status.as_u16());
        return Some(Failure::new(FailureCode::NotAnApi, detail));
    }
    if let Some(fault) = &answer.fault {
        return Some(of_fault(answer, fault, now));
    }
    if let Some(fault) = &answer.reading.fault {
        return Some(of_fault(answer, fault, now));
    }
    match answer.end {
        _ if answer.reading.ended => None,
        BodyEnd::Late => Some(Failure::timeout("the answer did not come to its end")),
        BodyEnd::Broken => Some(Failure::new(FailureCode::Other, "the answer broke off")),
        BodyEnd::Cut => Some(Failure::new(
            FailureCode::NotAnApi,
            "more came than any answer to this question holds",
        )),
        BodyEnd::Whole if answer.reading.meaningful => Some(Failure::new(
            FailureCode::Other,
            "the answer ended without the event that ends it: clients would take it for broken",
        )),
        BodyEnd::Whole => {
            let detail = format!("status {} came with nothing that is an answer", status.as_u16());
            Some(Failure::new(FailureCode::NotAnApi, detail))
        }
    }
}

/// What an answer that is none says of whoever gave it.
pub(super) fn verdict_of(answer: &Answer, now: Timestamp) -> Verdict {
    let fault = answer.fault.as_ref().or(answer.reading.fault.as_ref());
    let (scope, cause) = match (fault, answer.end) {
        _ if answer.status.is_redirection() => (Scope::Channel, Cause::Redirect),
        (Some(fault), _) => return classify(answer.status, &answer.headers, fault, now),
        (None, BodyEnd::Late) => (Scope::Endpoint, Cause::IdleTimeout),
        (None, BodyEnd::Cut) => (Scope::Endpoint, Cause::TooLarge),
        (None, BodyEnd::Broken) => (Scope::Endpoint, Cause::Broken),
        (None, BodyEnd::Whole) if answer.reading.meaningful => (Scope::Endpoint, Cause::Broken),
        (None, BodyEnd::Whole) => (Scope::Endpoint, Cause::NotAnAnswer),
    };
    Verdict::Retry { scope, cause, until: None }
}

fn of_fault(answer: &Answer, fault: &UpstreamFault, now: Timestamp) -> Failure {
    of_error(classify(answer.status, &answer.headers, fault, now), fault)
}

/// What an upstream's own error says.
pub(crate) fn of_error(verdict: Verdict, fault: &UpstreamFault) -> Failure {
    let detail = line(fault);
    let lower = detail.to_lowercase();
    if REGION.iter().any(|words| lower.contains(words)) {
        let detail = format!("the vendor does not serve the region of this server: {detail}");
        return Failure::new(FailureCode::Forbidden, detail);
    }
    let cause = match verdict {
        Verdict::Retry { cause, .. } | Verdict::Fail { cause } => cause,
        Verdict::Accept => Cause::NotAnAnswer,
    };
    Failure::new(code(cause, fault), detail)
}

fn code(cause: Cause, fault: &UpstreamFault) -> FailureCode {
    match cause {
        Cause::Unauthorized if fault.status == 403 => FailureCode::Forbidden,
        Cause::Unauthorized => FailureCode::Unauthorized,
        // The window of a subscription, which time fills again.
        Cause::Exhausted if fault.kind.as_deref() == Some("usage_limit_reached") => {
            FailureCode::RateLimited
        }
        Cause::Exhausted => FailureCode::NoMoney,
        Cause::RateLimited => FailureCode::RateLimited,
        Cause::NoSuchModel => FailureCode::ModelNotFound,
        Cause::NoSuchPath => FailureCode::NotFound,
        Cause::BadRequest if fault.status == 404 => FailureCode::NotFound,
        Cause::BadRequest => FailureCode::BadRequest,
        Cause::Overloaded | Cause::ServerError => FailureCode::ServerError,
        Cause::NotAnAnswer => FailureCode::NotAnApi,
        _ => FailureCode::Other,
    }
}

/// Redirects are never followed with a credential. Where one leads may be the right base URL.
fn of_redirect(answer: &Answer, base: &Url) -> Failure {
    let location = answer.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
    let Some(to) = location.and_then(|location| base.join(location).ok()) else {
        let detail = format!("status {} leads nowhere", answer.status.as_u16());
        return Failure::new(FailureCode::NotFound, detail);
    };
    let shown: String = to.as_str().chars().take(500).collect();
    let failure = Failure::new(
        FailureCode::NotFound,
        format!("the base URL leads on to {shown}, and redirects are not followed"),
    );
    // The same host over https: nothing else about it has changed.
    if base.scheme() == "http" && to.scheme() == "https" && to.host_str() == base.host_str() {
        let mut better = base.clone();
        let moved = better.set_scheme("https").is_ok() && better.set_port(to.port()).is_ok();
        return if moved { failure.with_base(Some(better)) } else { failure };
    }
    failure
}

fn with_scheme(base: &Url, scheme: &str) -> Option<Url> {
    let mut other = base.clone();
    other.set_scheme(scheme).is_ok().then_some(other)
}

// === impl Failure ===

impl Failure {
    pub(super) fn new(code: FailureCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), fix: None }
    }

    pub(crate) fn timeout(what: &str) -> Self {
        Self::new(FailureCode::Timeout, format!("{what} in time"))
    }

    pub(crate) fn not_an_api(detail: impl Into<String>) -> Self {
        Self::new(FailureCode::NotAnApi, detail)
    }

    fn with_base(self, base: Option<Url>) -> Self {
        Self { fix: base.map(Fix::of_base), ..self }
    }

    /// The narrowest network that holds the address.
    fn with_network(self, address: IpAddr) -> Self {
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let fix = Fix {
            base_url: None,
            allow_private: Some(format!("{address}/{bits}")),
            setting: Some(ALLOW_PRIVATE.to_owned()),
        };
        Self { fix: Some(fix), ..self }
    }
}

// === impl Fix ===

impl Fix {
    /// Another base URL. The version of the API, which is its query, is configured apart.
    pub(super) fn of_base(mut base: Url) -> Self {
        base.set_query(None);
        Self { base_url: Some(base.to_string()), ..Self::default() }
    }
}

// === impl FailureCode ===

impl FailureCode {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::ModelNotFound => "model_not_found",
            Self::RateLimited => "rate_limited",
            Self::NoMoney => "no_money",
            Self::BlockedAddress => "blocked_address",
            Self::BadRequest => "bad_request",
            Self::ServerError => "server_error",
            Self::NotAnApi => "not_an_api",
            Self::Proxy => "proxy",
            Self::Other => "other",
        }
    }
}
