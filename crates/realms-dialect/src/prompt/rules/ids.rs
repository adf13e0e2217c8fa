//! What joins a tool result to its call.
//!
//! Gemini may leave ids out (a result then answers the first open call of its name) and wants the name of the
//! tool in a result; the others want ids and leave the name out. So ids are made from the place of a call,
//! the same in every request of a growing conversation, and names are looked up.

use std::collections::{HashMap, HashSet, VecDeque};

use realms_types::DialectId;

use crate::{
    Losses,
    prompt::{Part, Prompt, Turn, Unknown, tool::grouped_name},
};

/// The longest id that OpenAI takes, and that is sent to anybody.
const LONGEST: usize = 64;

/// Calls that have no result yet, in their order.
#[derive(Default)]
struct Open {
    by_name: HashMap<String, VecDeque<String>>,
    in_order: VecDeque<String>,
    answered: HashSet<String>,
}

/// Gives every call an id, every result the id of its call, and every result the name of its tool.
pub(in crate::prompt) fn complete(prompt: &mut Prompt) {
    let mut names: HashMap<String, String> = HashMap::new();
    let mut open = Open::default();
    let mut calls = 0;
    let mut misnamed = Vec::new();
    let place = if prompt.origin == DialectId::Gemini { "functionResponse.name" } else { "name" };
    for piece in prompt.turns.iter_mut().flat_map(|turn: &mut Turn| &mut turn.pieces) {
        match &mut piece.part {
            Part::Call(call) => {
                if call.made_id {
                    call.id = format!("call_{calls}_{}", plain(&call.name, LONGEST - 16));
                }
                calls += 1;
                let name = grouped_name(call.namespace.as_deref(), &call.name);
                open.call(&name, &call.id);
                names.insert(call.id.clone(), name);
            }
            Part::Result(result) => {
                if result.made_id {
                    let next = open.next(result.name.as_deref());
                    let name = result.name.as_deref().unwrap_or("tool");
                    result.call =
                        next.unwrap_or_else(|| format!("call_{calls}_{}", plain(name, 40)));
                }
                open.answered.insert(result.call.clone());
                let called = names.get(&result.call);
                match &result.name {
                    None => result.name = called.cloned(),
                    Some(name) if called != Some(name) => misnamed.push(Unknown {
                        path: format!("{}.{place}", piece.path),
                        raw: name.clone().into(),
                        feature: None,
                    }),
                    Some(_) => {}
                }
            }
            Part::Text(_)
            | Part::Image(_)
            | Part::Document(_)
            | Part::Audio(_)
            | Part::Video(_)
            | Part::Thinking(_)
            | Part::Refusal(_)
            | Part::Foreign { .. } => {}
        }
    }
    // Only the call that is answered names the tool there.
    prompt.unknown.append(&mut misnamed);
}

// === impl Open ===

impl Open {
    fn call(&mut self, name: &str, id: &str) {
        self.by_name.entry(name.to_owned()).or_default().push_back(id.to_owned());
        self.in_order.push_back(id.to_owned());
    }

    /// The first call of a tool, or of any, that has no result yet.
    fn next(&mut self, name: Option<&str>) -> Option<String> {
        let calls = match name {
            Some(name) => self.by_name.get_mut(name)?,
            None => &mut self.in_order,
        };
        loop {
            let id = calls.pop_front()?;
            if !self.answered.contains(&id) {
                return Some(id);
            }
        }
    }
}

/// An id as the target takes it: at most 64 characters, with Anthropic only letters, digits, `_` and
/// `-`. Others stay as they are, since some models read them. What does not fit is rewritten, the same
/// in a call and in its result, with a mark that keeps different ones apart.
pub(in crate::prompt) fn fit(
    id: &str,
    target: DialectId,
    path: &str,
    losses: &mut Losses,
) -> String {
    let good = |c: char| {
        target != DialectId::Messages || c.is_ascii_alphanumeric() || c == '_' || c == '-'
    };
    if !id.is_empty() && id.chars().count() <= LONGEST && id.chars().all(good) {
        return id.to_owned();
    }
    losses.approximated(path.to_owned(), "ids of calls have 64 letters, digits, _ and - at most");
    format!("{}_{:08x}", plain(id, LONGEST - 9), mark(id))
}

/// A name or id with nothing but letters, digits, `_` and `-` in it.
fn plain(text: &str, most: usize) -> String {
    text.chars()
        .take(most)
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' })
        .collect()
}

/// FNV-1a: stable, and no secret hangs on it.
fn mark(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode_prompt;

    fn ids(body: &str) -> Vec<(String, Option<String>)> {
        let prompt = decode_prompt(DialectId::Gemini, body.as_bytes()).unwrap();
        let pieces = prompt.turns.into_iter().flat_map(|turn| turn.pieces);
        pieces
            .filter_map(|piece| match piece.part {
                Part::Call(call) => Some((call.id, Some(call.name))),
                Part::Result(result) => Some((result.call, result.name)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn results_without_ids_answer_calls_in_order() {
        let found = ids(r#"{"contents":[
                {"role":"model","parts":[{"functionCall":{"name":"a"}},{"functionCall":{"name":"b"}},{"functionCall":{"name":"a"}}]},
                {"role":"user","parts":[{"functionResponse":{"name":"b","response":{}}},{"functionResponse":{"name":"a","response":{}}},{"functionResponse":{"name":"a","response":{}}}]},
                {"role":"user","parts":[{"functionResponse":{"name":"a","response":{}}}]}
            ]}"#);
        let found: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        let calls = ["call_0_a", "call_1_b", "call_2_a"];
        assert_eq!(found[..3], calls);
        assert_eq!(found[3..], ["call_1_b", "call_0_a", "call_2_a", "call_3_a"]);
    }

    #[test]
    fn names_of_results_are_those_of_their_calls() {
        let body = r#"{"messages":[
            {"role":"assistant","tool_calls":[{"id":"x","type":"function","function":{"name":"ls","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"x","content":"a"}]}"#;
        let prompt = decode_prompt(DialectId::Chat, body.as_bytes()).unwrap();
        let Part::Result(result) = &prompt.turns[1].pieces[0].part else { panic!("no result") };
        assert_eq!(result.name.as_deref(), Some("ls"));
    }

    #[test]
    fn odd_ids_are_rewritten_alike_and_stay_apart() {
        let mut losses = Losses::default();
        let mut fitted = |id: &str| fit(id, DialectId::Messages, "p", &mut losses);
        assert_eq!(fitted("toolu_01-A"), "toolu_01-A");
        let long = "x".repeat(200);
        for id in ["functions.ls:0", "functions.ls_0", "", "汉", long.as_str()] {
            let once = fitted(id);
            assert_eq!(once, fitted(id));
            assert!(once.len() <= LONGEST && once.is_ascii() && !once.contains(['.', ':']));
        }
        assert_ne!(fitted("a.b"), fitted("a:b"));
        assert_eq!(losses.named().len(), 1);
    }

    #[test]
    fn who_takes_any_id_gets_it_as_it_is() {
        let mut losses = Losses::default();
        for target in [DialectId::Responses, DialectId::Chat] {
            assert_eq!(fit("functions.ls:0", target, "p", &mut losses), "functions.ls:0");
            assert!(losses.is_empty());
        }
        assert_eq!(fit(&"x".repeat(65), DialectId::Chat, "p", &mut losses).len(), LONGEST);
        assert!(!losses.is_empty());
    }
}
