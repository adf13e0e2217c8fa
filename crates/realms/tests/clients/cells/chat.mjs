// How the openai SDK says things in Chat Completions.
import { createRequire } from "node:module";

const require = createRequire(process.env.REALMS_CLIENTS_DIR + "/");
const { OpenAI } = require("openai");

const { BASE_URL, KEY } = process.env;
const options = { maxRetries: 0, timeout: 20_000 };
const client = new OpenAI({ baseURL: `${BASE_URL}/v1`, apiKey: KEY, ...options });
const { completions } = client.chat;

const STOPS = { stop: "end", length: "length", tool_calls: "tools" };

function requestOf({ model, limit, system, turns, tools, schema, thinking, stop }) {
  const first = system ? [{ role: "system", content: system }] : [];
  const request = { model, messages: [...first, ...turns], max_completion_tokens: limit };
  if (tools) {
    request.tools = tools.map(({ name, description, schema: parameters }) => {
      return { type: "function", function: { name, description, parameters } };
    });
  }
  if (schema) {
    const json_schema = { name: "place", schema, strict: true };
    request.response_format = { type: "json_schema", json_schema };
  }
  if (thinking) request.reasoning_effort = "high";
  if (stop) request.stop = stop;
  return request;
}

async function complete(question) {
  const request = requestOf(question);
  if (!question.stream) return completions.create(request);
  const stream = completions.stream({ ...request, stream_options: { include_usage: true } });
  stream.on("content", (delta) => question.heard(delta));
  return stream.finalChatCompletion();
}

async function ask(question) {
  const { choices, usage } = await complete(question);
  const { message, finish_reason } = choices[0];
  // Without what the SDK has added to them.
  const called = (message.tool_calls ?? []).map(({ id, type, function: called }) => {
    const { name, arguments: args } = called;
    return { id, type, function: { name, arguments: args } };
  });
  const turn = { role: "assistant", content: message.content };
  if (called.length > 0) turn.tool_calls = called;
  return {
    text: message.content ?? "",
    thought: message.reasoning_content ?? "",
    calls: called.map(({ id, function: { name, arguments: args } }) => {
      return { id, name, args: JSON.parse(args) };
    }),
    stop: STOPS[finish_reason],
    turns: [turn],
    usage: {
      input: usage.prompt_tokens,
      cached: usage.prompt_tokens_details.cached_tokens,
      output: usage.completion_tokens,
    },
  };
}

function user(text, image) {
  if (!image) return { role: "user", content: text };
  const image_url = { url: `data:image/png;base64,${image}` };
  return { role: "user", content: [{ type: "text", text }, { type: "image_url", image_url }] };
}

function results(calls, outputs) {
  return calls.map(({ id }, at) => ({ role: "tool", tool_call_id: id, content: outputs[at] }));
}

export default { ask, user, results, stops: true };
