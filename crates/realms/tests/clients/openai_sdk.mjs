// Drives the openai SDK for Node.js. Prints what it got as one line of JSON.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(process.env.REALMS_CLIENTS_DIR + "/");
const { OpenAI } = require("openai");

const { BASE_URL, KEY, MODEL: model, TOOL_MODEL } = process.env;
const client = new OpenAI({ baseURL: `${BASE_URL}/v1`, apiKey: KEY });
const parameters = { type: "object", properties: { city: { type: "string" } } };
const hello = [{ role: "user", content: "Say hello." }];

async function responsesStream() {
  const stream = client.responses.stream({ model, input: "Say hello." });
  const deltas = [];
  stream.on("response.output_text.delta", (event) => deltas.push(event.delta));
  const { usage } = await stream.finalResponse();
  return { deltas, usage };
}

async function responsesTools() {
  const tools = [{ type: "function", name: "weather", parameters, strict: false }];
  const asked = [{ role: "user", content: "Weather in Zürich?" }];
  const first = await client.responses.create({ model: TOOL_MODEL, input: asked, tools });
  const call = first.output.find((item) => item.type === "function_call");
  assert.deepEqual(JSON.parse(call.arguments), { city: "Zürich" });
  const result = { type: "function_call_output", call_id: call.call_id, output: "rain" };
  const input = [...asked, call, result];
  return (await client.responses.create({ model: TOOL_MODEL, input, tools })).output_text;
}

async function chatStream() {
  const stream_options = { include_usage: true };
  const request = { model, messages: hello, stream: true, stream_options };
  const deltas = [];
  let usage;
  for await (const chunk of await client.chat.completions.create(request)) {
    usage = chunk.usage ?? usage;
    deltas.push(...chunk.choices.flatMap(({ delta }) => delta.content || []));
  }
  return { deltas, usage };
}

async function chatTools() {
  const tools = [{ type: "function", function: { name: "weather", parameters } }];
  const messages = [{ role: "user", content: "Weather in Zürich?" }];
  const request = { model: TOOL_MODEL, messages, tools };
  const first = await client.chat.completions.stream(request).finalChatCompletion();
  const { id, type, function: called } = first.choices[0].message.tool_calls[0];
  assert.deepEqual(JSON.parse(called.arguments), { city: "Zürich" });
  const call = { id, type, function: { name: called.name, arguments: called.arguments } };
  messages.push(
    { role: "assistant", tool_calls: [call] },
    { role: "tool", tool_call_id: id, content: "rain" },
  );
  return (await client.chat.completions.create(request)).choices[0].message.content;
}

const plain = await client.responses.create({ model, input: "Say hello." });
const stream = await responsesStream();
const chat = await client.chat.completions.create({ model, messages: hello });
const chatStreamed = await chatStream();
const models = [];
for await (const { id } of client.models.list()) models.push(id);

console.log(
  JSON.stringify({
    plain: plain.output_text,
    stream: stream.deltas.join(""),
    pieces: stream.deltas.length,
    tools: await responsesTools(),
    cached: plain.usage.input_tokens_details.cached_tokens,
    stream_cached: stream.usage.input_tokens_details.cached_tokens,
    chat_plain: chat.choices[0].message.content,
    chat_stream: chatStreamed.deltas.join(""),
    chat_tools: await chatTools(),
    chat_cached: chat.usage.prompt_tokens_details.cached_tokens,
    chat_stream_cached: chatStreamed.usage.prompt_tokens_details.cached_tokens,
    embedding: (await client.embeddings.create({ model, input: "hello" })).data[0].embedding,
    models,
  }),
);
