/** The conversation in this browser: nothing of it goes to the server by itself. */

import type { Parameters, SharedParameters, Turn } from "./conversation";
import type { KeptThread } from "./thread";
import { emptyTree, pathOf, type Tree, treeOf } from "./tree";

export interface Kept {
  parameters: SharedParameters;
  threads: readonly KeptThread[];
  api_key_id?: string;
}

/** As it was kept before there were versions and comparisons. */
interface FirstKept {
  parameters: Parameters;
  turns: readonly Turn[];
  api_key_id?: string;
}

type Written = { version: 1; kept: FirstKept } | { version: 2; kept: Kept };

const storageKey = "playground";
const version = 2;
/** Browsers give a page about 5 MB; the rest of the console wants some of it. */
const mostCharacters = 1_000_000;

export function loadKept(storage: Storage): Kept | undefined {
  try {
    const text = storage.getItem(storageKey);
    if (text === null) return undefined;
    const value = JSON.parse(text) as Written | { version?: undefined };
    if (value.version === 1) return fromFirst(value.kept);
    return value.version === version ? value.kept : undefined;
  } catch {
    return undefined;
  }
}

function fromFirst({ parameters, turns, ...rest }: FirstKept): Kept {
  const { model, dialect, ...shared } = parameters;
  return {
    ...rest,
    parameters: shared,
    threads: [{ id: "1", model, dialect, tree: treeOf(turns) }],
  };
}

/** Keeps the conversation; what matters least goes first when it grows too large. */
export function saveKept(storage: Storage, kept: Kept): void {
  for (const candidate of smaller(kept)) {
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

/** All of it, then without attachments, then without the versions that are not shown, then less and less of what is oldest. */
function* smaller(kept: Kept): Generator<Kept> {
  const withTrees = (change: (tree: Tree) => Tree): Kept => ({
    ...kept,
    threads: kept.threads.map((thread) => ({ ...thread, tree: change(thread.tree) })),
  });
  yield kept;
  yield withTrees(withoutAttachments);
  yield withTrees((tree) => treeOf(pathOf(withoutAttachments(tree))));
  const longest = Math.max(...kept.threads.map((thread) => pathOf(thread.tree).length));
  for (let drop = 1; drop < longest; drop *= 2) {
    yield withTrees((tree) => treeOf(fromUser(pathOf(withoutAttachments(tree)).slice(drop))));
  }
  yield withTrees(() => emptyTree);
}

/** A document leaves its name behind. */
function withoutAttachments(tree: Tree): Tree {
  return {
    ...tree,
    all: tree.all.map(({ turn, after }) => ({
      after,
      turn:
        turn.role === "user"
          ? {
              ...turn,
              images: [],
              ...(turn.documents && {
                documents: turn.documents.map(({ name }) => ({ name, url: "" })),
              }),
            }
          : turn,
    })),
  };
}

/** From the first turn of the person on: an answer without its question helps nobody. */
function fromUser(turns: readonly Turn[]): readonly Turn[] {
  const first = turns.findIndex((turn) => turn.role === "user");
  return first < 0 ? [] : turns.slice(first);
}
