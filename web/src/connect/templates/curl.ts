/**
 * curl, in each dialect that the model speaks. The paths are the server's own: /v1/responses,
 * /v1/chat/completions, /v1/messages, /v1beta/models/{model}:streamGenerateContent. Windows PowerShell drops the
 * quotes of arguments, so the body goes through a pipe there. The Windows forms were not run.
 */
import type { Dialect } from "@/api/types";
import { dialects } from "@/api/words";
import { shellLanguage } from "./environment";
import { asciiJson, cmd, cmdJson, powershell, sh } from "./quote";
import type { BlockTitle, Template } from "./recipe";
import { greeting, type Os, type Target } from "./target";

const titles: Record<Dialect, BlockTitle> = {
  responses: "curl_responses",
  chat: "curl_chat",
  messages: "curl_messages",
  gemini: "curl_gemini",
};

interface Call {
  url: string;
  headers: readonly string[];
  body: unknown;
}

function callOf(dialect: Dialect, { origin, key, models }: Target): Call {
  const model = models[0].name;
  const messages = [{ role: "user", content: greeting }];
  const bearer = `authorization: Bearer ${key}`;
  switch (dialect) {
    case "responses":
      return {
        url: `${origin}/v1/responses`,
        headers: [bearer],
        body: { model, input: greeting, stream: true },
      };
    case "chat":
      return {
        url: `${origin}/v1/chat/completions`,
        headers: [bearer],
        body: { model, messages, stream: true, stream_options: { include_usage: true } },
      };
    case "messages":
      return {
        url: `${origin}/v1/messages`,
        headers: [`x-api-key: ${key}`, "anthropic-version: 2023-06-01"],
        body: { model, max_tokens: 1024, messages, stream: true },
      };
    case "gemini":
      return {
        url: `${origin}/v1beta/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`,
        headers: [`x-goog-api-key: ${key}`],
        body: { contents: [{ role: "user", parts: [{ text: greeting }] }] },
      };
  }
}

function command(os: Os, { url, headers, body }: Call): string {
  const all = [...headers, "content-type: application/json"];
  switch (os) {
    case "macos_linux":
      return `${[
        `curl -N ${sh(url)}`,
        ...all.map((header) => `-H ${sh(header)}`),
        `-d ${sh(JSON.stringify(body))}`,
      ].join(" \\\n  ")}\n`;
    case "powershell":
      return `${[
        `${powershell(asciiJson(body))} |`,
        `curl.exe -N ${powershell(url)}`,
        ...all.map((header) => `-H ${powershell(header)}`),
        "--data-binary '@-'",
      ].join(" `\n  ")}\n`.replace("| `\n", "|\n");
    case "cmd":
      return `${[
        `curl -N ${cmd(url)}`,
        ...all.map((header) => `-H ${cmd(header)}`),
        `-d ${cmdJson(body)}`,
      ].join(" ^\n  ")}\n`;
  }
}

export const curl: Template = {
  id: "curl",
  evidence: "documented",
  name: "curl",
  family: "tools",
  dialects,
  usesShell: true,
  build(target) {
    const spoken = dialects.filter((dialect) => target.models[0].dialects.includes(dialect));
    return {
      blocks: spoken.map((dialect) => ({
        id: dialect,
        title: titles[dialect],
        language: shellLanguage[target.os],
        text: command(target.os, callOf(dialect, target)),
        changes: "nothing" as const,
        expect: "stream" as const,
      })),
      notes: ["key_in_history"],
    };
  },
};
