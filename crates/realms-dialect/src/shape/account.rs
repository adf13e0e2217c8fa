//! What of a call concerns the vendor's account: price tier, stored answers, the end user's mark.

use realms_types::{ChannelOptions, DialectId, Forward, JsonPath, StorePolicy, TierPolicy};

use super::{Scene, text::Text};

/// Applies the policies in turn.
pub(super) fn put(
    text: &mut Text<'_>,
    options: &ChannelOptions,
    scene: Scene<'_>,
    edits: &mut Vec<&'static str>,
) {
    let openai = matches!(scene.dialect, DialectId::Responses | DialectId::Chat);
    if options.service_tier == TierPolicy::Drop {
        take(text, "service_tier");
        if scene.dialect == DialectId::Gemini {
            take(text, "serviceTier");
        }
        text.note("service_tier", edits);
    }
    match options.store {
        StorePolicy::Drop => take(text, "store"),
        // Only what has the field gets it: an embedding has nothing to store.
        StorePolicy::ForceFalse if openai && scene.prompted => {
            text.set(JsonPath::of_name("store").steps(), "false");
        }
        StorePolicy::Forward | StorePolicy::ForceFalse => {}
    }
    text.note("store", edits);
    if options.safety_identifier == Forward::Drop {
        take(text, "safety_identifier");
        text.note("safety_identifier", edits);
    }
}

fn take(text: &mut Text<'_>, name: &str) {
    text.delete(JsonPath::of_name(name).steps());
}
