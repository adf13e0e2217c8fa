/**
 * Anthropic's own libraries.
 * Measured 2026-11-20 with anthropic 2.11.0 (PyPI) and @anthropic-ai/sdk 1.11.0 (npm): the address is
 * without /v1; since 2.0 and 1.0 the key is sent as Bearer, before that as x-api-key, and both are taken.
 * https://github.com/anthropics/anthropic-sdk-python, anthropic-sdk-typescript
 */

import { json } from "./quote";
import type { Template } from "./recipe";
import { programRecipe } from "./sdk";
import { greeting, keyVariable } from "./target";

const shared = { family: "sdks", dialects: ["messages"], usesShell: true } as const;

export const anthropicPython: Template = {
  ...shared,
  id: "anthropic_python",
  evidence: "measured",
  name: "Anthropic Python",
  build: (target) => ({
    ...programRecipe(target, {
      install: "pip install anthropic",
      file: "hello.py",
      language: "python",
      text: `import os

from anthropic import Anthropic, APIStatusError

client = Anthropic(base_url=${json(target.origin)}, api_key=os.environ["${keyVariable}"])

try:
    with client.messages.stream(
        model=${json(target.models[0].name)},
        max_tokens=1024,
        messages=[{"role": "user", "content": ${json(greeting)}}],
    ) as stream:
        for text in stream.text_stream:
            print(text, end="", flush=True)
    print()
except APIStatusError as error:
    print(error.status_code, error.message, error.request_id)
`,
      run: "python hello.py",
    }),
    notes: ["anthropic_no_version", "anthropic_sampling"],
  }),
};

export const anthropicTypescript: Template = {
  ...shared,
  id: "anthropic_typescript",
  evidence: "measured",
  name: "Anthropic TypeScript",
  build: (target) => ({
    ...programRecipe(target, {
      install: "npm install @anthropic-ai/sdk",
      file: "hello.mjs",
      language: "typescript",
      text: `import Anthropic, { APIError } from "@anthropic-ai/sdk";

const client = new Anthropic({ baseURL: ${json(target.origin)}, apiKey: process.env.${keyVariable} });

try {
  const stream = client.messages.stream({
    model: ${json(target.models[0].name)},
    max_tokens: 1024,
    messages: [{ role: "user", content: ${json(greeting)} }],
  });
  stream.on("text", (text) => process.stdout.write(text));
  await stream.finalMessage();
  console.log();
} catch (error) {
  if (!(error instanceof APIError)) throw error;
  console.error(error.status, error.message, error.requestID);
}
`,
      run: "node hello.mjs",
    }),
    notes: ["anthropic_no_version", "anthropic_sampling"],
  }),
};
