/** Answers of OpenAI Chat Completions, and of those who speak it with additions of their own. */

import { readError } from "./error";
import { at, countAt, type Json, listAt, type PlayEvent, type Reader, textAt } from "./event";

export function readChat(): Reader {
  let named = false;
  const read = (value: Json, part: "delta" | "message"): PlayEvent[] => {
    if (at(value, "error")) return [{ type: "error", error: readError(value) }];
    const events: PlayEvent[] = [];
    const model = textAt(value, "model");
    if (model !== undefined && !named) events.push({ type: "model", model });
    named ||= model !== undefined;
    // One answer is shown: where several were asked for, the first.
    const choice = listAt(value, "choices").find((one) => countAt(one, "index") === 0);
    events.push(...choiceEvents(choice, part), ...usageOf(at(value, "usage")));
    const reason = textAt(choice, "finish_reason");
    if (reason !== undefined) events.push({ type: "done", reason });
    return events;
  };
  return {
    frame: (value) => read(value, "delta"),
    body: (value) => read(value, "message"),
  };
}

function choiceEvents(choice: Json, part: "delta" | "message"): PlayEvent[] {
  const delta = at(choice, part);
  const events: PlayEvent[] = [];
  const thinking = textAt(delta, "reasoning_content") ?? textAt(delta, "reasoning");
  if (thinking !== undefined) events.push({ type: "thinking", text: thinking });
  const text = textAt(delta, "content") ?? textAt(delta, "refusal");
  if (text !== undefined) events.push({ type: "text", text });
  for (const [place, call] of listAt(delta, "tool_calls").entries()) {
    const index = at(call, "index");
    const id = textAt(call, "id");
    const name = textAt(call, "function", "name");
    const more = textAt(call, "function", "arguments");
    events.push({
      type: "tool_call",
      key: String(typeof index === "number" ? index : place),
      ...(id !== undefined && { id }),
      ...(name !== undefined && { name }),
      ...(more !== undefined && { arguments: more }),
    });
  }
  return events;
}

function usageOf(usage: Json): PlayEvent[] {
  if (typeof usage !== "object" || usage === null) return [];
  const cached =
    countAt(usage, "prompt_tokens_details", "cached_tokens") ||
    countAt(usage, "prompt_cache_hit_tokens");
  const written = countAt(usage, "prompt_tokens_details", "cache_write_tokens");
  return [
    {
      type: "usage",
      usage: {
        input: Math.max(0, countAt(usage, "prompt_tokens") - cached - written),
        cache_read: cached,
        cache_write: written,
        output: countAt(usage, "completion_tokens"),
        reasoning: countAt(usage, "completion_tokens_details", "reasoning_tokens"),
      },
    },
  ];
}
