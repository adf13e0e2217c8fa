//! Whether a request of a browser comes from the console itself.
//!
//! A cookie goes along with every request that a browser makes, whoever made it do so. So what
//! changes something must come from our own pages, and what reads must say whom it reads for.

use http::{HeaderMap, Method, Uri, header};
use realms_types::UserId;
use url::Url;

use crate::ConsoleError;

/// Reads that need not say whom they are for: the first of a page, and what browsers follow.
const OPEN_READS: [&str; 3] = ["/api/bootstrap", "/api/me", "/api/openapi.json"];
const OPEN_READS_BELOW: &str = "/api/session/oauth/";

/// What is looked at of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    pub headers: &'a HeaderMap,
    /// Whether it came by https.
    pub https: bool,
}

/// What the browser says about where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Site {
    /// From our own page.
    Same,
    /// From somewhere else.
    Other,
    /// It does not say: no browser, an old one, or plain http.
    Silent,
}

// === impl Asked ===

impl Asked<'_> {
    /// Refuses a request with a session that another site, or a page of another user, may have
    /// caused.
    pub(super) fn must_be_meant_by(
        &self,
        user: UserId,
        site: Option<&Url>,
    ) -> Result<(), ConsoleError> {
        let reads = matches!(*self.method, Method::GET | Method::HEAD);
        let path = self.uri.path();
        let open = OPEN_READS.contains(&path) || path.starts_with(OPEN_READS_BELOW);
        if !(reads && open || self.names(user)) {
            return Err(ConsoleError::Forbidden(
                "the header `Realms-User` must be the id of the user who is signed in: reload the \
                 page, someone else may have signed in",
            ));
        }
        if !reads && self.site(site) != Site::Same {
            return Err(FOREIGN);
        }
        Ok(())
    }

    /// Refuses a change without a session that another site may have caused, such as signing
    /// someone in as somebody else. What is no browser says nothing and may.
    pub(super) fn must_not_be_foreign(&self, site: Option<&Url>) -> Result<(), ConsoleError> {
        let reads = matches!(*self.method, Method::GET | Method::HEAD);
        if !reads && self.site(site) == Site::Other { Err(FOREIGN) } else { Ok(()) }
    }

    /// Whether the request says that it is for this user.
    fn names(&self, user: UserId) -> bool {
        let mut named = self.headers.get_all("realms-user").iter();
        let first = named.next().map(http::HeaderValue::as_bytes);
        first == Some(user.to_string().as_bytes()) && named.next().is_none()
    }

    fn site(&self, site: Option<&Url>) -> Site {
        let fetch_site = self.headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes);
        match fetch_site {
            Some(b"same-origin") => return Site::Same,
            // A person's own doing: the origin decides.
            Some(b"none") | None => {}
            Some(_) => return Site::Other,
        }
        let mut origins = self.headers.get_all(header::ORIGIN).iter();
        match (origins.next(), origins.next()) {
            (None, _) => Site::Silent,
            (Some(origin), None) => match origin.to_str() {
                Ok(origin) if self.is_ours(origin, site) => Site::Same,
                _ => Site::Other,
            },
            (Some(_), Some(_)) => Site::Other,
        }
    }

    /// Whether this origin is the site's, or the host that the request came to. TLS may end before
    /// a proxy that is not trusted, so on plain http either scheme will do.
    fn is_ours(&self, origin: &str, site: Option<&Url>) -> bool {
        let Some(url) = Url::parse(origin).ok().filter(|url| url.path() == "/") else {
            return false;
        };
        if site.is_some_and(|site| site.origin() == url.origin()) {
            return true;
        }
        let host = self.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.or_else(|| self.uri.authority().map(http::uri::Authority::as_str));
        let scheme_fits = url.scheme() == "https" || (url.scheme() == "http" && !self.https);
        let here = host.and_then(|host| Url::parse(&format!("{}://{host}", url.scheme())).ok());
        scheme_fits && here.is_some_and(|here| here.origin() == url.origin())
    }
}

const FOREIGN: ConsoleError = ConsoleError::Forbidden(
    "this request does not come from a page of this site: if it should, set `site_base_url` to the \
     address in the browser",
);

