/**
 * Aider.
 * Measured 2026-11-20 with 0.86.2: Chat Completions through LiteLLM, the model as `openai/<name>`,
 * OPENAI_API_BASE. The names in the file are from others' set-ups on GitHub.
 */

import { homePath, runWith, shellLanguage, unsetVariables, word } from "./environment";
import { json } from "./quote";
import type { Template } from "./recipe";

export const aider: Template = {
  id: "aider",
  evidence: "reported",
  name: "Aider",
  family: "agents",
  dialects: ["chat"],
  usesShell: true,
  build({ os, origin, key, models }) {
    const language = shellLanguage[os];
    const model = `openai/${models[0].name}`;
    const variables: [string, string][] = [
      ["OPENAI_API_BASE", `${origin}/v1`],
      ["OPENAI_API_KEY", key],
    ];
    return {
      blocks: [
        {
          id: "config",
          title: "config",
          path: homePath(os, ".aider.conf.yml"),
          language: "yaml",
          text: `model: ${json(model)}
openai-api-base: ${json(`${origin}/v1`)}
openai-api-key: ${json(key)}
`,
          download: ".aider.conf.yml",
          changes: "key_in_file",
          merge: "yaml",
        },
        {
          id: "verify",
          title: "verify",
          language,
          text: 'aider --no-git --message "Say hello"\n',
          expect: "answer",
        },
        {
          id: "once",
          title: "once",
          language,
          text: runWith(
            os,
            variables,
            [],
            `aider --no-git --model ${word(os, model)} --message "Say hello"`,
          ),
          changes: os === "macos_linux" ? "nothing" : "this_window",
        },
        {
          id: "undo",
          title: "undo",
          language,
          text: unsetVariables(
            os,
            variables.map(([name]) => name),
          ),
          merge: "remove_from_file",
        },
      ],
      notes: ["aider_prefix"],
    };
  },
};
