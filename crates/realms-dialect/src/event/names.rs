//! Names of answers, items and calls that an upstream did not name, or named in another dialect.
//!
//! They are made of the id of the request, so that no two answers share one, and of the place, so that
//! the same answer always gets the same.

use realms_types::DialectId;

use super::{At, Start};

/// The longest request id that goes into a name. OpenAI takes names of calls up to 64 characters.
const LONGEST: usize = 40;

/// The characters of a request id that may stand in a name: those every dialect allows.
pub(super) fn stem(request_id: &str) -> String {
    request_id.chars().filter(char::is_ascii_alphanumeric).take(LONGEST).collect()
}

/// The name of an answer towards its client: the upstream's own where that speaks the same dialect.
pub(super) fn answer_id(client: DialectId, start: &Start, stem: &str) -> String {
    if let (true, Some(id)) = (start.dialect == client, &start.id) {
        return id.clone();
    }
    match client {
        DialectId::Responses => format!("resp_{stem}"),
        DialectId::Chat => format!("chatcmpl-{stem}"),
        DialectId::Messages => format!("msg_{stem}"),
        DialectId::Gemini => stem.to_owned(),
    }
}

/// The name of a call that its upstream did not name. It must be the only one in its conversation,
/// since results are told apart by it.
pub(super) fn call_id(client: DialectId, stem: &str, at: At) -> String {
    let prefix = match client {
        DialectId::Messages => "toolu",
        DialectId::Responses | DialectId::Chat | DialectId::Gemini => "call",
    };
    match at {
        At { choice: 0, part } => format!("{prefix}_{stem}_{part}"),
        At { choice, part } => format!("{prefix}_{stem}_{choice}_{part}"),
    }
}

/// The name of an output item of Responses, such as `msg_…` or `rs_…`.
pub(super) fn item_id(prefix: &str, stem: &str, index: u32) -> String {
    format!("{prefix}_{stem}_{index}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_without_names_get_stable_ones_that_fit_every_dialect() {
        let stem = stem("0199a2b4-6c1d-7e30-8f00-112233445566\"\n");
        assert_eq!(stem, "0199a2b46c1d7e308f00112233445566");
        let at = At { choice: 0, part: 2 };
        assert_eq!(call_id(DialectId::Messages, &stem, at), format!("toolu_{stem}_2"));
        let other = At { choice: 1, part: 2 };
        assert_eq!(call_id(DialectId::Chat, &stem, other), format!("call_{stem}_1_2"));
        assert!(call_id(DialectId::Chat, &stem, other).len() <= 64);
    }

    #[test]
    fn an_answer_keeps_its_name_in_its_own_dialect() {
        let start = Start { dialect: DialectId::Chat, id: Some("chatcmpl-1".into()), model: None };
        assert_eq!(answer_id(DialectId::Chat, &start, "x"), "chatcmpl-1");
        assert_eq!(answer_id(DialectId::Responses, &start, "x"), "resp_x");
        assert_eq!(answer_id(DialectId::Messages, &start, "x"), "msg_x");
        assert_eq!(answer_id(DialectId::Gemini, &start, "x"), "x");
    }
}
