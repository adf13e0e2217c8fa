/**
 * Editors and their extensions that speak Chat Completions. None of them was run.
 * From their documentation: https://docs.cline.bot/provider-config/openai-compatible,
 * https://docs.roocode.com/providers/openai-compatible, https://kilo.ai/docs/providers/openai-compatible,
 * https://docs.continue.dev/customize/model-providers/top-level/openai, https://zed.dev/docs/ai/use-a-gateway.
 * From others' guides: Cursor (its servers call the address), https://www.tokenbay.com/docs/tools/cursor; the
 * name of Zed's variable, https://docs.merge.dev/merge-gateway/coding-agents/zed. Looked up 2026-11-24.
 */

import {
  forgetVariables,
  homePath,
  keepVariables,
  profilePath,
  shellLanguage,
} from "./environment";
import { json, prettyJson } from "./quote";
import { type Evidence, type Field, fieldsText, type NoteKey, type Template } from "./recipe";
import { keyVariable, type Target } from "./target";

const shared = { family: "editors", dialects: ["chat"] } as const;

/** A program whose settings are a form. */
function form(
  id: string,
  name: string,
  path: string,
  fields: (target: Target) => Field[],
  notes: readonly NoteKey[],
  evidence: Evidence,
): Template {
  return {
    ...shared,
    id,
    name,
    evidence,
    usesShell: false,
    build: (target) => ({
      blocks: [
        {
          id: "fields",
          title: "fields",
          path,
          language: "fields",
          text: fieldsText(fields(target)),
          fields: fields(target),
        },
      ],
      notes,
    }),
  };
}

const compatible = ({ origin, key, models }: Target): Field[] => [
  { name: "API Provider", value: "OpenAI Compatible" },
  { name: "Base URL", value: `${origin}/v1` },
  { name: "API Key", value: key },
  { name: "Model ID", value: models[0].name },
];

export const cursor = form(
  "cursor",
  "Cursor",
  "Cursor Settings → Models → API Keys",
  ({ origin, key, models }) => [
    { name: "OpenAI API Key", value: key },
    { name: "Override OpenAI Base URL", value: `${origin}/v1` },
    ...models.map((model) => ({ name: "Add Custom Model", value: model.name })),
  ],
  ["cursor_servers", "cursor_all_models", "cursor_agent"],
  "reported",
);

export const cline = form(
  "cline",
  "Cline",
  "Cline → Settings",
  compatible,
  ["undo_form"],
  "documented",
);
export const roo = form(
  "roo",
  "Roo Code",
  "Roo Code → Settings → Providers",
  compatible,
  ["undo_form"],
  "documented",
);
export const kilo = form(
  "kilo",
  "Kilo Code",
  "Kilo Code → Settings → Providers",
  compatible,
  ["undo_form"],
  "documented",
);

export const continueDev: Template = {
  ...shared,
  id: "continue",
  evidence: "documented",
  name: "Continue",
  usesShell: true,
  build: ({ os, origin, key, models }) => ({
    blocks: [
      {
        id: "config",
        title: "config",
        path: homePath(os, ".continue/config.yaml"),
        language: "yaml",
        text: `name: Realms
version: 0.0.1
schema: v1
models:
${models
  .map(
    (model) => `  - name: ${json(model.name)}
    provider: openai
    model: ${json(model.name)}
    apiBase: ${json(`${origin}/v1`)}
    apiKey: ${json(key)}
    roles: [chat, edit, apply]
`,
  )
  .join("")}`,
        download: "config.yaml",
        changes: "key_in_file",
        merge: "yaml_models",
      },
    ],
    notes: ["undo_file"],
  }),
};

export const zed: Template = {
  ...shared,
  id: "zed",
  evidence: "documented",
  name: "Zed",
  usesShell: true,
  build: ({ os, origin, key, models }) => ({
    blocks: [
      {
        id: "settings",
        title: "config",
        path:
          os === "macos_linux" ? "~/.config/zed/settings.json" : "%APPDATA%\\Zed\\settings.json",
        language: "json",
        text: prettyJson({
          language_models: {
            openai_compatible: {
              Realms: {
                api_url: `${origin}/v1`,
                available_models: models.map((model) => ({
                  name: model.name,
                  display_name: model.name,
                  max_tokens: 128_000,
                })),
              },
            },
          },
        }),
        download: "settings.json",
        merge: "json",
      },
      {
        id: "keep",
        title: "keep",
        language: shellLanguage[os],
        text: keepVariables(os, [[keyVariable, key]]),
        changes: "every_window",
        ...(profilePath[os] !== undefined && { path: profilePath[os], merge: "append" }),
      },
      {
        id: "undo",
        title: "undo",
        language: shellLanguage[os],
        text: forgetVariables(os, [keyVariable]),
        merge: "remove_from_file",
      },
    ],
    notes: ["zed_key", "zed_context"],
  }),
};
