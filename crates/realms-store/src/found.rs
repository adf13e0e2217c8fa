//! A row that a statement found, on whichever connection.

use std::ops::RangeFrom;

use sea_orm::{DbErr, QueryResult, TryGetable};

/// A row, read by the places of its columns.
#[derive(Debug)]
pub(crate) enum Found {
    /// On a connection of a pool.
    Pooled(QueryResult),
    /// On this thread.
    Here(Vec<Cell>),
}

/// What SQLite holds in a column.
#[derive(Debug)]
pub(crate) enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

/// What a column is read as.
pub(crate) trait Column: TryGetable {
    /// `None`: it holds something else.
    fn of(cell: Cell) -> Option<Self>;
}

// === impl Found ===

impl Found {
    /// Takes a column. Each is there once.
    pub(crate) fn take<T: Column>(&mut self, place: usize) -> Result<T, DbErr> {
        let cells = match self {
            Self::Pooled(row) => return row.try_get_by_index(place),
            Self::Here(cells) => cells,
        };
        let cell = cells.get_mut(place).map(|cell| std::mem::replace(cell, Cell::Null));
        let wrong = || DbErr::Type(format!("column {place} of a row holds something else"));
        cell.and_then(T::of).ok_or_else(wrong)
    }

    /// Takes the column whose turn it is.
    pub(crate) fn next<T: Column>(&mut self, places: &mut RangeFrom<usize>) -> Result<T, DbErr> {
        self.take(places.next().unwrap_or_default())
    }
}

// === impl Column ===

impl<T: Column> Column for Option<T> {
    fn of(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            cell => T::of(cell).map(Some),
        }
    }
}

impl Column for i64 {
    fn of(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Integer(value) => Some(value),
            _ => None,
        }
    }
}

impl Column for i32 {
    fn of(cell: Cell) -> Option<Self> {
        i64::of(cell)?.try_into().ok()
    }
}

impl Column for bool {
    fn of(cell: Cell) -> Option<Self> {
        Some(i64::of(cell)? != 0)
    }
}

impl Column for f64 {
    fn of(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Real(value) => Some(value),
            _ => None,
        }
    }
}

impl Column for String {
    fn of(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Text(value) => Some(value),
            _ => None,
        }
    }
}

impl Column for Vec<u8> {
    fn of(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Bytes(value) => Some(value),
            _ => None,
        }
    }
}
