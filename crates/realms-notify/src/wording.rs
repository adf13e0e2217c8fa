//! What notifications say, in Chinese and English.

mod chinese;
mod english;

use jiff::tz::TimeZone;
use realms_identity::Language;
use realms_store::LoginCause;
use realms_types::{Money, Occurrence, Ppm, Timestamp};

use crate::SiteNow;

/// A notification in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// What the site is called.
    pub site: String,
    /// It in one line.
    pub title: String,
    /// All of it.
    pub text: String,
    /// Where more is, if the site knows its address.
    pub link: Option<String>,
}

/// What is said of something that happened.
struct Said {
    title: String,
    text: String,
}

// === impl Wording ===

impl Wording {
    /// Of something that happened, to a user or, without one, to those who run the site.
    pub fn of(occurrence: &Occurrence, to_user: bool, language: Language, site: &SiteNow) -> Self {
        let zone = &site.zone;
        let said = match language {
            Language::English => english::say(occurrence, zone),
            Language::Chinese => chinese::say(occurrence, zone),
        };
        let page = page(occurrence, to_user);
        let link = site.base_url.as_ref().map(|base| format!("{base}{page}"));
        Self { site: site.name.clone(), title: one_line(&said.title), text: said.text, link }
    }

    /// That notifications arrive.
    pub fn of_test(language: Language, site: &SiteNow) -> Self {
        let said = match language {
            Language::English => english::test(&site.name),
            Language::Chinese => chinese::test(&site.name),
        };
        let link = site.base_url.clone();
        Self { site: site.name.clone(), title: said.title, text: said.text, link }
    }

    /// All of it for where there is one text only.
    pub(crate) fn whole(&self) -> String {
        let mut whole = format!("[{}] {}\n\n{}", self.site, self.title, self.text);
        if let Some(link) = &self.link {
            whole.push_str("\n\n");
            whole.push_str(link);
        }
        whole
    }
}

/// The page where more is.
fn page(occurrence: &Occurrence, to_user: bool) -> String {
    match occurrence {
        Occurrence::BalanceLow { .. } => "/balance".to_owned(),
        Occurrence::WindowNearEnd { .. } | Occurrence::SubscriptionEnding { .. } => {
            "/subscription".to_owned()
        }
        Occurrence::OrderPaid { order, .. } if to_user => format!("/pay/{order}/success"),
        Occurrence::OrderPaid { .. } => "/admin/orders".to_owned(),
        Occurrence::TicketAnswered { ticket, .. } => format!("/tickets/{ticket}"),
        Occurrence::TicketOpened { ticket, .. } => format!("/admin/tickets/{ticket}"),
        Occurrence::ChannelResting { .. } => "/admin/channels".to_owned(),
        Occurrence::AccountNeedsLogin { .. } | Occurrence::AccountQuotaLow { .. } => {
            "/admin/accounts".to_owned()
        }
        Occurrence::ErrorRateHigh { .. } => "/admin/requests?filter=outcome:failed".to_owned(),
        Occurrence::SpendAnomaly { .. } if to_user => "/usage".to_owned(),
        Occurrence::SpendAnomaly { .. } => "/admin".to_owned(),
        Occurrence::PricesWaiting { .. } => "/admin/models?prices=true".to_owned(),
    }
}

/// A moment in the zone of the site: `2026-11-30 17:04 (UTC)`.
fn moment(at: Timestamp, zone: &TimeZone) -> String {
    let name = zone.iana_name().unwrap_or("UTC");
    jiff::Timestamp::from_microsecond(at.as_micros()).map_or_else(
        |_| at.to_string(),
        |at| format!("{} ({name})", at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M")),
    )
}

/// An amount in dollars, to the cent, or as it is where that would be nothing.
fn dollars(amount: Money) -> String {
    const CENT: i64 = 10_000_000;
    let nano = amount.nano();
    if nano != 0 && nano.abs() < CENT {
        return format!("{amount} USD");
    }
    let cents = nano / CENT;
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02} USD", cents / 100, cents % 100)
}

fn percent(share: Ppm) -> String {
    format!("{} %", share.parts() / 10_000)
}

/// A text as a title: a line break in it would begin another header of a letter.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(150).collect()
}

/// Why an account must be logged in again; `None`: a word of another version.
fn log_in_cause(word: &str) -> Option<LoginCause> {
    serde_json::from_value(word.into()).ok()
}

#[cfg(test)]
mod tests {
    use realms_types::{Cause, OrderId, TicketId};

