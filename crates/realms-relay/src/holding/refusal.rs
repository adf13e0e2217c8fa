//! How a caller hears that their call is not paid for. Pure.

use std::time::Duration;

use realms_dialect::{Fault, FaultKind};
use realms_ledger::{LedgerError, Refusal, Unit};
use realms_types::{Money, Origin, Timestamp};
use url::Url;

/// Where balances are topped up and plans are bought, below the address of the site.
const TOP_UP: &str = "/topup";
const PLANS: &str = "/subscription";

/// A model that nobody has given a price.
pub(super) fn unpriced(model: &str) -> Fault {
    Fault::bad_request(format!(
        "the model `{model}` has no price, so it cannot be charged: choose another, or ask whoever runs \
         this site to give it one under Models"
    ))
    .with_param("model")
    .with_code("model_not_priced")
    .with_origin(Origin::Realms)
}

/// What the ledger said, in the words of a fault. `again`: when there is room again.
pub(super) fn refused(
    error: &LedgerError,
    again: Option<Timestamp>,
    site: Option<&Url>,
    now: Timestamp,
) -> Fault {
    match error {
        LedgerError::Refused(refusal) => refused_by(refusal, again, site, now),
        LedgerError::Unavailable { retry_after } => {
            let message =
                "nothing can be charged right now, so no call is taken: try again shortly";
            Fault::unavailable(message).with_origin(Origin::Storage).with_retry_after(*retry_after)
        }
        LedgerError::Invalid(_) => {
            Fault::too_large("this request may cost more than any call is allowed to")
        }
        LedgerError::Failed(cause) => {
            tracing::error!(cause, "the ledger refuses to hold money");
            Fault::internal("nothing can be charged: ask whoever runs this site")
                .with_origin(Origin::Storage)
        }
    }
}

fn refused_by(
    refusal: &Refusal,
    again: Option<Timestamp>,
    site: Option<&Url>,
    now: Timestamp,
) -> Fault {
    match refusal {
        Refusal::Insufficient { available, needed } => {
            let left = tenths_of_cents(*available, false);
            let needed = tenths_of_cents(*needed, true);
            Fault::exhausted(format!(
                "the balance has {left} USD left, and this request may cost up to {needed} USD: top it up \
                 {}, or ask for a shorter answer",
                place(site, TOP_UP)
            ))
        }
        Refusal::Limit { unit, window, limit, used, needed, .. } => {
            let count = |number: i64| match unit {
                Unit::Money => format!("{} USD", Money::from_nano(number)),
                Unit::Tokens => format!("{number} LLM tokens"),
            };
            limited(
                &format!(
                    "the limit of {} {window} is reached: {} are used or held, and this request needs up \
                     to {}",
                    count(*limit),
                    count(*used),
                    count(*needed)
                ),
                again,
                now,
            )
        }
        Refusal::Exhausted { has_plan: false, .. } => Fault::exhausted(format!(
            "calls are paid for by plans here, and you have none that runs: get one {}",
            place(site, PLANS)
        )),
        Refusal::Exhausted { needed, .. } => {
            let needed = tenths_of_cents(*needed, true);
            let message = format!(
                "your plans lack {needed} USD of what this request may cost, and the balance does not pay \
                 it: see what is left {}",
                place(site, PLANS)
            );
            limited(&message, again, now)
        }
        Refusal::Known(_)
        | Refusal::KeyReused(_)
        | Refusal::NotCharged { .. }
        | Refusal::Overtaken => {
            tracing::error!(%refusal, "a call cannot be held for");
            Fault::internal("this call cannot be charged: send it again")
        }
    }
}

/// 429, with when it is worth another try.
fn limited(message: &str, resets_at: Option<Timestamp>, now: Timestamp) -> Fault {
    let fault = |text: String| Fault::new(FaultKind::RateLimited, text);
    let Some(at) = resets_at else {
        return fault(format!(
            "{message}; waiting does not help: ask for less, or for a higher limit"
        ))
        .without_retry();
    };
    let wait = Duration::from_secs(at.since(now).as_secs() + 1);
    fault(format!("{message}; there is room again from {at} on")).with_retry_after(wait)
}

fn place(site: Option<&Url>, page: &str) -> String {
    match site {
        Some(site) => format!("at {}{page}", site.as_str().trim_end_matches('/')),
        None => format!("in the console ({page})"),
    }
}

