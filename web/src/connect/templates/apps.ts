/**
 * Chat programs. None of them was run, and the paths through their menus are from others' guides.
 * Cherry Studio's link: base64 of JSON, read by src/main/services/protocol/handlers/providersImport.ts of
 * CherryHQ/cherry-studio, which also takes "_" for "+" and "-" for "/"; standard base64 in percent-encoding suits
 * every version. Chatbox's link: its own documentation of provider configuration. Open WebUI's variables:
 * open_webui/config.py of 0.12.4. LobeHub's, NextChat's (BASE_URL without /v1) and Dify's names: others'
 * set-ups on GitHub. Looked up 2026-11-24.
 */

import { dotenv } from "./quote";
import { type Block, type Field, fieldsText, type NoteKey, type Template } from "./recipe";
import type { Target } from "./target";

/** A form in the program's settings. */
const form = (path: string, fields: Field[]): Block => ({
  id: "fields",
  title: "fields",
  path,
  language: "fields",
  text: fieldsText(fields),
  fields,
});

/** Variables for those who run the program themselves. */
const server = (variables: readonly (readonly [string, string])[]): Block => ({
  id: "server",
  title: "server_env",
  path: ".env",
  language: "dotenv",
  text: variables.map(([name, value]) => `${name}=${dotenv(value)}\n`).join(""),
  changes: "key_in_file",
});

const app = (
  id: string,
  name: string,
  notes: readonly NoteKey[],
  blocks: (target: Target) => Block[],
): Template => ({
  id,
  name,
  family: "apps",
  dialects: ["chat"],
  evidence: "reported",
  usesShell: false,
  build: (target) => ({ blocks: blocks(target), notes }),
});

/** Base64 of the UTF-8 of a JSON value, safe in a query. */
export function encodedJson(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return encodeURIComponent(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")));
}

export const cherryStudio = app(
  "cherry_studio",
  "Cherry Studio",
  ["link_asks", "cherry_no_version", "undo_form"],
  ({ origin, key, models }) => [
    {
      id: "link",
      title: "link",
      language: "link",
      text: `cherrystudio://providers/api-keys?v=1&data=${encodedJson({
        id: "realms",
        name: "Realms",
        type: "openai",
        baseUrl: origin,
        apiKey: key,
      })}`,
      fields: [
        { name: "name", value: "Realms" },
        { name: "baseUrl", value: origin },
        { name: "apiKey", value: key },
      ],
    },
    form("Settings → Model Provider → Add", [
      { name: "Provider Type", value: "OpenAI" },
      { name: "API Key", value: key },
      { name: "API Host", value: origin },
      ...models.map((model) => ({ name: "Model ID", value: model.name })),
    ]),
  ],
);

export const chatbox = app(
  "chatbox",
  "Chatbox",
  ["link_asks", "undo_form"],
  ({ origin, key, models }) => [
    {
      id: "link",
      title: "link",
      language: "link",
      text: `chatbox://provider/import?config=${encodedJson({
        id: "realms",
        name: "Realms",
        type: "openai",
        settings: {
          apiHost: origin,
          apiPath: "/v1/chat/completions",
          apiKey: key,
          models: models.map((model) => ({ modelId: model.name, type: "chat" })),
        },
      })}`,
      fields: [
        { name: "name", value: "Realms" },
        { name: "apiHost", value: origin },
        { name: "apiPath", value: "/v1/chat/completions" },
        { name: "apiKey", value: key },
        ...models.map((model) => ({ name: "model", value: model.name })),
      ],
    },
    form("Settings → Model Provider → Add", [
      { name: "API Mode", value: "OpenAI API Compatible" },
      { name: "API Key", value: key },
      { name: "API Host", value: origin },
      { name: "API Path", value: "/v1/chat/completions" },
      ...models.map((model) => ({ name: "Model ID", value: model.name })),
    ]),
  ],
);

export const lobeChat = app(
  "lobechat",
  "LobeHub (LobeChat)",
  ["server_side", "undo_form"],
  ({ origin, key, models }) => [
    form("Settings → AI Service Provider → OpenAI", [
      { name: "API Key", value: key },
      { name: "API Proxy URL", value: `${origin}/v1` },
      ...models.map((model) => ({ name: "Model List", value: model.name })),
    ]),
    server([
      ["OPENAI_API_KEY", key],
      ["OPENAI_PROXY_URL", `${origin}/v1`],
      ["OPENAI_MODEL_LIST", `-all,${models.map((model) => `+${model.name}`).join(",")}`],
    ]),
  ],
);

export const openWebui = app(
  "open_webui",
  "Open WebUI",
  ["server_side", "open_webui_first", "undo_form"],
  ({ origin, key }) => [
    form("Admin Panel → Settings → Connections → OpenAI API", [
      { name: "URL", value: `${origin}/v1` },
      { name: "API Key", value: key },
    ]),
    server([
      ["OPENAI_API_BASE_URL", `${origin}/v1`],
      ["OPENAI_API_KEY", key],
    ]),
  ],
);

export const nextChat = app(
  "nextchat",
  "NextChat",
  ["next_no_version", "undo_form"],
  ({ origin, key, models }) => {
    const list = `-all,${models.map((model) => `+${model.name}`).join(",")}`;
    return [
      form("Settings → Custom Endpoint", [
        { name: "Model Provider", value: "OpenAI" },
        { name: "OpenAI Endpoint", value: origin },
        { name: "OpenAI API Key", value: key },
        { name: "Custom Models", value: list },
      ]),
      server([
        ["BASE_URL", origin],
        ["OPENAI_API_KEY", key],
        ["CUSTOM_MODELS", list],
      ]),
    ];
  },
);

export const dify = app(
  "dify",
  "Dify",
  ["server_side", "dify_plugin", "undo_form"],
  ({ origin, key, models }) => [
    form("Settings → Model Provider → OpenAI-API-compatible → Add Model", [
      { name: "Model Type", value: "LLM" },
      { name: "Model Name", value: models[0].name },
      { name: "API Key", value: key },
      { name: "API endpoint URL", value: `${origin}/v1` },
      { name: "Completion mode", value: "Chat" },
    ]),
  ],
);
