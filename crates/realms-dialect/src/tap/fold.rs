//! Reads a JSON array element by element and keeps only what is folded from it.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

/// A summary of an array, built element by element.
pub(super) trait Fold<'de>: Default {
    /// An element.
    type Item: Deserialize<'de>;

    /// Takes the next element into the summary.
    fn add(&mut self, item: Self::Item);
}

/// An array of which only the summary is kept: no list is allocated.
#[derive(Debug, Default)]
pub(super) struct Folded<T>(pub(super) T);

struct FoldVisitor<T>(PhantomData<T>);

impl<'de, T: Fold<'de>> Deserialize<'de> for Folded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FoldVisitor(PhantomData)).map(Self)
    }
}

impl<'de, T: Fold<'de>> Visitor<'de> for FoldVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
        let mut summary = T::default();
        while let Some(item) = seq.next_element()? {
            summary.add(item);
        }
        Ok(summary)
    }
}
