/**
 * OpenCode.
 * Measured 2026-11-20 with 1.18.33: providers by npm package, the address with the version.
 * https://opencode.ai/docs/providers/#custom-provider
 */

import type { Dialect } from "@/api/types";
import {
  forgetVariables,
  homePath,
  keepVariables,
  profilePath,
  setVariables,
  shellLanguage,
  word,
} from "./environment";
import { prettyJson } from "./quote";
import type { Template } from "./recipe";
import { dialectOf, keyVariable, type Model } from "./target";

const dialects = ["responses", "messages", "gemini", "chat"] as const;

const packages: Record<Dialect, { npm: string; path: string }> = {
  responses: { npm: "@ai-sdk/openai", path: "/v1" },
  messages: { npm: "@ai-sdk/anthropic", path: "/v1" },
  gemini: { npm: "@ai-sdk/google", path: "/v1beta" },
  chat: { npm: "@ai-sdk/openai-compatible", path: "/v1" },
};

/** The provider that a model belongs to: one for each dialect in use. */
const providerOf = (model: Model) => `realms-${dialectOf(model, dialects) ?? "chat"}`;

export const opencode: Template = {
  id: "opencode",
  evidence: "measured",
  name: "OpenCode",
  family: "agents",
  dialects,
  usesShell: true,
  build({ os, origin, key, models }) {
    const language = shellLanguage[os];
    const variables = [[keyVariable, key]] as const;
    const used = dialects.filter((dialect) =>
      models.some((model) => dialectOf(model, dialects) === dialect),
    );
    const provider = used.map((dialect) => [
      `realms-${dialect}`,
      {
        npm: packages[dialect].npm,
        name: used.length > 1 ? `Realms (${dialect})` : "Realms",
        options: { baseURL: origin + packages[dialect].path, apiKey: `{env:${keyVariable}}` },
        models: Object.fromEntries(
          models
            .filter((model) => dialectOf(model, dialects) === dialect)
            .map((model) => [model.name, { name: model.name }]),
        ),
      },
    ]);
    const model = `${providerOf(models[0])}/${models[0].name}`;
    return {
      blocks: [
        {
          id: "config",
          title: "config",
          path: homePath(os, ".config/opencode/opencode.json"),
          language: "json",
          text: prettyJson({
            $schema: "https://opencode.ai/config.json",
            model,
            provider: Object.fromEntries(provider),
          }),
          download: "opencode.json",
          changes: "default_model",
          merge: "json",
        },
        {
          id: "set",
          title: "set",
          language,
          text: setVariables(os, variables),
          changes: "this_window",
        },
        {
          id: "keep",
          title: "keep",
          language,
          text: keepVariables(os, variables),
          changes: "every_window",
          ...(profilePath[os] !== undefined && { path: profilePath[os], merge: "append" }),
        },
        {
          id: "verify",
          title: "verify",
          language,
          text: `opencode run -m ${word(os, model)} "Say hello"\n`,
          expect: "answer",
        },
        {
          id: "undo",
          title: "undo",
          language,
          text: forgetVariables(os, [keyVariable]),
          merge: "remove_from_file",
        },
      ],
      notes: [],
    };
  },
};
