/** A request as a program. */

import type { Dialect } from "@/api/types";
import {
  asciiJson,
  cmd,
  cmdJson,
  json,
  powershell,
  prettyJson,
  sh,
} from "@/connect/templates/quote";
import { keyVariable, type Os } from "@/connect/templates/target";
import { hasSdk, sdkCodeOf } from "./export-sdk";
import type { PlayRequest } from "./request";

export const exportFormats = [
  "curl",
  "python",
  "typescript",
  "python_sdk",
  "typescript_sdk",
] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What a request of a dialect can be written as. */
export const formatsOf = (dialect: Dialect): readonly ExportFormat[] =>
  hasSdk(dialect) ? exportFormats : exportFormats.filter((one) => !one.endsWith("_sdk"));

/** A program that sends the same request; the key comes from the environment. */
export function codeOf(
  format: ExportFormat,
  target: { origin: string; os: Os; dialect: Dialect },
  request: PlayRequest,
): string {
  const url = target.origin + request.path;
  const header = keyHeader(target.dialect);
  switch (format) {
    case "python_sdk":
      return sdkCodeOf("python", target, request) ?? "";
    case "typescript_sdk":
      return sdkCodeOf("typescript", target, request) ?? "";
    case "curl":
      return curlOf(target.os, url, header, request.body);
    case "python":
      return `import json
import os

import requests

body = json.loads(${json(JSON.stringify(request.body))})
headers = {${json(header.name)}: ${json(header.prefix)} + os.environ["${keyVariable}"]${header.extra ? `, ${json(header.extra[0])}: ${json(header.extra[1])}` : ""}}
with requests.post(${json(url)}, json=body, headers=headers, stream=True) as response:
    for line in response.iter_lines(decode_unicode=True):
        print(line)
`;
    case "typescript":
      return `const response = await fetch(${json(url)}, {
  method: "POST",
  headers: {
    "content-type": "application/json",
    ${json(header.name)}: ${header.prefix ? `${json(header.prefix)} + process.env.${keyVariable}` : `process.env.${keyVariable} ?? ""`},${header.extra ? `\n    ${json(header.extra[0])}: ${json(header.extra[1])},` : ""}
  },
  body: JSON.stringify(${prettyJson(request.body).trimEnd().replaceAll("\n", "\n  ")}),
});
for await (const bytes of response.body ?? []) process.stdout.write(bytes);
`;
  }
}

interface KeyHeader {
  name: string;
  prefix: string;
  extra?: readonly [string, string];
}

function keyHeader(dialect: Dialect): KeyHeader {
  switch (dialect) {
    case "messages":
      return { name: "x-api-key", prefix: "", extra: ["anthropic-version", "2023-06-01"] };
    case "gemini":
      return { name: "x-goog-api-key", prefix: "" };
    default:
      return { name: "authorization", prefix: "Bearer " };
  }
}

function curlOf(os: Os, url: string, header: KeyHeader, body: unknown): string {
  const fixed = [
    "content-type: application/json",
    ...(header.extra ? [header.extra.join(": ")] : []),
  ];
  const key = `${header.name}: ${header.prefix}`;
  switch (os) {
    case "macos_linux":
      return `${[
        `curl -N ${sh(url)}`,
        `-H "${key}$${keyVariable}"`,
        ...fixed.map((one) => `-H ${sh(one)}`),
        `-d ${sh(JSON.stringify(body))}`,
      ].join(" \\\n  ")}\n`;
    case "powershell":
      return `${powershell(asciiJson(body))} |\n  ${[
        `curl.exe -N ${powershell(url)}`,
        `-H "${key}$env:${keyVariable}"`,
        ...fixed.map((one) => `-H ${powershell(one)}`),
        "--data-binary '@-'",
      ].join(" `\n  ")}\n`;
    case "cmd":
      return `${[
        `curl -N ${cmd(url)}`,
        `-H "${key}%${keyVariable}%"`,
        ...fixed.map((one) => `-H ${cmd(one)}`),
        `-d ${cmdJson(body)}`,
      ].join(" ^\n  ")}\n`;
  }
}
