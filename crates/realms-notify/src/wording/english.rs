//! In English.

use jiff::tz::TimeZone;
use realms_store::LoginCause;
use realms_types::{Cause, Occurrence};

use super::{Said, dollars, log_in_cause, moment, percent};

pub(super) fn test(site: &str) -> Said {
    Said {
        title: format!("Notifications of {site} arrive"),
        text: "This is a test. Nothing has happened.".to_owned(),
    }
}

pub(super) fn say(occurrence: &Occurrence, zone: &TimeZone) -> Said {
    let (title, text) = match occurrence {
        Occurrence::BalanceLow { available, threshold } => (
            "Your balance is low".to_owned(),
            format!(
                "{} are left, less than {}. Calls that the balance pays are refused when nothing is left.",
                dollars(*available),
                dollars(*threshold)
            ),
        ),
        Occurrence::WindowNearEnd { plan, window, used, eases_at } => (
            format!("{} of a window of {plan} is used", percent(*used)),
            match eases_at {
                Some(at) => {
                    format!(
                        "Window: {}. Part of it returns at {}.",
                        span(window),
                        moment(*at, zone)
                    )
                }
                None => format!("Window: {}.", span(window)),
            },
        ),
        Occurrence::SubscriptionEnding { plan, ends_at } => (
            format!("{plan} ends soon"),
            format!("It ends at {}, and none of the same plan follows.", moment(*ends_at, zone)),
        ),
        Occurrence::OrderPaid { order, amount, buyer: None } => (
            format!("Your payment of {amount} arrived"),
            format!("What you bought is yours. Order {order}."),
        ),
        Occurrence::OrderPaid { order, amount, buyer: Some(buyer) } => {
            (format!("{buyer} paid {amount}"), format!("Order {order}; what was bought was given."))
        }
        Occurrence::TicketAnswered { subject, answer, .. } => {
            (format!("Answered: {subject}"), answer.clone())
        }
        Occurrence::TicketOpened { subject, by, text, .. } => {
            (format!("{by} wrote: {subject}"), text.clone())
        }
        Occurrence::ChannelResting { channel, cause, until } => (
            format!("Channel {channel} takes no calls"),
            match until {
                Some(at) => format!("Why: {}. Until {}.", reason(*cause), moment(*at, zone)),
                None => format!("Why: {}. Until somebody switches it on.", reason(*cause)),
            },
        ),
        Occurrence::AccountNeedsLogin { account, cause } => (
            format!("Vendor account {account} must be logged in again"),
            format!("Why: {}. Until then it takes no calls.", log_in_reason(cause)),
        ),
        Occurrence::AccountQuotaLow { account, used, resets_at } => (
            format!("{} of the quota of vendor account {account} is used", percent(*used)),
            match resets_at {
                Some(at) => format!("It starts anew at {}.", moment(*at, zone)),
                None => "The vendor does not say when it starts anew.".to_owned(),
            },
        ),
        Occurrence::ErrorRateHigh { failed, calls, minutes } => (
            format!("{failed} of {calls} calls failed"),
            format!("In the last {minutes} minutes, faults of clients not counted."),
        ),
        Occurrence::SpendAnomaly { spent, usual, hour } => (
            format!("An hour cost {}", dollars(*spent)),
            format!(
                "The hour that began at {}. An hour of the week before cost {} on average.",
                moment(*hour, zone),
                dollars(*usual)
            ),
        ),
        Occurrence::PricesWaiting { waiting, applied } => (
            prices_wait(*waiting),
            format!(
                "The list that prices are kept up with says others than hold here. Nobody pays them until somebody \
                 takes them. Set by the schedule at the same look: {applied}."
            ),
        ),
    };
    Said { title, text }
}

fn prices_wait(count: u64) -> String {
    match count {
        1 => "One price waits for you".to_owned(),
        _ => format!("{count} prices wait for you"),
    }
}

fn span(window: &str) -> &str {
    match window {
        "5h" => "5 hours",
        "1d" => "1 day",
        "7d" => "7 days",
        "30d" => "30 days",
        "total" => "the whole time",
        other => other,
    }
}

/// Why something rests, in the words of the console.
const fn reason(cause: Cause) -> &'static str {
    match cause {
        Cause::Connect => "no connection",
        Cause::HeaderTimeout => "no answer in time",
        Cause::FirstEventTimeout => "no first event in time",
        Cause::IdleTimeout => "silence in the stream",
        Cause::StreamTimeout => "the stream lasted too long",
        Cause::Broken => "ended early",
        Cause::NotAnAnswer => "no real answer",
        Cause::TooLarge => "too large",
        Cause::Unauthorized => "key refused",
        Cause::Exhausted => "quota used up",
        Cause::RateLimited => "rate limit",
        Cause::Overloaded => "overloaded",
        Cause::ServerError => "server error",
        Cause::NoSuchPath => "no such path",
        Cause::NoSuchModel => "no such model",
        Cause::Redirect => "redirect",
        Cause::BadRequest => "request refused",
        Cause::ClientGone => "client gone",
        Cause::Shutdown => "Realms stopped",
        Cause::Revoked => "key revoked",
        Cause::NotAllowed => "not allowed",
        Cause::NoChannel => "no channel ready",
    }
}

/// Why an account must be logged in again, in the words of the console.
fn log_in_reason(cause: &str) -> &str {
    match log_in_cause(cause) {
        Some(LoginCause::Refused) => "log-in refused",
        Some(LoginCause::Reused) => "token used elsewhere",
        Some(LoginCause::AnswerLost) => "answer lost",
        Some(LoginCause::Deactivated) => "account closed",
        None => cause,
    }
}
