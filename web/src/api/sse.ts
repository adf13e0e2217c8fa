/** Server-sent events, read from bytes that come in pieces of any size. */

export interface ServerEvent {
  id: string | undefined;
  /** `message` where the server names none. */
  event: string;
  data: string;
}

/** No line of an API is longer: what goes on without an end is no stream of events. */
const longestLine = 16 * 1024 * 1024;

/** Takes pieces of a stream, gives the events that are complete. */
export class EventParser {
  #decoder = new TextDecoder();
  #rest = "";
  #data: string[] = [];
  #event = "";
  #id: string | undefined;
  /** What the server asked to be waited before the next connection. */
  retryMs: number | undefined;

  push(bytes: Uint8Array): ServerEvent[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const events: ServerEvent[] = [];
    for (;;) {
      // A CR at the very end may be the first half of a CRLF: it waits for the next piece.
      const end = /\r\n|\n|\r(?!$)/.exec(this.#rest);
      if (!end) break;
      const line = this.#rest.slice(0, end.index);
      this.#rest = this.#rest.slice(end.index + end[0].length);
      const event = this.#take(line);
      if (event) events.push(event);
    }
    if (this.#rest.length > longestLine) throw new RangeError("a line of the stream is too long");
    return events;
  }

  /** The last event, where the stream ended without its empty line. */
  end(): ServerEvent | undefined {
    const line = (this.#rest + this.#decoder.decode()).replace(/\r$/, "");
    this.#rest = "";
    return this.#take(line) ?? this.#finish();
  }

  #take(line: string): ServerEvent | undefined {
    if (line === "") return this.#finish();
    const colon = line.indexOf(":");
    if (colon === 0) return undefined; // a comment: the heartbeat
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    switch (field) {
      case "data":
        this.#data.push(value);
        break;
      case "event":
        this.#event = value;
        break;
      case "id":
        if (!value.includes("\0")) this.#id = value;
        break;
      case "retry":
        if (/^\d+$/.test(value)) this.retryMs = Number(value);
        break;
    }
    return undefined;
  }

  #finish(): ServerEvent | undefined {
    const data = this.#data;
    const event = this.#event || "message";
    this.#data = [];
    this.#event = "";
    if (data.length === 0) return undefined;
    return { id: this.#id, event, data: data.join("\n") };
  }
}

interface Reading {
  /** Told of every piece, heartbeats included. */
  onBytes?: () => void;
  /** Gives the last event even where its empty line is missing, as some vendors leave it out. */
  isLenient?: boolean;
}

/** The events of an answer, until it ends. */
export async function* eventsOf(
  response: Response,
  { onBytes, isLenient = false }: Reading = {},
): AsyncGenerator<ServerEvent, void, undefined> {
  if (!response.body) return;
  const parser = new EventParser();
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      onBytes?.();
      yield* parser.push(value);
    }
    const last = isLenient ? parser.end() : undefined;
    if (last) yield last;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
