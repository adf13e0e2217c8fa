import { describe, expect, it } from "vitest";

import { preferredLanguage, setLanguage } from ".";
import { en } from "./en";
import { zhCn } from "./zh-cn";

/** Every text of a catalogue, by its dotted key. */
function texts(tree: object, prefix = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[prefix + key, value]] : texts(value, `${prefix}${key}.`),
  );
}

const placeholders = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

describe("the catalogues", () => {
  const chinese = new Map(texts(zhCn));

  it.each(texts(en))(
    "%s is filled in, with the same placeholders in both languages",
    (key, text) => {
      const other = chinese.get(key) ?? "";
      expect(text.trim()).not.toBe("");
      expect(other.trim()).not.toBe("");
      expect(placeholders(other)).toEqual(placeholders(text));
    },
  );
});

describe("the language", () => {
  it.each([
    [["zh-TW", "en"], "zh-CN"],
    [["fr", "en-GB"], "en"],
    [["fr"], "en"],
  ])("of a browser that wants %j is %s", (wanted, language) => {
    expect(preferredLanguage(wanted)).toBe(language);
  });

  it("once chosen wins over the browser, and names itself on the page", async () => {
    await setLanguage("zh-CN");
    expect(preferredLanguage(["en"])).toBe("zh-CN");
    expect(document.documentElement.lang).toBe("zh-CN");
    expect(document.title).toBe("开始 · Realms");
  });
});
