import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = import.meta.dirname;

/** Sources that reach the browser. */
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
  (path) => /\.(?:tsx?|css)$/.test(path) && !/\.test\.|\.d\.ts$|test-setup|-fixture/.test(path),
);

const read = (path: string) => readFileSync(join(folder, path), "utf8");

describe.each(sources)("%s", (path) => {
  it("keeps visible Chinese text in the catalogue", () => {
    const allowed = path === join("i18n", "zh-cn.ts") || path === join("i18n", "index.ts");
    if (!allowed) expect(read(path)).not.toMatch(/\p{Script=Han}/u);
  });

  it("keeps visible English text of elements in the catalogue", () => {
    if (path.endsWith(".tsx"))
      expect(read(path)).not.toMatch(/>\s*[A-Z][a-z]+ [a-z]+[^<>{}()=;]*</);
  });

  it("takes its colours from the tokens", () => {
    const tokens = path === join("styles", "tokens.css");
    if (!tokens) expect(read(path)).not.toMatch(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)\(/i);
  });

  it("has no style attribute, which the content security policy would refuse", () => {
    expect(read(path)).not.toMatch(/\bstyle=|dangerouslySetInnerHTML/);
  });
});
