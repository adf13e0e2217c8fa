//! Values of headers that may be secrets: shown as a word, kept when that word comes back.

use realms_types::{ChannelOptions, HeaderTemplate, Piece};

/// What is shown for a value that may be a secret. Sent back, it means the value that is there.
pub(crate) const HIDDEN: &str = "(set)";

/// So many letters in a row without a blank may be a secret, whatever the header is called.
const LONG: usize = 16;

/// How the names of headers that hold secrets are made.
const TELLTALE: [&str; 9] =
    ["auth", "key", "token", "secret", "cookie", "credential", "sign", "session", "pass"];

/// Whether the value of a header may be a secret: what is written out in it, not what stands in for
/// something else.
pub(crate) fn may_be_secret(name: &str, value: &str) -> bool {
    let Ok(template) = HeaderTemplate::parse(value) else { return true };
    let name = name.to_ascii_lowercase();
    let telltale = TELLTALE.iter().any(|part| name.contains(part));
    template.pieces().iter().any(|piece| match piece {
        Piece::Text(text) => telltale || text.split([' ', ',', ';']).any(|word| word.len() >= LONG),
        Piece::ApiKey | Piece::RequestId | Piece::User | Piece::ClientHeader(_) => false,
    })
}

/// The options as they are shown.
pub(crate) fn hide(options: &mut ChannelOptions) {
    for (name, value) in &mut options.headers.set {
        if may_be_secret(name, value) {
            HIDDEN.clone_into(value);
        }
    }
}

/// The options as they are meant: a value that was shown as a word is the one that is there.
pub(crate) fn restore(
    mut options: ChannelOptions,
    present: Option<&ChannelOptions>,
) -> ChannelOptions {
    for (name, value) in &mut options.headers.set {
        if value == HIDDEN
            && let Some(known) = present.and_then(|present| present.headers.set.get(name))
        {
            known.clone_into(value);
        }
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_is_hidden_and_comes_back() {
        for (name, value, secret) in [
            ("x-tenant", "acme", false),
            ("x-tenant", "a-{user}", false),
            ("X-Api-Token", "abc", true),
            ("x-other", "0123456789abcdef0", true),
            ("x-note", "many short words in a row", false),
            ("api-key", "{api_key}", false),
            ("x-auth", "Bearer {api_key}", true),
            ("x-broken", "{", true),
        ] {
            assert_eq!(may_be_secret(name, value), secret, "{name}: {value}");
        }
        let text = r#"{"headers":{"set":{"x-token":"canary","x-tenant":"acme"}}}"#;
        let present = ChannelOptions::parse(text).unwrap();
        let mut shown = present.clone();
        hide(&mut shown);
        assert!(!shown.to_text().contains("canary"));
        assert_eq!(restore(shown.clone(), Some(&present)), present);
        assert_eq!(restore(shown.clone(), None), shown);
    }
}
