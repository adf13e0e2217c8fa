import { describe, expect, it } from "vitest";

import { channel, result } from "./fixtures/channels";
import type { ProbeState } from "./probe";
import { namesWith, type Trial, trialOf, verdictOfTrial } from "./trial";

const failure = { code: "unauthorized", detail: "401" } as const;
const ok = { model: "a", credential: "k1", steps: {}, result: result() };
const bad = { model: "a", credential: "k2", steps: {}, result: result({ ok: false, failure }) };
const other = { model: "a", credential: "k1", steps: {}, result: result({ model_mismatch: true }) };
const silent = { model: "a", credential: "k1", steps: {} };
const embedding = {
  model: "embed",
  credential: "k1",
  steps: {},
  result: result({
    ok: false,
    model: "embed",
    upstream_model: "text-embedding-3",
    failure: { code: "bad_request", detail: "" },
  }),
};

const verdict = (state: ProbeState, isRunning = false) =>
  verdictOfTrial({ ...trialOf(channel(), "one"), state }, isRunning);

describe("a channel among those that are tested", () => {
  it("is asked one model, or all that can be talked with and are enabled", () => {
    const models = [
      "text-embedding-3",
      { name: "off", enabled: false },
      "gpt-5.2",
      { name: "fast", upstream: "gpt-5.2-mini" },
    ];
    expect(trialOf(channel({ models }), "one").models).toEqual(["gpt-5.2"]);
    expect(trialOf(channel({ models }), "all").models).toEqual(["gpt-5.2", "fast"]);
  });

  it("is asked nothing where something is missing, which is no failure", () => {
    const cases = [
      [channel({ credentials: [{ name: "k1", enabled: false }] }), "no_credential"],
      [channel({ models: [] }), "no_models"],
      [channel({ models: ["text-embedding-3"] }), "no_chat"],
    ] as const;
    for (const [one, lacks] of cases) {
      const trial = trialOf(one, "one");
      expect(trial.lacks).toBe(lacks);
      expect(verdictOfTrial(trial, true)).toBe("untestable");
    }
  });

  it("passes only when all that was asked answered, to the end of the test", () => {
    expect(verdict({ status: "done", rows: [ok] })).toBe("ok");
    expect(verdict({ status: "done", rows: [ok, bad] })).toBe("mixed");
    expect(verdict({ status: "done", rows: [bad] })).toBe("failed");
    expect(verdict({ status: "done", rows: [ok, other] })).toBe("mismatch");
    expect(verdict({ status: "done", rows: [embedding] })).toBe("untestable");
    expect(verdict({ status: "done", rows: [ok, silent] })).toBe("none");
    for (const status of ["stopped", "cut", "failed"] as const) {
      expect(verdict({ status, rows: [ok] })).toBe("none");
      expect(verdict({ status, rows: [bad] })).toBe("none");
    }
    expect(verdict({ status: "idle", rows: [] }, true)).toBe("waiting");
  });

  it("is found by what it came to", () => {
    const trials: Trial[] = [
      { ...trialOf(channel({ name: "good" }), "one"), state: { status: "done", rows: [ok] } },
      { ...trialOf(channel({ name: "bad" }), "one"), state: { status: "done", rows: [bad] } },
    ];
    expect([namesWith(trials, "ok"), namesWith(trials, "failed")]).toEqual([["good"], ["bad"]]);
  });
});
