/** The test of one channel among several: what is asked of it, and what it comes to. */
import type { ChannelView } from "@/api/types";
import { isEnabled } from "@/config/objects";
import { bindingsOf, isChatModel } from "./channel";
import { idle, type ProbeState, verdictOf } from "./probe";

/** How much of each channel is asked: one model, or all that can be talked with. */
export type Breadth = "one" | "all";

export interface Trial {
  readonly channel: ChannelView;
  readonly models: readonly string[];
  /** Why there is nothing to ask. */
  readonly lacks?: "no_credential" | "no_models" | "no_chat";
  readonly state: ProbeState;
}

/** `mixed`: some answered, some failed. `none`: not tested, or not to the end; that says nothing of the channel. */
export type TrialVerdict =
  | "waiting"
  | "running"
  | "ok"
  | "mismatch"
  | "mixed"
  | "failed"
  | "untestable"
  | "none";

export function trialOf(channel: ChannelView, breadth: Breadth): Trial {
  const bound = bindingsOf(channel).filter(({ enabled }) => enabled);
  const chat = bound.filter(({ upstream }) => isChatModel(upstream)).map(({ name }) => name);
  const models = breadth === "one" ? chat.slice(0, 1) : chat;
  const lacks = (() => {
    if (!(channel.credentials ?? []).some(isEnabled)) return "no_credential";
    if (bound.length === 0) return "no_models";
    return models.length === 0 ? "no_chat" : undefined;
  })();
  return { channel, models, ...(lacks && { lacks }), state: idle };
}

/** What a trial comes to. Only one that went to its end says that a channel passed or failed. */
export function verdictOfTrial({ state, lacks }: Trial, isRunning: boolean): TrialVerdict {
  if (lacks) return "untestable";
  if (state.status === "idle") return isRunning ? "waiting" : "none";
  if (state.status === "running") return "running";
  if (state.status !== "done") return "none";
  const verdicts = state.rows.map((row) => verdictOf(row, false));
  const has = (verdict: string) => verdicts.some((one) => one === verdict);
  if (has("none")) return "none";
  if (has("failed")) return has("ok") || has("mismatch") ? "mixed" : "failed";
  if (has("mismatch")) return "mismatch";
  return has("ok") ? "ok" : "untestable";
}

/** The names of those that came to that. */
export const namesWith = (trials: readonly Trial[], verdict: TrialVerdict): string[] =>
  trials
    .filter((trial) => verdictOfTrial(trial, false) === verdict)
    .map(({ channel }) => channel.name);
