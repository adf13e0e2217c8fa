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

/** What every model of a comparison is given alike. */
export type SharedParameters = Omit<Parameters, "model" | "dialect">;

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
  documents?: readonly PdfDocument[];
}

/** What a person sends. */
export type Prompt = Pick<UserTurn, "text" | "images" | "documents">;

export interface PdfDocument {
  name: string;
  /** A data URL; empty where it was too large to be kept. */
  url: string;
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
  /** What was recorded. */
  cost_usd?: string;
  /** What it should cost by the price of the model. */
  expected_usd?: string;
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

export const firstShared: SharedParameters = { system: "", tools: "", stream: true };

export const firstParameters: Omit<Parameters, "model"> = {
  dialect: "responses",
  ...firstShared,
};

export function emptyAnswer(id: string): AssistantTurn {
  return { id, role: "assistant", text: "", thinking: "", tool_calls: [] };
}
