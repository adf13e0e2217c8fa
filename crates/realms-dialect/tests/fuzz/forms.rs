//! Forms: the first line is the content type, all behind it the body.

use bytes::Bytes;
use realms_dialect::{Edit, peek_multipart, splice, text_len};

const NAME: &str = "another";

pub fn hold(bytes: &[u8]) {
    let mut halves = bytes.splitn(2, |byte| *byte == b'\n');
    let head = String::from_utf8_lossy(halves.next().unwrap_or_default());
    let body = halves.next().unwrap_or_default();
    assert!(text_len(Some(&head), body) <= body.len() as u64);
    let Ok(intent) = peek_multipart(&head, body) else { return };
    let Some(model) = &intent.model else { return };
    assert_eq!(&body[model.span.clone()], model.value.as_bytes());
    let with = Bytes::from_static(NAME.as_bytes());
    let edit = Edit { span: model.span.clone(), with };
    let edited = splice(&Bytes::copy_from_slice(body), &[edit]).concat();
    let mut again = peek_multipart(&head, &edited).unwrap();
    assert_eq!(again.model.take().unwrap().value, NAME);
    let mut rest = intent.clone();
    rest.model = None;
    assert_eq!(again, rest);
}
