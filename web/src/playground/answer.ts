/** An answer as it grows. */

import type { AssistantTurn, ToolCall } from "./conversation";
import type { PlayEvent } from "./event";

/** The calls of an answer by the key of their events, beside the turn that shows them. */
export interface Growing {
  turn: AssistantTurn;
  keys: readonly string[];
}

export function grow({ turn, keys }: Growing, event: PlayEvent): Growing {
  switch (event.type) {
    case "text":
      return { turn: { ...turn, text: turn.text + event.text }, keys };
    case "thinking":
      return { turn: { ...turn, thinking: turn.thinking + event.text }, keys };
    case "thinking_signature":
      return { turn: { ...turn, thinking_signature: event.signature }, keys };
    case "tool_call":
      return growCall({ turn, keys }, event);
    case "model":
      return { turn: { ...turn, model: event.model }, keys };
    case "usage":
      return { turn: { ...turn, usage: event.usage }, keys };
    case "done":
      return { turn: { ...turn, reason: event.reason }, keys };
    case "error":
      return { turn: { ...turn, error: event.error }, keys };
  }
}

function growCall(
  { turn, keys }: Growing,
  event: Extract<PlayEvent, { type: "tool_call" }>,
): Growing {
  const place = keys.indexOf(event.key);
  const before: ToolCall = turn.tool_calls[place] ?? { id: event.key, name: "", arguments: "" };
  const signature = event.signature ?? before.signature;
  const call: ToolCall = {
    id: event.id ?? before.id,
    name: event.name ?? before.name,
    arguments: before.arguments + (event.arguments ?? ""),
    ...(signature !== undefined && { signature }),
  };
  return place < 0
    ? { turn: { ...turn, tool_calls: [...turn.tool_calls, call] }, keys: [...keys, event.key] }
    : {
        turn: {
          ...turn,
          tool_calls: turn.tool_calls.map((old, at) => (at === place ? call : old)),
        },
        keys,
      };
}

/** Whether a reader would see something of it: the first such event stops the clock. */
export function isVisible(event: PlayEvent): boolean {
  return event.type === "text" || event.type === "thinking" || event.type === "tool_call";
}
