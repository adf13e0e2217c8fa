//! What becomes of the prices of models that are there when they are held against a list, without anybody looking.

use std::collections::HashMap;

use realms_store::{ModelRecord, WaitingCause, WaitingPrice};
use realms_types::Price;

use super::{Offer, guard::doubt};

/// So many prices wait at most: the others are found again once some of them are decided about.
const MOST_WAITING: usize = 2_000;

/// What may be done by itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    /// Whether prices are set at all.
    pub(crate) applies: bool,
    /// By how many times they may move.
    pub(crate) factor: u32,
}

/// What a list says of the models that are there. Others are left alone: nobody asked for them.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Found {
    /// Prices to set.
    pub(crate) taken: Vec<Taken>,
    /// Prices that wait for somebody.
    pub(crate) waiting: Vec<WaitingPrice>,
    /// Pinned prices that the list has otherwise.
    pub(crate) pinned: u64,
    /// Models without a price that the list has none for.
    pub(crate) unpriced: u64,
}

/// A price to set.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Taken {
    pub(crate) model: String,
    /// The price that it takes the place of, and of no other.
    pub(crate) before: Option<Price>,
    pub(crate) after: Price,
}

/// Decides about every model that is there.
pub(crate) fn weigh(offers: &[Offer], models: &[ModelRecord], policy: Policy) -> Found {
    let offers: HashMap<&str, (&Price, Policy)> = offers
        .iter()
        .filter_map(|offer| {
            // Of what is left out somebody is told first.
            let policy = Policy { applies: policy.applies && offer.note.is_none(), ..policy };
            Some((offer.model.as_str(), (offer.price.as_ref().ok()?, policy)))
        })
        .collect();
    let mut found = Found::default();
    for model in models {
        match offers.get(model.name.as_str()) {
            Some((price, policy)) => found.add(model, price, *policy),
            None if model.price.is_none() => found.unpriced += 1,
            None => {}
        }
    }
    found.waiting.truncate(MOST_WAITING);
    found
}

/// Whether a price that waits is still one to be taken: its model is there, costs otherwise, and is not pinned.
pub(crate) fn is_offered(waiting: &WaitingPrice, models: &[ModelRecord]) -> bool {
    let model = models.iter().find(|model| model.name == waiting.model);
    model.is_some_and(|model| !model.is_pinned() && model.price.as_ref() != Some(&waiting.price))
}

/// What waits from now on, with what was decided about the same prices before, and how many of them nobody has been
/// told of.
pub(crate) fn merge(found: Vec<WaitingPrice>, held: &[WaitingPrice]) -> (Vec<WaitingPrice>, u64) {
    let held: HashMap<&str, &WaitingPrice> =
        held.iter().map(|one| (one.model.as_str(), one)).collect();
    let mut fresh = 0;
    let merged = found.into_iter().map(|one| {
        if let Some(old) = held.get(one.model.as_str()).filter(|old| old.price == one.price) {
            return WaitingPrice { dismissed: old.dismissed, ..one };
        }
        fresh += 1;
        one
    });
    let merged = merged.collect();
    (merged, fresh)
}

// === impl Found ===

impl Found {
    fn add(&mut self, model: &ModelRecord, price: &Price, policy: Policy) {
        let before = model.price.as_ref();
        if before == Some(price) {
            return;
        }
        if model.is_pinned() {
            self.pinned += 1;
            return;
        }
        let review = (!policy.applies).then_some(WaitingCause::Review);
        let (model, price) = (model.name.clone(), price.clone());
        match doubt(before, &price, policy.factor).or(review) {
            Some(cause) => {
                self.waiting.push(WaitingPrice { model, price, cause, dismissed: false });
            }
            None => self.taken.push(Taken { model, before: before.cloned(), after: price }),
        }
    }
}

#[cfg(test)]
mod tests {
    use realms_store::{PriceSource, Priced};
    use realms_types::{ModelId, Timestamp};

    use super::*;
    use crate::prices::{Note, Reason};

    fn price(input: &str, output: &str) -> Price {
        Price { input: input.parse().unwrap(), output: output.parse().unwrap(), ..Price::default() }
    }

