//! Where users may be sent back to.

use url::{Host, Url};

/// The longest address.
const LONGEST: usize = 500;

/// Why no user may be sent there; `None`: they may.
pub(super) fn mistake_in(uri: &str) -> Option<&'static str> {
    if uri.len() > LONGEST {
        return Some("at most 500 characters");
    }
    if uri.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Some("an address without blanks, other scripts percent-encoded");
    }
    let Ok(url) = Url::parse(uri) else {
        return Some("a whole address, such as https://app.example/cb");
    };
    if uri.contains('#') {
        return Some("no `#`: what follows it never reaches a server");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("no name or password in the address");
    }
    match url.scheme() {
        "https" => None,
        "http" if is_loopback(&url) => None,
        "http" => Some("https, except for a program on the user's computer"),
        // RFC 8252, 7.1: a private scheme is a domain backwards. Others may run what they find, as `javascript:`.
        private if private.contains('.') => None,
        _ => Some("https, http on the user's computer, or a scheme such as com.example.app"),
    }
}

/// Whether what was registered is what is asked for. To the letter, except for the port of a program on the user's
/// computer, which takes the one that is free (RFC 8252, 7.3).
pub(super) fn matches(registered: &str, asked: &str) -> bool {
    if registered == asked {
        return true;
    }
    let without_port = |uri: &str| {
        let mut url =
            Url::parse(uri).ok().filter(|url| url.scheme() == "http" && is_loopback(url))?;
        url.set_port(None).ok()?;
        Some(url)
    };
    mistake_in(asked).is_none()
        && without_port(registered).is_some_and(|url| without_port(asked) == Some(url))
}

/// Whether an address shows who is sent there: nobody but its owner gets what goes to a site. Any program on the user's
/// computer may take what comes by loopback or by a private scheme (RFC 8252, 8.6), so that users are always asked.
pub(super) fn shows_who(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| url.scheme() == "https")
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_sent_to_sites_and_to_programs_of_their_own() {
        for good in [
            "https://app.example/cb",
            "https://app.example/cb?from=realms",
            "http://localhost/cb",
            "http://127.0.0.1:8123/cb",
            "http://[::1]:1/cb",
            "com.example.app:/cb",
        ] {
            assert_eq!(mistake_in(good), None, "{good}");
        }
        for bad in [
            "",
            "/cb",
            "http://app.example/cb",
            "https://app.example/cb#here",
            "https://app.example/#",
            "https://me:secret@app.example/cb",
            "https://app.example/a b",
            "https://app.example/回",
            "javascript:alert(1)",
            "data:text/html,x",
            "myapp:cb",
            "http://localhost.evil.example/cb",
        ] {
            assert!(mistake_in(bad).is_some(), "{bad}");
        }
        assert!(mistake_in(&format!("https://app.example/{}", "a".repeat(500))).is_some());
    }

    #[test]
    fn an_address_is_matched_to_the_letter_but_for_the_port_of_a_program() {
        assert!(matches("https://app.example/cb", "https://app.example/cb"));
        assert!(matches("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"));
        assert!(matches("http://127.0.0.1:1/cb?a=b", "http://127.0.0.1:2/cb?a=b"));
        for (registered, asked) in [
            ("https://app.example/cb", "https://app.example/cb/"),
            ("https://app.example/cb", "https://app.example:444/cb"),
            ("https://app.example/cb", "https://app.example/cb?next=x"),
            ("https://app.example/cb", "https://APP.example/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1/other"),
            ("http://127.0.0.1/cb", "http://localhost/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1@evil.example/cb"),
            ("http://127.0.0.1/cb", "https://127.0.0.1/cb"),
        ] {
            assert!(!matches(registered, asked), "{registered} {asked}");
        }
    }
}
