//! Lanes of service, in each vendor's words.

use crate::{
    Losses,
    prompt::{Given, Tier},
};

pub(in crate::prompt) fn read_openai(word: Given<String>) -> Given<Tier> {
    read(word, "default")
}

pub(in crate::prompt) fn read_anthropic(word: Given<String>) -> Given<Tier> {
    read(word, "standard_only")
}

pub(in crate::prompt) fn read_google(word: Given<String>) -> Given<Tier> {
    let word = Given { value: word.value.to_ascii_lowercase(), path: word.path };
    read(word, "standard")
}

fn read(word: Given<String>, standard: &str) -> Given<Tier> {
    let value = match word.value.as_str() {
        "auto" | "unspecified" => Tier::Auto,
        "flex" => Tier::Flex,
        "priority" => Tier::Priority,
        other if other == standard => Tier::Standard,
        _ => Tier::Other(word.value),
    };
    Given { path: word.path, value }
}

pub(in crate::prompt) fn openai(tier: Option<&Given<Tier>>, losses: &mut Losses) -> Option<String> {
    let tier = tier?;
    match &tier.value {
        Tier::Auto => Some("auto".to_owned()),
        Tier::Standard => Some("default".to_owned()),
        Tier::Flex => Some("flex".to_owned()),
        Tier::Priority => Some("priority".to_owned()),
        Tier::Other(word) => other(word, tier, losses),
    }
}

/// Anthropic sells its fast lane by contract: `auto` uses it where there is one.
pub(in crate::prompt) fn anthropic(
    tier: Option<&Given<Tier>>,
    losses: &mut Losses,
) -> Option<String> {
    let tier = tier?;
    match &tier.value {
        Tier::Auto => Some("auto".to_owned()),
        Tier::Standard => Some("standard_only".to_owned()),
        Tier::Priority => {
            losses
                .approximated(tier.path.clone(), "the fast lane is used where the account has it");
            Some("auto".to_owned())
        }
        Tier::Flex => {
            losses.dropped(tier.path.clone(), "there is no cheap lane");
            None
        }
        Tier::Other(word) => other(word, tier, losses),
    }
}

pub(in crate::prompt) fn google(tier: Option<&Given<Tier>>, losses: &mut Losses) -> Option<String> {
    let tier = tier?;
    match &tier.value {
        // What happens when nothing is said.
        Tier::Auto => None,
        Tier::Standard => Some("standard".to_owned()),
        Tier::Flex => Some("flex".to_owned()),
        Tier::Priority => Some("priority".to_owned()),
        Tier::Other(word) => other(word, tier, losses),
    }
}

fn other(_word: &str, tier: &Given<Tier>, losses: &mut Losses) -> Option<String> {
    losses.dropped(tier.path.clone(), "no such lane there");
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lane_has_its_word_or_is_named() {
        let none = None::<&str>;
        for (tier, words, lost) in [
            (Tier::Auto, [Some("auto"), Some("auto"), none], 0),
            (Tier::Standard, [Some("default"), Some("standard_only"), Some("standard")], 0),
            (Tier::Flex, [Some("flex"), none, Some("flex")], 1),
            (Tier::Priority, [Some("priority"), Some("auto"), Some("priority")], 1),
            (Tier::Other("scale".to_owned()), [none, none, none], 1),
        ] {
            let mut losses = Losses::default();
            let at = Given::new("service_tier", tier);
            let found = [
                openai(Some(&at), &mut losses),
                anthropic(Some(&at), &mut losses),
                google(Some(&at), &mut losses),
            ];
            assert_eq!(found.each_ref().map(Option::as_deref), words);
            assert_eq!(losses.named().len(), lost);
        }
    }

    #[test]
    fn words_are_read_as_their_vendor_means_them() {
        let at = |word: &str| Given::new("p", word.to_owned());
        assert_eq!(read_openai(at("default")).value, Tier::Standard);
        assert_eq!(read_anthropic(at("standard_only")).value, Tier::Standard);
        assert_eq!(read_google(at("PRIORITY")).value, Tier::Priority);
        assert_eq!(read_openai(at("scale")).value, Tier::Other("scale".to_owned()));
    }
}
