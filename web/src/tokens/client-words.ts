/** Programs that the server tells apart, by its words for them, with their own names: what is often meant. It knows more, and says so. */
import type { Suggestion } from "@/form/list-input";

const names: Readonly<Record<string, string>> = {
  claude_code: "Claude Code",
  codex_cli: "Codex CLI",
  codex_vscode: "Codex for VS Code",
  codex_desktop: "Codex Desktop",
  gemini_cli: "Gemini CLI",
  opencode: "opencode",
  qwen_code: "Qwen Code",
  aider: "aider",
  cline: "Cline",
  roo_code: "Roo Code",
  kilo_code: "Kilo Code",
  cursor: "Cursor",
  zed: "Zed",
  cherry_studio: "Cherry Studio",
  lobe_chat: "LobeChat",
  open_webui: "Open WebUI",
  langchain: "LangChain",
  litellm: "LiteLLM",
  openai_python: "OpenAI Python",
  openai_js: "OpenAI JS",
  anthropic_python: "Anthropic Python",
  anthropic_js: "Anthropic JS",
  google_genai: "Google Gen AI",
  curl: "curl",
};

export const clientSuggestions: readonly Suggestion[] = Object.entries(names).map(
  ([value, label]) => ({ value, label }),
);

/** What people call a program; its word where no name is known here. */
export const clientName = (word: string): string => names[word] ?? word;

/** The word for a program, whichever of the two was typed. */
export function clientWord(text: string): string {
  const named = clientSuggestions.find(({ label }) => label?.toLowerCase() === text.toLowerCase());
  return named?.value ?? text;
}
