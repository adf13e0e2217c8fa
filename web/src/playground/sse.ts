/** Server-sent events out of text that arrives in any pieces. */

export interface Frame {
  event?: string;
  data: string;
}

/** Longer lines than this are not events of an API. */
const longestBuffer = 16 * 1024 * 1024;

export class SseParser {
  #buffer = "";
  #event: string | undefined;
  #data: string[] = [];
  #begun = false;

  /** The frames that this piece completes. */
  push(text: string): Frame[] {
    this.#buffer += this.#begun ? text : text.replace(/^\uFEFF/, "");
    if (text !== "") this.#begun = true;
    if (this.#buffer.length > longestBuffer)
      throw new RangeError("a line of the stream is too long");
    const frames: Frame[] = [];
    // A CR at the very end may be the first half of a CRLF: it waits for the next piece.
    for (let match = lineEnd(this.#buffer); match; match = lineEnd(this.#buffer)) {
      const line = this.#buffer.slice(0, match.at);
      this.#buffer = this.#buffer.slice(match.next);
      this.#line(line, frames);
    }
    return frames;
  }

  /** The last frame, where the stream ended without its empty line. */
  end(): Frame[] {
    const frames: Frame[] = [];
    if (this.#buffer !== "") this.#line(this.#buffer.replace(/\r$/, ""), frames);
    this.#buffer = "";
    this.#line("", frames);
    return frames;
  }

  #line(line: string, frames: Frame[]) {
    if (line === "") {
      if (this.#data.length > 0) {
        const event = this.#event;
        frames.push({ data: this.#data.join("\n"), ...(event !== undefined && { event }) });
      }
      this.#event = undefined;
      this.#data = [];
      return;
    }
    if (line.startsWith(":")) return;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#event = value;
  }
}

function lineEnd(text: string): { at: number; next: number } | undefined {
  const at = text.search(/[\r\n]/);
  if (at < 0) return undefined;
  if (text[at] === "\n") return { at, next: at + 1 };
  if (at + 1 === text.length) return undefined;
  return { at, next: text[at + 1] === "\n" ? at + 2 : at + 1 };
}
