//! Cache marks (`cache_control`): Anthropic caches what is marked, OpenAI and Google cache by themselves.

use serde_json::Value;

use crate::{
    Losses,
    prompt::{Family, Piece, Prompt, Target, Tool},
    session::session_in_metadata,
};

/// The longest key that OpenAI takes.
const LONGEST_KEY: usize = 64;

/// Names the marks as lost.
pub(in crate::prompt) fn drop_marks(prompt: &Prompt, losses: &mut Losses) {
    let mut lose = |path: &str, cache: &Option<Value>| {
        if cache.is_some() {
            losses
                .dropped(format!("{path}.cache_control"), "prompts are cached there without marks");
        }
    };
    for Tool { path, cache, .. } in &prompt.tools {
        lose(path, cache);
    }
    let system = prompt.system.iter().flat_map(|system| &system.pieces);
    let turns = prompt.turns.iter().flat_map(|turn| &turn.pieces);
    for Piece { path, cache, part } in system.chain(turns) {
        lose(path, cache);
        if let crate::prompt::Part::Result(result) = part {
            for Piece { path, cache, .. } in &result.pieces {
                lose(path, cache);
            }
        }
    }
}

/// The key of OpenAI's cache: what the client said, or the session that Claude Code names in its
/// `metadata.user_id`, which keeps a conversation on one cache as its marks would have.
pub(in crate::prompt) fn key(prompt: &Prompt, target: &Target<'_>) -> Option<String> {
    let said = prompt.cache_key.as_ref().map(|at| at.value.clone());
    let session = || session_in_metadata(&prompt.user.as_ref()?.value);
    said.or_else(|| {
        let knows_keys = target.family == Family::Openai;
        session().filter(|key| knows_keys && key.len() <= LONGEST_KEY)
    })
}
