//! In which dialect a channel is asked.

use realms_catalog::Channel;
use realms_types::{ChannelKind, DialectId, Exclusion};

use crate::Wanted;

/// The client's dialect where the channel speaks it, else the first of its own that the call can be
/// translated to.
pub(crate) fn spoken(wanted: Wanted<'_>, channel: &Channel) -> Result<DialectId, Exclusion> {
    let speaks = channel.speaks(wanted.dialect);
    let has_path = wanted.kind.is_none_or(|kind| channel.kind.has_api_of(kind));
    if speaks && has_path {
        return Ok(wanted.dialect);
    }
    let reason = if speaks { Exclusion::Kind } else { Exclusion::Dialect };
    nearest(wanted.others, channel).ok_or(reason)
}

/// Whoever copies OpenAI's API has Chat; few have Responses, and a channel of which nothing was said is
/// taken to speak both.
fn nearest(others: &[DialectId], channel: &Channel) -> Option<DialectId> {
    let copies = channel.kind == ChannelKind::Openai
        && !channel.endpoints.first().is_some_and(|endpoint| endpoint.is_openai());
    let usual = DialectId::COPIED;
    if copies && channel.speaks(usual) && others.contains(&usual) {
        return Some(usual);
    }
    channel.dialects.iter().copied().find(|dialect| others.contains(dialect))
}

#[cfg(test)]
mod tests {
    use realms_catalog::Catalog;

    use super::*;
    use crate::candidate::tests::{rows, wanted};

    #[test]
    fn the_clients_dialect_then_the_nearest_that_the_channel_speaks() {
        use DialectId::{Chat, Gemini, Messages, Responses};

        let all = [Responses, Chat, Messages, Gemini];
        let official = "https://api.openai.com/v1";
        let copy = "https://example.org/v1";
        for (kind, base, dialects, client, others, expected) in [
            ("openai", copy, "", Chat, &all[..], Ok(Chat)),
            ("openai", copy, "", Messages, &all, Ok(Chat)),
            ("openai", official, "", Messages, &all, Ok(Responses)),
            ("openai", copy, "responses", Messages, &all, Ok(Responses)),
            ("openai", copy, "messages,gemini", Chat, &all, Ok(Messages)),
            ("anthropic", copy, "", Gemini, &all, Ok(Messages)),
            ("anthropic", copy, "", Gemini, &[], Err(Exclusion::Dialect)),
            ("anthropic", copy, "", Chat, &[Gemini], Err(Exclusion::Dialect)),
            ("codex", copy, "", Gemini, &all, Ok(Responses)),
        ] {
            let mut rows = rows(&[(0, 1, 1)]);
            rows.channels[0].kind = kind.into();
            rows.channels[0].dialects = dialects.into();
            rows.endpoints[0].base_url = base.into();
            let catalog = Catalog::build(&rows).unwrap();
            let wanted = Wanted { dialect: client, others, ..wanted(&catalog) };
            let channel = &wanted.model.bindings[0].channel;
            assert_eq!(spoken(wanted, channel), expected, "{kind} {base} {dialects} {client}");
        }
    }

    #[test]
    fn a_path_that_only_one_kind_has_may_have_a_counterpart_elsewhere() {
        let mut rows = rows(&[(0, 1, 1)]);
        rows.channels[0].kind = "gemini".into();
        rows.channels[0].dialects = "chat,gemini".into();
        let catalog = Catalog::build(&rows).unwrap();
        let kind = Some(ChannelKind::Openai);
        let wanted = Wanted { kind, ..wanted(&catalog) };
        let channel = &wanted.model.bindings[0].channel;
        assert_eq!(spoken(wanted, channel), Err(Exclusion::Kind));
        let others = &[DialectId::Gemini];
        assert_eq!(spoken(Wanted { others, ..wanted }, channel), Ok(DialectId::Gemini));
    }
}
