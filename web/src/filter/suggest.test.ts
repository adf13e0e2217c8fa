import { expect, it } from "vitest";

import type { Facet, FilterField } from "./field";
import { suggest } from "./suggest";

const fields: FilterField[] = [
  { name: "status", label: "HTTP status", kind: "text" },
  {
    name: "outcome",
    label: "Outcome",
    kind: "choice",
    values: [
      { value: "ok", label: "Succeeded" },
      { value: "failed", label: "Failed" },
    ],
  },
  { name: "api_key", label: "API key", kind: "choice" },
  { name: "cost", label: "Cost", kind: "number" },
];
const facets: Facet[] = [
  {
    field: "api_key",
    values: [
      { value: "ci", count: 3 },
      { value: "my laptop", count: 40 },
    ],
  },
  { field: "outcome", values: [{ value: "failed", count: 2 }] },
];

const inserts = (line: string, caret = line.length) =>
  suggest(line, caret, fields, facets).items.map(({ insert }) => insert);

it("names the fields, those that begin with the text first", () => {
  expect(inserts("")).toEqual(["status:", "outcome:", "api_key:", "cost>"]);
  expect(inserts("o")).toEqual(["outcome:", "cost>"]);
  expect(inserts("http")).toEqual(["status:"]);
});

it("names the values with their counts, the frequent ones first", () => {
  expect(suggest("api_key:", 8, fields, facets).items).toEqual([
    { kind: "value", insert: 'api_key:"my laptop"', label: "my laptop", count: 40 },
    { kind: "value", insert: "api_key:ci", label: "ci", count: 3 },
  ]);
  expect(suggest("outcome:su", 10, fields, facets).items).toEqual([
    { kind: "value", insert: "outcome:ok", label: "Succeeded", hint: "ok" },
  ]);
});

it("keeps the values before the last comma", () => {
  expect(inserts('api_key:"a,b",c')).toEqual(['api_key:"a,b",ci']);
});

it("replaces the chunk at the caret and no other", () => {
  expect(suggest("outcome:f status:429", 9, fields, facets)).toMatchObject({ from: 0, to: 9 });
  expect(suggest("status:429 ", 11, fields, facets)).toMatchObject({ from: 11, to: 11 });
});

it("says nothing of a field that nobody knows", () => {
  expect(inserts("colour:r")).toEqual([]);
});
