/** Phases and attempts of a request on one axis of time. All spans are microseconds after its beginning. */

import type { AttemptView, Trace } from "@/api/types";
import { attemptStart, isSkipped } from "./verdict";

export type Phase = Exclude<Trace["timings"][number]["phase"], "received">;

export interface Segment {
  kind: "phase" | "headers" | "body" | "failed" | "cancelled" | "wait";
  start: number;
  end: number;
}

export interface Row {
  id: string;
  start: number;
  end: number;
  segments: readonly Segment[];
  what: { phase: Phase } | { attempt: AttemptView; number: number } | { waitBefore: number };
}

export interface Waterfall {
  /** Where the axis ends; never zero. */
  length: number;
  rows: readonly Row[];
  ticks: readonly number[];
  /** When the first meaningful event went out. */
  firstEvent?: number;
}

/** Pauses between attempts shorter than this share of the whole are not worth a row. */
const shortestWait = 0.01;
/** A call that waits for its turn less than this, in microseconds, did not wait. */
const shortestQueue = 1_000;
const mostTicks = 5;

export function waterfallOf({ call, timings }: Pick<Trace, "call" | "timings">): Waterfall {
  const rows: Row[] = [];
  const before: Row[] = [];
  const after: Row[] = [];
  const sorted = timings.toSorted((left, right) => left.at_us - right.at_us);
  let from = sorted.find((timing) => timing.phase === "received")?.at_us ?? 0;
  for (const { phase, at_us } of sorted) {
    if (phase === "received") continue;
    // Most calls find their turn come at once.
    if (phase === "queued" && at_us - from < shortestQueue) continue;
    const row = rowOf(`phase-${phase}`, from, at_us, "phase", { phase });
    (phase === "ended" ? after : before).push(row);
    from = at_us;
  }
  rows.push(...before, ...attemptRows(call), ...after);
  const length = Math.max(1, call.duration_us, ...rows.map((row) => row.end));
  return {
    length,
    rows,
    ticks: ticksOf(length),
    ...(call.first_event_us !== undefined && { firstEvent: call.first_event_us }),
  };
}

function attemptRows(call: Trace["call"]): Row[] {
  const rows: Row[] = [];
  let free: number | undefined;
  for (const [at, attempt] of call.attempts.entries()) {
    if (isSkipped(attempt)) continue;
    const number = at + 1;
    const start = attemptStart(call, attempt);
    const end = start + attempt.duration_us;
    if (free !== undefined && start - free >= Math.max(1_000, call.duration_us * shortestWait))
      rows.push(rowOf(`wait-${number}`, free, start, "wait", { waitBefore: number }));
    rows.push({
      id: `attempt-${number}`,
      start,
      end,
      segments: segmentsOf(attempt, start),
      what: { attempt, number },
    });
    free = Math.max(free ?? 0, end);
  }
  return rows;
}

/** Until the headers, then until the end; one piece where no headers came. */
function segmentsOf(attempt: AttemptView, start: number): Segment[] {
  const end = start + attempt.duration_us;
  const kind = {
    accepted: "body",
    retried: "failed",
    failed: "failed",
    cancelled: "cancelled",
    skipped: "cancelled",
    overtaken: "cancelled",
  } as const;
  const rest = kind[attempt.outcome];
  const headers = attempt.headers_us;
  if (headers === undefined || headers <= 0 || headers > attempt.duration_us)
    return [{ kind: rest === "body" ? "headers" : rest, start, end }];
  return [
    { kind: "headers", start, end: start + headers },
    { kind: rest, start: start + headers, end },
  ];
}

function rowOf(
  id: string,
  start: number,
  end: number,
  kind: Segment["kind"],
  what: Row["what"],
): Row {
  const last = Math.max(start, end);
  return { id, start, end: last, segments: [{ kind, start, end: last }], what };
}

/** Round figures along the axis, at most five after zero. */
export function ticksOf(length: number): number[] {
  const rough = length / mostTicks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const ticks: number[] = [];
  for (let at = 0; at <= length; at += step) ticks.push(at);
  return ticks;
}
