//! Which headers cross over, in both directions. What is on no list passes; nothing is made up.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Which names stay behind: exactly these, and all that begin so.
struct Stop {
    /// Lower case.
    names: &'static [&'static str],
    prefixes: &'static [&'static str],
    /// Names that pass although a prefix stops them.
    except: &'static [&'static str],
}

/// Belong to one connection (RFC 9110 §7.6.1), with what `Connection` names beside them.
const HOP_BY_HOP: Stop = Stop {
    names: &[
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ],
    prefixes: &[],
    except: &[],
};

/// What of a client no upstream may see.
const REQUEST: Stop = Stop {
    names: &[
        // what the new request gets from its own URL and body
        "accept-encoding",
        "content-encoding",
        "content-length",
        "expect",
        "host",
        // credentials, in every form a client may send them
        "api-key",
        "authorization",
        "cookie",
        "cookie2",
        "x-api-key",
        "x-goog-api-key",
        "x-goog-iam-authorization-token",
        // whose account it is: the channel's, not the client's
        "chatgpt-account-id",
        "openai-organization",
        "openai-project",
        "x-goog-user-project",
        // where the client is and how it came here
        "cdn-loop",
        "client-ip",
        "fastly-client-ip",
        "fly-client-ip",
        "forwarded",
        "forwarded-for",
        "true-client-ip",
        "via",
        "x-azure-clientip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-forwarded",
        "x-real-ip",
        "x-remote-addr",
        "x-remote-ip",
        // a browser's view of its page
        "origin",
        "referer",
        // ours
        "x-request-id",
    ],
    prefixes: &[
        "cf-",
        "proxy-",
        "realms-",
        "sec-",
        "x-amzn-",
        "x-envoy-",
        "x-forwarded-",
        "x-original-",
        "x-realms-",
    ],
    except: &[],
};

/// What of an upstream no client may see.
const RESPONSE: Stop = Stop {
    names: &[
        // set anew by whoever writes the response
        "content-length",
        "request-id",
        "x-request-id",
        // whose account it is
        "anthropic-organization-id",
        "openai-organization",
        "openai-project",
        "www-authenticate",
        "x-goog-user-project",
        // the pooled account's limits: they say nothing about the client's own
        "ratelimit",
        "ratelimit-policy",
        // acts on the browser, on our origin
        "alt-svc",
        "clear-site-data",
        "content-security-policy",
        "content-security-policy-report-only",
        "expect-ct",
        "link",
        "location",
        "nel",
        "origin-agent-cluster",
        "permissions-policy",
        "public-key-pins",
        "refresh",
        "report-to",
        "reporting-endpoints",
        "service-worker-allowed",
        "set-cookie",
        "set-cookie2",
        "sourcemap",
        "strict-transport-security",
        // who stands behind it
        "server",
        "server-timing",
        "via",
        "x-powered-by",
        "x-served-by",
    ],
    prefixes: &[
        "access-control-",
        "anthropic-ratelimit-",
        "cf-",
        "cross-origin-",
        "ratelimit-",
        "realms-",
        "x-accel-",
        "x-amz-",
        "x-amzn-",
        "x-codex-",
        "x-envoy-",
        "x-ratelimit-",
        "x-realms-",
    ],
    // Codex sends it back within a turn, so that the turn stays where it began.
    except: &["x-codex-turn-state"],
};

/// The client's headers as an upstream may see them: without connection, credentials, accounts,
/// addresses and browser, and with `accept-encoding: identity`, because the answer is read on its way.
/// `user-agent`, `anthropic-*`, `openai-beta`, `session-id`, `x-stainless-*` and all others pass.
pub fn forward_headers(client: &HeaderMap) -> HeaderMap {
    let mut headers = passing(client, &REQUEST);
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers
}

/// The upstream's headers as a client may see them: without connection, cookies, accounts, limits of
/// the pooled account, and what would act on the browser or on a proxy before Realms. `content-type`,
/// `content-encoding`, `retry-after`, `x-should-retry`, `openai-processing-ms` and all others pass.
pub fn return_headers(upstream: &HeaderMap) -> HeaderMap {
    passing(upstream, &RESPONSE)
}

// === impl Stop ===

impl Stop {
    fn stops(&self, name: &str) -> bool {
        self.names.contains(&name)
            || (self.prefixes.iter().any(|prefix| name.starts_with(prefix))
                && !self.except.contains(&name))
    }
}

fn passing(headers: &HeaderMap, stop: &Stop) -> HeaderMap {
    let named = named_by_connection(headers);
    let mut passed = HeaderMap::with_capacity(headers.len() + 4);
    for (name, value) in headers {
        let text = name.as_str();
        let stays = HOP_BY_HOP.stops(text) || stop.stops(text) || named.contains(name);
        if !stays {
            passed.append(name, value.clone());
        }
    }
    passed
}

fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    let values = headers.get_all(header::CONNECTION).iter();
    let names = values.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
    names.filter_map(|name| name.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| {
            (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    fn names(headers: &HeaderMap) -> Vec<&str> {
        let mut names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn an_upstream_sees_nothing_of_who_called() {
        let stopped = [
            "Authorization",
            "x-api-key",
            "X-Goog-Api-Key",
            "api-key",
            "Cookie",
            "Host",
            "Content-Length",
            "Content-Encoding",
            "Accept-Encoding",
            "Expect",
            "Connection",
            "Keep-Alive",
            "TE",
            "Trailer",
            "Transfer-Encoding",
            "Upgrade",
            "Proxy-Authorization",
            "Proxy-Connection",
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Real-IP",
            "Client-IP",
            "CF-Connecting-IP",
            "CF-Ray",
            "True-Client-IP",
            "Via",
            "CDN-Loop",
            "Origin",
            "Referer",
            "Sec-Fetch-Site",
            "Sec-WebSocket-Key",
            "X-Request-Id",
            "Realms-User",
            "X-Realms-Route",
            "OpenAI-Organization",
            "OpenAI-Project",
            "ChatGPT-Account-Id",
            "X-Goog-User-Project",
        ];
        let pairs: Vec<_> = stopped.iter().map(|name| (*name, "x")).collect();
        let forwarded = forward_headers(&headers(&pairs));
        assert_eq!(names(&forwarded), ["accept-encoding"]);
        assert_eq!(forwarded["accept-encoding"], "identity");
    }

    #[test]
    fn an_upstream_sees_what_the_client_software_says() {
        let passed = [
            "User-Agent",
            "X-Stainless-Lang",
            "anthropic-version",
            "anthropic-beta",
            "anthropic-dangerous-direct-browser-access",
            "OpenAI-Beta",
            "session-id",
            "thread-id",
            "session_id",
            "x-client-request-id",
            "x-codex-turn-metadata",
            "x-codex-turn-state",
            "originator",
            "Idempotency-Key",
            "x-app",
            "X-Claude-Code-Session-Id",
            "x-goog-api-client",
            "Content-Type",
            "Accept",
            "x-session-affinity",
            "Traceparent",
        ];
        let pairs: Vec<_> = passed.iter().map(|name| (*name, "x")).collect();
        let client = headers(&pairs);
        let mut forwarded = forward_headers(&client);
        forwarded.remove("accept-encoding");
        assert_eq!(forwarded, client);
    }

    #[test]
    fn what_connection_names_stays_behind() {
        let client = headers(&[
            ("connection", "keep-alive, X-Private"),
            ("connection", "x-other"),
            ("x-private", "1"),
            ("x-other", "1"),
            ("x-public", "1"),
        ]);
        assert_eq!(names(&forward_headers(&client)), ["accept-encoding", "x-public"]);
    }

    #[test]
    fn a_client_sees_nothing_of_the_pooled_account() {
        let stopped = [
            "Content-Length",
            "Set-Cookie",
            "Alt-Svc",
            "OpenAI-Organization",
            "OpenAI-Project",
            "anthropic-organization-id",
            "Server",
            "Via",
            "CF-Ray",
            "CF-Cache-Status",
            "NEL",
            "Report-To",
            "Strict-Transport-Security",
            "X-Request-Id",
            "Request-Id",
            "x-ratelimit-remaining-tokens",
            "anthropic-ratelimit-tokens-reset",
            "x-codex-primary-used-percent",
            "x-codex-plan-type",
            "Access-Control-Allow-Origin",
            "X-Accel-Buffering",
            "X-Accel-Redirect",
            "Connection",
            "Keep-Alive",
            "Transfer-Encoding",
            "Trailer",
            "Location",
            "Content-Security-Policy",
            "WWW-Authenticate",
            "x-envoy-upstream-service-time",
        ];
        let pairs: Vec<_> = stopped.iter().map(|name| (*name, "x")).collect();
        assert_eq!(return_headers(&headers(&pairs)), HeaderMap::new());

        let passed = [
            "Content-Type",
            "Content-Encoding",
            "Retry-After",
            "retry-after-ms",
            "x-should-retry",
            "openai-processing-ms",
            "openai-version",
            "openai-model",
            "x-codex-turn-state",
            "x-models-etag",
            "Date",
            "Vary",
            "Cache-Control",
            "Content-Disposition",
        ];
        let pairs: Vec<_> = passed.iter().map(|name| (*name, "x")).collect();
        let upstream = headers(&pairs);
        assert_eq!(return_headers(&upstream), upstream);
    }

    #[test]
    fn repeated_headers_stay_repeated() {
        let client = headers(&[("anthropic-beta", "a"), ("anthropic-beta", "b")]);
        let forwarded = forward_headers(&client);
        let values: Vec<_> = forwarded.get_all("anthropic-beta").iter().collect();
        assert_eq!(values, ["a", "b"]);
    }
}
