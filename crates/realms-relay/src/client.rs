//! Which program called, read from what it calls itself.

use std::fmt;

/// A program that calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// A stable word, stored and counted; `other` for what is not known.
    pub word: &'static str,
    /// Its name for people; for what is not known, its own word for itself.
    pub name: String,
    /// Its version, if it says so.
    pub version: Option<String>,
}

/// How a user agent begins one of its words, in lower case, with the program it belongs to. The first
/// that is found counts: a program stands before the library it is built on, the library before its
/// language.
const KNOWN: &[(&str, &str, &str)] = &[
    ("codex_cli_rs", "codex_cli", "Codex CLI"),
    ("codex_exec", "codex_cli", "Codex CLI"),
    ("codex-tui", "codex_cli", "Codex CLI"),
    ("codex_vscode", "codex_vscode", "Codex for VS Code"),
    ("codex_sdk", "codex_cli", "Codex SDK"),
    ("codex desktop", "codex_desktop", "Codex Desktop"),
    ("claude-cli", "claude_code", "Claude Code"),
    ("claude-code", "claude_code", "Claude Code"),
    ("claude-vscode", "claude_code", "Claude Code"),
    ("geminicli-tui", "gemini_cli", "Gemini CLI"),
    ("geminicli", "gemini_cli", "Gemini CLI"),
    ("opencode", "opencode", "opencode"),
    ("qwencode", "qwen_code", "Qwen Code"),
    ("aider", "aider", "aider"),
    ("cline", "cline", "Cline"),
    ("roocode", "roo_code", "Roo Code"),
    ("roo-code", "roo_code", "Roo Code"),
    ("kilo-code", "kilo_code", "Kilo Code"),
    ("cursor", "cursor", "Cursor"),
    ("zed", "zed", "Zed"),
    ("goose", "goose", "goose"),
    ("crush", "crush", "Crush"),
    ("cherrystudio", "cherry_studio", "Cherry Studio"),
    ("lobechat", "lobe_chat", "LobeChat"),
    ("open webui", "open_webui", "Open WebUI"),
    ("litellm", "litellm", "LiteLLM"),
    ("langchain", "langchain", "LangChain"),
    ("pydantic-ai", "pydantic_ai", "Pydantic AI"),
    ("agents/python", "openai_agents", "OpenAI Agents"),
    ("ai", "ai_sdk", "AI SDK"),
    ("ai-sdk", "ai_sdk", "AI SDK"),
    ("google-genai-sdk", "google_genai", "Google Gen AI"),
    ("asyncopenai/python", "openai_python", "OpenAI Python"),
    ("openai/python", "openai_python", "OpenAI Python"),
    ("openai/js", "openai_js", "OpenAI JS"),
    ("openai-go", "openai_go", "OpenAI Go"),
    ("openai/go", "openai_go", "OpenAI Go"),
    ("openai/java", "openai_java", "OpenAI Java"),
    ("asyncanthropic/python", "anthropic_python", "Anthropic Python"),
    ("anthropic/python", "anthropic_python", "Anthropic Python"),
    ("anthropic/js", "anthropic_js", "Anthropic JS"),
    ("anthropic/go", "anthropic_go", "Anthropic Go"),
    ("curl", "curl", "curl"),
    ("postmanruntime", "postman", "Postman"),
    ("python-requests", "python", "Python requests"),
    ("python-httpx", "python", "Python HTTPX"),
    ("aiohttp", "python", "Python aiohttp"),
    ("python", "python", "Python"),
    ("go-http-client", "go", "Go"),
    ("okhttp", "java", "OkHttp"),
    ("java", "java", "Java"),
    ("axios", "node", "axios"),
    ("undici", "node", "Node.js"),
    ("node-fetch", "node", "node-fetch"),
    ("node", "node", "Node.js"),
    ("deno", "node", "Deno"),
    ("bun", "node", "Bun"),
    ("mozilla", "browser", "Browser"),
];

/// Longest own word of an unknown program, and longest version, in characters.
const LONGEST: usize = 32;

// === impl Client ===

impl Client {
    /// Reads a user agent.
    pub fn read(user_agent: &str) -> Self {
        let lower = user_agent.to_ascii_lowercase();
        let starts: Vec<usize> = starts(&lower).collect();
        for (begin, word, name) in KNOWN {
            if let Some(end) = end_of(&lower, &starts, begin) {
                let version = version(&user_agent[end..]).filter(|_| *word != "browser");
                return Self { word, name: (*name).to_owned(), version };
            }
        }
        let own = user_agent.split([' ', '/', '(', ';']).next().unwrap_or_default();
        let plain = |letter: &char| letter.is_ascii_graphic();
        let name: String = own.chars().filter(plain).take(LONGEST).collect();
        let version = version(&user_agent[own.len()..]).filter(|_| !name.is_empty());
        Self { word: "other", name, version }
    }

    /// The words of all programs that are known.
    pub fn words() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|(_, word, _)| *word)
    }

    /// What people call the program behind a stored word; `None`: nothing is known of it.
    pub fn name_of(word: &str) -> Option<&'static str> {
        let own = KNOWN.iter().find(|(begin, known, _)| begin == known && *known == word);
        let first = || KNOWN.iter().find(|(_, known, _)| *known == word);
        own.or_else(first).map(|(.., name)| *name)
    }
}

