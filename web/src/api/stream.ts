/** A stream of events that is kept: it resumes where it broke, waits longer after each failure, and rests while nobody looks. */
import { addressOf, send } from "./client";
import { asProblem } from "./problem";
import { eventsOf, type ServerEvent } from "./sse";

export type StreamState =
  | { kind: "connecting" }
  | { kind: "live" }
  /** `at` is when the next try begins, in milliseconds since 1970. */
  | { kind: "reconnecting"; at: number }
  /** The page is hidden, or a person stopped it. */
  | { kind: "paused" }
  /** The server refused for good: signed out, or switched off. */
  | { kind: "refused" };

interface Options {
  path: string;
  query?: Record<string, string>;
  onEvent: (event: ServerEvent) => void;
  onState: (state: StreamState) => void;
  /** From 0 to 1, for the jitter of the back-off. */
  chance?: () => number;
}

const firstWaitMs = 1_000;
const longestWaitMs = 30_000;
/** Three heartbeats of the server missed: the connection is dead, whatever the browser believes. */
const silenceMs = 45_000;
/** A glance at another tab does not cost the connection. */
const hiddenMs = 30_000;

/** One connection to `path`. Begins at once; `close` ends it for good. */
export class EventStream {
  readonly #options: Options;
  #lastId: string | undefined;
  #failures = 0;
  #stopped = false;
  #closed = false;
  #connection: AbortController | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #hiding: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options) {
    this.#options = options;
    document.addEventListener("visibilitychange", this.#onVisibility);
    window.addEventListener("online", this.#onOnline);
    if (document.visibilityState === "hidden") this.#rest();
    else void this.#connect();
  }

  /** Rests until `resume`, for someone who wants the page to stand still. */
  pause(): void {
    this.#stopped = true;
    this.#rest();
  }

  resume(): void {
    this.#stopped = false;
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    document.removeEventListener("visibilitychange", this.#onVisibility);
    window.removeEventListener("online", this.#onOnline);
    this.#drop();
  }

  #onVisibility = () => {
    clearTimeout(this.#hiding);
    if (document.visibilityState === "visible") this.#wake();
    else this.#hiding = setTimeout(() => this.#rest(), hiddenMs);
  };

  #onOnline = () => {
    if (this.#retry !== undefined) this.#wake();
  };

  #wake(): void {
    if (this.#closed || this.#stopped || this.#connection) return;
    clearTimeout(this.#retry);
    void this.#connect();
  }

  #rest(): void {
    this.#drop();
    if (!this.#closed) this.#options.onState({ kind: "paused" });
  }

  #drop(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#hiding);
    this.#retry = undefined;
    this.#connection?.abort();
    this.#connection = undefined;
  }

  async #connect(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    this.#retry = undefined;
    this.#options.onState({ kind: "connecting" });
    let silence: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        this.#again(connection);
        connection.abort();
      }, silenceMs);
    };
    try {
      heard();
      const response = await send(this.#request(connection.signal), Number.POSITIVE_INFINITY);
      this.#options.onState({ kind: "live" });
      for await (const event of eventsOf(response, { onBytes: heard })) {
        if (this.#connection !== connection) return;
        this.#failures = 0;
        if (event.id !== undefined) this.#lastId = event.id;
        this.#options.onEvent(event);
      }
      this.#again(connection);
    } catch (error) {
      const refused = [401, 403, 404].includes(asProblem(error).status);
      if (!refused) this.#again(connection);
      else if (this.#connection === connection) {
        this.#drop();
        this.#options.onState({ kind: "refused" });
      }
    } finally {
      clearTimeout(silence);
    }
  }

  #request(signal: AbortSignal): Request {
    return new Request(addressOf(this.#options.path, this.#options.query), {
      signal,
      headers: {
        accept: "text/event-stream",
        ...(this.#lastId !== undefined && { "last-event-id": this.#lastId }),
      },
    });
  }

  #again(connection: AbortController): void {
    if (this.#connection !== connection) return; // dropped on purpose
    this.#connection = undefined;
    const chance = this.#options.chance ?? Math.random;
    const full = Math.min(longestWaitMs, firstWaitMs * 2 ** this.#failures);
    const wait = full * (0.5 + chance() / 2);
    this.#failures += 1;
    this.#options.onState({ kind: "reconnecting", at: Date.now() + wait });
    this.#retry = setTimeout(() => void this.#connect(), wait);
  }
}
