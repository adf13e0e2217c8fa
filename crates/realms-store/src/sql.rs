//! The few places where the three databases differ in their statements, and the bulk insert.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use serde::de::{DeserializeOwned, IntoDeserializer, value::StrDeserializer};

use crate::{StoreError, found::Found, link::Link};

/// A row that knows its table, its columns and its values, in one order.
pub(crate) trait Row {
    const TABLE: &'static str;
    const COLUMNS: &'static [&'static str];

    /// Appends one value for each column.
    fn into_values(self, values: &mut Vec<Value>);
}

/// A row that can be read as it is written.
pub(crate) trait ReadRow: Row + Sized {
    /// Takes its columns, which were asked for in their order.
    fn read(found: &mut Found) -> Result<Self, DbErr>;
}

/// What an insert does about a row whose key exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnDuplicate {
    /// The statement fails.
    Fail,
    /// The row that is there stays.
    Keep,
}

/// Puts a hand-written statement, with `?` for each value, into the form of the database.
pub(crate) fn statement(link: Link<'_>, sql: &str, values: Vec<Value>) -> Statement {
    let backend = link.get_database_backend();
    let text = if backend == DbBackend::Postgres { numbered(sql) } else { sql.to_owned() };
    Statement::from_sql_and_values(backend, text, values)
}

/// Runs a hand-written statement with `?` for each value, and tells how many rows it touched.
pub(crate) async fn execute(link: Link<'_>, sql: &str, values: Vec<Value>) -> Result<u64, DbErr> {
    touch(link, statement(link, sql, values)).await
}

async fn touch(link: Link<'_>, statement: Statement) -> Result<u64, DbErr> {
    match link {
        Link::Here(transaction) => transaction.execute(&statement),
        _ => Ok(link.execute_raw(statement).await?.rows_affected()),
    }
}

/// What a hand-written statement with `?` for each value finds.
pub(crate) async fn query(
    link: Link<'_>,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<Found>, DbErr> {
    let statement = statement(link, sql, values);
    if let Link::Here(transaction) = link {
        return transaction.query(&statement);
    }
    let rows = link.query_all_raw(statement).await?;
    Ok(rows.into_iter().map(Found::Pooled).collect())
}

/// The rows whose column is one of these values.
pub(crate) async fn find_all<R: ReadRow>(
    link: Link<'_>,
    column: &str,
    values: impl Iterator<Item = Value>,
) -> Result<Vec<R>, DbErr> {
    let Some(values) = padded(values) else { return Ok(Vec::new()) };
    let (columns, marks) = (R::COLUMNS.join(", "), marks(values.len()));
    let text = format!("SELECT {columns} FROM {} WHERE {column} IN ({marks})", R::TABLE);
    query(link, &text, values).await?.iter_mut().map(R::read).collect()
}

/// `?` becomes `$1`, `$2`, …. None of our statements has a question mark in a literal.
fn numbered(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len() + 16);
    let mut count = 0;
    for piece in sql.split_inclusive('?') {
        match piece.strip_suffix('?') {
            Some(before) => {
                count += 1;
                text.push_str(before);
                text.push('$');
                text.push_str(&count.to_string());
            }
            None => text.push_str(piece),
        }
    }
    text
}

/// `SUM` of a `BIGINT` column as a `BIGINT`: MySQL makes it a `DECIMAL` and PostgreSQL a `NUMERIC`.
pub(crate) fn sum(backend: DbBackend, column: &str) -> String {
    let integer = match backend {
        DbBackend::MySql => "SIGNED",
        DbBackend::Postgres => "BIGINT",
        _ => "INTEGER",
    };
    format!("CAST(COALESCE(SUM({column}), 0) AS {integer})")
}

