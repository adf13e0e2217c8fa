import i18next from "i18next";
import { describe, expect, it } from "vitest";
import { preferredLanguage, setLanguage } from ".";
import { areas } from "./areas";
import { pseudo } from "./pseudo";

type Files = Record<string, { default: object }>;
const english: Files = import.meta.glob("./en/*.ts", { eager: true });
const chinese: Files = import.meta.glob("./zh-CN/*.ts", { eager: true });

/** Every text of a catalogue, by its dotted key. */
function texts(tree: object, prefix = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[prefix + key, value]] : texts(value, `${prefix}${key}.`),
  );
}

const placeholders = (text: string) => [...new Set(text.match(/\{\{\w+\}\}|<\/?\w+>/g))].sort();

describe.each(areas)("the texts of %s", (area) => {
  const others = new Map(texts(chinese[`./zh-CN/${area}.ts`]?.default ?? {}));

  it("are filled in, with the same placeholders in both languages", () => {
    for (const [key, text] of texts(english[`./en/${area}.ts`]?.default ?? {})) {
      const other = others.get(key) ?? "";
      expect(text.trim(), key).not.toBe("");
      expect(other.trim(), key).not.toBe("");
      // A plural's one may leave the number out: "one key".
      if (!key.endsWith("_one")) expect(placeholders(other), key).toEqual(placeholders(text));
    }
  });

  it("neither shout nor draw pictures", () => {
    for (const [key, text] of [...texts(english[`./en/${area}.ts`]?.default ?? {}), ...others]) {
      expect(text, key).not.toMatch(/[!！]|\p{Extended_Pictographic}/u);
    }
  });
});

it("has a file for each area and no other", () => {
  const expected = areas.map((area) => `./zh-CN/${area}.ts`).sort();
  expect(Object.keys(chinese).sort()).toEqual(expected);
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
    expect(i18next.t("copy")).toBe("复制");
  });
});

it("the pseudo-language stretches the words and leaves the placeholders", () => {
  expect(pseudo("Wait {{seconds}} s")).toMatch(/^\[Wáíţ \{\{seconds\}\} š·+\]$/);
});
