import { describe, expect, it } from "vitest";

import type { ChannelView } from "@/api/types";
import { fileOf, readFile, tomlOf } from "./channels-file";
import { channel } from "./fixtures/channels";
import { prepare, refusedBy } from "./import-plan";
import { JsonMistake, parseJson } from "./json-lines";

const mistakesOf = (text: string) => readFile(text).mistakes;
const site = { channels: [channel()], groups: ["default", "team"], mayStoreKeys: true };

describe("JSON with lines", () => {
  it("reads what the browser's own reader reads", () => {
    const text = '\uFEFF {"a": [1, -2.5e3, "\\u00e9\\n🦀", true, null, {}, []]}\n';
    expect(parseJson(text).value).toEqual(JSON.parse(text.slice(1)));
  });

  it("tells where a value stands, and where a text is no JSON", () => {
    const { lineOf } = parseJson('{\n "channel": [\n  {"name": "a"},\n  {\n   "name": "b"}\n ]\n}');
    expect([lineOf("channel"), lineOf("channel.0.name"), lineOf("channel.1.name")]).toEqual([
      2, 3, 5,
    ]);
    expect(lineOf("nothing")).toBeUndefined();
    const cases: [string, string, number, number][] = [
      ['{\n "a": 1,\n}', "syntax", 3, 1],
      ['{"a": 1} x', "syntax", 1, 10],
      ['{"a": 1,\n "a": 2}', "twice", 2, 2],
      ["[01]", "syntax", 1, 3],
      ["", "syntax", 1, 1],
      ["[".repeat(100), "too_deep", 1, 34],
    ];
    for (const [text, code, line, column] of cases) {
      const mistake = (() => {
        try {
          parseJson(text);
          return undefined;
        } catch (error) {
          return error;
        }
      })();
      expect(mistake, text).toBeInstanceOf(JsonMistake);
      expect(mistake, text).toMatchObject({ code, line, column });
    }
  });
});

describe("a file of channels", () => {
  it("holds no key, whatever a channel holds, and says so", () => {
    const leaky = channel({
      credentials: [{ name: "k1", key: "sk-canary", enabled: false }],
    }) as ChannelView & { secret: string };
    leaky.secret = "canary";
    const text = fileOf([leaky], "no keys in it");
    expect(text).not.toContain("canary");
    expect(JSON.parse(text)).toMatchObject({ version: 1, about: "no keys in it" });
  });

  it("is read as it was written", () => {
    const { channels, mistakes } = readFile(fileOf([channel(), channel({ name: "b" })], "about"));
    expect(mistakes).toEqual([]);
    expect(channels).toHaveLength(2);
    expect(channels[0]).toMatchObject({
      name: "pro-1",
      weight: 2,
      credentials: [{ name: "k1" }, {}],
    });
    expect(readFile('[{"name": "a"}]').channels).toEqual([{ name: "a" }]);
  });

  it("keeps addresses, proxies and options, and tells what is no address", () => {
    const held = {
      endpoints: [
        "https://eu.example.com/v1",
        { base_url: "https://us.example.com/v1", priority: -5, enabled: false },
      ],
      api_version: "2026-01-01",
      proxy: "out",
      options: { system_prompt: { text: "Be brief." } },
    } satisfies Partial<ChannelView>;
    const { channels, mistakes } = readFile(fileOf([channel(held)], "about"));
    expect(mistakes).toEqual([]);
    expect(channels[0]).toMatchObject(held);
    expect(tomlOf(channels)).toContain(
      'endpoints = ["https://eu.example.com/v1", { base_url = "https://us.example.com/v1", priority = -5, enabled = false }]',
    );
    const file = (endpoints: unknown[]) => JSON.stringify([{ name: "a", endpoints }]);
    const twice = "https://a.example.com";
    expect(mistakesOf(file(["x", { priority: 0 }, twice, { base_url: twice }]))).toMatchObject([
      { code: "not_url", field: "endpoints.0" },
      { code: "not_number", field: "endpoints.1.priority" },
      { code: "missing", field: "endpoints.1.base_url" },
      { code: "repeated", field: "endpoints.3" },
    ]);
  });

  it("keeps limits and promotion, and tells what is no limit", () => {
    const limited = channel({
      promoted: true,
      limits: { concurrency: 4 },
      credentials: [{ name: "k1", limits: { requests_per_minute: 60 } }, { name: "k2" }],
    });
    const { channels, mistakes } = readFile(fileOf([limited], "about"));
    expect(mistakes).toEqual([]);
    expect(channels[0]).toMatchObject({
      promoted: true,
      limits: { concurrency: 4 },
      credentials: [{ name: "k1", limits: { requests_per_minute: 60 } }, { name: "k2" }],
    });
    expect(tomlOf(channels)).toContain('{ name = "k1", limits = { requests_per_minute = 60 } }');
    expect(
      mistakesOf('[{"name": "a", "promoted": 1, "limits": {"streams": 0, "calls": 1}}]').map(
        ({ field, code }) => [field, code],
      ),
    ).toEqual([
      ["promoted", "not_flag"],
      ["limits.streams", "not_number"],
      ["limits.calls", "unknown"],
    ]);
  });

  it("keeps what the vendor is paid, and tells what is no price", () => {
    const held = {
      cost_multiplier: "0.6",
      models: ["m", { name: "n", cost: { input_usd_per_1m: "1", output_usd_per_1m: "6" } }],
    } satisfies Partial<ChannelView>;
    const { channels, mistakes } = readFile(fileOf([channel(held)], "about"));
    expect(mistakes).toEqual([]);
    expect(channels[0]).toMatchObject(held);
    expect(tomlOf(channels)).toContain('cost_multiplier = "0.6"');
    expect(tomlOf(channels)).toContain(
      '{ name = "n", cost = { input_usd_per_1m = "1", output_usd_per_1m = "6" } }',
    );
    const models = [{ name: "m", cost: { input_usd_per_1m: 1, output: "2" } }];
    expect(
      mistakesOf(JSON.stringify([{ name: "a", cost_multiplier: 0.6, models }])).map(
        ({ field, code }) => [field, code],
      ),
    ).toEqual([
      ["cost_multiplier", "not_text"],
      ["models.0.cost.input_usd_per_1m", "not_text"],
      ["models.0.cost.output", "unknown"],
    ]);
  });

  it("tells each mistake with its line, its channel and its field", () => {
    const text = `{
  "version": 1,
  "channels": 1,
  "channel": [
    { "name": "a", "kind": "opnai",
      "wieght": 1,
      "priority": 1.5 },
    { "name": "a", "models": [{ "upstream": "x" }, 7],
      "credentials": [{ "key": "env:KEY" }, {}],
      "base_url": "ftp://a.example", "groups": ["a b"], "enabled": "yes", "dialects": "chat" },
    3
  ]
}`;
    expect(mistakesOf(text).map((one) => [one.line, one.field, one.code])).toEqual([
      [3, "channels", "unknown"],
      [5, "kind", "not_one_of"],
      [6, "wieght", "unknown"],
      [7, "priority", "not_number"],
      [8, "models.0.name", "missing"],
      [8, "models.1", "not_object"],
      [9, "credentials.0.key", "env_key"],
      [9, "credentials.1", "repeated"],
      [10, "base_url", "not_url"],
      [10, "groups.0", "not_group"],
      [10, "enabled", "not_flag"],
      [10, "dialects", "not_list"],
      [8, "name", "repeated"],
      [11, undefined, "not_object"],
    ]);
    expect(mistakesOf('{"version": 2, "channel": [{"name": "a"}]}')[0]?.code).toBe("version");
    expect(mistakesOf('{"channel": []}')).toEqual([{ code: "no_channels" }]);
    expect(mistakesOf("{")).toEqual([{ code: "syntax", line: 1, what: "2" }]);
  });

  it("becomes the TOML that the server takes", () => {
    const [form] = readFile(
      '[{"name": "a \\"b\\"\\\\", "weight": 0, "models": ["m", {"name": "f", "upstream": "é"}]}]',
    ).channels;
    expect(tomlOf(form ? [form] : [])).toBe(
      'version = 1\n[[channel]]\nname = "a \\"b\\"\\\\"\nweight = 0\n' +
        'models = ["m", { name = "f", upstream = "é" }]\n',
    );
  });
});

