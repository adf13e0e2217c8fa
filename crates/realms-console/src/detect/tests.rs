//! What people paste, and what must come of it.

use super::*;

/// A sample: text, kind, base URL, keys, models, preset.
type Sample = (
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    &'static [&'static str],
    &'static [&'static str],
    Option<&'static str>,
);

const SAMPLES: &[Sample] = &[
    // an address and a key, in any order and on any line
    (
        "https://relay.example.org/v1 sk-0123456789abcdef",
        Some("openai"),
        Some("https://relay.example.org/v1"),
        &["sk-0123456789abcdef"],
        &[],
        None,
    ),
    (
        "sk-0123456789abcdef\nhttps://relay.example.org",
        Some("openai"),
        Some("https://relay.example.org"),
        &["sk-0123456789abcdef"],
        &[],
        None,
    ),
    (
        "Base URL: https://relay.example.org/v1\nAPI Key: sk-0123456789abcdef\nModel: gpt-5.2",
        Some("openai"),
        Some("https://relay.example.org/v1"),
        &["sk-0123456789abcdef"],
        &["gpt-5.2"],
        None,
    ),
    (
        "接口地址：https://relay.example.org/v1\n密钥：sk-0123456789abcdef",
        Some("openai"),
        Some("https://relay.example.org/v1"),
        &["sk-0123456789abcdef"],
        &[],
        None,
    ),
    (
        "https://relay.example.org,sk-0123456789abcdef,sk-fedcba9876543210",
        Some("openai"),
        Some("https://relay.example.org"),
        &["sk-0123456789abcdef", "sk-fedcba9876543210"],
        &[],
        None,
    ),
    // a key alone
    (
        "sk-ant-api03-0123456789abcdef",
        Some("anthropic"),
        Some("https://api.anthropic.com"),
        &["sk-ant-api03-0123456789abcdef"],
        &[],
        Some("anthropic"),
    ),
    (
        "AIzaSyA0123456789abcdefghijklmnop",
        Some("gemini"),
        Some("https://generativelanguage.googleapis.com"),
        &["AIzaSyA0123456789abcdefghijklmnop"],
        &[],
        Some("gemini"),
    ),
    (
        "sk-or-v1-0123456789abcdef0123456789abcdef",
        Some("openai"),
        Some("https://openrouter.ai/api/v1"),
        &["sk-or-v1-0123456789abcdef0123456789abcdef"],
        &[],
        Some("openrouter"),
    ),
    (
        "gsk_0123456789abcdefghij",
        Some("openai"),
        Some("https://api.groq.com/openai/v1"),
        &["gsk_0123456789abcdefghij"],
        &[],
        Some("groq"),
    ),
    ("sk-0123456789abcdef", None, None, &["sk-0123456789abcdef"], &[], None),
    // env blocks
    (
        "export OPENAI_API_KEY=sk-0123456789abcdef\nexport OPENAI_BASE_URL=https://relay.example.org/v1",
        Some("openai"),
        Some("https://relay.example.org/v1"),
        &["sk-0123456789abcdef"],
        &[],
        None,
    ),
    (
        "OPENAI_API_KEY=sk-0123456789abcdef",
        Some("openai"),
        Some("https://api.openai.com/v1"),
        &["sk-0123456789abcdef"],
        &[],
        Some("openai"),
    ),
    (
        "set ANTHROPIC_BASE_URL=https://relay.example.org\r\nset ANTHROPIC_AUTH_TOKEN=tok_0123456789",
        Some("anthropic"),
        Some("https://relay.example.org"),
        &["tok_0123456789"],
        &[],
        None,
    ),
    (
        "$env:ANTHROPIC_API_KEY = \"sk-ant-0123456789abcdef\"",
        Some("anthropic"),
        Some("https://api.anthropic.com"),
        &["sk-ant-0123456789abcdef"],
        &[],
        Some("anthropic"),
    ),
    (
        "GEMINI_API_KEY='AIzaSyA0123456789abcdefghijklmnop'\nGEMINI_MODEL=gemini-3-pro",
        Some("gemini"),
        Some("https://generativelanguage.googleapis.com"),
        &["AIzaSyA0123456789abcdefghijklmnop"],
        &["gemini-3-pro"],
        Some("gemini"),
    ),
    (
        "DEEPSEEK_API_KEY=0123456789abcdef0123456789abcdef",
        Some("openai"),
        Some("https://api.deepseek.com/v1"),
        &["0123456789abcdef0123456789abcdef"],
        &[],
        Some("deepseek"),
    ),
    (
        "ANTHROPIC_BASE_URL=https://api.deepseek.com/anthropic\nANTHROPIC_AUTH_TOKEN=sk-0123456789abcdef\nANTHROPIC_MODEL=deepseek-chat",
        Some("anthropic"),
        Some("https://api.deepseek.com/anthropic"),
        &["sk-0123456789abcdef"],
        &["deepseek-chat"],
        Some("deepseek"),
    ),
    (
        "environment:\n  - XAI_API_KEY=xai-0123456789abcdef",
        Some("openai"),
        Some("https://api.x.ai/v1"),
        &["xai-0123456789abcdef"],
        &[],
        Some("xai"),
    ),
    // curl
    (
        "curl https://api.openai.com/v1/responses -H \"Content-Type: application/json\" -H \"Authorization: Bearer sk-proj-0123456789abcdef\" -d '{\"model\": \"gpt-5.2\", \"input\": \"hi\"}'",
        Some("openai"),
        Some("https://api.openai.com/v1"),
        &["sk-proj-0123456789abcdef"],
        &["gpt-5.2"],
        Some("openai"),
    ),
    (
        "curl --location 'https://relay.example.org/v1/chat/completions' \\\n  --header 'Authorization: Bearer sk-0123456789abcdef' \\\n  --data '{\"model\":\"deepseek-chat\",\"messages\":[]}'",
        Some("openai"),
        Some("https://relay.example.org/v1"),
        &["sk-0123456789abcdef"],
        &["deepseek-chat"],
        None,
    ),
    (
        "curl https://api.anthropic.com/v1/messages --header \"x-api-key: sk-ant-0123456789abcdef\" --header \"anthropic-version: 2023-06-01\" --data '{\"model\": \"claude-opus-4-5\", \"max_tokens\": 9}'",
        Some("anthropic"),
        Some("https://api.anthropic.com/v1"),
        &["sk-ant-0123456789abcdef"],
        &["claude-opus-4-5"],
        Some("anthropic"),
    ),
    (
        "curl \"https://generativelanguage.googleapis.com/v1beta/models/gemini-3-pro:generateContent?key=AIzaSyA0123456789abcdefghijklmnop\" -d '{}'",
        Some("gemini"),
        Some("https://generativelanguage.googleapis.com/v1beta"),
        &["AIzaSyA0123456789abcdefghijklmnop"],
        &["gemini-3-pro"],
        Some("gemini"),
    ),
    (
        "curl https://api.openai.com/v1/chat/completions -H 'Authorization: Bearer $OPENAI_API_KEY' -d '{\"model\":\"gpt-5.2\"}'",
        Some("openai"),
        Some("https://api.openai.com/v1"),
        &[],
        &["gpt-5.2"],
        Some("openai"),
    ),
    (
        "curl.exe -X POST ^\r\n -Hx-goog-api-key:AIzaSyA0123456789abcdefghijklmnop ^\r\n https://relay.example.org/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse",
        Some("gemini"),
        Some("https://relay.example.org/v1beta"),
        &["AIzaSyA0123456789abcdefghijklmnop"],
        &["gemini-3-pro"],
        None,
    ),
    (
        "curl https://acme.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21 -H 'api-key: 0123456789abcdef0123456789abcdef' -d '{}'",
        Some("azure"),
        Some("https://acme.openai.azure.com/openai/v1"),
        &["0123456789abcdef0123456789abcdef"],
        &["gpt-4o"],
        Some("azure"),
    ),
    // hosts that are known
    (
        "https://openrouter.ai sk-0123456789abcdef",
        Some("openai"),
        Some("https://openrouter.ai/api/v1"),
        &["sk-0123456789abcdef"],
        &[],
        Some("openrouter"),
    ),
    (
        "https://open.bigmodel.cn/api/anthropic 0123456789abcdef0123456789abcdef.AbCdEfGh01234567",
        Some("anthropic"),
        Some("https://open.bigmodel.cn/api/anthropic"),
        &["0123456789abcdef0123456789abcdef.AbCdEfGh01234567"],
        &[],
        Some("zhipu"),
    ),
    (
        "https://dashscope.aliyuncs.com/compatible-mode/v1\nsk-0123456789abcdef\nqwen3-max",
        Some("openai"),
        Some("https://dashscope.aliyuncs.com/compatible-mode/v1"),
        &["sk-0123456789abcdef"],
        &["qwen3-max"],
        Some("dashscope"),
    ),
    (
        "https://api.moonshot.cn sk-0123456789abcdef kimi-k2-0905-preview",
        Some("openai"),
        Some("https://api.moonshot.cn/v1"),
        &["sk-0123456789abcdef"],
        &["kimi-k2-0905-preview"],
        Some("moonshot"),
    ),
    (
        "https://api.mistral.ai/v1/chat/completions",
        Some("openai"),
        Some("https://api.mistral.ai/v1"),
        &[],
        &[],
        Some("mistral"),
    ),
    (
        "http://localhost:11434",
        Some("openai"),
        Some("http://localhost:11434/v1"),
        &[],
        &[],
        Some("ollama"),
    ),
    (
        "http://10.0.0.5:8000/v1",
        Some("openai"),
        Some("http://10.0.0.5:8000/v1"),
        &[],
        &[],
        Some("vllm"),
    ),
    (
        "https://chatgpt.com/backend-api/codex",
        Some("codex"),
        Some("https://chatgpt.com/backend-api/codex"),
        &[],
        &[],
        Some("codex"),
    ),
    // JSON
    (
        r#"{"env": {"ANTHROPIC_BASE_URL": "https://relay.example.org", "ANTHROPIC_AUTH_TOKEN": "sk-0123456789abcdef", "ANTHROPIC_MODEL": "claude-opus-4-5[1m]"}, "permissions": {"allow": []}}"#,
        Some("anthropic"),
        Some("https://relay.example.org"),
        &["sk-0123456789abcdef"],
        &["claude-opus-4-5"],
        None,
    ),
    (
        r#"{"name": "acme", "type": 14, "key": "sk-0123456789abcdef\nsk-fedcba9876543210", "base_url": "https://relay.example.org", "models": "claude-opus-4-5,claude-haiku-4-5", "group": "default"}"#,
        Some("anthropic"),
        Some("https://relay.example.org"),
        &["sk-0123456789abcdef", "sk-fedcba9876543210"],
        &["claude-opus-4-5", "claude-haiku-4-5"],
        None,
    ),
    (
        r#"[{"name": "a", "type": 1, "key": "sk-0123456789abcdef", "base_url": "https://a.example.org"}, {"name": "b", "key": "sk-fedcba9876543210", "base_url": "https://b.example.org"}]"#,
        Some("openai"),
        Some("https://a.example.org"),
        &["sk-0123456789abcdef"],
        &[],
        None,
    ),
    (
        r#"{"provider": {"acme": {"npm": "@ai-sdk/openai-compatible", "name": "Acme", "options": {"baseURL": "https://relay.example.org/v1", "apiKey": "sk-0123456789abcdef"}, "models": {"glm-5": {}, "kimi-k2": {}}}}}"#,
        Some("openai"),
        Some("https://relay.example.org/v1"),
        &["sk-0123456789abcdef"],
        &["glm-5", "kimi-k2"],
        None,
    ),
    (
        r#"{"providers": {"x": {"id": "x", "name": "X", "settingsConfig": {"env": {"ANTHROPIC_AUTH_TOKEN": "sk-0123456789abcdef", "ANTHROPIC_BASE_URL": "https://x.example.org"}}}, "y": {"id": "y", "name": "Y", "settingsConfig": {"env": {"ANTHROPIC_AUTH_TOKEN": "sk-fedcba9876543210", "ANTHROPIC_BASE_URL": "https://y.example.org"}}}}, "current": "y"}"#,
        Some("anthropic"),
        Some("https://y.example.org"),
        &["sk-fedcba9876543210"],
        &[],
        None,
    ),
    (
        r#"{"OPENAI_API_KEY": null, "tokens": {"id_token": "eyJpZA.aaaaaaaaaaaa.b", "access_token": "eyJhbGciOi.0123456789abcdef.sig", "refresh_token": "rt_0123456789abcdef", "account_id": "acc"}}"#,
        Some("codex"),
        Some("https://chatgpt.com/backend-api/codex"),
        &["eyJhbGciOi.0123456789abcdef.sig"],
        &[],
        Some("codex"),
    ),
    (
        r#"{"OPENAI_API_KEY": "sk-0123456789abcdef"}"#,
        Some("openai"),
        Some("https://api.openai.com/v1"),
        &["sk-0123456789abcdef"],
        &[],
        Some("openai"),
    ),
    // TOML, and TOML with the JSON beside it
    (
        "model = \"gpt-5.2-codex\"\nmodel_provider = \"acme\"\n\n[model_providers.acme]\nname = \"Acme\"\nbase_url = \"https://relay.example.org/v1\"\nenv_key = \"ACME_API_KEY\"\nwire_api = \"responses\"\n",
        Some("openai"),
        Some("https://relay.example.org/v1"),
        &[],
        &["gpt-5.2-codex"],
        None,
    ),
    (
        "model = \"gpt-5.2\"\n[model_providers.acme]\nbase_url = \"https://relay.example.org/v1\"\nwire_api = \"responses\"\n\n{\n  \"OPENAI_API_KEY\": \"sk-0123456789abcdef\"\n}\n",
        Some("openai"),
        Some("https://relay.example.org/v1"),
        &["sk-0123456789abcdef"],
        &["gpt-5.2"],
        None,
    ),
    // Python
    (
        "client = OpenAI(\n    api_key=\"sk-0123456789abcdef\",\n    base_url=\"https://relay.example.org/v1\",\n)",
        Some("openai"),
        Some("https://relay.example.org/v1"),
        &["sk-0123456789abcdef"],
        &[],
        None,
    ),
    // nothing of the kind
    ("", None, None, &[], &[], None),
    ("please help me", None, None, &[], &[], None),
    ("{}", None, None, &[], &[], None),
];

