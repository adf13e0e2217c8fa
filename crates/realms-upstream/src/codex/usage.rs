//! What the backend answers when it is asked what is used up.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};
use realms_types::{Secret, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{Limit, bounded, ppm_of_percent};
use crate::{FetchError, FetchLimits, Upstream};

/// How long the answer may take, and how large it may be.
const LIMITS: FetchLimits = FetchLimits { deadline: Duration::from_secs(15), bytes: 256 * 1024 };

/// What is used up of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UsageAnswer {
    /// What was bought.
    pub plan: Option<String>,
    /// The windows, the short one first.
    pub limits: Vec<Limit>,
    /// Credits beside them.
    pub credits: Option<UsageCredits>,
}

/// Credits beside the windows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UsageCredits {
    /// Whether there are any.
    pub has_credits: bool,
    /// Whether they never end.
    pub unlimited: bool,
    /// What is left, in the vendor's words.
    pub balance: Option<String>,
}

/// Why there is no answer. The words hold no token.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    /// The account's token is not taken: 401 or 403.
    #[error("the vendor answered {0}: the access token is not taken")]
    Unauthorized(StatusCode),
    /// Another status than 200.
    #[error("the vendor answered {0}")]
    Status(StatusCode),
    /// Not what was asked for.
    #[error("what the vendor answered is not a report of usage")]
    NotAReport,
    /// The token or the account's id has a character that no header can carry.
    #[error("the account has characters no header can carry: log in again")]
    Account,
    /// Nothing came.
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

#[derive(Deserialize)]
struct Report {
    plan_type: Option<String>,
    rate_limit: Option<RateLimit>,
    credits: Option<Credits>,
}

#[derive(Deserialize)]
struct RateLimit {
    primary_window: Option<Window>,
    secondary_window: Option<Window>,
}

#[derive(Deserialize)]
struct Window {
    used_percent: Option<f64>,
    limit_window_seconds: Option<u64>,
    reset_at: Option<i64>,
    reset_after_seconds: Option<u64>,
}

#[derive(Deserialize)]
struct Credits {
    #[serde(default, rename = "has_credits")]
    some: bool,
    #[serde(default)]
    unlimited: bool,
    #[serde(default)]
    balance: Value,
}

// === impl Upstream ===

impl Upstream {
    /// Asks what is used up of an account. The report lies beside the base URL of the calls; a
    /// backend that does not have it there is asked at the older places.
    pub async fn codex_usage(
        &self,
        base: &Url,
        account: &str,
        access: &Secret<String>,
        now: Timestamp,
    ) -> Result<UsageAnswer, UsageError> {
        let mut missing = UsageError::Status(StatusCode::NOT_FOUND);
        for url in places(base) {
            match self.ask_usage(&url, account, access, now).await {
                Err(UsageError::Status(
                    status @ (StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED),
                )) => missing = UsageError::Status(status),
                answered => return answered,
            }
        }
        Err(missing)
    }

    async fn ask_usage(
        &self,
        url: &str,
        account: &str,
        access: &Secret<String>,
        now: Timestamp,
    ) -> Result<UsageAnswer, UsageError> {
        let bearer = HeaderValue::from_str(&format!("Bearer {}", access.reveal()));
        let mut bearer = bearer.map_err(|_| UsageError::Account)?;
        bearer.set_sensitive(true);
        let request = Request::get(url)
            .header(header::AUTHORIZATION, bearer)
            .header("chatgpt-account-id", account)
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, "realms")
            .body(Bytes::new())
            .map_err(|_| UsageError::Account)?;
        let fetched = self.fetch(request, LIMITS).await?;
        match fetched.status {
            StatusCode::OK => read(&fetched.body, now),
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                Err(UsageError::Unauthorized(status))
            }
            status => Err(UsageError::Status(status)),
        }
    }
}

/// `…/backend-api/codex` has it at `…/backend-api/wham/usage`.
fn places(base: &Url) -> Vec<String> {
    let calls = base.as_str().split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let above = calls.strip_suffix("/codex").unwrap_or(calls);
    let origin = &base[..url::Position::BeforePath];
    let mut places = vec![
        format!("{above}/wham/usage"),
        format!("{calls}/wham/usage"),
        format!("{origin}/backend-api/codex/usage"),
        format!("{origin}/api/codex/usage"),
    ];
    places.dedup();
    places
}

