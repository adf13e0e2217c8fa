import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import type { Block } from "./recipe";
import { keyPlaceholder, maskKey, shells, type Target } from "./target";
import { recipeOf, speaks, templates } from "./templates";

const plain: Target = {
  origin: "https://llm.example.org",
  key: "sk_0123456789abcdefghij9f3a",
  models: [
    { name: "gpt-5.2", dialects: ["responses", "chat"] },
    { name: "claude-sonnet-4-5", dialects: ["messages", "chat"] },
    { name: "gemini-3-pro", dialects: ["gemini", "chat"] },
  ],
  os: "macos_linux",
};

/** What nobody names a model, and what must not break a file or run a command all the same. */
const odd: Target = {
  ...plain,
  origin: "http://[fd00::1]:8080",
  key: `sk_'"$(touch x)\`\\ %PATH%’&|`,
  models: [
    {
      name: `o'dd "mödel" $HOME %USERNAME% \`x\` \\ & | <>^ ‘a’ ]\u0007\n`,
      dialects: ["responses", "chat", "messages", "gemini"],
    },
  ],
};

/** The target with only the models that a client can use, that one first. */
function targetFor(template: (typeof templates)[number], os: Target["os"]): Target {
  const models = plain.models.filter((model) => speaks(template, model));
  const [first, ...rest] = models;
  if (!first) throw new Error(`no model for ${template.id}`);
  return { ...plain, os, models: [first, ...rest] };
}

function golden(blocks: readonly Block[], notes: readonly string[]): string {
  const parts = blocks.map(
    ({ id, title, path, language, text, download, changes, merge, expect: shown }) => {
      const about = { id, title, path, language, download, changes, merge, expect: shown };
      const head = Object.entries(about).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key}: ${value}`],
      );
      return `### ${head.join(" · ")}\n${text.endsWith("\n") ? text : `${text}\n`}`;
    },
  );
  return `${parts.join("\n")}\n### notes\n${notes.map((note) => `${note}\n`).join("")}`;
}

const cases = templates.flatMap((template) =>
  (template.usesShell ? shells : (["macos_linux"] as const)).map((os) => ({ template, os })),
);

describe.each(cases)("$template.id on $os", ({ template, os }) => {
  const recipe = recipeOf(template, targetFor(template, os));

  it("is as it was last looked at", async () => {
    const name = template.usesShell ? `${template.id}.${os}` : template.id;
    await expect(golden(recipe.blocks, recipe.notes)).toMatchFileSnapshot(`__golden__/${name}.txt`);
  });

  it("names this server and holds the key", () => {
    const all = recipe.blocks.map((block) => decodeURIComponent(block.text)).join("\n");
    const decoded = all.replace(/(?:data|config)=([\w+/=]+)/g, (_, data: string) => atob(data));
    expect(decoded).toContain(plain.origin);
    expect(decoded).toContain(plain.key);
  });

  it.each([plain, odd])("can be parsed (%#)", (values) => {
    const [first] = values === odd ? odd.models : targetFor(template, os).models;
    const made = recipeOf(template, { ...values, os, models: [first] });
    for (const block of made.blocks) expectWellFormed(block);
  });

  it("has blocks that can be told apart", () => {
    expect(new Set(recipe.blocks.map((block) => block.id)).size).toBe(recipe.blocks.length);
    expect(recipe.blocks.length).toBeGreaterThan(0);
  });
});

/** The text is what its language says, as far as a tool is at hand. */
function expectWellFormed(block: Block) {
  switch (block.language) {
    case "json":
      expect(() => JSON.parse(block.text)).not.toThrow();
      return;
    case "sh":
      execFileSync("sh", ["-n"], { input: block.text });
      return;
    case "toml":
      for (const line of block.text.split("\n"))
        expect(line).toMatch(
          /^(?:\[[\w.]+\]|\w+ = "(?:[^"\\\p{Cc}]|\\["\\bfnrt]|\\u[0-9a-f]{4})*")?$/u,
        );
      return;
    case "python":
      execFileSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], {
        input: block.text,
      });
      return;
    case "typescript":
      execFileSync("node", ["--input-type=module", "--check"], { input: block.text });
      return;
    case "link":
      expect(URL.canParse(block.text)).toBe(true);
      return;
    default:
      expect(block.text).not.toMatch(/undefined|\[object/);
  }
}

