//! Pages of lists, and the evaluation of a query over a list that is in memory.

use std::{cmp::Ordering, str::FromStr};

use serde::Serialize;
use utoipa::ToSchema;

use super::query::{Fields, Op, Query, Term};
use crate::ConsoleError;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// What to send as `cursor` for the next page; left out at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many there are on all pages, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approx_total: Option<u64>,
    /// The values of some fields with how many items have them, the filter observed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<Facet>,
}

/// The values of one field.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Facet {
    /// The field.
    pub field: &'static str,
    /// Its values, the most frequent first.
    pub values: Vec<FacetValue>,
}

/// A value of a field.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FacetValue {
    /// The value as a filter writes it.
    pub value: String,
    /// What people call it, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// How many items have it.
    pub count: u64,
}

/// A field of a list in memory.
pub(super) struct Column<T> {
    /// Its name.
    pub name: &'static str,
    /// Its values of one item: several for a list, none for nothing.
    pub values: fn(&T) -> Vec<String>,
    /// What else it is for, besides being filtered and sorted by.
    pub uses: Uses,
}

/// What a field is for, besides being filtered and sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Uses {
    /// Nothing.
    Plain,
    /// Words are looked for in it.
    Search,
    /// Its values are counted.
    Facet,
}

/// Values of a facet, so that a page stays a page.
const MOST_VALUES: usize = 50;

/// Where a page begins in a list that lies in the database with its newest first, and how long it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<I> {
    /// What is older than this.
    pub before: Option<I>,
    limit: u64,
}

/// Rows on such a page, unless it is said.
const USUAL: u64 = 50;
/// The most on one.
const MOST: u64 = 200;

// === impl Place ===

impl<I: FromStr + ToString> Place<I> {
    /// Reads what was asked for.
    pub(super) fn read(cursor: Option<&str>, limit: Option<u64>) -> Result<Self, ConsoleError> {
        let not_next =
            |_| ConsoleError::Malformed("query: `cursor` is not `next` of a page".to_owned());
        let before = cursor.map(str::parse).transpose().map_err(not_next)?;
        let limit = limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(ConsoleError::Malformed(format!("query: `limit` is from 1 to {MOST}")));
        }
        Ok(Self { before, limit })
    }

    /// How many rows to fetch: one more than are shown tells whether there are more.
    pub(super) const fn fetched(&self) -> u64 {
        self.limit + 1
    }

    /// The page of what was fetched.
    pub(super) fn page<R, V>(
        &self,
        mut rows: Vec<R>,
        id: impl Fn(&R) -> I,
        view: impl FnMut(R) -> V,
    ) -> Page<V> {
        let more = rows.len() as u64 > self.limit;
        if more {
            rows.pop();
        }
        let next = rows.last().filter(|_| more).map(|row| id(row).to_string());
        Page::new(rows.into_iter().map(view).collect(), next)
    }
}

// === impl Page ===

impl<T> Page<T> {
    /// A page of which nothing but its items is known.
    pub fn new(items: Vec<T>, next: Option<String>) -> Self {
        Self { items, next, approx_total: None, facets: Vec::new() }
    }
}

/// The names of all fields, for reading a query.
pub(super) fn names<T>(columns: &[Column<T>]) -> Vec<&'static str> {
    columns.iter().map(|column| column.name).collect()
}

/// The page of a list in memory that is asked for. The list is in its own order.
pub(super) fn page<T>(
    mut items: Vec<T>,
    query: &Query,
    columns: &[Column<T>],
) -> Result<Page<T>, ConsoleError> {
    items.retain(|item| fits(item, query, columns));
    if let Some(sort) = &query.sort
        && let Some(column) = columns.iter().find(|column| column.name == sort.field)
    {
        items.sort_by_cached_key(|item| Key::from((column.values)(item).into_iter().next()));
        if sort.is_descending {
            items.reverse();
        }
    }
    let total = items.len();
    let facets = facets(&items, columns);
    let start = match query.cursor.as_deref().map(str::parse::<usize>) {
        None => 0,
        Some(Ok(start)) => start,
        Some(Err(_)) => {
            return Err(ConsoleError::Malformed(
                "query: `cursor` is not `next` of a page".to_owned(),
            ));
        }
    };
    let limit = usize::try_from(query.limit).unwrap_or(200);
    let end = start.saturating_add(limit);
    let items: Vec<T> = items.into_iter().skip(start).take(limit).collect();
    let next = (end < total).then(|| end.to_string());
    Ok(Page { items, next, approx_total: Some(total as u64), facets })
}

