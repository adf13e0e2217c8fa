//! A proxy that calls go through: read once, shown without its login.

use std::{fmt, hash, str::FromStr};

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::{Host, Url};

use crate::Secret;

/// The most that a field of a SOCKS login holds, in bytes (RFC 1929 §2). It is enough for all kinds.
const LONGEST_LOGIN: usize = 255;

/// Stands in place of a login.
const HIDDEN: &str = "***";

/// A proxy as an operator writes it: `socks5h://user:password@proxy.example:1080`.
///
/// What `Display` and `Debug` show has no login. Two proxies are equal when every part of them is, so
/// that a connection made with one login is never used with another.
#[derive(Clone)]
pub struct Proxy {
    scheme: ProxyScheme,
    host: Host<String>,
    port: u16,
    login: Option<ProxyLogin>,
}

/// How a proxy is spoken to, and who resolves the names of the hosts behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProxyScheme {
    /// `CONNECT` in the clear. The proxy resolves.
    Http,
    /// `CONNECT` over TLS. The proxy resolves.
    Https,
    /// SOCKS 5 with an address: Realms resolves.
    Socks5,
    /// SOCKS 5 with a name: the proxy resolves.
    Socks5h,
}

/// What a proxy knows its user by.
#[derive(Clone)]
pub struct ProxyLogin {
    user: Secret<String>,
    password: Secret<String>,
}

/// Why a text is no proxy. Nothing of the text is in the words: a login may be anywhere in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// No scheme, or none that is known.
    #[error(
        "a proxy begins with `http://`, `https://`, `socks5://` (names are resolved here) or \
         `socks5h://` (the proxy resolves them)"
    )]
    Scheme,
    /// What stands behind the scheme is no host with a port.
    #[error("behind the scheme of a proxy stands its host, as in `socks5h://proxy.example:1080`")]
    Host,
    /// No port is 0.
    #[error("the port of a proxy is a number from 1 to 65535")]
    Port,
    /// A path, a query or a fragment.
    #[error("a proxy ends behind its port: remove the path, `?` and `#`")]
    Path,
    /// A password without a user, or bytes that no login can hold.
    #[error(
        "the login of a proxy is `user:password@` before its host, each at most 255 bytes; write \
         `@`, `:`, `/`, `?`, `#` and `%` in it as `%40`, `%3A`, `%2F`, `%3F`, `%23` and `%25`"
    )]
    Login,
}

// === impl Proxy ===

impl Proxy {
    /// How it is spoken to.
    pub const fn scheme(&self) -> ProxyScheme {
        self.scheme
    }

    /// Where it is: a name, or an address.
    pub const fn host(&self) -> &Host<String> {
        &self.host
    }

    /// Its port, the usual one of its scheme where none was written.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// What it knows us by.
    pub const fn login(&self) -> Option<&ProxyLogin> {
        self.login.as_ref()
    }

    /// The whole text with the login: what is sealed. It reads back as the same proxy.
    pub fn to_secret(&self) -> Secret<String> {
        let mut text = Secret::new(format!("{}://", self.scheme));
        let coded = |part: &Secret<String>| {
            utf8_percent_encode(part.reveal(), NON_ALPHANUMERIC).to_string()
        };
        if let Some(login) = &self.login {
            let (user, password) = (coded(&login.user), coded(&login.password));
            text = Secret::new(format!("{}{user}:{password}@", text.reveal()));
        }
        Secret::new(format!("{}{}:{}", text.reveal(), self.host, self.port))
    }

    /// Whether this was read from what `Display` shows of a proxy with a login.
    pub fn is_masked(&self) -> bool {
        let is_hidden = |login: &ProxyLogin| {
            login.user.reveal() == HIDDEN && login.password.reveal().is_empty()
        };
        self.login.as_ref().is_some_and(is_hidden)
    }

    /// Whether a secret kept for one may be used with the other: the same way to the same place.
    pub fn leads_where(&self, other: &Self) -> bool {
        (self.scheme, &self.host, self.port) == (other.scheme, &other.host, other.port)
    }
}

impl FromStr for Proxy {
    type Err = ProxyError;

