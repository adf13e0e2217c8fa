import { useEffect, useRef, useState } from "react";

import type { Dialect, TokenView, UserModel } from "@/api/types";
import { firstShared, type Prompt, type SharedParameters, type ToolTurn } from "./conversation";
import { buildRequest, type PlayRequest } from "./request";
import { forgetKept, type Kept, loadKept, saveKept } from "./store";
import { anotherThread, fitted, hasTurn, type Thread } from "./thread";
import { isToolsProblem, parseTools } from "./tools";
import { append, choose, emptyTree, pathOf, placeOf, start } from "./tree";
import { useCosts } from "./use-costs";
import { useThreads } from "./use-threads";

export interface Playground {
  parameters: SharedParameters;
  /** One conversation for each model; never empty. */
  threads: readonly Thread[];
  keyId: string | undefined;
  /** Whether any thread is. */
  running: boolean;
  canSend: boolean;
  /** All that would be kept. */
  kept: Kept;
  /** What would be sent now. */
  draftOf(thread: Thread): PlayRequest;
  change(parameters: Partial<SharedParameters>): void;
  /** Takes a parameter out again. */
  unset(name: "temperature" | "max_tokens" | "effort" | "thinking_budget"): void;
  chooseKey(id: string): void;
  chooseModel(threadId: string, model: string): void;
  chooseDialect(threadId: string, dialect: Dialect): void;
  /** One more model beside the others. */
  addThread(): void;
  removeThread(id: string): void;
  /** One prompt to every thread. */
  ask(prompt: Prompt): void;
  /** Sends results for the calls of the last answer. */
  giveResults(threadId: string, results: readonly Omit<ToolTurn, "id" | "role">[]): void;
  /** Asks something else in the place of a turn, in every thread that has it. What followed stays as another version. */
  edit(turnId: string, text: string): void;
  /** Another answer in the place of one. */
  regenerate(threadId: string, answerId: string): void;
  /** Shows another version of a turn, in every thread that has it. */
  choose(turnId: string): void;
  /** One thread, or all. */
  stop(threadId?: string): void;
  clear(): void;
}

export interface PlaygroundGiven {
  models: readonly UserModel[];
  keys: readonly TokenView[];
  /** Adds who is asking; a failure is an answer to it, not an exception. */
  fetch: typeof fetch;
  /** The model to begin with. */
  model?: string | undefined;
  /** The id of the key to begin with. */
  keyId?: string | undefined;
  /** What requests cost, by id, as far as it was told. */
  costs?: ReadonlyMap<string, string>;
  storage?: Storage;
  now?: () => number;
}

