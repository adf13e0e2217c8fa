//! When an upstream says to come back, in all the ways upstreams say it.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use realms_dialect::UpstreamFault;
use realms_types::Timestamp;

/// No quota window is longer than a month; a hint beyond it is a mistake and must not rest a
/// credential for years.
const LONGEST: Duration = Duration::from_hours(31 * 24);
/// Numbers from here on are seconds since 1970, not seconds from now.
const EPOCH_SECONDS: f64 = 1e9;
/// Numbers from here on are milliseconds since 1970.
const EPOCH_MILLIS: f64 = 1e12;
/// Headers that tell the state of a limit.
const LIMIT_PREFIXES: [&str; 4] =
    ["x-ratelimit-", "ratelimit-", "anthropic-ratelimit-", "x-codex-"];

/// The later of what the upstream said outright: `retry-after-ms`, `Retry-After`, the hint in the
/// error; if it said nothing, when the last of the limits that are used up resets. `None` for the past.
pub(crate) fn come_back_at(
    headers: &HeaderMap,
    fault: &UpstreamFault,
    now: Timestamp,
) -> Option<Timestamp> {
    let said = [
        text(headers, "retry-after-ms").and_then(millis).map(|wait| now + wait),
        text(headers, "retry-after").and_then(|text| moment(text, now)),
        fault.retry_after.map(|wait| now + wait),
        fault.resets_at.map(Timestamp::from_secs),
    ];
    let said = said.into_iter().flatten().max();
    said.or_else(|| limits_reset_at(headers, now))
        .filter(|at| *at > now)
        .map(|at| at.min(now + LONGEST))
}

fn limits_reset_at(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let resets = headers.iter().filter(|(name, _)| is_used_up(headers, name));
    resets.filter_map(|(_, value)| moment(value.to_str().ok()?, now)).max()
}

/// Whether a header tells the reset of a limit of which nothing is left, or of which that is unknown.
fn is_used_up(headers: &HeaderMap, reset: &HeaderName) -> bool {
    let name = reset.as_str();
    let Some((before, after)) = name.split_once("reset") else {
        return false;
    };
    if !LIMIT_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        return false;
    }
    let remaining = text(headers, &format!("{before}remaining{after}")).and_then(number);
    let used_percent = text(headers, &format!("{before}used-percent")).and_then(number);
    remaining.is_none_or(|left| left <= 0.0) && used_percent.is_none_or(|used| used >= 100.0)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(HeaderValue::to_str)?.ok().map(str::trim)
}

/// `120` and `1.5` seconds, `6m0s`, seconds or milliseconds since 1970, RFC 3339, or an HTTP date.
fn moment(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Some(number) = number(text) {
        return match number {
            number if number >= EPOCH_MILLIS => span(number / 1e3).map(|at| Timestamp::EPOCH + at),
            number if number >= EPOCH_SECONDS => span(number).map(|at| Timestamp::EPOCH + at),
            number => span(number).map(|wait| now + wait),
        };
    }
    units(text).map(|wait| now + wait).or_else(|| text.parse().ok()).or_else(|| http_date(text))
}

fn http_date(text: &str) -> Option<Timestamp> {
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(Timestamp::from_micros(date.timestamp().as_microsecond()))
}

fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

fn millis(text: &str) -> Option<Duration> {
    number(text).and_then(|millis| span(millis / 1e3))
}

fn span(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok()
}

/// OpenAI's form: `1s`, `6m0s`, `1h2m3.5s`, `120ms`, `2d`.
fn units(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (count, tail) = rest.split_at(digits);
        let unit = tail.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit);
        seconds += count.parse::<f64>().ok()? * seconds_of(unit)?;
        rest = tail;
    }
    if text.is_empty() { None } else { span(seconds) }
}

fn seconds_of(unit: &str) -> Option<f64> {
    match unit {
        "ms" => Some(1e-3),
        "s" => Some(1.0),
        "m" => Some(60.0),
        "h" => Some(3_600.0),
        "d" => Some(86_400.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);

    fn fault(retry_after: Option<u64>, resets_at: Option<i64>) -> UpstreamFault {
        UpstreamFault {
            retry_after: retry_after.map(Duration::from_secs),
            resets_at,
            ..UpstreamFault::default()
        }
    }

    /// Whole seconds from now, for headers and no hint in the error.
    fn wait(pairs: &[(&str, &str)]) -> Option<u64> {
        let pair = |(name, value): &(&str, &str)| {
            (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
        };
        let headers = pairs.iter().map(pair).collect();
        come_back_at(&headers, &fault(None, None), NOW).map(|at| at.since(NOW).as_secs())
    }

    #[test]
    fn every_form_of_a_hint_is_understood() {
        for (pairs, expected) in [
            (&[("retry-after", "30")][..], Some(30)),
            (&[("retry-after", " 1.9 ")], Some(1)),
            (&[("retry-after-ms", "2500")], Some(2)),
            (&[("retry-after", "Wed, 18 Nov 2026 11:07:10 GMT")], Some(30)),
            (&[("retry-after", "2026-11-18T11:07:10Z")], Some(30)),
            (&[("retry-after", "1795000060")], Some(60)),
            (&[("x-ratelimit-reset-tokens", "6m0s")], Some(360)),
            (&[("x-ratelimit-reset-requests", "1h2m3.5s")], Some(3_723)),
            (&[("x-ratelimit-reset", "1795000060000")], Some(60)),
            (&[("anthropic-ratelimit-tokens-reset", "2026-11-18T11:07:10Z")], Some(30)),
            (&[("anthropic-ratelimit-unified-reset", "1795000060")], Some(60)),
            (&[("x-codex-primary-reset-after-seconds", "90")], Some(90)),
        ] {
            assert_eq!(wait(pairs), expected, "{pairs:?}");
        }
    }

    #[test]
    fn what_is_said_outright_counts_before_the_limits() {
        assert_eq!(wait(&[("retry-after", "5"), ("x-ratelimit-reset-tokens", "1h")]), Some(5));
        assert_eq!(wait(&[("retry-after", "5"), ("retry-after-ms", "9000")]), Some(9));
        let at = come_back_at(&HeaderMap::new(), &fault(Some(7), None), NOW);
        assert_eq!(at, Some(NOW + Duration::from_secs(7)));
        let at = come_back_at(&HeaderMap::new(), &fault(Some(7), Some(NOW.as_secs() + 9)), NOW);
        assert_eq!(at, Some(NOW + Duration::from_secs(9)));
    }

    #[test]
    fn a_limit_with_something_left_is_no_reason_to_wait() {
        let left = [
            ("x-ratelimit-remaining-requests", "12"),
            ("x-ratelimit-reset-requests", "1h"),
            ("x-ratelimit-remaining-tokens", "0"),
            ("x-ratelimit-reset-tokens", "2s"),
            ("x-codex-secondary-used-percent", "40"),
            ("x-codex-secondary-reset-after-seconds", "9000"),
        ];
        assert_eq!(wait(&left), Some(2));
    }

    #[test]
    fn nonsense_and_the_past_are_no_hint_and_the_far_future_is_cut() {
        for text in ["", "soon", "-5", "NaN", "inf", "5x", "1h-2m", "0", "1"] {
            let expected = (text == "1").then_some(1);
            assert_eq!(wait(&[("retry-after", text)]), expected, "{text:?}");
        }
        assert_eq!(wait(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]), None);
        assert_eq!(wait(&[("retry-after", "999999999")]), Some(LONGEST.as_secs()));
        assert_eq!(wait(&[("retry-after", "1e300")]), None);
    }
}