#[test]
fn everything_people_paste_is_understood() {
    for (text, kind, base_url, keys, models, preset) in SAMPLES {
        let found = detect(text);
        let found_keys: Vec<&str> = found.keys.iter().map(|key| key.reveal().as_str()).collect();
        assert_eq!(found.kind.map(ChannelKind::as_str), *kind, "kind of {text}");
        assert_eq!(found.base_url.as_deref(), *base_url, "base URL of {text}");
        assert_eq!(found_keys, *keys, "keys of {text}");
        assert_eq!(found.models, *models, "models of {text}");
        assert_eq!(found.preset, *preset, "preset of {text}");
        assert_eq!(found.kind.is_some(), !found.dialects.is_empty(), "dialects of {text}");
    }
}

#[test]
fn the_notes_say_what_a_person_should_know() {
    for (text, note) in [
        ("hello", Note::NothingFound),
        ("sk-0123456789abcdef", Note::NoUrl),
        ("https://relay.example.org/v1", Note::NoKey),
        ("OPENAI_API_KEY=your_api_key_here", Note::PlaceholderKey),
        (
            "curl https://a.example.org/v1/models -H 'Authorization: Bearer $KEY'",
            Note::PlaceholderKey,
        ),
        ("https://a.example.org sk-0123456789abcdef sk-fedcba9876543210", Note::SeveralKeys),
        ("https://a.example.org https://b.example.org", Note::SeveralUrls),
        ("https://relay.example.org sk-0123456789abcdef", Note::KindGuessed),
        ("https://relay.example.org/v1/chat/completions", Note::PathRemoved),
        ("https://relay.example.org/v1?key=0123456789", Note::KeyInUrl),
        ("http://relay.example.org/v1", Note::PlainHttp),
        ("OPENAI_API_KEY=sk-0123456789abcdef", Note::DefaultUrl),
        (r#"{"tokens": {"access_token": "eyJhbGciOi.0123456789abcdef.s"}}"#, Note::OauthToken),
        (
            r#"[{"key": "sk-0123456789abcdef", "base_url": "https://a.example.org"}, {"key": "k", "base_url": "https://b.example.org"}]"#,
            Note::SeveralChannels,
        ),
    ] {
        assert!(detect(text).notes.contains(&note), "{text}: {:?}", detect(text).notes);
    }
}

#[test]
fn a_call_that_was_pasted_tells_the_dialect() {
    for (text, expected) in [
        ("https://relay.example.org/v1/responses", &[DialectId::Responses][..]),
        ("https://relay.example.org/v1/chat/completions", &[DialectId::Chat]),
        ("https://relay.example.org/v1/messages", &[DialectId::Messages]),
        ("https://relay.example.org/v1", &[DialectId::Responses, DialectId::Chat]),
        ("https://api.openai.com/v1/chat/completions", &[DialectId::Responses, DialectId::Chat]),
    ] {
        assert_eq!(detect(text).dialects, expected, "{text}");
    }
}

#[test]
fn hostile_text_is_read_within_bounds() {
    let deep = "[".repeat(70_000);
    let open = "{\"a\":".repeat(14_000);
    let quotes = "curl ".to_owned() + &"'\"\\".repeat(20_000);
    let urls = "https://a.example.org/ ".repeat(4_000);
    let keys: Vec<String> = (0..3_000).map(|n| format!("sk-0123456789abcdef{n}")).collect();
    let keys = keys.join(" ");
    let wide = "é".repeat(40_000);
    for text in [deep, open, quotes, urls, keys, wide, "\0".repeat(70_000), "http".repeat(20_000)] {
        let found = detect(&text);
        assert!(found.keys.len() <= MOST_ITEMS && found.models.len() <= MOST_ITEMS);
    }
}

#[test]
fn what_was_found_shows_no_key() {
    let found = detect("https://relay.example.org sk-canary-0123456789abcdef");
    assert_eq!(found.keys.len(), 1);
    assert!(!format!("{found:?}").contains("canary"));
}
