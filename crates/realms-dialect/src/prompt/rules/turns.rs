//! The order of a conversation: who may speak after whom.
//!
//! Anthropic and Google want user and model to take turns, the user first, and something to be said at
//! all; results of tools stand first in the turn behind their calls. OpenAI takes any order, but Chat wants the
//! calls of one round in one message.

use std::borrow::Cow;

use realms_types::DialectId;

use crate::{
    Losses,
    prompt::{Part, Piece, Prompt, Role, Turn},
};

/// A turn as it is sent.
#[derive(Debug)]
pub(in crate::prompt) struct Said<'a> {
    pub role: Role,
    pub pieces: Vec<Cow<'a, Piece>>,
}

/// A conversation as it is sent.
#[derive(Debug)]
pub(in crate::prompt) struct Conversation<'a> {
    pub system: Vec<&'a Piece>,
    pub turns: Vec<Said<'a>>,
}

/// The conversation with the roles in turn.
pub(in crate::prompt) fn alternating<'a>(
    prompt: &'a Prompt,
    target: DialectId,
    losses: &mut Losses,
) -> Conversation<'a> {
    let native = prompt.origin == target && target == DialectId::Messages;
    let mut turns: Vec<Said<'a>> = Vec::new();
    for turn in &prompt.turns {
        name_lost(turn.name.as_ref().map(|name| name.path.as_str()), losses);
        let (role, pieces) = match turn.role {
            Role::System | Role::Developer if !native => (Role::User, marked(turn, losses)),
            role => (role, turn.pieces.iter().map(Cow::Borrowed).collect()),
        };
        let pieces: Vec<_> = pieces.into_iter().filter(|piece| !is_empty(piece)).collect();
        if pieces.is_empty() {
            continue;
        }
        match turns.last_mut() {
            Some(last) if last.role == role => last.pieces.extend(pieces),
            _ => turns.push(Said { role, pieces }),
        }
    }
    for turn in &mut turns {
        if turn.role == Role::User {
            results_first(&mut turn.pieces, losses);
        }
    }
    let mut system: Vec<&Piece> = Vec::new();
    for one in &prompt.system {
        name_lost(one.name.as_ref().map(|name| name.path.as_str()), losses);
        system.extend(one.pieces.iter().filter(|piece| !is_empty(piece)));
    }
    begin(&mut turns, &mut system, losses);
    Conversation { system, turns }
}

/// Names of speakers have no place there.
fn name_lost(path: Option<&str>, losses: &mut Losses) {
    if let Some(path) = path {
        losses.dropped(path.to_owned(), "no names of speakers");
    }
}

/// What the system says in the middle, as the user's words in a mark that models know. At the top it would be
/// said too early, and the cache of everything behind it would be lost.
fn marked<'a>(turn: &'a Turn, losses: &mut Losses) -> Vec<Cow<'a, Piece>> {
    let mark = |piece: &'a Piece| match &piece.part {
        Part::Text(text) if !text.is_empty() => {
            losses.emulated(
                piece.path.clone(),
                "no system within the conversation: marked text of the user",
            );
            let part = Part::Text(format!("<system>\n{text}\n</system>"));
            Cow::Owned(Piece { path: piece.path.clone(), cache: piece.cache.clone(), part })
        }
        _ => Cow::Borrowed(piece),
    };
    turn.pieces.iter().map(mark).collect()
}

/// Texts of nothing or of blanks are refused by Anthropic, and say nothing.
pub(in crate::prompt) fn is_empty(piece: &Piece) -> bool {
    match &piece.part {
        Part::Text(text) | Part::Refusal(text) => text.trim().is_empty(),
        _ => false,
    }
}

fn results_first(pieces: &mut [Cow<'_, Piece>], losses: &mut Losses) {
    let is_result = |piece: &Cow<'_, Piece>| matches!(piece.part, Part::Result(_));
    if pieces.is_sorted_by_key(|piece| !is_result(piece)) {
        return;
    }
    if let Some(moved) = pieces.iter().find(|piece| !is_result(piece)) {
        losses.approximated(moved.path.clone(), "results of tools stand before text");
    }
    pieces.sort_by_key(|piece| !is_result(piece));
}

/// The user begins, and somebody says something.
fn begin<'a>(turns: &mut Vec<Said<'a>>, system: &mut Vec<&'a Piece>, losses: &mut Losses) {
    if turns.is_empty() {
        if let Some(last) = system.pop() {
            losses.emulated(last.path.clone(), "there must be a turn: this is said by the user");
            turns.push(Said { role: Role::User, pieces: vec![Cow::Borrowed(last)] });
        }
        return;
    }
    if let Some(first) = turns.first()
        && first.role == Role::Assistant
    {
        let path = first.pieces.first().map(|piece| piece.path.clone()).unwrap_or_default();
        losses.emulated(path.clone(), "the user must begin: a turn was put before this one");
        let opening = Piece::new(path, Part::Text("(The conversation starts here.)".to_owned()));
        turns.insert(0, Said { role: Role::User, pieces: vec![Cow::Owned(opening)] });
    }
}

