/** Answers of Gemini, as SSE or as elements of a JSON array: both are whole responses. */

import { readError } from "./error";
import { at, countAt, type Json, listAt, type PlayEvent, type Reader, textAt } from "./event";

export function readGemini(): Reader {
  let calls = 0;
  let named = false;
  const read = (value: Json): PlayEvent[] => {
    if (Array.isArray(value)) return (value as Json[]).flatMap(read);
    if (at(value, "error")) return [{ type: "error", error: readError(value) }];
    const events: PlayEvent[] = [];
    const model = textAt(value, "modelVersion");
    if (model !== undefined && !named) events.push({ type: "model", model });
    named ||= model !== undefined;
    const candidate = listAt(value, "candidates")[0];
    for (const part of listAt(candidate, "content", "parts")) {
      events.push(...partEvents(part, () => String(calls++)));
    }
    events.push(...usageOf(at(value, "usageMetadata")));
    const blocked = textAt(value, "promptFeedback", "blockReason");
    const reason = textAt(candidate, "finishReason") ?? blocked;
    if (reason !== undefined) events.push({ type: "done", reason });
    return events;
  };
  return { frame: read, body: read };
}

function partEvents(part: Json, nextKey: () => string): PlayEvent[] {
  const call = at(part, "functionCall");
  const signature = textAt(part, "thoughtSignature");
  if (call) {
    const key = nextKey();
    const name = textAt(call, "name");
    return [
      {
        type: "tool_call",
        key,
        id: textAt(call, "id") ?? `call_${key}`,
        ...(name !== undefined && { name }),
        arguments: JSON.stringify(at(call, "args") ?? {}),
        ...(signature !== undefined && { signature }),
      },
    ];
  }
  const text = textAt(part, "text");
  if (text === undefined) return [];
  return [{ type: at(part, "thought") === true ? "thinking" : "text", text }];
}

function usageOf(usage: Json): PlayEvent[] {
  if (typeof usage !== "object" || usage === null) return [];
  const cached = countAt(usage, "cachedContentTokenCount");
  const thoughts = countAt(usage, "thoughtsTokenCount");
  const prompt = countAt(usage, "promptTokenCount") + countAt(usage, "toolUsePromptTokenCount");
  return [
    {
      type: "usage",
      usage: {
        input: Math.max(0, prompt - cached),
        cache_read: cached,
        cache_write: 0,
        output: countAt(usage, "candidatesTokenCount") + thoughts,
        reasoning: thoughts,
      },
    },
  ];
}
