//! A page of the input items of a response.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    json_string,
    reshape::{Become, elements, reshape, value_of},
    to_json,
};

/// Which items are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemPage<'a> {
    /// The id of the item before the first.
    pub after: Option<&'a str>,
    /// So many at most.
    pub limit: usize,
    /// Whether the oldest comes first.
    pub ascending: bool,
}

/// An item by its id.
struct Named<'a> {
    id: String,
    item: Cow<'a, str>,
}

#[derive(Serialize)]
struct List<'a> {
    object: &'static str,
    data: Vec<Box<RawValue>>,
    first_id: Option<&'a str>,
    last_id: Option<&'a str>,
    has_more: bool,
}

// === impl ItemPage ===

impl ItemPage<'_> {
    /// The page of a response's input, as a list of JSON. Items without an id are named by the response and
    /// their place. `None` when no item has the id of [`Self::after`].
    pub fn of(&self, response_id: &str, input: &str) -> Option<Bytes> {
        let stem = response_id.strip_prefix("resp_").unwrap_or(response_id);
        let items = elements(input).unwrap_or_default();
        let named = |(place, item)| Named::of(stem, place, item);
        let mut items: Vec<Named<'_>> = items.into_iter().enumerate().map(named).collect();
        if !self.ascending {
            items.reverse();
        }
        // The last of several that a client gave one id, so that pages come to an end.
        let from = match self.after {
            Some(after) => items.iter().rposition(|item| item.id == after)? + 1,
            None => 0,
        };
        let rest = items.get(from..).unwrap_or_default();
        let shown = &rest[..rest.len().min(self.limit)];
        let raw = |item: &Named<'_>| RawValue::from_string(item.item.clone().into_owned()).ok();
        Some(to_json(&List {
            object: "list",
            data: shown.iter().filter_map(raw).collect(),
            first_id: shown.first().map(|item| item.id.as_str()),
            last_id: shown.last().map(|item| item.id.as_str()),
            has_more: rest.len() > shown.len(),
        }))
    }
}

// === impl Named ===

impl<'a> Named<'a> {
    fn of(stem: &str, place: usize, item: &'a str) -> Self {
        let given = value_of(item, "id").and_then(|id| serde_json::from_str::<String>(id).ok());
        if let Some(id) = given {
            return Self { id, item: Cow::Borrowed(item) };
        }
        let id = format!("item_{stem}_{place}");
        let whole = Bytes::copy_from_slice(item.as_bytes());
        let named = reshape(&whole, &[("id", Become::Value(json_string(&id)))]);
        let named = named.and_then(|parts| String::from_utf8(parts.concat()).ok());
        Self { id, item: named.map_or(Cow::Borrowed(item), Cow::Owned) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const INPUT: &str =
        r#"[{"role":"user"},{"id":"mine","role":"user"},{"type":"x"},{"type":"y"}]"#;

    fn ids(page: ItemPage<'_>) -> Option<(Vec<String>, bool)> {
        let list: Value = serde_json::from_slice(&page.of("resp_a", INPUT)?).unwrap();
        let ids = list["data"].as_array().unwrap().iter();
        let ids: Vec<String> = ids.map(|item| item["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(list["first_id"].as_str(), ids.first().map(String::as_str));
        assert_eq!(list["last_id"].as_str(), ids.last().map(String::as_str));
        Some((ids, list["has_more"] == true))
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        for ascending in [false, true] {
            let mut expected = ["item_a_0", "mine", "item_a_2", "item_a_3"];
            if !ascending {
                expected.reverse();
            }
            let first = ids(ItemPage { after: None, limit: 3, ascending }).unwrap();
            assert_eq!(first, (expected[..3].iter().map(|id| (*id).to_owned()).collect(), true));
            let after = Some(expected[2]);
            let last = ids(ItemPage { after, limit: 3, ascending }).unwrap();
            assert_eq!(last, (vec![expected[3].to_owned()], false));
            let after = Some(expected[3]);
            assert_eq!(ids(ItemPage { after, limit: 3, ascending }), Some((vec![], false)));
            assert_eq!(ids(ItemPage { after: Some("no"), limit: 3, ascending }), None);
        }
    }
}
