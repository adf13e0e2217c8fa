/** A conversation as the playground holds it, whatever the dialect. */

import type { Dialect, Usage } from "@/api/types";

export const efforts = ["minimal", "low", "medium", "high"] as const;
export type Effort = (typeof efforts)[number];

export interface Parameters {
  dialect: Dialect;
  model: string;
  system: string;
  temperature?: number;
  max_tokens?: number;
  effort?: Effort;
  /** Tokens to think with, where the dialect takes a number. */
  thinking_budget?: number;
  /** A JSON array of functions, as typed. */
  tools: string;
  stream: boolean;
}

export interface ToolCall {
  id: string;
  name: string;
  /** JSON, as far as it has arrived. */
  arguments: string;
  /** What the vendor wants back with the call. */
  signature?: string;
}

export interface UserTurn {
  id: string;
  role: "user";
  text: string;
  /** Images as data URLs. */
  images: readonly string[];
}

export interface ToolTurn {
  id: string;
  role: "tool";
  call_id: string;
  name: string;
  output: string;
}

export interface AssistantTurn {
  id: string;
  role: "assistant";
  text: string;
  thinking: string;
  /** The vendor's seal on the thinking. */
  thinking_signature?: string;
  tool_calls: readonly ToolCall[];
  usage?: PlayUsage;
  /** What the upstream calls its model. */
  model?: string;
  /** Why it ended, in the dialect's word. */
  reason?: string;
  error?: PlayError;
  request_id?: string;
  first_ms?: number;
  total_ms?: number;
  /** Ended by the reader's own hand. */
  stopped?: boolean;
}

export type Turn = UserTurn | ToolTurn | AssistantTurn;

export type PlayUsage = Pick<Usage, "input" | "cache_read" | "output" | "reasoning"> & {
  cache_write: number;
};

export interface PlayError {
  message: string;
  status?: number;
  /** The dialect's word for the kind. */
  code?: string;
}

export const firstParameters: Omit<Parameters, "model"> = {
  dialect: "responses",
  system: "",
  tools: "",
  stream: true,
};

export function emptyAnswer(id: string): AssistantTurn {
  return { id, role: "assistant", text: "", thinking: "", tool_calls: [] };
}
