// How the openai SDK says things in Responses.
import { createRequire } from "node:module";

const require = createRequire(process.env.REALMS_CLIENTS_DIR + "/");
const { OpenAI } = require("openai");

const { BASE_URL, KEY } = process.env;
const options = { maxRetries: 0, timeout: 20_000 };
const { responses } = new OpenAI({ baseURL: `${BASE_URL}/v1`, apiKey: KEY, ...options });

function requestOf({ model, limit, system, turns, tools, schema, thinking }) {
  const request = { model, input: turns, max_output_tokens: limit, store: false };
  if (system) request.instructions = system;
  if (tools) {
    request.tools = tools.map(({ name, description, schema: parameters }) => {
      return { type: "function", name, description, parameters, strict: false };
    });
  }
  if (schema) {
    request.text = { format: { type: "json_schema", name: "place", schema, strict: true } };
  }
  if (thinking) {
    request.reasoning = { effort: "high", summary: "auto" };
    request.include = ["reasoning.encrypted_content"];
  }
  return request;
}

async function respond(question) {
  const request = requestOf(question);
  if (!question.stream) return responses.create(request);
  const stream = responses.stream(request);
  stream.on("response.output_text.delta", ({ delta }) => question.heard(delta));
  const response = await stream.finalResponse();
  if (response.status === "failed") throw new Error(response.error?.message);
  return response;
}

/** An item as it is given back: without what the SDK has added to it. */
function given(item) {
  switch (item.type) {
    case "function_call": {
      const { type, id, call_id, name, arguments: args, status } = item;
      return { type, id, call_id, name, arguments: args, status };
    }
    case "message": {
      const { type, id, role, status, content } = item;
      return { type, id, role, status, content: content.map(({ type, text }) => ({ type, text })) };
    }
    default:
      return item;
  }
}

function stopOf({ status, incomplete_details }, calls) {
  if (status === "completed") return calls.length > 0 ? "tools" : "end";
  return incomplete_details?.reason === "max_output_tokens" ? "length" : status;
}

async function ask(question) {
  const response = await respond(question);
  const { output, output_text, usage } = response;
  const called = output.filter(({ type }) => type === "function_call");
  const thoughts = output.filter(({ type }) => type === "reasoning");
  return {
    text: output_text,
    thought: thoughts.flatMap(({ summary }) => summary.map(({ text }) => text)).join(""),
    calls: called.map(({ call_id: id, name, arguments: args }) => {
      return { id, name, args: JSON.parse(args) };
    }),
    stop: stopOf(response, called),
    turns: output.map(given),
    usage: {
      input: usage.input_tokens,
      cached: usage.input_tokens_details.cached_tokens,
      output: usage.output_tokens,
    },
  };
}

function user(text, image) {
  const content = [{ type: "input_text", text }];
  if (image) content.push({ type: "input_image", image_url: `data:image/png;base64,${image}` });
  return { role: "user", content };
}

function results(calls, outputs) {
  return calls.map(({ id: call_id }, at) => {
    return { type: "function_call_output", call_id, output: outputs[at] };
  });
}

// The dialect has no field for stop sequences.
export default { ask, user, results, stops: false };
