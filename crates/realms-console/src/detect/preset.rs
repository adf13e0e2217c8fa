//! Vendors whose addresses are known.

use realms_types::{
    ChannelKind::{self, Anthropic, Azure, Codex, Gemini, Openai},
    DialectId::{self, Chat, Messages, Responses},
};
use url::Url;

/// A vendor.
struct Preset {
    name: &'static str,
    /// Its hosts: whole, or with a leading `.` for all below.
    hosts: &'static [&'static str],
    /// Its port, for what people run themselves on any host.
    port: Option<u16>,
    /// How its keys begin.
    keys: &'static [&'static str],
    /// Its APIs, the usual one first.
    variants: &'static [Variant],
}

/// One API of a vendor.
#[derive(Debug)]
pub(super) struct Variant {
    pub(super) kind: ChannelKind,
    /// Where it is. Of what people run themselves only the path counts.
    pub(super) base: &'static str,
    pub(super) dialects: &'static [DialectId],
}

const fn at(kind: ChannelKind, base: &'static str, dialects: &'static [DialectId]) -> Variant {
    Variant { kind, base, dialects }
}

const fn vendor(
    name: &'static str,
    hosts: &'static [&'static str],
    keys: &'static [&'static str],
    variants: &'static [Variant],
) -> Preset {
    Preset { name, hosts, port: None, keys, variants }
}

const fn own(name: &'static str, port: u16, variants: &'static [Variant]) -> Preset {
    Preset { name, hosts: &[], port: Some(port), keys: &[], variants }
}

