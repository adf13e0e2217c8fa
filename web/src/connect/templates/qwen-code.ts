/**
 * Qwen Code.
 * Measured 2026-11-20 with 0.24.4: it speaks Chat Completions. The file is from its documentation, not tried:
 * https://qwenlm.github.io/qwen-code-docs/en/users/configuration/model-providers/
 */

import { homePath, runWith, shellLanguage, unsetVariables, word } from "./environment";
import { prettyJson } from "./quote";
import type { Template } from "./recipe";
import { keyVariable } from "./target";

export const qwenCode: Template = {
  id: "qwen_code",
  evidence: "documented",
  name: "Qwen Code",
  family: "agents",
  dialects: ["chat"],
  usesShell: true,
  build({ os, origin, key, models }) {
    const language = shellLanguage[os];
    const once: [string, string][] = [
      ["OPENAI_BASE_URL", `${origin}/v1`],
      ["OPENAI_API_KEY", key],
      ["OPENAI_MODEL", models[0].name],
    ];
    return {
      blocks: [
        {
          id: "settings",
          title: "config",
          path: homePath(os, ".qwen/settings.json"),
          language: "json",
          text: prettyJson({
            env: { [keyVariable]: key },
            modelProviders: {
              openai: models.map((model) => ({
                id: model.name,
                name: model.name,
                baseUrl: `${origin}/v1`,
                envKey: keyVariable,
              })),
            },
            security: { auth: { selectedType: "openai" } },
            model: { name: models[0].name },
          }),
          download: "settings.json",
          changes: "key_in_file",
          merge: "json",
        },
        {
          id: "verify",
          title: "verify",
          language,
          text: `qwen -m ${word(os, models[0].name)} -p "Say hello"\n`,
          expect: "answer",
        },
        {
          id: "once",
          title: "once",
          language,
          text: runWith(os, once, [], 'qwen -p "Say hello"'),
          changes: os === "macos_linux" ? "nothing" : "this_window",
        },
        {
          id: "undo",
          title: "undo",
          language,
          text: unsetVariables(
            os,
            once.map(([name]) => name),
          ),
          merge: "remove_from_file",
        },
      ],
      notes: [],
    };
  },
};
