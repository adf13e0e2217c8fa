//! What an answer means for the call, and for whoever gave it. Pure.

mod words;

use http::{HeaderMap, StatusCode};
use realms_dialect::UpstreamFault;
use realms_types::{Cause, Scope, Timestamp, Verdict};

use self::words::Words;
use crate::{ConnectError, SendError, hint::come_back_at};

/// Judges an answer by its status, its headers and the error in its body.
///
/// Success is [`Verdict::Accept`]; an error inside a success is judged by the status the fault stands
/// for. Trouble of the vendor, the account or the configuration is [`Verdict::Retry`] with what
/// should rest; trouble of the request is [`Verdict::Fail`], because no other candidate would like it
/// better, and rests nothing.
pub fn classify(
    status: StatusCode,
    headers: &HeaderMap,
    fault: &UpstreamFault,
    now: Timestamp,
) -> Verdict {
    let status = if status.is_success() { fault.status } else { status.as_u16() };
    if status < 300 {
        return Verdict::Accept;
    }
    let words = Words::of(fault);
    let Some((scope, cause)) = trouble(status, &words) else {
        return Verdict::Fail { cause: Cause::BadRequest };
    };
    let tells_when = matches!(
        cause,
        Cause::Exhausted | Cause::RateLimited | Cause::Overloaded | Cause::ServerError
    );
    let until = if tells_when { come_back_at(headers, fault, now) } else { None };
    Verdict::Retry { scope, cause, until }
}

/// Judges an attempt that has no answer. What a proxy did is the trouble of `proxy_owner`: of the
/// credential or the channel that it was configured for.
pub fn classify_send(error: &SendError, proxy_owner: Scope) -> Verdict {
    let (scope, cause) = match error {
        SendError::Target(_) => {
            return Verdict::Fail { cause: Cause::BadRequest };
        }
        SendError::Credential => (Scope::Credential, Cause::Unauthorized),
        SendError::Connect(ConnectError::Proxy { .. }) => (proxy_owner, Cause::Connect),
        SendError::Connect(_) => (Scope::Endpoint, Cause::Connect),
        SendError::HeaderTimeout(_) => (Scope::Endpoint, Cause::HeaderTimeout),
        SendError::Broken(_) | SendError::Socket(_) => (Scope::Endpoint, Cause::Broken),
    };
    Verdict::Retry { scope, cause, until: None }
}

