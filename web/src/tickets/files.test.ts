import { expect, it } from "vitest";

import { ApiProblem } from "@/api/problem";
import { mistakeOf, mostBytes, refusalOf } from "./files";

it.each([
  ["screen.png", 1, undefined],
  ["SCREEN.JPEG", mostBytes, undefined],
  ["报告 1.final.txt", 5, undefined],
  [`${"a".repeat(146)}.txt`, 5, undefined],
  [`${"a".repeat(147)}.txt`, 5, "name"],
  ["noending", 5, "name"],
  [".txt", 5, "name"],
  ["...txt", 5, "name"],
  ["../a.txt", 5, "name"],
  ["a\\b.txt", 5, "name"],
  ["a\n.txt", 5, "name"],
  [" a.txt", 5, "name"],
  ["a.txt", 0, "empty"],
  ["a.txt", mostBytes + 1, "too_large"],
  ["a.svg", 5, "kind"],
  ["a.exe", 5, "kind"],
])("%j of %i bytes: %s", (name, size, mistake) => {
  expect(mistakeOf({ name, size })).toBe(mistake);
});

it("reads why the server takes no file", () => {
  const field = { pointer: "/file", code: "content", detail: "" };
  expect(refusalOf(new ApiProblem({ code: "invalid", fields: [field] }))).toBe("content");
  expect(refusalOf(new ApiProblem({ code: "too_large" }))).toBe("full");
  const other = { ...field, code: "mood" };
  expect(refusalOf(new ApiProblem({ code: "invalid", fields: [other] }))).toBeUndefined();
  expect(refusalOf(new ApiProblem({ code: "unreachable" }))).toBeUndefined();
});
