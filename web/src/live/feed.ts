/** What happens on the server while one looks: one connection for all that listen on this page. */
import type { ServerEvent } from "@/api/sse";
import { EventStream, type StreamState } from "@/api/stream";

export type Topic = "calls" | "all_calls" | "health" | "config";

interface Listener {
  topics: readonly Topic[];
  onEvent: (event: ServerEvent) => void;
}

/** `off` while nobody listens. */
export type LiveState = StreamState | { kind: "off" };

/** Long enough for a page to give way to the next without a new connection in between. */
const settleMs = 50;

let listeners: Listener[] = [];
let stream: EventStream | undefined;
let topicsOfStream = "";
let paused = false;
let state: LiveState = { kind: "off" };
let settling: ReturnType<typeof setTimeout> | undefined;
const watchers = new Set<() => void>();

function setState(next: LiveState) {
  state = next;
  for (const watcher of watchers) watcher();
}

function settle() {
  const topics = [...new Set(listeners.flatMap((one) => one.topics))].sort().join(",");
  if (topics === topicsOfStream) return;
  stream?.close();
  stream = undefined;
  topicsOfStream = topics;
  if (topics === "") return setState({ kind: "off" });
  stream = new EventStream({
    path: "/api/stream",
    query: { topics },
    onEvent: (event) => {
      for (const listener of listeners) listener.onEvent(event);
    },
    onState: setState,
  });
  if (paused) stream.pause();
}

/** Listens until the returned function is called. Every listener gets every event; `event` tells them apart. */
export function listen(topics: readonly Topic[], onEvent: Listener["onEvent"]): () => void {
  const listener = { topics, onEvent };
  listeners = [...listeners, listener];
  clearTimeout(settling);
  settling = setTimeout(settle, settleMs);
  return () => {
    listeners = listeners.filter((one) => one !== listener);
    clearTimeout(settling);
    settling = setTimeout(settle, settleMs);
  };
}

export const feed = {
  get: () => state,
  watch(watcher: () => void) {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
  /** Lets the page stand still, or go on. */
  setPaused(on: boolean) {
    paused = on;
    if (on) stream?.pause();
    else stream?.resume();
  },
};
