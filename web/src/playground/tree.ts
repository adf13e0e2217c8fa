/** A conversation with every version of it: turns as a tree, and the one way through that is shown. */

import type { Turn } from "./conversation";

/** A turn and the one that it follows; `start` where it begins the conversation. */
export interface Placed {
  turn: Turn;
  after: string;
}

export interface Tree {
  /** In the order in which they were made. */
  all: readonly Placed[];
  /** Which of those that follow a turn is shown. Choices further on are remembered. */
  chosen: Readonly<Record<string, string>>;
}

/** What the first turn follows. */
export const start = "";

export const emptyTree: Tree = { all: [], chosen: {} };

/** A conversation with one version of everything. */
export const treeOf = (turns: readonly Turn[]): Tree => append(emptyTree, start, turns);

/** What is shown, from the beginning. */
export function pathOf(tree: Tree): readonly Turn[] {
  const turns = new Map(tree.all.map(({ turn }) => [turn.id, turn]));
  const path: Turn[] = [];
  for (let id = tree.chosen[start]; id !== undefined; id = tree.chosen[id]) {
    const turn = turns.get(id);
    if (!turn) break;
    path.push(turn);
    turns.delete(id); // a broken history must not lead in a circle
  }
  return path;
}

/** Turns one after the other behind `after`; what followed it before stays as another version. */
export function append(tree: Tree, after: string, turns: readonly Turn[]): Tree {
  const all = [...tree.all];
  const chosen = { ...tree.chosen };
  let before = after;
  for (const turn of turns) {
    all.push({ turn, after: before });
    chosen[before] = turn.id;
    before = turn.id;
  }
  return { all, chosen };
}

/** A turn in the place of the one with its id. */
export function replace(tree: Tree, turn: Turn): Tree {
  return {
    ...tree,
    all: tree.all.map((placed) => (placed.turn.id === turn.id ? { ...placed, turn } : placed)),
  };
}

/** What a turn follows. */
export function placeOf(tree: Tree, id: string): string | undefined {
  return tree.all.find(({ turn }) => turn.id === id)?.after;
}

/** The ids of all that could stand in the place of a turn, itself included, the oldest first. */
export function versionsOf(tree: Tree, id: string): readonly string[] {
  const place = placeOf(tree, id);
  return tree.all.flatMap(({ turn, after }) => (after === place ? [turn.id] : []));
}

/** Shows a turn in its place, with what followed it when it was last shown. */
export function choose(tree: Tree, id: string): Tree {
  const place = placeOf(tree, id);
  return place === undefined ? tree : { ...tree, chosen: { ...tree.chosen, [place]: id } };
}