/// The fields of a list in memory: it can be sorted by what it can be filtered by.
pub(super) fn fields<'a>(names: &'a [&'a str]) -> Fields<'a> {
    Fields { filter: names, sort: names }
}

fn fits<T>(item: &T, query: &Query, columns: &[Column<T>]) -> bool {
    let said = query.q.as_ref().is_none_or(|q| {
        let wanted = q.to_lowercase();
        let searched = columns.iter().filter(|column| column.uses == Uses::Search);
        searched
            .flat_map(|column| (column.values)(item))
            .any(|value| value.to_lowercase().contains(&wanted))
    });
    said && query.filter.iter().all(|term| {
        let column = columns.iter().find(|column| column.name == term.field);
        column.is_some_and(|column| holds(&(column.values)(item), term))
    })
}

fn holds(values: &[String], term: &Term) -> bool {
    let any = |values: &[String]| {
        term.values.iter().any(|word| {
            // Nothing is what an empty text stands for.
            let absent = values.is_empty() && word.text.is_empty() && !word.is_prefix;
            absent || values.iter().any(|value| word.fits(value))
        })
    };
    let compare = |wanted: Ordering| {
        let bound = Key::from(term.values.first().map(|word| word.text.clone()));
        values.iter().any(|value| Key::from(Some(value.clone())).cmp(&bound) == wanted)
    };
    match term.op {
        Op::Is => any(values),
        Op::IsNot => !any(values),
        Op::Above => compare(Ordering::Greater),
        Op::Below => compare(Ordering::Less),
    }
}

fn facets<T>(items: &[T], columns: &[Column<T>]) -> Vec<Facet> {
    let faceted = columns.iter().filter(|column| column.uses == Uses::Facet);
    let facet = |column: &Column<T>| {
        let mut counts = std::collections::BTreeMap::<String, u64>::new();
        for value in items.iter().flat_map(|item| (column.values)(item)) {
            *counts.entry(value).or_default() += 1;
        }
        let mut values: Vec<FacetValue> = counts
            .into_iter()
            .map(|(value, count)| FacetValue { value, label: None, count })
            .collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.count));
        values.truncate(MOST_VALUES);
        Facet { field: column.name, values }
    };
    faceted.map(facet).collect()
}

/// A value to sort by, read once: nothing comes first, then numbers by their size, then all else by its
/// letters.
#[derive(Debug)]
enum Key {
    Nothing,
    Number(f64),
    Text { lower: String, text: String },
}

impl From<Option<String>> for Key {
    fn from(value: Option<String>) -> Self {
        let Some(text) = value else { return Self::Nothing };
        match text.parse() {
            Ok(number) => Self::Number(number),
            Err(_) => Self::Text { lower: text.to_lowercase(), text },
        }
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key {}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |key: &Self| match key {
            Self::Nothing => 0,
            Self::Number(_) => 1,
            Self::Text { .. } => 2,
        };
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => one.total_cmp(other),
            (Self::Text { lower, text }, Self::Text { lower: other_lower, text: other }) => {
                lower.cmp(other_lower).then_with(|| text.cmp(other))
            }
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::query::ListParams;

    type Item = (&'static str, i64, &'static [&'static str]);

    const COLUMNS: &[Column<Item>] = &[
        Column { name: "name", values: |item| vec![item.0.to_owned()], uses: Uses::Search },
        Column { name: "size", values: |item| vec![item.1.to_string()], uses: Uses::Plain },
        Column {
            name: "tag",
            values: |item| item.2.iter().map(|tag| (*tag).to_owned()).collect(),
            uses: Uses::Facet,
        },
    ];
    const ITEMS: [Item; 4] = [
        ("alpha", 9, &["x"]),
        ("Beta", 10, &["x", "y"]),
        ("gamma", 100, &[]),
        ("delta", 9, &["y"]),
    ];

    fn ask(q: &str, filter: &str, sort: &str) -> Vec<&'static str> {
        let text = |text: &str| Some(text.to_owned());
        let params = ListParams {
            q: text(q),
            filter: text(filter),
            sort: text(sort),
            ..ListParams::default()
        };
        let query = params.read(&fields(&names(COLUMNS))).unwrap();
        page(ITEMS.to_vec(), &query, COLUMNS).unwrap().items.iter().map(|item| item.0).collect()
    }

    #[test]
    fn terms_are_evaluated() {
        for (q, filter, expected) in [
            ("", "", &["alpha", "Beta", "gamma", "delta"][..]),
            ("ET", "", &["Beta"]),
            ("x", "", &[]),
            ("", "name:beta", &["Beta"]),
            ("", "name:be*,ga*", &["Beta", "gamma"]),
            ("", "tag:x", &["alpha", "Beta"]),
            ("", "tag!:x", &["gamma", "delta"]),
            ("", "tag:\"\"", &["gamma"]),
            ("", "size>9", &["Beta", "gamma"]),
            ("", "size<10 tag:y", &["delta"]),
            ("", "size:9,100", &["alpha", "gamma", "delta"]),
        ] {
            assert_eq!(ask(q, filter, ""), expected, "{q:?} {filter:?}");
        }
    }

    #[test]
    fn numbers_are_sorted_as_numbers() {
        assert_eq!(ask("", "", "size"), ["alpha", "delta", "Beta", "gamma"]);
        assert_eq!(ask("", "", "-size"), ["gamma", "Beta", "delta", "alpha"]);
        assert_eq!(ask("", "", "name"), ["alpha", "Beta", "delta", "gamma"]);
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let ask = |cursor: Option<&str>| {
            let query = Query { cursor: cursor.map(str::to_owned), limit: 3, ..Query::default() };
            page(ITEMS.to_vec(), &query, COLUMNS)
        };
        let first = ask(None).unwrap();
        assert_eq!((first.items.len(), first.approx_total), (3, Some(4)));
        let second = ask(first.next.as_deref()).unwrap();
        assert_eq!((second.items.len(), second.next), (1, None));
        assert!(ask(Some("99")).unwrap().items.is_empty());
        assert!(ask(Some("x")).is_err());
        let facet = &first.facets[0];
        assert_eq!(
            (facet.field, facet.values[0].value.as_str(), facet.values[0].count),
            ("tag", "x", 2)
        );
    }
}
