/** One conversation with one model. Several of them side by side are a comparison. */

import type { Dialect, UserModel } from "@/api/types";
import type { Turn } from "./conversation";
import type { PlayRequest } from "./request";
import type { RawFrame } from "./run";
import { emptyTree, pathOf, type Tree, treeOf } from "./tree";

export interface Sent {
  request: PlayRequest;
  frames: readonly RawFrame[];
}

/** What of a thread outlives the page. */
export interface KeptThread {
  id: string;
  model: string;
  dialect: Dialect;
  tree: Tree;
}

export interface Thread extends KeptThread {
  /** The last request and what came back. */
  sent?: Sent;
  /** Stops the request that is under way. */
  running?: AbortController;
}

/** More do not fit beside each other. */
export const mostThreads = 3;

/** The threads to begin with: those that were kept, the first with the model that is wanted. */
export function firstThreads(
  models: readonly UserModel[],
  wanted: string | undefined,
  kept: readonly KeptThread[] = [],
): readonly Thread[] {
  const [first, ...rest] = kept.slice(0, mostThreads);
  const begun = first ?? { id: "1", model: "", dialect: "responses", tree: emptyTree };
  return [{ ...begun, model: wanted ?? begun.model }, ...rest].map((thread) =>
    fitted(thread, models),
  );
}

/** A model that may be used, in a dialect that it speaks. */
export function fitted(thread: Thread, models: readonly UserModel[]): Thread {
  const model = models.find(({ name }) => name === thread.model) ?? models[0];
  const dialects = model?.dialects ?? [];
  return {
    ...thread,
    model: model?.name ?? "",
    dialect: dialects.includes(thread.dialect) ? thread.dialect : (dialects[0] ?? thread.dialect),
  };
}

/** One more thread: a model that is not there yet, after the same words as the first thread. */
export function anotherThread(
  threads: readonly Thread[],
  models: readonly UserModel[],
  id: string,
): Thread | undefined {
  const [first] = threads;
  if (!first || threads.length >= mostThreads) return undefined;
  const fresh = models.find(({ name }) => threads.every((thread) => thread.model !== name));
  const tree = treeOf(pathOf(first.tree).map(unsigned));
  return fitted({ id, model: fresh?.name ?? first.model, dialect: first.dialect, tree }, models);
}

/** A vendor's seals mean nothing to another one. */
function unsigned(turn: Turn): Turn {
  if (turn.role !== "assistant") return turn;
  const { thinking_signature: _, ...rest } = turn;
  return {
    ...rest,
    tool_calls: turn.tool_calls.map(({ signature: _, ...call }) => call),
  };
}

export const hasTurn = (thread: Thread, id: string) =>
  thread.tree.all.some(({ turn }) => turn.id === id);

/** How its last request ended; nothing before there was one. */
export function stateOf(thread: Thread): "running" | "failed" | "stopped" | "done" | undefined {
  if (thread.running) return "running";
  const last = pathOf(thread.tree).at(-1);
  if (last?.role !== "assistant") return undefined;
  if (last.error) return "failed";
  return last.stopped ? "stopped" : "done";
}
