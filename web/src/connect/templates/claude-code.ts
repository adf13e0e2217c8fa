/**
 * Claude Code.
 * Measured 2026-11-20 with 2.1.329: the address is without /v1, ANTHROPIC_AUTH_TOKEN is sent as Bearer and
 * wins over a log-in; the lines of /status are from https://code.claude.com/docs/en/llm-gateway-connect
 */

import {
  homePath,
  runWith,
  setVariables,
  shellLanguage,
  unsetVariables,
  word,
} from "./environment";
import { prettyJson } from "./quote";
import type { Template } from "./recipe";
import type { Model, Target } from "./target";

const tiers = ["opus", "sonnet", "haiku"] as const;

/** Which model stands behind each of Claude Code's own names: the first that carries the name, else the chosen one. */
function tierModels(models: Target["models"]): [string, string][] {
  const named = (tier: string) => models.find((model: Model) => model.name.includes(tier));
  return tiers.map((tier) => [
    `ANTHROPIC_DEFAULT_${tier.toUpperCase()}_MODEL`,
    (named(tier) ?? models[0]).name,
  ]);
}

export const claudeCode: Template = {
  id: "claude_code",
  evidence: "measured",
  name: "Claude Code",
  family: "agents",
  dialects: ["messages"],
  usesShell: true,
  build(target) {
    const { os, origin, key } = target;
    const language = shellLanguage[os];
    const access: [string, string][] = [
      ["ANTHROPIC_BASE_URL", origin],
      ["ANTHROPIC_AUTH_TOKEN", key],
    ];
    const all = [...access, ...tierModels(target.models)];
    const names = all.map(([name]) => name);
    const model = word(os, target.models[0].name);
    return {
      blocks: [
        {
          id: "settings",
          title: "config",
          path: homePath(os, ".claude/settings.json"),
          language: "json",
          text: prettyJson({ env: Object.fromEntries(all) }),
          download: "settings.json",
          changes: "key_in_file",
          merge: "json_env",
        },
        {
          id: "set",
          title: "set_instead",
          language,
          text: unsetVariables(os, ["ANTHROPIC_API_KEY"]) + setVariables(os, all),
          changes: "this_window",
        },
        {
          id: "verify",
          title: "verify",
          language,
          text: 'claude -p "Say hello"\n',
          expect: "claude_status",
        },
        {
          id: "once",
          title: "once",
          language,
          text: runWith(
            os,
            access,
            ["ANTHROPIC_API_KEY"],
            `claude -p --model ${model} "Say hello"`,
          ),
          changes: os === "macos_linux" ? "nothing" : "this_window",
        },
        {
          id: "undo",
          title: "undo",
          language,
          text: unsetVariables(os, names),
          merge: "remove_from_file",
        },
      ],
      notes: ["claude_no_version", "claude_api_key", "claude_project"],
    };
  },
};
