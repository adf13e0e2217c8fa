//! How each agent is set up, called and understood.

use realms_testkit::ToolCall;
use serde_json::{Value, json};

use crate::sandbox::{Run, Sandbox};

/// A program that answers a prompt on the command line and may run commands to do so.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Agent {
    Codex,
    ClaudeCode,
    GeminiCli,
}

/// What an agent told at the end.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) text: String,
    /// Input read from the cache, over all turns.
    pub(crate) cached: u64,
}

const CODEX: [&str; 4] =
    ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "--json"];
const CODEX_QUIET: &str = "check_for_update_on_startup = false\n[analytics]\nenabled = false\n";

// === impl Agent ===

impl Agent {
    /// A model's name that the agent gives no special treatment.
    pub(crate) const fn model(self) -> &'static str {
        match self {
            Self::Codex => "gpt-5.2",
            Self::ClaudeCode => "claude-opus-4-5",
            Self::GeminiCli => "gemini-3-pro",
        }
    }

    /// The kind of channel that speaks its dialect.
    pub(crate) const fn channel_kind(self) -> &'static str {
        match self {
            Self::Codex => "openai",
            Self::ClaudeCode => "anthropic",
            Self::GeminiCli => "gemini",
        }
    }

    /// A call of the agent's own shell tool.
    pub(crate) fn shell(self, command: &str) -> ToolCall {
        let (name, arguments) = match self {
            Self::Codex => ("exec_command", json!({"cmd": command})),
            Self::ClaudeCode => ("Bash", json!({"command": command, "description": "Marks."})),
            Self::GeminiCli => {
                ("run_shell_command", json!({"command": command, "description": "Marks."}))
            }
        };
        ToolCall::function(name, arguments)
    }

    /// Lets the agent answer one prompt.
    pub(crate) async fn ask(self, sandbox: &Sandbox, url: &str, key: &str, prompt: &str) -> Told {
        let run = self.run(sandbox, url, key, prompt).await.expect_success();
        self.told(&run).unwrap_or_else(|| panic!("{self:?} told no answer: {run}"))
    }

    /// Runs the agent on one prompt to its end, good or bad.
    pub(crate) async fn run(self, sandbox: &Sandbox, url: &str, key: &str, prompt: &str) -> Run {
        match self {
            Self::Codex => run_codex(sandbox, url, key, prompt).await,
            Self::ClaudeCode => run_claude_code(sandbox, url, key, prompt).await,
            Self::GeminiCli => run_gemini_cli(sandbox, url, key, prompt).await,
        }
    }

    fn told(self, run: &Run) -> Option<Told> {
        match self {
            Self::Codex => told_by_codex(&run.json_lines()),
            Self::ClaudeCode => {
                let told = run.json();
                Some(Told {
                    text: told["result"].as_str()?.to_owned(),
                    cached: told["usage"]["cache_read_input_tokens"].as_u64()?,
                })
            }
            Self::GeminiCli => {
                let told = run.json();
                // Counted by the vendor's name of the model, which the answers carry unchanged.
                let models = told["stats"]["models"].as_object()?.values();
                let cached = models.filter_map(|model| model["tokens"]["cached"].as_u64()).sum();
                Some(Told { text: told["response"].as_str()?.to_owned(), cached })
            }
        }
    }
}

/// Codex with a provider of our own: HTTP from the first call on.
async fn run_codex(sandbox: &Sandbox, url: &str, key: &str, prompt: &str) -> Run {
    let model = Agent::Codex.model();
    let provider = format!(
        r#"[model_providers.realms]
name = "Realms"
base_url = "{url}/v1"
env_key = "REALMS_KEY"
wire_api = "responses"
"#
    );
    let config =
        format!("model = \"{model}\"\nmodel_provider = \"realms\"\n{CODEX_QUIET}{provider}");
    sandbox.write_home(".codex/config.toml", &config);
    sandbox.run("codex", &[&CODEX[..], &[prompt]].concat(), &[("REALMS_KEY", key)]).await
}

/// Codex with its built-in provider sent to another address: over a WebSocket.
pub(super) async fn ask_codex_built_in(
    sandbox: &Sandbox,
    url: &str,
    key: &str,
    model: &str,
) -> Told {
    let config = format!("model = \"{model}\"\nopenai_base_url = \"{url}/v1\"\n{CODEX_QUIET}");
    sandbox.write_home(".codex/config.toml", &config);
    let arguments = [&CODEX[..], &["Say hello."]].concat();
    let run = sandbox.run("codex", &arguments, &[("CODEX_API_KEY", key)]).await.expect_success();
    told_by_codex(&run.json_lines()).unwrap_or_else(|| panic!("Codex told no answer: {run}"))
}

fn told_by_codex(lines: &[Value]) -> Option<Told> {
    let said = lines.iter().rev().find(|line| line["item"]["type"] == "agent_message")?;
    let done = lines.iter().find(|line| line["type"] == "turn.completed")?;
    Some(Told {
        text: said["item"]["text"].as_str()?.to_owned(),
        cached: done["usage"]["cached_input_tokens"].as_u64()?,
    })
}

async fn run_claude_code(sandbox: &Sandbox, url: &str, key: &str, prompt: &str) -> Run {
    let model = Agent::ClaudeCode.model();
    let flags = ["-p", "--output-format", "json", "--dangerously-skip-permissions"];
    let arguments = [&flags[..], &["--model", model, prompt]].concat();
    let environment = [
        ("ANTHROPIC_BASE_URL", url),
        ("ANTHROPIC_AUTH_TOKEN", key),
        ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
        ("DISABLE_TELEMETRY", "1"),
        ("DISABLE_ERROR_REPORTING", "1"),
        ("DISABLE_AUTOUPDATER", "1"),
        // Without it the agent refuses to run its tools as root.
        ("IS_SANDBOX", "1"),
    ];
    sandbox.run("claude", &arguments, &environment).await
}

async fn run_gemini_cli(sandbox: &Sandbox, url: &str, key: &str, prompt: &str) -> Run {
    let settings = json!({
        "security": {"auth": {"selectedType": "gemini-api-key"}},
        "privacy": {"usageStatisticsEnabled": false},
        "general": {"enableAutoUpdate": false, "enableAutoUpdateNotification": false},
        "telemetry": {"enabled": false},
    });
    sandbox.write_home(".gemini/settings.json", &settings.to_string());
    let model = Agent::GeminiCli.model();
    let arguments = ["-m", model, "--yolo", "--output-format", "json", "-p", prompt];
    let environment = [
        ("GEMINI_API_KEY", key),
        ("GOOGLE_GEMINI_BASE_URL", url),
        ("GEMINI_CLI_TRUST_WORKSPACE", "true"),
    ];
    sandbox.run("gemini", &arguments, &environment).await
}
