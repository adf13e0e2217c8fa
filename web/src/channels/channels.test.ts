import { describe, expect, it } from "vitest";
import { parseLine } from "@/filter/grammar";
import { limitsDraftOf } from "@/limits/limits";
import { bindingsOf, bindingTo, formOf, formsOf, onlyServedBy } from "./channel";
import { meets, split } from "./channel-fields";
import { costDraftOf, costMistake, costOf } from "./cost";
import { channel, result, site, status } from "./fixtures/channels";
import { rename, renamed, renamings } from "./pattern";
import { countsOf, expecting, idle, type ProbeState, verdictOf, withEvent } from "./probe";
import { choiceOf, draftOf, probeRuns, withChosen } from "./quick-draft";
import { vendorAt, vendors } from "./vendors";

describe("a pattern of names", () => {
  it.each([
    ["models/gpt-5.2", "models/*", "*", "gpt-5.2"],
    ["gpt-5.2", "models/*", "*", undefined],
    ["gpt-5.2", "*", "prod-*", "prod-gpt-5.2"],
    ["claude-opus-4-5-20251101", "*-20*", "*", "claude-opus-4-5"],
    ["a/b", "*/*", "*-from-*", "a-from-b"],
    ["a.b", "a.b", "c", "c"],
    ["axb", "a.b", "c", undefined],
    ["anything", "", "c", undefined],
  ])("%s by %s to %s is %s", (name, from, to, expected) => {
    expect(rename(name, { from, to })).toBe(expected);
  });

  it("renames what it can and names what it cannot", () => {
    const models = ["x/a", "y/a", "z/b"].map(bindingTo);
    const pattern = { from: "*/*", to: "*" };
    expect(renamings(models, pattern).map(({ after }) => after)).toEqual(["x", "y", "z"]);
    const clash = [bindingTo("x/a"), bindingTo("x/b"), bindingTo("c")];
    expect(renamings(clash, { from: "*/*", to: "*" }).map(({ mistake }) => mistake)).toEqual([
      "taken",
      "taken",
    ]);
    expect(renamed(clash, { from: "*/*", to: "*" })).toEqual(clash);
    expect(renamings([bindingTo("c")], { from: "*", to: "" })).toEqual([
      { upstream: "c", before: "c", after: "", mistake: "empty" },
    ]);
  });
});

describe("a channel", () => {
  it("reads bindings in both forms and writes them back as short as they can be", () => {
    const models = ["a", { name: "b", upstream: "B" }, { name: "c", enabled: false }];
    expect(bindingsOf({ models })).toEqual([
      { name: "a", upstream: "a", enabled: true },
      { name: "b", upstream: "B", enabled: true },
      { name: "c", upstream: "c", enabled: false },
    ]);
    expect(bindingsOf({ models }).map(formOf)).toEqual(models);
  });

  it("keeps the cost of a model, and says aloud that it has none any more", () => {
    const cost = { input_usd_per_1m: "1", output_usd_per_1m: "6" };
    const before = bindingsOf({ models: ["a", { name: "b", cost }] });
    expect(before.map(formOf)).toEqual(["a", { name: "b", cost }]);
    expect(formsOf(before, before)).toEqual(["a", { name: "b", cost }]);
    const without = before.map((one) => ({ ...one, cost: undefined }));
    expect(formsOf(without, before)).toEqual(["a", { name: "b", cost: {} }]);
  });

  it("reads what a model costs, keeps its terms, and takes no half a price", () => {
    const draft = { ...costDraftOf(), input_usd_per_1m: " 1 " };
    expect(costMistake(draft, "output_usd_per_1m")).toBe("half");
    expect(costMistake(draft, "cache_read_usd_per_1m")).toBeUndefined();
    expect(costMistake({ ...draft, output_usd_per_1m: "six" }, "output_usd_per_1m")).toBe("price");
    const whole = { ...draft, output_usd_per_1m: "6" };
    expect(costOf(whole)).toEqual({ input_usd_per_1m: "1", output_usd_per_1m: "6" });
    const price_terms = { request: "0.1" } as never;
    expect(costOf(whole, { price_terms })).toMatchObject({ price_terms });
    expect(costOf(costDraftOf(), { price_terms })).toBeUndefined();
  });

  it("knows what only it serves", () => {
    const { channels } = site();
    expect(onlyServedBy("claude-main", channels)).toEqual(["claude-opus-4-5", "claude-haiku-4-5"]);
    expect(onlyServedBy("pro-1", channels)).toEqual([]);
    expect(onlyServedBy("gone", channels)).toEqual([]);
  });
});

describe("the conditions on channels", () => {
  it("go to the server but for those about how a channel is", () => {
    const { filter, own } = split(parseLine("kind:openai state:down problem!:idle").terms);
    expect(filter).toBe("kind:openai");
    expect(own).toHaveLength(2);
  });

  it.each([
    ["state:down", ["openrouter"]],
    ["state!:down,disabled", ["pro-1", "claude-main"]],
    ["problem:no_models", []],
    ["problem:credential", ["claude-main", "openrouter"]],
    ["problem:idle", ["spare"]],
    ["state:cooling_down problem:credential", ["claude-main"]],
  ])("%s means %j", (line, expected) => {
    const { channels, statuses } = site();
    const rows = channels
      .slice(0, 4)
      .map((one) => ({ channel: one, status: statuses.find((it) => it.channel === one.name) }));
    const { own } = split(parseLine(line).terms);
    expect(rows.filter((row) => meets(row, own)).map((row) => row.channel.name)).toEqual(expected);
  });

  it("do not hold of a state that is not known", () => {
    const { own } = split(parseLine("state:serving").terms);
    expect(meets({ channel: channel(), status: undefined }, own)).toBe(false);
    expect(meets({ channel: channel(), status: status() }, own)).toBe(true);
  });
});

