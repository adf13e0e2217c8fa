/** Texts to copy: what a person puts into files and shells. Never translated. */

export interface Snippet {
  /** Tells snippets of one client apart. */
  id: "file" | "shell" | "verify";
  text: string;
}

export const clients = ["codex", "claude", "gemini", "curl"] as const;
export type Client = (typeof clients)[number];

/** Stands where the person's own key goes. */
export const keyPlaceholder = "sk_…";

/** The smallest whole configuration: one channel, one user, one key. */
export const manifest = `version = 1

[[channel]]
name = "openai"
kind = "openai"
base_url = "https://api.openai.com/v1"
credentials = [{ key = "env:OPENAI_API_KEY" }]
models = ["gpt-5.2"]

[[user]]
username = "ana"

[[api_key]]
user = "ana"
name = "laptop"
`;

export const apply = `export OPENAI_API_KEY=…
target/release/realms apply manifest.toml
`;

/** What a client needs to speak to this server. `origin` has no slash at its end. */
export function snippetsFor(client: Client, origin: string): Snippet[] {
  switch (client) {
    case "codex":
      return [
        { id: "file", text: codexFile(origin) },
        { id: "shell", text: `export LLM_API_KEY=${keyPlaceholder}\n` },
        { id: "verify", text: 'codex exec "Say hello"\n' },
      ];
    case "claude":
      return [
        {
          id: "shell",
          text: `unset ANTHROPIC_API_KEY
export ANTHROPIC_BASE_URL=${origin}
export ANTHROPIC_AUTH_TOKEN=${keyPlaceholder}
`,
        },
        { id: "verify", text: 'claude -p "Say hello"\n' },
      ];
    case "gemini":
      return [
        {
          id: "shell",
          text: `export GOOGLE_GEMINI_BASE_URL=${origin}
export GEMINI_API_KEY=${keyPlaceholder}
`,
        },
        { id: "verify", text: 'gemini -p "Say hello"\n' },
      ];
    case "curl":
      return [
        {
          id: "shell",
          text: `curl -N ${origin}/v1/responses \\
  -H "authorization: Bearer ${keyPlaceholder}" \\
  -H "content-type: application/json" \\
  -d '{"model": "gpt-5.2", "input": "Say hello", "stream": true}'
`,
        },
      ];
  }
}

function codexFile(origin: string): string {
  return `model = "gpt-5.2"
model_provider = "realms"

[model_providers.realms]
name = "Realms"
base_url = "${origin}/v1"
env_key = "LLM_API_KEY"
wire_api = "responses"
`;
}

/** Whether keys sent to this address cross a network unencrypted. */
export function isInsecure(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  const loopback = hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
  return protocol === "http:" && !loopback;
}