/// What should rest and why; `None` when the request is at fault.
fn trouble(status: u16, words: &Words) -> Option<(Scope, Cause)> {
    match status {
        300..=399 => Some((Scope::Channel, Cause::Redirect)),
        402 => Some((Scope::Credential, Cause::Exhausted)),
        400..=499 if words.exhausted() => Some((Scope::Credential, Cause::Exhausted)),
        400 | 404 | 405 | 422 if words.wrong_method() => None,
        400 | 404 | 405 | 422 if words.no_such_model() => {
            Some((Scope::Binding, Cause::NoSuchModel))
        }
        403 | 404 if words.withholds_an_object() => None,
        401 | 403 => Some((Scope::Credential, Cause::Unauthorized)),
        400 if words.bad_key() => Some((Scope::Credential, Cause::Unauthorized)),
        404 if words.no_such_object() => None,
        404 | 405 => Some((Scope::Channel, Cause::NoSuchPath)),
        408 => Some((Scope::Endpoint, Cause::ServerError)),
        429 => Some((Scope::Credential, Cause::RateLimited)),
        529 => Some((Scope::Endpoint, Cause::Overloaded)),
        503 if words.overloaded() => Some((Scope::Endpoint, Cause::Overloaded)),
        400..=499 => None,
        _ => Some((Scope::Endpoint, Cause::ServerError)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);

    fn judged(status: u16, kind: &str, code: &str, message: &str) -> Verdict {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let fault = UpstreamFault {
            status,
            kind: some(kind),
            code: some(code),
            message: message.to_owned(),
            ..UpstreamFault::default()
        };
        classify(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), &fault, NOW)
    }

    fn retry(scope: Scope, cause: Cause) -> Verdict {
        Verdict::Retry { scope, cause, until: None }
    }

    const FAIL: Verdict = Verdict::Fail { cause: Cause::BadRequest };

    #[test]
    fn the_status_alone_decides_when_the_body_says_nothing() {
        for (status, expected) in [
            (200, Verdict::Accept),
            (204, Verdict::Accept),
            (301, retry(Scope::Channel, Cause::Redirect)),
            (307, retry(Scope::Channel, Cause::Redirect)),
            (400, FAIL),
            (401, retry(Scope::Credential, Cause::Unauthorized)),
            (402, retry(Scope::Credential, Cause::Exhausted)),
            (403, retry(Scope::Credential, Cause::Unauthorized)),
            (404, retry(Scope::Channel, Cause::NoSuchPath)),
            (405, retry(Scope::Channel, Cause::NoSuchPath)),
            (408, retry(Scope::Endpoint, Cause::ServerError)),
            (409, FAIL),
            (413, FAIL),
            (415, FAIL),
            (422, FAIL),
            (429, retry(Scope::Credential, Cause::RateLimited)),
            (500, retry(Scope::Endpoint, Cause::ServerError)),
            (502, retry(Scope::Endpoint, Cause::ServerError)),
            (503, retry(Scope::Endpoint, Cause::ServerError)),
            (504, retry(Scope::Endpoint, Cause::ServerError)),
            (529, retry(Scope::Endpoint, Cause::Overloaded)),
            (599, retry(Scope::Endpoint, Cause::ServerError)),
        ] {
            assert_eq!(judged(status, "", "", ""), expected, "{status}");
        }
    }

    #[test]
    fn a_missing_model_rests_only_its_binding() {
        for (status, kind, code, message) in [
            (
                404,
                "invalid_request_error",
                "model_not_found",
                "The model `x` does not exist or you do not have access to it.",
            ),
            (
                400,
                "",
                "",
                "The 'gpt-5.2' model is not supported when using Codex with a ChatGPT account.",
            ),
            (404, "not_found_error", "", "model: claude-nope"),
            (404, "NOT_FOUND", "", "models/nope is not found for API version v1beta."),
            (400, "invalid_request_error", "", "Model Not Exist"),
            (404, "api_error", "", "model 'llama9' not found"),
            (404, "NotFoundError", "", "The model `x` does not exist."),
            (422, "", "", "unsupported model: x"),
            (400, "", "unsupported_model", ""),
        ] {
            let verdict = judged(status, kind, code, message);
            assert_eq!(verdict, retry(Scope::Binding, Cause::NoSuchModel), "{message}");
        }
    }

    #[test]
    fn trouble_that_mentions_a_model_is_not_a_missing_model() {
        for (status, code, message, expected) in [
            (
                400,
                "unsupported_parameter",
                "Unsupported parameter: 'max_tokens' is not supported with this model.",
                FAIL,
            ),
            (400, "unsupported_value", "'temperature' with this model: 0.5 is not supported", FAIL),
            (400, "", "Image input is not supported for this model", FAIL),
            (400, "", "The model does not exist in your plan", FAIL),
            (
                403,
                "",
                "You have no permission for the model, it is not available",
                retry(Scope::Credential, Cause::Unauthorized),
            ),
            (
                400,
                "context_length_exceeded",
                "This model's maximum context length is 8192 tokens",
                FAIL,
            ),
        ] {
            assert_eq!(judged(status, "", code, message), expected, "{message}");
        }
    }

    #[test]
    fn a_missing_object_is_the_clients_mistake() {
        let gone = judged(404, "invalid_request_error", "", "Response with id 'resp_1' not found.");
        assert_eq!(gone, FAIL);
        assert_eq!(judged(404, "", "response_not_found", ""), FAIL);
    }

    #[test]
    fn an_object_out_of_the_clients_reach_is_the_clients_mistake() {
        for (status, kind, message) in [
            (403, "PERMISSION_DENIED", "CachedContent not found (or permission denied)"),
            (
                403,
                "PERMISSION_DENIED",
                "You do not have permission to access the File abc123 or it may not exist.",
            ),
            (404, "NOT_FOUND", "Requested entity was not found."),
            (404, "invalid_request_error", "No such File object: file-abc123"),
            (404, "invalid_request_error", "Container with id 'cntr_1' not found."),
            (404, "invalid_request_error", "Vector store vs_1 not found"),
            (403, "invalid_request_error", "You do not have access to the container cntr_1"),
            (404, "not_found_error", "File not found: file_011CNha8iCJcU1wXNR6q4V8w"),
            (403, "", "file_011CNha8iCJcU1wXNR6q4V8w: not found"),
            (404, "not_found_error", "Container not found."),
        ] {
            assert_eq!(judged(status, kind, "", message), FAIL, "{message}");
        }
    }

    #[test]
    fn a_forbidden_account_and_a_wrong_path_are_told_from_a_missing_object() {
        let credential = retry(Scope::Credential, Cause::Unauthorized);
        for (status, kind, message, expected) in [
            (403, "PERMISSION_DENIED", "The caller does not have permission", credential),
            (
                403,
                "permission_error",
                "You do not have permission to access the File API",
                credential,
            ),
            (403, "", "Missing scopes: api.files.read, api.responses.write", credential),
            (403, "permission_error", "You do not have access to file_search", credential),
            (403, "", "Project `proj_1` does not have access to model `m`", credential),
            (401, "authentication_error", "File file_1 not found", credential),
            (404, "", "File not found.", retry(Scope::Channel, Cause::NoSuchPath)),
            (404, "", "404 page not found", retry(Scope::Channel, Cause::NoSuchPath)),
        ] {
            assert_eq!(judged(status, kind, "", message), expected, "{message}");
        }
    }

    #[test]
    fn a_model_asked_the_wrong_way_is_the_clients_mistake() {
        let google = |method: &str| {
            format!(
                "models/m is not found for API version v1beta, or is not supported for {method}."
            )
        };
        for message in [
            google("embedContent"),
            google("countTokens") + " Call ListModels to see the list of available models.",
            "This is a chat model and not supported in the v1/completions endpoint.".to_owned(),
            "This is not a chat model and thus not supported in the v1/chat/completions endpoint. \
             Did you mean to use v1/completions?"
                .to_owned(),
            "This model is only supported in v1/responses and not in v1/chat/completions."
                .to_owned(),
        ] {
            for status in [400, 404] {
                assert_eq!(judged(status, "NOT_FOUND", "", &message), FAIL, "{message}");
            }
        }
        for message in
            [google("generateContent"), "model m is not supported for this account".to_owned()]
        {
            let missing = judged(404, "", "", &message);
            assert_eq!(missing, retry(Scope::Binding, Cause::NoSuchModel), "{message}");
        }
    }

    #[test]
    fn an_exhausted_account_is_told_from_a_throttled_one() {
        let exhausted = retry(Scope::Credential, Cause::Exhausted);
        for (status, kind, code, message) in [
            (429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota"),
            (429, "usage_limit_reached", "", "The usage limit has been reached"),
            (403, "", "billing_hard_limit_reached", ""),
            (400, "invalid_request_error", "", "Your credit balance is too low to access the API."),
            (402, "billing_error", "", ""),
        ] {
            assert_eq!(judged(status, kind, code, message), exhausted, "{kind} {code} {message}");
        }
        let throttled = judged(429, "rate_limit_error", "rate_limit_exceeded", "slow down");
        assert_eq!(throttled, retry(Scope::Credential, Cause::RateLimited));
    }

    #[test]
    fn a_bad_key_is_the_credentials_trouble_at_google_too() {
        let verdict = judged(400, "INVALID_ARGUMENT", "API_KEY_INVALID", "API key not valid.");
        assert_eq!(verdict, retry(Scope::Credential, Cause::Unauthorized));
    }

    #[test]
    fn overload_is_told_from_a_broken_server() {
        let overloaded = retry(Scope::Endpoint, Cause::Overloaded);
        assert_eq!(judged(503, "UNAVAILABLE", "", "The model is overloaded."), overloaded);
        assert_eq!(judged(503, "overloaded_error", "", ""), overloaded);
        assert_eq!(judged(529, "overloaded_error", "", "Overloaded"), overloaded);
    }

    #[test]
    fn an_error_inside_a_success_is_judged_as_what_it_is() {
        let fault = UpstreamFault {
            status: 529,
            kind: Some("overloaded_error".into()),
            ..UpstreamFault::default()
        };
        let verdict = classify(StatusCode::OK, &HeaderMap::new(), &fault, NOW);
        assert_eq!(verdict, retry(Scope::Endpoint, Cause::Overloaded));
    }

    #[test]
    fn bodies_as_vendors_send_them_are_judged_whole() {
        use realms_types::DialectId::{Gemini, Messages, Responses};

        let credential = |cause, secs| Verdict::Retry {
            scope: Scope::Credential,
            cause,
            until: Some(NOW + Duration::from_secs(secs)),
        };
        for (dialect, status, body, expected) in [
            (
                Responses,
                429,
                r#"{"error":{"type":"usage_limit_reached","message":"x","resets_in_seconds":90}}"#,
                credential(Cause::Exhausted, 90),
            ),
            (
                Responses,
                429,
                r#"{"error":{"type":"usage_limit_reached","resets_at":1795000120}}"#,
                credential(Cause::Exhausted, 120),
            ),
            (
                Gemini,
                429,
                r#"[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"x","details":[
                    {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"7s"}]}}]"#,
                credential(Cause::RateLimited, 7),
            ),
            (
                Messages,
                200,
                r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
                retry(Scope::Endpoint, Cause::Overloaded),
            ),
            (
                Messages,
                404,
                r#"{"type":"error","error":{"type":"not_found_error","message":"model: m"}}"#,
                retry(Scope::Binding, Cause::NoSuchModel),
            ),
        ] {
            let fault = realms_dialect::read_fault(dialect, status, body.as_bytes());
            let status = StatusCode::from_u16(status).unwrap();
            let verdict = classify(status, &HeaderMap::new(), &fault, NOW);
            assert_eq!(verdict, expected, "{body}");
        }
    }

    #[test]
    fn the_hint_is_carried_where_waiting_helps() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", http::HeaderValue::from_static("20"));
        let fault = UpstreamFault::default();
        let until = Some(NOW + Duration::from_secs(20));
        for (status, expected) in [(429, until), (503, until), (402, until), (401, None)] {
            let status = StatusCode::from_u16(status).unwrap();
            let verdict = classify(status, &headers, &fault, NOW);
            assert!(matches!(verdict, Verdict::Retry { until, .. } if until == expected));
        }
    }
}
