import { readPreference } from "@/shell/preference";

export const languages = ["en", "zh-CN"] as const;
export type Language = (typeof languages)[number];

/** Each language's name in itself: never translated. */
export const languageNames: Record<Language, string> = { en: "English", "zh-CN": "中文" };

/** English stretched and accented, to find texts that do not fit or were never translated. */
export const pseudoLanguage = "en-XA";

export const languageKey = "language";

/** The saved language, else the first one of the browser that we speak. */
export function preferredLanguage(wanted: readonly string[] = navigator.languages): Language {
  const saved = languages.find((language) => language === readPreference(languageKey));
  if (saved) return saved;
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return "zh-CN";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}
