import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import { readPreference, writePreference } from "../preference";
import { en } from "./en";
import { zhCn } from "./zh-cn";

export const languages = ["en", "zh-CN"] as const;
export type Language = (typeof languages)[number];

/** Each language's name in itself: never translated. */
export const languageNames: Record<Language, string> = { en: "English", "zh-CN": "中文" };

const storageKey = "language";

/** The saved language, else the first one of the browser that we speak. */
export function preferredLanguage(wanted: readonly string[] = navigator.languages): Language {
  const saved = languages.find((language) => language === readPreference(storageKey));
  if (saved) return saved;
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return "zh-CN";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}

/** Switches the language of the page and remembers it. */
export async function setLanguage(language: Language): Promise<void> {
  writePreference(storageKey, language);
  await i18next.changeLanguage(language);
}

/** Prepares the texts; the page's `lang` and title follow the language from here on. */
export async function startI18n(language: Language): Promise<void> {
  i18next.on("languageChanged", (tag) => {
    document.documentElement.lang = tag;
    document.title = `${i18next.t("page.title")} · Realms`;
  });
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { en: { translation: en }, "zh-CN": { translation: zhCn } },
    interpolation: { escapeValue: false }, // React escapes
  });
}
