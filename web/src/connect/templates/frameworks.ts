/**
 * Frameworks over the vendors' libraries.
 * Measured 2026-11-20 with ai 7.0.173 and langchain-openai 1.7.3. Names looked up in the packages
 * @ai-sdk/openai 4.0.118, google 4.0.121, openai-compatible 3.0.92, langchain-core 1.8.2 and
 * langchain-anthropic 1.7.10.
 */

import type { Dialect } from "@/api/types";
import { json } from "./quote";
import type { Template } from "./recipe";
import { programRecipe } from "./sdk";
import { dialectOf, greeting, keyVariable } from "./target";

const vercelDialects = ["responses", "messages", "gemini", "chat"] as const;

interface Provider {
  package: string;
  make: string;
  path: string;
  /** How the provider is asked for a model. */
  call: string;
}

const providers: Record<Dialect, Provider> = {
  responses: {
    package: "@ai-sdk/openai",
    make: "createOpenAI",
    path: "/v1",
    call: "realms.responses",
  },
  messages: { package: "@ai-sdk/anthropic", make: "createAnthropic", path: "/v1", call: "realms" },
  gemini: {
    package: "@ai-sdk/google",
    make: "createGoogleGenerativeAI",
    path: "/v1beta",
    call: "realms",
  },
  chat: {
    package: "@ai-sdk/openai-compatible",
    make: "createOpenAICompatible",
    path: "/v1",
    call: "realms.chatModel",
  },
};

export const vercelAi: Template = {
  id: "vercel_ai",
  evidence: "measured",
  name: "Vercel AI SDK",
  family: "sdks",
  dialects: vercelDialects,
  usesShell: true,
  build(target) {
    const dialect = dialectOf(target.models[0], vercelDialects) ?? "chat";
    const provider = providers[dialect];
    const name = dialect === "chat" ? `\n  name: "realms",` : "";
    return programRecipe(target, {
      install: `npm install ai ${provider.package}`,
      file: "hello.mjs",
      language: "typescript",
      text: `import { ${provider.make} } from ${json(provider.package)};
import { streamText } from "ai";

const realms = ${provider.make}({${name}
  baseURL: ${json(target.origin + provider.path)},
  apiKey: process.env.${keyVariable},
});

const { textStream } = streamText({
  model: ${provider.call}(${json(target.models[0].name)}),
  prompt: ${json(greeting)},
  onError: ({ error }) => console.error(error),
});
for await (const text of textStream) process.stdout.write(text);
console.log();
`,
      run: "node hello.mjs",
    });
  },
};

const langchainDialects = ["responses", "chat", "messages"] as const;

export const langchain: Template = {
  id: "langchain",
  evidence: "measured",
  name: "LangChain",
  family: "sdks",
  dialects: langchainDialects,
  usesShell: true,
  build(target) {
    const dialect = dialectOf(target.models[0], langchainDialects);
    const isAnthropic = dialect === "messages";
    const vendor = isAnthropic ? "anthropic" : "openai";
    const type = isAnthropic ? "ChatAnthropic" : "ChatOpenAI";
    const address = isAnthropic ? target.origin : `${target.origin}/v1`;
    const responses = dialect === "responses" ? "\n    use_responses_api=True," : "";
    return programRecipe(target, {
      install: `pip install langchain-${vendor}`,
      file: "hello.py",
      language: "python",
      text: `import os

from langchain_${vendor} import ${type}

model = ${type}(
    model=${json(target.models[0].name)},
    base_url=${json(address)},
    api_key=os.environ["${keyVariable}"],${responses}
)

for chunk in model.stream(${json(greeting)}):
    print(chunk.text, end="", flush=True)
print()
`,
      run: "python hello.py",
    });
  },
};
