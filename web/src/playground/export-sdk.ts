/** A request as a program with the vendor's own library. */

import type { Dialect } from "@/api/types";
import { json, prettyJson } from "@/connect/templates/quote";
import { keyVariable } from "@/connect/templates/target";
import type { PlayRequest } from "./request";

/** How the libraries of a vendor name the call; Google's take a request of another shape. */
interface Sdk {
  python: string;
  typescript: string;
  name: string;
  /** Below the address of the server. */
  base: string;
  call: string;
}

const openai = { python: "openai", typescript: "openai", name: "OpenAI", base: "/v1" };

const sdks: Partial<Record<Dialect, Sdk>> = {
  responses: { ...openai, call: "responses.create" },
  chat: { ...openai, call: "chat.completions.create" },
  messages: {
    python: "anthropic",
    typescript: "@anthropic-ai/sdk",
    name: "Anthropic",
    base: "",
    call: "messages.create",
  },
};

export const hasSdk = (dialect: Dialect) => sdks[dialect] !== undefined;

/** Nothing where the libraries do not take the body as it is. */
export function sdkCodeOf(
  language: "python" | "typescript",
  { origin, dialect }: { origin: string; dialect: Dialect },
  request: PlayRequest,
): string | undefined {
  const sdk = sdks[dialect];
  if (!sdk) return undefined;
  const streams = request.body.stream === true;
  return language === "python"
    ? pythonOf(sdk, origin, request, streams)
    : typescriptOf(sdk, origin, request, streams);
}

function pythonOf(sdk: Sdk, origin: string, { body }: PlayRequest, streams: boolean): string {
  return `import json
import os

from ${sdk.python} import ${sdk.name}

client = ${sdk.name}(base_url=${json(origin + sdk.base)}, api_key=os.environ["${keyVariable}"])
body = json.loads(${json(JSON.stringify(body))})
answer = client.${sdk.call}(**body)
${streams ? "for event in answer:\n    print(event)" : "print(answer)"}
`;
}

function typescriptOf(sdk: Sdk, origin: string, { body }: PlayRequest, streams: boolean): string {
  return `import ${sdk.name} from ${json(sdk.typescript)};

const client = new ${sdk.name}({ baseURL: ${json(origin + sdk.base)}, apiKey: process.env.${keyVariable} });
const answer = await client.${sdk.call}(${prettyJson(body).trimEnd()});
${streams ? "for await (const event of answer) console.log(event);" : "console.log(answer);"}
`;
}
