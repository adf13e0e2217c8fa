/** A conversation as a request in each of the four dialects. */

import type { AssistantTurn, Parameters, Turn } from "./conversation";
import { isToolsProblem, parseTools, type Tools } from "./tools";
import { chatContent, geminiContent, messagesContent, responsesContent } from "./user-content";

/** What is posted, below the address of the server. */
export interface PlayRequest {
  path: string;
  body: Record<string, unknown>;
}

/** The bound that Messages wants in any case. */
const defaultMaxTokens = 4_096;

/** Tools that cannot be read are left out: the page does not send then. */
export function buildRequest(parameters: Parameters, turns: readonly Turn[]): PlayRequest {
  const parsed = parseTools(parameters.tools);
  const tools = isToolsProblem(parsed) ? { functions: [], native: [] } : parsed;
  const build = { responses, chat, messages, gemini }[parameters.dialect];
  return build(parameters, turns.filter(saysSomething), tools);
}

/** A failed answer stays to be read, but a vendor refuses a turn with nothing in it. */
function saysSomething(turn: Turn): boolean {
  if (turn.role !== "assistant") return true;
  return turn.text !== "" || turn.tool_calls.length > 0 || turn.thinking_signature !== undefined;
}

function responses(parameters: Parameters, turns: readonly Turn[], tools: Tools): PlayRequest {
  const { model, system, temperature, max_tokens, effort, stream } = parameters;
  return {
    path: "/v1/responses",
    body: {
      model,
      ...(system && { instructions: system }),
      input: turns.flatMap((turn): unknown[] => {
        if (turn.role === "tool")
          return [{ type: "function_call_output", call_id: turn.call_id, output: turn.output }];
        if (turn.role === "user") return [{ role: "user", content: responsesContent(turn) }];
        return [
          ...(turn.text
            ? [{ role: "assistant", content: [{ type: "output_text", text: turn.text }] }]
            : []),
          ...turn.tool_calls.map((call) => ({
            type: "function_call",
            call_id: call.id,
            name: call.name,
            arguments: call.arguments,
          })),
        ];
      }),
      ...(temperature !== undefined && { temperature }),
      ...(max_tokens !== undefined && { max_output_tokens: max_tokens }),
      ...(effort && { reasoning: { effort, summary: "auto" } }),
      ...toolList(tools, (one) => ({ type: "function", ...one })),
      store: false,
      stream,
    },
  };
}

function chat(parameters: Parameters, turns: readonly Turn[], tools: Tools): PlayRequest {
  const { model, system, temperature, max_tokens, effort, stream } = parameters;
  return {
    path: "/v1/chat/completions",
    body: {
      model,
      messages: [
        ...(system ? [{ role: "system", content: system }] : []),
        ...turns.map((turn) => {
          if (turn.role === "tool")
            return { role: "tool", tool_call_id: turn.call_id, content: turn.output };
          if (turn.role === "user") return { role: "user", content: chatContent(turn) };
          return {
            role: "assistant",
            content: turn.text || null,
            ...(turn.tool_calls.length > 0 && {
              tool_calls: turn.tool_calls.map((call) => ({
                id: call.id,
                type: "function",
                function: { name: call.name, arguments: call.arguments },
              })),
            }),
          };
        }),
      ],
      ...(temperature !== undefined && { temperature }),
      ...(max_tokens !== undefined && { max_completion_tokens: max_tokens }),
      ...(effort && { reasoning_effort: effort }),
      ...toolList(tools, (one) => ({ type: "function", function: one })),
      stream,
      ...(stream && { stream_options: { include_usage: true } }),
    },
  };
}

function messages(parameters: Parameters, turns: readonly Turn[], tools: Tools): PlayRequest {
  const { model, system, temperature, max_tokens, effort, thinking_budget, stream } = parameters;
  const bound = max_tokens ?? defaultMaxTokens;
  return {
    path: "/v1/messages",
    body: {
      model,
      ...(system && { system }),
      messages: joined(
        turns.map((turn) => ({
          role: turn.role === "assistant" ? "assistant" : "user",
          content: messageBlocks(turn),
        })),
      ),
      // Thinking counts towards the bound, so the bound lies above it.
      max_tokens: thinking_budget === undefined ? bound : Math.max(bound, thinking_budget + 1_024),
      ...(temperature !== undefined && { temperature }),
      ...(thinking_budget !== undefined
        ? { thinking: { type: "enabled", budget_tokens: thinking_budget } }
        : effort && {
            thinking: { type: "adaptive", display: "summarized" },
            output_config: { effort: effort === "minimal" ? "low" : effort },
          }),
      ...toolList(tools, ({ parameters: schema, ...one }) => ({
        ...one,
        input_schema: schema ?? { type: "object", properties: {} },
      })),
      stream,
    },
  };
}

