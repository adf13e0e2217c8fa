/** A test as it goes: the server's events, put together into rows. */
import type { ServerEvent } from "@/api/sse";
import type { TestPhase, TestResult } from "@/api/types";
import { isChatModel } from "./channel";

export type Phase = TestPhase["phase"];
export const phases: readonly Phase[] = ["dns", "connect", "tls", "headers", "first_event", "end"];

/** One model asked with one credential. */
export interface ProbeRow {
  readonly model: string;
  readonly credential: string | undefined;
  /** When each step was done, from the start of the test. */
  readonly steps: Readonly<Partial<Record<Phase, number>>>;
  readonly result?: TestResult;
}

export interface ProbeState {
  readonly rows: readonly ProbeRow[];
  /** `cut`: the stream ended before the server said that it was over. */
  readonly status: "idle" | "running" | "done" | "stopped" | "cut" | "failed";
  readonly error?: unknown;
}

/** What a row says at a glance. */
export type Verdict = "waiting" | "running" | "ok" | "mismatch" | "failed" | "untestable" | "none";

export const idle: ProbeState = { rows: [], status: "idle" };

/** The state with rows for what will be asked. */
export function expecting(state: ProbeState, models: readonly string[], credential?: string) {
  const rows = models.map((model): ProbeRow => ({ model, credential, steps: {} }));
  return { ...state, rows: [...state.rows, ...rows] };
}

/** The state after an event. `label` names the credential where the server knows none. */
export function withEvent(
  state: ProbeState,
  { event, data }: ServerEvent,
  label?: string,
): ProbeState {
  if (event === "phase") {
    const { model, credential = label, phase, at_us } = JSON.parse(data) as TestPhase;
    return put(state, model, credential, (row) => ({
      ...row,
      steps: { ...row.steps, [phase]: at_us },
    }));
  }
  if (event === "result") {
    const result = JSON.parse(data) as TestResult;
    return put(state, result.model, result.credential ?? label, (row) => ({ ...row, result }));
  }
  return state;
}

/** Changes the row of a test: its own, one that waits for a credential, or a new one. */
function put(
  state: ProbeState,
  model: string,
  credential: string | undefined,
  change: (row: ProbeRow) => ProbeRow,
): ProbeState {
  const { rows } = state;
  const own = rows.findIndex((row) => row.model === model && row.credential === credential);
  const at = own >= 0 ? own : rows.findIndex((row) => row.model === model && isUntouched(row));
  const row = rows[at];
  if (!row) return { ...state, rows: [...rows, change({ model, credential, steps: {} })] };
  return { ...state, rows: rows.with(at, change({ ...row, credential })) };
}

const isUntouched = (row: ProbeRow) =>
  row.credential === undefined && row.result === undefined && Object.keys(row.steps).length === 0;

/** How a row stands. */
export function verdictOf(row: ProbeRow, isRunning: boolean): Verdict {
  const { result, steps } = row;
  if (!result) {
    if (!isRunning) return "none";
    return Object.keys(steps).length > 0 ? "running" : "waiting";
  }
  if (result.ok) return result.model_mismatch ? "mismatch" : "ok";
  return isUntestable(result) ? "untestable" : "failed";
}

/** There was nothing to ask, or the model is none to talk with: that is no failure of the channel. */
function isUntestable({ model, upstream_model, failure }: TestResult): boolean {
  if (failure?.code === "model_not_found" && model === "") return true;
  const refused = ["bad_request", "not_found", "model_not_found"].includes(failure?.code ?? "");
  return refused && model !== "" && !isChatModel(upstream_model);
}

export function countsOf({ rows }: ProbeState): { ok: number; failed: number; untestable: number } {
  const verdicts = rows.map((row) => verdictOf(row, false));
  const count = (...of: Verdict[]) => verdicts.filter((verdict) => of.includes(verdict)).length;
  return { ok: count("ok", "mismatch"), failed: count("failed"), untestable: count("untestable") };
}
