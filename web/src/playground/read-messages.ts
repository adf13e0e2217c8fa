/** Answers of Anthropic Messages. */

import type { PlayUsage } from "./conversation";
import { readError } from "./error";
import { at, countAt, type Json, listAt, type PlayEvent, type Reader, textAt } from "./event";

export function readMessages(): Reader {
  let usage: PlayUsage | undefined;
  /** Blocks that call a function of ours; the vendor's own tools are its own affair. */
  const calls = new Set<string>();
  /** Later reports replace what they name and leave the rest. */
  const report = (value: Json): PlayEvent[] => {
    if (typeof value !== "object" || value === null) return [];
    const told = (name: string, before: number) =>
      typeof at(value, name) === "number" ? countAt(value, name) : before;
    usage = {
      input: told("input_tokens", usage?.input ?? 0),
      cache_read: told("cache_read_input_tokens", usage?.cache_read ?? 0),
      cache_write: told("cache_creation_input_tokens", usage?.cache_write ?? 0),
      output: told("output_tokens", usage?.output ?? 0),
      reasoning:
        countAt(value, "output_tokens_details", "thinking_tokens") || (usage?.reasoning ?? 0),
    };
    return [{ type: "usage", usage }];
  };
  return {
    frame(value, event) {
      switch (textAt(value, "type") ?? event) {
        case "message_start":
          return [...modelOf(at(value, "message")), ...report(at(value, "message", "usage"))];
        case "content_block_start": {
          const key = String(countAt(value, "index"));
          if (at(value, "content_block", "type") === "tool_use") calls.add(key);
          return blockStart(at(value, "content_block"), key);
        }
        case "content_block_delta":
          return delta(at(value, "delta"), String(countAt(value, "index"))).filter(
            (told) => told.type !== "tool_call" || calls.has(told.key),
          );
        case "message_delta": {
          const reason = textAt(value, "delta", "stop_reason");
          return [
            ...report(at(value, "usage")),
            ...(reason === undefined ? [] : [{ type: "done", reason } as const]),
          ];
        }
        case "error":
          return [{ type: "error", error: readError(value) }];
        default:
          return [];
      }
    },
    body(value) {
      if (at(value, "type") === "error") return [{ type: "error", error: readError(value) }];
      return [
        ...modelOf(value),
        ...listAt(value, "content").flatMap((block, index) => [
          ...blockStart(block, String(index)),
          ...wholeBlock(block, String(index)),
        ]),
        ...report(at(value, "usage")),
        { type: "done", reason: textAt(value, "stop_reason") ?? "end_turn" },
      ];
    },
  };
}

function modelOf(message: Json): PlayEvent[] {
  const model = textAt(message, "model");
  return model === undefined ? [] : [{ type: "model", model }];
}

function blockStart(block: Json, key: string): PlayEvent[] {
  switch (at(block, "type")) {
    case "tool_use": {
      const id = textAt(block, "id");
      const name = textAt(block, "name");
      return [
        {
          type: "tool_call",
          key,
          ...(id !== undefined && { id }),
          ...(name !== undefined && { name }),
        },
      ];
    }
    case "text": {
      const text = textAt(block, "text");
      return text === undefined ? [] : [{ type: "text", text }];
    }
    case "thinking":
      return thought(block);
    default:
      return [];
  }
}

function delta(value: Json, key: string): PlayEvent[] {
  switch (at(value, "type")) {
    case "text_delta": {
      const text = textAt(value, "text");
      return text === undefined ? [] : [{ type: "text", text }];
    }
    case "thinking_delta":
    case "signature_delta":
      return thought(value);
    case "input_json_delta": {
      const more = textAt(value, "partial_json");
      return more === undefined ? [] : [{ type: "tool_call", key, arguments: more }];
    }
    default:
      return [];
  }
}

function thought(value: Json): PlayEvent[] {
  const text = textAt(value, "thinking");
  const signature = textAt(value, "signature");
  return [
    ...(text === undefined ? [] : [{ type: "thinking", text } as const]),
    ...(signature === undefined ? [] : [{ type: "thinking_signature", signature } as const]),
  ];
}

/** The arguments of a call that came in one piece. */
function wholeBlock(block: Json, key: string): PlayEvent[] {
  return at(block, "type") === "tool_use"
    ? [{ type: "tool_call", key, arguments: JSON.stringify(at(block, "input") ?? {}) }]
    : [];
}
