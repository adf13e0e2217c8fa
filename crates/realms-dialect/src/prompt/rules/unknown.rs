//! What no neutral word exists for: it returns to its own dialect, is named as lost, or refuses the call.

use std::borrow::Cow;

use realms_types::DialectId;
use serde_json::Value;

use crate::{
    Losses,
    prompt::{Part, Piece, Prompt, Target, ToolForm, Untranslatable, fields::camel, out::Body},
};

/// Refuses what the target cannot do and without which the answer would be a wrong one.
pub(in crate::prompt) fn refuse(
    prompt: &Prompt,
    target: &Target<'_>,
) -> Result<(), Untranslatable> {
    if prompt.origin == target.dialect {
        return Ok(());
    }
    for unknown in &prompt.unknown {
        if let Some(feature) = unknown.feature {
            return Err(target.cannot(feature, &unknown.path));
        }
    }
    if let Some(at) = &prompt.previous_response {
        return Err(target.cannot("going on from a response that the vendor keeps", &at.path));
    }
    for tool in &prompt.tools {
        if let ToolForm::Foreign { feature: Some(feature), .. } = &tool.kind {
            return Err(target.cannot(feature, &tool.path));
        }
    }
    let turns = prompt.turns.iter().flat_map(|turn| &turn.pieces);
    let system = prompt.system.iter().flat_map(|system| &system.pieces);
    for piece in turns.chain(system) {
        refuse_piece(piece, target)?;
    }
    Ok(())
}

fn refuse_piece(piece: &Piece, target: &Target<'_>) -> Result<(), Untranslatable> {
    match &piece.part {
        Part::Foreign { dialect, feature: Some(feature), .. } if *dialect != target.dialect => {
            Err(target.cannot(feature, &piece.path))
        }
        Part::Result(result) => {
            result.pieces.iter().try_for_each(|piece| refuse_piece(piece, target))
        }
        _ => Ok(()),
    }
}

/// Writes what goes back to its own dialect, and names the rest.
///
/// A field within an element of a list does not go back: lists are written anew, and its element may
/// have moved. Calls of the same dialect pass through unread, so that is met only in tests.
pub(in crate::prompt) fn write(
    prompt: &Prompt,
    target: &Target<'_>,
    body: &mut Body,
    losses: &mut Losses,
) {
    for unknown in &prompt.unknown {
        let same = prompt.origin == target.dialect;
        if same && put_back(body, target.dialect, &unknown.path, &unknown.raw) {
            continue;
        }
        let why =
            if same { "it stood in a list that was written anew" } else { "no such field there" };
        losses.dropped(unknown.path.clone(), why);
    }
}

fn put_back(body: &mut Body, dialect: DialectId, path: &str, raw: &Value) -> bool {
    if path.contains('[') {
        return false;
    }
    let mut object = body;
    let mut keys = path.split('.').peekable();
    while let Some(written) = keys.next() {
        // Gemini's keys are written anew in one spelling.
        let key = &*match dialect {
            DialectId::Gemini => Cow::Owned(camel(written)),
            DialectId::Responses | DialectId::Chat | DialectId::Messages => Cow::Borrowed(written),
        };
        if keys.peek().is_none() {
            if object.contains_key(key) {
                return false;
            }
            object.insert(key.to_owned(), raw.clone());
            return true;
        }
        let inner = object.entry(key).or_insert_with(|| Value::Object(Body::new()));
        match inner {
            Value::Object(map) => object = map,
            _ => return false,
        }
    }
    false
}
