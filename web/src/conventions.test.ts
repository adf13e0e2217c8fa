import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = import.meta.dirname;

/** Sources that reach the browser. */
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
  (path) =>
    /\.(?:tsx?|css)$/.test(path) && !/\.test\.|\.gen\.ts$|\.d\.ts$|^test\/|-fixture/.test(path),
);

const read = (path: string) => readFileSync(join(folder, path), "utf8");

/** Files of Chinese: the texts, and names that are never translated. */
const isChinese = (path: string) =>
  path.startsWith(join("i18n", "zh-CN")) ||
  [join("i18n", "languages.ts"), join("channels", "vendors.ts")].includes(path);

describe.each(sources)("%s", (path) => {
  it("keeps visible Chinese text in the catalogue", () => {
    if (!isChinese(path)) expect(read(path)).not.toMatch(/\p{Script=Han}/u);
  });

  it("keeps visible English text of elements in the catalogue", () => {
    if (path.endsWith(".tsx")) {
      expect(read(path)).not.toMatch(/>\s*[A-Z][a-z]+ [a-z]+[^<>{}()=;]*</);
      expect(read(path)).not.toMatch(/(?:aria-label|placeholder|title|alt)="[^"]*[a-z] [a-z]/);
    }
  });

  it("takes its colours from the tokens", () => {
    const tokens = path === join("styles", "tokens.css");
    if (!tokens) {
      expect(read(path)).not.toMatch(/#(?:[0-9a-f]{3,4}){1,2}\b|\b(?:rgb|hsl|oklch)a?\(/i);
    }
  });

  it("asks and tells in the page, never in a box of the browser", () => {
    expect(read(path)).not.toMatch(/\b(?:window\.)?(?:confirm|alert|prompt)\(/);
  });

  it("writes no style or script into the page, which the content security policy would refuse", () => {
    expect(read(path)).not.toMatch(/dangerouslySetInnerHTML|<style|<script|\.innerHTML\b/);
  });
});