    fn from_str(text: &str) -> Result<Self, ProxyError> {
        let (scheme, rest) = text.trim().split_once("://").ok_or(ProxyError::Scheme)?;
        let scheme = ProxyScheme::parse(scheme).ok_or(ProxyError::Scheme)?;
        // A stray blank or line break would vanish in the parser, and with it a mistake.
        if rest.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err(ProxyError::Host);
        }
        // Only in the schemes of the web are hosts brought into their one form; each of the two hides
        // its own usual port.
        let read = |web: &str| Url::parse(&format!("{web}://{rest}")).map_err(of_parser);
        let (url, other) = (read("http")?, read("https")?);
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(ProxyError::Path);
        }
        let port = url.port().or(other.port()).unwrap_or_else(|| scheme.usual_port());
        if port == 0 {
            return Err(ProxyError::Port);
        }
        let host = url.host().ok_or(ProxyError::Host)?.to_owned();
        Ok(Self { scheme, host, port, login: ProxyLogin::of(&url, scheme)? })
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme)?;
        if self.login.is_some() {
            write!(f, "{HIDDEN}@")?;
        }
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

impl PartialEq for Proxy {
    fn eq(&self, other: &Self) -> bool {
        self.leads_where(other) && self.login == other.login
    }
}

impl Eq for Proxy {}

impl hash::Hash for Proxy {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        (self.scheme, &self.host, self.port, &self.login).hash(state);
    }
}

fn of_parser(error: url::ParseError) -> ProxyError {
    match error {
        url::ParseError::InvalidPort => ProxyError::Port,
        _ => ProxyError::Host,
    }
}

// === impl ProxyScheme ===

impl ProxyScheme {
    /// The word before `://`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Socks5 => "socks5",
            Self::Socks5h => "socks5h",
        }
    }

    /// Whether the proxy finds out the addresses of the hosts behind it, so that nobody here sees them.
    pub const fn resolves(self) -> bool {
        match self {
            Self::Http | Self::Https | Self::Socks5h => true,
            Self::Socks5 => false,
        }
    }

    /// Whether it is SOCKS.
    pub const fn is_socks(self) -> bool {
        matches!(self, Self::Socks5 | Self::Socks5h)
    }

    fn parse(word: &str) -> Option<Self> {
        let all = [Self::Http, Self::Https, Self::Socks5, Self::Socks5h];
        all.into_iter().find(|scheme| word.eq_ignore_ascii_case(scheme.as_str()))
    }

    const fn usual_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
            Self::Socks5 | Self::Socks5h => 1080,
        }
    }
}

impl fmt::Display for ProxyScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

// === impl ProxyLogin ===

impl ProxyLogin {
    /// Who.
    pub const fn user(&self) -> &Secret<String> {
        &self.user
    }

    /// The password; empty where only a user was written.
    pub const fn password(&self) -> &Secret<String> {
        &self.password
    }

    fn of(url: &Url, scheme: ProxyScheme) -> Result<Option<Self>, ProxyError> {
        if url.username().is_empty() && url.password().is_none() {
            return Ok(None);
        }
        let user = decode(url.username())?;
        let password = decode(url.password().unwrap_or_default())?;
        // In a header a colon ends the user.
        let splits = !scheme.is_socks() && user.reveal().contains(':');
        if user.reveal().is_empty() || splits {
            return Err(ProxyError::Login);
        }
        Ok(Some(Self { user, password }))
    }
}

fn decode(text: &str) -> Result<Secret<String>, ProxyError> {
    let plain = percent_decode_str(text).decode_utf8().map_err(|_| ProxyError::Login)?;
    if plain.len() > LONGEST_LOGIN || plain.chars().any(char::is_control) {
        return Err(ProxyError::Login);
    }
    Ok(Secret::new(plain.into_owned()))
}

impl PartialEq for ProxyLogin {
    fn eq(&self, other: &Self) -> bool {
        self.user.reveal() == other.user.reveal()
            && self.password.reveal() == other.password.reveal()
    }
}

impl Eq for ProxyLogin {}

impl hash::Hash for ProxyLogin {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        (self.user.reveal(), self.password.reveal()).hash(state);
    }
}

