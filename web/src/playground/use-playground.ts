import { useEffect, useRef, useState } from "react";

import type { TokenView, UserModel } from "@/api/types";
import {
  type AssistantTurn,
  firstParameters,
  type Parameters,
  type ToolTurn,
  type Turn,
} from "./conversation";
import { buildRequest, type PlayRequest } from "./request";
import { mostFrames, type RawFrame, runRequest } from "./run";
import { forgetKept, loadKept, saveKept } from "./store";
import { isToolsProblem, parseTools } from "./tools";

export interface Sent {
  request: PlayRequest;
  frames: readonly RawFrame[];
}

export interface Playground {
  parameters: Parameters;
  turns: readonly Turn[];
  keyId: string | undefined;
  /** The last request and what came back. */
  sent: Sent | undefined;
  running: boolean;
  /** What would be sent now. */
  draft: PlayRequest;
  canSend: boolean;
  change(parameters: Partial<Parameters>): void;
  /** Takes a parameter out again. */
  unset(name: "temperature" | "max_tokens" | "effort" | "thinking_budget"): void;
  chooseKey(id: string): void;
  ask(text: string, images: readonly string[]): void;
  /** Sends results for the calls of the last answer. */
  giveResults(results: readonly Omit<ToolTurn, "id" | "role">[]): void;
  /** Changes what was asked and goes on from there. */
  edit(id: string, text: string): void;
  /** Asks again for the last answer. */
  regenerate(): void;
  stop(): void;
  clear(): void;
}

export interface PlaygroundGiven {
  models: readonly UserModel[];
  keys: readonly TokenView[];
  /** Adds who is asking; a failure is an answer to it, not an exception. */
  fetch: typeof fetch;
  /** The model to begin with. */
  model?: string | undefined;
  storage?: Storage;
  now?: () => number;
}

/** The conversation, the parameters, and the request that is under way. */
export function usePlayground(given: PlaygroundGiven): Playground {
  const { models, keys, storage = localStorage, now = () => performance.now() } = given;
  const [kept] = useState(() => loadKept(storage));
  const [parameters, setParameters] = useState(() =>
    firstOf(models, given.model, kept?.parameters),
  );
  const [turns, setTurns] = useState<readonly Turn[]>(kept?.turns ?? []);
  const [chosenKey, setKey] = useState(kept?.api_key_id);
  const [sent, setSent] = useState<Sent>();
  const [running, setRunning] = useState<AbortController>();
  const last = useRef(0);

  const usable = keys.filter(isUsable);
  const keyId = (usable.find((key) => key.id === chosenKey) ?? usable[0])?.id;
  const canSend =
    keyId !== undefined && parameters.model !== "" && !isToolsProblem(parseTools(parameters.tools));

  useEffect(() => {
    if (running) return;
    if (turns.length === 0) forgetKept(storage);
    else
      saveKept(storage, { parameters, turns, ...(keyId !== undefined && { api_key_id: keyId }) });
  }, [storage, parameters, turns, keyId, running]);

  const latest = useRef(running);
  latest.current = running;
  useEffect(() => () => latest.current?.abort(), []);

  const nextId = () => {
    last.current += 1;
    return `${Date.now().toString(36)}-${last.current}`;
  };

  async function send(history: readonly Turn[]) {
    if (keyId === undefined || !canSend) return;
    running?.abort();
    const abort = new AbortController();
    const request = buildRequest(parameters, history);
    const id = nextId();
    setRunning(abort);
    setSent({ request, frames: [] });
    const show = (answer: AssistantTurn) => setTurns([...history, answer]);
    setTurns(history);
    await runRequest({
      fetch: given.fetch,
      api_key_id: keyId,
      dialect: parameters.dialect,
      request,
      id,
      signal: abort.signal,
      now,
      onAnswer: show,
      onFrame: (frame) =>
        setSent((before) =>
          before && before.request === request && before.frames.length < mostFrames
            ? { request, frames: [...before.frames, frame] }
            : before,
        ),
    });
    setRunning((current) => (current === abort ? undefined : current));
  }

  return {
    parameters,
    turns,
    keyId,
    sent,
    running: running !== undefined,
    draft: buildRequest(parameters, turns),
    canSend,
    change: (changes) => setParameters((before) => fitted({ ...before, ...changes }, models)),
    unset: (name) =>
      setParameters((before) => {
        const { [name]: _, ...rest } = before;
        return rest as Parameters;
      }),
    chooseKey: setKey,
    ask: (text, images) => void send([...turns, { id: nextId(), role: "user", text, images }]),
    giveResults: (results) =>
      void send([
        ...turns,
        ...results.map((result): ToolTurn => ({ ...result, id: nextId(), role: "tool" })),
      ]),
    edit: (id, text) => {
      const place = turns.findIndex((turn) => turn.id === id);
      const turn = turns[place];
      if (turn?.role === "user") void send([...turns.slice(0, place), { ...turn, text }]);
    },
    regenerate: () => {
      const end = turns.findLastIndex((turn) => turn.role !== "assistant");
      if (end >= 0) void send(turns.slice(0, end + 1));
    },
    stop: () => running?.abort(),
    clear: () => {
      running?.abort();
      setTurns([]);
      setSent(undefined);
    },
  };
}

/** A key that the server can use for its owner. */
export const isUsable = (key: TokenView) => key.status === "active" && key.revealable;

function firstOf(
  models: readonly UserModel[],
  wanted: string | undefined,
  kept: Parameters | undefined,
): Parameters {
  const name = wanted ?? kept?.model;
  const model = models.find((one) => one.name === name) ?? models[0];
  return fitted({ ...firstParameters, ...kept, model: model?.name ?? "" }, models);
}

/** A dialect that the model speaks. */
function fitted(parameters: Parameters, models: readonly UserModel[]): Parameters {
  const dialects = models.find((model) => model.name === parameters.model)?.dialects ?? [];
  const [first] = dialects;
  return first === undefined || dialects.includes(parameters.dialect)
    ? parameters
    : { ...parameters, dialect: first };
}