/// An amount a person reads, to six places: what is left never looks like more, what is needed never
/// like less.
fn tenths_of_cents(amount: Money, up: bool) -> Money {
    const PLACE: i64 = 1_000;
    let nano = amount.nano();
    let down = nano.div_euclid(PLACE) * PLACE;
    Money::from_nano(if up && down != nano { down.saturating_add(PLACE) } else { down })
}

#[cfg(test)]
mod tests {
    use realms_ledger::Window;
    use realms_types::RequestId;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_200);

    fn usd(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn whoever_has_no_money_hears_what_is_left_what_is_needed_and_where_to_get_it() {
        let error = LedgerError::Refused(Refusal::Insufficient {
            available: usd("0.0123456789".get(..11).unwrap()),
            needed: usd("0.09830400"),
        });
        let site: Url = "https://realms.example/".parse().unwrap();
        let fault = refused(&error, None, Some(&site), NOW);
        assert_eq!((fault.status().as_u16(), fault.should_retry), (402, false));
        assert_eq!(
            fault.message,
            "the balance has 0.012345 USD left, and this request may cost up to 0.098304 USD: top it up \
             at https://realms.example/topup, or ask for a shorter answer"
        );
        let debt = Refusal::Insufficient { available: usd("-1.0000001"), needed: usd("0.0000001") };
        let fault = refused(&LedgerError::Refused(debt), None, None, NOW);
        assert!(fault.message.contains("has -1.000001 USD left"), "{fault}");
        assert!(fault.message.contains("up to 0.000001 USD"), "{fault}");
        assert!(fault.message.contains("in the console (/topup)"), "{fault}");
    }

    #[test]
    fn a_window_tells_when_there_is_room_again() {
        let limit = |unit| Refusal::Limit {
            owner: "ak_1".to_owned(),
            unit,
            window: Window::Rolling(Duration::from_hours(5)),
            limit: 2_000_000_000,
            used: 1_900_000_000,
            needed: 200_000_000,
        };
        let at = NOW + Duration::from_mins(7);
        let fault = refused(&limit(Unit::Money).into(), Some(at), None, NOW);
        assert_eq!(fault.status().as_u16(), 429);
        assert_eq!(fault.retry_after, Some(Duration::from_secs(421)));
        assert_eq!(
            fault.message,
            format!(
                "the limit of 2 USD in 5 hours is reached: 1.9 USD are used or held, and this request \
                 needs up to 0.2 USD; there is room again from {at} on"
            )
        );
        let fault = refused(&limit(Unit::Tokens).into(), None, None, NOW);
        assert_eq!((fault.retry_after, fault.should_retry), (None, false));
        assert!(fault.message.contains("200000000 LLM tokens"), "{fault}");
    }

    #[test]
    fn whoever_needs_a_plan_hears_where_to_get_one_and_when_theirs_has_room() {
        let (needed, estimate) = (usd("0.5"), usd("0.75"));
        let spent = Refusal::Exhausted { needed, estimate, has_plan: true };
        let at = NOW + Duration::from_mins(7);
        let fault = refused(&spent.into(), Some(at), None, NOW);
        assert_eq!((fault.status().as_u16(), fault.should_retry), (429, true));
        assert_eq!(fault.retry_after, Some(Duration::from_secs(421)));
        assert_eq!(
            fault.message,
            format!(
                "your plans lack 0.5 USD of what this request may cost, and the balance does not pay it: \
                 see what is left in the console (/subscription); there is room again from {at} on"
            )
        );
        let none = Refusal::Exhausted { needed, estimate, has_plan: false };
        let fault = refused(&none.into(), None, None, NOW);
        assert_eq!((fault.status().as_u16(), fault.should_retry), (402, false));
        assert!(fault.message.contains("get one in the console (/subscription)"), "{fault}");
    }

    #[test]
    fn a_ledger_that_is_away_is_nobodys_poverty() {
        let away = LedgerError::Unavailable { retry_after: Duration::from_secs(2) };
        let fault = refused(&away, None, None, NOW);
        assert_eq!((fault.status().as_u16(), fault.origin), (503, Origin::Storage));
        assert_eq!(fault.retry_after, Some(Duration::from_secs(2)));
        let failed = LedgerError::Failed("column gone".to_owned());
        let fault = refused(&failed, None, None, NOW);
        assert_eq!((fault.status().as_u16(), fault.origin), (500, Origin::Storage));
        assert!(!fault.message.contains("column"), "{fault}");
        let id: RequestId = "00000000-0000-7000-8000-000000000000".parse().unwrap();
        assert_eq!(refused(&Refusal::Known(id).into(), None, None, NOW).status().as_u16(), 500);
        assert_eq!(unpriced("m").status().as_u16(), 400);
    }
}
