import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from "react";

import type { UserModel } from "@/api/types";
import { type AssistantTurn, emptyAnswer, type SharedParameters } from "./conversation";
import { priceOf } from "./price";
import { buildRequest } from "./request";
import { mostFrames, type RawFrame, runRequest } from "./run";
import type { KeptThread, Thread } from "./thread";
import { firstThreads } from "./thread";
import { append, pathOf, replace, start } from "./tree";

interface Given {
  models: readonly UserModel[];
  model: string | undefined;
  kept: readonly KeptThread[] | undefined;
  fetch: typeof fetch;
  now: () => number;
}

interface Threads {
  threads: readonly Thread[];
  setThreads: Dispatch<SetStateAction<readonly Thread[]>>;
  nextId(): string;
  /** Asks for an answer to all that the thread shows. */
  run(thread: Thread, parameters: SharedParameters, keyId: string): void;
  /** One thread, or all. */
  stop(id?: string): void;
}

/** The threads and their requests. Each goes its own way: what befalls one is nothing to the others. */
export function useThreads({ models, model, kept, fetch, now }: Given): Threads {
  const [threads, setThreads] = useState(() => firstThreads(models, model, kept));
  const last = useRef(0);
  const latest = useRef(threads);
  latest.current = threads;
  useEffect(
    () => () => {
      for (const thread of latest.current) thread.running?.abort();
    },
    [],
  );

  const nextId = () => {
    last.current += 1;
    return `${Date.now().toString(36)}-${last.current}`;
  };

  const update = (id: string, change: (thread: Thread) => Thread) =>
    setThreads((before) => before.map((thread) => (thread.id === id ? change(thread) : thread)));

  async function run(thread: Thread, parameters: SharedParameters, keyId: string) {
    thread.running?.abort();
    const running = new AbortController();
    const history = pathOf(thread.tree);
    const { dialect } = thread;
    const request = buildRequest({ ...parameters, model: thread.model, dialect }, history);
    const answer = emptyAnswer(nextId());
    const tree = append(thread.tree, history.at(-1)?.id ?? start, [answer]);
    const show = (turn: AssistantTurn) =>
      update(thread.id, (now) => ({ ...now, tree: replace(now.tree, turn) }));
    update(thread.id, () => ({ ...thread, tree, sent: { request, frames: [] }, running }));
    const told = await runRequest({
      fetch,
      api_key_id: keyId,
      dialect,
      request,
      id: answer.id,
      signal: running.signal,
      now,
      onAnswer: show,
      onFrame: (frame) => update(thread.id, (now) => withFrame(now, running, frame)),
    });
    const expected_usd =
      told.usage &&
      priceOf(
        told.usage,
        models.find(({ name }) => name === thread.model),
      );
    if (expected_usd !== undefined) show({ ...told, expected_usd });
    update(thread.id, (now) => (now.running === running ? withoutRun(now) : now));
  }

  return {
    threads,
    setThreads,
    nextId,
    run: (thread, parameters, keyId) => void run(thread, parameters, keyId),
    stop: (id) => {
      for (const thread of threads)
        if (id === undefined || thread.id === id) thread.running?.abort();
    },
  };
}

function withFrame(thread: Thread, running: AbortController, frame: RawFrame): Thread {
  const { sent } = thread;
  if (thread.running !== running || !sent || sent.frames.length >= mostFrames) return thread;
  return { ...thread, sent: { ...sent, frames: [...sent.frames, frame] } };
}

function withoutRun({ running: _, ...thread }: Thread): Thread {
  return thread;
}
