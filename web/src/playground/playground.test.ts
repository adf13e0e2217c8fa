import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";

import type { Dialect } from "@/api/types";
import { json } from "@/connect/templates/quote";
import { shells } from "@/connect/templates/target";
import type { AssistantTurn, Parameters, Turn } from "./conversation";
import { readDataUrl } from "./data-url";
import { readError } from "./error";
import { codeOf, exportFormats, formatsOf } from "./export";
import { JsonArrayParser } from "./json-array";
import { buildRequest } from "./request";
import { type RawFrame, runRequest } from "./run";
import { parseTools } from "./tools";

const folder = join(import.meta.dirname, "../../../fixtures/dialect");
const fixture = (name: string) => readFileSync(join(folder, name));

const image = "data:image/png;base64,iVBORw0KGgo=";
const weather =
  '[{"name":"get_weather","description":"The weather.","parameters":{"type":"object"}}]';

const parameters = (dialect: Dialect, over: Partial<Parameters> = {}): Parameters => ({
  dialect,
  model: "m/1",
  system: "Be terse.",
  temperature: 0.2,
  max_tokens: 500,
  effort: "low",
  tools: weather,
  stream: true,
  ...over,
});

const turns: readonly Turn[] = [
  { id: "1", role: "user", text: "What is it like?", images: [image] },
  {
    id: "2",
    role: "assistant",
    text: "Let me look.",
    thinking: "Hm.",
    thinking_signature: "sig",
    tool_calls: [{ id: "c1", name: "get_weather", arguments: '{"city":"Wien"}', signature: "ts" }],
  },
  { id: "3", role: "tool", call_id: "c1", name: "get_weather", output: "sunny" },
];

describe("a request", () => {
  it.each(["responses", "chat", "messages", "gemini"] as const)("of %s", async (dialect) => {
    const request = buildRequest(parameters(dialect), turns);
    await expect(`${JSON.stringify(request, null, 2)}\n`).toMatchFileSnapshot(
      `__golden__/request.${dialect}.json`,
    );
  });

  it.each(["responses", "chat", "messages", "gemini"] as const)(
    "of %s says no more than was asked for",
    (dialect) => {
      const bare: Parameters = { dialect, model: "m", system: "", tools: "", stream: false };
      const { body } = buildRequest(bare, [{ id: "1", role: "user", text: "Hi", images: [] }]);
      const always = {
        responses: ["input", "model", "store", "stream"],
        chat: ["messages", "model", "stream"],
        messages: ["max_tokens", "messages", "model", "stream"],
        gemini: ["contents"],
      };
      expect(Object.keys(body).sort()).toEqual(always[dialect]);
    },
  );

  const pdf = { name: "plan.pdf", url: "data:application/pdf;base64,JVBERg==" };
  it.each([
    ["responses", { type: "input_file", filename: "plan.pdf", file_data: pdf.url }],
    ["chat", { type: "file", file: { filename: "plan.pdf", file_data: pdf.url } }],
    [
      "messages",
      {
        type: "document",
        title: "plan.pdf",
        source: { type: "base64", media_type: "application/pdf", data: "JVBERg==" },
      },
    ],
    ["gemini", { inlineData: { mimeType: "application/pdf", data: "JVBERg==" } }],
  ] as const)("of %s with a PDF, and without one that was not kept", (dialect, part) => {
    const gone = { name: "old.pdf", url: "" };
    const turn: Turn = { id: "1", role: "user", text: "", images: [], documents: [pdf, gone] };
    const { body } = buildRequest(parameters(dialect), [turn]);
    const { input, messages, contents } = body as Record<string, Record<string, unknown>[]>;
    const last = (input ?? messages ?? contents)?.at(-1);
    expect(last?.content ?? last?.parts).toEqual([part]);
  });

  it.each(["responses", "chat", "messages", "gemini"] as const)(
    "of %s leaves out an answer that failed before its first word",
    (dialect) => {
      const failed: Turn = {
        id: "2",
        role: "assistant",
        text: "",
        thinking: "",
        tool_calls: [],
        error: { message: "Busy" },
      };
      const asked: Turn = { id: "1", role: "user", text: "Hi", images: [] };
      const bare = parameters(dialect, { system: "" });
      expect(buildRequest(bare, [asked, failed])).toEqual(buildRequest(bare, [asked]));
    },
  );

  it("bounds thinking by a number where one is given", () => {
    const budget = { thinking_budget: 8_000, max_tokens: 2_000 };
    expect(buildRequest(parameters("messages", budget), turns).body).toMatchObject({
      max_tokens: 9_024,
      thinking: { type: "enabled", budget_tokens: 8_000 },
    });
    expect(buildRequest(parameters("gemini", budget), turns).body).toMatchObject({
      generationConfig: { thinkingConfig: { includeThoughts: true, thinkingBudget: 8_000 } },
    });
  });
});

