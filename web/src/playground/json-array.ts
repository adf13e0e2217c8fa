/** The elements of a JSON array that arrives in any pieces: how Gemini streams without `alt=sse`. */

export class JsonArrayParser {
  #text = "";
  #depth = 0;
  #inString = false;
  #escaped = false;
  #start = -1;
  #at = 0;

  /** The elements that this piece completes, as text. */
  push(piece: string): string[] {
    this.#text += piece;
    const elements: string[] = [];
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text[this.#at];
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (character === "\\") this.#escaped = true;
        else if (character === '"') this.#inString = false;
        continue;
      }
      if (character === '"') this.#inString = true;
      else if (character === "{" || character === "[") {
        this.#depth += 1;
        if (this.#depth === 2) this.#start = this.#at;
      } else if (character === "}" || character === "]") {
        this.#depth -= 1;
        if (this.#depth === 1 && this.#start >= 0) {
          elements.push(this.#text.slice(this.#start, this.#at + 1));
          this.#text = this.#text.slice(this.#at + 1);
          this.#at = -1;
          this.#start = -1;
        }
      }
    }
    return elements;
  }
}
