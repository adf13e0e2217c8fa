//! A write transaction.

use sea_orm::{
    ActiveValue, ConnectionTrait, DatabaseTransaction, DeleteMany, EntityTrait, NotSet, QueryTrait,
    Set, UpdateMany, Value,
};

use tokio::sync::OwnedMutexGuard;

use crate::{
    Reader, StoreError,
    here::HereTransaction,
    link::{Link, in_time},
    sql::{self, OnDuplicate, Row},
    versions::Version,
};

/// A write transaction: every change of the store is a method of this type, in the module of its
/// table. Dropped without [`Tx::commit`], it changes nothing.
///
/// A change of configuration bumps its version by itself, once in a transaction.
#[derive(Debug)]
pub struct Tx {
    course: Course,
    bumped: Vec<Version>,
    /// On SQLite, the turn to write; given back when the transaction has ended.
    _turn: Option<OwnedMutexGuard<()>>,
}

/// Where a transaction runs.
#[derive(Debug)]
pub(crate) enum Course {
    /// On a connection of a pool.
    Pooled(DatabaseTransaction),
    /// On this thread.
    Here(HereTransaction),
}

// === impl Tx ===

impl Tx {
    pub(crate) const fn new(course: Course, turn: Option<OwnedMutexGuard<()>>) -> Self {
        Self { course, bumped: Vec::new(), _turn: turn }
    }

    /// Reads that see the changes made so far.
    pub const fn read(&self) -> Reader<'_> {
        Reader::new(self.link())
    }

    /// Makes the changes durable.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.course {
            Course::Pooled(transaction) => Ok(in_time(transaction.commit()).await?),
            Course::Here(transaction) => Ok(transaction.commit()?),
        }
    }

    /// Tells every node that the catalogue changed. The changes of this crate call it themselves.
    pub async fn bump_catalog(&mut self) -> Result<(), StoreError> {
        self.bump(Version::Catalog).await
    }

    /// Tells every node that users or API keys changed. The changes of this crate call it
    /// themselves.
    pub async fn bump_identity(&mut self) -> Result<(), StoreError> {
        self.bump(Version::Identity).await
    }

    /// The first bump also locks the row, so two writers of configuration take turns.
    async fn bump(&mut self, version: Version) -> Result<(), StoreError> {
        if self.bumped.contains(&version) {
            return Ok(());
        }
        self.raise(version).await?;
        self.bumped.push(version);
        Ok(())
    }

    /// A bump for those who share the transaction and bump once.
    pub(crate) async fn raise(&self, version: Version) -> Result<(), StoreError> {
        let sql = "UPDATE versions SET value = value + 1 WHERE name = ?";
        self.execute(sql, vec![version.as_str().into()]).await.map(drop)
    }

    pub(crate) const fn link(&self) -> Link<'_> {
        match &self.course {
            Course::Pooled(transaction) => Link::Transaction(transaction),
            Course::Here(transaction) => Link::Here(transaction),
        }
    }

    /// Runs a hand-written statement and tells how many rows it touched.
    pub(crate) async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        Ok(sql::execute(self.link(), sql, values).await?)
    }

    pub(crate) async fn insert<R: Row>(&self, row: R, what: String) -> Result<(), StoreError> {
        self.insert_all(vec![row], what).await
    }

    pub(crate) async fn insert_all<R: Row>(
        &self,
        rows: Vec<R>,
        what: String,
    ) -> Result<(), StoreError> {
        let done = sql::insert_all(self.link(), rows, OnDuplicate::Fail).await;
        done.map(drop).map_err(StoreError::about(what))
    }

    /// Updates exactly what was named, or says that it is not there.
    pub(crate) async fn update<E: EntityTrait>(
        &self,
        update: UpdateMany<E>,
        what: String,
    ) -> Result<(), StoreError> {
        let statement = update.into_query();
        let done = self.link().execute(&statement).await;
        let touched = done.map_err(StoreError::about(what.as_str()))?.rows_affected();
        if touched == 0 { Err(StoreError::not_found(what)) } else { Ok(()) }
    }

    /// Deletes exactly what was named, or says that it is not there.
    pub(crate) async fn delete<E: EntityTrait>(
        &self,
        delete: DeleteMany<E>,
        what: String,
    ) -> Result<(), StoreError> {
        let statement = delete.into_query();
        let done = self.link().execute(&statement).await;
        let touched = done.map_err(StoreError::about(what.as_str()))?.rows_affected();
        if touched == 0 { Err(StoreError::not_found(what)) } else { Ok(()) }
    }
}

/// A column of a patch: left alone when the patch says nothing.
pub(crate) fn set<T: Into<Value>>(value: Option<T>) -> ActiveValue<T> {
    value.map_or(NotSet, Set)
}