describe("tools", () => {
  it.each([
    ["", { functions: [], native: [] }],
    ["{", "not_json"],
    ["{}", "not_array"],
    ['[{"parameters":{}}]', "no_name"],
    ['[{"type":"web_search"}]', { functions: [], native: [{ type: "web_search" }] }],
  ])("%s", (text, expected) => {
    expect(parseTools(text)).toEqual(expected);
  });
});

describe("a JSON array in pieces", () => {
  it("gives its elements however it is cut", () => {
    const text = fixture("gemini/array.json").toString();
    for (const size of [1, 7, 64, 100_000]) {
      const parser = new JsonArrayParser();
      const found: string[] = [];
      for (let at = 0; at < text.length; at += size)
        found.push(...parser.push(text.slice(at, at + size)));
      expect(found.map((element) => JSON.parse(element) as unknown)).toEqual(JSON.parse(text));
    }
  });

  it("is not fooled by brackets in strings", () => {
    const parser = new JsonArrayParser();
    expect(parser.push('[{"a":"]}\\"{"},{"b":[[1]]}]')).toEqual(['{"a":"]}\\"{"}', '{"b":[[1]]}']);
  });
});

/** The answer to a recorded stream, cut into pieces of `size` bytes. */
async function play(dialect: Dialect, name: string, size = 37, status = 200, type?: string) {
  const bytes = fixture(`${dialect}/${name}`);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let from = 0; from < bytes.length; from += size)
        controller.enqueue(new Uint8Array(bytes.subarray(from, from + size)));
      controller.close();
    },
  });
  const content = type ?? (name.endsWith(".sse") ? "text/event-stream" : "application/json");
  const headers = { "content-type": content, "x-request-id": "req-1" };
  const respond = vi.fn<typeof fetch>().mockResolvedValue(new Response(body, { status, headers }));
  const frames: RawFrame[] = [];
  let clock = 0;
  const answers: AssistantTurn[] = [];
  const answer = await runRequest({
    fetch: respond,
    api_key_id: "ak_1",
    dialect,
    request: buildRequest(parameters(dialect), turns),
    id: "a",
    signal: new AbortController().signal,
    now: () => (clock += 5),
    onAnswer: (turn) => answers.push(turn),
    onFrame: (frame) => frames.push(frame),
  });
  return { answer, frames, answers, respond };
}

describe("an answer", () => {
  it.each([
    ["responses", "text.sse"],
    ["responses", "tool_call.sse"],
    ["responses", "codex_minimal.sse"],
    ["responses", "incomplete.sse"],
    ["responses", "failed.sse"],
    ["responses", "error_midway.sse"],
    ["responses", "body.json"],
    ["responses", "error_in_200.json"],
    ["chat", "text.sse"],
    ["chat", "tool_call.sse"],
    ["chat", "reasoning.sse"],
    ["chat", "two_choices.sse"],
    ["chat", "error_first.sse"],
    ["chat", "error_midway.sse"],
    ["chat", "body.json"],
    ["messages", "text.sse"],
    ["messages", "tool_use.sse"],
    ["messages", "error_first.sse"],
    ["messages", "error_midway.sse"],
    ["messages", "body.json"],
    ["messages", "error_in_200.json"],
    ["gemini", "text.sse"],
    ["gemini", "tool_call.sse"],
    ["gemini", "blocked.sse"],
    ["gemini", "error_first.sse"],
    ["gemini", "error_midway.sse"],
    ["gemini", "array.json"],
    ["gemini", "error_array.json"],
    ["gemini", "body.json"],
  ] as const)("%s %s", async (dialect, name) => {
    const { answer } = await play(dialect, name);
    const { first_ms: _, total_ms: __, ...told } = answer;
    await expect(`${JSON.stringify(told, null, 2)}\n`).toMatchFileSnapshot(
      `__golden__/answer.${dialect}.${name}.json`,
    );
    const inOnePiece = await play(dialect, name, 1_000_000);
    const { first_ms: _f, total_ms: _t, ...same } = inOnePiece.answer;
    expect(same).toEqual(told);
    const byByte = await play(dialect, name, 1);
    expect(byByte.answer.text).toBe(answer.text);
  });

  it("is asked for at the person's own key, and grows step by step", async () => {
    const { respond, answers, answer, frames } = await play("messages", "text.sse");
    expect(respond.mock.calls[0]?.[0]).toBe("/api/playground/ak_1/v1/messages");
    expect(answers.length).toBeGreaterThan(3);
    expect(answer.first_ms).toBeLessThanOrEqual(answer.total_ms ?? 0);
    expect(answer.request_id).toBe("req-1");
    expect(frames.every((frame, at) => frame.at_ms >= (frames[at - 1]?.at_ms ?? 0))).toBe(true);
  });

  it("that failed says what the server said, and its status", async () => {
    const { answer } = await play("messages", "error_in_200.json", 50, 529);
    expect(answer.error).toMatchObject({ status: 529 });
    expect(answer.error?.message).not.toBe("");
  });

  it("that was stopped keeps what had come", async () => {
    const abort = new AbortController();
    const answer = await runRequest({
      fetch: () => {
        abort.abort();
        return Promise.reject(abort.signal.reason as Error);
      },
      api_key_id: "ak_1",
      dialect: "chat",
      request: buildRequest(parameters("chat"), turns),
      id: "a",
      signal: abort.signal,
      now: () => 0,
      onAnswer: () => undefined,
      onFrame: () => undefined,
    });
    expect(answer).toMatchObject({ stopped: true });
    expect(answer.error).toBeUndefined();
  });

  it("that never came is an error of the network", async () => {
    const answer = await runRequest({
      fetch: () => Promise.reject(new TypeError("Failed to fetch")),
      api_key_id: "ak_1",
      dialect: "chat",
      request: buildRequest(parameters("chat"), turns),
      id: "a",
      signal: new AbortController().signal,
      now: () => 0,
      onAnswer: () => undefined,
      onFrame: () => undefined,
    });
    expect(answer.error).toEqual({ message: "Failed to fetch", code: "network" });
  });
});