describe("a shell reads back what was meant", () => {
  const model = odd.models[0].name.replace(/\p{Cc}/gu, "");
  const setting = templates
    .filter((template) => template.usesShell)
    .flatMap((template) => {
      const { blocks } = recipeOf(template, { ...odd, os: "macos_linux" });
      return blocks
        .filter((block) => block.language === "sh" && ["set", "keep"].includes(block.id))
        .map((block) => ({ id: template.id, block }));
    });

  it.each(setting)("$id: $block.id", ({ block }) => {
    const told = execFileSync("sh", ["-c", `${block.text}\nenv -0`], { encoding: "utf8" });
    expect(told.split("\0").some((line) => line.endsWith(`=${odd.key}`))).toBe(true);
  });

  it.each(["codex", "qwen_code", "aider", "claude_code"])("%s: once, and nothing stays", (id) => {
    const template = templates.find((one) => one.id === id);
    const once = template
      ? recipeOf(template, { ...odd, os: "macos_linux" }).blocks.find(
          (block) => block.id === "once",
        )
      : undefined;
    const name = id.split("_")[0];
    const bin = mkdtempSync(join(tmpdir(), "realms-once-"));
    writeFileSync(join(bin, name ?? ""), '#!/bin/sh\nenv -0; printf "%s\\0" "$@"\n', {
      mode: 0o755,
    });
    const script = `PATH="${bin}:$PATH"\n${once?.text}`;
    const told = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0");
    rmSync(bin, { recursive: true });
    expect(told.some((line) => line.endsWith(`=${odd.key}`))).toBe(true);
    expect(told.some((line) => line.endsWith(model))).toBe(true);
  });

  it("curl gets the body byte for byte", () => {
    const curl = templates.find((template) => template.id === "curl");
    if (!curl) throw new Error("no curl");
    for (const block of recipeOf(curl, { ...odd, os: "macos_linux" }).blocks) {
      const script = `curl() { for last; do :; done; printf %s "$last"; }\n${block.text}`;
      const body: unknown = JSON.parse(execFileSync("sh", ["-c", script], { encoding: "utf8" }));
      if (block.id !== "gemini") expect(body).toHaveProperty("model", model);
    }
  });
});

describe("notes", () => {
  const find = (id: string) => {
    const template = templates.find((one) => one.id === id);
    if (!template) throw new Error(id);
    return template;
  };

  it("warn of an address that travels unencrypted", () => {
    expect(
      recipeOf(find("codex"), { ...plain, origin: "http://192.168.1.9:8080" }).notes,
    ).toContain("http");
    expect(
      recipeOf(find("codex"), { ...plain, origin: "http://localhost:8080" }).notes,
    ).not.toContain("http");
  });

  it("warn that Cursor's servers cannot reach this machine", () => {
    for (const origin of ["http://localhost:8080", "https://10.0.0.5", "https://box.lan"])
      expect(recipeOf(find("cursor"), { ...plain, origin }).notes).toContain("not_reachable");
    expect(recipeOf(find("cursor"), plain).notes).not.toContain("not_reachable");
  });

  it("warn of what the Command Prompt cannot quote", () => {
    expect(recipeOf(find("codex"), { ...odd, os: "cmd" }).notes).toContain("cmd_characters");
    expect(recipeOf(find("codex"), { ...plain, os: "cmd" }).notes).not.toContain("cmd_characters");
  });
});

describe("a masked key", () => {
  it("shows its ends only", () => {
    expect(maskKey(plain.key)).toBe("sk_...9f3a");
    expect(maskKey("short")).toBe("...");
    expect(maskKey(keyPlaceholder)).toBe(keyPlaceholder);
  });
});

describe("Codex's own settings", () => {
  it("stand above the first table, where TOML keeps them apart", () => {
    const codex = templates.find((template) => template.id === "codex");
    const text = codex ? (recipeOf(codex, plain).blocks[0]?.text ?? "") : "";
    expect(text.indexOf("model_provider =")).toBeLessThan(text.indexOf("["));
  });
});
