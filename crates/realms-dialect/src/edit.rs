//! Shallow edits: other bytes in place of a span, every other byte where it lies.

use std::ops::Range;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json_string;

/// New bytes for a span of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Range<usize>,
    /// What takes its place.
    pub with: Bytes,
}

/// Anthropic's batch object, or a page of them.
#[derive(Deserialize)]
struct Batches<'a> {
    #[serde(borrow, default)]
    results_url: Option<&'a RawValue>,
    #[serde(borrow, default = "Vec::new")]
    data: Vec<Batches<'a>>,
}

/// The body with the edits made, as slices to be sent one after the other. Nothing is copied.
///
/// Edits are sorted, do not overlap and lie inside the body, as spans from one
/// [`peek`](crate::peek) do; parts of a span that break this are left out.
pub fn splice(body: &Bytes, edits: &[Edit]) -> Vec<Bytes> {
    let mut parts = Vec::with_capacity(edits.len() * 2 + 1);
    let mut done = 0;
    for Edit { span, with } in edits {
        let start = span.start.clamp(done, body.len());
        parts.push(body.slice(done..start));
        parts.push(with.clone());
        done = span.end.clamp(start, body.len());
    }
    parts.push(body.slice(done..));
    parts.retain(|part| !part.is_empty());
    parts
}

/// Makes the `results_url` of Anthropic batch objects lead to Realms: SDKs fetch that absolute address
/// with the client's key. `public_base` is an origin, with or without a path before `/v1`.
///
/// `None` when there is nothing to change.
pub fn rewrite_results_url(body: &Bytes, public_base: &str) -> Option<Vec<Bytes>> {
    let text = str::from_utf8(body).ok()?;
    let batches: Batches<'_> = serde_json::from_str(text).ok()?;
    let edit = |batch: &Batches<'_>| {
        let raw = batch.results_url?.get();
        let url: String = serde_json::from_str(raw).ok()?;
        let (_, after_scheme) = url.split_once("://")?;
        let path = &after_scheme[after_scheme.find('/')?..];
        let start = raw.as_ptr().addr() - text.as_ptr().addr();
        let with = json_string(&format!("{}{path}", public_base.trim_end_matches('/')));
        Some(Edit { span: start..start + raw.len(), with })
    };
    let mut edits: Vec<Edit> = batches.data.iter().filter_map(edit).collect();
    edits.extend(edit(&batches));
    edits.sort_by_key(|edit| edit.span.start);
    (!edits.is_empty()).then(|| splice(body, &edits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn joined(parts: &[Bytes]) -> Vec<u8> {
        parts.concat()
    }

    #[test]
    fn results_url_leads_to_realms_and_the_rest_stays() {
        let body = Bytes::from_static(
            br#"{"id":"msgbatch_1", "results_url" : "https://api.anthropic.com/v1/messages/batches/msgbatch_1/results","type":"message_batch"}"#,
        );
        let parts = rewrite_results_url(&body, "http://127.0.0.1:8080/").unwrap();
        assert_eq!(
            str::from_utf8(&joined(&parts)).unwrap(),
            r#"{"id":"msgbatch_1", "results_url" : "http://127.0.0.1:8080/v1/messages/batches/msgbatch_1/results","type":"message_batch"}"#
        );
    }

    #[test]
    fn every_batch_of_a_page_is_rewritten() {
        let body = Bytes::from_static(
            br#"{"data":[{"results_url":"https://a/x"},{"results_url":null},{"results_url":"https://b/y"}],"has_more":false}"#,
        );
        let parts = rewrite_results_url(&body, "https://r.example").unwrap();
        assert_eq!(
            str::from_utf8(&joined(&parts)).unwrap(),
            r#"{"data":[{"results_url":"https://r.example/x"},{"results_url":null},{"results_url":"https://r.example/y"}],"has_more":false}"#
        );
    }

    #[test]
    fn nothing_to_rewrite_is_none() {
        for body in ["{}", r#"{"results_url":null}"#, r#"{"results_url":7}"#, "<html>", "[]"] {
            assert!(rewrite_results_url(&Bytes::from(body), "https://r").is_none(), "{body}");
        }
    }

    #[test]
    fn spans_outside_the_body_do_no_harm() {
        let body = Bytes::from_static(b"abc");
        let edit = |span| Edit { span, with: Bytes::from_static(b"-") };
        assert_eq!(joined(&splice(&body, &[edit(5..9)])), b"abc-");
        assert_eq!(joined(&splice(&body, &[edit(1..3), edit(0..2)])), b"a--");
    }

    proptest! {
        #[test]
        fn all_other_bytes_stay(
            body in proptest::collection::vec(any::<u8>(), 0..200),
            mut cuts in proptest::collection::vec(0usize..200, 4),
            with in proptest::collection::vec(any::<u8>(), 0..20),
        ) {
            for cut in &mut cuts {
                *cut = (*cut).min(body.len());
            }
            cuts.sort_unstable();
            let with = Bytes::from(with);
            let edits = [cuts[0]..cuts[1], cuts[2]..cuts[3]]
                .map(|span| Edit { span, with: with.clone() });
            let expected = [
                &body[..cuts[0]], &with, &body[cuts[1]..cuts[2]], &with, &body[cuts[3]..],
            ].concat();
            let body = Bytes::from(body);
            let parts = splice(&body, &edits);
            prop_assert_eq!(joined(&parts), expected);
            let own = body.as_ptr_range();
            let edited = with.as_ptr_range();
            for part in parts {
                let start = part.as_ptr();
                prop_assert!(own.contains(&start) || edited.contains(&start), "a part was copied");
            }
        }
    }
}
