import { useTranslation } from "react-i18next";
import type { AnnouncementTexts } from "@/api/types";
import { type ChosenText, textFor } from "./text-for";

/** The text of an announcement for whoever reads the page. */
export function useText(texts: AnnouncementTexts): ChosenText {
  const { i18n } = useTranslation();
  return textFor(texts, i18n.language);
}
