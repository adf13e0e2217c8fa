/** One request of the playground, from sending to its end. */

import { eventsOf } from "@/api/sse";
import type { Dialect } from "@/api/types";
import { type Growing, grow, isVisible } from "./answer";
import { type AssistantTurn, emptyAnswer } from "./conversation";
import { readError, requestIdOf } from "./error";
import type { Json, PlayEvent, Reader } from "./event";
import { JsonArrayParser } from "./json-array";
import { readerOf } from "./readers";
import type { PlayRequest } from "./request";

/** One event of a stream, or a whole body. */
interface Frame {
  event?: string;
  data: string;
}

/** One frame as it came. */
export interface RawFrame extends Frame {
  /** Milliseconds after the request was sent. */
  at_ms: number;
}

export interface Run {
  fetch: typeof fetch;
  api_key_id: string;
  dialect: Dialect;
  request: PlayRequest;
  /** The id of the answer. */
  id: string;
  signal: AbortSignal;
  /** Milliseconds on a clock that never goes back. */
  now: () => number;
  /** Called with every step; the last call has `total_ms`. */
  onAnswer: (answer: AssistantTurn) => void;
  onFrame: (frame: RawFrame) => void;
}

/** Frames that are kept for the raw view. */
export const mostFrames = 2_000;

/** Sends and reads; every failure ends up in the answer. */
export async function runRequest(run: Run): Promise<AssistantTurn> {
  const began = run.now();
  const elapsed = () => Math.round(run.now() - began);
  let growing: Growing = { turn: emptyAnswer(run.id), keys: [] };
  const change = (turn: AssistantTurn) => {
    growing = { ...growing, turn };
    run.onAnswer(turn);
  };
  const take = (events: readonly PlayEvent[]) => {
    if (events.length === 0) return;
    let next = events.reduce(grow, growing);
    if (next.turn.first_ms === undefined && events.some(isVisible))
      next = { ...next, turn: { ...next.turn, first_ms: elapsed() } };
    growing = next;
    run.onAnswer(next.turn);
  };
  try {
    const response = await run.fetch(
      `/api/playground/${encodeURIComponent(run.api_key_id)}${run.request.path}`,
      {
        method: "POST",
        headers: headersOf(run.dialect),
        body: JSON.stringify(run.request.body),
        signal: run.signal,
      },
    );
    const requestId = requestIdOf(response.headers);
    if (requestId !== undefined) change({ ...growing.turn, request_id: requestId });
    const frames = (frame: Frame) => run.onFrame({ ...frame, at_ms: elapsed() });
    await readResponse(response, run.dialect, take, frames);
    if (growing.turn.error?.status === undefined && growing.turn.error && !response.ok)
      change({ ...growing.turn, error: { ...growing.turn.error, status: response.status } });
  } catch (error) {
    const stopped = run.signal.aborted;
    change({
      ...growing.turn,
      ...(stopped ? { stopped } : { error: { message: messageOf(error), code: "network" } }),
    });
  }
  change({ ...growing.turn, total_ms: elapsed() });
  return growing.turn;
}

function headersOf(dialect: Dialect): Record<string, string> {
  return {
    "content-type": "application/json",
    ...(dialect === "messages" && { "anthropic-version": "2023-06-01" }),
  };
}

async function readResponse(
  response: Response,
  dialect: Dialect,
  take: (events: readonly PlayEvent[]) => void,
  onFrame: (frame: Frame) => void,
): Promise<void> {
  const type = response.headers.get("content-type") ?? "";
  const reader = readerOf(dialect);
  if (!response.ok) {
    const text = await response.text();
    onFrame({ data: text });
    take([{ type: "error", error: readError(parsed(text) ?? text, response.status) }]);
    return;
  }
  if (type.startsWith("text/event-stream")) {
    await readStream(response, reader, take, onFrame);
    return;
  }
  if (dialect === "gemini") {
    await readArray(response, reader, take, onFrame);
    return;
  }
  const text = await response.text();
  onFrame({ data: text });
  const value = parsed(text);
  take(
    value === undefined
      ? [{ type: "error", error: { message: text.slice(0, 500), code: "not_json" } }]
      : reader.body(value),
  );
}

async function readStream(
  response: Response,
  reader: Reader,
  take: (events: readonly PlayEvent[]) => void,
  onFrame: (frame: Frame) => void,
) {
  for await (const { event, data } of eventsOf(response, { isLenient: true })) {
    const frame: Frame = { data, ...(event !== "message" && { event }) };
    onFrame(frame);
    if (data === "[DONE]") continue;
    const value = parsed(data);
    if (value !== undefined) take(reader.frame(value, frame.event));
  }
}

/** One object, or an array of them: Gemini without `alt=sse`. */
async function readArray(
  response: Response,
  reader: Reader,
  take: (events: readonly PlayEvent[]) => void,
  onFrame: (frame: Frame) => void,
) {
  const array = new JsonArrayParser();
  let whole: string | undefined = "";
  for await (const text of textsOf(response)) {
    if (whole !== undefined) whole += text;
    if (whole?.trimStart().startsWith("[")) {
      const all: string = whole;
      whole = undefined;
      elements(array.push(all));
    } else if (whole === undefined) elements(array.push(text));
  }
  if (whole !== undefined) elements([whole]);

  function elements(texts: readonly string[]) {
    for (const data of texts) {
      onFrame({ data });
      const value = parsed(data);
      if (value !== undefined) take(reader.body(value));
    }
  }
}

async function* textsOf(response: Response): AsyncGenerator<string> {
  const stream = response.body;
  if (!stream) return;
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield decoder.decode(value, { stream: true });
    }
    yield decoder.decode();
  } finally {
    reader.releaseLock();
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
