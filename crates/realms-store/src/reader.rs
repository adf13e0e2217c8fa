//! Reads, by themselves or inside a transaction.

use sea_orm::{EntityTrait, Select};

use crate::{StoreError, link::Link};

/// Reads of the store. Each read of a record is a method of this type, in the module of its table.
///
/// From [`Store::read`](crate::Store::read) each call sees the latest commit; from
/// [`Tx::read`](crate::Tx::read) it sees the transaction's own changes too.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    link: Link<'a>,
}

// === impl Reader ===

impl<'a> Reader<'a> {
    pub(crate) const fn new(link: Link<'a>) -> Self {
        Self { link }
    }

    pub(crate) const fn link(self) -> Link<'a> {
        self.link
    }

    pub(crate) async fn one<E, R>(self, select: Select<E>) -> Result<Option<R>, StoreError>
    where
        E: EntityTrait,
        R: TryFrom<E::Model, Error = StoreError>,
    {
        select.one(&self.link).await?.map(R::try_from).transpose()
    }

    pub(crate) async fn all<E, R>(self, select: Select<E>) -> Result<Vec<R>, StoreError>
    where
        E: EntityTrait,
        R: TryFrom<E::Model, Error = StoreError>,
    {
        select.all(&self.link).await?.into_iter().map(R::try_from).collect()
    }
}