describe("an error", () => {
  it.each([
    [{ error: { message: "No.", type: "x", code: "model_not_found" } }, "No.", "model_not_found"],
    [
      { type: "error", error: { type: "overloaded_error", message: "Busy" } },
      "Busy",
      "overloaded_error",
    ],
    [
      [{ error: { code: 429, message: "Quota", status: "RESOURCE_EXHAUSTED" } }],
      "Quota",
      "RESOURCE_EXHAUSTED",
    ],
    [
      { title: "Conflict", code: "not_revealable", detail: "This key cannot be used." },
      "This key cannot be used.",
      "not_revealable",
    ],
    ["<html>", "<html>", undefined],
  ])("%j", (body, message, code) => {
    expect(readError(body)).toEqual({ message, ...(code && { code }) });
  });
});

describe("an export", () => {
  const request = buildRequest(parameters("messages", { system: `it's "odd" $HOME` }), turns);

  it.each(exportFormats)("as %s can be read by its tool", (format) => {
    const target = {
      origin: "https://llm.example.org",
      os: "macos_linux",
      dialect: "messages",
    } as const;
    const code = codeOf(format, target, request);
    if (format === "curl") execFileSync("sh", ["-n"], { input: code });
    if (format.startsWith("python"))
      execFileSync("python3", ["-c", "import ast,sys; ast.parse(sys.stdin.read())"], {
        input: code,
      });
    if (format.startsWith("typescript"))
      execFileSync("node", ["--input-type=module", "--check"], { input: code });
    const base = "https://llm.example.org";
    expect(code).toContain(format.endsWith("_sdk") ? `${json(base)}` : `${base}/v1/messages`);
    expect(code).toContain("REALMS_API_KEY");
  });

  it("with a library calls it by the name of the dialect, and reads a stream only where there is one", () => {
    const at = (dialect: Dialect) => ({ origin: "https://h", os: "cmd", dialect }) as const;
    const stream = buildRequest(parameters("responses"), turns);
    const python = codeOf("python_sdk", at("responses"), stream);
    expect(python).toContain('OpenAI(base_url="https://h/v1"');
    expect(python).toContain("client.responses.create(**body)");
    expect(python).toContain("for event in answer:");
    const whole = buildRequest(parameters("chat", { stream: false }), turns);
    const typescript = codeOf("typescript_sdk", at("chat"), whole);
    expect(typescript).toContain("client.chat.completions.create({");
    expect(typescript).not.toContain("for await");
    expect(formatsOf("gemini")).toEqual(["curl", "python", "typescript"]);
  });

  it("as curl sends the very body", () => {
    const code = codeOf(
      "curl",
      { origin: "https://h", os: "macos_linux", dialect: "messages" },
      request,
    );
    const script = `curl() { for last; do :; done; printf %s "$last"; }\n${code}`;
    const sent: unknown = JSON.parse(execFileSync("sh", ["-c", script], { encoding: "utf8" }));
    expect(sent).toEqual(request.body);
  });

  it.each(shells)("as curl for %s names the key's variable", (os) => {
    expect(codeOf("curl", { origin: "https://h", os, dialect: "gemini" }, request)).toMatch(
      /x-goog-api-key: .*REALMS_API_KEY/,
    );
  });
});

it("a data URL is read, anything else is not", () => {
  expect(readDataUrl(image)).toEqual({ type: "image/png", data: "iVBORw0KGgo=" });
  expect(readDataUrl("https://x/y.png")).toBeUndefined();
});
