//! The configuration as a manifest, without any secret: the name of a variable stands for each.

use std::collections::BTreeSet;

use realms_catalog::{SettingInfo, Settings};
use realms_store::OauthAccountRecord;
use realms_types::Secret;

use crate::{
    manifest::{ApiKey, Channel, Manifest, ProxyText, SecretText, SettingText, Slot, User, hide},
    plan::State,
};

/// Hands out names of environment variables, each once.
#[derive(Default)]
struct Variables(BTreeSet<String>);

// === impl Manifest ===

impl Manifest {
    /// What is in the store. Applying it there again changes nothing; applying it elsewhere makes
    /// the same, once the variables it names are set.
    pub fn export(state: &State) -> Self {
        let mut variables = Variables::default();
        let channels = state.channels.values().map(|held| channel(&held.object, &mut variables));
        let channels = channels.collect();
        let users = state.users.values().map(|held| {
            let hash = held.facts.password_hash.as_ref();
            user(&held.object, hash, &mut variables)
        });
        let users = users.collect();
        let keys = state.api_keys.values().filter(|held| held.facts.revoked_at.is_none());
        let api_keys = keys.map(|held| api_key(&held.object, &mut variables)).collect();
        Self {
            version: Self::VERSION,
            channel_groups: state.channel_groups.values().map(|held| held.object.clone()).collect(),
            models: state.models.values().map(|held| held.object.clone()).collect(),
            channels,
            user_groups: state.user_groups.values().map(|held| held.object.clone()).collect(),
            users,
            api_keys,
            error_rules: state.error_rules.values().map(|held| held.object.clone()).collect(),
            settings: settings(state),
        }
    }
}

fn settings(state: &State) -> std::collections::BTreeMap<String, SettingText> {
    // A secret has no form that a document could name.
    let is_secret = |key: &str| Settings::find(key).is_some_and(SettingInfo::is_secret);
    let pairs = state.settings.iter().filter(|(key, _)| !is_secret(key));
    pairs.map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn channel(channel: &Channel, variables: &mut Variables) -> Channel {
    let mut channel = channel.clone();
    if hides_a_login(channel.proxy.as_ref()) {
        let name = variables.next(&["CHANNEL", &channel.name, "PROXY"]);
        channel.proxy = Some(Slot::Full(ProxyText::Variable(name)));
    }
    for credential in channel.credentials.iter_mut().flatten() {
        let key = credential.key.as_ref().and_then(SecretText::literal);
        if key.is_some_and(|key| key.reveal() == OauthAccountRecord::PLACEHOLDER) {
            // An account's tokens are in no document: on another server somebody logs in.
            credential.key = None;
            continue;
        }
        let name = variables.next(&["CHANNEL", &channel.name, &credential.name, "KEY"]);
        credential.key = Some(SecretText::Variable(name));
        if hides_a_login(credential.proxy.as_ref()) {
            let name = variables.next(&["CHANNEL", &channel.name, &credential.name, "PROXY"]);
            credential.proxy = Some(Slot::Full(ProxyText::Variable(name)));
        }
    }
    channel.options.iter_mut().for_each(hide);
    channel
}

/// Whether a document could not write a proxy out. One without a login is no secret.
fn hides_a_login(proxy: Option<&Slot<ProxyText>>) -> bool {
    let text = proxy.and_then(Slot::as_ref);
    text.is_some_and(|text| text.literal().is_none_or(|proxy| proxy.login().is_some()))
}

fn user(user: &User, hash: Option<&Secret<String>>, variables: &mut Variables) -> User {
    let name = hash.map(|_| variables.next(&["USER", user.username.as_str(), "PASSWORD"]));
    User { password: name.map(SecretText::Variable), ..user.clone() }
}

fn api_key(key: &ApiKey, variables: &mut Variables) -> ApiKey {
    let name = variables.next(&["API_KEY", key.user.as_str(), &key.name]);
    ApiKey { key: Some(SecretText::Variable(name)), ..key.clone() }
}

// === impl Variables ===

impl Variables {
    /// A name made of these parts. The same state always gives the same names.
    fn next(&mut self, parts: &[&str]) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        let base = parts.join("_").chars().map(plain).collect::<String>();
        let mut name = base.clone();
        for number in 2.. {
            if !self.0.contains(&name) {
                break;
            }
            name = format!("{base}_{number}");
        }
        self.0.insert(name.clone());
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_variable_has_a_name_of_its_own() {
        let mut variables = Variables::default();
        let names =
            ["a-b", "a_b", "a.b", "密"].map(|name| variables.next(&["CHANNEL", name, "KEY"]));
        assert_eq!(
            names,
            ["CHANNEL_A_B_KEY", "CHANNEL_A_B_KEY_2", "CHANNEL_A_B_KEY_3", "CHANNEL___KEY"]
        );
    }
}
