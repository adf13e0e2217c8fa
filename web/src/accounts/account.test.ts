import { describe, expect, it } from "vitest";

import { ApiProblem, asProblem } from "@/api/problem";
import {
  addressMistake,
  leftUntil,
  lengthOf,
  sorted,
  standingOf,
  tokensIn,
  usedOf,
} from "./account";
import { account, lost, quotaWindow } from "./accounts-fixture";
import { failureOf } from "./log-in";

const now = Date.parse("2026-11-29T12:00:00Z");
const ago = (seconds: number) => new Date(now - seconds * 1_000).toISOString();

describe("how an account is", () => {
  it.each([
    ["active", account()],
    ["active", account({ unanswered_since: ago(20) })],
    ["off", account({ enabled: false })],
    ["off", account({ enabled: false, last_error: "x" })],
    ["failing", account({ last_error: "the vendor answered 503" })],
    ["unanswered", account({ unanswered_since: ago(120), last_error: "x" })],
    ["needs_login", lost({ enabled: false, unanswered_since: ago(120) })],
  ] as const)("is %s", (standing, one) => {
    expect(standingOf(one, now)).toBe(standing);
  });

  it("puts first what needs somebody, and keeps the order otherwise", () => {
    const list = [account({ id: "cr_1" }), account({ id: "cr_2" }), lost({ id: "cr_3" })];
    expect(sorted(list, now).map(({ id }) => id)).toEqual(["cr_3", "cr_1", "cr_2"]);
  });
});

describe("what is used up", () => {
  it.each([
    [0, 0, "ok"],
    [699_999, 0.699_999, "ok"],
    [700_000, 0.7, "warn"],
    [900_000, 0.9, "err"],
    [1_200_000, 1, "err"],
    [-1, 0, "ok"],
  ] as const)("%i millionths are %f: %s", (used_ppm, share, tone) => {
    const used = usedOf(quotaWindow({ used_ppm, resets_at: ago(-60) }), now);
    expect(used).toEqual({ share, tone, isOver: false });
  });

  it("is old news once the window has started anew", () => {
    expect(usedOf(quotaWindow({ resets_at: ago(1) }), now).isOver).toBe(true);
    const { resets_at: _, ...endless } = quotaWindow();
    expect(usedOf(endless, now).isOver).toBe(false);
  });

  it.each([
    [7_500, "2 h"],
    [180_000, "2 d"],
    [-5, "0 s"],
  ])("starts anew in %i seconds: %s", (seconds, words) => {
    expect(leftUntil(ago(-seconds), now)).toBe(words);
  });

  it.each([
    [18_000, "hours", 5],
    [604_800, "days", 7],
    [5_400, "minutes", 90],
  ] as const)("%i seconds are told in %s", (seconds, unit, count) => {
    expect(lengthOf(seconds)).toEqual({ unit, count });
  });
});

describe("the address a browser ended at", () => {
  const begun = "https://auth.example/authorize?client_id=x&state=oauth_1";
  const home = "http://localhost:1455/auth/callback";
  it.each([
    [`${home}?code=c&state=oauth_1`, undefined],
    [`  ${home}?state=oauth_1&code=c\n`, undefined],
    ["code=c&state=oauth_1", undefined],
    ["", "required"],
    ["hello", "not_it"],
    [home, "not_it"],
    [`${home}?code=c`, "cut_off"],
    [`${home}?state=oauth_1`, "cut_off"],
    [`${home}?code=c&state=oauth_2`, "other"],
    [`${home}?error=access_denied&state=oauth_1`, "denied"],
  ])("%s: %s", (pasted, mistake) => {
    expect(addressMistake(pasted, begun)).toBe(mistake);
  });
});

describe("pasted tokens", () => {
  it("are found in a whole auth.json and in its inner part", () => {
    const tokens = { refresh_token: " rt ", access_token: "at", id_token: "it", account_id: "a" };
    const found = { ...tokens, refresh_token: "rt" };
    const file = { OPENAI_API_KEY: null, tokens, last_refresh: "2026-11-29T00:00:00Z" };
    expect(tokensIn(JSON.stringify(file))).toEqual(found);
    expect(tokensIn(JSON.stringify(tokens))).toEqual(found);
  });

  it.each(["", "rt-1", "[]", "null", '{"tokens":{"access_token":"at"}}', '{"refresh_token":7}'])(
    "are not in %s",
    (text) => {
      expect(tokensIn(text)).toBeUndefined();
    },
  );
});

describe("a log-in that failed", () => {
  const problem = (code: string, params = {}) => new ApiProblem({ code, params, detail: "why" });
  it.each([
    [problem("expired"), { word: "expired", detail: "" }],
    [problem("forbidden"), { word: "other", detail: "" }],
    [problem("conflict"), { word: "conflict", detail: "why" }],
    [problem("invalid", { failure: "vendor" }), { word: "vendor", detail: "why" }],
    [problem("invalid"), undefined],
    [problem("unreachable"), undefined],
    [asProblem(new Error("x")), undefined],
  ])("%o", (error, failure) => {
    expect(failureOf(error)).toEqual(failure);
  });
});
