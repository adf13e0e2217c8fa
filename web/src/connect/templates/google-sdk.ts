/**
 * Google's Gen AI libraries.
 * Measured 2026-11-20 with google-genai 3.4.0 (PyPI) and @google/genai 3.1.0 (npm): the address is without
 * a version, the library adds /v1 (before 3.0: /v1beta). https://googleapis.github.io/python-genai/,
 * https://googleapis.github.io/js-genai/
 */

import { json } from "./quote";
import type { Template } from "./recipe";
import { programRecipe } from "./sdk";
import { greeting, keyVariable } from "./target";

const shared = { family: "sdks", dialects: ["gemini"], usesShell: true } as const;

export const genaiPython: Template = {
  ...shared,
  id: "genai_python",
  evidence: "measured",
  name: "Google Gen AI Python",
  build: (target) => ({
    ...programRecipe(target, {
      install: "pip install google-genai",
      file: "hello.py",
      language: "python",
      text: `import os

from google import genai
from google.genai import errors

client = genai.Client(
    api_key=os.environ["${keyVariable}"],
    http_options={"base_url": ${json(target.origin)}},
)

try:
    stream = client.models.generate_content_stream(
        model=${json(target.models[0].name)}, contents=${json(greeting)}
    )
    for chunk in stream:
        print(chunk.text or "", end="", flush=True)
    print()
except errors.APIError as error:
    print(error.code, error.message)
`,
      run: "python hello.py",
    }),
    notes: ["gemini_no_version"],
  }),
};

export const genaiTypescript: Template = {
  ...shared,
  id: "genai_typescript",
  evidence: "measured",
  name: "Google Gen AI TypeScript",
  build: (target) => ({
    ...programRecipe(target, {
      install: "npm install @google/genai",
      file: "hello.mjs",
      language: "typescript",
      text: `import { ApiError, GoogleGenAI } from "@google/genai";

const client = new GoogleGenAI({
  apiKey: process.env.${keyVariable},
  httpOptions: { baseUrl: ${json(target.origin)} },
});

try {
  const stream = await client.models.generateContentStream({
    model: ${json(target.models[0].name)},
    contents: ${json(greeting)},
  });
  for await (const chunk of stream) process.stdout.write(chunk.text ?? "");
  console.log();
} catch (error) {
  if (!(error instanceof ApiError)) throw error;
  console.error(error.status, error.message);
}
`,
      run: "node hello.mjs",
    }),
    notes: ["gemini_no_version"],
  }),
};
