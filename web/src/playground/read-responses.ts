/** Answers of OpenAI Responses. */

import { readError } from "./error";
import { at, countAt, type Json, listAt, type PlayEvent, type Reader, textAt } from "./event";

export function readResponses(): Reader {
  const told = new Set<string>();
  return {
    frame(value, event) {
      const type = textAt(value, "type") ?? event;
      switch (type) {
        case "response.created":
          return modelOf(at(value, "response"));
        case "response.output_text.delta":
        case "response.refusal.delta": {
          told.add(textAt(value, "item_id") ?? "");
          return piece("text", textAt(value, "delta"));
        }
        case "response.reasoning_summary_text.delta":
        case "response.reasoning_text.delta": {
          told.add(textAt(value, "item_id") ?? "");
          return piece("thinking", textAt(value, "delta"));
        }
        case "response.reasoning_summary_part.added":
          return countAt(value, "summary_index") > 0 ? piece("thinking", "\n\n") : [];
        case "response.output_item.added":
          return callOf(at(value, "item"), false);
        case "response.function_call_arguments.delta":
        case "response.custom_tool_call_input.delta": {
          const key = textAt(value, "item_id") ?? "";
          told.add(key);
          const more = textAt(value, "delta");
          return more === undefined ? [] : [{ type: "tool_call", key, arguments: more }];
        }
        case "response.output_item.done": {
          const item = at(value, "item");
          return told.has(textAt(item, "id") ?? "") ? [] : itemEvents(item);
        }
        case "response.completed":
          return [...usageOf(at(value, "response")), { type: "done", reason: "completed" }];
        case "response.incomplete": {
          const why = textAt(value, "response", "incomplete_details", "reason") ?? "incomplete";
          return [...usageOf(at(value, "response")), { type: "done", reason: why }];
        }
        case "response.failed":
          return [{ type: "error", error: readError(at(value, "response")) }];
        case "error":
          return [{ type: "error", error: readError(value) }];
        default:
          return [];
      }
    },
    body(value) {
      const failed = at(value, "error");
      if (failed) return [{ type: "error", error: readError(value) }];
      return [
        ...modelOf(value),
        ...listAt(value, "output").flatMap(itemEvents),
        ...usageOf(value),
        {
          type: "done",
          reason:
            textAt(value, "incomplete_details", "reason") ?? textAt(value, "status") ?? "completed",
        },
      ];
    },
  };
}

function piece(type: "text" | "thinking", text: string | undefined): PlayEvent[] {
  return text === undefined ? [] : [{ type, text }];
}

function modelOf(response: Json): PlayEvent[] {
  const model = textAt(response, "model");
  return model === undefined ? [] : [{ type: "model", model }];
}

/** A whole item at once. */
function itemEvents(item: Json): PlayEvent[] {
  switch (at(item, "type")) {
    case "message":
      return listAt(item, "content").flatMap((part) =>
        piece("text", textAt(part, "text") ?? textAt(part, "refusal")),
      );
    case "reasoning":
      return [...listAt(item, "summary"), ...listAt(item, "content")].flatMap((part) =>
        piece("thinking", textAt(part, "text")),
      );
    default:
      return callOf(item, true);
  }
}

function callOf(item: Json, whole: boolean): PlayEvent[] {
  const type = at(item, "type");
  if (type !== "function_call" && type !== "custom_tool_call") return [];
  const key = textAt(item, "id") ?? textAt(item, "call_id") ?? "";
  const name = textAt(item, "name");
  const id = textAt(item, "call_id");
  const told = whole ? (textAt(item, "arguments") ?? textAt(item, "input")) : undefined;
  return [
    {
      type: "tool_call",
      key,
      ...(id !== undefined && { id }),
      ...(name !== undefined && { name }),
      ...(told !== undefined && { arguments: told }),
    },
  ];
}

function usageOf(response: Json): PlayEvent[] {
  const usage = at(response, "usage");
  if (typeof usage !== "object" || usage === null) return [];
  const cached = countAt(usage, "input_tokens_details", "cached_tokens");
  const written = countAt(usage, "input_tokens_details", "cache_write_tokens");
  return [
    {
      type: "usage",
      usage: {
        input: Math.max(0, countAt(usage, "input_tokens") - cached - written),
        cache_read: cached,
        cache_write: written,
        output: countAt(usage, "output_tokens"),
        reasoning: countAt(usage, "output_tokens_details", "reasoning_tokens"),
      },
    },
  ];
}
