import { useCallback, useEffect, useRef, useState } from "react";

import { api } from "@/api/client";
import { eventsOf, type ServerEvent } from "@/api/sse";
import { expecting, idle, type ProbeState, withEvent } from "./probe";

/** One request of a test: to `…/probe` or `…/{name}/test`. */
export interface ProbeRun {
  readonly path: string;
  readonly body: object;
  /** What it asks, so that the rows are there from the start. */
  readonly models: readonly string[];
  /** What to call the credential where the server knows none. */
  readonly label?: string | undefined;
}

export interface Probe {
  readonly state: ProbeState;
  /** Makes the runs one after another; a test that goes on is stopped first. */
  start: (runs: readonly ProbeRun[]) => Promise<ProbeState>;
  stop: () => void;
  reset: () => void;
}

/** Makes one run and tells each event; whether the server said at the end that it was over. */
async function follow(
  run: ProbeRun,
  signal: AbortSignal,
  onEvent: (event: ServerEvent) => void,
): Promise<boolean> {
  const answer = await api.raw("POST", run.path, run.body, {
    signal,
    headers: { accept: "text/event-stream" },
  });
  let isWhole = false;
  for await (const event of eventsOf(answer)) {
    if (event.event === "done") isWhole = true;
    else onEvent(event);
  }
  return isWhole;
}

/** Makes runs one after another and shows how they go; never rejects. */
export async function runAll(
  runs: readonly ProbeRun[],
  signal: AbortSignal,
  onState: (state: ProbeState) => void,
): Promise<ProbeState> {
  let now: ProbeState = { rows: [], status: "running" };
  const show = (next: ProbeState) => {
    now = next;
    onState(next);
  };
  for (const { models, label } of runs) show(expecting(now, models, label));
  try {
    let isWhole = true;
    for (const run of runs) {
      const ended = await follow(run, signal, (event) => show(withEvent(now, event, run.label)));
      isWhole &&= ended;
    }
    show({ ...now, status: isWhole ? "done" : "cut" });
  } catch (error) {
    show(signal.aborted ? { ...now, status: "stopped" } : { ...now, status: "failed", error });
  }
  return now;
}

/** A test that can be started and stopped; it ends with the component. */
export function useProbe(): Probe {
  const [state, setState] = useState<ProbeState>(idle);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const start = useCallback((runs: readonly ProbeRun[]) => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    return runAll(runs, own.signal, (next) => {
      if (running.current === own) setState(next);
    });
  }, []);

  const stop = useCallback(() => running.current?.abort(), []);
  const reset = useCallback(() => {
    running.current?.abort();
    running.current = undefined;
    setState(idle);
  }, []);
  return { state, start, stop, reset };
}