/// Turns of the model next to each other made one, for Chat.
pub(in crate::prompt) fn rounds(prompt: &Prompt) -> Vec<(&Turn, Vec<&Piece>)> {
    let mut rounds: Vec<(&Turn, Vec<&Piece>)> = Vec::new();
    for turn in &prompt.turns {
        match rounds.last_mut() {
            Some((last, pieces))
                if turn.role == Role::Assistant
                    && last.role == Role::Assistant
                    && last.name == turn.name =>
            {
                pieces.extend(&turn.pieces);
            }
            _ => rounds.push((turn, turn.pieces.iter().collect())),
        }
    }
    rounds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode_prompt;

    /// Roles and texts of a Chat conversation as it is sent to Anthropic, and what was lost.
    fn said(messages: &str) -> (String, Vec<String>) {
        let body = format!("{{\"messages\":{messages}}}");
        let prompt = decode_prompt(DialectId::Chat, body.as_bytes()).unwrap();
        let mut losses = Losses::default();
        let conversation = alternating(&prompt, DialectId::Messages, &mut losses);
        let word = |piece: &Piece| match &piece.part {
            Part::Text(text) => text.clone(),
            Part::Call(call) => format!("call {}", call.id),
            Part::Result(result) => format!("result {}", result.call),
            other => format!("{other:?}"),
        };
        let mut story: Vec<String> =
            conversation.system.iter().map(|piece| format!("S:{}", word(piece))).collect();
        for turn in &conversation.turns {
            let words: Vec<String> = turn.pieces.iter().map(|piece| word(piece)).collect();
            story.push(format!(
                "{}:{}",
                if turn.role == Role::User { "U" } else { "A" },
                words.join("|")
            ));
        }
        let lost = losses.named().iter().map(|loss| format!("{} {}", loss.kind.name(), loss.path));
        (story.join(" "), lost.collect())
    }

    #[test]
    fn roles_take_turns() {
        let call = |id: &str| {
            format!(
                r#"{{"id":"{id}","type":"function","function":{{"name":"n","arguments":"{{}}"}}}}"#
            )
        };
        let (x, y) = (call("x"), call("y"));
        for (messages, story, lost) in [
            (r#"[{"role":"user","content":"a"},{"role":"user","content":"b"}]"#.to_owned(), "U:a|b", vec![]),
            (r#"[{"role":"system","content":"s"},{"role":"user","content":"a"}]"#.to_owned(), "S:s U:a", vec![]),
            (r#"[{"role":"user","content":""},{"role":"user","content":[{"type":"text","text":" "}]},{"role":"user","content":"b"}]"#.to_owned(), "U:b", vec![]),
            (
                r#"[{"role":"user","content":"a"},{"role":"system","content":"s"},{"role":"assistant","content":"b"}]"#.to_owned(),
                "U:a|<system>\ns\n</system> A:b",
                vec!["emulated messages[1].content"],
            ),
            (
                format!(r#"[{{"role":"user","content":"a"}},{{"role":"assistant","content":null,"tool_calls":[{x},{y}]}},{{"role":"tool","tool_call_id":"y","content":"2"}},{{"role":"tool","tool_call_id":"x","content":"1"}},{{"role":"user","content":"go"}}]"#),
                "U:a A:call x|call y U:result y|result x|go",
                vec![],
            ),
            (
                format!(r#"[{{"role":"user","content":"a"}},{{"role":"assistant","tool_calls":[{x}]}},{{"role":"user","content":"wait"}},{{"role":"tool","tool_call_id":"x","content":"1"}}]"#),
                "U:a A:call x U:result x|wait",
                vec!["approximated messages[2].content"],
            ),
            (
                r#"[{"role":"assistant","content":"hello"},{"role":"user","content":"a","name":"ana"}]"#.to_owned(),
                "U:(The conversation starts here.) A:hello U:a",
                vec!["dropped messages[1].name", "emulated messages[0].content"],
            ),
            (r#"[{"role":"system","content":"s"}]"#.to_owned(), "U:s", vec!["emulated messages[0].content"]),
        ] {
            let (found, losses) = said(&messages);
            assert_eq!(found, story);
            assert_eq!(losses, lost, "{messages}");
        }
    }
}
