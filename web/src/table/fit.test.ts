import { describe, expect, it } from "vitest";

import { fitted } from "./fit";

const widths = new Map([
  ["name", 200],
  ["state", 160],
  ["cost", 80],
]);
const all = () => true;
const sum = (map: ReadonlyMap<string, number>) =>
  [...map.values()].reduce((total, width) => total + width, 0);

describe("columns", () => {
  it("keep their widths where there is room", () => {
    expect(fitted(widths, all, 440)).toBe(widths);
  });

  it("each give a little when that shows them all", () => {
    const fit = fitted(widths, all, 400);
    expect(sum(fit)).toBeLessThanOrEqual(400);
    expect(fit.get("cost")).toBeGreaterThanOrEqual(72);
    expect(fit.get("name")).toBeLessThan(200);
  });

  it("keep the width that someone gave them", () => {
    expect(fitted(widths, (id) => id !== "name", 420).get("name")).toBe(200);
  });

  it("scroll when it would take too much", () => {
    expect(fitted(widths, all, 300)).toBe(widths);
  });
});