impl fmt::Debug for ProxyLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyLogin({HIDDEN})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Proxy, ProxyError> {
        text.parse()
    }

    #[test]
    fn every_scheme_is_read_and_shown_without_its_login() {
        for (text, shown) in [
            ("http://proxy.example:3128", "http://proxy.example:3128"),
            ("http://proxy.example", "http://proxy.example:80"),
            ("https://proxy.example", "https://proxy.example:443"),
            ("https://proxy.example:80/", "https://proxy.example:80"),
            ("socks5://proxy.example", "socks5://proxy.example:1080"),
            ("socks5://proxy.example:80", "socks5://proxy.example:80"),
            ("socks5://proxy.example:443", "socks5://proxy.example:443"),
            (" SOCKS5H://Proxy.Example:1081 ", "socks5h://proxy.example:1081"),
            ("socks5://0x7f000001:1080", "socks5://127.0.0.1:1080"),
            ("socks5://[::1]:1080", "socks5://[::1]:1080"),
            ("http://canary:canary@proxy.example:8080", "http://***@proxy.example:8080"),
            ("http://canary@proxy.example:8080", "http://***@proxy.example:8080"),
        ] {
            let proxy = read(text).unwrap();
            assert_eq!(proxy.to_string(), shown);
            assert!(!format!("{proxy:?} {:?}", proxy.login()).contains("canary"));
        }
    }

    #[test]
    fn a_login_may_hold_any_character() {
        let proxy = read("socks5h://us%3Aer:p%40ss%2F%C3%A9@proxy.example").unwrap();
        let login = proxy.login().unwrap();
        assert_eq!(
            (login.user().reveal().as_str(), login.password().reveal().as_str()),
            ("us:er", "p@ss/é")
        );
    }

    #[test]
    fn what_is_sealed_reads_back_and_what_is_shown_is_known_for_it() {
        for text in [
            "http://proxy.example",
            "https://proxy.example:80",
            "socks5://us%3Aer:p%40s%25s%2F%C3%A9@[::1]:80",
            "socks5h://user@1.2.3.4",
        ] {
            let proxy = read(text).unwrap();
            assert_eq!(read(proxy.to_secret().reveal()).unwrap(), proxy, "{text}");
            assert!(!proxy.is_masked());
            let shown = read(&proxy.to_string()).unwrap();
            assert_eq!(shown.is_masked(), proxy.login().is_some());
            assert!(shown.leads_where(&proxy));
        }
    }

    #[test]
    fn each_mistake_has_its_words_and_none_quotes_the_text() {
        let long = format!("socks5://canary:{}@proxy.example", "x".repeat(256));
        for (text, expected) in [
            ("", ProxyError::Scheme),
            ("proxy.example:1080", ProxyError::Scheme),
            ("canary:canary@proxy.example:1080", ProxyError::Scheme),
            ("socks4://proxy.example", ProxyError::Scheme),
            ("ftp://canary@proxy.example", ProxyError::Scheme),
            ("direct://", ProxyError::Scheme),
            ("http://", ProxyError::Host),
            ("http://canary:canary@", ProxyError::Host),
            ("http://:3128", ProxyError::Host),
            ("http://proxy example", ProxyError::Host),
            ("http://proxy.example\n:3128", ProxyError::Host),
            ("http://[::1", ProxyError::Host),
            ("http://1.2.3.4.5", ProxyError::Host),
            ("http://proxy.example:0", ProxyError::Port),
            ("http://proxy.example:65536", ProxyError::Port),
            ("http://proxy.example:port", ProxyError::Port),
            ("http://proxy.example/path", ProxyError::Path),
            ("http://proxy.example?x=canary", ProxyError::Path),
            ("http://proxy.example#canary", ProxyError::Path),
            ("http://:canary@proxy.example", ProxyError::Login),
            ("http://ca%3Anary:x@proxy.example", ProxyError::Login),
            ("http://canary:%00@proxy.example", ProxyError::Login),
            ("http://canary:%0D%0Ax@proxy.example", ProxyError::Login),
            ("http://canary:%FF@proxy.example", ProxyError::Login),
            (long.as_str(), ProxyError::Login),
        ] {
            let error = read(text).expect_err(text);
            assert_eq!(error, expected, "{text}");
            assert!(!error.to_string().contains("canary"));
        }
    }

    #[test]
    fn another_login_is_another_proxy_at_the_same_place() {
        let proxies = ["http://a:b@p.example", "http://a:c@p.example", "http://p.example"]
            .map(|text| read(text).unwrap());
        assert!(
            proxies[0] == proxies[0].clone()
                && proxies[0] != proxies[1]
                && proxies[1] != proxies[2]
        );
        assert!(proxies[0].leads_where(&proxies[2]));
        assert!(!proxies[0].leads_where(&read("https://a:b@p.example").unwrap()));
        assert!(!proxies[0].leads_where(&read("http://a:b@p.example:81").unwrap()));
    }
}
