//! Where a sealed value lives.

use std::fmt;

use realms_types::DataKeyId;

/// The table, column and row of a sealed value: the associated data of its encryption, so a value
/// copied to another row or column does not open there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The id of the row.
    pub row: i64,
}

// === impl Place ===

impl Place {
    /// What the cipher authenticates beside the value.
    pub(crate) fn associated_data(self, key: DataKeyId) -> String {
        format!("{}|{}|{}|{key}", self.table, self.column, self.row)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} row {}", self.table, self.column, self.row)
    }
}
