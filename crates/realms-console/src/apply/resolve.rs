//! The secrets of a manifest, before the transaction: found, checked, and compared with what is in
//! force.

use std::collections::BTreeMap;

use realms_identity::{check_api_key, key_hash};
use realms_types::{Secret, Username};

use super::{Edit, Editor};
use crate::{
    ConsoleError,
    manifest::{ApiKey, Lookup, Manifest, ProxyText, SecretText, Slot, User},
    plan::State,
};

/// New password hashes by username.
pub(super) type Hashes = BTreeMap<Username, Secret<String>>;

/// What was found out about the secrets of a manifest.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    /// The hashes of the passwords that are not in force yet.
    pub(super) hashes: Hashes,
    /// What is wrong with the secrets.
    pub(super) mistakes: Vec<String>,
}

/// No password is shorter or longer, in bytes.
const PASSWORD_BYTES: std::ops::RangeInclusive<usize> = 8..=256;

// === impl Editor ===

impl Editor {
    /// Writes every secret of the manifest out, and leaves out the passwords and API keys that are
    /// in force.
    pub(super) async fn resolve(
        &self,
        mut edit: Edit,
        lookup: Lookup<'_>,
    ) -> Result<(Edit, Secrets), ConsoleError> {
        let manifest = &mut edit.manifest;
        let mut secrets = Secrets { mistakes: look_up(manifest, lookup), ..Secrets::default() };
        let has_secrets = !(manifest.users.is_empty() && manifest.api_keys.is_empty());
        if secrets.mistakes.is_empty() && has_secrets {
            let state = self.state().await?;
            for user in &mut manifest.users {
                secrets.hashes.extend(self.new_hash(user, &state).await?);
            }
            manifest.api_keys.iter_mut().for_each(|key| self.leave_out_known(key, &state));
        }
        Ok((edit, secrets))
    }

    /// The hash of a password that is not in force yet; one that is, is left out of the manifest.
    async fn new_hash(
        &self,
        user: &mut User,
        state: &State,
    ) -> Result<Option<(Username, Secret<String>)>, ConsoleError> {
        let Some(password) = user.password.as_ref().and_then(SecretText::literal).cloned() else {
            return Ok(None);
        };
        let held = state.users.get(user.username.as_str());
        if let Some(hash) = held.and_then(|held| held.facts.password_hash.clone())
            // A hash that cannot be read is replaced, like one that does not fit.
            && self.passwords.verify(password.clone(), hash).await.unwrap_or(false)
        {
            user.password = None;
            return Ok(None);
        }
        let hash = self.passwords.hash(password).await?;
        Ok(Some((user.username.clone(), Secret::from(hash))))
    }

    fn leave_out_known(&self, key: &mut ApiKey, state: &State) {
        let Some(given) = key.key.as_ref().and_then(SecretText::literal) else { return };
        let hash = key_hash(&self.keyring, given.reveal());
        if state.find_api_key(key).is_some_and(|held| held.facts.hash == hash) {
            key.key = None;
        }
    }
}

/// Writes every secret out and checks its form; returns what is wrong.
fn look_up(manifest: &mut Manifest, lookup: Lookup<'_>) -> Vec<String> {
    let mut mistakes = Vec::new();
    for channel in &mut manifest.channels {
        let at = format!("channel `{}`: proxy", channel.name);
        resolve_proxy(&mut channel.proxy, &at, lookup, &mut mistakes);
        for credential in channel.credentials.iter_mut().flatten() {
            let at = format!("channel `{}`: credential `{}`", channel.name, credential.name);
            resolve(&mut credential.key, &at, lookup, check_credential, &mut mistakes);
            resolve_proxy(&mut credential.proxy, &format!("{at}: proxy"), lookup, &mut mistakes);
        }
    }
    for user in &mut manifest.users {
        let at = format!("user `{}`: password", user.username);
        resolve(&mut user.password, &at, lookup, check_password, &mut mistakes);
    }
    for key in &mut manifest.api_keys {
        let at = format!("api_key `{}/{}`: key", key.user, key.name);
        let check = |key: &str| check_api_key(key).map_err(|error| error.to_string());
        resolve(&mut key.key, &at, lookup, check, &mut mistakes);
    }
    mistakes
}

fn resolve(
    slot: &mut Option<SecretText>,
    at: &str,
    lookup: Lookup<'_>,
    check: impl Fn(&str) -> Result<(), String>,
    mistakes: &mut Vec<String>,
) {
    let Some(text) = slot else { return };
    match text.resolve(lookup).and_then(|secret| check(secret.reveal()).map(|()| secret)) {
        Ok(secret) => *text = SecretText::from(secret),
        Err(message) => mistakes.push(format!("{at}: {message}")),
    }
}

fn resolve_proxy(
    slot: &mut Option<Slot<ProxyText>>,
    at: &str,
    lookup: Lookup<'_>,
    mistakes: &mut Vec<String>,
) {
    let Some(Slot::Full(text)) = slot else { return };
    match text.resolve(lookup) {
        Ok(proxy) => *text = proxy,
        Err(message) => mistakes.push(format!("{at}: {message}")),
    }
}

/// A key goes into a header, so it must survive there.
fn check_credential(key: &str) -> Result<(), String> {
    if key.len() <= 16_384
        && key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
        && key.trim() == key
    {
        Ok(())
    } else {
        Err("it holds a line break, a blank at an end, or what is not ASCII".to_owned())
    }
}

fn check_password(password: &str) -> Result<(), String> {
    if PASSWORD_BYTES.contains(&password.len()) {
        Ok(())
    } else {
        Err("a password has 8 to 256 bytes".to_owned())
    }
}