/// Every vendor. The longer of two beginnings of keys comes first.
const PRESETS: &[Preset] = &[
    vendor(
        "anthropic",
        &["api.anthropic.com"],
        &["sk-ant-"],
        &[at(Anthropic, "https://api.anthropic.com", &[Messages])],
    ),
    vendor(
        "openrouter",
        &["openrouter.ai"],
        &["sk-or-"],
        &[
            at(Openai, "https://openrouter.ai/api/v1", &[Responses, Chat]),
            at(Anthropic, "https://openrouter.ai/api", &[Messages]),
        ],
    ),
    vendor(
        "openai",
        &["api.openai.com"],
        &["sk-proj-", "sk-svcacct-"],
        &[at(Openai, "https://api.openai.com/v1", &[Responses, Chat])],
    ),
    vendor(
        "gemini",
        &["generativelanguage.googleapis.com"],
        &["AIza"],
        &[
            at(Gemini, "https://generativelanguage.googleapis.com", &[DialectId::Gemini]),
            at(Openai, "https://generativelanguage.googleapis.com/v1beta/openai", &[Chat]),
        ],
    ),
    vendor(
        "codex",
        &["chatgpt.com"],
        &[],
        &[at(Codex, "https://chatgpt.com/backend-api/codex", &[Responses])],
    ),
    vendor(
        "deepseek",
        &["api.deepseek.com"],
        &[],
        &[
            at(Openai, "https://api.deepseek.com/v1", &[Chat]),
            at(Anthropic, "https://api.deepseek.com/anthropic", &[Messages]),
        ],
    ),
    vendor(
        "moonshot",
        &["api.moonshot.cn"],
        &[],
        &[
            at(Openai, "https://api.moonshot.cn/v1", &[Chat]),
            at(Anthropic, "https://api.moonshot.cn/anthropic", &[Messages]),
        ],
    ),
    vendor(
        "moonshot",
        &["api.moonshot.ai"],
        &[],
        &[
            at(Openai, "https://api.moonshot.ai/v1", &[Chat]),
            at(Anthropic, "https://api.moonshot.ai/anthropic", &[Messages]),
        ],
    ),
    vendor(
        "kimi-code",
        &["api.kimi.com"],
        &["sk-kimi-"],
        &[
            at(Anthropic, "https://api.kimi.com/coding", &[Messages]),
            at(Openai, "https://api.kimi.com/coding/v1", &[Chat]),
        ],
    ),
    vendor(
        "zhipu",
        &["open.bigmodel.cn"],
        &[],
        &[
            at(Openai, "https://open.bigmodel.cn/api/paas/v4", &[Chat]),
            at(Anthropic, "https://open.bigmodel.cn/api/anthropic", &[Messages]),
        ],
    ),
    vendor(
        "zai",
        &["api.z.ai"],
        &[],
        &[
            at(Openai, "https://api.z.ai/api/paas/v4", &[Chat]),
            at(Anthropic, "https://api.z.ai/api/anthropic", &[Messages]),
        ],
    ),
    vendor(
        "dashscope",
        &["dashscope.aliyuncs.com"],
        &[],
        &[
            at(Openai, "https://dashscope.aliyuncs.com/compatible-mode/v1", &[Chat]),
            at(Anthropic, "https://dashscope.aliyuncs.com/apps/anthropic", &[Messages]),
        ],
    ),
    vendor(
        "dashscope",
        &["dashscope-intl.aliyuncs.com"],
        &[],
        &[
            at(Openai, "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", &[Chat]),
            at(Anthropic, "https://dashscope-intl.aliyuncs.com/apps/anthropic", &[Messages]),
        ],
    ),
    vendor(
        "xai",
        &["api.x.ai"],
        &["xai-"],
        &[
            at(Openai, "https://api.x.ai/v1", &[Responses, Chat]),
            at(Anthropic, "https://api.x.ai", &[Messages]),
        ],
    ),
    vendor(
        "mistral",
        &["api.mistral.ai"],
        &[],
        &[at(Openai, "https://api.mistral.ai/v1", &[Chat])],
    ),
    vendor(
        "groq",
        &["api.groq.com"],
        &["gsk_"],
        &[at(Openai, "https://api.groq.com/openai/v1", &[Responses, Chat])],
    ),
    vendor(
        "siliconflow",
        &["api.siliconflow.cn"],
        &[],
        &[at(Openai, "https://api.siliconflow.cn/v1", &[Chat])],
    ),
    vendor(
        "volcengine",
        &["ark.cn-beijing.volces.com"],
        &[],
        &[at(Openai, "https://ark.cn-beijing.volces.com/api/v3", &[Responses, Chat])],
    ),
    vendor(
        "minimax",
        &["api.minimaxi.com"],
        &[],
        &[
            at(Openai, "https://api.minimaxi.com/v1", &[Chat]),
            at(Anthropic, "https://api.minimaxi.com/anthropic", &[Messages]),
        ],
    ),
    vendor(
        "together",
        &["api.together.xyz"],
        &[],
        &[at(Openai, "https://api.together.xyz/v1", &[Chat])],
    ),
    vendor(
        "fireworks",
        &["api.fireworks.ai"],
        &["fw_"],
        &[at(Openai, "https://api.fireworks.ai/inference/v1", &[Responses, Chat])],
    ),
    vendor(
        "nvidia",
        &["integrate.api.nvidia.com"],
        &["nvapi-"],
        &[at(Openai, "https://integrate.api.nvidia.com/v1", &[Chat])],
    ),
    vendor(
        "azure",
        &[".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com"],
        &[],
        // The name of the resource is in the host, so only the path is known.
        &[at(Azure, "https://resource.openai.azure.com/openai/v1", &[Responses, Chat])],
    ),
    own("ollama", 11434, &[at(Openai, "http://localhost:11434/v1", &[Chat])]),
    own("vllm", 8000, &[at(Openai, "http://localhost:8000/v1", &[Responses, Chat])]),
    own("lm-studio", 1234, &[at(Openai, "http://localhost:1234/v1", &[Responses, Chat])]),
];

/// Words in the names of variables that name a vendor.
const NAMES: [(&str, &str); 21] = [
    ("anthropic", "anthropic"),
    ("claude", "anthropic"),
    ("openrouter", "openrouter"),
    ("openai", "openai"),
    ("gemini", "gemini"),
    ("google", "gemini"),
    ("deepseek", "deepseek"),
    ("moonshot", "moonshot"),
    ("kimi", "moonshot"),
    ("zhipu", "zhipu"),
    ("bigmodel", "zhipu"),
    ("zai", "zai"),
    ("dashscope", "dashscope"),
    ("xai", "xai"),
    ("mistral", "mistral"),
    ("groq", "groq"),
    ("siliconflow", "siliconflow"),
    ("minimax", "minimax"),
    ("together", "together"),
    ("fireworks", "fireworks"),
    ("nvidia", "nvidia"),
];