    fn model(name: &str, price: Option<Price>, source: Option<PriceSource>) -> ModelRecord {
        let at = Timestamp::from_secs(1);
        ModelRecord {
            id: ModelId::new(1),
            name: name.to_owned(),
            owner: String::new(),
            enabled: true,
            price_pinned: price.is_some() && source.is_none_or(|one| one == PriceSource::Manual),
            price,
            priced: source.map(|source| Priced { source, at }),
            price_version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    fn offer(model: &str, price: Result<Price, Reason>) -> Offer {
        Offer { model: model.to_owned(), owner: None, price, note: None }
    }

    fn models() -> Vec<ModelRecord> {
        let old = || Some(price("1", "8"));
        vec![
            model("absent", old(), Some(PriceSource::Imported)),
            model("by-hand", old(), Some(PriceSource::Manual)),
            model("from-before", old(), None),
            model("imported", old(), Some(PriceSource::Imported)),
            model("jumps", old(), Some(PriceSource::Synced)),
            model("new", None, None),
            model("same", old(), Some(PriceSource::Synced)),
            model("unheard-of", None, None),
            model("unreadable", None, None),
        ]
    }

    fn offers() -> Vec<Offer> {
        vec![
            offer("by-hand", Ok(price("2", "8"))),
            offer("elsewhere", Ok(price("2", "8"))),
            offer("from-before", Ok(price("2", "8"))),
            offer("imported", Ok(price("2", "8"))),
            offer("jumps", Ok(price("2", "80"))),
            offer("new", Ok(price("3", "9"))),
            offer("same", Ok(price("1", "8"))),
            offer("unreadable", Err(Reason::Unreadable)),
        ]
    }

    fn names(waiting: &[WaitingPrice]) -> Vec<(&str, WaitingCause)> {
        waiting.iter().map(|one| (one.model.as_str(), one.cause)).collect()
    }

    #[test]
    fn what_moves_a_little_is_taken_and_what_is_given_by_hand_never() {
        let found = weigh(&offers(), &models(), Policy { applies: true, factor: 5 });
        let taken: Vec<&str> = found.taken.iter().map(|one| one.model.as_str()).collect();
        assert_eq!(taken, ["imported", "new"], "and nothing that is not there");
        assert_eq!(found.taken[0].before, Some(price("1", "8")));
        assert_eq!(names(&found.waiting), [("jumps", WaitingCause::Far)]);
        assert_eq!((found.pinned, found.unpriced), (2, 2));
    }

    #[test]
    fn a_pin_decides_whoever_gave_the_price() {
        let pinned = |name: &str, source: PriceSource, price_pinned: bool| ModelRecord {
            price_pinned,
            ..model(name, Some(price("1", "8")), Some(source))
        };
        let models = [
            pinned("by-hand", PriceSource::Manual, false),
            pinned("imported", PriceSource::Imported, true),
            pinned("jumps", PriceSource::Synced, true),
        ];
        let found = weigh(&offers(), &models, Policy { applies: true, factor: 5 });
        let taken: Vec<&str> = found.taken.iter().map(|one| one.model.as_str()).collect();
        assert_eq!((taken, found.pinned), (vec!["by-hand"], 2));
        assert!(found.waiting.is_empty());
    }

    #[test]
    fn a_price_of_which_a_part_is_left_out_waits() {
        let partial =
            Offer { note: Some(Note::PriorityLong), ..offer("imported", Ok(price("2", "8"))) };
        let found = weigh(&[partial], &models(), Policy { applies: true, factor: 5 });
        assert_eq!(names(&found.waiting), [("imported", WaitingCause::Review)]);
        assert!(found.taken.is_empty());
    }

    #[test]
    fn where_somebody_looks_nothing_is_taken() {
        let found = weigh(&offers(), &models(), Policy { applies: false, factor: 5 });
        let waiting = [
            ("imported", WaitingCause::Review),
            ("jumps", WaitingCause::Far),
            ("new", WaitingCause::Review),
        ];
        assert_eq!((found.taken.len(), names(&found.waiting)), (0, waiting.to_vec()));
    }

    #[test]
    fn what_somebody_decided_against_stays_away_until_it_is_another() {
        let waits = |model: &str, input: &str, dismissed: bool| WaitingPrice {
            model: model.to_owned(),
            price: price(input, "8"),
            cause: WaitingCause::Review,
            dismissed,
        };
        let held = [waits("a", "2", true), waits("b", "2", true), waits("c", "2", false)];
        let found = vec![
            waits("a", "2", false),
            waits("b", "3", false),
            waits("c", "2", false),
            waits("d", "2", false),
        ];
        let (merged, fresh) = merge(found, &held);
        let dismissed: Vec<bool> = merged.iter().map(|one| one.dismissed).collect();
        assert_eq!((dismissed, fresh), (vec![true, false, false, false], 2));
    }

    #[test]
    fn a_price_is_offered_as_long_as_it_would_change_something() {
        let waits = |model: &str, input: &str| WaitingPrice {
            model: model.to_owned(),
            price: price(input, "8"),
            cause: WaitingCause::Review,
            dismissed: false,
        };
        for (model, input, expected) in [
            ("imported", "2", true),
            ("imported", "1", false),
            ("by-hand", "2", false),
            ("gone", "2", false),
            ("new", "2", true),
        ] {
            assert_eq!(is_offered(&waits(model, input), &models()), expected, "{model} {input}");
        }
    }
}
