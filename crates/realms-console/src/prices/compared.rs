//! What somebody saw of a comparison is what is done, or nothing is.

use std::sync::Arc;

use realms_types::Price;
use serde::Serialize;

use super::Row;
use crate::{Condition, ConsoleError, State, manifest::Model};

/// What of a row somebody decides by.
#[derive(Debug, Serialize)]
pub(crate) struct Compared<'a> {
    model: &'a str,
    owner: Option<&'a str>,
    before: Option<&'a Price>,
    after: Option<&'a Price>,
    pinned: bool,
    note: Option<&'static str>,
}

/// What of a comparison somebody decides by, whatever they choose then.
pub(crate) fn compared(rows: &[Row]) -> Vec<Compared<'_>> {
    let seen = rows.iter().map(|row| Compared {
        model: &row.model,
        owner: row.owner.as_deref(),
        before: row.before.as_ref(),
        after: row.after.as_ref(),
        pinned: row.pinned,
        note: row.note.map(super::Note::as_str),
    });
    seen.collect()
}

/// It is not any more what somebody saw.
pub(crate) fn overtaken() -> ConsoleError {
    let detail = "the list, or a price it was compared with, has changed since: compare again";
    ConsoleError::Conflict(detail.to_owned())
}

/// Holds as long as what is written costs here what it was compared with, and is pinned as it was.
pub(crate) fn as_compared(rows: &[Row]) -> Condition {
    let written = rows.iter().filter(|row| row.written);
    let written: Vec<_> =
        written.map(|row| (row.model.clone(), row.before.clone(), row.pinned)).collect();
    Condition(Arc::new(move |state: &State| {
        for (name, before, pinned) in &written {
            let held = state.models.get(name).map(|held| &held.object);
            let is_pinned = held.is_some_and(|held| held.price_pinned == Some(true));
            if held.and_then(Model::price) != *before || is_pinned != *pinned {
                return Err(overtaken());
            }
        }
        Ok(())
    }))
}

#[cfg(test)]
mod tests {
    use realms_types::{ModelId, Timestamp};

    use super::*;
    use crate::{
        manifest::Slot,
        plan::Held,
        prices::{Choice, Known, Offer, Present, compare},
    };

    fn price(input: &str) -> Price {
        Price { input: input.parse().unwrap(), output: input.parse().unwrap(), ..Price::default() }
    }

    fn rows() -> Vec<Row> {
        let offer = |model: &str| Offer {
            model: model.to_owned(),
            owner: None,
            price: Ok(price("2")),
            note: None,
        };
        let present =
            Present::from([("held".to_owned(), Known { price: Some(price("1")), pinned: false })]);
        let only = Choice::Only(["held", "new"].map(str::to_owned).into());
        compare(vec![offer("held"), offer("left"), offer("new")], &present, &only)
    }

    fn state(models: &[(&str, &str, bool)]) -> State {
        let mut state = State::default();
        for (name, usd, pinned) in models {
            let object = Model {
                input_usd_per_1m: Some(Slot::Full(usd.parse().unwrap())),
                output_usd_per_1m: Some(Slot::Full(usd.parse().unwrap())),
                price_pinned: Some(*pinned),
                ..Model::named((*name).to_owned())
            };
            let at = Timestamp::EPOCH;
            let held =
                Held { id: ModelId::new(1), object, facts: (), created_at: at, updated_at: at };
            state.models.insert((*name).to_owned(), held);
        }
        state
    }

    #[test]
    fn what_was_compared_must_still_be_so() {
        let Condition(holds) = as_compared(&rows());
        for (models, expected) in [
            (&[("held", "1", false)][..], true),
            (&[("held", "1", false), ("left", "9", true)][..], true),
            (&[("held", "3", false)][..], false),
            (&[("held", "1", true)][..], false),
            (&[("held", "1", false), ("new", "1", false)][..], false),
            (&[][..], false),
        ] {
            assert_eq!(holds(&state(models)).is_ok(), expected, "{models:?}");
        }
    }

    #[test]
    fn what_somebody_chooses_is_no_part_of_what_they_saw() {
        let mut rows = rows();
        let told = |rows: &[Row]| serde_json::to_string(&compared(rows)).unwrap();
        let before = told(&rows);
        rows[0].written = false;
        assert_eq!(told(&rows), before);
        rows[0].pinned = true;
        assert_ne!(told(&rows), before);
    }
}
