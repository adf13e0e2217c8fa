import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { type ApiDocument, innerOf, membersOf, operationsOf, search, typeOf } from "./document";

const path = join(import.meta.dirname, "..", "..", "..", "docs", "openapi.json");
const document: ApiDocument = JSON.parse(readFileSync(path, "utf8"));
const operations = operationsOf(document);

describe("the reference", () => {
  it("has every operation of the document, each with a summary and its answers", () => {
    const count = Object.values(document.paths).flatMap((item) => Object.keys(item)).length;
    expect(operations).toHaveLength(count);
    for (const operation of operations) {
      expect(operation.summary, operation.id).not.toBe("");
      expect(operation.answers.length, operation.id).toBeGreaterThan(0);
    }
  });

  it("shows what many operations answer as if each had said it", () => {
    const shared: ApiDocument = {
      ...document,
      paths: { "/here": { get: { responses: { 404: { $ref: "#/components/responses/Gone" } } } } },
      components: {
        responses: {
          Gone: {
            description: "Not there.",
            content: { "application/problem+json": { schema: { type: "object" } } },
          },
        },
      },
    };
    expect(operationsOf(shared)[0]?.answers).toEqual([
      {
        status: "404",
        description: "Not there.",
        mediaType: "application/problem+json",
        schema: { type: "object" },
      },
    ]);
    const unsaid = operations.flatMap(({ id, answers }) =>
      answers
        .filter(({ status, description }) => status >= "400" && description === "")
        .map(({ status }) => `${id} ${status}`),
    );
    expect(unsaid).toEqual([]);
  });

  it("finds operations by all the words, wherever they stand", () => {
    const found = search(operations, "put CHANNELS").map(({ method, path }) => `${method} ${path}`);
    expect(found).toContain("PUT /api/admin/channels/{name}");
    expect(search(operations, "no such thing")).toEqual([]);
  });

  it("names every type and ends on schemas that name themselves", () => {
    const loop: ApiDocument = {
      ...document,
      components: {
        schemas: {
          Node: {
            type: "object",
            required: ["children"],
            properties: {
              children: { type: "array", items: { $ref: "#/components/schemas/Node" } },
            },
          },
        },
      },
    };
    const node = { $ref: "#/components/schemas/Node" };
    expect(typeOf(loop, node)).toBe("Node");
    expect(membersOf(loop, node).map(({ name, required }) => [name, required])).toEqual([
      ["children", true],
    ]);
    expect(innerOf(loop, { type: "array", items: node })).toBe(loop.components?.schemas?.Node);
    expect(typeOf(loop, { type: ["integer", "null"], format: "int64" })).toBe("integer (int64)");
    expect(typeOf(loop, { enum: ["ok", "failed"] })).toBe('"ok" | "failed"');
    expect(typeOf(loop, { oneOf: [{ type: "null" }, node] })).toBe("Node");
  });
});
