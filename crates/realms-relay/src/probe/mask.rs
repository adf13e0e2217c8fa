//! Takes a secret out of text that is shown.

use realms_dialect::json_string;
use realms_types::Secret;

use super::SHOWN;

/// Shorter secrets would be found in every text.
const SHORTEST: usize = 4;
/// What stands in place of a secret.
const HIDDEN: &str = "…";

/// One secret in every form in which it may stand in a text.
pub(crate) struct Mask(Vec<Secret<String>>);

// === impl Mask ===

impl Mask {
    pub(crate) fn new(secret: &Secret<String>) -> Self {
        let plain = secret.reveal();
        let quoted = json_string(plain);
        let escaped = str::from_utf8(&quoted).unwrap_or_default().trim_matches('"').to_owned();
        let encoded = realms_upstream::encode_segment(plain);
        let mut forms = vec![plain.clone(), escaped, encoded];
        forms.dedup();
        forms.retain(|form| form.len() >= SHORTEST);
        Self(forms.into_iter().map(Secret::new).collect())
    }

    /// The text without the secret.
    pub(crate) fn hide(&self, text: &str) -> String {
        self.put(text, HIDDEN)
    }

    /// The text with something else in place of the secret.
    pub(crate) fn put(&self, text: &str, with: &str) -> String {
        let forms = self.0.iter();
        forms.fold(text.to_owned(), |text, form| text.replace(form.reveal().as_str(), with))
    }

    /// The start of the text without the secret. Cut after it is hidden, so that no half of it stays.
    pub(crate) fn show(&self, text: &str) -> String {
        let mut hidden = self.hide(text);
        if hidden.len() > SHOWN {
            hidden.truncate(hidden.floor_char_boundary(SHOWN - HIDDEN.len()));
            hidden.push_str(HIDDEN);
        }
        hidden
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_secret_is_hidden() {
        let mask = Mask::new(&Secret::from("sk-a\"b/c"));
        for text in ["key sk-a\"b/c.", r#"{"key":"sk-a\"b/c"}"#, "?key=sk-a%22b%2Fc&x=1"] {
            let hidden = mask.hide(text);
            assert!(hidden.contains(HIDDEN) && !hidden.contains("sk-a"), "{hidden}");
        }
        assert_eq!(Mask::new(&Secret::from("abc")).hide("abcabc"), "abcabc");
    }

    #[test]
    fn what_is_shown_is_bounded_and_holds_no_half_of_a_secret() {
        let mask = Mask::new(&Secret::from("sk-0123456789"));
        let text = format!("{}sk-0123456789 and more", "é".repeat(SHOWN / 2 - 3));
        let shown = mask.show(&text);
        assert!(shown.len() <= SHOWN && !shown.contains("sk-"), "{shown}");
        assert!(shown.ends_with(HIDDEN));
    }
}
