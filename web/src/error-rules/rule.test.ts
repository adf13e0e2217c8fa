import { describe, expect, it } from "vitest";

import { changeOf, draftOf, inOrder, mistakeOf } from "./rule";
import { rule } from "./rules-fixture";

const act = "then";

describe("rules about errors", () => {
  it("stand in the order in which they are looked at", () => {
    const rules = [
      rule("b"),
      rule("low", { priority: -1 }),
      rule("a"),
      rule("top", { priority: 9 }),
    ];
    expect(inOrder(rules).map(({ name }) => name)).toEqual(["top", "a", "b", "low"]);
  });

  it("are sent as far as they were changed, match and act each as a whole", () => {
    const before = draftOf(rule("a", { match: { status: [400], contains: "long" } }));
    expect(changeOf(before, before)).toEqual({});
    expect(changeOf(before, { ...before, priority: "5" })).toEqual({ priority: 5 });
    expect(changeOf(before, { ...before, contains: "" })).toEqual({ match: { status: [400] } });
    expect(changeOf(before, { ...before, act_status: " ", hide: true })).toEqual({
      [act]: { hide: true },
    });
  });

  it("are sent as a whole when they are new", () => {
    const draft = { ...draftOf(undefined), name: "a", regex: "x+", skip_health: true };
    expect(changeOf(undefined, draft)).toEqual({
      priority: 0,
      enabled: true,
      match: { regex: "x+" },
      [act]: { skip_health: true },
    });
  });

  it.each([
    ["error_rule `a: b`: match.regex: is no regular expression: x", "regex"],
    ["error_rule `a`: then: does nothing", "act_status"],
    ["error_rule `a`: match: says nothing", "status"],
    ["error_rule `a`: name: is not a name", "name"],
    ["channel `a`: match: says nothing", undefined],
  ])("%s is a mistake of %s", (text, field) => {
    expect(mistakeOf(text)?.field).toBe(field);
  });
});
