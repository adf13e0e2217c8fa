// Drives the @anthropic-ai/sdk for Node.js. Prints what it got as one line of JSON.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(process.env.REALMS_CLIENTS_DIR + "/");
const { Anthropic } = require("@anthropic-ai/sdk");

const { BASE_URL, KEY, MODEL: model, TOOL_MODEL } = process.env;
const client = new Anthropic({ baseURL: BASE_URL, apiKey: KEY });
const messages = [{ role: "user", content: "Say hello." }];
const max_tokens = 64;

const text = ({ content }) => content.flatMap((block) => block.text ?? []).join("");

async function streamed() {
  const deltas = [];
  const stream = client.messages.stream({ model, max_tokens, messages });
  stream.on("text", (delta) => deltas.push(delta));
  const { usage } = await stream.finalMessage();
  return { deltas, usage };
}

async function toolTurn() {
  const input_schema = { type: "object", properties: { city: { type: "string" } } };
  const request = {
    model: TOOL_MODEL,
    max_tokens,
    messages: [{ role: "user", content: "Weather in Zürich?" }],
    tools: [{ name: "weather", input_schema }],
  };
  const first = await client.messages.stream(request).finalMessage();
  const { id, name, input } = first.content.find((block) => block.type === "tool_use");
  assert.equal(first.stop_reason, "tool_use");
  assert.deepEqual(input, { city: "Zürich" });
  request.messages.push(
    { role: "assistant", content: [{ type: "tool_use", id, name, input }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "rain" }] },
  );
  return text(await client.messages.create(request));
}

const plain = await client.messages.create({ model, max_tokens, messages });
const stream = await streamed();
const models = [];
for await (const { id } of client.models.list()) models.push(id);

console.log(
  JSON.stringify({
    plain: text(plain),
    stream: stream.deltas.join(""),
    pieces: stream.deltas.length,
    tools: await toolTurn(),
    cached: plain.usage.cache_read_input_tokens,
    stream_cached: stream.usage.cache_read_input_tokens,
    counted: (await client.messages.countTokens({ model, messages })).input_tokens,
    models,
  }),
);
