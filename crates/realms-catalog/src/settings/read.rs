//! From the text of a setting to its value.

use std::time::Duration;

use realms_types::{InvitationTerms, Secret, TopUpTerms};
use serde::de::DeserializeOwned;
use url::Url;

/// Characters of a line of text.
const LONGEST_TEXT: usize = 200;
/// Bytes of JSON.
const LONGEST_JSON: usize = 8_192;
/// Bytes of a secret.
const LONGEST_SECRET: usize = 4_096;

pub(super) fn whole(text: &str, least: u32, most: u32) -> Result<u32, String> {
    match text.parse::<u32>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(format!("`{text}` is not a whole number from {least} to {most}")),
    }
}

pub(super) const MILLIS: (u32, u32) = (1, 3_600_000);

pub(super) fn millis(text: &str) -> Result<Duration, String> {
    whole(text, MILLIS.0, MILLIS.1).map(|number| Duration::from_millis(number.into()))
}

pub(super) fn truth(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| format!("`{text}` is neither `true` nor `false`"))
}

/// How balances are topped up; nothing for an empty text.
pub(super) fn top_up(text: &str) -> Result<TopUpTerms, String> {
    let terms: TopUpTerms = json(text)?.unwrap_or_default();
    terms.check().map_err(|mistake| mistake.to_string())?;
    Ok(terms)
}

pub(super) fn top_up_text(terms: &TopUpTerms) -> String {
    if terms.currencies.is_empty() {
        return String::new();
    }
    serde_json::to_string(terms).unwrap_or_default()
}

/// What an invitation is worth; for an empty text there are none.
pub(super) fn invitations(text: &str) -> Result<Option<InvitationTerms>, String> {
    let terms: Option<InvitationTerms> = json(text)?;
    if let Some(terms) = &terms {
        terms.check().map_err(|mistake| mistake.to_string())?;
    }
    Ok(terms)
}

pub(super) fn invitations_text(terms: Option<&InvitationTerms>) -> String {
    terms.and_then(|terms| serde_json::to_string(terms).ok()).unwrap_or_default()
}

/// JSON of a form of its own; nothing for an empty text.
fn json<T: DeserializeOwned>(text: &str) -> Result<Option<T>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    if text.len() > LONGEST_JSON {
        return Err(format!("it is JSON of at most {LONGEST_JSON} bytes"));
    }
    serde_json::from_str(text).map(Some).map_err(|error| error.to_string())
}

pub(super) fn time_zone(text: &str) -> Result<String, String> {
    match jiff::tz::TimeZone::get(text) {
        Ok(zone) => Ok(zone.iana_name().unwrap_or(text).to_owned()),
        Err(_) => Err(format!("`{text}` is not a time zone such as \"Asia/Shanghai\" or \"UTC\"")),
    }
}

/// A web address; nothing for an empty text.
pub(super) fn web_address(text: &str) -> Result<Option<Url>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let refused = || format!("`{text}` is not an address such as \"https://realms.example.org\"");
    let url = Url::parse(text).map_err(|_| refused())?;
    if matches!(url.scheme(), "http" | "https") && url.host().is_some() {
        Ok(Some(url))
    } else {
        Err(refused())
    }
}

/// A line of text; nothing for an empty one.
pub(super) fn line(text: &str) -> Result<Option<String>, String> {
    let text = text.trim();
    if text.chars().count() > LONGEST_TEXT || text.chars().any(char::is_control) {
        return Err(format!("it is one line of at most {LONGEST_TEXT} characters"));
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

/// The sender of mail: `realms@example.org` or `Realms <realms@example.org>`.
pub(super) fn sender(text: &str) -> Result<Option<String>, String> {
    let Some(text) = line(text)? else { return Ok(None) };
    let address =
        text.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).unwrap_or(&text);
    let parts = address.split_once('@');
    let sound = |part: &str| !part.is_empty() && !part.contains([' ', '@', '<', '>', ',']);
    if parts.is_some_and(|(local, domain)| sound(local) && sound(domain)) {
        Ok(Some(text))
    } else {
        Err(format!("`{text}` is not a sender such as \"Realms <realms@example.org>\""))
    }
}

/// A secret; nothing for an empty text. No message says what it is.
pub(super) fn secret(text: &str) -> Result<Option<Secret<String>>, String> {
    if text.len() > LONGEST_SECRET {
        return Err(format!("a secret has at most {LONGEST_SECRET} bytes"));
    }
    Ok(Some(Secret::from(text)).filter(|_| !text.is_empty()))
}