fn read(body: &[u8], now: Timestamp) -> Result<UsageAnswer, UsageError> {
    let report: Report = serde_json::from_slice(body).map_err(|_| UsageError::NotAReport)?;
    let windows = report.rate_limit.map(|limit| [limit.primary_window, limit.secondary_window]);
    let limits = [false, true].into_iter().zip(windows.into_iter().flatten());
    Ok(UsageAnswer {
        plan: report.plan_type.filter(|plan| !plan.is_empty()),
        limits: limits.filter_map(|(secondary, window)| window?.limit(secondary, now)).collect(),
        credits: report.credits.map(UsageCredits::from),
    })
}

// === impl Window ===

impl Window {
    fn limit(self, secondary: bool, now: Timestamp) -> Option<Limit> {
        let at = self.reset_at.map(Timestamp::from_secs);
        let after = self.reset_after_seconds.and_then(bounded).map(|wait| now + wait);
        Some(Limit {
            secondary,
            length: self.limit_window_seconds.and_then(bounded).unwrap_or_default(),
            used: ppm_of_percent(self.used_percent?)?,
            resets_at: at.or(after),
        })
    }
}

// === impl UsageCredits ===

impl From<Credits> for UsageCredits {
    fn from(credits: Credits) -> Self {
        let Credits { some, unlimited, balance } = credits;
        let balance = match balance {
            Value::String(text) if !text.is_empty() => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        Self { has_credits: some, unlimited, balance }
    }
}

#[cfg(test)]
mod tests {
    use realms_types::Ppm;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);

    #[test]
    fn a_report_is_read() {
        let answer = read(
            br#"{"plan_type":"plus","rate_limit":{"allowed":true,
                "primary_window":{"used_percent":42,"limit_window_seconds":18000,"reset_at":1795000600},
                "secondary_window":{"used_percent":7.25,"limit_window_seconds":604800,"reset_after_seconds":60}},
                "credits":{"has_credits":true,"unlimited":false,"balance":"9.50"}}"#,
            NOW,
        )
        .unwrap();
        assert_eq!(answer.plan.as_deref(), Some("plus"));
        assert_eq!(
            answer.limits,
            [
                Limit {
                    secondary: false,
                    length: Duration::from_hours(5),
                    used: Ppm::from_parts(420_000).unwrap(),
                    resets_at: Some(NOW + Duration::from_mins(10)),
                },
                Limit {
                    secondary: true,
                    length: Duration::from_hours(168),
                    used: Ppm::from_parts(72_500).unwrap(),
                    resets_at: Some(NOW + Duration::from_mins(1)),
                },
            ]
        );
        let credits =
            UsageCredits { has_credits: true, unlimited: false, balance: Some("9.50".into()) };
        assert_eq!(answer.credits, Some(credits));
    }

    #[test]
    fn what_is_missing_is_missing_and_a_page_is_no_report() {
        assert_eq!(read(b"{}", NOW).unwrap(), UsageAnswer::default());
        let half =
            br#"{"rate_limit":{"primary_window":null,"secondary_window":{"used_percent":1}}}"#;
        let half = read(half, NOW).unwrap();
        assert_eq!((half.limits.len(), half.limits[0].secondary), (1, true));
        for body in ["<html>", "[]", "", r#"{"rate_limit":7}"#] {
            assert!(matches!(read(body.as_bytes(), NOW), Err(UsageError::NotAReport)), "{body}");
        }
    }

    #[test]
    fn the_report_is_looked_for_beside_the_calls() {
        let of = |base: &str| places(&base.parse().unwrap());
        assert_eq!(
            of("https://chatgpt.com/backend-api/codex/"),
            [
                "https://chatgpt.com/backend-api/wham/usage",
                "https://chatgpt.com/backend-api/codex/wham/usage",
                "https://chatgpt.com/backend-api/codex/usage",
                "https://chatgpt.com/api/codex/usage",
            ]
        );
        assert_eq!(of("http://127.0.0.1:9/x")[0], "http://127.0.0.1:9/x/wham/usage");
    }
}
