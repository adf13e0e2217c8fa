// How the @google/genai SDK says things in Gemini's dialect.
import { createRequire } from "node:module";

const require = createRequire(process.env.REALMS_CLIENTS_DIR + "/");
const { GoogleGenAI } = require("@google/genai");

const { BASE_URL: baseUrl, KEY: apiKey } = process.env;
const { models } = new GoogleGenAI({ apiKey, httpOptions: { baseUrl } });

function requestOf({ model, limit, system, turns, tools, schema, thinking, stop }) {
  const config = { maxOutputTokens: limit };
  if (system) config.systemInstruction = system;
  if (tools) {
    const declared = tools.map(({ name, description, schema: parametersJsonSchema }) => {
      return { name, description, parametersJsonSchema };
    });
    config.tools = [{ functionDeclarations: declared }];
  }
  if (schema) {
    config.responseMimeType = "application/json";
    config.responseJsonSchema = schema;
  }
  if (thinking) config.thinkingConfig = { includeThoughts: true, thinkingBudget: 4000 };
  if (stop) config.stopSequences = stop;
  return { model, contents: turns, config };
}

/** The parts of an answer, whole or gathered from its chunks, and what its last chunk says. */
async function generate(question) {
  const request = requestOf(question);
  if (!question.stream) {
    const { candidates, usageMetadata } = await models.generateContent(request);
    const [{ content, finishReason }] = candidates;
    return { parts: content.parts ?? [], finishReason, usageMetadata };
  }
  const answer = { parts: [] };
  for await (const chunk of await models.generateContentStream(request)) {
    const { content, finishReason } = chunk.candidates?.[0] ?? {};
    answer.parts.push(...(content?.parts ?? []));
    answer.finishReason = finishReason ?? answer.finishReason;
    answer.usageMetadata = chunk.usageMetadata ?? answer.usageMetadata;
    for (const { text, thought } of content?.parts ?? []) {
      if (text && !thought) question.heard(text);
    }
  }
  return answer;
}

function stopOf(finishReason, calls) {
  if (finishReason === "MAX_TOKENS") return "length";
  if (finishReason !== "STOP") return finishReason;
  return calls.length > 0 ? "tools" : "end";
}

async function ask(question) {
  const { parts, finishReason, usageMetadata: usage } = await generate(question);
  const said = (isThought) =>
    parts.filter(({ text, thought }) => text && Boolean(thought) === isThought);
  const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
  return {
    text: said(false)
      .map(({ text }) => text)
      .join(""),
    thought: said(true)
      .map(({ text }) => text)
      .join(""),
    calls: calls.map(({ id, name, args }) => ({ id, name, args })),
    stop: stopOf(finishReason, calls),
    turns: [{ role: "model", parts }],
    usage: {
      input: usage.promptTokenCount,
      cached: usage.cachedContentTokenCount ?? 0,
      output: usage.candidatesTokenCount + (usage.thoughtsTokenCount ?? 0),
    },
  };
}

function user(text, image) {
  const parts = [{ text }];
  if (image) parts.push({ inlineData: { mimeType: "image/png", data: image } });
  return { role: "user", parts };
}

function results(calls, outputs) {
  const parts = calls.map(({ id, name }, at) => {
    return { functionResponse: { id, name, response: { output: outputs[at] } } };
  });
  return [{ role: "user", parts }];
}

export default { ask, user, results, stops: true };