    use super::*;

    fn site() -> SiteNow {
        SiteNow {
            name: "Realms".to_owned(),
            base_url: Some("https://realms.example".to_owned()),
            zone: TimeZone::get("Asia/Shanghai").unwrap(),
        }
    }

    fn every_one() -> Vec<Occurrence> {
        let at = Timestamp::from_secs(1_795_000_000);
        let money = |dollars: i64| Money::from_nano(dollars * 1_000_000_000);
        let text = || "text".to_owned();
        let used = Ppm::from_parts(915_000).unwrap();
        let (order, ticket) = (OrderId::new(1), TicketId::new(2));
        vec![
            Occurrence::BalanceLow { available: money(-1), threshold: money(1) },
            Occurrence::WindowNearEnd {
                plan: text(),
                window: "5h".to_owned(),
                used,
                eases_at: Some(at),
            },
            Occurrence::SubscriptionEnding { plan: text(), ends_at: at },
            Occurrence::OrderPaid { order, amount: "9 CNY".to_owned(), buyer: None },
            Occurrence::OrderPaid { order, amount: "9 CNY".to_owned(), buyer: Some(text()) },
            Occurrence::TicketAnswered {
                ticket,
                subject: "a\r\nBcc: b".to_owned(),
                answer: text(),
            },
            Occurrence::TicketOpened { ticket, subject: text(), by: text(), text: text() },
            Occurrence::ChannelResting { channel: text(), cause: Cause::RateLimited, until: None },
            Occurrence::ChannelResting {
                channel: text(),
                cause: Cause::Exhausted,
                until: Some(at),
            },
            Occurrence::AccountNeedsLogin { account: text(), cause: "refused".to_owned() },
            Occurrence::AccountQuotaLow { account: text(), used, resets_at: Some(at) },
            Occurrence::ErrorRateHigh { failed: 9, calls: 30, minutes: 10 },
            Occurrence::SpendAnomaly { spent: money(50), usual: money(2), hour: at },
            Occurrence::PricesWaiting { waiting: 1, applied: 0 },
            Occurrence::PricesWaiting { waiting: 3, applied: 20 },
        ]
    }

    #[test]
    fn everything_is_said_in_both_languages_with_a_place() {
        let is_han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
        for occurrence in every_one() {
            for to_user in [true, false] {
                let english = Wording::of(&occurrence, to_user, Language::English, &site());
                let chinese = Wording::of(&occurrence, to_user, Language::Chinese, &site());
                for one in [&english, &chinese] {
                    assert!(!one.title.contains(['\r', '\n']), "{:?}", one.title);
                    assert!(!one.title.is_empty() && !one.text.is_empty(), "{occurrence:?}");
                    assert!(one.link.as_ref().unwrap().starts_with("https://realms.example/"));
                }
                assert!(!english.whole().contains(is_han), "{}", english.whole());
                assert!(chinese.title.contains(is_han) && chinese.text.contains(is_han));
            }
        }
        for language in [Language::English, Language::Chinese] {
            assert!(Wording::of_test(language, &site()).title.contains("Realms"));
        }
    }

    #[test]
    fn links_lead_to_pages_that_there_are() {
        let routes = include_str!("../../../web/src/route-tree.gen.ts");
        for occurrence in every_one() {
            for to_user in [true, false] {
                let page = page(&occurrence, to_user);
                let path = page.split('?').next().unwrap();
                let names = path.split('/').map(|name| match name {
                    "success" => "$outcome",
                    id if id.contains('_') => "$id",
                    name => name,
                });
                let route = names.collect::<Vec<_>>().join("/");
                assert!(routes.contains(&format!("\"{route}\"")), "{page}");
            }
        }
    }

    #[test]
    fn amounts_and_times_are_as_people_write_them() {
        assert_eq!(dollars(Money::from_nano(1_239_000_000)), "1.23 USD");
        assert_eq!(dollars(Money::from_nano(-1_230_000_000)), "-1.23 USD");
        assert_eq!(dollars(Money::from_nano(1_000_000)), "0.001 USD");
        assert_eq!(dollars(Money::ZERO), "0.00 USD");
        let at = Timestamp::from_secs(1_795_000_000);
        assert_eq!(moment(at, &site().zone), "2026-11-18 19:06 (Asia/Shanghai)");
        assert_eq!(moment(at, &TimeZone::UTC), "2026-11-18 11:06 (UTC)");
    }
}