impl fmt::Display for Client {
    /// Such as `Codex CLI 0.169.0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.version {
            Some(version) => write!(f, " {version}"),
            None => Ok(()),
        }
    }
}

/// Where words of the text start.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    let inner = text.bytes().enumerate().filter(|(_, byte)| parts(*byte)).map(|(at, _)| at + 1);
    std::iter::once(0).chain(inner)
}

const fn parts(byte: u8) -> bool {
    matches!(byte, b' ' | b'(' | b')' | b';' | b',')
}

/// Where this word ends, if it is among the words that start here.
fn end_of(text: &str, starts: &[usize], word: &str) -> Option<usize> {
    let found = starts.iter().find(|start| {
        let after = text[**start..].strip_prefix(word).map(|rest| rest.bytes().next());
        after.is_some_and(|next| next.is_none_or(|byte| byte == b'/' || parts(byte)))
    });
    found.map(|start| start + word.len())
}

/// The version that follows a name: `/1.2.3`, ` 1.2.3`, `/v1.2.3`, `/JS 1.2.3`.
fn version(rest: &str) -> Option<String> {
    let rest = rest.strip_prefix(['/', ' '])?;
    let rest = rest.strip_prefix('v').unwrap_or(rest);
    let own =
        |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '+' | '_');
    let version: String = rest.chars().take_while(own).take(LONGEST).collect();
    version.starts_with(|letter: char| letter.is_ascii_digit()).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_the_name_of_its_program() {
        assert_eq!(Client::name_of("codex_cli"), Some("Codex CLI"));
        assert_eq!(Client::name_of("python"), Some("Python"), "not that of one library");
        assert_eq!(Client::name_of("other"), None);
    }

    #[test]
    fn clients_are_known_by_what_they_call_themselves() {
        for (agent, word, shown) in [
            (
                "codex_exec/0.169.0 (Debian 12.0.0; x86_64) unknown (codex_exec; 0.169.0)",
                "codex_cli",
                "Codex CLI 0.169.0",
            ),
            ("codex_cli_rs/0.77.0 (Debian 12; x86_64)", "codex_cli", "Codex CLI 0.77.0"),
            ("claude-cli/2.1.329 (external, sdk-cli)", "claude_code", "Claude Code 2.1.329"),
            ("claude-code/2.1.329", "claude_code", "Claude Code 2.1.329"),
            (
                "GeminiCLI-tui/0.61.0/gemini-3.8-flash (linux; x64; terminal)",
                "gemini_cli",
                "Gemini CLI 0.61.0",
            ),
            (
                "opencode/1.18.33 ai-sdk/provider-utils/4.0.1 runtime/bun/1.3.0",
                "opencode",
                "opencode 1.18.33",
            ),
            ("QwenCode/0.24.4 (linux; x64)", "qwen_code", "Qwen Code 0.24.4"),
            ("OpenAI/Python 3.52.0", "openai_python", "OpenAI Python 3.52.0"),
            ("AsyncOpenAI/Python 1.109.1", "openai_python", "OpenAI Python 1.109.1"),
            ("OpenAI/JS 7.55.0", "openai_js", "OpenAI JS 7.55.0"),
            ("Anthropic/Python 2.11.0", "anthropic_python", "Anthropic Python 2.11.0"),
            ("AsyncAnthropic/Python 0.75.0", "anthropic_python", "Anthropic Python 0.75.0"),
            ("Anthropic/JS 1.11.0", "anthropic_js", "Anthropic JS 1.11.0"),
            ("google-genai-sdk/3.4.0 gl-python/3.12.3", "google_genai", "Google Gen AI 3.4.0"),
            ("ai/7.0.173 ai-sdk/openai/4.0.118 runtime/node.js/24", "ai_sdk", "AI SDK 7.0.173"),
            ("ai-sdk/anthropic/4.0.105", "ai_sdk", "AI SDK"),
            ("litellm/1.106.2", "litellm", "LiteLLM 1.106.2"),
            ("Agents/Python 0.20.0", "openai_agents", "OpenAI Agents 0.20.0"),
            ("curl/8.5.0", "curl", "curl 8.5.0"),
            ("python-httpx/0.28.1", "python", "Python HTTPX 0.28.1"),
            ("Go-http-client/2.0", "go", "Go 2.0"),
            ("node", "node", "Node.js"),
            ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "browser", "Browser"),
            (
                "Mozilla/5.0 (Macintosh) AppleWebKit/537.36 CherryStudio/1.5.1 Electron/37",
                "cherry_studio",
                "Cherry Studio 1.5.1",
            ),
            ("MyBot/v2.1 (+https://example.org)", "other", "MyBot 2.1"),
            ("codexer/1", "other", "codexer 1"),
            ("", "other", ""),
            ("=cmd|' /C calc'!A0", "other", "=cmd|'"),
            ("机器人/1.0", "other", ""),
        ] {
            let client = Client::read(agent);
            assert_eq!((client.word, client.to_string().as_str()), (word, shown), "{agent}");
        }
    }

    #[test]
    fn every_word_fits_its_column_and_stands_in_the_table_in_lower_case() {
        for (begin, word, _) in KNOWN {
            assert!(word.len() <= 32 && !word.is_empty());
            assert_eq!(*begin, begin.to_lowercase());
        }
    }
}
