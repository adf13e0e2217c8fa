//! What was gathered from a text, and what a name says about the value beside it.

use realms_types::{ChannelKind, DialectId};

use super::{Note, preset, words};

/// Everything gathered so far, in the order in which it stands there.
#[derive(Default)]
pub(super) struct Clues {
    pub(super) urls: Vec<String>,
    pub(super) keys: Vec<String>,
    pub(super) models: Vec<String>,
    pub(super) dialects: Vec<DialectId>,
    pub(super) kind: Option<ChannelKind>,
    /// The vendor that the name of a variable names.
    pub(super) vendor: Option<&'static str>,
    pub(super) name: Option<String>,
    pub(super) notes: Vec<Note>,
}

/// What a value is, by its name.
#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    Url,
    Key,
    Model,
    Name,
    WireFormat,
    Package,
    Nothing,
}

impl Clues {
    /// Takes a value with its name.
    pub(super) fn pair(&mut self, name: &str, value: &str) {
        let (name, value) = (plain(name), value.trim());
        if value.is_empty() {
            return;
        }
        match meaning(&name) {
            Meaning::Url => {
                self.mind(&name);
                self.urls.extend(words::urls(value));
            }
            Meaning::Key => {
                self.mind(&name);
                self.key(value);
            }
            Meaning::Model => value.split([',', '\n']).for_each(|model| self.model(model)),
            Meaning::Name => self.note_name(value),
            Meaning::WireFormat => self.wire_format(value),
            Meaning::Package => self.package(value),
            Meaning::Nothing if value.starts_with("http") && self.urls.is_empty() => {
                self.mind(&name);
            }
            Meaning::Nothing => {}
        }
    }

    /// Takes what stands where a key does: one, or several on lines of their own.
    pub(super) fn key(&mut self, value: &str) {
        let pieces = value.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|'));
        for piece in pieces.map(|piece| piece.trim_matches(['"', '\''])) {
            let bearer = piece.is_empty() || piece.eq_ignore_ascii_case("bearer");
            if bearer {
                continue;
            }
            if words::is_placeholder(piece) {
                self.note(Note::PlaceholderKey);
            } else if piece.len() >= 8 && piece.bytes().all(|byte| byte.is_ascii_graphic()) {
                self.keys.push(piece.to_owned());
            }
        }
    }

    /// Takes the name of a model.
    pub(super) fn model(&mut self, name: &str) {
        let name = name.trim().trim_matches(['"', '\'']);
        let name = name.strip_prefix("models/").unwrap_or(name);
        // Claude Code marks a window in the name.
        let name = name.strip_suffix("[1m]").unwrap_or(name);
        let sound = !name.is_empty()
            && name.len() <= 255
            && !name.contains(char::is_whitespace)
            && !words::is_placeholder(name);
        if sound {
            self.models.push(name.to_owned());
        }
    }

    /// Says something once.
    pub(super) fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Takes the name of a channel.
    pub(super) fn note_name(&mut self, name: &str) {
        if self.name.is_none() && name.len() <= 64 && !name.contains("://") {
            self.name = Some(name.to_owned());
        }
    }

    /// Keeps the first dialect and kind that are said aloud.
    pub(super) fn speaks(&mut self, kind: Option<ChannelKind>, dialect: Option<DialectId>) {
        self.kind = self.kind.or(kind);
        if let Some(dialect) = dialect.filter(|dialect| !self.dialects.contains(dialect)) {
            self.dialects.push(dialect);
        }
    }

    /// The vendor in the name of a variable tells what its address speaks.
    fn mind(&mut self, name: &str) {
        let Some(vendor) = preset::of_variable(name) else { return };
        self.vendor = self.vendor.or(Some(vendor));
        let kind = match vendor {
            "anthropic" => Some(ChannelKind::Anthropic),
            "gemini" => Some(ChannelKind::Gemini),
            "openai" => Some(ChannelKind::Openai),
            _ => None,
        };
        self.kind = self.kind.or(kind);
    }

