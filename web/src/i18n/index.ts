import i18next, { type BackendModule } from "i18next";
import { initReactI18next } from "react-i18next";

import { writePreference } from "@/shell/preference";
import { type Area, firstAreas } from "./areas";
import { type Language, languageKey, pseudoLanguage } from "./languages";

export type { Area } from "./areas";
export { type Language, languageNames, languages, preferredLanguage } from "./languages";

/** Whether `en-XA` can be chosen: never in what operators run. */
const hasPseudo = import.meta.env.DEV || import.meta.env.VITE_GALLERY === "1";

const files = import.meta.glob<{ default: object }>(["./en/*.ts", "./zh-CN/*.ts", "!./*/index.ts"]);

async function read(language: string, area: string): Promise<object> {
  const isPseudo = hasPseudo && language === pseudoLanguage;
  const file = files[`./${isPseudo ? "en" : language}/${area}.ts`];
  if (!file) throw new Error(`no texts of ${area} in ${language}`);
  const { default: texts } = await file();
  return isPseudo ? (await import("./pseudo")).pseudoTexts(texts) : texts;
}

/** Each area of each language is a file of its own, fetched when a page first needs it. */
const backend: BackendModule = {
  type: "backend",
  init: () => undefined,
  read: (language, area, done) => {
    read(language, area).then(
      (texts) => done(null, texts as Record<string, string>),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), false),
    );
  },
};

/** Switches the language of the page and remembers it. */
export async function setLanguage(language: Language): Promise<void> {
  writePreference(languageKey, language);
  await i18next.changeLanguage(language);
}

/** Fetches the texts of a page beside its code; a route's `loader` calls it. */
export async function loadTexts(...areas: Area[]): Promise<void> {
  await i18next.loadNamespaces(areas);
}

/** Prepares the texts; the page's `lang` follows the language from here on. */
export async function startI18n(
  language: string,
  areas: readonly Area[] = firstAreas,
): Promise<void> {
  i18next.on("languageChanged", (tag) => {
    document.documentElement.lang = tag;
  });
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      load: "currentOnly",
      ns: [...areas],
      defaultNS: "common",
      interpolation: { escapeValue: false }, // React escapes
      saveMissing: false,
    });
}
