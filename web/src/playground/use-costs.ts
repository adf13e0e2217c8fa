import { type Dispatch, type SetStateAction, useEffect, useState } from "react";

import type { CallView } from "@/api/types";
import { useLive } from "@/live/use-live";
import type { Turn } from "./conversation";
import type { Thread } from "./thread";

/** Of this many calls the cost is remembered: an answer finds its own at once or soon. */
const mostCalls = 50;

/** What one's own calls cost, by request id, as the server tells while they end. */
export function useCallCosts(isOn: boolean): ReadonlyMap<string, string> {
  const [costs, setCosts] = useState<ReadonlyMap<string, string>>(new Map());
  useLive(isOn ? ["calls"] : [], ({ event, data }) => {
    if (event !== "call") return;
    const { request_id, cost_usd } = JSON.parse(data) as CallView;
    if (cost_usd !== undefined)
      setCosts((before) => new Map([...before, [request_id, cost_usd] as const].slice(-mostCalls)));
  });
  return costs;
}

/** Writes what was recorded to the answers that it belongs to. */
export function useCosts(
  costs: ReadonlyMap<string, string> | undefined,
  threads: readonly Thread[],
  setThreads: Dispatch<SetStateAction<readonly Thread[]>>,
) {
  useEffect(() => {
    if (!costs?.size) return;
    const costOf = (thread: Thread, turn: Turn) =>
      // A running answer is written anew with each word.
      thread.running || turn.role !== "assistant" || turn.cost_usd !== undefined
        ? undefined
        : costs.get(turn.request_id ?? "");
    const learn = (thread: Thread): Thread => ({
      ...thread,
      tree: {
        ...thread.tree,
        all: thread.tree.all.map((placed) => {
          const cost_usd = costOf(thread, placed.turn);
          if (cost_usd === undefined || placed.turn.role !== "assistant") return placed;
          return { ...placed, turn: { ...placed.turn, cost_usd } };
        }),
      },
    });
    const isNews = (thread: Thread) => thread.tree.all.some(({ turn }) => costOf(thread, turn));
    if (threads.some(isNews))
      setThreads((before) => before.map((thread) => (isNews(thread) ? learn(thread) : thread)));
  }, [costs, threads, setThreads]);
}
