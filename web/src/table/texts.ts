import { useTranslation } from "react-i18next";

/** The words of tables. */
export function useTableTexts() {
  return useTranslation("table").t;
}
