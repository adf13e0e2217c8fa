// Drives the @google/genai SDK for Node.js. Prints what it got as one line of JSON.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(process.env.REALMS_CLIENTS_DIR + "/");
const { GoogleGenAI } = require("@google/genai");

const { BASE_URL: baseUrl, KEY: apiKey, MODEL: model, TOOL_MODEL } = process.env;
const { models } = new GoogleGenAI({ apiKey, httpOptions: { baseUrl } });
const contents = "Say hello.";

async function streamed() {
  const chunks = [];
  for await (const chunk of await models.generateContentStream({ model, contents })) {
    chunks.push(chunk);
  }
  return { deltas: chunks.map((chunk) => chunk.text), usage: chunks.at(-1).usageMetadata };
}

async function toolTurn() {
  const parametersJsonSchema = { type: "object", properties: { city: { type: "string" } } };
  const tools = [{ functionDeclarations: [{ name: "weather", parametersJsonSchema }] }];
  const asked = { role: "user", parts: [{ text: "Weather in Zürich?" }] };
  const request = { model: TOOL_MODEL, contents: [asked], config: { tools } };
  const first = await models.generateContent(request);
  assert.deepEqual(first.functionCalls[0].args, { city: "Zürich" });
  const functionResponse = { name: "weather", response: { result: "rain" } };
  request.contents.push(first.candidates[0].content, { role: "user", parts: [{ functionResponse }] });
  return (await models.generateContent(request)).text;
}

const plain = await models.generateContent({ model, contents });
const stream = await streamed();
const listed = [];
for await (const { name } of await models.list()) listed.push(name);

console.log(
  JSON.stringify({
    plain: plain.text,
    stream: stream.deltas.join(""),
    pieces: stream.deltas.length,
    tools: await toolTurn(),
    cached: plain.usageMetadata.cachedContentTokenCount,
    stream_cached: stream.usage.cachedContentTokenCount,
    counted: (await models.countTokens({ model, contents })).totalTokens,
    models: listed,
  }),
);
