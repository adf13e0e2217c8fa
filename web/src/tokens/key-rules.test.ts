import { describe, expect, it } from "vitest";

import { ApiProblem } from "@/api/problem";
import { isSameLimits, limitMistakesOf, limitsDraftOf, limitsOf } from "@/limits/limits";
import { clientWord } from "./client-words";
import {
  isModelPattern,
  isNarrowed,
  isSameRules,
  refusedRule,
  rulesDraftOf,
  rulesOf,
  rulesSchema,
} from "./key-rules";
import { isNetwork, tidyNetwork } from "./network";

const zone = "Asia/Shanghai";

describe("rules in a form", () => {
  it("come out as they went in, in any zone, to the second", () => {
    const rules = {
      models: ["gpt-5*"],
      dialects: ["messages" as const],
      clients: ["claude_code"],
      addresses: ["10.0.0.0/8"],
      expires_at: "2027-01-01T00:00:37Z",
      valid_for_s: 5_400,
      losses: "strict" as const,
    };
    const draft = rulesDraftOf(rules, zone);
    expect(draft).toMatchObject({ ends: "2027-01-01T08:00", lasts: "90", unit: "minute" });
    expect(rulesOf(draft, zone, rules)).toEqual(rules);
    expect(rulesOf({ ...draft, ends: "2027-01-02T08:00" }, zone, rules).expires_at).toBe(
      "2027-01-02T00:00:00.000Z",
    );
  });

  it("are nothing where nothing is said", () => {
    expect(rulesOf(rulesDraftOf())).toEqual({});
    expect(rulesDraftOf({}).losses).toBe("warn");
    expect(isNarrowed({ models: [], valid_for_s: 60 })).toBe(false);
    expect(isNarrowed({ addresses: ["10.0.0.0/8"] })).toBe(true);
    expect(isSameRules({}, { models: [] })).toBe(true);
    expect(isSameRules({ models: ["a"] }, { models: ["b"] })).toBe(false);
  });

  it.each([
    [{ lasts: "0" }, "lasts", "at_least:1"],
    [{ lasts: "x" }, "lasts", "number"],
    [{ lasts: "49711" }, "lasts", "at_most:49710"],
    [{ ends: "tomorrow" }, "ends", "moment"],
    [{ models: Array.from({ length: 101 }, (_, at) => `m${at}`) }, "models", "too_many:100"],
  ])("refuse %j", (change, field, message) => {
    const judged = rulesSchema.safeParse({ ...rulesDraftOf(), ...change });
    const found = judged.error?.issues.map(({ path, message: told }) => [path.join("."), told]);
    expect(found).toContainEqual([field, message]);
  });

  it.each([
    ["gpt-5.2", true],
    ["gpt-5*", true],
    ["*", true],
    ["*-mini", false],
    ["a*b*", false],
    ["", false],
    ["x".repeat(256), false],
  ])("take %j for a model: %s", (text, is) => {
    expect(isModelPattern(text)).toBe(is);
  });

  it("know a program by its name too", () => {
    expect(clientWord("claude code")).toBe("claude_code");
    expect(clientWord("my_tool")).toBe("my_tool");
  });

  it("find in a refusal which of them was not taken", () => {
    const refusal = (detail: string) =>
      new ApiProblem({
        code: "invalid",
        status: 400,
        fields: [{ pointer: "/rules", code: "invalid", detail }],
      });
    expect(refusedRule(refusal("rules.clients: there is no client `x`"))).toEqual({
      path: "rules.clients",
      message: "there is no client `x`",
    });
    expect(refusedRule(refusal("no"))).toBeUndefined();
  });
});

describe("a network", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7/32", true],
    ["203.0.113.0/24", "203.0.113.0/24", true],
    ["2001:db8::1", "2001:db8::1/128", true],
    ["2001:db8::/32", "2001:db8::/32", true],
    ["::ffff:10.0.0.1/104", "::ffff:10.0.0.1/104", true],
    ["10.0.0.0/33", "10.0.0.0/33", false],
    ["10.0.0.0/08", "10.0.0.0/08", false],
    ["10.0.0", "10.0.0", false],
    ["256.0.0.1", "256.0.0.1", false],
    ["2001:db8::/129", "2001:db8::/129", false],
    ["example.org", "example.org", false],
    ["fe80::1%eth0/64", "fe80::1%eth0/64", false],
  ])("typed as %s is kept as %s: %s", (typed, kept, is) => {
    expect(tidyNetwork(typed)).toBe(kept);
    expect(isNetwork(kept)).toBe(is);
  });
});

describe("limits in a form", () => {
  it("are sent as a whole, without what is empty", () => {
    const draft = { ...limitsDraftOf({ streams: 2, concurrency: 4 }), streams: " " };
    expect(limitsOf(draft)).toEqual({ concurrency: 4 });
    expect(limitsOf(limitsDraftOf())).toEqual({});
    expect(
      isSameLimits(limitsDraftOf({ streams: 2 }), { ...limitsDraftOf(), streams: " 2 " }),
    ).toBe(true);
  });

  it("are whole numbers from one on", () => {
    const wrong = {
      requests_per_minute: "0",
      tokens_per_minute: "1.5",
      concurrency: "4294967296",
      streams: "",
    };
    expect(limitMistakesOf(wrong)).toEqual({
      requests_per_minute: "at_least:1",
      tokens_per_minute: "number",
      concurrency: "at_most:4294967295",
    });
  });
});
