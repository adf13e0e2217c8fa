import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

import { asciiJson, cmdJson, dotenv, isChangedByCmd, powershell, sh, toml } from "./quote";

const values = ["plain", "a b", "it's", `"x"`, "$HOME", "`id`", "a\\b", "%PATH%", "ü…’", "&|<>^!"];

describe.each(values)("%s", (value) => {
  it("comes through a POSIX shell", () => {
    const told = execFileSync("sh", ["-c", `printf %s ${sh(value)}`], { encoding: "utf8" });
    expect(told).toBe(value);
  });

  it("is JSON for cmd.exe without a character that cmd.exe minds", () => {
    const text = cmdJson({ value });
    expect(text).toMatch(/^".*"$/);
    const inside = text.slice(1, -1);
    expect(inside.replaceAll('\\"', "")).not.toMatch(/["&|<>^%!]|[^ -~]/);
    expect(JSON.parse(inside.replaceAll('\\"', '"'))).toEqual({ value });
  });

  it("is ASCII for a pipe of Windows PowerShell", () => {
    expect(asciiJson({ value })).toMatch(/^[ -~]+$/);
    expect(JSON.parse(asciiJson({ value }))).toEqual({ value });
  });
});

it("doubles every quote that PowerShell knows", () => {
  expect(powershell("it's ’x‘")).toBe("'it''s ’’x‘‘'");
});

it("escapes for TOML what JSON leaves alone", () => {
  expect(toml('a"\\\u007f\n')).toBe('"a\\"\\\\\\u007f\\n"');
});

it("quotes a .env value only where it must", () => {
  expect([dotenv("sk_1"), dotenv("a b"), dotenv("it's")]).toEqual(["sk_1", "'a b'", `"it's"`]);
});

it("knows what cmd.exe would change between quotes", () => {
  expect([isChangedByCmd("a&b"), isChangedByCmd("%a%"), isChangedByCmd('"')]).toEqual([
    false,
    true,
    true,
  ]);
});