function messageBlocks(turn: Turn): unknown[] {
  if (turn.role === "tool")
    return [{ type: "tool_result", tool_use_id: turn.call_id, content: turn.output }];
  if (turn.role === "user") return messagesContent(turn);
  return [
    ...(turn.thinking_signature
      ? [{ type: "thinking", thinking: turn.thinking, signature: turn.thinking_signature }]
      : []),
    ...(turn.text ? [{ type: "text", text: turn.text }] : []),
    ...turn.tool_calls.map((call) => ({
      type: "tool_use",
      id: call.id,
      name: call.name,
      input: parsedArguments(call.arguments),
    })),
  ];
}

/** Turns of the same side become one, as this dialect wants them. */
function joined<Turn extends { role: string; content: unknown[] }>(turns: readonly Turn[]) {
  const result: { role: string; content: unknown[] }[] = [];
  for (const turn of turns) {
    const last = result.at(-1);
    if (last?.role === turn.role) last.content.push(...turn.content);
    else if (turn.content.length > 0) result.push({ role: turn.role, content: [...turn.content] });
  }
  return result;
}

function gemini(parameters: Parameters, turns: readonly Turn[], tools: Tools): PlayRequest {
  const { model, system, temperature, max_tokens, effort, thinking_budget, stream } = parameters;
  const action = stream ? "streamGenerateContent?alt=sse" : "generateContent";
  const thinks = effort !== undefined || thinking_budget !== undefined;
  const config = {
    ...(temperature !== undefined && { temperature }),
    ...(max_tokens !== undefined && { maxOutputTokens: max_tokens }),
    ...(thinks && {
      thinkingConfig: {
        includeThoughts: true,
        ...(thinking_budget === undefined
          ? { thinkingLevel: effort }
          : { thinkingBudget: thinking_budget }),
      },
    }),
  };
  const declarations = tools.functions.length > 0 && [{ functionDeclarations: tools.functions }];
  const all = [...(declarations || []), ...tools.native];
  return {
    path: `/v1beta/models/${encodeURIComponent(model)}:${action}`,
    body: {
      ...(system && { systemInstruction: { parts: [{ text: system }] } }),
      contents: joined(
        turns.map((turn) => ({
          role: turn.role === "assistant" ? "model" : "user",
          content: geminiParts(turn),
        })),
      ).map(({ role, content }) => ({ role, parts: content })),
      ...(Object.keys(config).length > 0 && { generationConfig: config }),
      ...(all.length > 0 && { tools: all }),
    },
  };
}

function geminiParts(turn: Turn): unknown[] {
  if (turn.role === "tool")
    return [{ functionResponse: { name: turn.name, response: geminiResult(turn.output) } }];
  if (turn.role === "user") return geminiContent(turn);
  return modelParts(turn);
}

function modelParts(turn: AssistantTurn): unknown[] {
  return [
    ...(turn.text ? [{ text: turn.text }] : []),
    ...turn.tool_calls.map((call) => ({
      functionCall: { name: call.name, args: parsedArguments(call.arguments) },
      ...(call.signature && { thoughtSignature: call.signature }),
    })),
  ];
}

/** A result must be an object there. */
function geminiResult(output: string): unknown {
  const value = parsedArguments(output);
  return typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    output.trim() !== ""
    ? value
    : { result: output };
}

/** Arguments as an object; what is no JSON counts as none. */
function parsedArguments(text: string): unknown {
  try {
    return text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    return {};
  }
}

function toolList(tools: Tools, write: (tool: Tools["functions"][number]) => unknown) {
  const all = [...tools.functions.map(write), ...tools.native];
  return all.length > 0 && { tools: all };
}
