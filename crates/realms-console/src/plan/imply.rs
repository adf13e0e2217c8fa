//! Objects that a manifest names without describing them: the group `default`, and the models that
//! a channel serves.

use std::collections::BTreeSet;

use realms_types::{ChannelKind, GroupName};

use super::State;
use crate::manifest::{ChannelGroup, Manifest, Model, UserGroup};

/// The name of the group that everything is in when nothing is said.
const DEFAULT: &str = "default";

/// The group that everything is in when nothing is said.
#[expect(clippy::expect_used, reason = "the constant is a sound name, which a test shows")]
pub(super) fn default_group() -> GroupName {
    DEFAULT.parse().expect("`default` is a group name")
}

/// Adds what is named and neither described nor there.
pub(super) fn complete(manifest: &mut Manifest, state: &State) {
    add_models(manifest, state);
    add_owners(manifest, state);
    add_user_group(manifest, state);
    add_channel_group(manifest, state);
}

fn add_models(manifest: &mut Manifest, state: &State) {
    let mut known: BTreeSet<String> = manifest.models.iter().map(|m| m.name.clone()).collect();
    known.extend(state.models.keys().cloned());
    for binding in manifest.channels.iter().filter_map(|channel| channel.models.as_ref()).flatten()
    {
        if known.insert(binding.name.clone()) {
            manifest.models.push(Model::named(binding.name.clone()));
        }
    }
}

/// A new model without an owner belongs to the vendor of the first channel that serves it.
fn add_owners(manifest: &mut Manifest, state: &State) {
    let channels = &manifest.channels;
    for model in manifest.models.iter_mut().filter(|model| model.owner.is_none()) {
        if state.models.contains_key(&model.name) {
            continue;
        }
        let serves = |binding: &&crate::manifest::Binding| binding.name == model.name;
        let channel = channels.iter().find(|c| c.models.iter().flatten().any(|b| serves(&b)));
        let kind = channel.and_then(|channel| {
            let present = state.channels.get(&channel.name);
            channel.kind.or_else(|| present.and_then(|held| held.object.kind))
        });
        model.owner = Some(kind.map_or("", owner).to_owned());
    }
}

const fn owner(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Openai | ChannelKind::Codex | ChannelKind::Azure => "openai",
        ChannelKind::Anthropic => "anthropic",
        ChannelKind::Gemini => "google",
    }
}

fn add_user_group(manifest: &mut Manifest, state: &State) {
    let described = manifest.user_groups.iter().any(|group| group.name.as_str() == DEFAULT);
    let wanted = manifest.users.iter().any(|user| match &user.group {
        Some(group) => group.as_str() == DEFAULT,
        None => !state.users.contains_key(user.username.as_str()),
    });
    if wanted && !described && !state.user_groups.contains_key(DEFAULT) {
        manifest.user_groups.push(UserGroup::named(default_group()));
    }
}

fn add_channel_group(manifest: &mut Manifest, state: &State) {
    let described = manifest.channel_groups.iter().any(|group| group.name.as_str() == DEFAULT);
    if described || state.channel_groups.contains_key(DEFAULT) {
        return;
    }
    let names_it = |groups: &Option<Vec<GroupName>>, is_new: bool| match groups {
        Some(groups) => groups.iter().any(|group| group.as_str() == DEFAULT),
        None => is_new,
    };
    let by_channel = manifest
        .channels
        .iter()
        .any(|one| names_it(&one.groups, !state.channels.contains_key(&one.name)));
    let by_group = manifest.user_groups.iter().any(|one| {
        names_it(&one.channel_groups, !state.user_groups.contains_key(one.name.as_str()))
    });
    let by_key = manifest.api_keys.iter().any(|one| names_it(&one.channel_groups, false));
    if by_channel || by_group || by_key {
        manifest.channel_groups.push(ChannelGroup::named(default_group()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(text: &str) -> Manifest {
        let mut manifest = Manifest::parse(&format!("version = 1\n{text}")).unwrap();
        complete(&mut manifest, &State::default());
        manifest
    }

    #[test]
    fn a_channel_brings_its_models_and_the_default_group() {
        let manifest =
            completed("[[channel]]\nname = \"a\"\nkind = \"gemini\"\nmodels = [\"m\"]\n");
        assert_eq!(manifest.models[0].owner.as_deref(), Some("google"));
        assert_eq!(manifest.channel_groups[0].name, default_group());
    }

    #[test]
    fn a_user_brings_the_default_groups() {
        let manifest = completed("[[user]]\nusername = \"ana\"\n");
        assert_eq!(manifest.user_groups.len(), 1);
        assert_eq!(manifest.channel_groups.len(), 1);
    }

    #[test]
    fn nothing_is_added_for_what_is_described() {
        let manifest = completed(
            "[[channel]]\nname = \"a\"\nkind = \"openai\"\ngroups = [\"fast\"]\n\
             [[model]]\nname = \"m\"\nowner = \"me\"\n",
        );
        assert!(manifest.channel_groups.is_empty() && manifest.user_groups.is_empty());
        assert_eq!(manifest.models[0].owner.as_deref(), Some("me"));
    }
}
