/**
 * Gemini CLI.
 * Measured 2026-11-20 with 0.61.0: the address is without a version; the "auto" model asks a small model
 * first, so a model is named. Its docs/reference/configuration.md asks for https:// except on localhost; the
 * code of 0.61.0 (validateBaseUrl) does not insist.
 */

import { homePath, setVariables, shellLanguage, unsetVariables } from "./environment";
import { dotenv, prettyJson } from "./quote";
import type { Template } from "./recipe";

export const geminiCli: Template = {
  id: "gemini_cli",
  evidence: "measured",
  name: "Gemini CLI",
  family: "agents",
  dialects: ["gemini"],
  usesShell: true,
  build({ os, origin, key, models }) {
    const language = shellLanguage[os];
    const variables: [string, string][] = [
      ["GOOGLE_GEMINI_BASE_URL", origin],
      ["GEMINI_API_KEY", key],
      ["GEMINI_MODEL", models[0].name],
    ];
    return {
      blocks: [
        {
          id: "env",
          title: "key_file",
          path: homePath(os, ".gemini/.env"),
          language: "dotenv",
          text: variables.map(([name, value]) => `${name}=${dotenv(value)}\n`).join(""),
          changes: "key_in_file",
          merge: "append",
        },
        {
          id: "settings",
          title: "config",
          path: homePath(os, ".gemini/settings.json"),
          language: "json",
          text: prettyJson({ security: { auth: { selectedType: "gemini-api-key" } } }),
          download: "settings.json",
          changes: "log_in_kind",
          merge: "json",
        },
        {
          id: "set",
          title: "set_instead",
          language,
          text: setVariables(os, variables),
          changes: "this_window",
        },
        {
          id: "verify",
          title: "verify",
          language,
          text: 'gemini -p "Say hello"\n',
          expect: "answer",
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
      notes: ["gemini_no_version", "gemini_auth"],
    };
  },
};
