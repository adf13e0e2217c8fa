import { expect, it } from "vitest";

import type { Turn } from "./conversation";
import { append, choose, pathOf, placeOf, start, type Tree, treeOf, versionsOf } from "./tree";

const turn = (id: string): Turn => ({ id, role: "user", text: id, images: [] });
const shown = (tree: Tree) => pathOf(tree).map(({ id }) => id);

it("keeps what followed when something else takes a place", () => {
  const first = treeOf([turn("q"), turn("a"), turn("q2"), turn("a2")]);
  const edited = append(first, placeOf(first, "q2") ?? start, [turn("q3"), turn("a3")]);
  expect(shown(edited)).toEqual(["q", "a", "q3", "a3"]);
  expect(versionsOf(edited, "q3")).toEqual(["q2", "q3"]);
  expect(versionsOf(edited, "a")).toEqual(["a"]);
  expect(shown(choose(edited, "q2"))).toEqual(["q", "a", "q2", "a2"]);
});

it("remembers the choices further on", () => {
  const tree = append(treeOf([turn("q"), turn("a"), turn("b")]), "a", [turn("c")]);
  const other = append(choose(tree, "b"), start, [turn("r")]);
  expect(shown(other)).toEqual(["r"]);
  expect(shown(choose(other, "q"))).toEqual(["q", "a", "b"]);
});

it("of a broken history ends instead of going round", () => {
  const all = [{ turn: turn("q"), after: start }];
  expect(shown({ all, chosen: { [start]: "q", q: "q" } })).toEqual(["q"]);
  expect(shown({ all, chosen: { [start]: "q", q: "gone" } })).toEqual(["q"]);
});