    fn wire_format(&mut self, value: &str) {
        match value.to_ascii_lowercase().as_str() {
            "responses" | "openai-responses" => {
                self.speaks(Some(ChannelKind::Openai), Some(DialectId::Responses));
            }
            "chat" | "openai" | "openai-completions" | "openai-compatible" | "openai_chat" => {
                self.speaks(Some(ChannelKind::Openai), Some(DialectId::Chat));
            }
            "anthropic" | "claude" | "anthropic-messages" => {
                self.speaks(Some(ChannelKind::Anthropic), None);
            }
            "gemini" | "google" | "24" => self.speaks(Some(ChannelKind::Gemini), None),
            "codex" => self.speaks(None, Some(ChannelKind::Codex.own_dialect())),
            // Channels of one-api and its offspring.
            "1" | "8" => self.speaks(Some(ChannelKind::Openai), None),
            "14" => self.speaks(Some(ChannelKind::Anthropic), None),
            _ => {}
        }
    }

    /// The npm package of a provider of opencode.
    fn package(&mut self, value: &str) {
        match value.rsplit('/').next().unwrap_or_default() {
            "openai" => self.speaks(Some(ChannelKind::Openai), Some(DialectId::Responses)),
            "openai-compatible" => self.speaks(Some(ChannelKind::Openai), Some(DialectId::Chat)),
            "anthropic" => self.speaks(Some(ChannelKind::Anthropic), None),
            "google" => self.speaks(Some(ChannelKind::Gemini), None),
            _ => {}
        }
    }
}

/// `apiKey`, `api-key` and `API_KEY` are one name.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len() + 4);
    let mut lower = false;
    for c in name.trim().chars() {
        if c.is_ascii_uppercase() && lower {
            plain.push('_');
        }
        lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        plain.push(if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    }
    plain
}

fn meaning(name: &str) -> Meaning {
    const URLS: [&str; 9] =
        ["base_url", "baseurl", "api_base", "base", "url", "endpoint", "host", "api_url", "server"];
    const KEYS: [&str; 7] = ["key", "apikey", "token", "secret", "authorization", "keys", "sk"];
    const MODELS: [&str; 2] = ["model", "models"];
    /// Names of variables and settings that end like a key and are none.
    const NOT_KEYS: [&str; 8] = [
        "env_key",
        "refresh_token",
        "id_token",
        "max_token",
        "cache_key",
        "temp_env_key",
        "public_key",
        "group_key",
    ];

    let ends = |ends: &[&str]| {
        ends.iter().any(|end| {
            name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
        })
    };
    match name {
        _ if NOT_KEYS.contains(&name) || name.contains("proxy") => Meaning::Nothing,
        "wire_api" | "type" | "api_format" | "app" | "provider_type" => Meaning::WireFormat,
        "npm" => Meaning::Package,
        "name" | "title" | "label" => Meaning::Name,
        _ if ends(&URLS) => Meaning::Url,
        _ if ends(&KEYS) => Meaning::Key,
        _ if ends(&MODELS) => Meaning::Model,
        _ => Meaning::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_its_value_is() {
        for (name, expected) in [
            ("OPENAI_BASE_URL", Meaning::Url),
            ("baseURL", Meaning::Url),
            ("api_base", Meaning::Url),
            ("ANTHROPIC_AUTH_TOKEN", Meaning::Key),
            ("apiKey", Meaning::Key),
            ("x-api-key", Meaning::Key),
            ("env_key", Meaning::Nothing),
            ("max_tokens", Meaning::Nothing),
            ("HTTPS_PROXY", Meaning::Nothing),
            ("ANTHROPIC_MODEL", Meaning::Model),
            ("model_provider", Meaning::Nothing),
            ("wire_api", Meaning::WireFormat),
        ] {
            assert_eq!(meaning(&plain(name)), expected, "{name}");
        }
    }
}
