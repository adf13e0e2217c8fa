//! The cookie of a session.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use realms_types::Secret;

/// Over https: the prefix makes browsers insist on `Secure`, on `Path=/` and on this very host.
const SECURE: &str = "__Host-realms_session";
/// Over plain http, where browsers take no `Secure` cookie.
const PLAIN: &str = "realms_session";
/// A token has 43 characters.
const LONGEST: usize = 128;

/// The same two for a log-in by another site on its way.
const SECURE_FLOW: &str = "__Host-realms_oauth";
const PLAIN_FLOW: &str = "realms_oauth";
/// A sealed flow has about 700.
const LONGEST_FLOW: usize = 4096;
/// How long a log-in by another site may take, in seconds.
const FLOW_AGE: u64 = 600;

/// And for the second step that follows when the other site vouched for somebody who has one. The
/// redirect cannot carry its challenge: addresses are logged and remembered.
const SECURE_STEP: &str = "__Host-realms_second_step";
const PLAIN_STEP: &str = "realms_second_step";
/// How long a challenge is good, in seconds.
const STEP_AGE: u64 = 300;

/// The token of the session that a request brings along. A cookie that is there twice is none:
/// somebody planted one of them.
pub(crate) fn session_token(headers: &HeaderMap, https: bool) -> Option<&str> {
    read(headers, name(https), LONGEST)
}

/// The log-in by another site that a browser is on, sealed.
pub(crate) fn oauth_flow(headers: &HeaderMap, https: bool) -> Option<&str> {
    read(headers, flow_name(https), LONGEST_FLOW)
}

/// `Set-Cookie` of a session that was opened. Without `max_age` it ends with the browser.
pub(crate) fn session_cookie(
    token: &Secret<String>,
    https: bool,
    max_age: Option<Duration>,
) -> Option<HeaderValue> {
    let age = max_age.map(|age| format!("; Max-Age={}", age.as_secs())).unwrap_or_default();
    secret(&format!("{}={}{}{age}", name(https), token.reveal(), attributes(https)))
}

/// `Set-Cookie` that takes the cookie of a session away.
pub(crate) fn no_session_cookie(https: bool) -> Option<HeaderValue> {
    let text = format!("{}={}; Max-Age=0", name(https), attributes(https));
    HeaderValue::from_str(&text).ok()
}

/// `Set-Cookie` of a log-in by another site that begins.
pub(crate) fn oauth_cookie(sealed: &str, https: bool) -> Option<HeaderValue> {
    let attributes = attributes(https);
    secret(&format!("{}={sealed}{attributes}; Max-Age={FLOW_AGE}", flow_name(https)))
}

/// `Set-Cookie` that takes it away.
pub(crate) fn no_oauth_cookie(https: bool) -> Option<HeaderValue> {
    let text = format!("{}={}; Max-Age=0", flow_name(https), attributes(https));
    HeaderValue::from_str(&text).ok()
}

/// The challenge of a second step after a log-in by another site.
pub(crate) fn second_step(headers: &HeaderMap, https: bool) -> Option<&str> {
    read(headers, step_name(https), LONGEST)
}

/// `Set-Cookie` of a second step that begins.
pub(crate) fn second_step_cookie(challenge: &Secret<String>, https: bool) -> Option<HeaderValue> {
    let (name, attributes) = (step_name(https), attributes(https));
    secret(&format!("{name}={}{attributes}; Max-Age={STEP_AGE}", challenge.reveal()))
}

/// `Set-Cookie` that takes it away.
pub(crate) fn no_second_step_cookie(https: bool) -> Option<HeaderValue> {
    let text = format!("{}={}; Max-Age=0", step_name(https), attributes(https));
    HeaderValue::from_str(&text).ok()
}

fn read<'a>(headers: &'a HeaderMap, name: &str, longest: usize) -> Option<&'a str> {
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value);
    match (found.next(), found.next()) {
        (Some(value), None) if !value.is_empty() && value.len() <= longest => Some(value),
        _ => None,
    }
}

fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

const fn flow_name(https: bool) -> &'static str {
    if https { SECURE_FLOW } else { PLAIN_FLOW }
}

const fn step_name(https: bool) -> &'static str {
    if https { SECURE_STEP } else { PLAIN_STEP }
}

const fn name(https: bool) -> &'static str {
    if https { SECURE } else { PLAIN }
}

/// `Lax`, not `Strict`: who comes back from an identity provider is signed in already.
const fn attributes(https: bool) -> &'static str {
    if https {
        "; Path=/; Secure; HttpOnly; SameSite=Lax"
    } else {
        "; Path=/; HttpOnly; SameSite=Lax"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(lines: &[&'static str]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, HeaderValue::from_static(line))).collect()
    }

    #[test]
    fn the_cookie_of_the_scheme_is_read_and_no_other() {
        let both = cookies(&["a=b; realms_session=plain", "__Host-realms_session=secure"]);
        assert_eq!(session_token(&both, false), Some("plain"));
        assert_eq!(session_token(&both, true), Some("secure"));
        assert_eq!(session_token(&cookies(&["realms_session=plain"]), true), None);
    }

    #[test]
    fn absent_empty_doubled_and_huge_cookies_are_none() {
        for lines in [
            &[][..],
            &["realms_session="],
            &["realms_session"],
            &["Realms_session=x"],
            &["realms_session=a; realms_session=b"],
            &["realms_session=a", "realms_session=a"],
        ] {
            assert_eq!(session_token(&cookies(lines), false), None, "{lines:?}");
        }
        let huge = HeaderValue::from_str(&format!("realms_session={}", "x".repeat(200))).unwrap();
        let huge = HeaderMap::from_iter([(header::COOKIE, huge)]);
        assert_eq!(session_token(&huge, false), None);
    }

    #[test]
    fn the_attributes_fit_the_scheme() {
        let token = Secret::from("token");
        let secure = session_cookie(&token, true, Some(Duration::from_hours(1))).unwrap();
        assert_eq!(
            secure,
            "__Host-realms_session=token; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600"
        );
        assert!(secure.is_sensitive());
        let plain = session_cookie(&token, false, None).unwrap();
        assert_eq!(plain, "realms_session=token; Path=/; HttpOnly; SameSite=Lax");
        assert!(no_session_cookie(true).unwrap().to_str().unwrap().ends_with("; Max-Age=0"));
    }
}
