/** Which text of an announcement somebody reads. */
import type { AnnouncementText, AnnouncementTexts } from "@/api/types";

export type TextLanguage = keyof AnnouncementTexts;

/** The languages an announcement is written in, as an element's `lang` names them. */
export const languageTags = { en: "en", zh: "zh-CN" } as const satisfies Record<
  TextLanguage,
  string
>;

export interface ChosenText extends AnnouncementText {
  language: TextLanguage;
  /** For the element that holds it. */
  lang: string;
  /** It is there in another language than the reader's only. */
  isOther: boolean;
}

/** The languages with that of a page first. */
export const languagesFrom = (pageLanguage: string): readonly [TextLanguage, TextLanguage] =>
  /^zh\b/i.test(pageLanguage) ? ["zh", "en"] : ["en", "zh"];

/** The text in the language of the page, else the other one. */
export function textFor(texts: AnnouncementTexts, pageLanguage: string): ChosenText {
  const [own, other] = languagesFrom(pageLanguage);
  const language = texts[own] ? own : other;
  const { title, body } = texts[language] ?? { title: "", body: "" };
  return { title, body, language, lang: languageTags[language], isOther: language !== own };
}
