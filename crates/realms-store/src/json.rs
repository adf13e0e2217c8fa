//! Columns that hold JSON. It is never queried inside; a default value is not stored at all.

use serde::{Serialize, de::DeserializeOwned};

use crate::StoreError;

/// The value in a column; the default where there is none.
pub(crate) fn read<T: DeserializeOwned + Default>(
    table: &'static str,
    row: &impl ToString,
    text: Option<&str>,
) -> Result<T, StoreError> {
    text.map_or_else(
        || Ok(T::default()),
        // What the parser quotes may be a secret; the place is enough to find it.
        |text| {
            serde_json::from_str(text).map_err(|error| {
                let place = format!("line {} column {}", error.line(), error.column());
                StoreError::corrupt(table, row, &format!("its JSON cannot be read at {place}"))
            })
        },
    )
}

/// What goes into the column of a value.
pub(crate) fn text<T: Serialize + Default + PartialEq>(value: &T) -> Option<String> {
    if *value == T::default() {
        return None;
    }
    // Maps with keys of text and numbers always have a JSON form.
    serde_json::to_string(value).ok()
}
