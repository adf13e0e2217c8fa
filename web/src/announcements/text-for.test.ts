import { expect, it } from "vitest";

import { textFor } from "./text-for";

const en = { title: "Maintenance", body: "Tonight." };
const zh = { title: "维护", body: "今晚。" };

it.each([
  ["en", { en, zh }, { ...en, language: "en", lang: "en", isOther: false }],
  ["zh-CN", { en, zh }, { ...zh, language: "zh", lang: "zh-CN", isOther: false }],
  ["en-XA", { en, zh }, { ...en, language: "en", lang: "en", isOther: false }],
  ["en", { zh }, { ...zh, language: "zh", lang: "zh-CN", isOther: true }],
  ["zh-CN", { en }, { ...en, language: "en", lang: "en", isOther: true }],
])("on a page in %s of %j", (language, texts, chosen) => {
  expect(textFor(texts, language)).toEqual(chosen);
});