#[cfg(test)]
mod tests {
    use super::*;

    const USER: UserId = UserId::new(7);

    fn asked(method: &Method, path: &str, https: bool, headers: &[(&'static str, &str)]) -> bool {
        let uri: Uri = path.parse().unwrap();
        let mut map = HeaderMap::new();
        map.insert(header::HOST, "realms.example.org".parse().unwrap());
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let site = Url::parse("https://site.example.org/").unwrap();
        let asked = Asked { method, uri: &uri, headers: &map, https };
        asked.must_be_meant_by(USER, Some(&site)).is_ok()
    }

    #[test]
    fn a_change_must_come_from_our_own_page() {
        let me = USER.to_string();
        let post = |https, headers: &[(&'static str, &str)]| {
            let named = [&[("realms-user", me.as_str())], headers].concat();
            asked(&Method::POST, "/api/tokens", https, &named)
        };
        for (fits, https, headers) in [
            (true, true, &[("sec-fetch-site", "same-origin")][..]),
            (true, true, &[("origin", "https://realms.example.org")]),
            (true, false, &[("origin", "http://realms.example.org")]),
            (true, false, &[("origin", "https://realms.example.org:443")]),
            (true, true, &[("origin", "https://site.example.org")]),
            (true, true, &[("sec-fetch-site", "none"), ("origin", "https://site.example.org")]),
            (false, true, &[]),
            (false, true, &[("sec-fetch-site", "none")]),
            (false, true, &[("sec-fetch-site", "")]),
            (false, true, &[("sec-fetch-site", "same-site")]),
            (false, true, &[("sec-fetch-site", "cross-site")]),
            (
                false,
                true,
                &[("sec-fetch-site", "cross-site"), ("origin", "https://realms.example.org")],
            ),
            (false, true, &[("origin", "http://realms.example.org")]),
            (false, false, &[("origin", "http://realms.example.org:8080")]),
            (false, true, &[("origin", "https://realms.example.org.evil.example")]),
            (false, true, &[("origin", "https://evil.example/https://realms.example.org")]),
            (false, true, &[("origin", "null")]),
            (false, true, &[("origin", "")]),
            (
                false,
                true,
                &[("origin", "https://realms.example.org"), ("origin", "https://evil.example")],
            ),
        ] {
            assert_eq!(post(https, headers), fits, "https {https}, {headers:?}");
        }
    }

    #[test]
    fn every_call_but_the_first_says_whom_it_is_for() {
        let me = USER.to_string();
        let other = UserId::new(8).to_string();
        let get = |path, headers: &[(&'static str, &str)]| asked(&Method::GET, path, true, headers);
        assert!(get("/api/tokens", &[("realms-user", &me)]));
        for headers in [
            &[][..],
            &[("realms-user", "")],
            &[("realms-user", &other)],
            &[("realms-user", &me), ("realms-user", &other)],
        ] {
            assert!(!get("/api/tokens", headers), "{headers:?}");
            let mut headers = headers.to_vec();
            headers.push(("sec-fetch-site", "same-origin"));
            assert!(!asked(&Method::DELETE, "/api/tokens/x", true, &headers), "{headers:?}");
        }
        for open in ["/api/bootstrap", "/api/me", "/api/openapi.json", "/api/session/oauth/x"] {
            assert!(get(open, &[]), "{open}");
        }
        assert!(!get("/api/me/sessions", &[]));
        assert!(!asked(&Method::POST, "/api/me", true, &[("sec-fetch-site", "same-origin")]));
    }

    #[test]
    fn without_a_session_only_what_is_clearly_foreign_is_refused() {
        let uri: Uri = "/api/session".parse().unwrap();
        let ask = |name: &'static str, value: &str| {
            let headers = HeaderMap::from_iter([(
                http::HeaderName::from_static(name),
                value.parse().unwrap(),
            )]);
            let asked = Asked { method: &Method::POST, uri: &uri, headers: &headers, https: false };
            asked.must_not_be_foreign(None).is_ok()
        };
        assert!(ask("user-agent", "curl") && ask("sec-fetch-site", "same-origin"));
        assert!(!ask("sec-fetch-site", "cross-site") && !ask("origin", "https://evil.example"));
    }
}
