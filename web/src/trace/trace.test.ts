import i18next from "i18next";
import { describe, expect, it } from "vitest";

import { setLanguage } from "@/i18n";
import { costTable } from "./cost";
import { traces } from "./fixtures/all";
import * as answered from "./fixtures/answered";
import { candidate, considered, decision, noUsage } from "./fixtures/base";
import * as failed from "./fixtures/failed";
import * as refused from "./fixtures/refused";
import { funnelOf } from "./funnel";
import { elapsed, microseconds } from "./instant";
import { reportOf } from "./report";
import { sessionSentence } from "./session";
import { similarTo } from "./similar";
import { verdictFacts, verdictOf, verdictSentence } from "./verdict";
import { ticksOf, waterfallOf } from "./waterfall";
import type { Reader } from "./words";

const reader = (language = "en"): Reader => ({
  t: i18next.getFixedT(language, "trace"),
  language,
  zone: "UTC",
});

describe("the sentence", () => {
  it.each([
    ["success", "pro-1 answered at the first attempt."],
    ["fallback", "pro-2 answered after pro-1 returned 429 (212 ms)."],
    [
      "fallbackAfterMany",
      "pro-3 answered after pro-1 returned 429 (212 ms), pro-2 failed: no connection (2.00 s), pro-2 failed: no first event in time (1.00 s), and 2 more failures.",
    ],
    ["passedOver", "pro-2 answered. Passed over before it: pro-1 had no room within its limits."],
    [
      "repeated",
      "The answer of the request 019b0b1e-7a5c-7c34-9c7e-2f6f6a1d2b3c was told once more, for its Idempotency-Key. Nobody was asked, and nothing is charged.",
    ],
    ["reduced", "channel B answered after channel A returned 429 (212 ms)."],
    [
      "brokenMidway",
      "pro-1 broke off 1.41 s after the beginning of the answer (ended early). After the first byte no other channel can take over.",
    ],
    ["exhausted", "Nobody answered: pro-1 returned 429 (212 ms) and pro-2 returned 500 (1.25 s)."],
    [
      "rejected",
      "pro-1 refused the request itself with 400. No other channel would have done better.",
    ],
    [
      "clientGone",
      "The client left after 1.30 s, in the middle of the answer of pro-1. What was produced until then is counted.",
    ],
    ["clientGoneEarly", "The client left after 402 ms, before anything was answered."],
    ["unknownModel", "Refused before routing: there is no model gpt-5.3 for this API key."],
    ["noGroup", "Refused before routing: this API key is not good for this call."],
    ["badRequest", "Refused before routing: the request could not be understood (400)."],
    ["tooLarge", "Refused before routing: the request is larger than allowed."],
    ["limited", "Refused before routing: too many requests for now."],
    ["balance", "Refused before routing: the balance or the quota is used up."],
    ["storage", "Refused: the database did not answer in time."],
    ["nobody", "Refused: no channel that serves gpt-5.2 is ready."],
    ["noDialect", "Refused: no channel that serves gpt-5.2 speaks Gemini."],
  ])("of %s", (name, sentence) => {
    const trace = traces[name];
    expect(trace && verdictSentence(reader(), trace)).toBe(sentence);
  });

  it("is told in Chinese, with nothing left to fill in", async () => {
    await setLanguage("zh-CN");
    for (const trace of Object.values(traces)) {
      const sentence = verdictSentence(reader("zh-CN"), trace);
      expect(sentence).toMatch(/\p{Script=Han}/u);
      expect(sentence).not.toMatch(/\{\{|undefined/);
    }
    expect(verdictSentence(reader("zh-CN"), answered.fallback)).toBe(
      "pro-1返回了 429（212 ms），之后pro-2给出了回答。",
    );
  });

  it("has its figures beside it", () => {
    expect(verdictFacts(reader(), answered.success)).toEqual([
      "first event after 690 ms",
      "3.40 s in all",
      "cost $0.0243",
    ]);
    expect(verdictFacts(reader(), answered.noPrice)).toContain("no price known");
    expect(verdictFacts(reader(), answered.estimated)).toContain("usage estimated");
  });

  it("is green only for an answer", () => {
    for (const trace of Object.values(traces))
      expect(verdictOf(trace).tone === "ok").toBe(trace.call.outcome === "ok");
  });
});

describe("the funnel", () => {
  it("counts who is left after each question", () => {
    const { steps, order } = funnelOf(decision(considered));
    expect(steps.map(({ id, before, left }) => [id, before, left])).toEqual([
      ["groups", 8, 7],
      ["enabled", 7, 6],
      ["dialect", 6, 5],
      ["rested", 5, 4],
      ["credential", 4, 3],
    ]);
    expect(order.map((one) => one.channel)).toEqual(["pro-1", "pro-2", "std-1"]);
  });

  it("asks who holds the state only where that counted", () => {
    const bound = decision([candidate({ label: "A", place: 0 })], { home: "pro-1" });
    expect(funnelOf(bound).steps.map((step) => step.id)).toContain("home");
  });

  it("asks whether others come before only where that counted", () => {
    expect(funnelOf(decision(considered)).steps.map(({ id }) => id)).not.toContain("outranked");
    const moved = candidate({ label: "A", excluded: "outranked" });
    expect(funnelOf(decision([moved])).steps.at(-1)).toMatchObject({ id: "outranked", left: 0 });
  });

  it("keeps a reason that it does not know", () => {
    const strange = candidate({ label: "A", excluded: "moon_phase" as "kind" });
    const { steps, order } = funnelOf(decision([strange]));
    expect(steps.at(-1)).toMatchObject({ id: "other", before: 1, left: 0 });
    expect(order).toEqual([]);
  });
});

describe("the session", () => {
  const bonded = [candidate({ label: "A", place: 0, bonded: true })];
  it.each([
    [{}, [], undefined],
    [{ session: true }, [], "The request belongs to a session."],
    [{ bond: "k1" }, bonded, "The session goes on with k1, which served it before."],
    [{ session: true }, bonded, "The session goes on where it was served before."],
    [
      { bond: "k1", released: "outranked" },
      bonded,
      "The session does not go on with k1, which served it before: others come before it.",
    ],
    [
      { released: "dialect" },
      [],
      "The session does not go on where it was served before: does not speak Responses.",
    ],
  ] as const)("of %j is told", (over, list, sentence) => {
    expect(sessionSentence(reader(), decision([...list], over))).toBe(sentence);
  });
});

describe("the waterfall", () => {
  it("tells of a wait for its turn, where there was one", () => {
    const { success } = answered;
    const rowsAt = (at_us: number) => {
      const timings = success.timings.flatMap((one): typeof success.timings =>
        one.phase === "planned"
          ? [
              { phase: "queued", at_us },
              { ...one, at_us: at_us + 500 },
            ]
          : [one],
      );
      return waterfallOf({ ...success, timings }).rows;
    };
    const shown = rowsAt(3_600 + 150_000).find(({ id }) => id === "phase-queued");
    expect([shown?.start, shown?.end]).toEqual([3_600, 153_600]);
    expect(rowsAt(3_700).map(({ id }) => id)).not.toContain("phase-queued");
  });

  it("has no bar for who was not asked, and keeps the numbers of the attempts", () => {
    const ids = waterfallOf(answered.passedOver).rows.map((row) => row.id);
    expect(ids).toContain("attempt-2");
    expect(ids).not.toContain("attempt-1");
  });

  it("puts attempts where they began, to the microsecond", () => {
    const { rows, length, firstEvent } = waterfallOf(answered.fallback);
    const spans = rows.map(({ id, start, end }) => [id, start, end]);
    expect(spans).toEqual([
      ["phase-admitted", 0, 180],
      ["phase-read", 180, 3_600],
      ["phase-planned", 3_600, 4_100],
      ["phase-answered", 4_100, 902_000],
      ["attempt-1", 4_200, 216_200],
      ["attempt-2", 217_000, 3_397_000],
      ["phase-ended", 902_000, 3_400_000],
    ]);
    expect([length, firstEvent]).toEqual([3_400_000, 902_000]);
  });

  it("shows the wait between attempts", () => {
    const ids = waterfallOf(answered.fallbackAfterMany).rows.map((row) => row.id);
    expect(ids).toContain("wait-5");
    expect(ids).not.toContain("wait-3");
  });

  it("splits an attempt at its headers, and hatches what was cancelled", () => {
    const of = (trace: (typeof traces)[string]) =>
      waterfallOf(trace)
        .rows.find((row) => row.id === "attempt-1")
        ?.segments.map((one) => one.kind);
    expect(of(answered.success)).toEqual(["headers", "body"]);
    expect(of(failed.clientGone)).toEqual(["headers", "cancelled"]);
    expect(of(failed.clientGoneEarly)).toEqual(["cancelled"]);
  });

  it.each(Object.entries(traces))("keeps %s within its axis", (_, trace) => {
    const { rows, length } = waterfallOf(trace);
    for (const row of rows) {
      expect(row.start).toBeLessThanOrEqual(row.end);
      expect(row.end).toBeLessThanOrEqual(length);
      expect(row.segments[0]?.start).toBe(row.start);
      expect(row.segments.at(-1)?.end).toBe(row.end);
    }
  });

  it("has a few round ticks", () => {
    expect(ticksOf(3_400_000)).toEqual([0, 1_000_000, 2_000_000, 3_000_000]);
    expect(ticksOf(840)).toEqual([0, 200, 400, 600, 800]);
    expect(ticksOf(1).length).toBeLessThanOrEqual(6);
  });
});

describe("the cost", () => {
  it("adds up", () => {
    expect(costTable(answered.success)).toMatchObject({ state: "priced", total: "0.02430456" });
    for (const trace of Object.values(traces))
      expect(costTable(trace)).not.toHaveProperty("recorded");
  });

  it("says so when it does not", () => {
    const { success } = answered;
    const wrong = { ...success, call: { ...success.call, cost_usd: "0.03" } };
    expect(costTable(wrong)).toMatchObject({ recorded: "0.03", total: "0.02430456" });
  });

  it("counts tokens without a price", () => {
    const table = costTable(answered.noPrice);
    expect(table.state).toBe("no_price");
    expect(table.rows.map((row) => row.tokens)).toEqual([1_820, 24_576, 912]);
    expect(table.total).toBeUndefined();
  });

  it("is what was charged where the server lost the call", () => {
    const { cost: _, price: __, ...lost } = answered.success;
    const used = { ...lost.call, usage: noUsage, cost_usd: "0.002" };
    expect(costTable({ ...lost, call: used })).toEqual({
      rows: [],
      total: "0.002",
      state: "lost",
    });
    expect(costTable({ ...lost, call: { ...used, cost_usd: "0" } }).state).toBe("nothing");
  });

  it("is what was charged where its lines cannot be told any more", () => {
    const { cost: _, ...unlined } = answered.success;
    expect(costTable(unlined)).toMatchObject({ state: "unlined", total: "0.02430456" });
  });

  it("is open as long as nobody has looked, and then what somebody decided", () => {
    const { cost: _, ...doubted } = answered.success;
    const { cost_usd: __, ...unpaid } = doubted.call;
    const waiting = costTable({ ...doubted, call: { ...unpaid, billing: "quarantined" } });
    expect(waiting).toMatchObject({ state: "waits" });
    expect(waiting.total).toBeUndefined();
    for (const billing of ["reviewed", "waived"] as const) {
      const call = { ...doubted.call, billing, cost_usd: billing === "waived" ? "0" : "0.5" };
      expect(costTable({ ...doubted, call })).toMatchObject({
        state: "by_hand",
        total: call.cost_usd,
      });
    }
  });

  it("has no lines where nothing was used", () => {
    expect(costTable(refused.limited)).toEqual({ rows: [], state: "nothing" });
  });
});

describe("the report", () => {
  it("is Markdown", async () => {
    await expect(reportOf(reader(), answered.fallback)).toMatchFileSnapshot(
      "__golden__/fallback.en.md",
    );
    await expect(reportOf(reader("zh-CN"), answered.reduced)).toMatchFileSnapshot(
      "__golden__/reduced.zh-CN.md",
    );
  });

  it.each(Object.entries(traces))("of %s gives nothing away", (_, trace) => {
    const report = reportOf(reader(), trace);
    for (const secret of ["203.0.113.9", "9f3a", "laptop", "main key", "cr_1", "ep_1", "ana"])
      expect(report.replace(trace.call.request_id, "")).not.toMatch(new RegExp(`\\b${secret}\\b`));
  });

  it("cannot be broken out of by a name", () => {
    const { success } = answered;
    const evil = { ...success, call: { ...success.call, model: "x](http://evil)|\n# y" } };
    expect(reportOf(reader(), evil)).toContain("x\\](http://evil)\\| \\# y");
  });
});

describe("similar requests", () => {
  it("share the cause and the channel, a quarter of an hour around", () => {
    expect(similarTo(failed.exhausted.call)).toEqual({
      filter: "outcome:failed cause:server_error channel:pro-1",
      since: "2026-11-24T08:57:30.000Z",
      until: "2026-11-24T09:27:30.000Z",
    });
    expect(similarTo(refused.unknownModel.call).filter).toBe(
      "outcome:refused status:404 model:gpt-5.3",
    );
  });
});

describe("times", () => {
  it("keep their microseconds", () => {
    expect(microseconds("1970-01-01T00:00:01.000002Z")).toBe(1_000_002);
    expect(elapsed("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.1234567Z")).toBe(123_456);
    expect(elapsed("2026-01-01T01:00:00.5+01:00", "2026-01-01T00:00:00.4Z")).toBe(-100_000);
  });
});