describe("a test as it goes", () => {
  const event = (name: string, data: object) => ({
    id: undefined,
    event: name,
    data: JSON.stringify(data),
  });
  const phase = (model: string, name: string, at_us: number, credential?: string) =>
    event("phase", { model, phase: name, at_us, ...(credential && { credential }) });

  it("fills the rows that wait, and adds one for each further credential", () => {
    let state: ProbeState = { ...expecting(idle, ["a", "b"]), status: "running" };
    expect(state.rows.map((row) => verdictOf(row, true))).toEqual(["waiting", "waiting"]);
    state = withEvent(state, phase("a", "dns", 10, "k1"));
    state = withEvent(state, phase("a", "dns", 12, "k2"));
    state = withEvent(state, phase("a", "connect", 40, "k1"));
    expect(state.rows.map((row) => [row.model, row.credential])).toEqual([
      ["a", "k1"],
      ["b", undefined],
      ["a", "k2"],
    ]);
    expect(state.rows[0]?.steps).toEqual({ dns: 10, connect: 40 });
    state = withEvent(state, event("result", result({ model: "a", credential: "k1" })));
    expect(state.rows.map((row) => verdictOf(row, true))).toEqual(["ok", "waiting", "running"]);
    expect(state.rows.map((row) => verdictOf(row, false))).toEqual(["ok", "none", "none"]);
  });

  it.each([
    ["answered", result(), "ok"],
    ["another model", result({ model_mismatch: true }), "mismatch"],
    ["refused", result({ ok: false, failure: { code: "unauthorized", detail: "" } }), "failed"],
    [
      "no model to ask",
      result({ ok: false, model: "", failure: { code: "model_not_found", detail: "" } }),
      "untestable",
    ],
    [
      "no chat model",
      result({
        ok: false,
        upstream_model: "text-embedding-3",
        failure: { code: "bad_request", detail: "" },
      }),
      "untestable",
    ],
    [
      "a bad key for no chat model",
      result({
        ok: false,
        upstream_model: "text-embedding-3",
        failure: { code: "unauthorized", detail: "" },
      }),
      "failed",
    ],
  ])("%s", (_, given, expected) => {
    const state = withEvent({ ...idle, status: "done" }, event("result", given));
    expect(state.rows.map((row) => verdictOf(row, false))).toEqual([expected]);
    const counts = countsOf(state);
    expect(counts.ok + counts.failed + counts.untestable).toBe(1);
  });
});

describe("a new channel", () => {
  const fields = {
    name: "a",
    base_url: "https://a.example/v1",
    priority: 0,
    weight: 1,
    limits: limitsDraftOf(),
  };

  it("has limits only where some are typed", () => {
    const limits = limitsDraftOf({ concurrency: 8 });
    expect(draftOf({ ...fields, limits }, choiceOf({}), true).limits).toEqual({ concurrency: 8 });
    expect(draftOf(fields, choiceOf({}), true)).not.toHaveProperty("limits");
  });

  it("has a credential for each key, and no key twice", () => {
    const choice = { ...choiceOf({}), keys: "sk-1\nsk-2 \nsk-1\n", models: [bindingTo("m")] };
    expect(draftOf(fields, choice, false)).toEqual({
      kind: "openai",
      base_url: "https://a.example/v1",
      dialects: [],
      priority: 0,
      weight: 1,
      enabled: false,
      groups: ["default"],
      credentials: [
        { name: "k1", key: "sk-1" },
        { name: "k2", key: "sk-2" },
      ],
      models: ["m"],
    });
  });

  it("is tested with every model by its first key, and with one by each other", () => {
    const models = Array.from({ length: 12 }, (_, at) => bindingTo(`m${at}`));
    const runs = probeRuns("https://a.example", {
      ...choiceOf({}),
      keys: "sk-1111 sk-2222",
      models,
    });
    expect(runs.map((run) => [run.label, run.models.length])).toEqual([
      ["…1111", 10],
      ["…2222", 1],
    ]);
    const [bare] = probeRuns("https://a.example", { ...choiceOf({}), keys: "sk-1" });
    expect(bare?.body).toEqual({ kind: "openai", base_url: "https://a.example", key: "sk-1" });
  });

  it("keeps the names of what stays ticked", () => {
    const models = [{ name: "fast", upstream: "mini", enabled: true }, bindingTo("old")];
    expect(withChosen(models, new Set(["mini", "new"]))).toEqual([models[0], bindingTo("new")]);
  });

  it("is known by its vendor's address", () => {
    for (const { kind, base_url, id } of vendors)
      expect(vendorAt(kind, `${base_url}/`)?.id).toBe(id);
    expect(vendorAt("openai", "https://own.example")).toBeUndefined();
  });
});