describe("a channel of a file", () => {
  it("keeps the keys that are here, and leaves out credentials without one", () => {
    const known = prepare(
      { name: "pro-1", credentials: [{ name: "k2", enabled: false }, { name: "k9" }] },
      site,
    );
    expect(known.form.credentials).toEqual([
      { name: "k1", enabled: true },
      { name: "k2", enabled: false },
    ]);
    expect(known).toMatchObject({ keyless: ["k9"], obstacles: [] });
    const fresh = prepare(
      { name: "new", kind: "openai", credentials: [{ name: "a", key: "sk-1" }, { name: "b" }] },
      site,
    );
    expect(fresh.form.credentials).toEqual([{ name: "a", key: "sk-1" }]);
    expect(fresh.keyless).toEqual(["b"]);
  });

  it("is held up by what the server would refuse", () => {
    const codes = (form: Parameters<typeof prepare>[0], where = site) =>
      prepare(form, where).obstacles.map(({ code }) => code);
    expect(codes({ name: "new" })).toEqual(["no_kind"]);
    expect(codes({ name: "pro-1", groups: ["default", "gone"] })).toEqual(["no_group"]);
    expect(codes({ name: "pro-1", base_url: "https://other.example/v1" })).toEqual(["other_host"]);
    expect(codes({ name: "pro-1", base_url: "https://api.openai.com/v2" })).toEqual([]);
    const keys = [
      { name: "k1", key: "a" },
      { name: "k2", key: "b" },
    ];
    const moved = { name: "pro-1", base_url: "https://other.example/v1", credentials: keys };
    expect(codes(moved)).toEqual([]);
    expect(codes(moved, { ...site, mayStoreKeys: false })).toEqual(["no_secrets"]);
  });

  it("is found in what the server says, or nobody is blamed", () => {
    expect(refusedBy(["channel `a`: one", "channel `a`: two"])).toEqual(
      new Map([["a", ["one", "two"]]]),
    );
    expect(refusedBy(["settings: no"])).toBeUndefined();
    expect(refusedBy([])).toBeUndefined();
  });
});
