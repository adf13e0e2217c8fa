//! `application/x-www-form-urlencoded`, both ways.

use url::form_urlencoded;

use super::NoticeError;

/// Writes a form.
pub(super) fn write<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Fields of a form that are read, at most.
const MOST: usize = 64;

/// Reads a form whose fields differ in their names.
pub(super) fn read(text: &str) -> Result<Vec<(String, String)>, NoticeError> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        if fields.len() == MOST || fields.iter().any(|(known, _)| *known == name) {
            return Err(NoticeError::Malformed("a field is there twice"));
        }
        fields.push((name.into_owned(), value.into_owned()));
    }
    Ok(fields)
}