/// The text of an insert of `rows` rows.
pub(crate) fn insert_text<R: Row>(backend: DbBackend, rows: usize, on: OnDuplicate) -> String {
    let columns = R::COLUMNS.join(", ");
    let row = format!("({})", vec!["?"; R::COLUMNS.len()].join(", "));
    let values = vec![row; rows].join(", ");
    let ignore = match (on, backend) {
        (OnDuplicate::Fail, _) => String::new(),
        // `INSERT IGNORE` would also swallow values that do not fit.
        (OnDuplicate::Keep, DbBackend::MySql) => {
            let first = R::COLUMNS[0];
            format!(" ON DUPLICATE KEY UPDATE {first} = {first}")
        }
        (OnDuplicate::Keep, _) => " ON CONFLICT DO NOTHING".to_owned(),
    };
    let sql = format!("INSERT INTO {} ({columns}) VALUES {values}{ignore}", R::TABLE);
    if backend == DbBackend::Postgres { numbered(&sql) } else { sql }
}

/// Inserts rows in as few statements as is good, and says how many were new. Statements have one of a few sizes, because each
/// size is prepared once in a connection.
pub(crate) async fn insert_all<R: Row>(
    link: Link<'_>,
    rows: Vec<R>,
    on: OnDuplicate,
) -> Result<u64, DbErr> {
    let backend = link.get_database_backend();
    let (mut left, mut inserted) = (rows.len(), 0);
    let mut rows = rows.into_iter();
    for size in sizes(backend) {
        while left >= *size {
            let mut values = Vec::with_capacity(size * R::COLUMNS.len());
            rows.by_ref().take(*size).for_each(|row| row.into_values(&mut values));
            let text = insert_text::<R>(backend, *size, on);
            let statement = Statement::from_sql_and_values(backend, text, values);
            inserted += touch(link, statement).await?;
            left -= size;
        }
    }
    Ok(inserted)
}

/// Rows in a statement. SQLite is fastest at about 50; a server saves round trips with more. What comes
/// under load is a few rows at a time: for those one statement, or two.
pub(crate) const fn sizes(backend: DbBackend) -> &'static [usize] {
    match backend {
        DbBackend::Sqlite => &[50, 32, 16, 8, 7, 6, 5, 4, 3, 2, 1],
        _ => &[500, 50, 16, 8, 7, 6, 5, 4, 3, 2, 1],
    }
}

/// Values of an `IN` list, the last one repeated so that lists have one of a few lengths: each length
/// is prepared once in a connection. `None` for no values.
pub(crate) fn padded(values: impl Iterator<Item = Value>) -> Option<Vec<Value>> {
    let mut values: Vec<Value> = values.collect();
    let last = values.last()?.clone();
    values.resize(values.len().next_power_of_two(), last);
    Some(values)
}

/// Placeholders for the values of an `IN` list.
pub(crate) fn marks(count: usize) -> String {
    vec!["?"; count].join(", ")
}

/// What every database takes as text, which for PostgreSQL means no NUL.
pub(crate) fn text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The same, cut to `most` bytes: for what is told and need not be whole.
pub(crate) fn bounded(long: &str, most: usize) -> String {
    text(&long[..long.floor_char_boundary(most)])
}

/// A pattern of `LIKE … ESCAPE '!'` for a part of a text.
pub(crate) fn part(part: &str) -> String {
    let mut pattern = String::from("%");
    for letter in part.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Reads a word of a closed set, such as a cause or a role.
pub(crate) fn word<T: DeserializeOwned>(
    table: &'static str,
    row: &impl ToString,
    text: &str,
) -> Result<T, StoreError> {
    let source: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
    T::deserialize(source).map_err(|cause| StoreError::corrupt(table, row, &cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_for_postgres() {
        assert_eq!(numbered("a = ? AND b IN (?, ?)"), "a = $1 AND b IN ($2, $3)");
        assert_eq!(numbered("SELECT 1"), "SELECT 1");
    }

    #[test]
    fn bounded_text_fits_and_stays_text() {
        assert_eq!(bounded("gpt", 8), "gpt");
        assert_eq!(bounded("ééé", 3), "é");
        assert_eq!(bounded("a\0b", 3), "a\u{fffd}b");
    }

    #[test]
    fn parts_of_texts_are_no_wildcards() {
        assert_eq!(part("100%_!"), "%100!%!_!!%");
    }
}