/// The vendor at an address, and which of its APIs is meant.
pub(super) fn find(
    url: &Url,
    wanted: Option<ChannelKind>,
) -> Option<(&'static str, &'static Variant)> {
    let preset = PRESETS.iter().find(|preset| preset.is_at(url))?;
    let path = url.path().trim_matches('/');
    let fits = |variant: &&Variant| {
        let own = Url::parse(variant.base).map(|base| base.path().trim_matches('/').to_owned());
        !path.is_empty() && own.is_ok_and(|own| own == path)
    };
    let by_path = preset.variants.iter().find(fits);
    let by_kind = || preset.variants.iter().find(|variant| Some(variant.kind) == wanted);
    let variant = by_path.or_else(by_kind).or(preset.variants.first())?;
    Some((preset.name, variant))
}

/// The API of a vendor that is known by its name.
pub(super) fn named(
    name: &str,
    wanted: Option<ChannelKind>,
) -> Option<(&'static str, &'static Variant)> {
    let preset = PRESETS.iter().find(|preset| preset.name == name)?;
    let by_kind = preset.variants.iter().find(|variant| Some(variant.kind) == wanted);
    Some((preset.name, by_kind.or(preset.variants.first())?))
}

/// The vendor in the name of a variable.
pub(super) fn of_variable(name: &str) -> Option<&'static str> {
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.find_map(|word| NAMES.iter().find(|(known, _)| *known == word).map(|(_, name)| *name))
}

/// The vendor whose keys begin so.
pub(super) fn of_key(key: &str) -> Option<&'static str> {
    let begins = |preset: &&Preset| preset.keys.iter().any(|start| key.starts_with(start));
    PRESETS.iter().find(begins).map(|preset| preset.name)
}

/// The kind of the vendor whose keys begin so.
pub(super) fn kind_of_key(key: &str) -> Option<ChannelKind> {
    let begins = |preset: &&Preset| preset.keys.iter().any(|start| key.starts_with(start));
    PRESETS.iter().find(begins)?.variants.first().map(|variant| variant.kind)
}

/// The base URLs that are known at the host of this one for channels of this kind.
pub(crate) fn known_bases(url: &Url, kind: ChannelKind) -> Vec<Url> {
    let preset = PRESETS.iter().find(|preset| preset.is_at(url));
    let variants = preset.into_iter().flat_map(|preset| preset.variants);
    let fitting = variants.filter(|variant| variant.kind == kind);
    fitting.filter_map(|variant| variant.at(url).parse().ok()).collect()
}

// === impl Preset ===

impl Preset {
    fn is_at(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        if let Some(port) = self.port {
            return url.port_or_known_default() == Some(port) && is_own(host);
        }
        let is = |known: &&&str| {
            if known.starts_with('.') { host.ends_with(**known) } else { host == **known }
        };
        self.hosts.iter().any(|known| is(&known))
    }
}

/// Whether people run it themselves: a private address, or a name without a dot.
fn is_own(host: &str) -> bool {
    let literal = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    let private = literal.is_ok_and(|address| match address {
        std::net::IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        std::net::IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    });
    private
        || !host.contains('.')
        || [".local", ".lan", ".internal", ".home"].iter().any(|end| host.ends_with(end))
}

// === impl Variant ===

impl Variant {
    /// Its base URL at the host of this one.
    pub(super) fn at(&self, url: &Url) -> String {
        let mut base = url.clone();
        let own = Url::parse(self.base);
        base.set_path(own.as_ref().map_or("", Url::path));
        base.set_query(None);
        base.as_str().trim_end_matches('/').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_base_of_the_table_is_found_again() {
        for preset in PRESETS {
            for variant in preset.variants {
                let url: Url = variant.base.parse().unwrap();
                let (name, found) = find(&url, Some(variant.kind)).unwrap();
                assert_eq!((name, found.base), (preset.name, variant.base));
                assert_eq!(found.at(&url), variant.base);
            }
        }
        for (_, name) in NAMES {
            assert!(named(name, None).is_some(), "{name}");
        }
    }

    #[test]
    fn a_port_is_a_vendors_only_at_home() {
        let found = |url: &str| find(&url.parse().unwrap(), None).map(|(name, _)| name);
        for url in ["http://localhost:11434", "http://192.168.1.9:11434/v1", "http://ollama:11434"]
        {
            assert_eq!(found(url), Some("ollama"), "{url}");
        }
        assert_eq!(found("https://relay.example.org:11434"), None);
    }
}
