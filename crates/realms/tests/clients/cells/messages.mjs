// How the @anthropic-ai/sdk says things in Messages.
import { createRequire } from "node:module";

const require = createRequire(process.env.REALMS_CLIENTS_DIR + "/");
const { Anthropic } = require("@anthropic-ai/sdk");

const { BASE_URL, KEY } = process.env;
const options = { maxRetries: 0, timeout: 20_000 };
const { messages } = new Anthropic({ baseURL: BASE_URL, apiKey: KEY, ...options });

const STOPS = { end_turn: "end", stop_sequence: "end", max_tokens: "length", tool_use: "tools" };

function requestOf({ model, limit, system, turns, tools, schema, thinking, stop }) {
  const request = { model, max_tokens: limit, messages: turns };
  if (system) request.system = system;
  if (tools) {
    request.tools = tools.map(({ name, description, schema: input_schema }) => {
      return { name, description, input_schema };
    });
  }
  if (schema) request.output_config = { format: { type: "json_schema", schema } };
  if (thinking) request.thinking = { type: "enabled", budget_tokens: 4000 };
  if (stop) request.stop_sequences = stop;
  return request;
}

async function reply(question) {
  const request = requestOf(question);
  if (!question.stream) return messages.create(request);
  const stream = messages.stream(request);
  stream.on("text", (delta) => question.heard(delta));
  return stream.finalMessage();
}

async function ask(question) {
  const { content, stop_reason, usage } = await reply(question);
  const cached = usage.cache_read_input_tokens ?? 0;
  return {
    text: content.flatMap(({ text }) => text ?? []).join(""),
    thought: content.flatMap(({ thinking }) => thinking ?? []).join(""),
    calls: content
      .filter(({ type }) => type === "tool_use")
      .map(({ id, name, input }) => ({ id, name, args: input })),
    stop: STOPS[stop_reason],
    turns: [{ role: "assistant", content }],
    usage: {
      input: usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + cached,
      cached,
      output: usage.output_tokens,
    },
  };
}

function user(text, image) {
  if (!image) return { role: "user", content: text };
  const source = { type: "base64", media_type: "image/png", data: image };
  return { role: "user", content: [{ type: "text", text }, { type: "image", source }] };
}

function results(calls, outputs) {
  const content = calls.map(({ id: tool_use_id }, at) => {
    return { type: "tool_result", tool_use_id, content: outputs[at] };
  });
  return [{ role: "user", content }];
}

export default { ask, user, results, stops: true };
