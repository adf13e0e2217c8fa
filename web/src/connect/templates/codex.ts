/**
 * Codex, as CLI and as extension of an editor.
 * Measured 2026-11-20 with codex 0.169.0: `wire_api` takes "responses" only, the key from `env_key`.
 * From its source (codex-rs/arg0/src/lib.rs): `~/.codex/.env` is read, except for names with CODEX_.
 * From https://github.com/openai/codex/blob/main/docs/config.md: `-c key=value`, where what is no TOML is a
 * string. The IDE extension was not run.
 */

import {
  forgetVariables,
  homePath,
  keepVariables,
  profilePath,
  runWith,
  setVariables,
  shellLanguage,
  word,
} from "./environment";
import { dotenv, toml } from "./quote";
import type { Recipe, Template } from "./recipe";
import { keyVariable, type Target } from "./target";

const dialects = ["responses"] as const;

function config(target: Target): string {
  return `model = ${toml(target.models[0].name)}
model_provider = "realms"

[model_providers.realms]
name = "Realms"
base_url = ${toml(`${target.origin}/v1`)}
env_key = "${keyVariable}"
wire_api = "responses"
`;
}

function build(target: Target): Recipe {
  const { os, origin, key } = target;
  const language = shellLanguage[os];
  const variables = [[keyVariable, key]] as const;
  const once = [
    "codex exec --skip-git-repo-check",
    `-m ${word(os, target.models[0].name)}`,
    "-c model_provider=realms",
    "-c model_providers.realms.name=Realms",
    `-c ${word(os, `model_providers.realms.base_url=${origin}/v1`)}`,
    `-c model_providers.realms.env_key=${keyVariable}`,
    "-c model_providers.realms.wire_api=responses",
    '"Say hello"',
  ].join(" ");
  return {
    blocks: [
      {
        id: "config",
        title: "config",
        path: homePath(os, ".codex/config.toml"),
        language: "toml",
        text: config(target),
        download: "config.toml",
        changes: "default_model",
        merge: "toml_top",
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
        text: 'codex exec --skip-git-repo-check "Say hello"\n',
        expect: "codex",
      },
      {
        id: "once",
        title: "once",
        language,
        text: runWith(os, variables, [], once),
        changes: os === "macos_linux" ? "nothing" : "this_window",
      },
      {
        id: "undo",
        title: "undo",
        language,
        text: forgetVariables(os, [keyVariable]),
        merge: "remove_from_file",
      },
    ],
    notes: ["codex_top", "codex_restart"],
  };
}

export const codex: Template = {
  id: "codex",
  evidence: "measured",
  name: "Codex CLI",
  family: "agents",
  dialects,
  usesShell: true,
  build,
};

/** The extension sees no variables of a shell: the key goes into Codex's own .env file. */
export const codexIde: Template = {
  id: "codex_ide",
  evidence: "documented",
  name: "Codex IDE",
  family: "editors",
  dialects,
  usesShell: true,
  build: (target) => ({
    blocks: [
      {
        id: "config",
        title: "config",
        path: homePath(target.os, ".codex/config.toml"),
        language: "toml",
        text: config(target),
        download: "config.toml",
        changes: "default_model",
        merge: "toml_top",
      },
      {
        id: "env",
        title: "key_file",
        path: homePath(target.os, ".codex/.env"),
        language: "dotenv",
        text: `${keyVariable}=${dotenv(target.key)}\n`,
        changes: "key_in_file",
        merge: "append",
      },
    ],
    notes: ["codex_top", "codex_restart", "undo_file"],
  }),
};
