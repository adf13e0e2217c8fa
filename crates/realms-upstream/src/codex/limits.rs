//! What every answer tells of the account's limits, in its headers or in an event of its stream.

use http::{HeaderMap, HeaderName, HeaderValue};
use realms_dialect::is_of_the_account;
use realms_types::Timestamp;
use serde_json::Value;

use super::{Limit, bounded, ppm_of_percent};

/// The windows told in `x-codex-primary-…` and `x-codex-secondary-…`: `used-percent`,
/// `window-minutes`, `reset-after-seconds`, or `reset-at` in seconds since 1970. One without what is
/// used is left out.
pub fn limits_of(headers: &HeaderMap, now: Timestamp) -> Vec<Limit> {
    let windows = [("x-codex-primary", false), ("x-codex-secondary", true)];
    windows
        .into_iter()
        .filter_map(|(name, secondary)| limit(headers, name, secondary, now))
        .collect()
}

/// The same of an event of a stream, `codex.rate_limits`.
pub fn limits_in_event(event: &str, now: Timestamp) -> Vec<Limit> {
    limits_of(&as_headers(event), now)
}

/// What such an event tells, as the headers that say the same. None where it is not about the account at large.
pub(crate) fn as_headers(event: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if !is_of_the_account(event) {
        return headers;
    }
    let event: Value = serde_json::from_str(event).unwrap_or_default();
    for window in ["primary", "secondary"] {
        for member in ["used_percent", "window_minutes", "reset_after_seconds", "reset_at"] {
            let Value::Number(number) = &event["rate_limits"][window][member] else { continue };
            let name = format!("x-codex-{window}-{}", member.replace('_', "-"));
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::try_from(number.to_string()))
            {
                headers.insert(name, value);
            }
        }
    }
    headers
}

fn limit(headers: &HeaderMap, window: &str, secondary: bool, now: Timestamp) -> Option<Limit> {
    let text = |what: &str| {
        let value = headers.get(format!("{window}-{what}"))?;
        value.to_str().ok().map(str::trim)
    };
    let used = ppm_of_percent(text("used-percent")?.parse().ok()?)?;
    let minutes = text("window-minutes").and_then(|text| text.parse::<u64>().ok());
    let length = minutes.and_then(|minutes| bounded(minutes.saturating_mul(60)));
    let after = text("reset-after-seconds").and_then(|text| bounded(text.parse().ok()?));
    let at = text("reset-at").and_then(|text| text.parse().ok()).map(Timestamp::from_secs);
    let resets_at = after.map(|wait| now + wait).or(at);
    Some(Limit { secondary, length: length.unwrap_or_default(), used, resets_at })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{HeaderName, HeaderValue};
    use realms_types::Ppm;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);

    fn read(pairs: &[(&str, &str)]) -> Vec<Limit> {
        let pair = |(name, value): &(&str, &str)| {
            (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
        };
        limits_of(&pairs.iter().map(pair).collect(), NOW)
    }

    #[test]
    fn both_windows_are_read() {
        let limits = read(&[
            ("x-codex-primary-used-percent", "12.5"),
            ("x-codex-primary-window-minutes", "300"),
            ("x-codex-primary-reset-after-seconds", "90"),
            ("x-codex-secondary-used-percent", "100"),
            ("x-codex-secondary-window-minutes", "10080"),
            ("x-codex-secondary-reset-at", "1795000600"),
        ]);
        let used = |percent: i64| Ppm::from_parts(percent * 10_000).unwrap();
        let primary = Limit {
            secondary: false,
            length: Duration::from_hours(5),
            used: Ppm::from_parts(125_000).unwrap(),
            resets_at: Some(NOW + Duration::from_secs(90)),
        };
        let secondary = Limit {
            secondary: true,
            length: Duration::from_hours(7 * 24),
            used: used(100),
            resets_at: Some(NOW + Duration::from_mins(10)),
        };
        assert_eq!(limits, [primary, secondary]);
    }

    #[test]
    fn an_event_tells_what_the_headers_tell() {
        let event = r#"{"type":"codex.rate_limits","plan_type":"pro","rate_limits":{"allowed":true,
            "primary":{"used_percent":12.5,"window_minutes":300,"reset_at":1795000600},
            "secondary":{"used_percent":7,"window_minutes":10080,"reset_after_seconds":60}},
            "credits":{"has_credits":true}}"#;
        let limits = limits_in_event(event, NOW);
        assert_eq!(
            limits,
            read(&[
                ("x-codex-primary-used-percent", "12.5"),
                ("x-codex-primary-window-minutes", "300"),
                ("x-codex-primary-reset-at", "1795000600"),
                ("x-codex-secondary-used-percent", "7"),
                ("x-codex-secondary-window-minutes", "10080"),
                ("x-codex-secondary-reset-after-seconds", "60"),
            ])
        );
        assert_eq!(limits.len(), 2);
        for nothing in [
            "nonsense",
            "[]",
            r#"{"type":"codex.rate_limits"}"#,
            r#"{"rate_limits":null}"#,
            r#"{"rate_limits":{"primary":null,"secondary":7}}"#,
            r#"{"rate_limits":{"primary":{"used_percent":"12"}}}"#,
            r#"{"metered_limit_name":"codex_other","rate_limits":{"primary":{"used_percent":1}}}"#,
        ] {
            assert_eq!(limits_in_event(nothing, NOW), [], "{nothing}");
        }
    }

    #[test]
    fn nonsense_is_left_out() {
        for (name, value) in [
            ("x-codex-primary-window-minutes", "300"),
            ("x-codex-primary-used-percent", "-1"),
            ("x-codex-primary-used-percent", "NaN"),
            ("x-codex-primary-used-percent", "1e9"),
            ("x-codex-primary-used-percent", ""),
            ("x-ratelimit-remaining-tokens", "0"),
        ] {
            assert_eq!(read(&[(name, value)]), [], "{name}: {value}");
        }
        let odd = read(&[
            ("x-codex-primary-used-percent", "3"),
            ("x-codex-primary-window-minutes", "99999999999999999999"),
            ("x-codex-primary-reset-after-seconds", "99999999999"),
        ]);
        assert_eq!((odd[0].length, odd[0].resets_at), (Duration::ZERO, None));
    }
}