/** The conversations, the parameters, and the requests that are under way. */
export function usePlayground(given: PlaygroundGiven): Playground {
  const { models, keys, storage = localStorage, now = () => performance.now() } = given;
  const [before] = useState(() => loadKept(storage));
  const [parameters, setParameters] = useState({ ...firstShared, ...before?.parameters });
  const [chosenKey, chooseKey] = useState(given.keyId ?? before?.api_key_id);
  const { threads, setThreads, nextId, run, stop } = useThreads({
    models,
    model: given.model,
    kept: before?.threads,
    fetch: given.fetch,
    now,
  });
  useCosts(given.costs, threads, setThreads);

  const usable = keys.filter(isUsable);
  const keyId = (usable.find((key) => key.id === chosenKey) ?? usable[0])?.id;
  const canSend =
    keyId !== undefined &&
    threads.every((thread) => thread.model !== "") &&
    !isToolsProblem(parseTools(parameters.tools));

  const kept: Kept = {
    parameters,
    threads: threads.map(({ id, model, dialect, tree }) => ({ id, model, dialect, tree })),
    ...(keyId !== undefined && { api_key_id: keyId }),
  };
  useKeeping(storage, kept, threads);

  const send = (thread: Thread) => {
    if (keyId !== undefined && canSend) run(thread, parameters, keyId);
  };
  const set = (id: string, change: (thread: Thread) => Thread) =>
    setThreads((all) => all.map((thread) => (thread.id === id ? change(thread) : thread)));

  return {
    parameters,
    threads,
    keyId,
    running: threads.some((thread) => thread.running),
    canSend,
    kept,
    draftOf: ({ model, dialect, tree }) =>
      buildRequest({ ...parameters, model, dialect }, pathOf(tree)),
    change: (changes) => setParameters((all) => ({ ...all, ...changes })),
    unset: (name) =>
      setParameters((all) => {
        const { [name]: _, ...rest } = all;
        return rest as SharedParameters;
      }),
    chooseKey,
    chooseModel: (id, model) => set(id, (thread) => fitted({ ...thread, model }, models)),
    chooseDialect: (id, dialect) => set(id, (thread) => fitted({ ...thread, dialect }, models)),
    addThread: () => {
      const thread = anotherThread(threads, models, nextId());
      if (thread) setThreads([...threads, thread]);
    },
    removeThread: (id) => {
      if (threads.length < 2) return;
      stop(id);
      setThreads((all) => all.filter((thread) => thread.id !== id));
    },
    ask: (prompt) => {
      // The same turn in every thread: what is done to it later is done in all of them.
      const turn = { ...prompt, id: nextId(), role: "user" } as const;
      for (const thread of threads) send(following(thread, [turn]));
    },
    giveResults: (id, results) => {
      const turns = results.map((one): ToolTurn => ({ ...one, id: nextId(), role: "tool" }));
      for (const thread of threads) if (thread.id === id) send(following(thread, turns));
    },
    edit: (turnId, text) => {
      const id = nextId();
      for (const thread of threads) {
        const turn = thread.tree.all.find((placed) => placed.turn.id === turnId)?.turn;
        const place = placeOf(thread.tree, turnId);
        if (turn?.role !== "user" || place === undefined) continue;
        send({ ...thread, tree: append(thread.tree, place, [{ ...turn, id, text }]) });
      }
    },
    regenerate: (id, answerId) => {
      for (const thread of threads) if (thread.id === id) send(endingBefore(thread, answerId));
    },
    choose: (turnId) =>
      setThreads((all) =>
        all.map((thread) =>
          hasTurn(thread, turnId) ? { ...thread, tree: choose(thread.tree, turnId) } : thread,
        ),
      ),
    stop,
    clear: () => {
      stop();
      setThreads((all) =>
        all.map(({ id, model, dialect }) => ({ id, model, dialect, tree: emptyTree })),
      );
    },
  };
}

/** A key that the server can use for its owner. */
export const isUsable = (key: TokenView) => key.status === "active" && key.revealable;

/** The thread with more turns at the end of what it shows. */
function following(thread: Thread, turns: readonly Parameters<typeof append>[2][number][]): Thread {
  const end = pathOf(thread.tree).at(-1)?.id ?? start;
  return { ...thread, tree: append(thread.tree, end, turns) };
}

/** The thread as it was before an answer: what is shown ends there, and nothing is lost. */
function endingBefore(thread: Thread, answerId: string): Thread {
  const place = placeOf(thread.tree, answerId);
  if (place === undefined) return thread;
  const { [place]: _, ...chosen } = thread.tree.chosen;
  return { ...thread, tree: { ...thread.tree, chosen } };
}

/** Keeps what there is whenever a request ended or something else changed, but not with every word that arrives. */
function useKeeping(storage: Storage, kept: Kept, threads: readonly Thread[]) {
  const running = threads.filter((thread) => thread.running).length;
  const latest = useRef(kept);
  latest.current = kept;
  const { parameters, api_key_id } = kept;
  const settled = running === 0 ? threads : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: they say when, `latest` says what
  useEffect(() => {
    const isEmpty = latest.current.threads.every(({ tree }) => tree.all.length === 0);
    if (isEmpty) forgetKept(storage);
    else saveKept(storage, latest.current);
  }, [storage, parameters, api_key_id, running, settled]);
}
