/** The conversation in this browser: nothing of it goes to the server by itself. */

import type { Parameters, Turn } from "./conversation";

export interface Kept {
  parameters: Parameters;
  turns: readonly Turn[];
  api_key_id?: string;
}

const storageKey = "playground";
const version = 1;
/** Browsers give a page about 5 MB; the rest of the console wants some of it. */
const mostCharacters = 1_000_000;

export function loadKept(storage: Storage): Kept | undefined {
  try {
    const text = storage.getItem(storageKey);
    if (text === null) return undefined;
    const value = JSON.parse(text) as { version?: number; kept?: Kept };
    return value.version === version ? value.kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the conversation; images go first, then the oldest turns, when it grows too large. */
export function saveKept(storage: Storage, kept: Kept): void {
  const candidates = [kept, withoutImages(kept)];
  for (let drop = 1; drop < kept.turns.length; drop *= 2) {
    candidates.push(withoutImages({ ...kept, turns: fromUser(kept.turns.slice(drop)) }));
  }
  for (const candidate of candidates) {
    const text = JSON.stringify({ version, kept: candidate });
    if (text.length > mostCharacters) continue;
    try {
      storage.setItem(storageKey, text);
      return;
    } catch {
      // The storage is full or switched off: a smaller one may fit.
    }
  }
}

export function forgetKept(storage: Storage): void {
  try {
    storage.removeItem(storageKey);
  } catch {
    // Switched off: then there is nothing to forget.
  }
}

function withoutImages(kept: Kept): Kept {
  const turns = kept.turns.map((turn) => (turn.role === "user" ? { ...turn, images: [] } : turn));
  return { ...kept, turns };
}

/** From the first turn of the person on: an answer without its question helps nobody. */
function fromUser(turns: readonly Turn[]): readonly Turn[] {
  const first = turns.findIndex((turn) => turn.role === "user");
  return first < 0 ? [] : turns.slice(first);
}
